"""Rulesets of hosts as resources of Pulumi -> what each admits.

Reads the dynamic resources of `component.py` and `applied.py`: the file that is written and the ruleset that is
loaded, both as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from ...effective.native_rule import NativeRule, rules_in, unclear
from ...effective.planned import planned
from ...effective.property_values import is_hidden
from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ...effective.snapshot import Snapshot, snapshot_of
from ...model.addresses import Direction
from .language import SSH
from .native import native_rules
from .record import NFTABLES
from .target import HostTarget

FILE, LOADED = NFTABLES.made
CONTENT = {FILE: "content", LOADED: "ruleset"}
TYPES = frozenset(CONTENT)


def snapshots(resources: Sequence[Resource], names: ResourceNames) -> Iterator[Snapshot]:
    """One for each host: its file and what is loaded on it are the same text, of one component."""
    for one in resources:
        names.shown[one.urn] = one.name
        yield snapshot_of(one.urn, one.name, "nftables", (_named(rule, one) for rule in rules(one, names)))


def _named(rule: NativeRule, one: Resource) -> NativeRule:
    """Under the host's name, with SSH of the baseline labelled as the service SSH."""
    return replace(rule, name=one.name, description=rule.description.replace(SSH, "SSH: host"))


def rules(one: Resource, names: ResourceNames) -> list[NativeRule]:  # noqa: ARG001 (a text refers to no resource)
    """Each line of the ruleset, and each element of a set of ports."""
    text = one.inputs.get(CONTENT[one.type])
    if not isinstance(text, str) or is_hidden(text):
        return rules_in(one, [unclear(one, "is not known before the update", Direction.INGRESS)], Direction.INGRESS)
    return rules_in(one, native_rules(text), Direction.INGRESS)


def made(native: str, target: HostTarget) -> Iterator[Resource]:
    """The resources of a ruleset: its file, also where only the output holds it, and the loaded one."""
    if target.path is not None or not target.apply:
        yield planned(FILE, "host", {"content": native})
    if target.apply:
        yield planned(LOADED, "host-applied", {"ruleset": native})

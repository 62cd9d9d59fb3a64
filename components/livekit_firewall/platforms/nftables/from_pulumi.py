"""Rulesets of hosts as resources of Pulumi -> what each admits.

Reads the dynamic resources of `component.py` and `applied.py`: the file that is written and the ruleset that is
loaded, both as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...effective.resources import Resource, ResourceNames, _resource, is_hidden
from ...effective.snapshot import Snapshot, SnapshotRule, admission, told, unclear
from ...model.addresses import Direction
from .from_text import entries
from .record import NFTABLES
from .target import HostTarget

FILE, LOADED = NFTABLES.made
CONTENT = {FILE: "content", LOADED: "ruleset"}
TYPES = frozenset(CONTENT)


def admissions(resources: Sequence[Resource], names: ResourceNames) -> Iterator[Snapshot]:
    """One for each host: its file and what is loaded on it are the same text, of one component."""
    for one in resources:
        text = one.inputs.get(CONTENT[one.type])
        if isinstance(text, str) and not is_hidden(text):
            found = told(one, entries(text, one), Direction.INGRESS)
        else:
            found = [SnapshotRule(unclear(one, "is not told before the update"), Direction.INGRESS)]
        names.shown[one.urn] = one.name
        yield admission(one.urn, one.name, "nftables", found)


def made(native: str, target: HostTarget) -> Iterator[Resource]:
    """The text also where nothing writes it: it is an output that somebody loads."""
    if target.path is not None or not target.apply:
        yield _resource(FILE, "host", {"content": native})
    if target.apply:
        yield _resource(LOADED, "host-applied", {"ruleset": native})

"""Rulesets of hosts as resources of Pulumi -> what each admits.

Reads the dynamic resources of `component.py` and `applied.py`: the file that is written and the ruleset that is
loaded, both as text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...effective.native_rule import NativeRule
from ...effective.resources import Resource, ResourceNames, is_hidden, planned
from ...effective.snapshot import Snapshot, SnapshotRule, admission, said_of, told, unclear
from ...model.addresses import Direction
from ...model.text import printable
from .from_text import read
from .language import SSH, Accept, Other, Table
from .record import NFTABLES
from .shown import ruleset_rules
from .target import HostTarget

FILE, LOADED = NFTABLES.made
CONTENT = {FILE: "content", LOADED: "ruleset"}
TYPES = frozenset(CONTENT)


def admissions(resources: Sequence[Resource], names: ResourceNames) -> Iterator[Snapshot]:
    """One for each host: its file and what is loaded on it are the same text, of one component."""
    for one in resources:
        text = one.inputs.get(CONTENT[one.type])
        if isinstance(text, str) and not is_hidden(text):
            found = told(one, _rules(read(text), one), Direction.INGRESS)
        else:
            found = [_unclear(one, "is not told before the update")]
        names.shown[one.urn] = one.name
        yield admission(one.urn, one.name, "nftables", found)


def _rules(table: Table, one: Resource) -> Iterator[SnapshotRule]:
    if not table.is_whole:
        yield _unclear(one, "is not a ruleset of livekit-firewall, or not a whole one")
        return
    for line in table.foreign:
        yield _not_understood(one, line)
    for rule in table.rules:
        yield from _rule(table, rule, one)


def _rule(table: Table, rule: Accept | Other, one: Resource) -> Iterator[SnapshotRule]:
    if isinstance(rule, Other):
        if not rule.is_baseline:
            yield _not_understood(one, str(rule))
        return
    ports, sources = table.ports(rule), table.blocks(rule)
    if not ports or not sources:
        yield _not_understood(one, str(rule))
    for some, about in ports:
        said = said_of(one.name, True, (some,), sources, ())
        yield SnapshotRule(said, Direction.INGRESS, (some,), about.replace(SSH, "SSH: host"))


def _not_understood(one: Resource, line: str) -> SnapshotRule:
    return _unclear(one, f"has a line that is not understood: {printable(line)}")


def _unclear(one: Resource, why: str) -> SnapshotRule:
    return SnapshotRule(unclear(one, why), Direction.INGRESS)


def rules(one: Resource, names: ResourceNames) -> Iterator[NativeRule]:  # noqa: ARG001 (a text names nobody)
    """Each line of the ruleset; none of one that is not told."""
    text = one.inputs.get("content", one.inputs.get("ruleset"))
    yield from ruleset_rules(text) if isinstance(text, str) and not is_hidden(text) else ()


def made(native: str, target: HostTarget) -> Iterator[Resource]:
    """The text also where nothing writes it: it is an output that somebody loads."""
    if target.path is not None or not target.apply:
        yield planned(FILE, "host", {"content": native})
    if target.apply:
        yield planned(LOADED, "host-applied", {"ruleset": native})

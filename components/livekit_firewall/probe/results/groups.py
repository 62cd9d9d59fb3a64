"""Ports with the same verdict, folded over families and into ranges; and how many ports have which result.

    for group in groups_of(outcome.rows):
        print(*group.ports, group.verdict, group.families)
    counts_of(outcome.rows)[True, Fate.BLOCKED]      # wanted ports that are blocked

Text, JUnit and advice are all made of these.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from ...model.addresses import Family
from ...model.ports import PortRange, Protocol, joined
from .verdict import ProbeTarget, Row, Verdict


class Group(Struct, frozen=True):
    """Ports of one target, in one family or both, with the same verdict.

    Attributes:
        target: of its first family; `target.ports` are all that were tried.
        families: in which they have it.
        ports: those that have it, in order, adjacent ones joined.
        verdict, detail: as in `Seen`.
        by_probe: whether our own responder answered for all of them, so that a service need not be there.
        as_wanted: as in `Row`.
    """

    target: ProbeTarget
    families: tuple[Family, ...]
    ports: tuple[PortRange, ...]
    verdict: Verdict
    detail: str
    by_probe: bool
    as_wanted: bool | None

    @property
    def count(self) -> int:
        """How many ports, each counted once whatever the families."""
        return sum(map(len, self.ports))


def groups_of(rows: Iterable[Row]) -> tuple[Group, ...]:
    """The rows in groups, each where its first row stands."""
    alike: defaultdict[tuple[ProbeTarget, Verdict, str], list[Row]] = defaultdict(list)
    for row in rows:
        alike[row.target, row.seen.verdict, row.seen.detail].append(row)
    found: dict[object, Group] = {}
    for (target, verdict, detail), some in alike.items():
        ports, by_probe = joined(row.ports for row in some), all(row.seen.by_probe for row in some)
        group = Group(target, (target.family,), ports, verdict, detail, by_probe, some[0].as_wanted)
        key = (replace(target, family=Family.IPV4), verdict, detail, ports)
        other = found.get(key)
        if other is not None:
            families = tuple(sorted({*other.families, target.family}))
            group = replace(other, families=families, by_probe=by_probe and other.by_probe)
        found[key] = group
    return tuple(found.values())


class PortResult(Enum):
    """The result by which a port is counted; of two results in two families the first one here counts."""

    BLOCKED = "blocked"
    NOBODY_LISTENS = "open, but nobody listens"
    OPEN = "open that must be closed"
    UNTESTED = "not tested"
    AS_WANTED = "as wanted"


def _fate(row: Row) -> PortResult:
    if row.as_wanted is not False:
        return PortResult.AS_WANTED if row.as_wanted else PortResult.UNTESTED
    if not row.target.wanted:
        return PortResult.OPEN
    return PortResult.NOBODY_LISTENS if row.seen.verdict is Verdict.NOBODY_LISTENS else PortResult.BLOCKED


def counts_of(rows: Sequence[Row]) -> Counter[tuple[bool, PortResult]]:
    """How many ports have which result, by whether they are wanted; a port counts once for both families."""
    ports: defaultdict[tuple[bool, Protocol, PortResult], set[int]] = defaultdict(set)
    for row in rows:
        ports[row.target.wanted, row.ports.protocol, _fate(row)].update(range(row.ports.first, row.ports.last + 1))
    counts: Counter[tuple[bool, PortResult]] = Counter()
    counted: defaultdict[tuple[bool, Protocol], set[int]] = defaultdict(set)
    for fate in PortResult:
        for wanted in (True, False):
            for protocol in Protocol:
                some = ports[wanted, protocol, fate] - counted[wanted, protocol]
                counted[wanted, protocol] |= some
                counts[wanted, fate] += len(some)
    return counts

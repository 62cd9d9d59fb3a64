"""Machines that an update moves from one firewall to another, and what they have on the way.

The engine creates and updates in any order that dependencies allow, and deletes last; what one update of one resource
does at once, each platform's `attachments.py` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ...effective.update import Operation, some
from ...effective.urns import is_urn, name_of
from ...model.text import printable
from ...platforms.attachments import Attachment
from ...platforms.platform import Platform
from ...platforms.registry import PLATFORMS, is_firewall
from .change import Risk
from .risk_texts import risk

Path = tuple[Attachment, ...]
"""From a firewall to a machine."""


def moved(
    operations: Sequence[Operation], sides: Sequence[Sequence[Resource]], names: ResourceNames, shows_all: bool
) -> Iterator[Risk]:
    """A risk for each set of machines that may have neither firewall in between.

    Args:
        sides: the resources before and after.
        shows_all: whether unchanged ones are among them.
    """
    done = {one.urn: one for one in operations if one.writes or one.after is None}
    if not done:
        return
    later = {one.urn: one for one in sides[1]}
    few = [[one for one in side if one.urn in done or is_firewall(one.type)] for side in sides]
    for platform in PLATFORMS:
        before, after = (set(platform.protections(side, names)) for side in few)
        if before == after and not any(_goes_first(done.get(step.by)) for step in after):
            continue  # most updates move nothing, and a stack may be large
        graphs = [list(platform.protections(side, names)) for side in sides]
        plan = _Plan(done, later, *map(frozenset, graphs))
        old, new = (_paths(graph, platform) for graph in graphs)
        found: dict[_Gap, list[str]] = {}
        for machine in old.keys() & new.keys():
            if not _is_another(done.get(machine)) and (gap := _gap(old[machine], new[machine], plan)):
                found.setdefault(gap, []).append(_shown(machine, names))
        for gap, machines in sorted(found.items()):
            yield _told(platform, sorted(machines), gap, shows_all)


def _is_another(machine: Operation | None) -> bool:
    """Whether it comes, goes or is replaced: what comes has its own firewall from the beginning."""
    return machine is not None and (machine.before is None or machine.after is None or machine.replaces)


def _goes_first(one: Operation | None) -> bool:
    return one is not None and one.replaces and one.deletes_first is True


def _paths(steps: Sequence[Attachment], platform: Platform[Any]) -> dict[str, set[Path]]:
    """The ways from firewalls to each machine that passes them on to nothing."""
    below: dict[str, list[Attachment]] = {}
    for one in steps:
        below.setdefault(one.what, []).append(one)
    bearers = {one.bearer for one in steps}
    found: dict[str, set[Path]] = {}
    by_key = platform.is_keyed_by_members  # of a key that no firewall has nothing begins
    left: list[Path] = [
        (one,) for one in steps if (not one.what or is_urn(one.what) if by_key else one.what not in bearers)
    ]
    while left:
        path = left.pop()
        further = below.get(path[-1].bearer, ())
        left += [(*path, one) for one in further if one not in path]
        if not further:
            found.setdefault(path[-1].bearer, set()).add(path)
    return found


def _gap(old: set[Path], new: set[Path], plan: _Plan) -> _Gap | None:
    """None where the machine has something that goes or something that comes all the time, or it is not known what."""
    broken = {path for path in old & new if any(plan.goes_first(step) for step in path)}
    gone, come = (old - new) | broken, (new - old) | broken
    if not gone or not come or any(path[0].what == "" for path in old | new):
        return None
    orders = {plan.order(one, other) for one in gone for other in come}
    if "after" in orders:
        return None
    return _Gap(_walls(gone), _walls(come), orders == {"before"}, bool(old & new - broken))


class _Gap(NamedTuple):
    """What goes, what comes, whether the one surely goes before the other comes, and whether anything else stays."""

    gone: str
    come: str
    is_sure: bool
    is_kept: bool


def _walls(paths: Iterable[Path]) -> str:
    return some(sorted(printable(name_of(path[0].what), 60) for path in paths))


def _shown(machine: str, names: ResourceNames) -> str:
    if is_urn(machine):
        return printable(name_of(machine), 60)
    member = machine.partition(" ")[2]
    return printable(names.shown.get(member, member or machine), 60)


def _told(platform: Platform[Any], machines: list[str], gap: _Gap, shows_all: bool) -> Risk:
    verb = ("are" if len(machines) > 1 else "is") if gap.is_sure else "may be"
    text = f"{some(machines)} {verb} without {gap.gone} before {gap.come} is attached"
    if platform.is_open_without is None:
        return risk("between-firewalls", some(machines), f"{text}, and whether open or shut then is not known")
    if gap.is_kept or not platform.is_open_without:
        return risk("between-firewalls", some(machines), f"{text}, so that what both admit is shut then")
    unless = "" if shows_all else ", unless a firewall that this preview does not show is"
    return risk("open-on-the-way", some(machines), f"{text}{unless}")


Order = Literal["before", "after", "not known"]


class _Plan(NamedTuple):
    """The operations by their URNs, the resources of after, whose dependencies decide which comes first, and all steps
    before and after.
    """

    done: Mapping[str, Operation]
    later: Mapping[str, Resource]
    before: frozenset[Attachment]
    after: frozenset[Attachment]

    def goes_first(self, step: Attachment) -> bool:
        return _goes_first(self.done.get(step.by))

    def order(self, gone: Path, come: Path) -> Order:
        """Whether a way goes before another one comes; `after` also where both are one call."""
        lost = [step for step in gone if step not in self.after or self.goes_first(step)]
        made = [step for step in come if step not in self.before or self.goes_first(step)]
        orders = {self._order(one, other) for one in lost for other in made}
        return "before" if "before" in orders else "not known" if "not known" in orders else "after"

    def _order(self, gone: Attachment, come: Attachment) -> Order:
        one, other = self.done.get(gone.by), self.done.get(come.by)
        if one is None or other is None or one.after is None:
            return "after"
        if one.replaces and not one.deletes_first:
            return "not known" if one.deletes_first is None else "after"
        if gone.by == come.by:
            swaps = {gone.is_swapped, come.is_swapped}
            return "before" if one.replaces or False in swaps else "not known" if None in swaps else "after"
        if self._depends(gone.by, come.by):
            return "after"
        return "before" if self._depends(come.by, gone.by) else "not known"

    def _depends(self, urn: str, on: str) -> bool:
        seen, left = {urn}, [urn]
        while left:
            found = self.later.get(left.pop())
            sources = {one for urns in found.depends.values() for one in urns} - seen if found else ()
            seen.update(sources)
            left += sources
        return on in seen

"""Matches the firewalls before a change with those after it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from ...effective.evaluate import EffectiveRules
from ...effective.native_rule import EVERY
from ...effective.snapshot import NOTHING, Snapshot
from ...model.addresses import Direction
from ...model.packets import EVERYBODY
from ...platforms.registry import PLATFORMS
from .difference import Pair

BY_MEMBERS = frozenset(one.name for one in PLATFORMS if one.is_keyed_by_members)
"""Where a firewall's key says which machines it is for: another key is another firewall, whatever it admits."""


def pairs(before: Iterable[Snapshot], after: Iterable[Snapshot]) -> Iterator[Pair]:
    """Equal keys first. Of those left over, where the key is a resource's name, one that admits the same has only
    been renamed; and so has the last one of a platform. A firewall that is not itself among what goes and what comes
    stays, whatever is moved from it to another.
    """
    old, new = ({one.key: one for one in side} for side in (before, after))
    kept = [key for key in old if key in new and _are_together(old[key], new[key])]
    for key in kept:
        yield _pair(old[key], new[key], old, new)
    gone = [one for key, one in old.items() if key not in kept]
    come = [one for key, one in new.items() if key not in kept]
    for one, other in list(_renamed(gone, come)):
        gone.remove(one)
        come.remove(other)
        yield _pair(one, other, old, new)
    for one in gone:
        yield _pair(one, None, old, new)
    for one in come:
        yield _pair(None, one, old, new)


def _pair(
    one: Snapshot | None, other: Snapshot | None, old: Mapping[str, Snapshot], new: Mapping[str, Snapshot]
) -> Pair:
    if one and other is None and one.after_removal:
        everybody = frozenset((EVERY, str(block)) for block in EVERYBODY)
        open_ = {way: one.others.get(way, frozenset()) if _was_open(one, way) else everybody for way in Direction}
        return Pair(one, None, one.effective, one.after_removal, one.others, open_)
    ways = _ways(one, other, old), _ways(other, one, new)
    return Pair(one, other, *ways, _others(one, other, old), _others(other, one, new))


def _was_open(one: Snapshot, way: Direction) -> bool:
    """Whether its removal opens nothing more in a direction: what goes out is open until a rule closes it, on some
    platforms.
    """
    return way in one.absent and one.effective[way].admitted == one.after_removal[way].admitted


def _ways(
    here: Snapshot | None, there: Snapshot | None, side: Mapping[str, Snapshot]
) -> Mapping[Direction, EffectiveRules]:
    """What is admitted on one side; where the firewall is not there, what holds in its place."""
    if here is not None:
        return here.effective
    if there is None:
        return {}
    instead = side.get(there.fallback)
    return instead.effective if instead else {way: there.absent.get(way, NOTHING) for way in Direction}


def _others(
    here: Snapshot | None, there: Snapshot | None, side: Mapping[str, Snapshot]
) -> Mapping[Direction, frozenset[tuple[str, str]]]:
    found = here or (side.get(there.fallback) if there else None)
    return found.others if found else {}


def _renamed(gone: list[Snapshot], come: list[Snapshot]) -> Iterator[tuple[Snapshot, Snapshot]]:
    by_meaning: dict[object, list[Snapshot]] = defaultdict(list)
    for one in filter(_may_be_renamed, come):
        by_meaning[_meaning(one)].append(one)
    left, taken = [], set()
    for one in gone:
        twins = by_meaning.get(_meaning(one)) if _may_be_renamed(one) else None
        if twins:
            twin = twins.pop()
            taken.add(twin.key)
            yield one, twin
        elif _may_be_renamed(one):
            left.append(one)
    for one in left:
        rest = [
            other for other in come if other.platform == one.platform and other.key not in taken and other.is_declared
        ]
        is_last = sum(other.platform == one.platform for other in left) == 1
        if len(rest) == 1 and is_last and _are_together(one, rest[0]):
            yield one, rest[0]


def _are_together(one: Snapshot, other: Snapshot) -> bool:
    return one.place == other.place or not (one.place and other.place)


def _may_be_renamed(one: Snapshot) -> bool:
    return one.is_declared and one.platform not in BY_MEMBERS


def _meaning(one: Snapshot) -> object:
    ways = tuple(
        (
            way,
            frozenset(found.admitted.planes.items()),
            frozenset(found.unknown.planes.items()),
            frozenset(found.unread),
            frozenset((name, frozenset(region.planes.items())) for name, region in found.named.items()),
        )
        for way, found in sorted(one.effective.items())
    )
    return one.platform, one.place, ways, frozenset(one.others.items())

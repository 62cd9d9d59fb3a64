"""Which of several groups in a listing is which of a component's, where it spreads its rules over several."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product

from msgspec.structs import replace

from ...effective.evaluate import ImportEntry

Entries = Sequence[ImportEntry]


def placed(
    ours: Entries, listed: Entries, is_named_after: Callable[[ImportEntry, ImportEntry], bool]
) -> tuple[Entries, Entries]:
    """Both with the listed group that a rule is in as a part of what it says, and with the group itself as what a group
    says. A group of ours is that of the listing with which it shares the most rules, or whose name it has.

    Args:
        ours: rules name the group that they are in among their homes, where there are several.
        is_named_after: whether a listed resource has the name that ours gets.
    """
    holders = [one for one in ours if not one.content]
    if len(holders) < 2:
        return ours, listed
    theirs = [one for one in listed if not one.content]
    shared = {
        (one.name, other.id): (len(_said(one.name, ours) & _said(other.id, listed)), is_named_after(other, one))
        for one, other in product(holders, theirs)
    }
    known: dict[str, str] = {}
    for (name, id_), likeness in sorted(shared.items(), key=lambda pair: pair[1], reverse=True):
        if any(likeness) and name not in known and id_ not in known.values():
            known[name] = id_
    found = {one.name: known.get(one.name, one.name) for one in holders} | {one.id: one.id for one in theirs}
    return [_in_place(one, found) for one in located(ours, found)], [_in_place(one, found) for one in listed]


def located(ours: Entries, ids: Mapping[str, str]) -> Entries:
    """Rules that are in the groups of these names, with their ids; of another group it is not known where it is."""
    names = {one.name for one in ours if not one.content}
    homes = [
        {kind: ids.get(place, place) for kind, place in one.home.items() if place not in names or place in ids}
        for one in ours
    ]
    return [replace(one, home=home) for one, home in zip(ours, homes, strict=True)]


def _said(holder: str, entries: Entries) -> set[object]:
    return {(one.type, one.content) for one in entries if holder in one.home.values()}


def _in_place(one: ImportEntry, holders: Mapping[str, str]) -> ImportEntry:
    of = one.home.values() if one.content else (one.id, one.name)
    return replace(one, content=(*one.content, next((holders[each] for each in of if each in holders), "")))

"""An update in every order in which an engine may take it, judged at once.

An engine creates and changes in any order that dependencies allow, and deletes last; what is replaced is created first
unless the provider wants it otherwise. Each resource is then in one of few states whatever the others are in, so that
what is admitted at every moment is what some resource admits in all of its states, and what is admitted at any moment
is what some resource admits in some state. That is exact, since what resources admit adds up.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple

from msgspec.structs import replace

from livekit_firewall.effective.resources import Resource
from livekit_firewall.effective.update import Operation, between, renamed

from .readers.area import Area

Options = Mapping[str, tuple[Collection[str], Collection[str]]]
"""By type: the inputs of which a component ignores changes, and those on whose change it replaces."""


def reader_of(platform: str) -> Any:
    return import_module(f"tests.unit.readers.{platform}")


def exclusive(platform: str, one: Resource | None) -> frozenset[object]:
    """What the platform takes once at a time of what the resource holds."""
    found = getattr(reader_of(platform), "exclusive", None)
    return found(one.type, one.inputs) if found and one else frozenset()


def operations(
    platform: str, before: Iterable[Resource], after: Iterable[Resource], options: Options
) -> list[Operation]:
    """What the engine does, as the platform's provider answers it: the fake one of the engine's tests."""
    old, new = ([_without_ignored(one, options) for one in side] for side in (before, after))
    return [_as_answered(platform, one, options) for one in between(renamed(old, new), new)]


def _without_ignored(one: Resource, options: Options) -> Resource:
    ignored, _ = options.get(one.type, ((), ()))
    return replace(one, inputs={key: value for key, value in one.inputs.items() if key not in ignored})


def _as_answered(platform: str, one: Operation, options: Options) -> Operation:
    if not (one.updates and one.before and one.after):
        return one
    old, new = one.before.inputs, one.after.inputs
    changed = {key for key in {*old, *new} if old.get(key) != new.get(key)}
    replacing = changed & {*options.get(one.type, ((), ()))[1]}
    name = f"tests.engine.fakes.{platform}"
    if find_spec(name):
        replacing |= import_module(name).replaces(one.type, dict(old), dict(new), changed)
    return replace(one, replaces=bool(replacing), deletes_first=False if replacing else None)


class States(NamedTuple):
    """What a resource admits: in all of its states until the deletions, and in any."""

    always: Area
    ever: Area


def states(one: Operation, area: Callable[[Resource], Area]) -> States:
    before, after = (area(side) if side else Area() for side in (one.before, one.after))
    if one.after is None:  # goes last
        return States(before, before)
    if not one.writes:
        return States(before, before)
    if one.replaces and not one.deletes_first:
        return States(before, before | after)
    if one.replaces:
        return States(Area(), before | after)
    return States(before & after, before | after)


class Verdict(NamedTuple):
    """What is wrong with an update; nothing in any of them where it is right.

    Attributes:
        shut: what old and new both admit and is shut at some moment.
        opened: what neither admits and is open at some moment.
        stuck: what the platform refuses, since it is still there under another name.
        modified: resources that are changed in place.
    """

    shut: Area
    opened: Area
    stuck: list[object]
    modified: list[str]


def judge(platform: str, steps: list[Operation]) -> Verdict:
    known: dict[int, Area] = {}

    def area(one: Resource) -> Area:
        if id(one) not in known:
            known[id(one)] = reader_of(platform).area(one.type, one.inputs)
        return known[id(one)]

    old, new = (
        Area.union(area(side) for side in sides if side)
        for sides in ([one.before for one in steps], [one.after for one in steps])
    )
    found = [states(one, area) for one in steps]
    always, ever = Area.union(one.always for one in found), Area.union(one.ever for one in found)
    modified = [one.name for one in steps if one.updates]
    return Verdict((old & new) - always, ever - (old | new), list(_stuck(platform, steps)), modified)


def _stuck(platform: str, steps: list[Operation]) -> Iterator[object]:
    """A key that is asked for while another resource has it, or has it in one of its states."""
    held: dict[object, set[str]] = {}
    for one in steps:
        for key in exclusive(platform, one.before) | exclusive(platform, one.after):
            held.setdefault(key, set()).add(one.urn)
    for one in steps:
        if one.writes:
            own = frozenset() if one.replaces else exclusive(platform, one.before)
            for key in exclusive(platform, one.after) - own:
                if held[key] != {one.urn} or (one.replaces and key in exclusive(platform, one.before)):
                    yield key

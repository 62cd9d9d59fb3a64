"""Which machines a change is about: from each firewall that changes along what has it, before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ...effective.urns import name_of, type_of
from ...platforms.attachments import Attachment
from ...platforms.registry import BY_NAME
from .change import Attached, Change, Machine
from .difference import Pair

Bearers = Mapping[str, Sequence[str]]
"""What has a firewall, or what has what another resource has."""


def attached_to(
    pairs: Iterable[Pair],
    changes: Iterable[Change],
    sides: Sequence[Sequence[Resource]],
    names: ResourceNames,
    shows_all: bool,
) -> Iterator[Attached]:
    """For each firewall that changes, in the order of the changes, what has it.

    Args:
        sides: the resources before and after.
        shows_all: whether unchanged ones are among them.
    """
    found = {pair.name: pair for pair in pairs}
    followed: dict[str, list[Bearers | None]] = {}
    for name in dict.fromkeys(name for change in changes for name in change.firewalls):
        pair = found[name]
        platform = BY_NAME.get(_platform(pair))
        if platform is None:
            continue
        if platform.name not in followed:
            followed[platform.name] = [bearers(platform.attachments(side, names)) for side in sides]
        graphs = followed[platform.name]
        if None in graphs:
            continue
        old, new = (one.key if one else "" for one in (pair.old, pair.new))
        before, after = (dict.fromkeys(ends(graph or {}, key)) for graph, key in zip(graphs, (old, new), strict=True))
        machines = tuple(_machine(urn, urn in before, urn in after) for urn in sorted({**after, **before}))
        is_whole = shows_all and not any("" in (graph or {}) for graph in graphs)
        yield Attached(name, machines, is_whole, is_kept=bool(old and new))


def _platform(pair: Pair) -> str:
    either = pair.new or pair.old
    return either.platform if either else ""


def bearers(steps: Iterable[Attachment] | None) -> Bearers | None:
    if steps is None:
        return None
    found: dict[str, list[str]] = {}
    for one in steps:
        found.setdefault(one.what, []).append(one.bearer)
    return found


def ends(bearers: Bearers, firewall: str) -> Iterator[str]:
    """What has the firewall and passes it on to nothing: a machine, or an interface that none is known to have."""
    seen = {firewall}
    left = [firewall] if firewall else []
    while left:
        one = left.pop(0)
        for bearer in bearers.get(one, ()):
            if bearer not in seen:
                seen.add(bearer)
                left.append(bearer)
        if one != firewall and one not in bearers:
            yield one


def _machine(urn: str, before: bool, after: bool) -> Machine:
    """What is no resource of the stack is known by its id alone."""
    if urn.startswith("urn:"):
        return Machine(name_of(urn), type_of(urn), before, after)
    return Machine(urn, "", before, after)

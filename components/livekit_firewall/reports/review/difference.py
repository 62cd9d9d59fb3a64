"""A firewall before and after -> what is gained and what is lost, folded into lines.

Only what is admitted counts: rules that are split, merged, reordered or renamed are no change.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from msgspec.structs import replace

from ...effective.evaluate import MAY_DENY, EffectiveRules
from ...effective.labels import KNOWN, Label, Labels
from ...effective.native_rule import DENIED
from ...effective.snapshot import NOTHING, Snapshot
from ...model.addresses import Cidr, Direction
from ...model.packets import EVERYBODY, PacketSet
from ...model.ports import PortRange, joined
from ...model.services import Service
from .change import MAY_CLOSE, MAY_OPEN, Change, ChangedAccess
from .portless import portless


class Pair(NamedTuple):
    """One firewall before and after; None where it does not exist, and then what holds in its place."""

    old: Snapshot | None
    new: Snapshot | None
    before: Mapping[Direction, EffectiveRules]
    after: Mapping[Direction, EffectiveRules]
    others_before: Mapping[Direction, frozenset[tuple[str, str]]] = {}
    others_after: Mapping[Direction, frozenset[tuple[str, str]]] = {}

    @property
    def name(self) -> str:
        found = self.new or self.old
        return found.name if found else ""

    @property
    def was_bare(self) -> bool:
        """Whether nothing protected the machine before."""
        return bool(self.old and self.old.effective == self.old.after_removal)


class StackContext(NamedTuple):
    """What a stack's configuration says of ports, and what names stand for."""

    labels: tuple[Label, ...] = ()
    shown: Mapping[str, str] = {}


class _Line(NamedTuple):
    """A part of what is gained or lost, for sure or perhaps, that has one purpose."""

    gained: bool
    is_sure: bool
    service: Service | None
    key: str
    ports: PortRange
    blocks: tuple[Cidr, ...]
    names: tuple[str, ...]


def changes_of(pair: Pair, context: StackContext) -> Iterator[Change]:
    """The lines of one firewall; none where one side is not known, since all of its rules would seem to change."""
    if _is_unknown(pair):
        return
    for way in Direction:
        before, after = pair.before.get(way, NOTHING), pair.after.get(way, NOTHING)
        labels = {True: _labels(pair.new, pair.old, way, context), False: _labels(pair.old, pair.new, way, context)}
        lines = [
            line for gained, one, other in ((True, after, before), (False, before, after))
            for line in _lines(gained, one, other, labels[gained], context)
        ]  # fmt: skip
        if lines:
            served = {True: _services(after, labels[True]), False: _services(before, labels[False])}
            yield from _folded(pair, way, lines, served)
        others = [
            # a deny that is created with its firewall takes access from nobody
            [one for one in side.get(way, ()) if (pair.old and pair.new) or not one[0].startswith(DENIED)]
            for side in (pair.others_before, pair.others_after)
        ]
        yield from portless(pair.name, way, others[0], others[1], context.shown)


def _is_unknown(pair: Pair) -> bool:
    """Whether what one side admits is a secret or not known yet, and the other side's is not."""
    return bool(pair.old and pair.new and pair.old.has_hidden_rules != pair.new.has_hidden_rules)


def unclear_of(pair: Pair) -> tuple[tuple[str, ...], bool, bool]:
    """What is not understood on one side only; and of what is unknown before and after, whether it may be more than
    before, and whether less. What is unknown on one side only is a change of its own.
    """
    texts: list[str] = []
    gains = loses = _is_unknown(pair)
    for way in Direction:
        before, after = (side.get(way, NOTHING) for side in (pair.before, pair.after))
        old, new = (dict.fromkeys(side.unread) for side in (before, after))
        come, gone = [one for one in new if one not in old], [one for one in old if one not in new]
        texts += [f"{way}: {one.name} {one.why}" for one in come]
        texts += [f"{way}, no longer: {one.name} {one.why}" for one in gone]
        if before.unknown & after.unknown:
            denies = [one.why.endswith(MAY_DENY) for one in come] + [not one.why.endswith(MAY_DENY) for one in gone]
            gains, loses = gains or not all(denies), loses or any(denies)
        more, less = _moved_limits(pair, way)
        texts += [f"{way}: rules are for some of the machine's addresses only, and which ones changes"] * (more or less)
        gains, loses = gains or more, loses or less
    return tuple(texts), gains, loses


def _moved_limits(pair: Pair, way: Direction) -> tuple[bool, bool]:
    """Whether what was for some of the machine's addresses is for others too, and whether the other way round."""
    old, new = (one.limits.get(way, {}) if one else {} for one in (pair.old, pair.new))
    if pair.old is None or pair.new is None or old == new:
        return False, False
    before, after = pair.before.get(way, NOTHING), _open(pair.after.get(way, NOTHING))
    freed = [region - new.get(limit, PacketSet()) for limit, region in old.items()]
    bound = [region - old.get(limit, PacketSet()) for limit, region in new.items()]
    # the virtual network's default, which is by name, is not bound by another rule
    is_bound = any(region & before.reached for region in bound)
    return any(region & after for region in freed), is_bound


def _open(found: EffectiveRules) -> PacketSet:
    """What is open to anybody at all."""
    return PacketSet.union([found.admitted, found.partly, *found.named.values()])


def _labels(first: Snapshot | None, second: Snapshot | None, way: Direction, context: StackContext) -> Labels:
    described = [label for one in (first, second) if one for label in one.labels.get(way, ())]
    return Labels([*described, *(context.labels if way is Direction.INGRESS else ())])


_known = Labels(KNOWN)
MOST_PIECES = 3
"""A range that holds more services than that gets the label of none."""


def _lines(
    gained: bool, one: EffectiveRules, other: EffectiveRules, labels: Labels, context: StackContext
) -> Iterator[_Line]:
    """What `one` admits and `other` does not: for sure, and perhaps."""
    here, elsewhere = one.reached, other.reached
    sure = here - elsewhere - other.unknown
    # what is unknown on both sides changes where its reasons do: see `unclear_of`
    perhaps = ((here & other.unknown) | (one.unknown - other.unknown)) - elsewhere
    for is_sure, region in ((True, sure), (False, perhaps)):
        for ports, blocks in region.parts():
            for part, label in _pieces(ports, labels):
                yield _line(gained, is_sure, part, label, blocks, ())
    everybody = elsewhere.whole
    unsure = PacketSet.box(other.unknown.ports(), EVERYBODY)
    for source, region in one.named.items():
        more = region - other.named.get(source, PacketSet()) - everybody
        for is_sure, some in ((True, more - unsure), (False, more & unsure)):
            for ports in some.ports():
                for part, label in _pieces(ports, labels):
                    yield _line(gained, is_sure, part, label, (), (context.shown.get(source, source),))


def _line(
    gained: bool, is_sure: bool, ports: PortRange, label: Label | None, blocks: tuple[Cidr, ...], names: tuple[str, ...]
) -> _Line:
    return _Line(gained, is_sure, label.service if label else None, label.key if label else "", ports, blocks, names)


def _pieces(ports: PortRange, labels: Labels) -> Iterator[tuple[PortRange, Label | None]]:
    """By what the rules and the configuration say; by the defaults where they say nothing."""
    for part, label in _joined(labels.over(ports)):
        if label is not None:
            yield part, label
            continue
        known = _usual(part)
        yield from known if len(known) <= MOST_PIECES else [(part, None)]


@lru_cache(maxsize=4096)
def _usual(ports: PortRange) -> list[tuple[PortRange, Label | None]]:
    return _joined(_known.over(ports))


def _joined(parts: Iterable[tuple[PortRange, Label | None]]) -> list[tuple[PortRange, Label | None]]:
    """Neighbours for one purpose are one part."""
    found: list[tuple[PortRange, Label | None]] = []
    for ports, label in parts:
        if found and _purpose(found[-1][1]) == _purpose(label):
            found[-1] = PortRange(ports.protocol, found[-1][0].first, ports.last), label
        else:
            found.append((ports, label))
    return found


def _purpose(label: Label | None) -> object:
    return (label.service, label.key) if label else None


Served = Mapping[Service, tuple[PortRange, ...]]
"""The ports of each service that are open at all."""


def _services(found: EffectiveRules, labels: Labels) -> Served:
    open_ = [found.admitted, found.partly, *found.named.values()]
    ranges = joined(ports for region in open_ for ports in region.ports())
    served: dict[Service, list[PortRange]] = {}
    for one in ranges:
        for ports, label in _pieces(one, labels):
            if label:
                served.setdefault(label.service, []).append(ports)
    return {service: joined(ports) for service, ports in served.items()}


def _folded(pair: Pair, way: Direction, lines: list[_Line], served: Mapping[bool, Served]) -> Iterator[Change]:
    """Lines with the same sources are one; what is gained and lost for one purpose is one change."""
    by_people: dict[tuple[object, ...], list[_Line]] = {}
    for line in lines:
        by_people.setdefault((line.service, line.gained, line.is_sure, line.blocks, line.names), []).append(line)
    found = [_change(pair, way, group, served) for group in by_people.values()]
    yield from (one for one in found if not one.is_sure)
    gained = [one for one in found if one.gained and one.is_sure]
    lost = [one for one in found if one.lost and one.is_sure]
    for one in gained:
        other = _counterpart(one, lost)
        if other is None:
            yield one
            continue
        lost.remove(other)
        yield replace(one, kind="changed", key=one.key or other.key, lost=other.lost)
    yield from lost


def _change(pair: Pair, way: Direction, group: list[_Line], served: Mapping[bool, Served]) -> Change:
    line = group[0]
    ports = joined(one.ports for one in group)
    reach = ChangedAccess(ports, line.blocks, line.names)
    key = ", ".join(dict.fromkeys(one.key for one in group if one.key))
    both = line.service is not None and all(line.service in served[side] for side in (True, False))
    kind = "changed" if both else "added" if line.gained else "removed"
    if not line.is_sure:
        kind = MAY_OPEN if line.gained else MAY_CLOSE
    gained, lost = (reach, None) if line.gained else (None, reach)
    before = served[False][line.service] if both and line.service else ()
    return Change(kind, (pair.name,), way, line.service, key, gained, lost, before)


def _counterpart(one: Change, lost: list[Change]) -> Change | None:
    """What the gain replaces: the same sources on other ports of the service, or others on the same ports."""
    gained = one.gained
    for other in lost:
        if other.lost is None or gained is None or other.service is not one.service:
            continue
        same_people = (other.lost.blocks, other.lost.names) == (gained.blocks, gained.names)
        same_ports = other.lost.ports == gained.ports
        if (same_people and one.service is not None) or same_ports:
            return other
    return None


def standing_of(pair: Pair, context: StackContext) -> Iterator[Change]:
    """What is reached before and after, of a firewall that changes: the picture shows it beside the change."""
    before, after = (side.get(Direction.INGRESS, NOTHING) for side in (pair.before, pair.after))
    labels = _labels(pair.new, pair.old, Direction.INGRESS, context)
    both = EffectiveRules(
        "",
        after.admitted & before.admitted,
        named={who: region & before.named.get(who, PacketSet()) for who, region in after.named.items()},
    )
    lines = list(_lines(True, both, NOTHING, labels, context))
    served = dict.fromkeys((True, False), _services(both, labels))
    for change in _folded(pair, Direction.INGRESS, lines, served):
        yield replace(change, kind="same")

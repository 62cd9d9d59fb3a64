"""Sets of packets that may open a flow, exact and canonical.

    everybody = PacketSet.box([PortRange.tcp(443)], EVERYBODY)
    everybody - PacketSet.box([PortRange.tcp(443)], [Cidr.parse("10.0.0.0/8")])

For each protocol and family disjoint ranges of ports, each with disjoint ranges of addresses. So many sources
cost no more than a walk along them, where `RuleSet.subtract` would cut block by block, and what is left is
folded already. `RuleSet.admits` knows nothing of it and can judge it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from .addresses import ANY, ANY_IPV4, ANY_IPV6, Address, Cidr, Family
from .errors import Place, Problem, ProblemsError
from .ports import MAX_PORT, PortRange, Protocol
from .rules import Rule
from .spans import Spans, blocks_of, both, common, joined, window, without

Segment = tuple[int, int, Spans]
Plane = tuple[Protocol, Family]

MAX_SPANS = 50_000
"""The most that a cloud's firewall holds: 50 rules with 1,000 sources each. Beyond, time and memory run out."""

PLANES: tuple[Plane, ...] = tuple((protocol, family) for protocol in Protocol for family in Family)
ALL_PORTS = tuple(PortRange(protocol, 1, MAX_PORT) for protocol in Protocol)
EVERYBODY = (ANY_IPV4, ANY_IPV6)


class TooComplex(ProblemsError):
    """Rules that cut each other into more pieces than can be compared. `str()` is one line."""

    def __str__(self) -> str:
        return str(self.problems[0])


class PacketSet(Struct, frozen=True):
    """Packets that may open TCP and UDP flows. Make one with `box`, combine with `|`, `&` and `-`.

    Attributes:
        planes: only those with a segment.
    """

    planes: Mapping[Plane, tuple[Segment, ...]] = {}

    @classmethod
    def box(cls, ports: Iterable[PortRange], blocks: Iterable[Cidr]) -> PacketSet:
        """Every one of these ports from every one of these blocks."""
        by_family: dict[Family, list[tuple[int, int]]] = {}
        for block in blocks:
            by_family.setdefault(block.family, []).append(block.bounds)
        spans = {family: joined(found) for family, found in by_family.items()}
        given: dict[Plane, list[Segment]] = {}
        for one in ports:
            for family, of in spans.items():
                given.setdefault((one.protocol, family), []).append((one.first, one.last, of))
        return _joint(given)

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> PacketSet:
        """What rules admit by address."""
        return cls.union([cls.box([rule.ports], rule.peer.blocks) for rule in rules])

    @classmethod
    def union(cls, regions: Iterable[PacketSet]) -> PacketSet:
        """All of them: ports that only one has are taken over, the others joined in pairs, since one after the
        other would cost the square.
        """
        filled = [region for region in regions if region.planes]
        if len(filled) < 2:
            return filled[0] if filled else cls()
        given: dict[Plane, list[Segment]] = {}
        for region in filled:
            for plane, segments in region.planes.items():
                given.setdefault(plane, []).extend(segments)
        return _joint(given)

    def __or__(self, other: PacketSet) -> PacketSet:
        return self._with(other, both) if self.planes and other.planes else self if self.planes else other

    def __sub__(self, other: PacketSet) -> PacketSet:
        theirs = other.planes
        if not (self.planes and theirs):
            return self
        return _checked(
            {
                plane: _cut(segments, theirs[plane]) if plane in theirs else segments
                for plane, segments in self.planes.items()
            }
        )

    def __and__(self, other: PacketSet) -> PacketSet:
        theirs = other.planes
        if not (self.planes and theirs):
            return PacketSet()
        return _checked(
            {plane: _shared(segments, theirs[plane]) for plane, segments in self.planes.items() if plane in theirs}
        )

    def __bool__(self) -> bool:
        return bool(self.planes)

    def _with(self, other: PacketSet, combine: Callable[[Spans, Spans], Spans]) -> PacketSet:
        planes = {
            plane: _combined(self.planes.get(plane, ()), other.planes.get(plane, ()), combine)
            for plane in {*self.planes, *other.planes}
        }
        return _checked(planes)

    def within(self, ports: Iterable[PortRange]) -> PacketSet:
        """The part on these ports, which neither overlap nor touch."""
        planes: dict[Plane, list[Segment]] = {}
        for asked in ports:
            for family in Family:
                plane = asked.protocol, family
                segments = self.planes.get(plane, ())
                at = bisect_left(segments, asked.first, key=lambda segment: segment[1])
                while at < len(segments) and segments[at][0] <= asked.last:
                    first, last, spans = segments[at]
                    planes.setdefault(plane, []).append((max(first, asked.first), min(last, asked.last), spans))
                    at += 1
        return PacketSet({plane: tuple(segments) for plane, segments in planes.items()})

    @property
    def whole(self) -> PacketSet:
        """The part that is for every address of its family."""
        kept = {
            plane: tuple(one for one in segments if one[2] == (ANY[plane[1]].bounds,))
            for plane, segments in self.planes.items()
        }
        return PacketSet({plane: segments for plane, segments in kept.items() if segments})

    def holds(self, source: Address, protocol: Protocol, port: int) -> bool:
        family = Family.IPV4 if source.version == 4 else Family.IPV6
        return any(
            first <= port <= last and any(low <= int(source) <= high for low, high in spans)
            for first, last, spans in self.planes.get((protocol, family), ())
        )

    def parts(self) -> Iterator[tuple[PortRange, tuple[Cidr, ...]]]:
        """Ranges of ports, ascending by protocol, each with its blocks; both families together where their
        ports are the same.
        """
        found: dict[tuple[Protocol, int, int], list[Cidr]] = {}
        for plane in PLANES:
            for first, last, spans in self.planes.get(plane, ()):
                found.setdefault((plane[0], first, last), []).extend(blocks_of(plane[1], spans))
        yield from ((_ports(*ports), tuple(found[ports])) for ports in sorted(found))

    def ports(self) -> list[PortRange]:
        """Those of `parts`, without the work of telling their blocks."""
        found = {
            (protocol, first, last) for (protocol, _), segments in self.planes.items() for first, last, _ in segments
        }
        return [_ports(*ports) for ports in sorted(found)]


def _joint(given: Mapping[Plane, list[Segment]]) -> PacketSet:
    return _checked(
        {plane: tuple(_united(segments) if len(segments) > 1 else segments) for plane, segments in given.items()}
    )


def _checked(planes: Mapping[Plane, tuple[Segment, ...]]) -> PacketSet:
    pieces = 0
    for segments in planes.values():
        for _, _, spans in segments:
            pieces += len(spans)
    _refuse_many(pieces)
    return PacketSet({plane: segments for plane, segments in planes.items() if segments})


def _refuse_many(spans: int) -> None:
    if spans > MAX_SPANS:
        expected = f"must come down to at most {MAX_SPANS:,} pairs of ports and sources"
        raise TooComplex(
            [Problem(Place("rules"), "", expected, "the rules are too complex to compare; check the input")]
        )


def _united(segments: list[Segment]) -> Iterator[Segment]:
    """Segments in any order as disjoint ones; neighbours with the same addresses become one."""
    last: Segment | None = None
    for cluster in _clusters(sorted(segments)):
        for segment in cluster if len(cluster) == 1 else _merged([(one,) for one in cluster]):
            if last and last[1] == segment[0] - 1 and last[2] == segment[2]:
                last = last[0], segment[1], last[2]
                continue
            if last:
                yield last
            last = segment
    if last:
        yield last


def _clusters(segments: list[Segment]) -> Iterator[list[Segment]]:
    """Runs of segments that overlap, of segments in order."""
    cluster: list[Segment] = []
    end = 0
    for segment in segments:
        if cluster and segment[0] > end:
            yield cluster
            cluster = []
        cluster.append(segment)
        end = max(end, segment[1]) if len(cluster) > 1 else segment[1]
    if cluster:
        yield cluster


def _merged(left: list[tuple[Segment, ...]]) -> tuple[Segment, ...]:
    while len(left) > 1:
        left = [_combined(one, other, both) for one, other in zip(left[::2], [*left[1::2], ()], strict=False)]
        _refuse_many(sum(len(spans) for segments in left for _, _, spans in segments))
    return left[0]


def everything() -> PacketSet:
    return PacketSet.box(ALL_PORTS, EVERYBODY)


def _combined(
    ours: tuple[Segment, ...], theirs: tuple[Segment, ...], combine: Callable[[Spans, Spans], Spans]
) -> tuple[Segment, ...]:
    """Combine from edge to edge of the ports; neighbours with the same addresses become one."""
    if ours == theirs or not theirs:
        return tuple((first, last, spans) for first, last, of in ours if (spans := combine(of, of if theirs else ())))
    edges = sorted({edge for first, last, _ in (*ours, *theirs) for edge in (first, last + 1)})
    swept: list[Segment] = []
    mine, other = _SegmentCursor(ours), _SegmentCursor(theirs)
    for first, after in pairwise(edges):
        spans = combine(mine.at(first), other.at(first))
        if not spans:
            continue
        if swept and swept[-1][1] == first - 1 and swept[-1][2] == spans:
            swept[-1] = swept[-1][0], after - 1, spans
        else:
            swept.append((first, after - 1, spans))
    return tuple(swept)


def _shared(ours: tuple[Segment, ...], theirs: tuple[Segment, ...]) -> tuple[Segment, ...]:
    here = ours[slice(*window(ours, theirs))]
    there = theirs[slice(*window(theirs, here))] if here else ()
    return _combined(here, there, common) if there else ()


def _cut(ours: tuple[Segment, ...], theirs: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """Ours without theirs; what lies outside of their ports stays as it is, so that a small cut is cheap."""
    start, end = window(ours, theirs)
    left = ours[:start]
    for part in (_combined(ours[start:end], theirs, without), ours[end:]):
        if left and part and left[-1][1] == part[0][0] - 1 and left[-1][2] == part[0][2]:
            left = (*left[:-1], (left[-1][0], part[0][1], part[0][2]), *part[1:])
        else:
            left += part
    return left


class _SegmentCursor:
    """Segments asked for at ascending ports."""

    def __init__(self, segments: tuple[Segment, ...]) -> None:
        self.segments, self.next = segments, 0

    def at(self, port: int) -> Spans:
        while self.next < len(self.segments) and self.segments[self.next][1] < port:
            self.next += 1
        if self.next < len(self.segments) and self.segments[self.next][0] <= port:
            return self.segments[self.next][2]
        return ()


_ports = lru_cache(maxsize=4096)(PortRange)
"""The same few ranges are told over and over."""

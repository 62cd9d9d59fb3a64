"""Which packets a match matches: surely, perhaps, or not at all.

a = exactly(PacketSet.box([PortRange.tcp(443)], EVERYBODY))
b = perhaps("the interface that a packet comes by")
a & b            # may match tcp/443, surely matches nothing
~(a & b)         # surely matches all but tcp/443, may match everything
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from ...model.packets import PacketSet, everything

EVERYTHING = everything()
SOURCE_PORT = "the port that a packet is sent from"
"""The one reason that leaves no doubt whether somebody gets in: whoever sends a packet chooses its port."""


class Reach(Struct, frozen=True):
    """The packets that a match matches.

    Attributes:
        may: all that it may match.
        sure: all that it surely matches; a part of `may`, and the same object where nothing is in doubt.
        why: what it depends on that is not known here; empty where nothing is in doubt.
    """

    may: PacketSet
    sure: PacketSet
    why: tuple[str, ...] = ()

    @property
    def is_exact(self) -> bool:
        return self.sure is self.may

    def __and__(self, other: Reach) -> Reach:
        may = _common(self.may, other.may)
        if self.is_exact and other.is_exact:
            return Reach(may, may)
        return _reach(may, _common(self.sure, other.sure), (*self.why, *other.why))

    def __invert__(self) -> Reach:
        may = EVERYTHING - self.sure
        return Reach(may, may) if self.is_exact else Reach(may, EVERYTHING - self.may, self.why)


def _common(one: PacketSet, other: PacketSet) -> PacketSet:
    if one is EVERYTHING:
        return other
    return one if other is EVERYTHING else one & other


def _reach(may: PacketSet, sure: PacketSet, why: Iterable[str]) -> Reach:
    return Reach(may, may) if not may - sure else Reach(may, sure, tuple(dict.fromkeys(why)))


def either(reaches: Iterable[Reach]) -> Reach:
    """What at least one of them matches."""
    given = tuple(reaches)
    if len(given) == 1:
        return given[0]
    may = PacketSet.union(one.may for one in given)
    if all(one.is_exact for one in given):
        return Reach(may, may)
    return _reach(may, PacketSet.union(one.sure for one in given), (why for one in given for why in one.why))


def exactly(region: PacketSet) -> Reach:
    return Reach(region, region)


def perhaps(why: str, region: PacketSet = EVERYTHING) -> Reach:
    """Some of a region, which of it depends on what is not known here."""
    return Reach(region, PacketSet(), (why,))


ALWAYS, NEVER = exactly(EVERYTHING), exactly(PacketSet())

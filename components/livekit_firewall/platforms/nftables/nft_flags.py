"""Values made of bits (`tcp flags`, `ct state`, `ip frag-off`), of which a first packet has some and not others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct

from ...model.addresses import ANY_IPV4
from ...model.packets import PacketSet
from .nft_values import OF_TCP, TCP, UDP, NotUnderstood, packets
from .reach import ALWAYS, EVERYTHING, NEVER, Reach, either, exactly, perhaps


class Bits(Struct, frozen=True):
    """What is known of the bits of some packets.

    Attributes:
        of: these packets.
        ones: the bits that are surely set.
        zeros: those that surely are not.
    """

    of: PacketSet
    ones: int
    zeros: int


class Flags(Struct, frozen=True):
    """A value of bits.

    Attributes:
        names: of the bits, as nft writes them.
        all: every bit that there is.
        bits: what is known of them, for packets that do not overlap. Other packets have no such value.
        why: what the bits that are not known depend on.
        announced: the bits of the first packet of a flow that another one announced; empty where they are the same.
    """

    names: Mapping[str, int]
    all: int
    bits: tuple[Bits, ...]
    why: str
    announced: tuple[Bits, ...] = ()

    @property
    def bound(self) -> PacketSet:
        return PacketSet.union(one.of for one in self.bits)

    def number(self, value: Any) -> int:
        """Flags as a number: 18, "syn", ["syn", "ack"] or {"|": ["syn", "ack"]}."""
        if type(value) is int:
            return value
        if isinstance(value, str) and (value in self.names or value.isdigit()):
            return self.names[value] if value in self.names else int(value)
        parts = value.get("|") if isinstance(value, dict) and len(value) == 1 else value
        if not isinstance(parts, list):
            raise NotUnderstood
        found = 0
        for part in parts:
            found |= self.number(part)
        return found

    def equal(self, values: Iterable[Any], mask: int | None = None) -> Reach:
        """Whether the bits of the mask, all of them without one, are one of the values."""
        within = self.all if mask is None else mask
        return either([self._each(_Equal(self.number(value), within)) for value in values] or [NEVER])

    def any_of(self, value: Any) -> Reach:
        """Whether one of the bits is set."""
        return self._each(_AnyOf(self.number(value)))

    def _each(self, judge: Callable[[Bits], bool | None]) -> Reach:
        answers = {True: ALWAYS, False: NEVER, None: perhaps(self.why)}
        return either(answers[judge(one)] & exactly(one.of) for one in self.bits)


class _Equal(Struct, frozen=True):
    value: int
    mask: int

    def __call__(self, one: Bits) -> bool | None:
        is_other = self.value & ~self.mask or self.value & one.zeros or ~self.value & self.mask & one.ones
        return False if is_other else None if self.mask & ~(one.ones | one.zeros) else True


class _AnyOf(Struct, frozen=True):
    wanted: int

    def __call__(self, one: Bits) -> bool | None:
        return True if one.ones & self.wanted else None if self.wanted & ~one.zeros else False


_FIN, _SYN, _RST, _PSH, _ACK, _URG, _ECN, _CWR = (1 << bit for bit in range(8))
TCP_FLAGS = Flags(
    {"fin": _FIN, "syn": _SYN, "rst": _RST, "psh": _PSH, "ack": _ACK, "urg": _URG, "ecn": _ECN, "cwr": _CWR},
    0xFF,
    (Bits(OF_TCP, _SYN, _FIN | _RST | _PSH | _ACK | _URG),),
    "whether a client asks for ECN",
)

_STATES = {"invalid": 1, "established": 2, "related": 4, "new": 8, "untracked": 64}
STATE = Flags(
    _STATES, sum(_STATES.values()), (Bits(EVERYTHING, 8, 1 | 2 | 4 | 64),), "", (Bits(EVERYTHING, 4, 1 | 2 | 8 | 64),)
)

_STATUS = {
    "expected": 1, "seen-reply": 2, "assured": 4, "confirmed": 8, "snat": 16, "dnat": 32, "dying": 512,
}  # fmt: skip
STATUS = Flags(
    _STATUS,
    0xFFFF,
    (Bits(EVERYTHING, 0, sum(_STATUS.values())),),
    "the state of a connection",
    (Bits(EVERYTHING, _STATUS["expected"], sum(_STATUS.values()) - _STATUS["expected"]),),
)
"""Packets that a rule before redirects are unknown in any case."""

_OFFSET, _MORE = 0x1FFF, 0x2000
FRAGMENT = Flags(
    {},
    0xFFFF,
    (Bits(packets(TCP, [ANY_IPV4]), 0, _OFFSET | _MORE), Bits(packets(UDP, [ANY_IPV4]), 0, _OFFSET)),
    "how packets are fragmented",
)
"""A first packet is no later fragment; with SYN it is none at all."""

"""Protocols and ports."""

from __future__ import annotations

import re
from collections.abc import Iterable
from operator import attrgetter

from msgspec import Struct

from .text import quoted
from .text_enum import TextEnum

MAX_PORT = 65535


class Protocol(TextEnum):
    """Layer 4 protocols that have ports. ICMP has none, so it is never in a `PortRange`."""

    TCP = "tcp"
    UDP = "udp"


_WRITTEN = re.compile(
    r"(?P<before>tcp|udp)/(?P<first>[0-9]{1,9})(-(?P<last>[0-9]{1,9}))?"
    r"|(?P<port>[0-9]{1,9})(-(?P<to>[0-9]{1,9}))?/(?P<after>tcp|udp)"
)


class PortRange(Struct, frozen=True, order=True, gc=False):
    """A protocol and an inclusive range of ports, inseparable.

    Attributes:
        protocol: TCP or UDP.
        first, last: 1 to 65535, `first` at most `last`.

    `str()` is `udp/50000-60000` or `tcp/7881`. Raises `ValueError` for a port outside 1..65535 or a
    reversed range.
    """

    protocol: Protocol
    first: int
    last: int

    def __post_init__(self) -> None:
        if not isinstance(self.protocol, Protocol):
            raise ValueError(f"a protocol must be tcp or udp, of the type Protocol (got {quoted(self.protocol)})")
        first, last = self.first, self.last
        if type(first) is type(last) is int and 1 <= first <= last <= MAX_PORT:
            return
        for port in (first, last):
            if type(port) is not int or not 1 <= port <= MAX_PORT:
                raise ValueError(f"a port must be an integer from 1 to {MAX_PORT} (got {quoted(port)})")
        raise ValueError(f"first port must be <= last port (got {first} > {last})")

    @classmethod
    def parse(cls, text: str) -> PortRange:
        """`tcp/7881`, `udp/50000-60000` or, as other tools write it, `7881/tcp`. Raises `ValueError` whose text says
        what is expected.
        """
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise ValueError("must be tcp/PORT or udp/PORT, or a range such as udp/50000-60000")
        first = found["first"] or found["port"]
        return cls(Protocol(found["before"] or found["after"]), int(first), int(found["last"] or found["to"] or first))

    @classmethod
    def tcp(cls, first: int, last: int | None = None) -> PortRange:
        """Of TCP; one port without `last`."""
        return cls(Protocol.TCP, first, first if last is None else last)

    @classmethod
    def udp(cls, first: int, last: int | None = None) -> PortRange:
        """Of UDP; one port without `last`."""
        return cls(Protocol.UDP, first, first if last is None else last)

    @property
    def ports(self) -> str:
        """The ports alone: `50000-60000` or `7881`."""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __str__(self) -> str:
        return f"{self.protocol}/{self.ports}"

    def __contains__(self, port: object) -> bool:
        return isinstance(port, int) and self.first <= port <= self.last

    def overlaps(self, other: PortRange) -> bool:
        """Whether a port of one protocol is in both."""
        return self.protocol == other.protocol and self.first <= other.last and other.first <= self.last

    def covers(self, other: PortRange) -> bool:
        """Whether every port of the other is in it."""
        return self.protocol == other.protocol and self.first <= other.first and other.last <= self.last

    def common(self, other: PortRange) -> PortRange:
        """The ports of both, which overlap."""
        return PortRange(self.protocol, max(self.first, other.first), min(self.last, other.last))

    def without(self, taken: Iterable[PortRange]) -> tuple[PortRange, ...]:
        """What is left of it, in as few ranges as possible."""
        left, first = [], self.first
        for one in joined(one for one in taken if one.overlaps(self)):
            if first < one.first:
                left.append(PortRange(self.protocol, first, one.first - 1))
            first = one.last + 1
        if first <= self.last:
            left.append(PortRange(self.protocol, first, self.last))
        return tuple(left)


_BOUNDS = attrgetter("protocol", "first", "last")


def joined(ports: Iterable[PortRange]) -> tuple[PortRange, ...]:
    """The same ports, sorted, in as few ranges as possible."""
    given = tuple(ports)
    if len(given) < 2:
        return given
    found: list[PortRange] = []
    for one in sorted(given, key=_BOUNDS):  # the order of the ranges themselves, without a tuple for each comparison
        if found and found[-1].protocol is one.protocol and one.first <= found[-1].last + 1:
            found[-1] = PortRange(one.protocol, found[-1].first, max(found[-1].last, one.last))
        else:
            found.append(one)
    return tuple(found)

"""Who reaches whom, exactly: sets of packets, by what is protected and by who sends.

Each reader of a platform has a function `area(token, inputs)`: what one resource lets in, from its inputs as they are
on the wire. What has no ports (ICMP, egress) is one part of its own per rule, which is there or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from livekit_firewall.model.addresses import Cidr
from livekit_firewall.model.packets import ALL_PORTS, EVERYBODY, PacketSet
from livekit_firewall.model.ports import PortRange, Protocol

ADDRESSES = ""
"""The sender of packets that come from an address; any other is an identity, whatever its addresses."""

THERE = PacketSet.box(ALL_PORTS[:1], EVERYBODY)


class Area:
    """Sets of packets by (what is protected, who sends). Combine with `|`, `&` and `-`."""

    def __init__(self, parts: Mapping[tuple[str, str], PacketSet] = {}) -> None:
        self.parts = {key: packets for key, packets in parts.items() if packets}

    @classmethod
    def of(cls, member: str, sender: str, ports: Iterable[PortRange], blocks: Iterable[Cidr] = EVERYBODY) -> Area:
        return cls({(member, sender): PacketSet.box(ports, blocks)})

    @classmethod
    def portless(cls, member: str, what: str) -> Area:
        return cls({(member, what): THERE})

    @classmethod
    def union(cls, areas: Iterable[Area]) -> Area:
        found: dict[tuple[str, str], list[PacketSet]] = {}
        for area in areas:
            for key, packets in area.parts.items():
                found.setdefault(key, []).append(packets)
        return cls({key: PacketSet.union(several) for key, several in found.items()})

    def __or__(self, other: Area) -> Area:
        return Area.union([self, other])

    def __and__(self, other: Area) -> Area:
        return Area({key: packets & other.parts[key] for key, packets in self.parts.items() if key in other.parts})

    def __sub__(self, other: Area) -> Area:
        return Area({key: packets - other.parts.get(key, PacketSet()) for key, packets in self.parts.items()})

    def __bool__(self) -> bool:
        return bool(self.parts)

    def of_all(self) -> Area:
        """Of a machine that is every one of the members."""
        return Area.union(Area({("every member", sender): packets}) for (_, sender), packets in self.parts.items())

    def __repr__(self) -> str:
        return "\n".join(_lines(self)) or "nothing"


def _lines(area: Area) -> Iterator[str]:
    for (member, sender), packets in sorted(area.parts.items()):
        if packets == THERE:
            yield f"{member}: {sender}"
            continue
        for ports, blocks in packets.parts():
            yield f"{member}: {ports} from {sender or ', '.join(map(str, blocks))}"


def ports_of(protocol: str, text: str) -> tuple[PortRange, ...]:
    """`7881` or `50000-60000` of one protocol by its name."""
    first, _, last = text.partition("-")
    return (PortRange(Protocol(protocol), int(first), int(last or first)),)

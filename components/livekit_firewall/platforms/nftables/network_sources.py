"""Sources that no packet from the network has: the kernel drops such packets as martians, whatever a firewall says.

From net/ipv4/route.c (`ip_route_input_slow`) and net/ipv6/ip6_input.c (`ip6_rcv_core`): loopback and multicast.
"""

from __future__ import annotations

from ...model.addresses import ANY, Cidr, Family
from ...model.packets import PacketSet
from ...model.ports import MAX_PORT
from ...model.spans import Spans

MARTIANS: dict[Family, Spans] = {
    Family.IPV4: tuple(Cidr.parse(block).bounds for block in ("127.0.0.0/8", "224.0.0.0/4")),
    Family.IPV6: tuple(Cidr.parse(block).bounds for block in ("::1/128", "ff00::/8")),
}


_LOOPBACK = {Family.IPV4: Cidr.parse("127.0.0.0/8").bounds, Family.IPV6: Cidr.parse("::1/128").bounds}


def are_of_loopback(packets: PacketSet) -> bool:
    """Whether they are all packets of the host to itself: `ip saddr 127.0.0.1`, and nothing but that."""
    return all(
        len(segments) == 1
        and segments[0][:2] == (1, MAX_PORT)
        and all(low >= _LOOPBACK[family][0] and high <= _LOOPBACK[family][1] for low, high in segments[0][2])
        for (_, family), segments in packets.planes.items()
    )


def as_from_network(packets: PacketSet) -> PacketSet:
    """The same packets from the network, in as few blocks as possible: such sources count as the addresses on both
    sides of them do, so that "anywhere but 127.0.0.0/8" is anywhere.
    """
    return PacketSet.union(
        PacketSet({plane: ((first, last, _filled(plane[1], spans)),)})
        for plane, segments in packets.planes.items()
        for first, last, spans in segments
    )


def _filled(family: Family, spans: Spans) -> Spans:
    if len(spans) == 1 and spans[0] == ANY[family].bounds:
        return spans
    joined = [spans[0]]
    for low, high in spans[1:]:
        if _is_martian(family, joined[-1][1] + 1, low - 1):
            joined[-1] = joined[-1][0], high
        else:
            joined.append((low, high))
    low, high = joined[-1]
    end = ANY[family].bounds[1]
    # at the end of the family there is but one side: more than a block as people write it must be before
    if _is_martian(family, high + 1, end) and high - low > end - high:
        joined[-1] = low, end
    return tuple(joined)


def _is_martian(family: Family, low: int, high: int) -> bool:
    return low <= high and any(first <= low and high <= last for first, last in MARTIANS[family])

"""Sources that no packet from the network has: the kernel drops such packets as martians, whatever a firewall says.

From net/ipv4/route.c (`ip_route_input_slow`) and net/ipv6/ip6_input.c (`ip6_rcv_core`): loopback, multicast, the
limited broadcast, the unspecified address, and IPv4 mapped into IPv6.
"""

from __future__ import annotations

from ...model.addresses import ANY, Cidr, Family
from ...model.packets import PacketSet, Spans

MARTIANS: dict[Family, Spans] = {
    family: tuple(Cidr.parse(block).bounds for block in blocks)
    for family, blocks in {
        Family.IPV4: ("0.0.0.0/32", "127.0.0.0/8", "224.0.0.0/4", "255.255.255.255/32"),
        Family.IPV6: ("::1/128", "ff00::/8"),
    }.items()
}


def only_from_network(packets: PacketSet) -> PacketSet:
    """The same packets from the network, in as few blocks as possible: such sources count as the addresses beside
    them do, so that "anywhere but 127.0.0.0/8" is anywhere, and 127.0.0.0/8 alone is nobody.
    """
    kept = {
        plane: tuple((first, last, spans) for first, last, of in segments if (spans := _spans(plane[1], of)))
        for plane, segments in packets.planes.items()
    }
    return PacketSet.union([PacketSet(kept)])


def _spans(family: Family, spans: Spans) -> Spans:
    martians = MARTIANS[family]
    whole = ANY[family].bounds
    if spans == (whole,):
        return spans
    left = [(low, high) for low, high in spans if not any(m <= low and high <= n for m, n in martians)]
    if not left:
        return ()
    joined = [left[0] if not _is_within(whole[0], left[0][0] - 1, martians) else (whole[0], left[0][1])]
    for low, high in left[1:]:
        if _is_within(joined[-1][1] + 1, low - 1, martians):
            joined[-1] = joined[-1][0], high
        else:
            joined.append((low, high))
    if _is_within(joined[-1][1] + 1, whole[1], martians):
        joined[-1] = joined[-1][0], whole[1]
    return tuple(joined)


def _is_within(low: int, high: int, martians: Spans) -> bool:
    return low <= high and any(m <= low and high <= n for m, n in martians)

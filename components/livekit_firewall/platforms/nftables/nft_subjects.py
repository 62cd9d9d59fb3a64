"""What a match of nft's JSON can be on, and what is known of it for a packet that opens a flow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...model.addresses import ANY_IPV4, ANY_IPV6, Family
from ...model.packets import PacketSet
from ...model.ports import Protocol
from .nft_text import expression as text
from .nft_values import (
    INTERFACE,
    NOBODY,
    OF_IPV4,
    OF_IPV6,
    OF_TCP,
    OF_UDP,
    TCP,
    UDP,
    Subject,
    Values,
    not_known,
    of_absent,
    of_constant,
    of_destinations,
    of_families,
    of_interface_types,
    of_interfaces,
    of_ports,
    of_protocols,
    of_source_ports,
    of_sources,
    of_version,
    packets,
)
from .reach import EVERYTHING, Reach, either, exactly, perhaps

_FROM = {Family.IPV4: Subject(of_sources(Family.IPV4), OF_IPV4), Family.IPV6: Subject(of_sources(Family.IPV6), OF_IPV6)}
_TO = {
    Family.IPV4: Subject(of_destinations(Family.IPV4), OF_IPV4),
    Family.IPV6: Subject(of_destinations(Family.IPV6), OF_IPV6),
}

HEADERS: Mapping[str, PacketSet] = {
    "ip": OF_IPV4,
    "ip6": OF_IPV6,
    "tcp": OF_TCP,
    "udp": OF_UDP,
    "th": EVERYTHING,
    "ether": EVERYTHING,
    "vlan": EVERYTHING,
    **dict.fromkeys(
        ("icmp", "icmpv6", "igmp", "sctp", "dccp", "udplite", "ah", "esp", "comp", "gre", "arp"),
        NOBODY,
    ),
}
"""Protocols, and the packets that have their header."""

_PAYLOAD: Mapping[tuple[str, str], Subject] = {
    ("ip", "saddr"): _FROM[Family.IPV4],
    ("ip6", "saddr"): _FROM[Family.IPV6],
    ("ip", "daddr"): _TO[Family.IPV4],
    ("ip6", "daddr"): _TO[Family.IPV6],
    ("ip", "protocol"): Subject(of_protocols, OF_IPV4),
    ("ip6", "nexthdr"): Subject(of_protocols, OF_IPV6),
    ("ip", "version"): Subject(of_version(ANY_IPV4), OF_IPV4),
    ("ip6", "version"): Subject(of_version(ANY_IPV6), OF_IPV6),
    ("ether", "type"): Subject(of_families),
    ("th", "dport"): Subject(of_ports(Protocol)),
    ("tcp", "dport"): Subject(of_ports(TCP), OF_TCP),
    ("udp", "dport"): Subject(of_ports(UDP), OF_UDP),
    ("th", "sport"): Subject(of_source_ports(Protocol)),
    ("tcp", "sport"): Subject(of_source_ports(TCP), OF_TCP),
    ("udp", "sport"): Subject(of_source_ports(UDP), OF_UDP),
}

_TIME, _MARK = Subject(not_known("the time")), Subject(not_known("a mark"))
_INTERFACE = Subject(not_known(INTERFACE))
_META: Mapping[str, Subject] = {
    "l4proto": Subject(of_protocols),
    "nfproto": Subject(of_families),
    "protocol": Subject(of_families),
    "iifname": Subject(of_interfaces),
    "iif": Subject(of_interfaces),
    "iiftype": Subject(of_interface_types),
    "pkttype": Subject(of_constant("host", "unicast")),
    **dict.fromkeys(("iifgroup", "iifkind", "sdif", "sdifname", "ibrname", "ibrpvid", "ibriport"), _INTERFACE),
    **dict.fromkeys(("day", "hour", "time"), _TIME),
    "mark": _MARK,
}

_CT: Mapping[tuple[str, str], Subject] = {
    ("direction", ""): Subject(of_constant("original")),
    ("l3proto", ""): Subject(of_families),
    ("protocol", ""): Subject(of_protocols),
    ("l3proto", "original"): Subject(of_families),
    ("protocol", "original"): Subject(of_protocols),
    ("proto-dst", "original"): Subject(of_ports(Protocol)),
    ("proto-src", "original"): Subject(of_source_ports(Protocol)),
    ("ip saddr", "original"): _FROM[Family.IPV4],
    ("ip6 saddr", "original"): _FROM[Family.IPV6],
    ("ip daddr", "original"): _TO[Family.IPV4],
    ("ip6 daddr", "original"): _TO[Family.IPV6],
    ("mark", ""): _MARK,
}

_EXTENSIONS = {"rt", "rt0", "rt2", "rt4", "srh", "hbh", "dst", "mh"}
"""Headers that no ordinary stack puts into the packet that opens a flow; nor does one put IPv4 options there."""


def subject_of(left: Any) -> Subject | None:
    """What one expression is; None where it is not known which packets have it at all."""
    if not isinstance(left, dict) or len(left) != 1:
        return None
    ((kind, about),) = left.items()
    if not isinstance(about, dict):
        return None
    known = _known(kind, about)
    if known is not None:
        return known
    unknown = not_known(f"`{text(left)}`")
    if kind == "payload" and "protocol" in about:
        header = HEADERS.get(str(about["protocol"]))
        return Subject(unknown, header) if header is not None else None
    bounds = {"tcp option": OF_TCP, "ip option": OF_IPV4, "osf": OF_TCP, "exthdr": OF_IPV6, "sctp chunk": NOBODY}
    if kind in bounds or kind in ("meta", "ct", "fib", "socket", "rt", "ipsec", "numgen", "jhash", "symhash"):
        return Subject(unknown, bounds.get(kind, EVERYTHING))
    return None


def _known(kind: str, about: Mapping[str, Any]) -> Subject | None:
    if kind == "payload":
        return _PAYLOAD.get((str(about.get("protocol")), str(about.get("field"))))
    if kind == "meta":
        return _META.get(str(about.get("key")))
    if kind == "ct":
        return _CT.get((str(about.get("key")), str(about.get("dir") or "")))
    if kind == "fib":
        return _fib(about)
    if kind == "ip option" or (kind == "exthdr" and about.get("name") in _EXTENSIONS):
        return Subject(of_absent, OF_IPV4 if kind == "ip option" else OF_IPV6) if "field" not in about else _NOWHERE
    if kind == "exthdr" and about.get("name") == "frag":
        return Subject(_of_fragments, OF_IPV6 if "field" not in about else packets(UDP, [ANY_IPV6]))
    return None


_NOWHERE = Subject(of_absent, NOBODY)


def _of_fragments(values: Values) -> Reach:
    """A datagram may come in fragments, SYN does not."""
    return either([perhaps("how packets are fragmented", OF_UDP), of_absent(values) & exactly(OF_TCP)])


def _of_source_types(values: Values) -> Reach:
    """The kernel takes nothing from a multicast group or a broadcast address. IPv4 calls unicast what is not in its
    table of local addresses; IPv6 looks for a route, which is not known (nft_fib_ipv4.c, nft_fib_ipv6.c).
    """
    ipv4 = of_constant("unicast")(values) & exactly(OF_IPV4)
    if all(value in ("broadcast", "multicast") for value in values):
        return ipv4
    return either([ipv4, perhaps("the routes of the host", OF_IPV6)])


def _fib(about: Mapping[str, Any]) -> Subject | None:
    """The host's routes are not known, but that what comes to it is for one of its own addresses."""
    flags = about.get("flags")
    if about.get("result") == "type" and flags in (["daddr"], "daddr"):
        return Subject(of_constant("local"))
    if about.get("result") == "type" and flags in (["saddr"], "saddr"):
        return Subject(_of_source_types)
    return Subject(not_known("the routes of the host"))

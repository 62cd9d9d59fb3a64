"""Which packets have a value that nft compares with: ports, addresses, protocols, families, interfaces.

Each reader takes the values of a match's right-hand side (scalars, ranges, prefixes) and says which of the packets
that open a flow have one of them. A first packet is as an ordinary stack sends it: TCP with SYN, or UDP, to one of
the host's own addresses, from the network.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ...effective.syntax import ports_of
from ...model.addresses import ANY, ANY_IPV4, ANY_IPV6, Cidr, Family
from ...model.packets import ALL_PORTS, EVERYBODY, PacketSet
from ...model.ports import MAX_PORT, PortRange, Protocol
from .reach import ALWAYS, EVERYTHING, NEVER, SOURCE_PORT, Reach, exactly, perhaps

INTERFACE = "the interface that a packet comes by"
OWN_ADDRESS = "which of the host's addresses a packet is for"

TCP, UDP = ((protocol,) for protocol in Protocol)
Values = Sequence[Any]
Reader = Callable[[Values], Reach]


class NotUnderstood(Exception):
    """A value of another shape than the reader knows."""


def packets(protocols: Iterable[Protocol] = Protocol, blocks: Iterable[Cidr] = EVERYBODY) -> PacketSet:
    kinds = tuple(protocols)
    return PacketSet.box([one for one in ALL_PORTS if one.protocol in kinds], blocks)


OF_TCP, OF_UDP = packets(TCP), packets(UDP)
OF_IPV4, OF_IPV6 = packets(blocks=[ANY_IPV4]), packets(blocks=[ANY_IPV6])
NOBODY = PacketSet()


def ends(value: Any) -> tuple[Any, Any]:
    """First and last of a range; the same twice for a scalar."""
    if isinstance(value, dict):
        found = value.get("range")
        if not isinstance(found, list) or len(found) != 2:
            raise NotUnderstood
        return found[0], found[1]
    return value, value


def integers(value: Any, highest: int) -> tuple[int, int]:
    first, last = ends(value)
    if type(first) is not int or type(last) is not int or not 0 <= first <= last <= highest:
        raise NotUnderstood
    return first, last


def of_ports(protocols: Iterable[Protocol]) -> Reader:
    kinds = tuple(protocols)

    def read(values: Values) -> Reach:
        found: list[PortRange] = []
        for value in values:
            found += ports_of(kinds, *integers(value, MAX_PORT), "nftables")
        return exactly(PacketSet.box(found, EVERYBODY))

    return read


def of_sources(family: Family) -> Reader:
    return lambda values: exactly(PacketSet.box(ALL_PORTS, blocks_of(values, family)))


def blocks_of(values: Values, family: Family) -> list[Cidr]:
    return [block for value in values for block in _blocks(value, family)]


def _blocks(value: Any, family: Family) -> Iterable[Cidr]:
    try:
        if isinstance(value, dict) and isinstance(value.get("prefix"), dict):
            prefix = value["prefix"]
            blocks: list[Any] = [ipaddress.ip_network(f"{prefix['addr']}/{int(prefix['len'])}", strict=False)]
        else:
            first, last = ends(value)
            if not isinstance(first, str) or not isinstance(last, str):
                raise NotUnderstood
            blocks = _between(first, last)
    except (ValueError, TypeError, KeyError):
        raise NotUnderstood from None
    found = [Cidr(block) for block in blocks]
    if any(block.family is not family for block in found):
        raise NotUnderstood
    return found


def _between(first: str, last: str) -> list[Any]:
    if first == last:
        return [ipaddress.ip_network(first, strict=False)]
    low: Any = ipaddress.ip_address(first)
    high: Any = ipaddress.ip_address(last)
    return list(ipaddress.summarize_address_range(low, high))


_NEVER_OWN = {
    Family.IPV4: ("0.0.0.0/32", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "255.255.255.255/32"),
    Family.IPV6: ("::/127", "fe80::/10", "ff00::/8"),
}
"""Destinations that are no address of the host that a client reaches over a network."""


_POSSIBLE = {
    family: PacketSet.box(ALL_PORTS, [whole]) - PacketSet.box(ALL_PORTS, map(Cidr.parse, _NEVER_OWN[family]))
    for family, whole in ANY.items()
}


def for_destinations(blocks: Iterable[Cidr], family: Family) -> Reach:
    """The host's own address is not known: a match of all that it can be is certain, and of none of it."""
    matched = _POSSIBLE[family] & PacketSet.box(ALL_PORTS, blocks)
    if not matched:
        return NEVER
    here = packets(blocks=[ANY[family]])
    return perhaps(OWN_ADDRESS, here) if _POSSIBLE[family] - matched else exactly(here)


def of_destinations(family: Family) -> Reader:
    return lambda values: for_destinations(blocks_of(values, family), family)


_PROTOCOLS = {"tcp": 6, "udp": 17}
_KINDS = {6: Protocol.TCP, 17: Protocol.UDP}


def of_protocols(values: Values) -> Reach:
    """Every protocol but TCP and UDP, whatever its name, is that of no packet that opens a TCP or UDP flow."""
    found = set[Protocol]()
    for value in values:
        first, last = (_PROTOCOLS.get(end, -1) if isinstance(end, str) else end for end in ends(value))
        if type(first) is not int or type(last) is not int or (first != last and -1 in (first, last)):
            raise NotUnderstood
        found |= {kind for number, kind in _KINDS.items() if first <= number <= last}
    return exactly(packets(found))


_FAMILIES = {
    "ipv4": ANY_IPV4, "ip": ANY_IPV4, "2": ANY_IPV4, "2048": ANY_IPV4,
    "ipv6": ANY_IPV6, "ip6": ANY_IPV6, "10": ANY_IPV6, "34525": ANY_IPV6,
}  # fmt: skip
_OTHER_FAMILIES = {"arp", "bridge", "netdev", "inet", "2054"}


def of_families(values: Values) -> Reach:
    blocks = []
    for value in values:
        word = str(value) if isinstance(value, str | int) else ""
        if word in _FAMILIES:
            blocks.append(_FAMILIES[word])
        elif word not in _OTHER_FAMILIES:
            raise NotUnderstood
    return exactly(packets(blocks=blocks))


def of_version(block: Cidr) -> Reader:
    """`ip version 4`: of a packet that has this header."""
    version = block.network.version

    def read(values: Values) -> Reach:
        is_it = any(first <= version <= last for first, last in (integers(value, 15) for value in values))
        return exactly(packets(blocks=[block])) if is_it else NEVER

    return read


def of_interfaces(values: Values) -> Reach:
    """No client uses loopback; which other interface one uses is not known."""
    if not all(isinstance(value, str | int) for value in values):
        raise NotUnderstood
    return NEVER if all(value == "lo" for value in values) else perhaps(INTERFACE)


def of_interface_types(values: Values) -> Reach:
    return NEVER if all(value == "loopback" for value in values) else perhaps(INTERFACE)


def of_constant(*words: Any) -> Reader:
    """What every first packet has: `ct direction original`, `fib daddr type local`, `meta pkttype host`."""
    return lambda values: ALWAYS if any(value in words for value in values) else NEVER


def of_absent(values: Values) -> Reach:
    """Whether a header is there (`exists` is true), which no first packet has."""
    return ALWAYS if False in values else NEVER


def of_source_ports(protocols: Iterable[Protocol]) -> Reader:
    region = packets(protocols)

    def read(values: Values) -> Reach:
        found = [integers(value, MAX_PORT) for value in values]
        if any((first, last) == (0, MAX_PORT) for first, last in found):
            return exactly(region)
        return perhaps(SOURCE_PORT, region) if found else NEVER

    return read


def not_known(why: str) -> Reader:
    return lambda values: perhaps(why) if values else NEVER


class Subject:
    """What a match compares: which packets have it at all, and which of them have one of some values.

    A rule with a match does not go on for packets that do not have its subject, whatever the operator.
    """

    __slots__ = ("bound", "read")

    def __init__(self, read: Reader, bound: PacketSet = EVERYTHING) -> None:
        self.read, self.bound = read, bound

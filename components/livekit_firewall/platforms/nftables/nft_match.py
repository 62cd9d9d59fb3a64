"""Which of the packets that may open a flow one match of an nftables rule matches, from nft's JSON."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct

from ...effective.syntax import PROTOCOLS, NotAFirewall, block_of, ports_of, protocols_of
from ...model.addresses import ANY_IPV4, ANY_IPV6, Cidr, Family
from ...model.packets import ALL_PORTS, EVERYBODY, PacketSet, everything
from ...model.ports import PortRange, Protocol
from ...model.text import quoted


class Reach(Struct, frozen=True):
    """The packets that a match matches.

    Attributes:
        region: the packets that it may match; None for all.
        unknown: why it may match fewer; "" if it matches exactly these.
    """

    region: PacketSet | None = None
    unknown: str = ""


NEVER = Reach(PacketSet())
ALWAYS = Reach()
SOURCE_PORT = "the port that it is sent from"
Sets = Mapping[str, list[Any]]


PORTLESS = ("icmp ", "icmpv6 ", "igmp ")
"""Prefixes of subjects that no TCP or UDP packet has."""


class _Unknown(Exception):
    pass


def reach(expression: Mapping[str, Any], sets: Sets) -> Reach:
    """The reach of `{"match": {"op", "left", "right"}}`; unknown for everything else, never an error."""
    match = expression.get("match")
    if not isinstance(match, dict) or not isinstance(match.get("left"), dict):
        return Reach(unknown=_shown(expression))
    if match.get("op") not in ("==", "!=", "in"):
        return Reach(unknown=f"the operator {quoted(str(match.get('op')), 20)}")
    subject = _subject(match["left"])
    if subject.startswith(PORTLESS):
        return NEVER
    understand = SUBJECTS.get(subject)
    if understand is None:
        return Reach(unknown=subject)
    try:
        found = understand(_values(match.get("right"), sets))
    except _Unknown as error:
        return Reach(unknown=f"{subject} {error}".strip())
    if match["op"] != "!=":
        return found
    if found.unknown or found.region is None:
        return found if found.unknown else NEVER
    inverse = everything() - found.region
    bound = BOUNDS.get(subject)
    return Reach(inverse & bound() if bound else inverse)


def _subject(left: Mapping[str, Any]) -> str:
    """`tcp dport`, `ip saddr`, `ct state`, `meta l4proto`, …"""
    kind, about = next(iter(left.items()), ("", None))
    if not isinstance(about, dict):
        return kind[:40]
    if kind == "payload":
        return f"{about.get('protocol')} {about.get('field')}"[:60]
    suffix = f" {about['dir']}" if about.get("dir") else ""
    return f"{kind} {about.get('key')}{suffix}"[:60]


def _shown(expression: Mapping[str, Any]) -> str:
    return str(next(iter(expression), "something"))[:40]


def _values(right: Any, sets: Sets) -> list[Any]:
    """The right-hand side as a flat list of values, ranges and prefixes."""
    if isinstance(right, str) and right.startswith("@"):
        if right[1:] not in sets:
            raise _Unknown(f"of the set {right[:40]}")
        return [value for one in sets[right[1:]] for value in _values(one, sets)]
    if isinstance(right, dict) and "set" in right:
        return (
            [value for one in right["set"] for value in _values(one, {})]
            if isinstance(right["set"], list)
            else _no(right)
        )
    if isinstance(right, dict) and isinstance(right.get("elem"), dict) and "val" in right["elem"]:
        return _values(right["elem"]["val"], {})
    if isinstance(right, list):
        return [value for one in right for value in _values(one, {})]
    return [right]


def _no(value: object) -> Any:
    raise _Unknown(str(value)[:40])


def _ports(protocols: Iterable[Protocol]) -> Callable[[list[Any]], Reach]:
    def understand(values: list[Any]) -> Reach:
        found: list[PortRange] = []
        for value in values:
            first, last = _range(value)
            if type(first) is not int or type(last) is not int or not 0 <= first <= last <= 65535:
                _no(value)
            found += ports_of(tuple(protocols), first, last, "nftables")
        return Reach(PacketSet.box(found, EVERYBODY))

    return understand


def _range(value: Any) -> tuple[Any, Any]:
    if isinstance(value, dict):
        ends = value.get("range")
        return (ends[0], ends[1]) if isinstance(ends, list) and len(ends) == 2 else _no(value)
    return value, value


def _addresses(family: Family) -> Callable[[list[Any]], Reach]:
    def understand(values: list[Any]) -> Reach:
        blocks = [block for value in values for block in _blocks(value)]
        if any(block.family is not family for block in blocks):
            _no("of another family")
        return Reach(PacketSet.box(ALL_PORTS, blocks))

    return understand


def _blocks(value: Any) -> list[Cidr]:
    try:
        if isinstance(value, dict) and isinstance(value.get("prefix"), dict):
            return [block_of(f"{value['prefix']['addr']}/{value['prefix']['len']}", "nftables")]
        if isinstance(value, dict):
            first, last = (ipaddress.ip_address(end) for end in _range(value))
            return [Cidr(one) for one in ipaddress.summarize_address_range(first, last)]
        return [block_of(value if isinstance(value, str) else _no(value), "nftables")]
    except (NotAFirewall, ValueError, TypeError, KeyError):
        raise _Unknown(str(value)[:40]) from None


def _protocol(values: list[Any]) -> Reach:
    found = set[Protocol]()
    for value in values:
        known = protocols_of(str(value)) if isinstance(value, str | int) else None
        if known is None or str(value) in ("-1", "all", "*"):
            _no(value)
        found |= set(known or ())
    return Reach(PacketSet.box([one for one in ALL_PORTS if one.protocol in found], EVERYBODY))


FAMILY_WORDS = {"ipv4": ANY_IPV4, "ipv6": ANY_IPV6, "ip": ANY_IPV4, "ip6": ANY_IPV6}


def _family(values: list[Any]) -> Reach:
    blocks = [FAMILY_WORDS[value] if value in FAMILY_WORDS else _no(value) for value in map(str, values)]
    return Reach(PacketSet.box(ALL_PORTS, blocks))


def _interface(values: list[Any]) -> Reach:
    """No client uses loopback; which other interface one uses is not known."""
    return NEVER if values == ["lo"] else _no(", ".join(map(str, values))[:40])


def _state(values: list[Any]) -> Reach:
    """The first packet of a flow is new."""
    return ALWAYS if "new" in values else NEVER


def _source_port(protocols: Iterable[Protocol]) -> Callable[[list[Any]], Reach]:
    return lambda _values: Reach(_only(protocols), SOURCE_PORT)


SUBJECTS: Mapping[str, Callable[[list[Any]], Reach]] = {
    "meta l4proto": _protocol,
    "meta nfproto": _family,
    "meta protocol": _family,
    "meta iifname": _interface,
    "meta iif": _interface,
    "ct state": _state,
    "ct proto-dst original": _ports(Protocol),
    "ip saddr": _addresses(Family.IPV4),
    "ip6 saddr": _addresses(Family.IPV6),
    "ip protocol": lambda values: Reach(_of(ANY_IPV4, _protocol(values))),
    "ip6 nexthdr": lambda values: Reach(_of(ANY_IPV6, _protocol(values))),
    "th dport": _ports(Protocol),
    "tcp dport": _ports(PROTOCOLS["tcp"]),
    "udp dport": _ports(PROTOCOLS["udp"]),
    "th sport": _source_port(Protocol),
    "tcp sport": _source_port(PROTOCOLS["tcp"]),
    "udp sport": _source_port(PROTOCOLS["udp"]),
}
"""What a match is on, and how its values are read."""


def _of(block: Cidr, found: Reach) -> PacketSet:
    return (found.region or PacketSet()) & PacketSet.box(ALL_PORTS, [block])


def _only(protocols: Iterable[Protocol], blocks: Iterable[Cidr] = EVERYBODY) -> PacketSet:
    return PacketSet.box([one for one in ALL_PORTS if one.protocol in protocols], blocks)


BOUNDS: Mapping[str, Callable[[], PacketSet]] = {
    "ip saddr": lambda: _only(Protocol, [ANY_IPV4]),
    "ip6 saddr": lambda: _only(Protocol, [ANY_IPV6]),
    "ip protocol": lambda: _only(Protocol, [ANY_IPV4]),
    "ip6 nexthdr": lambda: _only(Protocol, [ANY_IPV6]),
    "tcp dport": lambda: _only(PROTOCOLS["tcp"]),
    "udp dport": lambda: _only(PROTOCOLS["udp"]),
}
"""What a match implies even where it says `!=`: `ip saddr != x` matches no IPv6 packet."""

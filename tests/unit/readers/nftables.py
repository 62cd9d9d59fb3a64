"""What nftables does with the first packet of a flow, read from the text of a ruleset.

A parser and an evaluator of the part of nft's language that a host ruleset needs, written from nft(8) and
not from the back end: it shares no code with it. What it does not know it refuses.
"""

from __future__ import annotations

import ipaddress
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from livekit_firewall.model.addresses import ANY, Cidr, Direction, Family, Identity, Packet
from livekit_firewall.model.packets import ALL_PORTS, EVERYBODY, PacketSet
from livekit_firewall.model.ports import PortRange, Protocol

from .area import ADDRESSES, Area

TOKEN = re.compile(r'"[^"\n]*"|#[^\n]*|[{},;]|\n|[^\s{},;"#]+')
SET_TYPES = {"inet_service": 0, "ipv4_addr": 4, "ipv6_addr": 6}
ICMP = {"destination-unreachable", "time-exceeded", "parameter-problem", "echo-request"}
ICMPV6 = ICMP | {
    "packet-too-big", "nd-router-advert", "nd-neighbor-solicit", "nd-neighbor-advert",
    "mld-listener-query", "mld-listener-report", "mld-listener-done", "mld2-listener-report",
}  # fmt: skip


@dataclass(frozen=True)
class Match:
    """A condition on the first packet of a flow, and the set of those that it holds for."""

    test: Callable[[Packet], bool]
    packets: Callable[[], PacketSet]

    def __call__(self, packet: Packet) -> bool:
        return self.test(packet)


@dataclass
class Rule:
    """Matches that must all hold, and a verdict. `comment` is "" for none."""

    matches: list[Match] = field(default_factory=list)
    verdict: str = ""
    comment: str = ""


@dataclass
class Ruleset:
    """The table `inet livekit`: named sets of intervals, and the chain `input`, whose policy is drop."""

    sets: dict[str, tuple[str, list[tuple[int, int]]]] = field(default_factory=dict)
    comments: dict[tuple[str, str], str] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)


def admits_native(native: str, packet: Packet, *, baseline: bool = False) -> bool:
    """Whether the ruleset accepts the packet as the first of its flow, come over a network interface.
    With `baseline`, also what its baseline accepts."""
    assert packet.direction is Direction.INGRESS
    if isinstance(packet.source, Identity):
        return False  # a host knows addresses only
    for rule in read(native).rules:
        if rule.comment.startswith("baseline:") and rule.verdict == "accept" and not baseline:
            continue
        if all(match(packet) for match in rule.matches):
            return rule.verdict == "accept"
    return False


def area(token: str, inputs: Mapping[str, Any]) -> Area:
    """What a ruleset lets in from the network, whether it is a file or loaded."""
    left, admitted = EVERY_PACKET, PacketSet()
    for rule in read(inputs.get("content") or inputs["ruleset"]).rules:
        mine = left
        for match in rule.matches:
            mine &= match.packets()
        left, admitted = left - mine, (admitted | mine if rule.verdict == "accept" else admitted)
    return Area({("host", ADDRESSES): admitted})


@lru_cache(maxsize=4)
def read(text: str) -> Ruleset:
    """Parse the whole text; nobody changes what it returns. Raises ValueError for anything unknown."""
    return _Parser(text).ruleset()


class _Parser:
    def __init__(self, text: str) -> None:
        spoilt = TOKEN.sub("", text).strip(" \t")
        if spoilt:
            raise ValueError(f"not a token: {spoilt[:40]!r}")
        self.tokens = [token for token in TOKEN.findall(text) if not token.startswith("#")]
        self.at = 0
        self.into = Ruleset()

    def take(self, *expected: str) -> str:
        token = self.tokens[self.at]
        if expected and token not in expected:
            raise ValueError(f"{' or '.join(map(repr, expected))} expected, not {token!r}")
        self.at += 1
        return token

    def words(self, phrase: str) -> None:
        for word in phrase.split():
            self.take(word)

    def next_is(self, *tokens: str) -> bool:
        return self.at < len(self.tokens) and self.tokens[self.at] in tokens

    def skip_lines(self) -> None:
        while self.next_is("\n"):
            self.at += 1

    def ruleset(self) -> Ruleset:
        for opening in ("table inet livekit", "delete table inet livekit", "table inet livekit {"):
            self.skip_lines()
            self.words(opening)
            self.take("\n")
        self.skip_lines()
        while not self.next_is("}"):
            self.set_() if self.take("set", "chain") == "set" else self.chain()
            self.skip_lines()
        self.take("}")
        self.skip_lines()
        if self.at != len(self.tokens):
            raise ValueError(f"nothing more expected, not {self.tokens[self.at]!r}")
        return self.into

    def set_(self) -> None:
        name = self.name()
        if name in self.into.sets:
            raise ValueError(f"set {name} is defined twice")
        self.words("{")
        self.skip_lines()
        self.take("type")
        kind = self.take(*SET_TYPES)
        self.take("\n")
        self.words("flags interval")
        self.take("\n")
        self.words("elements = {")
        intervals = []
        while True:
            self.skip_lines()
            element = self.take()
            intervals.append(_interval(element, SET_TYPES[kind]))
            if self.next_is("comment"):
                self.take()
                self.into.comments[name, element] = self.string()
            self.skip_lines()
            if self.take(",", "}") == "}":
                break
        self.take("\n")
        self.take("}")
        intervals.sort()
        if any(low <= high for (_, high), (low, _) in itertools.pairwise(intervals)):
            raise ValueError(f"set {name}: conflicting intervals specified")
        self.into.sets[name] = (kind, intervals)

    def chain(self) -> None:
        self.words("input {")
        self.take("\n")
        self.words("type filter hook input priority filter ; policy drop ;")
        self.skip_lines()
        while not self.next_is("}"):
            self.into.rules.append(self.rule())
            self.skip_lines()
        self.take("}")

    def rule(self) -> Rule:
        rule = Rule()
        while not rule.verdict:
            head = self.take()
            if head in ("accept", "drop"):
                rule.verdict = head
            elif head in MATCHES:
                rule.matches.append(MATCHES[head](self))
            else:
                raise ValueError(f"a match or a verdict expected, not {head!r}")
        if self.next_is("comment"):
            self.take()
            rule.comment = self.string()
        self.take("\n")
        return rule

    def name(self) -> str:
        name = self.take()
        if not re.fullmatch("[a-z][a-z0-9_]*", name):
            raise ValueError(f"not a name: {name!r}")
        return name

    def string(self) -> str:
        token = self.take()
        if not (token.startswith('"') and len(token) <= 130):
            raise ValueError(f"a string of at most 128 characters expected, not {token!r}")
        return token[1:-1]

    def anonymous(self, known: set[str]) -> list[str]:
        self.take("{")
        words = [self.take(*known)]
        while self.take(",", "}") == ",":
            words.append(self.take(*known))
        return words

    def intervals(self, kind: str) -> list[tuple[int, int]]:
        token = self.take()
        if not token.startswith("@"):
            return [_interval(token, SET_TYPES[kind])]
        held, intervals = self.into.sets[token[1:]]
        if held != kind:
            raise ValueError(f"{token} holds {held}, not {kind}")
        return intervals


def _interval(text: str, version: int) -> tuple[int, int]:
    if version:
        network = ipaddress.ip_network(text)
        if network.version != version:
            raise ValueError(f"{text} is not of IPv{version}")
        return int(network.network_address), int(network.broadcast_address)
    first, _, last = text.partition("-")
    if not 1 <= int(first) <= int(last or first) <= 65535:
        raise ValueError(f"not ports: {text}")
    return int(first), int(last or first)


def _within(number: int, intervals: list[tuple[int, int]]) -> bool:
    return any(low <= number <= high for low, high in intervals)


EVERY_PACKET = PacketSet.box(ALL_PORTS, EVERYBODY)
NEVER = Match(lambda packet: False, PacketSet)


def _on(ports: list[tuple[int, int]], protocols: Iterable[Protocol] = tuple(Protocol)) -> PacketSet:
    return PacketSet.box([PortRange(one, *ends) for one in protocols for ends in ports], EVERYBODY)


def _ct(parser: _Parser) -> Match:
    if parser.take("state", "original") == "original":
        parser.take("proto-dst")
        ports = parser.intervals("inet_service")
        return Match(lambda packet: _within(packet.port, ports), lambda: _on(ports))
    states = {parser.take("established", "related", "invalid", "new")}
    while parser.next_is(","):
        parser.take()
        states.add(parser.take("established", "related", "invalid", "new"))
    # it is the first of its flow
    return Match(lambda packet: "new" in states, lambda: EVERY_PACKET) if "new" in states else NEVER


def _meta(parser: _Parser) -> Match:
    if parser.take("nfproto", "l4proto") == "nfproto":
        family = Family(parser.take("ipv4", "ipv6"))
        return Match(
            lambda packet: packet.source.version == int(family.value[-1]),  # type: ignore[union-attr]
            lambda: PacketSet.box(ALL_PORTS, [ANY[family]]),
        )
    protocol = Protocol(parser.take("tcp", "udp"))
    return Match(lambda packet: packet.protocol is protocol, lambda: _on([(1, 65535)], [protocol]))


def _source(version: int) -> Callable[[_Parser], Match]:
    def match(parser: _Parser) -> Match:
        parser.take("saddr")
        blocks = parser.intervals({4: "ipv4_addr", 6: "ipv6_addr"}[version])
        return Match(
            lambda packet: packet.source.version == version and _within(int(packet.source), blocks),  # type: ignore[union-attr,arg-type]
            lambda: PacketSet.box(ALL_PORTS, _cidrs(version, blocks)),
        )

    return match


def _cidrs(version: int, blocks: list[tuple[int, int]]) -> Iterator[Cidr]:
    address: Any = {4: ipaddress.IPv4Address, 6: ipaddress.IPv6Address}[version]
    for low, high in blocks:
        yield from map(Cidr, ipaddress.summarize_address_range(address(low), address(high)))


def _udp(parser: _Parser) -> Match:
    side = parser.take("sport", "dport")
    ports = parser.intervals("inet_service")
    if side == "sport":
        return NEVER  # clients send from a port of their own choice, none of the few named
    return Match(
        lambda packet: packet.protocol is Protocol.UDP and _within(packet.port, ports),
        lambda: _on(ports, [Protocol.UDP]),
    )


def _icmp(known: set[str]) -> Callable[[_Parser], Match]:
    def match(parser: _Parser) -> Match:
        parser.take("type")
        parser.anonymous(known)
        return NEVER  # packets have ports

    return match


def _iifname(parser: _Parser) -> Match:
    parser.take('"lo"')
    return NEVER


MATCHES: dict[str, Any] = {
    "ct": _ct,
    "meta": _meta,
    "ip": _source(4),
    "ip6": _source(6),
    "udp": _udp,
    "icmp": _icmp(ICMP),
    "icmpv6": _icmp(ICMPV6),
    "iifname": _iifname,
}


def comments(text: str) -> Iterator[str]:
    """All comments that the kernel keeps, of elements and of rules."""
    ruleset = read(text)
    yield from ruleset.comments.values()
    yield from (rule.comment for rule in ruleset.rules)

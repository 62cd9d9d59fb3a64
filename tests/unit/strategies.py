"""Hypothesis strategies for the values of `net` and `rules`, for every test that needs arbitrary ones.

    @few_examples
    @given(judged(identities=[Identity.LOAD_BALANCER]))
    def test_...(case):
        rules, packet = case          # the packet lies just inside or just outside one of the rules

Values are drawn from small pools that overlap, touch and nest, because that is where rendering goes
wrong; a share of them is arbitrary.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Sequence
from functools import cache
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st

from livekit_firewall.model.addresses import (
    ANY,
    BOTH_FAMILIES,
    Address,
    Cidr,
    Family,
    Identity,
    NamedBlock,
    Packet,
    Peer,
)
from livekit_firewall.model.ports import MAX_PORT, PortRange, Protocol
from livekit_firewall.model.rules import Reason, Rule, RuleSet
from livekit_firewall.model.services import Service

LENGTH = max(1, settings().max_examples // 200)
"""How many times longer than usual this run is to search: 10 for `make soak`."""


def _at_most(examples: int) -> settings:
    return settings(
        max_examples=min(examples, settings().max_examples) * LENGTH,
        deadline=2000 if LENGTH == 1 else settings().deadline,
    )


few_examples = _at_most(60)
"""For properties that cost milliseconds: the unit tier stays within seconds, on CI they get more."""

fewest_examples = _at_most(20 if LENGTH == 1 else 60)
"""For those that cost tens of milliseconds; in `make soak` as many as the others."""

EDGES = [1, 2, 22, 80, 443, 444, 5060, 5061, 7880, 7881, 7882, 10000, 20000, 50000, 59999, 60000, MAX_PORT]

BLOCKS = {
    Family.IPV4: [
        "0.0.0.0/0", "0.0.0.0/1", "10.0.0.0/8", "10.0.0.0/24", "10.0.1.0/24", "10.0.0.7/32",
        "198.51.100.0/24", "198.51.100.128/25", "203.0.113.9/32", "255.255.255.255/32",
    ],
    Family.IPV6: [
        "::/0", "::/1", "2001:db8::/32", "2001:db8::/48", "2001:db8:1::/48", "2001:db8::1/128",
        "fd00::/8", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128",
    ],
}  # fmt: skip

Name = Identity | NamedBlock
"""What a peer is known by, in place of addresses."""

# each with a text for its value, by which readers know it again
NAMED = tuple(NamedBlock(name, f"cidrs.{name}") for name in ("nlb-a", "office"))
"""Blocks that are not known yet, for `identities` of the strategies."""

KEYS = ["port", "tcp_port", "udp_port", "rtc.port_range_start", "rtc.port_range_end", "sip.rtp_port"]
TEXTS = ["ICE over UDP", "SIP media", "a sentence"]


# Made once: Hypothesis checks a strategy whenever it first draws from it, and some of these are drawn from thousands
# of times.
_PORT_NUMBERS = st.sampled_from(EDGES) | st.integers(1, MAX_PORT)
_PROTOCOLS = st.sampled_from(Protocol)
_YES_OR_NO = st.booleans()
_BLOCKS = {family: st.sampled_from(blocks) for family, blocks in BLOCKS.items()}


Value = TypeVar("Value")


def pick(draw: st.DrawFn, values: Sequence[Value]) -> Value:
    """One of values that another example has not: by its place, so that no strategy is made for them."""
    return values[draw(st.integers(0, len(values) - 1))]


def port_numbers() -> st.SearchStrategy[int]:
    return _PORT_NUMBERS


def _port_range(one: int, other: int, is_range: bool, protocol: Protocol) -> PortRange:
    return PortRange(protocol, *((min(one, other), max(one, other)) if is_range else (one, one)))


_PORTS = st.builds(_port_range, _PORT_NUMBERS, _PORT_NUMBERS, _YES_OR_NO, _PROTOCOLS)


def ports() -> st.SearchStrategy[PortRange]:
    """A port or a range of either protocol."""
    return _PORTS


@cache
def _families(families: frozenset[Family]) -> st.SearchStrategy[Family]:
    return st.sampled_from(sorted(families))


@st.composite
def cidrs(draw: st.DrawFn, families: Collection[Family] = BOTH_FAMILIES) -> Cidr:
    """A canonical block of one of the families."""
    family = draw(_families(frozenset(families)))
    if draw(st.integers(0, 3)):
        return Cidr.parse(draw(_BLOCKS[family]))
    bits = 32 if family is Family.IPV4 else 128
    # Beyond IPv4 and IPv4-mapped space, so that every block is one that Cidr.parse takes.
    number = draw(st.integers(0, 2**bits - 1)) | (0 if bits == 32 else 1 << 125)
    prefix = draw(st.integers(0, bits))
    low = number >> (bits - prefix) << (bits - prefix)
    address = ipaddress.IPv4Address(low) if bits == 32 else ipaddress.IPv6Address(low)
    return Cidr.parse(f"{address}/{prefix}")


@cache
def _peers(identities: frozenset[Name], families: frozenset[Family]) -> st.SearchStrategy[Peer]:
    whole = [Peer.of(ANY[family]) for family in sorted(families)]
    kinds = [cidrs(families).map(Peer.of), st.sampled_from(whole)]
    if families == BOTH_FAMILIES:
        kinds.append(st.just(Peer.anywhere()))
    if identities:
        kinds.append(st.sampled_from(sorted(identities, key=str)).map(Peer.of))
    return st.one_of(kinds)


def peers(identities: Collection[Name] = (), families: Collection[Family] = BOTH_FAMILIES) -> st.SearchStrategy[Peer]:
    """Anywhere (when both families are asked for), any block, or one of the identities and named blocks."""
    return _peers(frozenset(identities), frozenset(families))


_REASONS = st.lists(
    st.builds(Reason, key=st.sampled_from(KEYS), text=st.sampled_from(TEXTS)), max_size=2, unique=True
).map(lambda some: tuple(sorted(some)))


def reasons() -> st.SearchStrategy[tuple[Reason, ...]]:
    return _REASONS


def rules(identities: Collection[Name] = (), families: Collection[Family] = BOTH_FAMILIES) -> st.SearchStrategy[Rule]:
    """One ingress rule."""
    return _rules(frozenset(identities), frozenset(families))


@cache
def _rules(identities: frozenset[Name], families: frozenset[Family]) -> st.SearchStrategy[Rule]:
    services = st.sampled_from(Service)
    return st.builds(Rule, ports=ports(), peer=peers(identities, families), service=services, reasons=reasons())


def rule_sets(
    identities: Collection[Name] = (),
    families: Collection[Family] = BOTH_FAMILIES,
    max_size: int = 6,
) -> st.SearchStrategy[RuleSet]:
    """Normalised ingress rules; the default size stays below every platform's quota."""
    return _rule_sets(frozenset(identities), frozenset(families), max_size)


@cache
def _rule_sets(identities: frozenset[Name], families: frozenset[Family], max_size: int) -> st.SearchStrategy[RuleSet]:
    return st.lists(rules(identities, families), max_size=max_size).map(RuleSet.of)


def _around(low: int, high: int, least: int, most: int) -> list[int]:
    """The inside and outside of both ends, within what is possible."""
    return sorted({number for number in (low - 1, low, high, high + 1) if least <= number <= most})


@st.composite
def addresses(draw: st.DrawFn, near: Collection[Cidr] = ()) -> Address:
    """Any address, mostly the first or last of a block, or its neighbour outside."""
    if near and draw(st.integers(0, 4)):
        block = pick(draw, sorted(near, key=lambda block: block.order))
        number = pick(draw, _around(*block.bounds, 0, 2**block.network.max_prefixlen - 1))
        return ipaddress.IPv4Address(number) if block.family is Family.IPV4 else ipaddress.IPv6Address(number)
    return draw(st.ip_addresses())


@st.composite
def packets(draw: st.DrawFn, around: RuleSet | None = None, identities: Collection[Name] = ()) -> Packet:
    """The first packet of a flow to the node, at the boundaries of the rule set `around`: just inside or
    outside of a rule's ports and of a block. With `identities`, some come from one of those."""
    known = list(around.ingress) if around else []
    near = [block for rule in known for block in rule.peer.blocks]
    source: Address | Name = draw(addresses(near))
    protocol, port = draw(_PROTOCOLS), draw(port_numbers())
    if known and draw(st.integers(0, 4)):
        rule = pick(draw, known)
        port = pick(draw, _around(rule.ports.first, rule.ports.last, 1, MAX_PORT))
        if draw(st.integers(0, 3)):
            protocol = rule.ports.protocol
        if rule.peer.blocks and draw(st.integers(0, 3)):
            source = draw(addresses(rule.peer.blocks))
        if not rule.peer.blocks and identities:
            return Packet(pick(draw, sorted(identities, key=str)), protocol, port)
    if identities and not draw(st.integers(0, 3)):
        source = pick(draw, sorted(identities, key=str))
    return Packet(source, protocol, port)


@st.composite
def judged(
    draw: st.DrawFn,
    identities: Collection[Name] = (),
    families: Collection[Family] = BOTH_FAMILIES,
    max_size: int = 6,
) -> tuple[RuleSet, Packet]:
    """A rule set and a packet at its boundaries."""
    rule_set = draw(rule_sets(identities, families, max_size))
    return rule_set, draw(packets(rule_set, identities))

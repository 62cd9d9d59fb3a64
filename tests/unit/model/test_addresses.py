"""Values of `net`: what their constructors refuse, how they print, and that printing loses nothing."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.model.addresses import ANY_IPV4, ANY_IPV6, Cidr, Family, Identity, NamedBlock, Peer
from livekit_firewall.model.ports import PortRange, Protocol

from .. import strategies

V4 = ipaddress.IPv4Address
V6 = ipaddress.IPv6Address


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        (0, 1, "a port must be an integer from 1 to 65535 (got 0)"),
        (1, 65536, "a port must be an integer from 1 to 65535 (got 65536)"),
        (-1, 5, "a port must be an integer from 1 to 65535 (got -1)"),
        (True, 5, "a port must be an integer from 1 to 65535 (got True)"),
        (7881.0, 7881.0, "a port must be an integer from 1 to 65535 (got 7881.0)"),
        ("7881", 7881, "a port must be an integer from 1 to 65535 (got '7881')"),
        (7882, 7881, "first port must be <= last port (got 7882 > 7881)"),
    ],
)
def test_a_port_range_refuses_what_is_no_range_of_ports(first: object, last: object, text: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (the whole text is compared)
        PortRange(Protocol.UDP, first, last)  # type: ignore[arg-type]
    assert str(caught.value) == text


def test_a_port_range_refuses_a_protocol_that_is_none() -> None:
    with pytest.raises(ValueError, match="must be tcp or udp"):
        PortRange("icmp", 1, 2)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="must be tcp or udp"):
        PortRange("tcp", 1, 2)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ports", "text", "alone", "count"),
    [
        (PortRange.udp(50000, 60000), "udp/50000-60000", "50000-60000", 10001),
        (PortRange.tcp(7881), "tcp/7881", "7881", 1),
        (PortRange.tcp(1, 65535), "tcp/1-65535", "1-65535", 65535),
        (PortRange.udp(65535, 65535), "udp/65535", "65535", 1),
    ],
)
def test_a_port_range_prints_as_protocol_and_ports(ports: PortRange, text: str, alone: str, count: int) -> None:
    assert (str(ports), ports.ports, len(ports)) == (text, alone, count)


@given(strategies.ports(), st.integers(0, 65536))
def test_a_port_range_holds_its_ends_and_what_lies_between(ports: PortRange, port: int) -> None:
    assert (port in ports) == (port in range(ports.first, ports.last + 1))
    protocol, _, text = str(ports).partition("/")
    first, _, last = text.partition("-")
    assert PortRange(Protocol(protocol), int(first), int(last or first)) == ports


@given(strategies.ports(), strategies.ports())
def test_port_ranges_overlap_when_they_share_a_port_of_one_protocol(one: PortRange, other: PortRange) -> None:
    shared = range(max(one.first, other.first), min(one.last, other.last) + 1)
    assert one.overlaps(other) == other.overlaps(one) == (one.protocol == other.protocol and len(shared) > 0)


@pytest.mark.parametrize(
    ("text", "canonical", "family"),
    [
        ("198.51.100.0/24", "198.51.100.0/24", Family.IPV4),
        ("0.0.0.0/0", "0.0.0.0/0", Family.IPV4),
        ("203.0.113.9/32", "203.0.113.9/32", Family.IPV4),
        ("10.0.0.0/08", "10.0.0.0/8", Family.IPV4),
        ("::/0", "::/0", Family.IPV6),
        ("0::/0", "::/0", Family.IPV6),
        ("2001:DB8:0:0::/32", "2001:db8::/32", Family.IPV6),
        ("2001:db8:0000:0000:0000:0000:0000:0001/128", "2001:db8::1/128", Family.IPV6),
        ("64:ff9b::203.0.113.0/120", "64:ff9b::cb00:7100/120", Family.IPV6),
    ],
)
def test_a_block_has_one_spelling(text: str, canonical: str, family: Family) -> None:
    block = Cidr.parse(text)
    assert (str(block), block.family) == (canonical, family)
    assert Cidr.parse(canonical) == block
    assert hash(Cidr.parse(canonical)) == hash(block)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "198.51.100.7/24",
            (
                "must have no host bits set (got '198.51.100.7/24'); "
                "write 198.51.100.0/24 for the block or 198.51.100.7/32 for that one address"
            ),
        ),
        (
            "2001:db8::1/32",
            (
                "must have no host bits set (got '2001:db8::1/32'); "
                "write 2001:db8::/32 for the block or 2001:db8::1/128 for that one address"
            ),
        ),
        (
            "198.51.100.7",
            "must have a prefix length (got '198.51.100.7'); write 198.51.100.7/32 for that one address",
        ),
        ("0.0.0.0", "must have a prefix length (got '0.0.0.0'); write 0.0.0.0/0 for every address"),
        ("::", "must have a prefix length (got '::'); write ::/0 for every address"),
        ("2001:DB8::1", "must have a prefix length (got '2001:DB8::1'); write 2001:db8::1/128 for that one address"),
        ("10.0.0.0/33", "must end in a prefix length from 0 to 32 (got '10.0.0.0/33')"),
        ("::/129", "must end in a prefix length from 0 to 128 (got '::/129')"),
        ("10.0.0.0/", "must end in a prefix length from 0 to 32 (got '10.0.0.0/')"),
        ("10.0.0.0/-1", "must end in a prefix length from 0 to 32 (got '10.0.0.0/-1')"),
        ("10.0.0.0/+8", "must end in a prefix length from 0 to 32 (got '10.0.0.0/+8')"),
        ("10.0.0.0/8 ", "must end in a prefix length from 0 to 32 (got '10.0.0.0/8 ')"),
        ("10.0.0.0/8/8", "must end in a prefix length from 0 to 32 (got '10.0.0.0/8/8')"),
        ("10.0.0.0/\u0668", "must end in a prefix length from 0 to 32 (got '10.0.0.0/\u0668')"),
        ("10.0.0.0/255.0.0.0", "must end in a prefix length from 0 to 32 (got '10.0.0.0/255.0.0.0')"),
        ("fe80::1%eth0/64", "must have no zone (got 'fe80::1%eth0/64'); leave out what follows %"),
        (
            "::ffff:203.0.113.0/120",
            "must not be an IPv4-mapped IPv6 block (got '::ffff:203.0.113.0/120'); write 203.0.113.0/24",
        ),
        ("::ffff:0:0/96", "must not be an IPv4-mapped IPv6 block (got '::ffff:0:0/96'); write 0.0.0.0/0"),
        ("010.0.0.0/8", "must be a text such as 203.0.113.0/24 or 2001:db8::/32 (got '010.0.0.0/8')"),
        (" 10.0.0.0/8", "must be a text such as 203.0.113.0/24 or 2001:db8::/32 (got ' 10.0.0.0/8')"),
        ("10.0.0/8", "must be a text such as 203.0.113.0/24 or 2001:db8::/32 (got '10.0.0/8')"),
        ("example.com", "must be a text such as 203.0.113.0/24 or 2001:db8::/32 (got 'example.com')"),
        ("", "must be a text such as 203.0.113.0/24 or 2001:db8::/32 (got '')"),
        (0, "must be a text such as 203.0.113.0/24 or 2001:db8::/32 (got 0)"),
        (None, "must be a text such as 203.0.113.0/24 or 2001:db8::/32 (got None)"),
    ],
)
def test_what_is_no_block_is_refused_with_what_to_write_instead(text: object, said: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (the whole text is compared)
        Cidr.parse(text)
    assert str(caught.value) == said


@pytest.mark.parametrize("text", ["10.0.0.0/" + "9" * 5000, "1" * 100_000, "10.0.0.0/8" + "x" * 100_000])
def test_a_hostile_block_is_refused_in_a_short_text(text: str) -> None:
    with pytest.raises(ValueError, match="must ") as caught:
        Cidr.parse(text)
    assert len(str(caught.value)) < 250


@given(strategies.cidrs())
def test_a_block_round_trips_and_holds_just_its_addresses(block: Cidr) -> None:
    assert Cidr.parse(str(block)) == block
    low, high = block.bounds
    kind = V4 if block.family is Family.IPV4 else V6
    most = 2**block.network.max_prefixlen - 1
    assert high - low + 1 == 2 ** (block.network.max_prefixlen - block.network.prefixlen)
    assert kind(low) in block
    assert kind(high) in block
    assert low == 0 or kind(low - 1) not in block
    assert high == most or kind(high + 1) not in block
    assert block.is_any == (high - low == most)


def test_an_address_is_in_no_block_of_the_other_family() -> None:
    assert V6(1) not in Cidr.parse("0.0.0.0/0")
    assert V4(1) not in Cidr.parse("::/0")
    assert "0.0.0.1" not in Cidr.parse("0.0.0.0/0")


@given(st.lists(strategies.cidrs(), max_size=6))
def test_blocks_sort_by_family_then_address_then_length(blocks: list[Cidr]) -> None:
    expected = sorted(blocks, key=lambda b: (b.network.version, int(b.network.network_address), b.network.prefixlen))
    assert sorted(blocks, key=lambda block: block.order) == expected


@pytest.mark.parametrize(
    ("peer", "text", "blocks", "anywhere"),
    [
        (Peer.anywhere(), "anywhere", (ANY_IPV4, ANY_IPV6), True),
        (Peer.any_ipv4(), "0.0.0.0/0", (ANY_IPV4,), False),
        (Peer.any_ipv6(), "::/0", (ANY_IPV6,), False),
        (Peer.of(Cidr.parse("10.0.0.0/8")), "10.0.0.0/8", (Cidr.parse("10.0.0.0/8"),), False),
        (Peer.of(Identity.LOAD_BALANCER), "load-balancer", (), False),
        (Peer.of(Identity.SAME_GROUP), "same-group", (), False),
        (Peer.of(Identity.OPERATORS), "operators", (), False),
        (Peer.of(NamedBlock("nlb-a")), "cidrs.nlb-a", (), False),
    ],
)
def test_a_peer_is_anywhere_a_block_an_identity_or_a_named_block(
    peer: Peer, text: str, blocks: tuple[Cidr, ...], anywhere: bool
) -> None:
    assert (str(peer), peer.blocks, peer.is_anywhere) == (text, blocks, anywhere)


@pytest.mark.parametrize(
    ("given", "got"),
    [
        ({"block": ANY_IPV4, "identity": Identity.SAME_GROUP}, "0.0.0.0/0 and same-group"),
        ({"block": ANY_IPV4, "named": NamedBlock("office")}, "0.0.0.0/0 and cidrs.office"),
        ({"identity": Identity.OPERATORS, "named": NamedBlock("office")}, "operators and cidrs.office"),
    ],
)
def test_a_peer_is_one_thing_only(given: dict[str, Any], got: str) -> None:
    with pytest.raises(ValueError, match=f"a peer is a block, an identity or a named block \\(got {got}\\)"):
        Peer(**given)


def test_a_network_of_ipaddress_is_a_block() -> None:
    assert Cidr.parse(ipaddress.ip_network("10.0.0.0/8")) == Cidr.parse("10.0.0.0/8")
    with pytest.raises(ValueError, match="must not be an IPv4-mapped IPv6 block"):
        Cidr.parse(ipaddress.ip_network("::ffff:10.0.0.0/104"))


@pytest.mark.parametrize("text", ["anywhere", "10.0.0.0/8", "2001:db8::/32", *Identity, "cidrs.nlb-a", "cidrs.10"])
def test_what_a_peer_prints_is_read_as_the_same_peer(text: str) -> None:
    assert str(Peer.parse(text)) == text
    assert Peer.parse(str(Peer.parse(text))) == Peer.parse(text)


def test_any_ipv4_and_any_ipv6_are_equal_however_they_are_made() -> None:
    assert Peer.of(Cidr.parse("0.0.0.0/0")) == Peer.any_ipv4() != Peer.any_ipv6() == Peer.of(Cidr.parse("0::/0"))
    assert Peer.any_ipv4() != Peer.anywhere()

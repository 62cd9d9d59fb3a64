"""Rules in order, in three values; judged packet by packet by whoever may decide it."""

from __future__ import annotations

import ipaddress

from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.effective.evaluate import MAY_ADMIT, MAY_DENY, ParsedRule, Unread, evaluate
from livekit_firewall.model.addresses import Cidr
from livekit_firewall.model.packets import PacketSet
from livekit_firewall.model.ports import PortRange, Protocol

from ..strategies import pick

PORTS = range(1, 7)
SOURCES = tuple(map(ipaddress.ip_address, ("10.0.0.1", "10.0.0.2", "198.51.100.9", "2001:db8::1")))
BLOCKS = tuple(map(Cidr.parse, ("10.0.0.0/8", "10.0.0.2/32", "0.0.0.0/0", "198.51.100.0/24", "2001:db8::/32", "::/0")))
EVERYBODY = PacketSet.box([PortRange.tcp(443)], map(Cidr.parse, ("0.0.0.0/0", "::/0")))


@st.composite
def rules(draw: st.DrawFn) -> ParsedRule:
    first = pick(draw, PORTS)
    ports = PortRange.tcp(first, pick(draw, [port for port in PORTS if port >= first]))
    region = PacketSet.box([ports], draw(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=3)))
    return ParsedRule("one", draw(st.booleans()), region, unread=pick(draw, ["", "", "by a guess"]))


def fates(given_rules, source, port):
    """Every end that a packet may come to."""
    found = set()
    for one in given_rules:
        if one.region.holds(source, Protocol.TCP, port):
            found.add(one.allows)
            if not one.unread:
                return found
    return found | {False}


@given(st.lists(rules(), max_size=6))
def test_each_packet_is_what_every_reading_of_the_rules_says(given_rules):
    found = evaluate("any", given_rules)
    for source in SOURCES:
        for port in PORTS:
            ends = fates(given_rules, source, port)
            assert found.admitted.holds(source, Protocol.TCP, port) == (ends == {True})
            assert found.unknown.holds(source, Protocol.TCP, port) == (len(ends) == 2)


def test_a_doubt_is_told_where_it_decides_anything():
    sure = ParsedRule("sure", True, EVERYBODY)
    doubt = ParsedRule("doubt", True, EVERYBODY, unread="admits by a guess")
    assert evaluate("any", [doubt, sure]).unread == evaluate("any", [sure, doubt]).unread == ()
    assert evaluate("any", [doubt]).unread == (Unread("doubt", f"admits by a guess; {MAY_ADMIT}"),)


def test_a_doubtful_deny_makes_unknown_what_it_may_deny_and_no_more():
    doubt = ParsedRule("doubt", False, PacketSet.box([PortRange.tcp(443)], [Cidr.parse("10.0.0.0/8")]), unread="guess")
    found = evaluate("any", [doubt, ParsedRule("sure", True, EVERYBODY)])
    assert (found.unknown, found.admitted) == (doubt.region, EVERYBODY - doubt.region)
    assert found.unread == (Unread("doubt", f"guess; {MAY_DENY}"),)


def test_a_source_known_by_name_is_neither_everybody_nor_nobody():
    found = evaluate("any", [ParsedRule("group", True, named={"sg-1": EVERYBODY})])
    assert (found.by_name, found.unknown, found.admitted) == (EVERYBODY, PacketSet(), PacketSet())
    assert found.named == {"sg-1": EVERYBODY}


def test_a_deny_of_a_name_makes_unknown_what_is_allowed_after_it():
    found = evaluate("any", [ParsedRule("bad", False, named={"tag a": EVERYBODY}), ParsedRule("all", True, EVERYBODY)])
    assert (found.unknown, found.admitted) == (EVERYBODY, PacketSet())


def test_what_is_allowed_from_some_source_ports_only_is_neither_admitted_nor_unknown():
    found = evaluate("any", [ParsedRule("spoofed", True, EVERYBODY, partly=True)])
    assert (found.partly, found.admitted, found.unknown) == (EVERYBODY, PacketSet(), PacketSet())
    found = evaluate("any", [ParsedRule("bad", False, EVERYBODY), ParsedRule("spoofed", True, EVERYBODY, partly=True)])
    assert (found.partly, found.admitted, found.unknown) == (PacketSet(), PacketSet(), PacketSet())

"""What is not known before or after a change: it may open, and it may close, and never for sure."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.effective.evaluate import ParsedRule, evaluate
from livekit_firewall.effective.snapshot import Snapshot
from livekit_firewall.model.addresses import Cidr, Direction
from livekit_firewall.model.packets import PacketSet
from livekit_firewall.model.ports import PortRange, Protocol
from livekit_firewall.reports.review.difference import Pair, StackContext, changes_of, unclear_of

from ...strategies import pick

SOURCES = tuple(map(ipaddress.ip_address, ("10.0.0.1", "198.51.100.9", "2001:db8::1")))
BLOCKS = tuple(map(Cidr.parse, ("10.0.0.0/8", "0.0.0.0/0", "198.51.100.0/24", "::/0")))
EVERYBODY = [BLOCKS[1], BLOCKS[3]]
PORTS = range(9000, 9004)

ADMITTED = ParsedRule("rule", True, PacketSet.box([PortRange.tcp(9000)], EVERYBODY))
UNKNOWN = ParsedRule("rule", True, ADMITTED.region, unread="admits by a guess")
OTHERWISE = ParsedRule("rule", True, ADMITTED.region, unread="admits by another guess")
DOUBT = ParsedRule("ban", False, ADMITTED.region, unread="denies by a guess")


def pair(before: list[ParsedRule], after: list[ParsedRule]) -> Pair:
    sides = [{Direction.INGRESS: evaluate("fw", rules)} for rules in (before, after)]
    old, new = (Snapshot("key", "fw", "aws", side) for side in sides)
    return Pair(old, new, *sides)


@pytest.mark.parametrize(
    ("before", "after", "kinds", "unclear"),
    [
        ([], [ADMITTED], ["added"], (False, False)),
        ([], [UNKNOWN], ["may open"], (False, False)),
        ([UNKNOWN], [ADMITTED], ["may open"], (False, False)),
        ([UNKNOWN], [], ["may close"], (False, False)),
        ([ADMITTED], [UNKNOWN], ["may close"], (False, False)),
        ([ADMITTED], [DOUBT, ADMITTED], ["may close"], (False, False)),
        ([DOUBT, ADMITTED], [ADMITTED], ["may open"], (False, False)),
        ([UNKNOWN], [UNKNOWN], [], (False, False)),
        ([UNKNOWN], [OTHERWISE], [], (True, True)),
        ([UNKNOWN], [UNKNOWN, OTHERWISE], [], (True, False)),
        ([UNKNOWN], [DOUBT, ADMITTED], [], (False, True)),
    ],
)
def test_each_way_from_one_value_to_another(before, after, kinds, unclear):
    found = pair(before, after)
    assert [change.kind for change in changes_of(found, StackContext())] == kinds
    assert unclear_of(found)[1:] == unclear


@st.composite
def rules(draw: st.DrawFn) -> ParsedRule:
    first = pick(draw, PORTS)
    ports = PortRange.tcp(first, pick(draw, [port for port in PORTS if port >= first]))
    region = PacketSet.box([ports], draw(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=2)))
    return ParsedRule("rule", draw(st.booleans()), region, unread=pick(draw, ["", "guess", "other guess"]))


def value(side: list[ParsedRule], source, port) -> set[bool]:
    found: set[bool] = set()
    for one in side:
        if one.region.holds(source, Protocol.TCP, port):
            found.add(one.allows)
            if not one.unread:
                return found
    return found | {False}


RANK = {frozenset({False}): 0, frozenset({False, True}): 1, frozenset({True}): 2}


@given(st.lists(rules(), max_size=4), st.lists(rules(), max_size=4))
def test_each_packet_is_told_as_it_changes(before, after):
    told: dict[tuple[object, int], set[str]] = {}
    for change in changes_of(pair(before, after), StackContext()):
        for sign, reach in (("+", change.gained), ("-", change.lost)):
            for ports in reach.ports if reach else ():
                for port in PORTS:
                    for source in SOURCES:
                        if ports.first <= port <= ports.last and any(source in block for block in reach.blocks):
                            told.setdefault((source, port), set()).add(sign + "?" * (not change.is_sure))
    for source in SOURCES:
        for port in PORTS:
            old, new = value(before, source, port), value(after, source, port)
            sign = "+" if RANK[frozenset(new)] > RANK[frozenset(old)] else "-"
            is_sure = len(old) == len(new) == 1
            expected = set() if old == new else {sign if is_sure else f"{sign}?"}
            assert told.get((source, port), set()) == expected

"""What a verdict on a port means for a wish, and what the ports mean for the whole run."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.model.addresses import Family
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.services import Service
from livekit_firewall.probe.results.verdict import Outcome, PortVerdict, ProbeTarget, Row, ServiceAnswer, Verdict, fold

from .outcomes import BEFORE, ICE_TCP, OPEN, REDIS, UNTESTED, outcome, port_ranges, rows, seens

TARGET = ProbeTarget(PortRange.udp(50000, 50004), Family.IPV4, True)
WRONG = ServiceAnswer(Service.TURN_TLS, PortRange.tcp(5349), Family.IPV4, False, "certificate expired")


def test_folding_keeps_ports_in_a_row_that_fared_alike():
    blocked, on_host = BEFORE, PortVerdict(Verdict.BLOCKED_ON_HOST, "a rule")
    assert fold(TARGET, [OPEN, blocked, blocked, on_host, OPEN]) == [
        Row(TARGET, PortRange.udp(50000), OPEN),
        Row(TARGET, PortRange.udp(50001, 50002), blocked),
        Row(TARGET, PortRange.udp(50003), on_host),
        Row(TARGET, PortRange.udp(50004), OPEN),
    ]


def test_folding_one_verdict_is_one_row():
    assert fold(TARGET, [OPEN] * 5) == [Row(TARGET, TARGET.ports, OPEN)]


def test_another_detail_is_another_row():
    seen = [PortVerdict(Verdict.BLOCKED_ON_HOST, name) for name in ("one", "one", "two", "two", "one")]
    assert [(str(row.ports), row.seen.detail) for row in fold(TARGET, seen)] == [
        ("udp/50000-50001", "one"),
        ("udp/50002-50003", "two"),
        ("udp/50004", "one"),
    ]


@given(st.data())
def test_folding_loses_no_port_and_joins_all_that_can_be(data):
    ports = data.draw(port_ranges())
    kinds = data.draw(st.lists(seens(), min_size=1, max_size=3))
    seen = data.draw(st.lists(st.sampled_from(kinds), min_size=len(ports), max_size=len(ports)))
    found = fold(ProbeTarget(ports, Family.IPV6, False), seen)
    again = {port: row.seen for row in found for port in range(row.ports.first, row.ports.last + 1)}
    assert again == dict(zip(range(ports.first, ports.last + 1), seen, strict=True))
    assert sum(len(row.ports) for row in found) == len(ports)
    assert all(one.seen != other.seen for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("ports", "as_wanted"),
    [(PortRange.udp(50000, 50001), None), (PortRange.udp(50000), False), (PortRange.tcp(50000, 50001), False)],
)
def test_an_idle_port_of_a_media_range_refuses_though_all_may_be_well(ports, as_wanted):
    """It has a socket during calls only (LiveKit binds ICE ports on demand)."""
    nobody = PortVerdict(Verdict.NOBODY_LISTENS)
    assert Row(ProbeTarget(ports, Family.IPV4, True), ports, nobody).as_wanted is as_wanted
    assert Row(ProbeTarget(ports, Family.IPV4, False), ports, nobody).as_wanted is True


@pytest.mark.parametrize(
    ("verdict", "if_wanted", "if_closed"),
    [
        (Verdict.REACHABLE, True, False),
        (Verdict.BLOCKED_BEFORE_HOST, False, True),
        (Verdict.BLOCKED_ON_HOST, False, True),
        (Verdict.BLOCKED, False, True),
        (Verdict.NOBODY_LISTENS, False, True),
        (Verdict.UNREACHABLE_HOST, None, None),
        (Verdict.UNTESTED, None, None),
    ],
)
def test_a_port_is_as_wanted_exactly_if_it_is_reachable_and_should_be(verdict, if_wanted, if_closed):
    for wanted, expected in ((True, if_wanted), (False, if_closed)):
        row = Row(ProbeTarget(PortRange.tcp(7881), Family.IPV4, wanted), PortRange.tcp(7881), PortVerdict(verdict))
        assert row.as_wanted is expected


def test_every_verdict_has_words_of_its_own_and_none_is_undecided():
    words = [str(verdict) for verdict in Verdict]
    assert len(set(words)) == len(words) == 7
    assert not any("|" in word or "perhaps" in word for word in words)


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (outcome(rows(ICE_TCP, OPEN), rows(REDIS, BEFORE, wanted=False)), True),
        (outcome(rows(ICE_TCP, OPEN), rows(REDIS, UNTESTED, wanted=False)), None),
        (outcome(rows(ICE_TCP, UNTESTED), rows(REDIS, OPEN, wanted=False)), False),
        (outcome(rows(ICE_TCP, OPEN), answers=(WRONG,)), False),
        (outcome(rows(ICE_TCP, UNTESTED), answers=(WRONG,)), False),
        (outcome(), None),
    ],
    ids=["all", "something untested", "untested and wrong", "a wrong answer", "untested and a wrong answer", "nothing"],
)
def test_a_run_is_as_wanted_only_if_everything_was_tested_and_is(run: Outcome, expected: bool | None):
    assert run.as_wanted is expected

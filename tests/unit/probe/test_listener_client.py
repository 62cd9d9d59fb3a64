"""What the checker asks the listener, and what it makes of the answers; the listener is a peer on loopback."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import Struct

from livekit_firewall.model.addresses import Family
from livekit_firewall.model.ports import PortRange
from livekit_firewall.probe.checker import listener_client as client_module
from livekit_firewall.probe.checker.listener_client import (
    HELLO_PORTS,
    MAX_RANGES,
    RULE_TRIES,
    ListenerClient,
    _at_most,
    _portions,
    _spread,
)
from livekit_firewall.probe.listener.responder import Control
from livekit_firewall.probe.results.verdict import ProbeTarget
from livekit_firewall.probe.wire.messages import (
    HEAD,
    MAX_REPORTED,
    EmptyReply,
    Fate,
    Hello,
    Keys,
    Kind,
    Ports,
    ReportReply,
    ReportRequest,
    RulesReply,
    RuleText,
    TraceRequest,
    Welcome,
    pack_fates,
    ranges,
    within,
)

from .peer import TOKEN, Peer

WELCOME = Welcome("127.0.0.1", True, [], [], True, True)
DIGEST = b"digest__"


def target(ports: PortRange, *, wanted: bool = True, family: Family = Family.IPV4) -> ProbeTarget:
    return ProbeTarget(ports, family, wanted)


def plan_at(ports: list[int]) -> list[ProbeTarget]:
    return [target(PortRange.udp(port)) for port in ports]


# --- hello


def test_hello_states_the_plan_and_what_will_be_requested() -> None:
    with Peer(lambda _control: WELCOME) as peer, peer.line() as line:
        plan = [
            *plan_at(peer.ports),
            target(PortRange.udp(50000, 50010)),
            target(PortRange.tcp(443)),
            target(PortRange.tcp(7881, 7882)),
            target(PortRange.tcp(6379), wanted=False),
            target(PortRange.udp(49999), wanted=False),
            target(PortRange.tcp(22), family=Family.IPV6),
        ]
        assert ListenerClient(line, DIGEST).hello(plan) == WELCOME

    doors = [Ports(port, port) for port in sorted(peer.ports)]
    hello = msgspec.msgpack.decode(peer.got[0].body, type=Hello)
    assert hello.digest == DIGEST
    assert hello.tcp == [Ports(443, 443), Ports(6379, 6379), Ports(7881, 7882)]
    assert hello.wanted_tcp == [Ports(443, 443), Ports(7881, 7882)]
    assert within(hello.wanted_udp) == sorted({*peer.ports, *range(50000, 50011)})
    assert within(hello.asked_udp) == within(doors)


def test_without_a_listener_hello_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "HELLO_PATIENCE", 0.3)
    with Peer(lambda _control: None) as peer, peer.line() as line:
        talk = ListenerClient(line, DIGEST)

        assert talk.hello(plan_at(peer.ports)) is None
        assert talk.bye() is False  # nobody to say it to
        assert Kind.BYE not in {one.kind for one in peer.got}


def test_without_udp_ports_hello_goes_to_the_numbers_of_the_tcp_ports() -> None:
    with Peer(lambda _control: WELCOME) as peer, peer.line() as line:
        plan = [target(PortRange.tcp(port)) for port in peer.ports]

        assert ListenerClient(line, DIGEST).hello(plan) == WELCOME


ANY_PORTS = st.lists(
    st.tuples(st.integers(1, 65535), st.integers(0, 300), st.booleans(), st.booleans()), min_size=1, max_size=40
)


@given(ANY_PORTS)
def test_the_sample_ports_are_few_and_of_the_plan_and_both_ends_of_each_range_where_they_fit(
    given_: list[tuple[int, int, bool, bool]],
) -> None:
    def ports(first: int, more: int, udp: bool) -> PortRange:
        return (PortRange.udp if udp else PortRange.tcp)(first, min(65535, first + more))

    plan = [target(ports(first, more, udp), wanted=wanted) for first, more, udp, wanted in given_]
    udp = [one.ports for one in plan if one.ports.protocol.value == "udp"]
    doors = _spread(plan)

    assert len(doors) == len(set(doors)) <= HELLO_PORTS
    assert all(any(one.first <= door <= one.last for one in udp) for door in doors)
    if len(udp) <= HELLO_PORTS // 2:
        assert {port for one in udp for port in (one.first, one.last)} <= set(doors)


@given(st.lists(st.integers(1, 65535), max_size=300))
def test_hello_fits_into_a_message_whatever_the_plan(ports: list[int]) -> None:
    keys, sent = Keys(TOKEN), list[bytes]()
    head = HEAD.pack(keys.selector, bytes(8), 0, 1, 4, Kind.HELLO)

    class Sealing:
        family, channel = Family.IPV4, None

        def ask(self, kind: Kind, message: Struct, *_: object) -> None:
            assert kind is Kind.HELLO
            sent.append(keys.seal(head, message, reply=False))

    plan = [target(make(port)) for port in ports for make in (PortRange.udp, PortRange.tcp)]
    ListenerClient(Sealing(), DIGEST).hello(plan)  # type: ignore[arg-type]

    assert len(sent) == 1


# --- what the host saw


@given(
    st.one_of(
        st.lists(st.integers(1, 65535), max_size=600),
        st.builds(range, st.integers(1, 20000), st.integers(20001, 65536)),
        st.builds(range, st.integers(1, 100), st.integers(2000, 65536), st.integers(2, 50)),
    )
)
@example([*range(1, 11), *range(100, 6000), *range(7000, 12000)])
@example([*range(1, 1000, 2), *range(2000, 7000)])
def test_portions_hold_every_port_once_and_fit(ports: list[int] | range) -> None:
    keys = Keys(TOKEN)
    head = HEAD.pack(keys.selector, bytes(8), 0, 1, 4, Kind.REPORT)
    every: list[int] = []
    for asked, held in _portions(ports):
        assert 0 < len(held) <= MAX_REPORTED
        assert 0 < len(asked) <= MAX_RANGES
        assert within(asked) == held
        keys.seal(head, ReportRequest(True, asked), reply=False)  # or ValueError
        keys.seal(head, ReportReply(pack_fates([Fate.UNTESTABLE] * len(held))), reply=True)
        every += held

    assert every == sorted(set(ports))


def fate_of(port: int, udp: bool) -> Fate:
    return Fate((port * 7 + udp) % 4)


def report(control: Control) -> Struct:
    asked = msgspec.msgpack.decode(control.body, type=ReportRequest)
    return ReportReply(pack_fates([fate_of(port, asked.udp) for port in within(asked.ports)]))


@pytest.mark.parametrize("udp", [True, False])
def test_the_fate_of_every_port_is_its_own(udp: bool) -> None:
    ports = [*range(40001, 49002), *range(1, 1000, 3)]
    with Peer(report) as peer, peer.line() as line:
        line.channel = peer.ports[0]

        assert ListenerClient(line, DIGEST).fates(ports, udp=udp) == {port: fate_of(port, udp) for port in ports}


@given(st.lists(st.integers(1, 65535), unique=True), st.integers(1, 80))
@example([80, 443, 7880, 50000], 2)
def test_too_many_ranges_are_joined_over_their_smallest_gaps_and_no_port_is_lost(ports: list[int], most: int) -> None:
    held = ranges(ports)
    joined = _at_most(most, held)
    assert len(joined) == min(most, len(held))
    assert set(ports) <= set(within(joined))
    if len(held) <= most:
        assert joined == held
    if ports == [80, 443, 7880, 50000] and most == 2:
        assert joined == [Ports(80, 7880), Ports(50000, 50000)]


def test_of_no_ports_nothing_is_asked() -> None:
    with Peer(report) as peer, peer.line() as line:
        assert ListenerClient(line, DIGEST).fates([], udp=True) == {}

    assert peer.got == []


def test_a_short_report_leaves_the_rest_unseen() -> None:
    with Peer(lambda _control: ReportReply(pack_fates([Fate.RECEIVED]))) as peer, peer.line() as line:
        line.channel = peer.ports[0]

        assert list((ListenerClient(line, DIGEST).fates(range(1, 7), udp=True) or {}).values()) == [
            Fate.RECEIVED,
            *[Fate.NOTHING] * 5,
        ]


def test_a_listener_that_stops_between_two_portions_gave_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "PATIENCE", 0.3)
    with Peer(lambda control: report(control) if len(peer.got) == 1 else None) as peer, peer.line() as line:
        line.channel = peer.ports[0]

        assert ListenerClient(line, DIGEST).fates(range(1, 2 * MAX_REPORTED), udp=True) is None


# --- rules


def rules_after(times: int) -> tuple[list[Kind], Peer]:
    seen: list[Kind] = []

    def say(control: Control) -> Struct:
        seen.append(control.kind)
        if control.kind is Kind.TRACE:
            return EmptyReply()
        known = [RuleText(True, 50000, "first")] if seen.count(Kind.RULES) >= times else []
        return RulesReply([*known, RuleText(False, 50000, "of tcp")])

    return seen, Peer(say, ports=1)


@pytest.mark.parametrize("times", [1, 3])
def test_rules_are_asked_for_until_all_are_known(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    monkeypatch.setattr(client_module, "RULE_PAUSE", 0.0)
    seen, peer = rules_after(times)
    with peer, peer.line() as line:
        line.channel, line.round_trip = peer.ports[0], 5.0  # patient: each question is sent once
        talk = ListenerClient(line, DIGEST)

        assert talk.trace([50000], udp=True)
        assert talk.rules([50000], udp=True) == {50000: "first"}

    assert seen == [Kind.TRACE, *[Kind.RULES] * times]
    assert msgspec.msgpack.decode(peer.got[0].body, type=TraceRequest) == TraceRequest([50000], True)


def test_rules_that_stay_unknown_are_left_out_and_it_stops_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "RULE_PAUSE", 0.0)
    seen, peer = rules_after(1)
    with peer, peer.line() as line:
        line.channel, line.round_trip = peer.ports[0], 5.0

        assert ListenerClient(line, DIGEST).rules([50000, 50001], udp=True) == {50000: "first"}
        assert ListenerClient(line, DIGEST).rules([50000], udp=False) == {50000: "of tcp"}

    assert len(seen) == RULE_TRIES + 1


def test_a_listener_that_is_gone_knows_no_rules_and_hears_no_goodbye(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "PATIENCE", 0.2)
    with Peer(lambda _control: None) as peer, peer.line() as line:
        line.channel = peer.ports[0]
        talk = ListenerClient(line, DIGEST)

        assert talk.trace([50000], udp=True) is False
        assert talk.rules([50000], udp=True) == {}
        assert talk.bye() is False
        assert {one.kind for one in peer.got} == {Kind.TRACE, Kind.RULES, Kind.BYE}


def test_goodbye_is_sent_to_each_that_answered() -> None:
    with Peer(lambda _control: EmptyReply()) as peer, peer.line() as line:
        line.channel = peer.ports[0]

        assert ListenerClient(line, DIGEST).bye() is True

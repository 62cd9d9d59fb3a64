"""Verdicts from evidence: the table of `judge.py`, and what must hold for any evidence at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from livekit_firewall.model.addresses import Family
from livekit_firewall.model.ports import PortRange, Protocol
from livekit_firewall.probe.results.judge import Evidence, blocked_on_host, rows
from livekit_firewall.probe.results.socket_results import TcpResult, UdpResult
from livekit_firewall.probe.results.verdict import PortVerdict, ProbeTarget, Verdict
from livekit_firewall.probe.wire.messages import Fate, Welcome

PORT = 50000
NOTHING = Evidence(True, None, {}, {}, {}, {}, {}, {})
WELCOME = Welcome("198.51.100.7", True, [], [], True, True)
BLIND = replace(WELCOME, sees_arrivals=False)
BOUND = replace(WELCOME, diverts=False)
RULE = "inet filter input: drop"
NO_RULE = "no rule of nftables was seen to drop it: perhaps iptables-legacy, eBPF or the kernel itself"
NO_STATE = (
    "it arrives, but the host's answer does not come back: a filter outside that keeps no state, such as a network ACL"
)
SHARED = "the listener cannot answer there: a service has it bound, it is forwarded elsewhere, or only root may bind it"
NOT_BACK = "the host forwards it elsewhere, and nothing comes back from there"
NO_LISTENER = "without `probe listen` on the server, a silent UDP port says nothing"

R, BEFORE, ON_HOST, BLOCKED = (
    Verdict.REACHABLE,
    Verdict.BLOCKED_BEFORE_HOST,
    Verdict.BLOCKED_ON_HOST,
    Verdict.BLOCKED,
)
NOBODY, GONE, UNTESTED = Verdict.NOBODY_LISTENS, Verdict.UNREACHABLE_HOST, Verdict.UNTESTED


ELSEWHERE = (
    "refused, but no connection came from the address that this machine's UDP came from: something on the way "
    "refuses, or its TCP leaves by another address"
)


def judged(protocol: Protocol, evidence: Evidence, *, wanted: bool = True) -> PortVerdict:
    (row,) = rows(ProbeTarget(PortRange(protocol, PORT, PORT), Family.IPV4, wanted), evidence)
    return row.seen


def evidence(**what: Any) -> Evidence:
    return replace(NOTHING, **what)


def fated(fate: Fate | None, welcome: Welcome = WELCOME, *, rule: bool = False) -> Evidence:
    fates = {} if fate is None else {PORT: fate}
    return evidence(welcome=welcome, udp_fates=fates, rules={(True, PORT): RULE} if rule else {})


def knocked(word: UdpResult, **more: Any) -> Evidence:
    return evidence(listened=False, alone={PORT: word}, **more)


def without_rule(seen: PortVerdict) -> PortVerdict:
    """For a port that is to be closed nobody asks for rules, so that none was seen means nothing."""
    return PortVerdict(seen.verdict, seen.detail.replace(f"; {NO_RULE}", "").replace(NO_RULE, ""), seen.by_probe)


UDP = [
    (evidence(answered={PORT: PORT}), PortVerdict(R, by_probe=True)),
    (
        evidence(answered={PORT: 3478}),
        PortVerdict(BEFORE, "it is forwarded: it arrives at udp/3478 of the host instead"),
    ),
    (evidence(answered={PORT: PORT}, unsendable="no route"), PortVerdict(R, by_probe=True)),
    (evidence(answered={PORT: PORT}, udp_fates={PORT: Fate.ARRIVED}, welcome=WELCOME), PortVerdict(R, by_probe=True)),
    (evidence(unsendable="no route"), PortVerdict(UNTESTED, "no route")),
    (evidence(unsendable="no route", welcome=WELCOME), PortVerdict(UNTESTED, "no route")),
    (evidence(alone={PORT: UdpResult.HOST_UNREACHABLE}), PortVerdict(GONE)),
    (evidence(tcp={22: TcpResult.HOST_UNREACHABLE}), PortVerdict(GONE)),
    (evidence(tcp={22: TcpResult.HOST_UNREACHABLE, 23: TcpResult.REFUSED}), PortVerdict(BLOCKED)),
    (evidence(tcp={22: TcpResult.HOST_UNREACHABLE}, answered={9: 9}), PortVerdict(BLOCKED)),
    (evidence(), PortVerdict(BLOCKED)),
    (fated(None), PortVerdict(BEFORE)),
    (fated(Fate.NOTHING), PortVerdict(BEFORE)),
    (fated(None, BLIND), PortVerdict(BLOCKED)),
    (fated(Fate.ARRIVED), PortVerdict(ON_HOST, NO_RULE)),
    (fated(Fate.ARRIVED, rule=True), PortVerdict(ON_HOST, RULE)),
    (fated(Fate.ARRIVED, BLIND, rule=True), PortVerdict(ON_HOST, RULE)),
    (fated(Fate.RECEIVED), PortVerdict(BEFORE, NO_STATE)),
    (fated(Fate.RECEIVED, BLIND), PortVerdict(BEFORE, NO_STATE)),
    (fated(Fate.RECEIVED, rule=True), PortVerdict(ON_HOST, RULE)),
    (fated(Fate.UNTESTABLE), PortVerdict(UNTESTED, SHARED)),
    (evidence(lost="it stopped"), PortVerdict(UNTESTED, "it stopped")),
    (evidence(lost="it stopped", answered={PORT: PORT}), PortVerdict(R, by_probe=True)),
    (evidence(alone={PORT: UdpResult.SILENT}), PortVerdict(BLOCKED)),
    (
        evidence(alone={PORT: UdpResult.PORT_UNREACHABLE}),
        PortVerdict(NOBODY, "or a firewall rejects it, which looks the same"),
    ),
    (
        evidence(alone={PORT + 1: UdpResult.PORT_UNREACHABLE}),
        PortVerdict(UNTESTED, "nobody answers for the listener: other ports say that nobody listens"),
    ),
    (evidence(listened=False), PortVerdict(UNTESTED, NO_LISTENER)),
    (knocked(UdpResult.SILENT), PortVerdict(UNTESTED, NO_LISTENER)),
    (knocked(UdpResult.ANSWERED), PortVerdict(R)),
    (knocked(UdpResult.PORT_UNREACHABLE), PortVerdict(NOBODY, "or a firewall rejects it, which looks the same")),
    (knocked(UdpResult.PROHIBITED), PortVerdict(BLOCKED, "a firewall says so (ICMP, administratively prohibited)")),
    (knocked(UdpResult.HOST_UNREACHABLE), PortVerdict(GONE)),
    (
        knocked(UdpResult.HOST_UNREACHABLE, tcp={22: TcpResult.ACCEPTED}),
        PortVerdict(BLOCKED, "a router says that the host is unreachable"),
    ),
    (knocked(UdpResult.NO_ROUTE), PortVerdict(UNTESTED, "this machine has no route to it")),
    (knocked(UdpResult.EXHAUSTED), PortVerdict(UNTESTED, "this machine could not send")),
]


@pytest.mark.parametrize(("given_", "seen"), UDP)
@pytest.mark.parametrize("wanted", [True, False])
def test_udp(given_: Evidence, seen: PortVerdict, wanted: bool) -> None:
    assert judged(Protocol.UDP, given_, wanted=wanted) == (seen if wanted else without_rule(seen))


def connected(
    word: TcpResult, welcome: Welcome | None = None, fate: Fate | None = None, *, rule: bool = False
) -> Evidence:
    return evidence(
        welcome=welcome,
        tcp={PORT: word},
        tcp_fates={} if fate is None else {PORT: fate},
        rules={(False, PORT): RULE} if rule else {},
    )


RESET, ICMP = "refused with a reset", "refused with an ICMP error"
TCP = [
    (evidence(), PortVerdict(UNTESTED, "it was not tried")),
    (evidence(unsendable="no route"), PortVerdict(UNTESTED, "no route")),
    *[
        case
        for welcome in (None, WELCOME, BLIND, BOUND)
        for case in (
            (connected(TcpResult.ACCEPTED, welcome), PortVerdict(R)),
            (connected(TcpResult.ANSWERED, welcome), PortVerdict(R, "no service is listening yet", by_probe=True)),
            (connected(TcpResult.NO_ROUTE, welcome), PortVerdict(UNTESTED, "this machine has no route to it")),
            (connected(TcpResult.EXHAUSTED, welcome), PortVerdict(UNTESTED, "this machine could not send")),
        )
    ],
    *[
        case
        for welcome in (None, BLIND, BOUND)
        for case in (
            (
                connected(TcpResult.REFUSED, welcome),
                PortVerdict(NOBODY, "or a firewall answers with a reset, which looks the same"),
            ),
            (connected(TcpResult.PROHIBITED, welcome), PortVerdict(BLOCKED, "a firewall says so (ICMP)")),
            (connected(TcpResult.SILENT, welcome), PortVerdict(BLOCKED)),
        )
    ],
    (connected(TcpResult.HOST_UNREACHABLE), PortVerdict(GONE)),
    *[
        (
            connected(TcpResult.HOST_UNREACHABLE, welcome),
            PortVerdict(BLOCKED, "a router says that the host is unreachable"),
        )
        for welcome in (BLIND, BOUND)
    ],
    (connected(TcpResult.SILENT, WELCOME), PortVerdict(BEFORE)),
    (connected(TcpResult.HOST_UNREACHABLE, WELCOME), PortVerdict(BEFORE)),
    (connected(TcpResult.REFUSED, WELCOME), PortVerdict(UNTESTED, ELSEWHERE)),
    (
        replace(connected(TcpResult.REFUSED, WELCOME), tcp_fates={PORT + 1: Fate.ARRIVED}),
        PortVerdict(BEFORE, f"{RESET}, and it did not arrive at this port"),
    ),
    (
        replace(connected(TcpResult.REFUSED, WELCOME), tcp={PORT: TcpResult.REFUSED, PORT + 1: TcpResult.ANSWERED}),
        PortVerdict(BEFORE, f"{RESET}, and it did not arrive at this port"),
    ),
    (connected(TcpResult.PROHIBITED, WELCOME), PortVerdict(BEFORE, f"{ICMP}, and it did not arrive at this port")),
    (
        connected(TcpResult.REFUSED, WELCOME, Fate.UNTESTABLE),
        PortVerdict(NOBODY, "the host forwards it elsewhere, and there it is refused"),
    ),
    (connected(TcpResult.SILENT, WELCOME, Fate.UNTESTABLE), PortVerdict(ON_HOST, NOT_BACK)),
    (connected(TcpResult.SILENT, WELCOME, Fate.UNTESTABLE, rule=True), PortVerdict(ON_HOST, RULE)),
    (connected(TcpResult.SILENT, WELCOME, Fate.ARRIVED), PortVerdict(ON_HOST, NO_RULE)),
    (connected(TcpResult.REFUSED, WELCOME, Fate.ARRIVED), PortVerdict(ON_HOST, f"{RESET}; {NO_RULE}")),
    (connected(TcpResult.PROHIBITED, WELCOME, Fate.ARRIVED), PortVerdict(ON_HOST, f"{ICMP}; {NO_RULE}")),
    *[
        (connected(word, WELCOME, Fate.ARRIVED, rule=True), PortVerdict(ON_HOST, RULE))
        for word in (TcpResult.SILENT, TcpResult.REFUSED, TcpResult.PROHIBITED)
    ],
]


@pytest.mark.parametrize(("given_", "seen"), TCP)
@pytest.mark.parametrize("wanted", [True, False])
def test_tcp(given_: Evidence, seen: PortVerdict, wanted: bool) -> None:
    assert judged(Protocol.TCP, given_, wanted=wanted) == (seen if wanted else without_rule(seen))


def test_every_word_of_the_sockets_has_a_verdict() -> None:
    for word in UdpResult:
        assert judged(Protocol.UDP, knocked(word)).verdict in Verdict
    for one in TcpResult:
        for welcome in (None, WELCOME, BLIND, BOUND):
            for fate in (None, *Fate):
                assert judged(Protocol.TCP, connected(one, welcome, fate)).verdict in Verdict


# --- whatever the evidence

PORTS = st.sampled_from([PORT, PORT + 1, 443])
EVIDENCE = st.builds(
    Evidence,
    listened=st.booleans(),
    welcome=st.sampled_from([None, WELCOME, BLIND, BOUND, replace(BOUND, sees_arrivals=False)]),
    answered=st.dictionaries(PORTS, st.sampled_from([PORT, 443]), max_size=2),
    tcp=st.dictionaries(PORTS, st.sampled_from(TcpResult)),
    alone=st.dictionaries(PORTS, st.sampled_from(UdpResult)),
    udp_fates=st.dictionaries(PORTS, st.sampled_from(Fate)),
    tcp_fates=st.dictionaries(PORTS, st.sampled_from(Fate)),
    rules=st.dictionaries(st.tuples(st.booleans(), PORTS), st.just(RULE)),
    unsendable=st.sampled_from(["", "no route"]),
    lost=st.sampled_from(["", "it stopped"]),
)


@given(EVIDENCE, st.sampled_from(Protocol))
def test_nothing_is_reachable_unless_something_came_back_from_the_port(known: Evidence, protocol: Protocol) -> None:
    came_back = (
        known.answered.get(PORT) == PORT or (not known.listened and known.alone.get(PORT) is UdpResult.ANSWERED)
        if protocol is Protocol.UDP
        else known.tcp.get(PORT) in (TcpResult.ACCEPTED, TcpResult.ANSWERED)
    )
    if (judged(protocol, known).verdict is R) and not came_back:
        raise AssertionError(known)
    if came_back and (protocol is Protocol.TCP or known.answered.get(PORT) == PORT):
        assert judged(protocol, known).verdict is R


@given(EVIDENCE, st.sampled_from(Protocol))
def test_without_a_listener_no_layer_is_named(known: Evidence, protocol: Protocol) -> None:
    # a reply is a word of the listener, whatever became of its other messages
    alone = replace(known, welcome=None, answered={})

    assert judged(protocol, alone).verdict not in (BEFORE, ON_HOST)


@given(EVIDENCE, st.sampled_from(Protocol))
def test_what_is_wanted_does_not_change_what_is_seen(known: Evidence, protocol: Protocol) -> None:
    ports = PortRange(protocol, PORT, PORT + 1)
    wanted, closed = (rows(ProbeTarget(ports, Family.IPV6, one), known) for one in (True, False))

    for one, other in ((row, seen) for row in wanted for seen in closed if row.ports.overlaps(seen.ports)):
        assert other.seen == without_rule(one.seen)
        if one.as_wanted is None and one.seen.verdict is NOBODY:  # media has sockets during calls only
            assert (protocol, other.as_wanted) == (Protocol.UDP, True)
        else:
            assert other.as_wanted == (None if one.as_wanted is None else not one.as_wanted)


@given(EVIDENCE, st.sampled_from(Protocol))
def test_a_host_that_anything_came_back_from_is_not_unreachable(known: Evidence, protocol: Protocol) -> None:
    for back in ({"welcome": WELCOME}, {"tcp": {PORT + 1: TcpResult.REFUSED, PORT: TcpResult.HOST_UNREACHABLE}}):
        assert judged(protocol, replace(known, **back)).verdict is not GONE


def test_the_first_ports_of_the_rows_that_the_host_blocks() -> None:
    fates = {PORT + 1: Fate.ARRIVED, PORT + 2: Fate.ARRIVED, PORT + 4: Fate.ARRIVED}
    target = ProbeTarget(PortRange.udp(PORT, PORT + 5), Family.IPV4, True)

    assert blocked_on_host(target, evidence(welcome=WELCOME, udp_fates=fates)) == [PORT + 1, PORT + 4]

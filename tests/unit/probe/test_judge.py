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
from livekit_firewall.probe.results.seen import Tcp, Udp
from livekit_firewall.probe.results.verdict import Seen, Target, Verdict
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


def judged(protocol: Protocol, evidence: Evidence, *, wanted: bool = True) -> Seen:
    (row,) = rows(Target(PortRange(protocol, PORT, PORT), Family.IPV4, wanted), evidence)
    return row.seen


def evidence(**what: Any) -> Evidence:
    return replace(NOTHING, **what)


def fated(fate: Fate | None, welcome: Welcome = WELCOME, *, rule: bool = False) -> Evidence:
    fates = {} if fate is None else {PORT: fate}
    return evidence(welcome=welcome, udp_fates=fates, rules={(True, PORT): RULE} if rule else {})


def knocked(word: Udp, **more: Any) -> Evidence:
    return evidence(listened=False, alone={PORT: word}, **more)


def without_rule(seen: Seen) -> Seen:
    """For a port that is to be closed nobody asks for rules, so that none was seen means nothing."""
    return Seen(seen.verdict, seen.detail.replace(f"; {NO_RULE}", "").replace(NO_RULE, ""), seen.by_probe)


UDP = [
    (evidence(answered={PORT: PORT}), Seen(R, by_probe=True)),
    (evidence(answered={PORT: 3478}), Seen(BEFORE, "it is forwarded: it arrives at udp/3478 of the host instead")),
    (evidence(answered={PORT: PORT}, unsendable="no route"), Seen(R, by_probe=True)),
    (evidence(answered={PORT: PORT}, udp_fates={PORT: Fate.ARRIVED}, welcome=WELCOME), Seen(R, by_probe=True)),
    (evidence(unsendable="no route"), Seen(UNTESTED, "no route")),
    (evidence(unsendable="no route", welcome=WELCOME), Seen(UNTESTED, "no route")),
    (evidence(alone={PORT: Udp.HOST_UNREACHABLE}), Seen(GONE)),
    (evidence(tcp={22: Tcp.HOST_UNREACHABLE}), Seen(GONE)),
    (evidence(tcp={22: Tcp.HOST_UNREACHABLE, 23: Tcp.REFUSED}), Seen(BLOCKED)),
    (evidence(tcp={22: Tcp.HOST_UNREACHABLE}, answered={9: 9}), Seen(BLOCKED)),
    (evidence(), Seen(BLOCKED)),
    (fated(None), Seen(BEFORE)),
    (fated(Fate.NOTHING), Seen(BEFORE)),
    (fated(None, BLIND), Seen(BLOCKED)),
    (fated(Fate.ARRIVED), Seen(ON_HOST, NO_RULE)),
    (fated(Fate.ARRIVED, rule=True), Seen(ON_HOST, RULE)),
    (fated(Fate.ARRIVED, BLIND, rule=True), Seen(ON_HOST, RULE)),
    (fated(Fate.RECEIVED), Seen(BEFORE, NO_STATE)),
    (fated(Fate.RECEIVED, BLIND), Seen(BEFORE, NO_STATE)),
    (fated(Fate.RECEIVED, rule=True), Seen(ON_HOST, RULE)),
    (fated(Fate.UNTESTABLE), Seen(UNTESTED, SHARED)),
    (evidence(lost="it stopped"), Seen(UNTESTED, "it stopped")),
    (evidence(lost="it stopped", answered={PORT: PORT}), Seen(R, by_probe=True)),
    (evidence(alone={PORT: Udp.SILENT}), Seen(BLOCKED)),
    (evidence(alone={PORT: Udp.PORT_UNREACHABLE}), Seen(NOBODY, "or a firewall rejects it, which looks the same")),
    (
        evidence(alone={PORT + 1: Udp.PORT_UNREACHABLE}),
        Seen(UNTESTED, "nobody answers for the listener: other ports say that nobody listens"),
    ),
    (evidence(listened=False), Seen(UNTESTED, NO_LISTENER)),
    (knocked(Udp.SILENT), Seen(UNTESTED, NO_LISTENER)),
    (knocked(Udp.ANSWERED), Seen(R)),
    (knocked(Udp.PORT_UNREACHABLE), Seen(NOBODY, "or a firewall rejects it, which looks the same")),
    (knocked(Udp.PROHIBITED), Seen(BLOCKED, "a firewall says so (ICMP, administratively prohibited)")),
    (knocked(Udp.HOST_UNREACHABLE), Seen(GONE)),
    (
        knocked(Udp.HOST_UNREACHABLE, tcp={22: Tcp.ACCEPTED}),
        Seen(BLOCKED, "a router says that the host is unreachable"),
    ),
    (knocked(Udp.NO_ROUTE), Seen(UNTESTED, "this machine has no route to it")),
    (knocked(Udp.EXHAUSTED), Seen(UNTESTED, "this machine could not send")),
]


@pytest.mark.parametrize(("given_", "seen"), UDP)
@pytest.mark.parametrize("wanted", [True, False])
def test_udp(given_: Evidence, seen: Seen, wanted: bool) -> None:
    assert judged(Protocol.UDP, given_, wanted=wanted) == (seen if wanted else without_rule(seen))


def connected(word: Tcp, welcome: Welcome | None = None, fate: Fate | None = None, *, rule: bool = False) -> Evidence:
    return evidence(
        welcome=welcome,
        tcp={PORT: word},
        tcp_fates={} if fate is None else {PORT: fate},
        rules={(False, PORT): RULE} if rule else {},
    )


RESET, ICMP = "refused with a reset", "refused with an ICMP error"
TCP = [
    (evidence(), Seen(UNTESTED, "it was not tried")),
    (evidence(unsendable="no route"), Seen(UNTESTED, "no route")),
    *[
        case
        for welcome in (None, WELCOME, BLIND, BOUND)
        for case in (
            (connected(Tcp.ACCEPTED, welcome), Seen(R)),
            (connected(Tcp.ANSWERED, welcome), Seen(R, "no service is listening yet", by_probe=True)),
            (connected(Tcp.NO_ROUTE, welcome), Seen(UNTESTED, "this machine has no route to it")),
            (connected(Tcp.EXHAUSTED, welcome), Seen(UNTESTED, "this machine could not send")),
        )
    ],
    *[
        case
        for welcome in (None, BLIND, BOUND)
        for case in (
            (
                connected(Tcp.REFUSED, welcome),
                Seen(NOBODY, "or a firewall answers with a reset, which looks the same"),
            ),
            (connected(Tcp.PROHIBITED, welcome), Seen(BLOCKED, "a firewall says so (ICMP)")),
            (connected(Tcp.SILENT, welcome), Seen(BLOCKED)),
        )
    ],
    (connected(Tcp.HOST_UNREACHABLE), Seen(GONE)),
    *[
        (connected(Tcp.HOST_UNREACHABLE, welcome), Seen(BLOCKED, "a router says that the host is unreachable"))
        for welcome in (BLIND, BOUND)
    ],
    (connected(Tcp.SILENT, WELCOME), Seen(BEFORE)),
    (connected(Tcp.HOST_UNREACHABLE, WELCOME), Seen(BEFORE)),
    (connected(Tcp.REFUSED, WELCOME), Seen(UNTESTED, ELSEWHERE)),
    (
        replace(connected(Tcp.REFUSED, WELCOME), tcp_fates={PORT + 1: Fate.ARRIVED}),
        Seen(BEFORE, f"{RESET}, and it did not arrive at this port"),
    ),
    (
        replace(connected(Tcp.REFUSED, WELCOME), tcp={PORT: Tcp.REFUSED, PORT + 1: Tcp.ANSWERED}),
        Seen(BEFORE, f"{RESET}, and it did not arrive at this port"),
    ),
    (connected(Tcp.PROHIBITED, WELCOME), Seen(BEFORE, f"{ICMP}, and it did not arrive at this port")),
    (
        connected(Tcp.REFUSED, WELCOME, Fate.UNTESTABLE),
        Seen(NOBODY, "the host forwards it elsewhere, and there it is refused"),
    ),
    (connected(Tcp.SILENT, WELCOME, Fate.UNTESTABLE), Seen(ON_HOST, NOT_BACK)),
    (connected(Tcp.SILENT, WELCOME, Fate.UNTESTABLE, rule=True), Seen(ON_HOST, RULE)),
    (connected(Tcp.SILENT, WELCOME, Fate.ARRIVED), Seen(ON_HOST, NO_RULE)),
    (connected(Tcp.REFUSED, WELCOME, Fate.ARRIVED), Seen(ON_HOST, f"{RESET}; {NO_RULE}")),
    (connected(Tcp.PROHIBITED, WELCOME, Fate.ARRIVED), Seen(ON_HOST, f"{ICMP}; {NO_RULE}")),
    *[
        (connected(word, WELCOME, Fate.ARRIVED, rule=True), Seen(ON_HOST, RULE))
        for word in (Tcp.SILENT, Tcp.REFUSED, Tcp.PROHIBITED)
    ],
]


@pytest.mark.parametrize(("given_", "seen"), TCP)
@pytest.mark.parametrize("wanted", [True, False])
def test_tcp(given_: Evidence, seen: Seen, wanted: bool) -> None:
    assert judged(Protocol.TCP, given_, wanted=wanted) == (seen if wanted else without_rule(seen))


def test_every_word_of_the_sockets_has_a_verdict() -> None:
    for word in Udp:
        assert judged(Protocol.UDP, knocked(word)).verdict in Verdict
    for one in Tcp:
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
    tcp=st.dictionaries(PORTS, st.sampled_from(Tcp)),
    alone=st.dictionaries(PORTS, st.sampled_from(Udp)),
    udp_fates=st.dictionaries(PORTS, st.sampled_from(Fate)),
    tcp_fates=st.dictionaries(PORTS, st.sampled_from(Fate)),
    rules=st.dictionaries(st.tuples(st.booleans(), PORTS), st.just(RULE)),
    unsendable=st.sampled_from(["", "no route"]),
    lost=st.sampled_from(["", "it stopped"]),
)


@given(EVIDENCE, st.sampled_from(Protocol))
def test_nothing_is_reachable_unless_something_came_back_from_the_port(known: Evidence, protocol: Protocol) -> None:
    came_back = (
        known.answered.get(PORT) == PORT or (not known.listened and known.alone.get(PORT) is Udp.ANSWERED)
        if protocol is Protocol.UDP
        else known.tcp.get(PORT) in (Tcp.ACCEPTED, Tcp.ANSWERED)
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
    wanted, closed = (rows(Target(ports, Family.IPV6, one), known) for one in (True, False))

    for one, other in ((row, seen) for row in wanted for seen in closed if row.ports.overlaps(seen.ports)):
        assert other.seen == without_rule(one.seen)
        if one.as_wanted is None and one.seen.verdict is NOBODY:  # media has sockets during calls only
            assert (protocol, other.as_wanted) == (Protocol.UDP, True)
        else:
            assert other.as_wanted == (None if one.as_wanted is None else not one.as_wanted)


@given(EVIDENCE, st.sampled_from(Protocol))
def test_a_host_that_anything_came_back_from_is_not_unreachable(known: Evidence, protocol: Protocol) -> None:
    for back in ({"welcome": WELCOME}, {"tcp": {PORT + 1: Tcp.REFUSED, PORT: Tcp.HOST_UNREACHABLE}}):
        assert judged(protocol, replace(known, **back)).verdict is not GONE


def test_the_first_ports_of_the_rows_that_the_host_blocks() -> None:
    fates = {PORT + 1: Fate.ARRIVED, PORT + 2: Fate.ARRIVED, PORT + 4: Fate.ARRIVED}
    target = Target(PortRange.udp(PORT, PORT + 5), Family.IPV4, True)

    assert blocked_on_host(target, evidence(welcome=WELCOME, udp_fates=fates)) == [PORT + 1, PORT + 4]

"""The responder: only what the run's secret signed is answered, each counter once, and within all limits."""

from __future__ import annotations

import tracemalloc
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from livekit_firewall.probe.listener import responder as module
from livekit_firewall.probe.listener.responder import Responder
from livekit_firewall.probe.wire.messages import (
    CONTROL_SIZE,
    HEAD,
    MAX_COUNTER,
    PROBE_SIZE,
    EmptyReply,
    Keys,
    Kind,
    TraceRequest,
    decode,
    sign,
)
from livekit_firewall.probe.wire.token import SECRET_SIZE, Token

KEYS = Keys(Token(bytes(SECRET_SIZE), 0))
OTHER = Keys(Token(b"\1" * SECRET_SIZE, 0))
EXPIRES = 1000.0
HERE, THERE, HERE6, THERE6 = "198.51.100.2", "198.51.100.3", "2001:db8:51::2", "2001:db8:51::3"
SESSIONS = [bytes([number]) * 8 for number in range(5)]
CONTROLS = [kind for kind in Kind if kind is not Kind.PROBE]


def responder() -> Responder:
    return Responder(KEYS, EXPIRES)


def head(counter=0, session=SESSIONS[0], family=4, kind=Kind.PROBE, port=50000, keys=KEYS) -> bytes:
    return HEAD.pack(keys.selector, session, counter, port, family, kind)


def probe(counter=0, session=SESSIONS[0], family=4, kind=Kind.PROBE, keys=KEYS) -> bytes:
    one = head(counter, session, family, kind, keys=keys)
    return one + sign(one, keys.request)


def message(counter=0, session=SESSIONS[0], family=4, kind=Kind.HELLO, keys=KEYS) -> bytes:
    return keys.seal(head(counter, session, family, kind, keys=keys), EmptyReply(), reply=False)


def answered(answering: Responder, data: bytes, source=HERE, family=4, now=0.0, port=50000) -> bool:
    """Whether either of the two ways in lets it in; a packet has one of two sizes, so never both."""
    reply = answering.probe(data, source, port, family, now)
    control = answering.control(data, source, family, now)
    assert reply is None or control is None
    return reply is not None or control is not None


def addresses(answering: Responder) -> list[tuple[int, str]]:
    """Family number and address of every checker."""
    return [pair for one in answering.sessions.values() for pair in one.sources.items()]


both_ways = pytest.mark.parametrize("make", [probe, message], ids=["probe", "control"])


@both_ways
def test_a_packet_of_the_run_is_answered_once(make):
    answering = responder()
    assert answered(answering, make(7))
    assert not answered(answering, make(7))
    assert answered(answering, make(8))
    assert answering.answers == 2


def test_a_counter_that_a_probe_has_used_is_no_more_for_a_control_message_and_the_other_way_round():
    """Session and counter are the nonce of the reply, which must never be used twice."""
    answering = responder()
    assert answered(answering, probe(1))
    assert not answered(answering, message(1))
    assert answered(answering, message(2))
    assert not answered(answering, probe(2))


@both_ways
def test_a_packet_that_another_run_signed_is_not_answered(make):
    assert not answered(responder(), make(keys=OTHER))


def test_a_packet_with_our_selector_that_another_key_signed_is_not_answered():
    """The selector travels in the clear, so anyone on the way has it."""
    one = head()
    assert not answered(responder(), one + sign(one, OTHER.request))
    assert not answered(responder(), one + bytes(16))
    assert not answered(responder(), one + sign(one, KEYS.reply)), "a reply's key does not sign a request"
    hello = head(kind=Kind.HELLO)
    assert not answered(responder(), OTHER.seal(hello, EmptyReply(), reply=False))
    assert not answered(responder(), KEYS.seal(hello, EmptyReply(), reply=True))


def test_the_signature_is_compared_in_constant_time(monkeypatch):
    """Time tells nothing in a test; who compares does."""
    compared = []
    monkeypatch.setattr(module, "compare_digest", lambda *both: compared.append(both))
    data = probe()
    assert not answered(responder(), data)
    assert compared == [(data[24:], data[24:])]


def test_a_reply_sent_back_is_not_answered():
    answering = responder()
    reply = answering.probe(probe(), HERE, 50000, 4, 0)
    control = answering.control(message(1), HERE, 4, 0)
    assert reply
    assert control
    assert not answered(answering, reply)
    assert not answered(answering, answering.reply(control, EmptyReply()))


def test_a_signed_probe_of_any_other_kind_is_not_answered():
    let_in = [kind for kind in range(256) if answered(responder(), probe(kind=kind))]
    assert let_in == [Kind.PROBE]


def test_a_sealed_message_of_a_kind_that_there_is_not_is_not_answered():
    let_in = [kind for kind in range(256) if answered(responder(), message(kind=kind))]
    assert let_in == CONTROLS


@pytest.mark.parametrize("kind", CONTROLS)
def test_every_kind_of_control_message_is_let_in_with_what_it_says(kind):
    one = head(3, kind=kind, family=6)
    said = KEYS.seal(one, TraceRequest([1, 2], udp=True), reply=False)
    control = responder().control(said, HERE6, 6, 0)
    assert control
    assert (control.kind, control.family, control.source, control.head) == (kind, 6, HERE6, one)
    assert decode(control.body, TraceRequest) == TraceRequest([1, 2], udp=True)


@both_ways
def test_a_packet_that_says_another_family_than_it_came_over_is_not_answered(make):
    """Or what was captured in one family could be sent in the other."""
    let_in = {over: [n for n in range(256) if answered(responder(), make(family=n), family=over)] for over in (4, 6)}
    assert let_in == {4: [4], 6: [6]}


@both_ways
@pytest.mark.parametrize("size", [0, 1, 8, 23, 24, PROBE_SIZE - 1, PROBE_SIZE + 1, CONTROL_SIZE - 1, CONTROL_SIZE + 1])
def test_a_packet_of_any_other_size_is_not_answered(make, size):
    data = make()
    assert not answered(responder(), data[:size].ljust(size, b"\0"))


@both_ways
def test_nothing_is_answered_after_the_expiry(make):
    answering = responder()
    assert answered(answering, make(1), now=EXPIRES - 0.001)
    assert not answered(answering, make(2), now=EXPIRES)
    assert not answered(answering, make(3), now=EXPIRES + 1e9)


@both_ways
def test_a_session_is_bound_to_its_first_address_in_each_family_by_itself(make):
    answering = responder()
    assert answered(answering, make(1), HERE)
    assert not answered(answering, make(2), THERE)
    assert answered(answering, make(3, family=6), HERE6, 6)
    assert not answered(answering, make(4, family=6), THERE6, 6)
    assert answered(answering, make(2), HERE), "what came from elsewhere has not used up the counter"
    assert answered(answering, make(4, family=6), HERE6, 6)
    assert answered(answering, make(1, SESSIONS[1]), THERE), "another session may come from there"
    assert sorted(addresses(answering)) == [(4, HERE), (4, THERE), (6, HERE6)]


def test_signed_packets_from_another_address_are_remembered_and_copies_of_answered_ones_are_not():
    """The former are of a NAT with several addresses; the latter anybody on the way can send."""
    answering = responder()
    assert answered(answering, probe(1), HERE)
    session = next(iter(answering.sessions.values()))
    assert not answered(answering, probe(1), THERE)
    assert session.strays == set()
    assert not answered(answering, probe(2), THERE)
    assert session.strays == {4}


def test_a_packet_that_is_refused_leaves_no_session():
    answering = responder()
    for data, family, now in (
        (probe(MAX_COUNTER), 4, 0),
        (probe(), 6, 0),
        (probe(), 4, EXPIRES),
        (probe(9, keys=OTHER), 4, 0),
    ):
        assert not answered(answering, data, HERE, family, now)
    assert answering.sessions == {}
    assert answering.answers == 0


def test_one_more_session_than_there_may_be_is_not_answered_and_the_others_still_are():
    answering = responder()
    names = [number.to_bytes(8, "big") for number in range(module.MAX_SESSIONS + 1)]
    assert [answered(answering, probe(1, name)) for name in names] == [True] * module.MAX_SESSIONS + [False]
    assert answered(answering, message(2, names[0]))
    assert len(answering.sessions) == module.MAX_SESSIONS == 64


@both_ways
def test_no_more_are_answered_in_a_second_than_the_rate_allows(make, monkeypatch):
    monkeypatch.setattr(module, "MAX_RATE", 3)
    answering = responder()
    assert [answered(answering, make(counter), now=10.9) for counter in range(5)] == [True] * 3 + [False] * 2
    assert [answered(answering, make(counter), now=11.0) for counter in range(3, 8)] == [True] * 3 + [False] * 2
    assert answered(answering, make(6), now=12.5), "what the rate refused has not used up its counter"


@both_ways
def test_no_more_are_answered_in_a_whole_life_than_the_total_allows(make, monkeypatch):
    monkeypatch.setattr(module, "MAX_ANSWERS", 3)
    answering = responder()
    assert [answered(answering, make(counter), now=counter) for counter in range(5)] == [True] * 3 + [False] * 2


def test_the_limits_are_those_that_are_stated():
    assert (module.MAX_RATE, module.MAX_ANSWERS, MAX_COUNTER) == (200_000, 8_000_000, 4_194_304)


@both_ways
def test_the_counter_is_bounded(make):
    answering = responder()
    assert answered(answering, make(MAX_COUNTER - 1))
    assert not answered(answering, make(MAX_COUNTER))
    assert not answered(answering, make(2**32 - 1))


def test_the_greatest_counters_of_all_sessions_cost_no_more_than_their_bitmaps():
    names = [number.to_bytes(8, "big") for number in range(module.MAX_SESSIONS)]
    data = [probe(counter, name) for name in names for counter in (MAX_COUNTER - 1, 0)]
    answering = responder()
    tracemalloc.start()
    try:
        assert all(answered(answering, one) for one in data)
        used, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    bitmap, received = MAX_COUNTER // 8, 2 * 65536
    assert used <= peak <= module.MAX_SESSIONS * (bitmap * 1.15 + received + 4096)
    assert peak < 60 << 20, "the listener has 100 MiB in all"


@given(st.lists(st.integers(0, MAX_COUNTER - 1) | st.integers(0, 40), max_size=60))
@settings(deadline=None)
def test_every_counter_in_every_order_is_answered_exactly_once(counters):
    answering = responder()
    found = [answered(answering, probe(counter)) for counter in counters]
    assert found == [counter not in counters[:at] for at, counter in enumerate(counters)]


def test_a_udp_probe_is_noted_by_the_port_it_arrived_at_and_a_tcp_one_is_not():
    answering = responder()
    assert answering.probe(probe(1), HERE, 50007, 4, 0)
    assert answering.probe(probe(2, family=6), HERE6, 50008, 6, 0)
    assert answering.probe(probe(3), HERE, 7881, 4, 0, udp=False)
    assert not answering.probe(probe(1), HERE, 50009, 4, 0)
    received = answering.sessions[SESSIONS[0]].received
    found = {family: [port for port, got in enumerate(ports) if got] for family, ports in received.items()}
    assert found == {4: [50007], 6: [50008]}


@pytest.mark.parametrize("port", [0, 1, 65535])
def test_the_first_and_the_last_port_are_answered_too(port):
    reply = responder().probe(probe(), HERE, port, 4, 0)
    assert reply is not None
    assert int.from_bytes(reply[20:22], "big") == port


class Answering(RuleBasedStateMachine):
    """Any packets in any order, beside a model that knows nothing of how it is done: sets and dictionaries."""

    LIMITS: ClassVar = {"MAX_SESSIONS": 3, "MAX_RATE": 6, "MAX_ANSWERS": 25}

    def __init__(self) -> None:
        super().__init__()
        self.before = {name: getattr(module, name) for name in self.LIMITS}
        for name, value in self.LIMITS.items():
            setattr(module, name, value)
        self.answering = responder()
        self.now = EXPIRES - 8.0
        self.used: set[tuple[bytes, int]] = set()
        self.sources: dict[bytes, dict[int, str]] = {}
        self.seconds: list[int] = []
        self.sent: list[bytes] = []

    def teardown(self) -> None:
        for name, value in self.before.items():
            setattr(module, name, value)

    def expected(self, session: bytes, counter: int, family: int, source: str) -> bool:
        known = session in self.sources
        allowed = (
            self.now < EXPIRES
            and counter < MAX_COUNTER
            and len(self.seconds) < self.LIMITS["MAX_ANSWERS"]
            and self.seconds.count(int(self.now)) < self.LIMITS["MAX_RATE"]
            and (known or len(self.sources) < self.LIMITS["MAX_SESSIONS"])
        )
        if not allowed:
            return False
        bound = self.sources.setdefault(session, {}).setdefault(family, source)
        if bound != source or (session, counter) in self.used:
            return False
        self.used.add((session, counter))
        self.seconds.append(int(self.now))
        return True

    @rule(
        make=st.sampled_from([probe, message]),
        session=st.sampled_from(SESSIONS),
        counter=st.integers(0, 12) | st.sampled_from([MAX_COUNTER - 1, MAX_COUNTER, 2**32 - 1]),
        family=st.sampled_from([4, 6]),
        other=st.sampled_from([False, False, False, True]),
    )
    def signed(self, make, session, counter, family, other):
        source = (THERE if other else HERE) if family == 4 else (THERE6 if other else HERE6)
        data = make(counter, session, family)
        self.sent.append(data)
        wanted = self.expected(session, counter, family, source)
        assert answered(self.answering, data, source, family, self.now) is wanted

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def replayed_from_anywhere(self, data):
        """Whatever was sent before, answered or not; a copy is answered only if the first never was."""
        one = data.draw(st.sampled_from(self.sent))
        source = data.draw(st.sampled_from([HERE, THERE, HERE6, THERE6]))
        family = 6 if ":" in source else 4
        _, session, counter, _, claimed, _ = HEAD.unpack(one[:24])
        wanted = claimed == family and self.expected(session, counter, family, source)
        assert answered(self.answering, one, source, family, self.now) is wanted

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def changed(self, data):
        one = bytearray(data.draw(st.sampled_from(self.sent)))
        one[data.draw(st.integers(0, len(one) - 1))] ^= data.draw(st.integers(1, 255))
        assert not answered(self.answering, bytes(one), HERE, 4, self.now)
        assert not answered(self.answering, bytes(one), HERE6, 6, self.now)

    @rule(seconds=st.sampled_from([0.0, 0.3, 1.0]))
    def time_goes_by(self, seconds):
        self.now += seconds

    @invariant()
    def nothing_but_what_was_answered_counts(self):
        assert self.answering.answers == len(self.used) == len(self.seconds)
        bound = {(family, source) for one in self.sources.values() for family, source in one.items()}
        assert set(addresses(self.answering)) == bound


TestAnswering = Answering.TestCase

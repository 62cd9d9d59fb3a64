"""The checker's sockets: budget, counters, control messages to a peer on loopback, and what errors mean."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from livekit_firewall.model.addresses import Family
from livekit_firewall.probe.checker import transport as transport_module
from livekit_firewall.probe.checker.transport import BURST, Budget, CannotSend, ProbeRun, Transport
from livekit_firewall.probe.listener.responder import Control
from livekit_firewall.probe.wire.messages import (
    CONTROL_SIZE,
    HEAD,
    MAX_COUNTER,
    EmptyReply,
    Keys,
    Kind,
    ReportReply,
    sign,
)
from livekit_firewall.probe.wire.token import Token

from .peer import TOKEN, Peer

PATIENT = 30.0
"""Seconds; only a failing test waits for so long."""


def answered(control: Control) -> Struct:
    return ReportReply(bytes([control.kind]))


def ask(line: Transport, peer: Peer, patience: float = PATIENT) -> ReportReply | None:
    return line.ask(Kind.REPORT, EmptyReply(), ReportReply, peer.ports, patience)


def new_run(total: int = 1000) -> ProbeRun:
    return ProbeRun(Keys(TOKEN), Budget(100_000, total))


# --- the conversation


def port_of(control: Control) -> int:
    return int(HEAD.unpack(control.head)[3])


def test_the_first_answer_gives_the_channel_and_the_round_trip() -> None:
    peer = Peer(lambda control: answered(control) if port_of(control) == peer.ports[1] else None, ports=3)
    with peer, peer.line() as line:
        assert ask(line, peer) == ReportReply(bytes([Kind.REPORT]))
        assert line.channel == peer.ports[1]
        assert line.round_trip is not None
        assert line.round_trip > 0

        assert line.ask(Kind.RULES, EmptyReply(), ReportReply, peer.ports, PATIENT) == ReportReply(bytes([Kind.RULES]))

    # and no other port any more
    assert {port_of(one) for one in peer.got if one.kind is Kind.RULES} == {peer.ports[1]}


def test_it_asks_again_until_it_is_answered_each_time_with_a_new_counter() -> None:
    peer = Peer(lambda control: answered(control) if len(peer.got) >= 4 else None, ports=1)
    with peer, peer.line() as line:
        assert ask(line, peer) == ReportReply(bytes([Kind.REPORT]))
        counters = [HEAD.unpack(one.head)[2] for one in peer.got]
        sent = line.run.budget.sent

    assert len(counters) == len(set(counters)) == 4
    assert sent == 4


def test_a_listener_that_is_silent_or_stops_is_none() -> None:
    peer = Peer(lambda control: answered(control) if len(peer.got) == 1 else None, ports=1)
    with peer, peer.line() as line:
        assert ask(line, peer) is not None
        assert ask(line, peer, 0.5) is None
        assert len(peer.got) > 2  # it did try


def test_what_is_not_the_answer_is_passed_over() -> None:
    other = Keys(Token(bytes(24), 0))

    def say(control: Control) -> list[bytes]:
        reply = peer.keys.reply_selector + control.head[8:]
        right = peer.responder.reply(control, answered(control))
        old = reply[:16] + b"\xff\xff\xff\xff" + reply[20:]
        return [
            b"",
            os.urandom(CONTROL_SIZE),
            right[:-1],
            right + b"\0",
            right[:-1] + bytes([right[-1] ^ 1]),
            control.head + right[24:],  # the selector of a request
            other.seal(reply, answered(control), reply=True),  # another secret
            peer.keys.seal(reply, answered(control), reply=False),  # sealed as a request
            peer.keys.seal(old, answered(control), reply=True),  # to what nobody asked
            peer.keys.seal(reply, EmptyReply(), reply=True),  # of another kind
            peer.keys.seal(reply, ReportReply(b"right"), reply=True),
        ]

    peer = Peer(say, ports=1)
    with peer, peer.line() as line:
        assert ask(line, peer) == ReportReply(b"right")


def test_an_answer_from_another_port_of_the_host_is_taken_and_that_port_used() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))

        def say(control: Control) -> None:
            other.sendto(peer.responder.reply(control, answered(control)), line.control.getsockname())

        peer = Peer(say, ports=1)
        with peer:
            line = peer.line()
            with line:
                line.control.bind(("127.0.0.1", 0))
                assert ask(line, peer) is not None
                assert line.channel == other.getsockname()[1]


def test_nothing_goes_out_beyond_the_budget() -> None:
    peer = Peer(lambda _control: None, ports=2)
    with peer, peer.line() as line:
        line.run.budget.total = 3
        assert ask(line, peer, 1.0) is None

    assert len(peer.got) <= 3 == line.run.budget.sent


# --- errors of the sockets

WORDS = {
    errno.EPERM: "this machine's own firewall does not let the packets out",
    errno.EACCES: "this machine's own firewall does not let the packets out",
    errno.ENETUNREACH: "this machine has no route to it over IPv4",
    errno.EADDRNOTAVAIL: "this machine has no route to it over IPv4",
    errno.EAFNOSUPPORT: "this machine has no route to it over IPv4",
    errno.EHOSTUNREACH: "this machine has no route to it over IPv4",
    errno.EMSGSIZE: os.strerror(errno.EMSGSIZE),
    errno.EINVAL: os.strerror(errno.EINVAL),
}


class Failing:
    """A socket that sends so many and fails then."""

    def __init__(self, real: socket.socket, code: int, good: int = 0) -> None:
        self.real, self.code, self.good = real, code, good

    def sendto(self, _data: bytes, _to: object) -> None:
        self.good -= 1
        if self.good < 0:
            raise OSError(self.code, os.strerror(self.code))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def fileno(self) -> int:
        return self.real.fileno()


@pytest.mark.parametrize(("code", "words"), WORDS.items(), ids=errno.errorcode.get)
@pytest.mark.parametrize("what", ["probes", "control"])
def test_an_error_that_means_that_nothing_can_be_sent_says_why(code: int, words: str, what: str) -> None:
    with Transport(new_run(), Family.IPV4, "127.0.0.1") as line:
        line.socket, line.control = Failing(line.socket, code), Failing(line.control, code)  # type: ignore[assignment]
        calls: dict[str, Callable[[], object]] = {
            "probes": lambda: line.send_probes([50000]),
            "control": lambda: line.ask(Kind.HELLO, EmptyReply(), EmptyReply, [50000], PATIENT),
        }
        with pytest.raises(CannotSend) as raised:
            calls[what]()

    assert str(raised.value) == words


@pytest.mark.parametrize(
    "code", [errno.EAGAIN, errno.EINTR, errno.ECONNREFUSED, errno.ECONNRESET, errno.ENOBUFS, errno.ENOMEM]
)
def test_an_error_that_passes_ends_a_batch_and_no_more(code: int) -> None:
    with Transport(new_run(), Family.IPV4, "127.0.0.1") as line:
        line.socket, line.control = Failing(line.socket, code, good=2), Failing(line.control, code)  # type: ignore[assignment]

        assert line.send_probes([1, 2, 3, 4]) == (0, 2)
        assert line.send_probes([5]) == (4, 0)  # no counter is used twice, whatever went out
        assert line.ask(Kind.HELLO, EmptyReply(), EmptyReply, [50000], 0.1) is None
        assert line.run.budget.sent == 0


def test_a_machine_without_a_family_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> socket.socket:
        raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")

    monkeypatch.setattr(socket, "socket", none)
    with pytest.raises(CannotSend) as raised:
        Transport(new_run(), Family.IPV6, "::1")

    assert str(raised.value) == "this machine has no IPv6: Address family not supported by protocol"


# --- counters, probes and replies


def test_both_families_share_counters_and_none_is_used_twice() -> None:
    run = new_run()
    with Transport(run, Family.IPV4, "127.0.0.1") as one, Transport(run, Family.IPV4, "127.0.0.1") as two:
        used = [one.probe(50000)[0], two.probe(50000)[0], one.send_probes([50000] * 3)[0], two.probe(1)[0]]

    assert used == [0, 1, 2, 5]


def test_a_run_ends_when_its_counters_are_used_up() -> None:
    run = new_run()
    run.take(MAX_COUNTER)
    with pytest.raises(CannotSend, match="the run has reached its limit of packets"):
        run.take(1)


def test_a_reply_is_ours_only_if_all_of_it_is() -> None:
    with Transport(new_run(), Family.IPV4, "127.0.0.1") as line:
        counter, packet = line.probe(50000)
        peer = Peer(lambda _: None, ports=0)
        reply = peer.responder.probe(packet, "127.0.0.1", 50000, 4, 0.0)
        assert reply is not None

        assert line.is_reply(reply, counter)
        assert line.is_reply(reply, counter, 50000)
        assert not line.is_reply(reply, counter, 50001)
        assert not line.is_reply(reply, counter + 1)
        assert not line.is_reply(packet, counter)
        assert not line.is_reply(reply[:-1], counter)
        for place in range(len(reply)):
            assert not line.is_reply(reply[:place] + bytes([reply[place] ^ 1]) + reply[place + 1 :], counter)
        six = reply[:22] + b"\x06" + reply[23:24]
        assert not line.is_reply(six + sign(six, peer.keys.reply), counter)


# --- the budget


class Clock:
    now = 100.0

    def monotonic(self) -> float:
        return self.now


@given(
    rate=st.integers(1, 200_000),
    steps=st.lists(st.tuples(st.floats(0, 0.5), st.floats(0, 1)), max_size=40),
)
def test_a_budget_lets_no_more_through_than_its_rate_and_one_burst(rate: int, steps: list[tuple[float, float]]) -> None:
    clock = Clock()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transport_module, "time", clock)
        budget = Budget(rate, 100_000)
        history = [(clock.now, 0)]
        for seconds, share in steps:
            clock.now += seconds
            room = budget.room(clock.now)
            assert 0 <= room <= budget.total - budget.sent
            budget.spend(int(room * share))
            history.append((clock.now, budget.sent))

    largest = max(64, min(BURST, rate))
    assert all(after <= 100_000 for _, after in history)
    for at, (since, before) in enumerate(history):
        assert all(sent - before <= largest + rate * (now - since) + 1 for now, sent in history[at:])
    assert all(one[1] <= two[1] for one, two in pairwise(history))


def test_a_budget_that_is_used_up_has_no_room_ever_again() -> None:
    budget = Budget(1000, 10)
    budget.spend(10)

    assert budget.room(1e12) == 0

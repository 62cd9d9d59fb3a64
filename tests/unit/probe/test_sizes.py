"""Control messages of every size: what fits, what an older release answers, and what is told of an MTU."""

from __future__ import annotations

import errno
import socket
import struct
from typing import Any

import msgspec
import pytest

from livekit_firewall.model.addresses import Family
from livekit_firewall.model.ports import PortRange
from livekit_firewall.probe.checker import failures
from livekit_firewall.probe.checker import listener_client as client_module
from livekit_firewall.probe.checker.listener_client import MAX_ASKED, MAX_TCP, MAX_WANTED, RULES_AT_ONCE, ListenerClient
from livekit_firewall.probe.checker.transport import Budget, ProbeRun, Transport
from livekit_firewall.probe.listener.listen import MAX_IN_USE, MAX_IN_USE_UDP
from livekit_firewall.probe.listener.responder import Control, Responder
from livekit_firewall.probe.wire.messages import (
    CONTROL_SIZE,
    HEAD,
    HEADERS,
    LEAST_CONTROL,
    MAX_REPORTED,
    MOST_CONTROL,
    PROBE_SIZE,
    EmptyReply,
    Fate,
    Hello,
    Keys,
    Kind,
    Ports,
    ReportReply,
    RulesReply,
    RuleText,
    TraceRequest,
    Welcome,
    most_reported,
    pack_fates,
)

from .peer import TOKEN, Peer
from .test_listener_client import WELCOME, plan_at

KEYS = Keys(TOKEN)
DIGEST = bytes(16)
FARTHEST = Ports(65534, 65535)


def head(kind: Kind, counter: int = 1) -> bytes:
    return HEAD.pack(KEYS.selector, bytes(8), counter, 50000, 4, kind)


def test_a_control_message_makes_a_packet_that_every_host_takes_whole() -> None:
    assert CONTROL_SIZE + HEADERS[Family.IPV4] == 576
    assert CONTROL_SIZE + HEADERS[Family.IPV6] <= 1280
    assert PROBE_SIZE < LEAST_CONTROL


LARGEST = [
    (Kind.HELLO, False, Hello(DIGEST, *[[FARTHEST] * most for most in (MAX_TCP, MAX_WANTED, MAX_WANTED, MAX_ASKED)])),
    (
        Kind.HELLO, True,
        Welcome("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", False, [FARTHEST] * MAX_IN_USE, [FARTHEST] * MAX_IN_USE_UDP,
                False, False),
    ),
    (Kind.REPORT, True, ReportReply(pack_fates([Fate.UNTESTABLE] * MAX_REPORTED), True)),
    (Kind.TRACE, False, TraceRequest([65535] * 32, False)),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "reply", "message"), LARGEST)
def test_the_largest_of_each_kind_fits(kind: Kind, reply: bool, message: msgspec.Struct) -> None:
    assert len(KEYS.seal(head(kind), message, reply=reply)) == CONTROL_SIZE


@pytest.mark.parametrize("size", [LEAST_CONTROL, 100, CONTROL_SIZE, 1000, MOST_CONTROL])
def test_a_listener_answers_a_message_of_any_size_with_one_of_the_same(size: int) -> None:
    responder = Responder(KEYS, 600.0)
    asked = KEYS.seal(head(Kind.ECHO), EmptyReply(), reply=False, size=size)
    control = responder.control(asked, "192.0.2.1", 4, 0.0)
    assert control is not None
    assert control.size == size
    reply = responder.reply(control, EmptyReply())
    assert len(reply) == size
    assert KEYS.open(reply, reply=True) == msgspec.msgpack.encode(EmptyReply())


@pytest.mark.parametrize("size", [LEAST_CONTROL - 1, MOST_CONTROL + 1])
def test_and_none_of_another(size: int) -> None:
    asked = KEYS.seal(head(Kind.ECHO), EmptyReply(), reply=False, size=size)
    assert Responder(KEYS, 600.0).control(asked, "192.0.2.1", 4, 0.0) is None


def test_a_report_in_a_larger_message_holds_more() -> None:
    """An older checker asks for 4,000 at once, and takes those that are left out for not seen."""
    assert most_reported(MOST_CONTROL) >= 4000
    packed = ReportReply(pack_fates([Fate.UNTESTABLE] * most_reported(MOST_CONTROL)), True)
    assert len(KEYS.seal(head(Kind.REPORT), packed, reply=True, size=MOST_CONTROL)) == MOST_CONTROL


def test_a_listener_of_an_older_release_gets_messages_of_its_size() -> None:
    sizes: list[int] = []

    def say(control: Control) -> msgspec.Struct | None:
        sizes.append(control.size)
        if control.size != MOST_CONTROL:
            return None
        return WELCOME if control.kind is Kind.HELLO else EmptyReply()

    with Peer(say, ports=1) as peer, peer.line() as line:
        talk = ListenerClient(line, DIGEST)
        assert talk.hello(plan_at(peer.ports)) == WELCOME
        assert talk.trace([50000], udp=True)
        assert talk.bye()
    assert sizes[:2] == [CONTROL_SIZE, CONTROL_SIZE]
    assert set(sizes[2:]) == {MOST_CONTROL}


def test_a_listener_of_this_release_gets_nothing_larger_than_it_needs() -> None:
    with Peer(lambda _control: WELCOME, ports=1) as peer, peer.line() as line:
        talk = ListenerClient(line, DIGEST)
        for _ in range(3):
            assert talk.hello(plan_at(peer.ports)) == WELCOME
    assert {one.size for one in peer.got} == {CONTROL_SIZE}


@pytest.mark.parametrize("takes", [LEAST_CONTROL, 100, 333, CONTROL_SIZE - 1])
def test_the_mtu_of_a_silent_way_is_found_by_messages_of_several_sizes(
    monkeypatch: pytest.MonkeyPatch, takes: int
) -> None:
    monkeypatch.setattr(client_module, "HELLO_PATIENCE", 0.1)
    monkeypatch.setattr(client_module, "ECHO_PATIENCE", 0.2)
    with Peer(lambda control: EmptyReply() if control.size <= takes else None, ports=1) as peer, peer.line() as line:
        talk = ListenerClient(line, DIGEST)
        assert talk.hello(plan_at(peer.ports)) is None
        found = talk.path_mtu()
    assert found is not None
    assert takes - client_module.ECHO_STEP < found - HEADERS[Family.IPV4] <= takes


@pytest.mark.parametrize("says", [None, EmptyReply()], ids=["nobody is there", "all gets through"])
def test_where_size_is_not_the_reason_none_is_named(monkeypatch: pytest.MonkeyPatch, says: EmptyReply | None) -> None:
    monkeypatch.setattr(client_module, "HELLO_PATIENCE", 0.1)
    monkeypatch.setattr(client_module, "ECHO_PATIENCE", 0.2)
    with Peer(lambda control: says if control.kind is Kind.ECHO else None, ports=1) as peer, peer.line() as line:
        talk = ListenerClient(line, DIGEST)
        assert talk.hello(plan_at(peer.ports)) is None
        assert talk.path_mtu() is None


def test_rules_that_do_not_fit_into_one_answer_are_requested_until_all_are_received() -> None:
    ports = list(range(50000, 50012))

    def say(control: Control) -> msgspec.Struct:
        asked = msgspec.msgpack.decode(control.body, type=TraceRequest)
        assert asked.udp
        return RulesReply([RuleText(True, port, f"rule {port}") for port in asked.ports[:RULES_AT_ONCE]])

    with Peer(say, ports=1) as peer, peer.line() as line:
        line.channel, line.round_trip = peer.ports[0], 5.0
        assert ListenerClient(line, DIGEST).rules(ports, udp=True) == {port: f"rule {port}" for port in ports}


# --- what the kernel tells


class Queue:
    """A socket whose error queue holds these: (errno, origin, type, code, info)."""

    def __init__(self, *errors: tuple[int, int, int, int, int]) -> None:
        self.errors = list(errors)

    def recvmsg(self, *_: object) -> tuple[bytes, list[tuple[int, int, bytes]], int, tuple[str, int]]:
        if not self.errors:
            raise BlockingIOError
        number, origin, kind, code, info = self.errors.pop(0)
        note = struct.pack("=IBBBBII", number, origin, kind, code, 0, info, 0)
        return b"", [(socket.IPPROTO_IP, 11, note)], 0, ("192.0.2.1", 50000)


@pytest.mark.needs("linux")
@pytest.mark.parametrize(
    ("error", "mtu"),
    [
        ((errno.EMSGSIZE, 2, 3, 4, 500), 500),  # a router, over IPv4
        ((errno.EMSGSIZE, 3, 2, 0, 1000), 1000),  # over IPv6
        ((errno.EMSGSIZE, 1, 0, 0, 552), 552),  # this machine
    ],
)
def test_too_large_is_no_word_on_who_is_there(error: tuple[int, int, int, int, int], mtu: int) -> None:
    told: list[int] = []
    queue: Any = Queue(error, (errno.EHOSTUNREACH, 2, 3, 1, 0))
    assert failures.icmp_failures(queue, told.append) == {50000: failures.Failure.HOST_UNREACHABLE}
    assert told == [mtu]


@pytest.mark.needs("linux")
def test_only_an_mtu_that_is_too_small_is_reported() -> None:
    with Transport(ProbeRun(KEYS, Budget(100_000, 1000)), Family.IPV4, "127.0.0.1") as line:
        real, line.control = line.control, Queue((errno.EMSGSIZE, 2, 3, 4, 1200), (errno.EMSGSIZE, 2, 3, 4, 0))  # type: ignore[assignment]
        assert line.mtu is None
        line.control = Queue((errno.EMSGSIZE, 2, 3, 4, 575), (errno.EMSGSIZE, 2, 3, 4, 552))  # type: ignore[assignment]
        assert line.mtu == 552
        line.control = real


def test_two_ports_are_asked_for_by_their_services() -> None:
    """Of many single ports, those that can be spoken to are among the few that are asked for."""
    from livekit_firewall.model.services import Service
    from livekit_firewall.probe.results.verdict import ProbeTarget

    plan = [
        *[ProbeTarget(PortRange.udp(port), Family.IPV4, True) for port in range(40000, 40040, 2)],
        ProbeTarget(PortRange.udp(60000), Family.IPV4, True, Service.TURN_UDP),
    ]
    with Peer(lambda _control: WELCOME, ports=1) as peer, peer.line() as line:
        line.channel = peer.ports[0]
        ListenerClient(line, DIGEST).hello(plan)
    hello = msgspec.msgpack.decode(peer.got[0].body, type=Hello)
    assert Ports(60000, 60000) in hello.asked_udp

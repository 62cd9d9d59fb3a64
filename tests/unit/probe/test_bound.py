"""The listener without nft: free ports are bound and answered, and what was not is named with its reason."""

from __future__ import annotations

import errno
import json
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from livekit_firewall.model.ports import PortRange
from livekit_firewall.probe.listener import bound as module
from livekit_firewall.probe.listener.bound import SPARE, BoundSockets
from livekit_firewall.probe.listener.responder import Responder, Session
from livekit_firewall.probe.wire.messages import CONTROL_SIZE, HEAD, PROBE_SIZE, EmptyReply, Fate, Keys, Kind, sign
from livekit_firewall.probe.wire.token import SECRET_SIZE, Token

COMPONENTS = Path(__file__).resolve().parents[3] / "components"
KEYS = Keys(Token(bytes(SECRET_SIZE), 0))
SESSION = b"12345678"
NO_ROOT = "which layer blocks: that needs root"
TAKEN = "a service has them bound, and only root with nft can share them"
FEW = "too few file descriptors (ulimit -n)"
PATIENCE = 20.0


def probe(counter: int, family: int = 4, port: int = 50000) -> bytes:
    head = HEAD.pack(KEYS.selector, SESSION, counter, port, family, Kind.PROBE)
    return head + sign(head, KEYS.request)


@pytest.fixture
def steps() -> Iterator[ExitStack]:
    with ExitStack() as held:
        yield held


@pytest.fixture(autouse=True)
def _without_root(monkeypatch):
    """The tap of a test that runs as root would be opened on all of the machine's links."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(module, "Tap", refuse)


@pytest.fixture
def bound(steps) -> Callable[..., BoundSockets]:
    def make(*ports: PortRange) -> BoundSockets:
        one = BoundSockets(KEYS, Responder(KEYS, time.monotonic() + 1000), ports)
        steps.callback(one.close)
        return one

    return make


def free(protocol: int = socket.SOCK_DGRAM, count: int = 1) -> int:
    """The first of so many ports in a row that nobody has bound, outside of those that the kernel hands out."""
    for first in range(20_000, 30_000, count):
        with suppress(OSError), ExitStack() as held:
            for port in range(first, first + count):
                one = held.enter_context(socket.socket(socket.AF_INET6, protocol))
                one.bind(("::", port))
            return first
    raise AssertionError("no port is free")


def answer(ground: BoundSockets, address: str, port: int, data: bytes) -> bytes | None:
    """What a datagram to it is answered with; None if nothing was."""
    calls = ground.sockets()
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(data, (address, port))
        ready = select.select(list(calls), [], [], PATIENCE)[0]
        assert ready, "the datagram did not arrive"
        for one in ready:
            calls[one]()
        # over loopback an answer is there when it was sent
        return client.recv(2048) if select.select([client], [], [], 0.05)[0] else None


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_free_port_is_bound_and_answers_a_signed_probe_in_both_families(bound, address):
    port, family = free(), 6 if ":" in address else 4
    ground = bound(PortRange.udp(port))
    assert ground.limits == (NO_ROOT,)
    assert (ground.diverts, ground.sees_arrivals, ground.tap) == (False, False, None)
    reply = answer(ground, address, port, probe(1, family))
    head = HEAD.pack(KEYS.reply_selector, SESSION, 1, port, family, Kind.PROBE)
    assert reply == head + sign(head, KEYS.reply)
    assert answer(ground, address, port, probe(1, family)) is None
    assert answer(ground, address, port, probe(2, 10 - family)) is None
    session = ground.responder.sessions[SESSION]
    assert session.sources == {family: address}
    assert ground.fates(session, family, udp=True) == {port: Fate.RECEIVED}
    assert ground.fates(session, 10 - family, udp=True) == {}
    assert ground.fates(session, family, udp=False) == {}


@pytest.mark.parametrize("data", [b"", b"x", b"x" * PROBE_SIZE, probe(1)[:-1], probe(1) + b"x", b"y" * 9000])
def test_anything_else_is_not_answered(bound, data):
    port = free()
    assert answer(bound(PortRange.udp(port)), "127.0.0.1", port, data) is None


def test_a_port_is_answered_by_its_own_socket(bound):
    first = free(count=4)
    ground = bound(PortRange.udp(first, first + 3))
    for number in range(4):
        reply = answer(ground, "127.0.0.1", first + number, probe(number))
        assert reply
        assert HEAD.unpack_from(reply)[3] == first + number
    session = ground.responder.sessions[SESSION]
    assert ground.fates(session, 4, udp=True) == dict.fromkeys(range(first, first + 4), Fate.RECEIVED)


def test_udp_ports_in_use_are_named_and_not_tested_and_the_others_are(bound, steps):
    first = free(count=4)
    for port, address in ((first + 1, "0.0.0.0"), (first + 2, "127.0.0.1")):
        steps.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)).bind((address, port))
    ground = bound(PortRange.udp(first, first + 3))
    assert ground.limits == (f"2 udp ports, {first + 1} first: {TAKEN}", NO_ROOT)
    assert ground.fates(Session(), 4, udp=True) == dict.fromkeys([first + 1, first + 2], Fate.UNTESTABLE)
    assert answer(ground, "127.0.0.1", first + 3, probe(1)) is not None


def test_one_port_in_use_is_one_port(bound, steps):
    port = free()
    steps.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)).bind(("127.0.0.1", port))
    assert bound(PortRange.udp(port), PortRange.udp(free())).limits[0] == f"1 udp port, {port} first: {TAKEN}"


def test_tcp_ports_in_use_are_left_to_their_service_and_are_no_limit(bound, steps):
    first = free(socket.SOCK_STREAM, count=2)
    steps.enter_context(socket.create_server(("127.0.0.1", first)))
    ground = bound(PortRange.tcp(first, first + 1))
    assert ground.limits == (NO_ROOT,)
    assert [one.getsockname()[1] for one in ground.tcp.listening] == [first + 1]


def test_the_same_port_of_both_protocols_is_bound_for_each(bound):
    port = free()
    ground = bound(PortRange.udp(port), PortRange.tcp(port))
    assert ground.limits == (NO_ROOT,)
    assert [one.getsockname()[1] for one in (*ground.sockets(), *ground.tcp.listening)] == [port, port]


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (errno.EACCES, "this user may not bind them"),
        (errno.EPERM, "this user may not bind them"),
        (errno.EMFILE, "Too many open files"),
    ],
)
def test_a_port_that_the_system_refuses_is_named_with_the_reason(bound, monkeypatch, number, why):
    udp, tcp = free(count=2), free(socket.SOCK_STREAM)
    refused = {udp, tcp}
    really = module._open

    def refuse(one: socket.socket, address: str, port: int) -> socket.socket:
        if port in refused:
            one.close()
            raise OSError(number, os.strerror(number))
        return really(one, address, port)

    monkeypatch.setattr(module, "_open", refuse)
    ground = bound(PortRange.udp(udp), PortRange.tcp(tcp), PortRange.udp(udp + 1))
    assert set(ground.limits) == {f"1 udp port, {udp} first: {why}", f"1 tcp port, {tcp} first: {why}", NO_ROOT}


def test_if_not_even_one_port_can_be_bound_it_is_an_error_that_says_why(steps):
    """A listener that cannot be spoken to would leave the checker to guess."""
    port = free()
    steps.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)).bind(("127.0.0.1", port))
    with pytest.raises(OSError, match="not one of the ports could be bound") as refused:
        BoundSockets(KEYS, Responder(KEYS, 1000), [PortRange.udp(port)])
    assert str(refused.value) == f"not one of the ports could be bound: 1 udp port, {port} first: {TAKEN}"
    tcp = steps.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1]
    with pytest.raises(OSError, match=r"bound: a service has all of them bound, and answers there itself$"):
        BoundSockets(KEYS, Responder(KEYS, 1000), [PortRange.tcp(tcp)])


def test_without_ipv6_the_ports_are_bound_for_ipv4(bound, monkeypatch):
    port = free()

    class OnlyIPv4(socket.socket):
        def __init__(self, family: int = -1, *rest: object) -> None:
            if family == socket.AF_INET6:
                raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")
            super().__init__(family, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(socket, "socket", OnlyIPv4)
        ground = bound(PortRange.udp(port))
    assert ground.limits == (NO_ROOT,)
    assert [one.family for one in ground.sockets()] == [socket.AF_INET]
    reply = answer(ground, "127.0.0.1", port, probe(1))
    assert reply
    assert len(reply) == PROBE_SIZE


def test_without_root_control_messages_come_over_the_bound_ports_and_are_answered_from_them(bound):
    port, heard = free(), []
    ground = bound(PortRange.udp(port))
    said = KEYS.seal(HEAD.pack(KEYS.selector, SESSION, 1, port, 4, Kind.HELLO), EmptyReply(), reply=False)

    def control(family: int, source: str, source_port: int, here: str, at: int, data: bytes) -> None:
        heard.append((family, source, here, at, data))
        ground.send(family, here, at, (source, source_port), b"an answer")
        ground.send(family, here, at + 1, (source, source_port), b"from a port that is not bound: nothing")

    ground.control = control
    assert answer(ground, "127.0.0.1", port, said) == b"an answer"
    assert answer(ground, "::1", port, said) == b"an answer"
    assert heard == [(4, "127.0.0.1", "", port, said), (6, "::1", "", port, said)]
    assert len(said) == CONTROL_SIZE


def test_with_root_control_messages_come_by_the_tap_alone_and_arrivals_are_noted(bound, monkeypatch):
    port, heard = free(), []

    class Silent:
        def __init__(self, selector: bytes, *, every: bool) -> None:
            assert (selector, every) == (KEYS.selector, True)

        def close(self) -> None:
            heard.append("closed")

    monkeypatch.setattr(module, "Tap", Silent)
    ground = bound(PortRange.udp(port))
    ground.control = lambda *said: heard.append(said)
    assert ground.limits == ()
    assert ground.sees_arrivals
    assert answer(ground, "127.0.0.1", port, bytes(CONTROL_SIZE)) is None
    assert heard == []
    assert answer(ground, "127.0.0.1", port, probe(1)) is not None
    ground.saw(4, "127.0.0.1", port)
    ground.saw(4, "127.0.0.1", port + 1)
    ground.saw(4, "198.51.100.2", port + 2)
    ground.saw(6, "::1", port + 3)
    session = ground.responder.sessions[SESSION]
    # of a port that is not bound here it is not known whether the host lets packets through
    assert ground.fates(session, 4, udp=True) == {port: Fate.RECEIVED, port + 1: Fate.UNTESTABLE}
    ground.close()
    assert heard == ["closed"]


def test_nothing_is_bound_any_more_when_it_is_closed(bound):
    port = free()
    ground = bound(PortRange.udp(port), PortRange.tcp(port))
    ground.close()
    assert not bound(PortRange.udp(port), PortRange.tcp(port)).limits[:-1]


# Binds ports under a limit of open files that it may not raise, in a process of its own.
PROGRAM = """
import json, os, resource, socket, sys
from livekit_firewall.model.ports import PortRange
from livekit_firewall.probe.listener.bound import BoundSockets
from livekit_firewall.probe.listener.responder import Responder
from livekit_firewall.probe.wire.token import Token
from livekit_firewall.probe.wire.messages import Keys
first, last, limit, waste = map(int, sys.argv[1:])
held = [os.open("/dev/null", os.O_RDONLY) for _ in range(waste)]
resource.setrlimit(resource.RLIMIT_NOFILE, (min(limit, 70), limit))
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
keys = Keys(Token(bytes(24), 0))
ground = BoundSockets(keys, Responder(keys, 1000), [PortRange.udp(first, last)])
print(json.dumps([len(ground.sockets()), ground.limits]))
"""


def limited(first: int, count: int, limit: int, waste: int = 0) -> list[object]:
    numbers = [str(number) for number in (first, first + count - 1, limit, waste)]
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, *numbers], capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "PYTHONPATH": str(COMPONENTS)},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)  # type: ignore[no-any-return]


@pytest.mark.needs("linux")
def test_as_many_ports_are_bound_as_the_limit_of_open_files_allows_and_the_others_are_named():
    first = free(count=100)
    assert limited(first, 100, SPARE + 100) == [100, [NO_ROOT]], "the limit is raised as far as the user may"
    assert limited(first, 100, SPARE + 30) == [30, [f"70 udp ports, {first + 30} first: {FEW}", NO_ROOT]]


@pytest.mark.needs("linux")
def test_if_something_else_has_taken_the_descriptors_the_system_says_so():
    first = free(count=100)
    count, limits = limited(first, 100, SPARE + 100, waste=120)
    assert isinstance(count, int)
    assert 30 < count < 44, "what 164 leave of 120, and the standard streams"
    assert limits == [f"{100 - count} udp ports, {first + count} first: Too many open files", NO_ROOT]

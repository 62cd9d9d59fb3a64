"""TCP attempts over loopback: real sockets, and no packet that leaves the machine."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
import struct
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.probe.checker import attempts, failures
from livekit_firewall.probe.checker import connect as connect_module
from livekit_firewall.probe.checker.connect import Exchange, Pace, connect
from livekit_firewall.probe.checker.failures import Failure
from livekit_firewall.probe.results.socket_results import TcpResult

HERE = "127.0.0.1"
QUICK = Pace(attempts=3, interval=0.05)


def tried(
    *ports: int, address: str = HERE, pace: Pace = QUICK, exchanges: Any = None, **rest: Any
) -> dict[int, TcpResult]:
    asked = connect(address, ports, exchanges=exchanges or (lambda port, attempt: None), pace=pace, **rest)
    return asyncio.run(asyncio.wait_for(asked, 20))


@contextlib.contextmanager
def listening(backlog: int = 10) -> Iterator[tuple[socket.socket, int]]:
    with socket.create_server((HERE, 0), backlog=backlog) as server:
        yield server, server.getsockname()[1]


@contextlib.contextmanager
def closed() -> Iterator[int]:
    """A port that nobody listens on, and that nobody else is given meanwhile."""
    with socket.socket() as bound:
        bound.bind((HERE, 0))
        yield bound.getsockname()[1]


@contextlib.contextmanager
def silent() -> Iterator[int]:
    """A port whose queue of connections is full, where Linux drops further SYNs."""
    with listening(backlog=0) as (_, port), contextlib.ExitStack() as held:
        for _ in range(3):
            one = held.enter_context(socket.socket())
            one.setblocking(False)
            one.connect_ex((HERE, port))
        yield port


@contextlib.contextmanager
def answering(*answers: bytes) -> Iterator[tuple[int, list[bytes]]]:
    """A server that reads 4 bytes of each connection and says the next of the answers; and what it has read."""
    heard: list[bytes] = []

    def serve(server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            for answer in answers:
                one, _ = server.accept()
                with one:
                    heard.append(one.recv(4))
                    one.sendall(answer)
                    one.recv(1)  # until the other end closes

    with listening() as (server, port):
        thread = threading.Thread(target=serve, args=(server,), daemon=True)
        thread.start()
        yield port, heard
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def expecting(answer: bytes, request: bytes = b"ask!") -> Any:
    return lambda port, attempt: Exchange(request, len(answer), lambda got: got == answer)


def open_files() -> int:
    return sum(1 for _ in Path("/dev/fd").iterdir())


def test_a_listening_port_accepts_and_a_closed_one_refuses():
    with listening() as (_, open_port), closed() as closed_port:
        assert tried(open_port, closed_port) == {open_port: TcpResult.ACCEPTED, closed_port: TcpResult.REFUSED}


def test_ipv6_too():
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as server:
        port = server.getsockname()[1]
        assert tried(port, address="::1") == {port: TcpResult.ACCEPTED}


@pytest.mark.needs("linux")
def test_a_port_that_says_nothing_is_silent_after_its_last_interval():
    with silent() as port:
        assert tried(port) == {port: TcpResult.SILENT}


def test_the_right_answer_proves_our_responder():
    with answering(b"right") as (port, heard):
        assert tried(port, exchanges=expecting(b"right")) == {port: TcpResult.ANSWERED}
        assert heard == [b"ask!"]


def test_a_wrong_answer_is_an_acceptance_by_somebody_else():
    with answering(b"wrong") as (port, _):
        assert tried(port, exchanges=expecting(b"right")) == {port: TcpResult.ACCEPTED}


def test_an_answer_too_short_or_none_is_an_acceptance_by_somebody_else(monkeypatch):
    monkeypatch.setattr(connect_module, "PATIENCE", 0.3)
    with listening() as (_, mute):
        assert tried(mute, exchanges=expecting(b"right"), pace=Pace(attempts=1, interval=0.05)) == {
            mute: TcpResult.ACCEPTED
        }
    with answering(b"rig") as (port, _):
        assert tried(port, exchanges=expecting(b"right"), pace=Pace(attempts=1, interval=0.05)) == {
            port: TcpResult.ACCEPTED
        }


def test_while_an_exchange_waits_later_attempts_go_on_and_each_has_its_own_request():
    """The first connection is one that never answers: it is behind a server that serves one after another."""
    asked: list[tuple[int, int]] = []

    def exchanges(port: int, attempt: int) -> Exchange:
        asked.append((port, attempt))
        return Exchange(b"ask%d" % attempt, 4, lambda got: got == b"ask1")

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard = await reader.read(4)
        if heard == b"ask1":
            writer.write(heard)
        with contextlib.suppress(OSError):
            await reader.read(1)
        writer.close()

    async def run() -> tuple[int, dict[int, TcpResult]]:
        server = await asyncio.start_server(serve, HERE, 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            found = await connect(HERE, [port], exchanges=exchanges, pace=QUICK)
        return port, found

    port, found = asyncio.run(run())
    assert found == {port: TcpResult.ANSWERED}
    assert asked[:2] == [(port, 0), (port, 1)]


def test_who_accepts_and_resets_at_once_has_accepted():
    with listening() as (server, port):
        abort = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)

        async def reset() -> None:
            one, _ = await asyncio.get_running_loop().sock_accept(server)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, abort)
            one.close()

        async def run() -> dict[int, TcpResult]:
            server.setblocking(False)
            resetting = asyncio.ensure_future(reset())
            found = await connect(HERE, [port], exchanges=expecting(b"right"), pace=QUICK)
            await resetting
            return found

        assert asyncio.run(run()) == {port: TcpResult.ACCEPTED}


def test_each_port_is_reported_once_and_the_answer_keeps_the_order():
    done: list[int] = []
    with listening() as (_, first), closed() as second:
        found = tried(second, first, second, pace=Pace(attempts=1, interval=0.05, at_once=1), on_done=done.append)
    assert list(found) == done == [second, first]


def test_no_ports_are_no_answers():
    assert tried() == {}


@pytest.mark.needs("linux")
@pytest.mark.parametrize("stop", ["cancelled", "failed", "finished"])
def test_no_socket_is_left_whatever_ends_the_run(stop):
    class Stop(Exception):
        pass

    def exchanges(port: int, attempt: int) -> None:
        if stop == "failed":
            raise Stop

    async def run() -> None:
        with silent() as port, listening() as (_, open_port):
            before = open_files()
            ports = [port, open_port] if stop != "cancelled" else [port]
            pace = Pace(attempts=5, interval=5 if stop == "cancelled" else 0.05)
            trying = asyncio.ensure_future(connect(HERE, ports, exchanges=exchanges, pace=pace))
            if stop == "cancelled":
                await asyncio.sleep(0.05)
                assert open_files() > before
                trying.cancel()
            expected = {"cancelled": asyncio.CancelledError, "failed": Stop}.get(stop)
            with pytest.raises(expected) if expected else contextlib.nullcontext():
                await trying
            assert open_files() == before

    asyncio.run(run())


def test_only_so_many_sockets_are_open_at_a_time(monkeypatch):
    open_now, most = 0, 0

    async def attempt(port: int, number: int, deadline: float) -> str:
        nonlocal open_now, most
        open_now += 1
        most = max(most, open_now)
        await asyncio.sleep(deadline - asyncio.get_running_loop().time())
        open_now -= 1
        return "silent"

    words, pace = attempts.ResultOrder((), ("silent",), "no route"), Pace(attempts=4, interval=0.02, at_once=12)
    place = attempts.SocketAddress.of(HERE)
    trying = attempts.try_ports(place, range(1, 10), attempt, words, pace, attempts.no_progress)
    assert asyncio.run(trying) == dict.fromkeys(range(1, 10), "silent")
    assert most == 12


def test_the_limit_of_open_files_bounds_the_sockets(monkeypatch):
    resource = pytest.importorskip("resource")
    monkeypatch.setattr(resource, "getrlimit", lambda which: (104, 1000))
    assert Pace(attempts=5, at_once=128).ports_at_once == (104 - 64) // 5
    monkeypatch.setattr(resource, "getrlimit", lambda which: (10, 1000))
    assert Pace(attempts=5, at_once=128).ports_at_once == 1
    monkeypatch.setattr(resource, "getrlimit", lambda which: (resource.RLIM_INFINITY,) * 2)
    assert Pace(attempts=5, at_once=128).ports_at_once == 25


class Failing(socket.socket):
    """A TCP socket that cannot be had, or that connects to nowhere, as a test says."""

    opens: list[int]
    connects: list[int]

    def __init__(self, family: int = -1, kind: int = -1, proto: int = -1, fileno: int | None = None) -> None:
        if kind == socket.SOCK_STREAM and fileno is None and Failing.opens:
            self._fail(Failing.opens)
        super().__init__(family, kind, proto, fileno)

    def connect(self, where: Any) -> None:
        if self.type == socket.SOCK_STREAM and Failing.connects:
            self._fail(Failing.connects)
        super().connect(where)

    @staticmethod
    def _fail(errors: list[int]) -> None:
        error = errors.pop(0)
        if error:
            raise OSError(error, os.strerror(error))


@pytest.fixture
def failing(monkeypatch):
    monkeypatch.setattr(Failing, "opens", [], raising=False)
    monkeypatch.setattr(Failing, "connects", [], raising=False)
    monkeypatch.setattr(attempts.socket, "socket", Failing)
    return Failing


@pytest.mark.parametrize("error", [errno.EMFILE, errno.ENFILE, errno.ENOBUFS])
def test_without_sockets_a_port_is_not_tested(failing, error):
    failing.opens[:] = [error] * 3
    assert tried(1) == {1: TcpResult.EXHAUSTED}


def test_exhaustion_that_passes_is_forgotten_and_one_that_stays_is_not_taken_for_silence(failing):
    with listening() as (_, port):
        failing.opens[:] = [errno.EMFILE, errno.EMFILE]
        assert tried(port) == {port: TcpResult.ACCEPTED}
    failing.opens[:] = [errno.EMFILE]
    failing.connects[:] = [errno.ETIMEDOUT] * 2
    assert tried(1) == {1: TcpResult.EXHAUSTED}


@pytest.mark.parametrize(
    ("errors", "word"),
    [
        ([errno.EHOSTUNREACH] * 3, TcpResult.HOST_UNREACHABLE),
        ([errno.ENETUNREACH] * 3, TcpResult.HOST_UNREACHABLE),
        ([errno.EACCES] * 3, TcpResult.PROHIBITED),
        ([errno.EACCES, errno.EHOSTUNREACH, errno.EACCES], TcpResult.HOST_UNREACHABLE),
        ([errno.EACCES, errno.ETIMEDOUT, errno.ETIMEDOUT], TcpResult.PROHIBITED),
        ([errno.ETIMEDOUT] * 3, TcpResult.SILENT),
        ([errno.EPERM] * 3, TcpResult.EXHAUSTED),
        ([errno.EADDRNOTAVAIL] * 3, TcpResult.EXHAUSTED),
        ([errno.EHOSTUNREACH, errno.ECONNREFUSED], TcpResult.REFUSED),
        ([errno.EHOSTUNREACH, errno.EACCES, 0], TcpResult.ACCEPTED),
        ([errno.ECONNRESET], TcpResult.ACCEPTED),
        ([errno.EXDEV] * 3, TcpResult.EXHAUSTED),
        ([errno.EADDRNOTAVAIL, errno.EHOSTUNREACH, errno.EHOSTUNREACH], TcpResult.EXHAUSTED),
    ],
)
def test_what_several_attempts_make_together(failing, errors, word):
    """By the errors alone, as on a system without an error queue."""
    with listening() as (_, port):
        failing.connects[:] = errors
        assert tried(port) == {port: word}
    assert failing.connects == []


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (1225, Failure.REFUSED), (1231, Failure.HOST_UNREACHABLE), (1232, Failure.HOST_UNREACHABLE),
        (121, Failure.SILENT), (10013, Failure.EXHAUSTED),
    ],
)  # fmt: skip
def test_windows_own_numbers_are_understood(number, why):
    class WindowsError(OSError):
        winerror = number

    # Windows' errno of such an error is EINVAL, or EACCES for the last.
    assert failures.failure(WindowsError(errno.EACCES if number == 10013 else errno.EINVAL, "")) is why


def test_an_address_family_that_this_machine_lacks_is_no_route(monkeypatch):
    class Without(socket.socket):
        def __init__(self, *arguments: Any, **named: Any) -> None:
            raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")

    place = attempts.SocketAddress.of("2001:db8::1")
    monkeypatch.setattr(attempts.socket, "socket", Without)
    assert not place.has_route()


def test_a_socket_that_met_itself_found_nobody(monkeypatch):
    """Bound to the port that it looks for, a socket connects to itself."""
    with closed() as free:
        port = free

    def open_bound(self: Any, kind: socket.SocketKind) -> socket.socket:
        one = socket.socket(self.family, kind)
        one.setblocking(False)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((HERE, port))
        return one

    monkeypatch.setattr(attempts.SocketAddress, "open", open_bound)
    assert tried(port, pace=Pace(attempts=1, interval=1)) == {port: TcpResult.REFUSED}


@pytest.mark.parametrize("address", ["turn.example.org", "", "localhost", "203.0.113.1:443", "1" * 300, "bücher"])
def test_a_name_is_no_address(address):
    with pytest.raises(ValueError, match=r"must be an IP address such as 203.0.113.1 or 2001:db8::1"):
        tried(1, address=address)


@pytest.mark.parametrize("wrong", [{"attempts": 0}, {"at_once": 0}, {"interval": 0.0}, {"interval": -1.0}])
def test_a_pace_that_would_try_nothing_is_refused(wrong):
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} must be at least"):
        Pace(**wrong)

"""UDP without a listener, over loopback, and the sample of a range."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import itertools
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.model.ports import PortRange
from livekit_firewall.probe.checker import attempts
from livekit_firewall.probe.checker.connect import Pace
from livekit_firewall.probe.checker.without_listener import probe_udp, sample
from livekit_firewall.probe.results.socket_results import UdpResult

HERE = "127.0.0.1"
QUICK = Pace(attempts=3, interval=0.05)


@contextlib.contextmanager
def bound(address: str = HERE) -> Iterator[tuple[socket.socket, int]]:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind((address, 0))
        yield one, one.getsockname()[1]


@contextlib.contextmanager
def closed() -> Iterator[int]:
    """A port of this address that nobody has: another address holds its number."""
    with bound("127.0.0.2") as (_, port):
        yield port


def open_files() -> int:
    return sum(1 for _ in Path("/dev/fd").iterdir())


def knocked(*ports: int, address: str = HERE, **rest: Any) -> dict[int, UdpResult]:
    return asyncio.run(asyncio.wait_for(probe_udp(address, ports, pace=QUICK, **rest), 20))


@pytest.mark.parametrize("answer", [b"hello", b""])
@pytest.mark.parametrize("ignored", [0, 2])
def test_anything_that_comes_back_to_any_attempt_is_an_answer(answer, ignored):
    async def run(service: socket.socket, port: int) -> dict[int, UdpResult]:
        heard = iter(range(100))

        def reply() -> None:
            _, sender = service.recvfrom(100)
            if next(heard) >= ignored:
                service.sendto(answer, sender)

        asyncio.get_running_loop().add_reader(service, reply)
        return await probe_udp(HERE, [port], pace=QUICK)

    with bound() as (service, port):
        assert asyncio.run(run(service, port)) == {port: UdpResult.ANSWERED}


@pytest.mark.needs("linux")
def test_a_closed_port_is_unreachable_and_a_quiet_service_silent():
    with bound() as (_, quiet), closed() as shut:
        assert knocked(quiet, shut) == {quiet: UdpResult.SILENT, shut: UdpResult.PORT_UNREACHABLE}


def test_a_quiet_service_gets_one_byte_per_attempt():
    with bound("::1") as (service, port):
        assert knocked(port, address="::1") == {port: UdpResult.SILENT}
        service.setblocking(False)
        assert [service.recv(100) for _ in range(3)] == [b"\0"] * 3
        with pytest.raises(BlockingIOError):
            service.recv(100)


def test_each_port_is_reported_once():
    done: list[int] = []
    with bound() as (_, one), bound() as (_, two):
        knocked(one, two, one, on_done=done.append)
        assert sorted(done) == sorted([one, two])


@pytest.mark.needs("linux")
def test_no_socket_is_left_after_a_cancelled_run():
    async def run() -> None:
        with bound() as (_, port):
            before = open_files()
            knocking = asyncio.ensure_future(probe_udp(HERE, [port], pace=Pace(attempts=2, interval=5)))
            await asyncio.sleep(0.05)
            assert open_files() > before
            knocking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await knocking
            assert open_files() == before

    asyncio.run(run())


@pytest.mark.parametrize(
    ("errors", "word"),
    [
        ([errno.EPERM] * 3, UdpResult.EXHAUSTED),
        ([errno.EACCES] * 3, UdpResult.PROHIBITED),
        ([errno.EHOSTUNREACH, errno.EACCES, errno.EACCES], UdpResult.HOST_UNREACHABLE),
        ([errno.EHOSTUNREACH, 0, 0], UdpResult.HOST_UNREACHABLE),
        ([errno.ENOBUFS, 0, 0], UdpResult.EXHAUSTED),
        ([errno.EACCES, errno.ECONNREFUSED], UdpResult.PORT_UNREACHABLE),
        ([errno.ECONNRESET], UdpResult.PORT_UNREACHABLE),
        ([0, 0, 0], UdpResult.SILENT),
    ],
)
def test_what_several_attempts_make_together(monkeypatch, errors, word):
    """By the errors alone, as on a system without an error queue; ECONNRESET is Windows' word."""

    class Failing(socket.socket):
        def send(self, data: Any, flags: int = 0) -> int:
            error = errors.pop(0)
            if error:
                raise OSError(error, os.strerror(error))
            return super().send(data, flags)

    with bound() as (_, port):
        monkeypatch.setattr(attempts.socket, "socket", Failing)
        assert knocked(port) == {port: word}
    assert errors == []


def test_a_name_is_no_address():
    with pytest.raises(ValueError, match=r"must be an IP address .* \(got 'turn.example.org'\)"):
        knocked(1, address="turn.example.org")


@pytest.mark.parametrize(
    ("ports", "limit", "expected"),
    [
        (PortRange.udp(50000, 60000), 5, [50000, 52500, 55000, 57500, 60000]),
        (PortRange.udp(50000, 60000), 2, [50000, 60000]),
        (PortRange.udp(1, 65535), 3, [1, 32768, 65535]),
        (PortRange.udp(443), 1, [443]),
        (PortRange.udp(443), 64, [443]),
        (PortRange.udp(10, 13), 4, [10, 11, 12, 13]),
        (PortRange.udp(10, 13), 64, [10, 11, 12, 13]),
    ],
)
def test_a_sample_is_evenly_spread(ports, limit, expected):
    assert sample(ports, limit) == expected


@given(st.integers(1, 65535), st.integers(0, 65534), st.integers(2, 200))
def test_a_sample_has_the_first_and_last_port_and_steps_that_differ_by_one_at_most(first, more, limit):
    ports = PortRange.udp(first, min(65535, first + more))
    found = sample(ports, limit)
    assert (found[0], found[-1], len(found)) == (ports.first, ports.last, min(limit, len(ports)))
    steps = {after - before for before, after in itertools.pairwise(found)}
    assert all(step > 0 for step in steps)
    assert not steps or max(steps) - min(steps) <= 1


@pytest.mark.parametrize("limit", [1, 0, -1])
def test_a_sample_without_room_for_both_ends_is_refused(limit):
    with pytest.raises(ValueError, match=rf"udp/50000-60000 must have room .* \(got a limit of {limit}\)"):
        sample(PortRange.udp(50000, 60000), limit)

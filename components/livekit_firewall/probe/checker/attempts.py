"""Attempts on many ports at a limited pace: several per port, some ports at a time, every socket closed."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import Any, TypeVar

from msgspec import Struct

from ...model.text import quoted
from .failures import keep_icmp_errors

Result = TypeVar("Result")
SPARE_FILES = 64
"""Descriptors left for all other files that the process has open."""


class Pace(Struct, frozen=True):
    """How often and how fast ports are tried. Raises `ValueError` for a count below 1 or no interval.

    Attributes:
        attempts: sockets per port, at most; the first answer ends them.
        interval: seconds from one attempt on a port to the next, and after the last.
        at_once: sockets at a time, of all ports: at_once // attempts ports, at least one. The limit of open files,
            less 64, lowers it. 256 lets 51 ports be tried together and is half of what `select` takes on Windows.
    """

    attempts: int = 5
    interval: float = 1.0
    at_once: int = 256

    def __post_init__(self) -> None:
        for name, least in (("attempts", 1), ("at_once", 1), ("interval", 0.001)):
            if getattr(self, name) < least:
                raise ValueError(f"{name} must be at least {least} (got {getattr(self, name)})")

    @property
    def ports_at_once(self) -> int:
        return max(1, min(self.at_once, _files_allowed()) // self.attempts)


def _files_allowed() -> int:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return 1 << 16
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 1 << 16 if soft == resource.RLIM_INFINITY else max(1, soft - SPARE_FILES)


class SocketAddress(Struct, frozen=True):
    """An address as sockets need it: its family, and the arguments of `connect` without the port."""

    family: int
    host: str
    rest: tuple[Any, ...]

    @classmethod
    def of(cls, address: str) -> SocketAddress:
        """Raises `ValueError` for anything but an IP address (`fe80::1%eth0` is one)."""
        try:
            found = socket.getaddrinfo(address, 0, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        except (socket.gaierror, UnicodeError):
            raise ValueError(
                f"must be an IP address such as 203.0.113.1 or 2001:db8::1 (got {quoted(address)})"
            ) from None
        family, _, _, _, where = found[0]
        return cls(family, str(where[0]), tuple(where[2:]))

    def at(self, port: int) -> tuple[Any, ...]:
        return (self.host, port, *self.rest)

    def has_route(self) -> bool:
        """Whether this machine has a route there: connecting a UDP socket looks it up and sends nothing."""
        try:
            with socket.socket(self.family, socket.SOCK_DGRAM) as asking:
                asking.connect(self.at(9))
        except OSError as error:
            return error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EAGAIN)
        return True

    def open(self, kind: socket.SocketKind) -> socket.socket:
        """A socket that does not block. Raises `OSError`."""
        opened = socket.socket(self.family, kind)
        try:
            opened.setblocking(False)
            keep_icmp_errors(opened)
        except OSError:
            opened.close()
            raise
        return opened


class ResultOrder(Struct, frozen=True):
    """The results that attempts can end with, by precedence.

    Attributes:
        settling: results that settle a port at once; if two come together, the first of them here.
        lesser: results that count when all attempts are over, the first that any of them ended with. The last
            is silence, which any other outweighs.
        no_route: the result if this machine cannot send there.
    """

    settling: tuple[Any, ...]
    lesser: tuple[Any, ...]
    no_route: Any


Attempt = Callable[[int, int, float], Coroutine[Any, Any, Result]]
"""Of a port, the attempt's number from 0, and the time of the loop's clock at which to give up."""


def no_progress(_: int) -> None:
    """Reports nothing."""


async def try_ports(
    place: SocketAddress,
    ports: Sequence[int],
    attempt: Attempt[Result],
    words: ResultOrder,
    pace: Pace,
    on_done: Callable[[int], None],
) -> dict[int, Result]:
    """The result of each port, in the order given. `on_done` is called with each port when it is settled."""
    found: dict[int, Result] = dict.fromkeys(ports, words.no_route)
    waiting, has_route = iter(tuple(found)), place.has_route()

    async def lane() -> None:
        for port in waiting:
            if has_route:
                found[port] = await _settle(port, attempt, words, pace)
            on_done(port)

    lanes = [asyncio.ensure_future(lane()) for _ in range(min(pace.ports_at_once, len(found)))]
    try:
        await asyncio.gather(*lanes)
    finally:
        await _end(lanes)
    return found


async def _settle(port: int, attempt: Attempt[Result], words: ResultOrder, pace: Pace) -> Result:
    clock = asyncio.get_running_loop().time
    start, seen = clock(), set[Result]()
    deadline = start + pace.attempts * pace.interval
    pending: set[asyncio.Task[Result]] = set()
    try:
        for number in range(pace.attempts):
            pending.add(asyncio.ensure_future(attempt(port, number, deadline)))
            is_last, following = number == pace.attempts - 1, start + (number + 1) * pace.interval
            while pending:
                # The last ones end by themselves, at the deadline or after the talk they are in.
                patience = None if is_last else max(0.0, following - clock())
                done, pending = await asyncio.wait(pending, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
                seen |= {task.result() for task in done}
                if settled := [word for word in words.settling if word in seen]:
                    return settled[0]  # type: ignore[no-any-return]
                if not done:
                    break
            if not pending and not is_last:
                await asyncio.sleep(max(0.0, following - clock()))
        return next(word for word in words.lesser if word in seen)  # type: ignore[no-any-return]
    finally:
        await _end(pending)


async def _end(tasks: Iterable[asyncio.Future[Any]]) -> None:
    """Cancel what still runs, and wait until its sockets are closed."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

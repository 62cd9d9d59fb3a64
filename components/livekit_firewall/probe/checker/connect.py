"""TCP attempts with plain sockets: which ports accept, which refuse, and which say nothing."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from collections.abc import Callable, Sequence

from msgspec import Struct

from ..results.socket_results import TcpResult
from .attempts import Pace, ResultOrder, SocketAddress, no_progress, try_ports
from .failures import Failure, failure

__all__ = ["Exchange", "Pace", "TcpResult", "connect"]


class Exchange(Struct, frozen=True):
    """What to say on a connection and to hear: `accepts` judges exactly `answer_size` bytes."""

    request: bytes
    answer_size: int
    accepts: Callable[[bytes], bool]


# EXHAUSTED before all: not every attempt was made. HOST_UNREACHABLE before PROHIBITED: it blames no firewall.
WORDS = ResultOrder(
    settling=(TcpResult.ANSWERED, TcpResult.ACCEPTED, TcpResult.REFUSED),
    lesser=(TcpResult.EXHAUSTED, TcpResult.HOST_UNREACHABLE, TcpResult.PROHIBITED, TcpResult.SILENT),
    no_route=TcpResult.NO_ROUTE,
)
FAILURES = {
    Failure.RESET: TcpResult.ACCEPTED,
    Failure.REFUSED: TcpResult.REFUSED,
    Failure.PORT_UNREACHABLE: TcpResult.PROHIBITED,
    Failure.PROHIBITED: TcpResult.PROHIBITED,
    Failure.HOST_UNREACHABLE: TcpResult.HOST_UNREACHABLE,
    Failure.EXHAUSTED: TcpResult.EXHAUSTED,
    Failure.SILENT: TcpResult.SILENT,
}
PATIENCE = 1.0
"""Seconds that an exchange has at least: a lost segment is sent again within."""


async def connect(
    address: str,
    ports: Sequence[int],
    *,
    exchanges: Callable[[int, int], Exchange | None],
    pace: Pace,
    on_done: Callable[[int], None] = no_progress,
) -> dict[int, TcpResult]:
    """Try TCP ports of an IP address; the answer has them in the order given.

    Of a port, up to `pace.attempts` sockets are opened `pace.interval` apart, and stay open till one of them is
    answered or the last interval is over: a lost SYN makes no verdict. What settles a port is the first success or
    RST. ICMP errors may be passing or forged, so they count only if nothing else came to any attempt. Windows
    itself tries again after a RST, and tells of it after about two seconds.

    Args:
        exchanges: for a port and an attempt (from 0), asked once connected: what to send and to expect; None if
            accepting is enough. Without the right answer within max(interval, 1 s) it is ACCEPTED.
        on_done: called with each port when it is settled.

    Raises `ValueError` if the address is a name. No socket is open when this returns, raises or is cancelled.
    """
    place = SocketAddress.of(address)

    async def attempt(port: int, number: int, deadline: float) -> TcpResult:
        try:
            one = place.open(socket.SOCK_STREAM)
        except OSError as error:
            return FAILURES[failure(error)]
        with one:
            # From here on, only ACCEPTED can still become ANSWERED.
            word = await _reach(one, place.at(port), deadline)
            exchange = exchanges(port, number) if word is TcpResult.ACCEPTED else None
            return await _talk(one, exchange, max(pace.interval, PATIENCE)) if exchange else word

    return await try_ports(place, ports, attempt, WORDS, pace, on_done)


async def _reach(one: socket.socket, where: tuple[object, ...], deadline: float) -> TcpResult:
    loop = asyncio.get_running_loop()
    try:
        await asyncio.wait_for(loop.sock_connect(one, where), max(0.0, deadline - loop.time()))
        # Within one machine a socket can be given the very port it looks for, and so meet itself.
        return TcpResult.REFUSED if one.getsockname() == one.getpeername() else TcpResult.ACCEPTED
    except asyncio.TimeoutError:
        return TcpResult.SILENT
    except OSError as error:
        return FAILURES[failure(error, one)]


async def _talk(one: socket.socket, exchange: Exchange, patience: float) -> TcpResult:
    # Closing then discards what was not delivered, where else the kernel would go on sending it for minutes.
    abort = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, abort)
        is_right = await asyncio.wait_for(_is_answered(one, exchange), patience)
    except (asyncio.TimeoutError, OSError):  # two classes until Python 3.11
        return TcpResult.ACCEPTED
    return TcpResult.ANSWERED if is_right else TcpResult.ACCEPTED


async def _is_answered(one: socket.socket, exchange: Exchange) -> bool:
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(one, exchange.request)
    answer = b""
    while len(answer) < exchange.answer_size:
        part = await loop.sock_recv(one, exchange.answer_size - len(answer))
        if not part:
            return False
        answer += part
    return exchange.accepts(answer)

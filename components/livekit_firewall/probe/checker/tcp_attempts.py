"""How patiently ports are tried without a sweep, what is sent on a TCP connection, and how many packets that takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..results.socket_results import TcpResult
from ..wire.messages import PROBE_SIZE, Welcome
from .connect import Exchange, Pace
from .transport import Transport

DEFAULT_PACE = Pace(attempts=4, interval=0.9, at_once=512)
"""Where no round trip is known: long enough for a system to find out that no neighbour answers, in three seconds."""
UDP_PACE = Pace(attempts=8, interval=0.9, at_once=512)
"""Twice as long: a router tells of few errors at a time, and of those of earlier packets first."""
LOSSY = 0.005
"""The share of lost packets beyond which TCP is tried more often, and again after a sweep that may have caused it."""


def tcp_pace(round_trip: float, loss: float) -> Pace:
    """Attempts stay open beside each other, so that all but the last have several round trips.

    A SYN or its answer is lost once in ten at 5 % each way, eight in a row once in a hundred million.
    """
    return Pace(attempts=8 if loss > LOSSY else 5, interval=max(0.1, 1.5 * round_trip), at_once=512)


def listener_exchanges(transport: Transport | None, welcome: Welcome | None) -> Callable[[int, int], Exchange | None]:
    """For a port and an attempt, what to send to the listener: nothing to services, nor without a listener."""
    used = welcome.in_use if welcome else ()
    in_use = {port for one in used for port in range(one.first, one.last + 1)}

    def exchange(port: int, _attempt: int) -> Exchange | None:
        if transport is None or welcome is None or port in in_use:
            return None
        counter, packet = transport.probe(port)
        return Exchange(packet, PROBE_SIZE, lambda data: transport.is_reply(data, counter))

    return exchange


def packets_sent(found: Mapping[int, TcpResult], pace: Pace) -> int:
    """About how many packets the attempts took: the kernel sends them, and does not count them for us."""
    silent = sum(1 for one in found.values() if one is TcpResult.SILENT)
    return (len(found) - silent) * 2 + silent * pace.attempts

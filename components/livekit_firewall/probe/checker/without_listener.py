"""UDP without a listener: the little that the checker alone can know of a port.

Silence means that the port is open with a service that does not answer strangers, or closed, or that the packet
was lost. An ICMP error is definite, but not every port gets one: Linux sends a peer at most six at once and then
one a second over IPv4 (net.ipv4.icmp_ratelimit, 1000 ms, for the types of net.ipv4.icmp_ratemask; the burst is
XRLIM_BURST_FACTOR in net/ipv4/inetpeer.c), and a number a second to all peers together
(net.ipv4.icmp_msgs_per_sec); over IPv6 net.ipv6.icmp.ratelimit is the like. The kernel's
Documentation/networking/ip-sysctl.rst has them. So with many ports silence means nothing: more than 64 are not
worth their packets. `sample` picks them.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence

from ...model.ports import PortRange
from ..results.socket_results import UdpResult
from .attempts import Pace, ResultOrder, SocketAddress, no_progress, try_ports
from .failures import Failure, failure

DATAGRAM = b"\0"
"""Too short for any protocol that LiveKit speaks (STUN has 20 bytes, RTP 12), so that services ignore it."""


WORDS = ResultOrder(
    settling=(UdpResult.ANSWERED, UdpResult.PORT_UNREACHABLE),
    lesser=(UdpResult.EXHAUSTED, UdpResult.HOST_UNREACHABLE, UdpResult.PROHIBITED, UdpResult.SILENT),
    no_route=UdpResult.NO_ROUTE,
)
FAILURES = {
    Failure.RESET: UdpResult.PORT_UNREACHABLE,
    Failure.REFUSED: UdpResult.PORT_UNREACHABLE,
    Failure.PORT_UNREACHABLE: UdpResult.PORT_UNREACHABLE,
    Failure.PROHIBITED: UdpResult.PROHIBITED,
    Failure.HOST_UNREACHABLE: UdpResult.HOST_UNREACHABLE,
    Failure.EXHAUSTED: UdpResult.EXHAUSTED,
    Failure.SILENT: UdpResult.SILENT,
}


async def probe_udp(
    address: str, ports: Sequence[int], *, pace: Pace, on_done: Callable[[int], None] = no_progress
) -> dict[int, UdpResult]:
    """Send one byte to UDP ports of an IP address, up to `pace.attempts` times each, from as many connected sockets.

    The answer has the ports in the order given. An answer or "port unreachable" settles a port; other ICMP errors
    count only if neither came to any attempt. Without an error queue (macOS, Windows) systems do not report
    every ICMP error: it is SILENT then.

    Raises `ValueError` if the address is a name. No socket is open when this returns, raises or is cancelled.
    """
    place = SocketAddress.of(address)

    async def attempt(port: int, number: int, deadline: float) -> UdpResult:  # noqa: ARG001 - all attempts are alike
        try:
            one = place.open(socket.SOCK_DGRAM)
        except OSError as error:
            return FAILURES[failure(error)]
        with one:
            return await _hear(one, place.at(port), deadline)

    return await try_ports(place, ports, attempt, WORDS, pace, on_done)


async def _hear(one: socket.socket, where: tuple[object, ...], deadline: float) -> UdpResult:
    loop = asyncio.get_running_loop()
    try:
        # Connected, so that the kernel hands over ICMP errors, and datagrams of this port alone.
        one.connect(where)
        one.send(DATAGRAM)
        await asyncio.wait_for(loop.sock_recv(one, 2048), max(0.0, deadline - loop.time()))
    except asyncio.TimeoutError:
        return UdpResult.SILENT
    except OSError as error:
        return FAILURES[failure(error, one)]
    return UdpResult.ANSWERED


def sample(ports: PortRange, limit: int) -> list[int]:
    """At most `limit` ports of a range, evenly spread, the first and the last among them.

    Raises `ValueError` if the limit has no room for both.
    """
    count = min(limit, len(ports))
    if count < min(2, len(ports)):
        raise ValueError(f"a sample of {ports} must have room for its first and last port (got a limit of {limit})")
    return [ports.first + number * (len(ports) - 1) // max(1, count - 1) for number in range(count)]

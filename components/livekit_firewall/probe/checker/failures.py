"""Why an attempt to reach a port failed, by what the socket says.

What a failed attempt tells, found by running it in network namespaces (Linux 6.18, nft's `reject with ...`).
"queue" is the socket's error queue, which has the ICMP type and code: IPv4 fills it for TCP in any case, IPv6
and UDP only with IP_RECVERR.

| what came back               | IPv4 errno   | IPv6 errno   | queue: type/code   |
|------------------------------|--------------|--------------|--------------------|
| RST                          | ECONNREFUSED | ECONNREFUSED | empty              |
| ICMP port unreachable        | ECONNREFUSED | ECONNREFUSED | 3/3, v6 1/4        |
| network unreachable, no route| ENETUNREACH  | ENETUNREACH  | 3/0, v6 1/0        |
| host, address unreachable    | EHOSTUNREACH | EHOSTUNREACH | 3/1, v6 1/3        |
| protocol unreachable         | ENOPROTOOPT  | -            | 3/2                |
| network prohibited           | ENETUNREACH  | -            | 3/9                |
| host prohibited              | EHOSTUNREACH | -            | 3/10               |
| administratively prohibited  | EHOSTUNREACH | EACCES       | 3/13, v6 1/1       |
| policy fail, reject route    | -            | EACCES       | v6 1/5, 1/6        |
| no neighbour answers (3 s)   | EHOSTUNREACH | EHOSTUNREACH | 3/1, v6 1/3        |

So errno alone cannot tell a filter's "prohibited" from "host unreachable" on IPv4, nor a RST from ICMP "port
unreachable": the queue decides where there is one, and without it (macOS, Windows) the words are
HOST_UNREACHABLE and REFUSED, which blame no firewall. BSD's table also turns "prohibited" into ECONNREFUSED.

From this machine, at once, with nothing sent: ENETUNREACH without a route; EHOSTUNREACH, EACCES and EINVAL for
routes of type unreachable, prohibit and blackhole. This machine's own firewall: a datagram dropped or rejected on
its way out is EPERM; a dropped SYN just gets no answer, and a rejected one looks as if the network rejected it.

Over UDP and without IP_RECVERR, Linux does not tell of 3/0, 3/1, v6 1/0 and v6 1/3 at all. Over TCP and IPv6 without
it, it tells of an ICMP error that comes while connect() still runs only when the SYN is repeated, after a second.
"""

from __future__ import annotations

import errno
import socket
import struct
import sys
from collections.abc import Callable
from enum import Enum


class Failure(Enum):
    """Why an attempt failed, before it is turned into a result of TCP or UDP."""

    RESET = 0  # TCP: accepted and reset at once. UDP on Windows: ICMP port unreachable.
    REFUSED = 1  # TCP: RST, or ICMP port unreachable. UDP: ICMP port unreachable.
    PORT_UNREACHABLE = 2  # certainly ICMP
    PROHIBITED = 3
    HOST_UNREACHABLE = 4
    EXHAUSTED = 5
    SILENT = 6


_BY_NAME = {
    Failure.RESET: "ECONNRESET ECONNABORTED EPIPE ENOTCONN",
    Failure.REFUSED: "ECONNREFUSED",
    Failure.PROHIBITED: "EACCES",
    Failure.HOST_UNREACHABLE: "EHOSTUNREACH ENETUNREACH EHOSTDOWN ENETDOWN ENETRESET "
    "ENONET ENOPROTOOPT EOPNOTSUPP EPROTO",
    Failure.SILENT: "ETIMEDOUT",
}
# Not every platform has every name.
ERRNOS = {
    getattr(errno, name): why for why, names in _BY_NAME.items() for name in names.split() if hasattr(errno, name)
}
# Overlapped operations on Windows fail with the system's numbers; 10013 is its own firewall or a virus scanner.
WINERRORS = {
    64: Failure.RESET, 121: Failure.SILENT, 1225: Failure.REFUSED, 1231: Failure.HOST_UNREACHABLE,
    1232: Failure.HOST_UNREACHABLE, 1234: Failure.REFUSED, 1236: Failure.RESET, 10013: Failure.EXHAUSTED,
}  # fmt: skip
_LOCAL, _ICMP, _ICMP6 = 1, 2, 3  # origins of a `sock_extended_err`, linux/errqueue.h
ICMP = {
    (_ICMP, 3, 3): Failure.PORT_UNREACHABLE,
    (_ICMP6, 1, 4): Failure.PORT_UNREACHABLE,
    **dict.fromkeys([(_ICMP, 3, 9), (_ICMP, 3, 10), (_ICMP, 3, 13)], Failure.PROHIBITED),
    **dict.fromkeys([(_ICMP6, 1, 1), (_ICMP6, 1, 5), (_ICMP6, 1, 6)], Failure.PROHIBITED),
}
# linux/in.h and in6.h; `socket` names them only from Python 3.14 on.
_RECVERR = {socket.AF_INET: (socket.IPPROTO_IP, 11), socket.AF_INET6: (socket.IPPROTO_IPV6, 25)}
_MTU_DISCOVER = {socket.AF_INET: (socket.IPPROTO_IP, 10), socket.AF_INET6: (socket.IPPROTO_IPV6, 23)}
_DO = 2  # IP_PMTUDISC_DO
TOO_BIG = {(_ICMP, 3, 4), (_ICMP6, 2, 0)}
"""Fragmentation needed, packet too big: it reports the MTU, not that the host is unreachable."""


def keep_icmp_errors(where: socket.socket) -> None:
    """Have the kernel keep ICMP errors with their codes in the socket's error queue, on Linux. Raises `OSError`."""
    if sys.platform == "linux":
        where.setsockopt(*_RECVERR[where.family], 1)


def never_fragment(where: socket.socket) -> None:
    """Have a UDP socket's packets go whole or not at all (Linux): listeners see no fragments. Raises `OSError`.

    With `keep_icmp_errors`, the kernel then tells which MTU was in the way.
    """
    if sys.platform == "linux":
        where.setsockopt(*_MTU_DISCOVER[where.family], _DO)


def failure(error: OSError, where: socket.socket | None = None) -> Failure:
    """Why an operation failed: by the socket's error queue, or else by the error itself.

    An unknown error is EXHAUSTED, "not tested": the result that claims least.
    """
    if error.errno == errno.EPERM:
        # This machine's own firewall; with `reject`, it also writes into the queue what looks like the network's.
        return Failure.EXHAUSTED
    icmp = _icmp_error(where) if where else None
    if icmp:
        return ICMP.get(icmp, Failure.HOST_UNREACHABLE)
    known = WINERRORS.get(getattr(error, "winerror", None) or 0)
    return known or ERRNOS.get(error.errno or 0, Failure.EXHAUSTED)


def _unheard(mtu: int) -> None:
    del mtu


def icmp_failures(where: socket.socket, on_mtu: Callable[[int], None] = _unheard) -> dict[int, Failure]:
    """What the error queue of an unconnected UDP socket holds, by the port that was sent to; it is empty then.

    Args:
        on_mtu: called with each MTU that a packet was too large for, as a router or this machine reports it.
    """
    found: dict[int, Failure] = {}
    if sys.platform != "linux":
        return found
    while True:
        try:
            _, notes, _, sent_to = where.recvmsg(1, 512, socket.MSG_ERRQUEUE)
        except OSError:
            return found
        for level, kind, content in notes:
            if (level, kind) not in _RECVERR.values():
                continue
            number, origin, code = struct.unpack_from("=I", content)[0], content[4], (content[5], content[6])
            if (origin, *code) in TOO_BIG or (origin == _LOCAL and number == errno.EMSGSIZE):
                on_mtu(struct.unpack_from("=I", content, 8)[0])
            elif origin in (_ICMP, _ICMP6):
                found[sent_to[1]] = ICMP.get((content[4], content[5], content[6]), Failure.HOST_UNREACHABLE)


def _icmp_error(where: socket.socket) -> tuple[int, int, int] | None:
    """Origin, type and code of the ICMP error in the socket's queue, if there is one."""
    if sys.platform != "linux":
        return None
    try:
        _, notes, _, _ = where.recvmsg(1, 512, socket.MSG_ERRQUEUE)
    except OSError:
        return None
    for level, kind, content in notes:
        said = content[4], content[5], content[6]
        if (level, kind) in _RECVERR.values() and said[0] in (_ICMP, _ICMP6) and said not in TOO_BIG:
            return said
    return None

"""The listener's ground with root and nft: every UDP port answers, also those that a live service has bound.

One transparent socket per family takes what the nft table diverts; replies leave through a raw socket, which
can bear any source port without binding it. Linux only.
"""

from __future__ import annotations

import errno
import socket
import struct
import time
from collections.abc import Callable
from contextlib import suppress

from ..net import Protocol
from .divert import CannotDivert, Divert
from .responder import Responder, Session
from .tap import Tap, attach_filter
from .tcp import TcpAnswers
from .trace import dropped_by
from .wire import PROBE_SIZE, Fate, Keys

# linux/in.h, linux/in6.h, asm-generic/socket.h: not all are in Python's socket module
IP_TRANSPARENT, IPV6_TRANSPARENT = 19, 75
IP_RECVORIGDSTADDR, IPV6_RECVORIGDSTADDR = 20, 74
SO_RCVBUFFORCE = 33
IP_PKTINFO, IPV6_PKTINFO, IPV6_CHECKSUM = 8, 50, 7
BUFFER = 16 << 20
"""Bytes of the kernel's queue: a sweep of 10,001 ports waits there if this process is not scheduled."""
BATCH = 256
"""Packets taken from one socket before the others have their turn."""

MAX_WAYS = 1024
"""Pairs of our address and a checker's that are remembered."""

_UDP = struct.Struct("!HHHH")
Way = tuple[list[tuple[int, int, bytes]], tuple[str, int], int]
"""What replies from one address to another have in common: ancillary data, where to, and what the pseudo header adds
to the checksum over IPv4. Over IPv6 the kernel computes it, and this is 0."""
_FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}


class Diverted:
    """Attributes:
    diverts, sees_arrivals: what a checker is told.
    limits: what cannot be tested here, as sentences; none.

    Raises CannotDivert: no nft, no right, or a kernel without it.
    """

    diverts = True
    sees_arrivals = True
    limits: tuple[str, ...] = ()

    def __init__(self, keys: Keys, responder: Responder, expires: float) -> None:
        self.responder = responder
        self._unsent: set[tuple[int, int]] = set()
        self._ways: dict[tuple[str, bytes], Way] = {}
        self._closing: list[Callable[[], None]] = []
        self._said = ""
        try:
            self.families = tuple(family for family in _FAMILIES if family == 4 or _has_ipv6())
            self._udp = {family: self._transparent(family, socket.SOCK_DGRAM) for family in self.families}
            tcp = {family: self._transparent(family, socket.SOCK_STREAM) for family in self.families}
            self._raw = {family: self._raw_socket(family) for family in self.families}
            self.tap = Tap(keys.selector, every=False)
            self._closing.append(self.tap.close)
            self.tcp = TcpAnswers(responder, list(tcp.values()))
            self._closing.append(self.tcp.close)
            ports = {f"udp{family}": one.getsockname()[1] for family, one in self._udp.items()}
            ports |= {f"tcp{family}": one.getsockname()[1] for family, one in tcp.items()}
            # without IPv6 nothing matches there, but the table must name a port
            ports = {"udp6": ports["udp4"], "tcp6": ports["tcp4"], **ports}
            self.divert = Divert(keys.selector, keys.reply_selector, ports, expires)
            # closed first, so that nothing is diverted to sockets that are gone
            self._closing.append(self.divert.close)
        except PermissionError:
            self.close()
            raise CannotDivert("transparent sockets need root (CAP_NET_ADMIN)") from None
        except OSError as error:
            self.close()
            raise CannotDivert(f"transparent sockets: {error.strerror or error}") from None
        except CannotDivert:
            self.close()
            raise

    def sockets(self) -> dict[socket.socket, Callable[[], None]]:
        """What to wait on, and what to call then."""
        return {one: (lambda family=family: self._answer(family)) for family, one in self._udp.items()}  # type: ignore[misc]

    def send(self, family: int, destination: str, port: int, to: tuple[str, int], data: bytes) -> None:
        """A datagram from any of our addresses and ports."""
        self._send(family, socket.inet_pton(_FAMILIES[family], destination), port, to, data)

    def _send(self, family: int, here: bytes, port: int, to: tuple[str, int], data: bytes) -> None:
        ways, there = self._ways, (to[0], here)
        way = ways.get(there)
        if way is None:
            if len(ways) >= MAX_WAYS:
                ways.clear()
            way = ways[there] = _way(family, here, to[0])
        ancillary, address, pseudo = way
        length, checksum = 8 + len(data), 0
        if pseudo:
            # the ones' complement sum of 16-bit words is the number itself modulo 65,535 (RFC 1071)
            words = int.from_bytes(data if not length & 1 else data + b"\0", "big")
            checksum = 0xFFFF - (pseudo + port + to[1] + 2 * length + words) % 0xFFFF
        try:
            self._raw[family].sendmsg([_UDP.pack(port, to[1], length, checksum), data], ancillary, 0, address)
        except PermissionError:  # what a drop in an output chain looks like to the sender
            self._unsent.add((family, port))
        except OSError as error:
            if error.errno not in (errno.ENOBUFS, errno.EAGAIN, errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EINVAL):
                raise

    def bound(self, _protocol: str) -> set[int]:
        """None: what is diverted is bound to loopback."""
        return set()

    def check(self) -> None:
        """Raises CannotDivert if the table is gone."""
        self.divert.check()

    def admit(self, address: str, ports: list[int]) -> None:
        self.divert.settle()
        self.divert.admit(address, ports, self.responder.expires - time.monotonic())

    def fates(self, session: Session, family: int, udp: bool) -> dict[int, Fate]:
        """What is known of each port that anything arrived at."""
        source, protocol = session.sources.get(family, ""), "udp" if udp else "tcp"
        found = {
            port: Fate.ARRIVED for address, port in self.divert.arrived(f"{protocol}{family}") if address == source
        }
        if not udp:
            forwarded = self.divert.arrived(f"forwarded{family}")
            found |= dict.fromkeys(self.tcp.reached(family, source), Fate.RECEIVED)
            return found | {port: Fate.UNTESTABLE for address, port in forwarded if address == source}
        for port, received in enumerate(session.received[family]):
            if received:
                found[port] = Fate.RECEIVED
        translated = {port for address, port in self.divert.arrived(f"translated{family}") if address == source}
        return found | dict.fromkeys(translated, Fate.UNTESTABLE)

    def trace(self, ports: list[int], udp: bool) -> None:
        self.divert.trace(ports, Protocol.UDP if udp else Protocol.TCP)

    def dropped_by(self) -> dict[tuple[bool, int], str]:
        """The rule that dropped the packets to each traced port, as far as the kernel said."""
        # a line may come in two parts, so all of it is read again; what is too much is old
        self._said = (self._said + self.divert.traces())[-(1 << 20) :]
        found = {(True, port): "the host's output rules drop the answer" for _, port in self._unsent}
        return {**found, **dropped_by(self._said, self.divert.name)}

    def close(self) -> None:
        """Nothing of the run is left on the host afterwards."""
        while self._closing:
            with suppress(OSError):
                self._closing.pop()()

    def _answer(self, family: int) -> None:
        receive, probe, now = self._udp[family].recvmsg, self.responder.probe, time.monotonic()
        here = slice(4, 8) if family == 4 else slice(8, 24)
        for _ in range(BATCH):
            try:
                data, ancillary, _, source = receive(PROBE_SIZE + 1, 128)
            except OSError:
                return
            where = ancillary[0][2]  # a sockaddr_in or sockaddr_in6: where the checker sent it
            port = where[2] << 8 | where[3]
            reply = probe(data, source[0], port, family, now)
            if reply is not None:
                self._send(family, where[here], port, source, reply)

    def _transparent(self, family: int, kind: int) -> socket.socket:
        one = socket.socket(_FAMILIES[family], kind)
        self._closing.append(one.close)
        one.setblocking(False)
        if family == 4:
            one.setsockopt(socket.IPPROTO_IP, IP_TRANSPARENT, 1)
        else:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            one.setsockopt(socket.IPPROTO_IPV6, IPV6_TRANSPARENT, 1)
        if kind == socket.SOCK_DGRAM:
            one.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER)
            level, option = _ORIGINAL[family]
            one.setsockopt(level, option, 1)
        # loopback only: the kernel hands over what the table diverts, nobody else needs to find the port
        one.bind(("127.0.0.1" if family == 4 else "::1", 0))
        if kind == socket.SOCK_STREAM:
            one.listen(128)
        return one

    def _raw_socket(self, family: int) -> socket.socket:
        one = socket.socket(_FAMILIES[family], socket.SOCK_RAW, socket.IPPROTO_UDP)
        self._closing.append(one.close)
        one.setblocking(False)
        # it sends only; without a filter that returns nothing, every datagram of the host would be copied to it
        attach_filter(one, [(0x06, 0, 0, 0)])
        if family == 6:
            one.setsockopt(socket.IPPROTO_IPV6, IPV6_CHECKSUM, 6)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
        return one


_ORIGINAL = {4: (socket.IPPROTO_IP, IP_RECVORIGDSTADDR), 6: (socket.IPPROTO_IPV6, IPV6_RECVORIGDSTADDR)}


def _way(family: int, here: bytes, there: str) -> Way:
    if family == 6:
        return [(socket.IPPROTO_IPV6, IPV6_PKTINFO, here + b"\0\0\0\0")], (there, 0), 0
    pseudo = int.from_bytes(here + socket.inet_aton(there), "big") + socket.IPPROTO_UDP
    return [(socket.IPPROTO_IP, IP_PKTINFO, b"\0\0\0\0" + here + b"\0\0\0\0")], (there, 0), pseudo


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as one:
            one.bind(("::1", 0))
    except OSError:
        return False
    return True

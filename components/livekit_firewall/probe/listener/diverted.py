"""The listener's backend with root and nft: every UDP port answers, also those that a live service has bound.

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
from typing import Any

from ...model.ports import Protocol
from ..wire.messages import PROBE_SIZE, Fate, Keys
from .divert import DivertTable
from .nft_session import CannotDivert
from .responder import Responder, Session
from .tap import Tap, attach_filter
from .tcp import TcpAnswers
from .trace import dropped_by

# linux/in.h, linux/in6.h, asm-generic/socket.h: not all are in Python's socket module
IP_TRANSPARENT, IPV6_TRANSPARENT = 19, 75
IP_RECVORIGDSTADDR, IPV6_RECVORIGDSTADDR = 20, 74
SO_RCVBUFFORCE = 33
IPV6_CHECKSUM = 7
BUFFER = 16 << 20
"""Bytes of the kernel's queue: a sweep of 10,001 ports waits there if this process is not scheduled."""
BATCH = 256
"""Packets taken from one socket before the others have their turn."""

MAX_WAYS = 128
"""Pairs of our address and a checker's, each with a socket of its own."""

_UDP = struct.Struct("!HHHH")
_PASSING = (
    errno.ENOBUFS, errno.EAGAIN, errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EINVAL, errno.EADDRNOTAVAIL, errno.EMFILE,
)  # fmt: skip
"""A reply that is lost is asked for again; EADDRNOTAVAIL is of a packet that this host only forwards."""

Source = tuple[str, int] | tuple[str, int, int, int]
Way = tuple[Callable[[bytes, tuple[Any, ...]], int], tuple[Any, ...], int]
"""What replies from one address to another have in common: how to send, where to, and what the pseudo header adds to
the checksum over IPv4. Over IPv6 the kernel computes it, and this is 0."""
_FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}


class DivertedSockets:
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
        self._unsent: dict[tuple[int, int], float] = {}
        self._ways: dict[tuple[bytes, str], Way] = {}
        self._closing: list[Callable[[], None]] = []
        self._said = ""
        try:
            self.families = tuple(family for family in _FAMILIES if family == 4 or _has_ipv6())
            self._udp = {family: self._transparent(family, socket.SOCK_DGRAM) for family in self.families}
            tcp = {family: self._transparent(family, socket.SOCK_STREAM) for family in self.families}
            self.tap = Tap(keys.selector, every=False)
            self._closing.append(self.tap.close)
            self.tcp = TcpAnswers(responder, list(tcp.values()))
            self._closing.append(self.tcp.close)
            ports = {f"udp{family}": one.getsockname()[1] for family, one in self._udp.items()}
            ports |= {f"tcp{family}": one.getsockname()[1] for family, one in tcp.items()}
            # without IPv6 nothing matches there, but the table must name a port
            ports = {"udp6": ports["udp4"], "tcp6": ports["tcp4"], **ports}
            self.divert = DivertTable(keys.selector, keys.reply_selector, ports, expires)
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

    def send(self, family: int, destination: str, port: int, to: Source, data: bytes) -> None:
        """A datagram from any of our addresses and ports."""
        self._send(family, socket.inet_pton(_FAMILIES[family], destination), port, to, data)

    def _send(self, family: int, here: bytes, port: int, to: Source, data: bytes) -> None:
        try:
            way = self._ways.get((here, to[0]))
            if way is None:
                if len(self._ways) >= MAX_WAYS:
                    return
                way = self._ways[here, to[0]] = self._new_way(family, here, to)
            send, address, pseudo = way
            length, checksum = 8 + len(data), 0
            if pseudo:
                # the ones' complement sum of 16-bit words is the number itself modulo 65,535 (RFC 1071)
                words = int.from_bytes(data if not length & 1 else data + b"\0", "big")
                checksum = 0xFFFF - (pseudo + port + to[1] + 2 * length + words) % 0xFFFF
            send(_UDP.pack(port, to[1], length, checksum) + data, address)
        except PermissionError:  # what a drop in an output chain looks like to the sender
            self._unsent[family, port] = time.monotonic()
        except OSError as error:
            if error.errno not in _PASSING:
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

    def dismiss(self, address: str) -> None:
        """The checker at this address has ended its session."""
        self.divert.dismiss(address)

    def fates(self, session: Session, family: int, udp: bool) -> dict[int, Fate]:
        """What is known of each port that anything arrived at."""
        source, protocol = session.sources.get(family, ""), "udp" if udp else "tcp"
        began = session.began
        found = dict.fromkeys(self.divert.arrived(f"{protocol}{family}", source, began), Fate.ARRIVED)
        if not udp:
            # a checker that did not hear that a listener is there says nothing on a connection
            through = self.tcp.reached(family, source, began) | self.tcp.accepted(family, source, began)
            found |= dict.fromkeys(through, Fate.RECEIVED)
            return found | dict.fromkeys(self.divert.arrived(f"forwarded{family}", source, began), Fate.UNTESTABLE)
        for port, received in enumerate(session.received[family]):
            if received:
                found[port] = Fate.RECEIVED
        return found | dict.fromkeys(self.divert.arrived(f"translated{family}", source, began), Fate.UNTESTABLE)

    def trace(self, ports: list[int], udp: bool) -> None:
        self.divert.traces()
        self._said = ""  # of the ports before these
        self.divert.trace(ports, Protocol.UDP if udp else Protocol.TCP)

    def dropped_by(self, session: Session, family: int) -> dict[tuple[bool, int], str]:
        """The rule that dropped a family's packets to each port that was traced last, as far as the kernel said."""
        # a line may come in two parts, so all of it is read again; what is too much is old
        self._said = (self._said + self.divert.traces())[-(1 << 20) :]
        unsent = (port for (of, port), last in self._unsent.items() if of == family and last >= session.began)
        found = {(True, port): "the host's output rules drop the answer" for port in unsent}
        return {**found, **dropped_by(self._said, self.divert.name, family)}

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

    def _new_way(self, family: int, here: bytes, to: Source) -> Way:
        """What all replies from one of our addresses to one checker share."""
        one = socket.socket(_FAMILIES[family], socket.SOCK_RAW, socket.IPPROTO_UDP)
        try:
            one.bind((socket.inet_ntop(_FAMILIES[family], here), 0, *to[2:]))
        except OSError:
            one.close()
            raise
        self._closing.append(one.close)
        one.setblocking(False)
        # it sends only; without a filter that returns nothing, every datagram of the host would be copied to it
        attach_filter(one, [(0x06, 0, 0, 0)])
        if family == 6:
            one.setsockopt(socket.IPPROTO_IPV6, IPV6_CHECKSUM, 6)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4 << 20)
        if family == 6:
            return one.sendto, (to[0], 0, *to[2:]), 0
        return one.sendto, (to[0], 0), int.from_bytes(here + socket.inet_aton(to[0]), "big") + socket.IPPROTO_UDP


_ORIGINAL = {4: (socket.IPPROTO_IP, IP_RECVORIGDSTADDR), 6: (socket.IPPROTO_IPV6, IPV6_RECVORIGDSTADDR)}


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as one:
            one.bind(("::1", 0))
    except OSError:
        return False
    return True

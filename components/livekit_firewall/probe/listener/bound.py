"""The listener's backend without root or nft: binds the ports that are free, and reports which were not.

What a service has bound cannot be shared, so its UDP ports are not tested; its TCP ports answer themselves.
"""

from __future__ import annotations

import errno
import socket
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

from ...model.ports import PortRange, Protocol
from ..wire.messages import PROBE_SIZE, Fate, Keys
from .responder import Responder, Session
from .tap import Tap
from .tcp import TcpAnswers

SPARE = 64
"""Descriptors left for everything else."""


class BoundSockets:
    """Attributes:
    diverts: False: what is bound by a service is not answered here.
    sees_arrivals: whether packets are seen before the host's firewall judges them: with root only.
    limits: what cannot be tested, as sentences.

    Raises OSError if not even one port can be bound and packets are not seen either.
    """

    diverts = False

    def __init__(self, keys: Keys, responder: Responder, ports: Sequence[PortRange]) -> None:
        self.responder = responder
        self._udp: dict[int, socket.socket] = {}
        self._failed: dict[Protocol, dict[str, list[int]]] = {protocol: {} for protocol in Protocol}
        self._arrived: dict[tuple[int, str], dict[int, float]] = {}
        self.tap: Tap | None = None
        with suppress(OSError):
            self.tap = Tap(keys.selector, every=True)
        self.sees_arrivals = self.tap is not None
        listening: list[socket.socket] = []
        room = _raise_limit(sum(len(one) for one in ports))
        for port in (port for one in ports if one.protocol is Protocol.TCP for port in range(one.first, one.last + 1)):
            room = self._bind(Protocol.TCP, port, room, listening)
        for port in (port for one in ports if one.protocol is Protocol.UDP for port in range(one.first, one.last + 1)):
            room = self._bind(Protocol.UDP, port, room, listening)
        self.tcp = TcpAnswers(responder, listening)
        self.limits = tuple(self._limits())
        if not (self._udp or listening or self.tap):
            self.close()
            reasons = "; ".join(self._reasons()) or "a service has all of them bound, and answers there itself"
            raise OSError(f"not one of the ports could be bound: {reasons}")

    def sockets(self) -> dict[socket.socket, Callable[[], None]]:
        """What to wait on, and what to call then."""
        return {one: (lambda one=one, port=port: self._answer(one, port)) for port, one in self._udp.items()}  # type: ignore[misc]

    def send(self, family: int, _destination: str, port: int, to: tuple[str, int], data: bytes) -> None:
        """A datagram from one of the ports that were bound; from others there is no way."""
        one = self._udp.get(port)
        if one is None:
            return
        address = f"::ffff:{to[0]}" if family == 4 and one.family == socket.AF_INET6 else to[0]
        with suppress(OSError):
            one.sendto(data, (address, to[1]))

    def bound(self, protocol: str) -> set[int]:
        """The ports that are bound by this listener, and not by a service."""
        return set(self._udp) if protocol == "udp" else {one.getsockname()[1] for one in self.tcp.listening}

    def check(self) -> None:
        """Nothing to check: there is no nft table."""

    def admit(self, address: str, ports: list[int]) -> None:
        """Nothing is diverted, so no checker has to be admitted."""

    def dismiss(self, address: str) -> None:
        """As `admit`."""

    def saw(self, family: int, source: str, port: int) -> None:
        """The tap saw a packet of ours."""
        self._arrived.setdefault((family, source), {})[port] = time.monotonic()

    def fates(self, session: Session, family: int, udp: bool) -> dict[int, Fate]:
        """What is known of each port; of TCP only what was answered."""
        if not udp:
            return dict.fromkeys(
                self.tcp.reached(family, session.sources.get(family, ""), session.began), Fate.RECEIVED
            )
        noted = self._arrived.get((family, session.sources.get(family, "")), {})
        arrived = [port for port, last in noted.items() if last >= session.began]
        found = {port: Fate.ARRIVED if port in self._udp else Fate.UNTESTABLE for port in arrived}
        found |= {port: Fate.UNTESTABLE for ports in self._failed[Protocol.UDP].values() for port in ports}
        found |= {port: Fate.RECEIVED for port, received in enumerate(session.received[family]) if received}
        return found

    def trace(self, ports: list[int], udp: bool) -> None:
        """Rules are known to nft only."""

    def dropped_by(self, _session: Session, _family: int) -> dict[tuple[bool, int], str]:
        return {}

    def close(self) -> None:
        self.tcp.close()
        for one in self._udp.values():
            one.close()
        if self.tap is not None:
            self.tap.close()

    def _bind(self, protocol: Protocol, port: int, room: int, listening: list[socket.socket]) -> int:
        if room <= 0:
            self._failed[protocol].setdefault("too few file descriptors (ulimit -n)", []).append(port)
            return 0
        try:
            one = _both_families(socket.SOCK_STREAM if protocol is Protocol.TCP else socket.SOCK_DGRAM, port)
        except OSError as error:
            why = _WHY.get(error.errno or 0, error.strerror or str(error))
            self._failed[protocol].setdefault(why, []).append(port)
            return room
        if protocol is Protocol.TCP:
            listening.append(one)
        else:
            self._udp[port] = one
        return room - 1

    def _answer(self, one: socket.socket, port: int) -> None:
        try:
            data, source = one.recvfrom(2048)
        except OSError:
            return
        self.receive(data, source[0], source[1], port, one.family)

    def receive(self, data: bytes, address: str, source_port: int, port: int, kind: int) -> None:
        family = 4 if kind == socket.AF_INET or address.startswith("::ffff:") else 6
        source = address.removeprefix("::ffff:") if family == 4 else address
        if len(data) != PROBE_SIZE:
            if self.tap is None:
                self.control(family, source, source_port, "", port, data)
            return
        reply = self.responder.probe(data, source, port, family, time.monotonic())
        if reply is not None:
            self.send(family, "", port, (source, source_port), reply)

    control: Callable[[int, str, int, str, int, bytes], None] = staticmethod(lambda *_: None)
    """What becomes of a control message where there is no tap; the listener sets it."""

    def _limits(self) -> Iterable[str]:
        yield from self._reasons()
        if not self.sees_arrivals:
            yield "which layer blocks: that needs root"

    def _reasons(self) -> Iterable[str]:
        """Why ports were not bound."""
        for protocol, reasons in self._failed.items():
            for why, ports in reasons.items():
                if protocol is Protocol.TCP and why == _WHY[errno.EADDRINUSE]:
                    continue  # the service itself answers there
                yield f"{len(ports):,} {protocol} port{'s' * (len(ports) > 1)}, {ports[0]} first: {why}"


_WHY = {
    errno.EADDRINUSE: "a service has them bound, and only root with nft can share them",
    errno.EACCES: "this user may not bind them",
    errno.EPERM: "this user may not bind them",
}


def _both_families(kind: int, port: int) -> socket.socket:
    """A socket for IPv6 and IPv4, or for IPv4 where there is no IPv6."""
    try:
        one = socket.socket(socket.AF_INET6, kind)
    except OSError:
        return _open(socket.socket(socket.AF_INET, kind), "0.0.0.0", port)
    one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    return _open(one, "::", port)


def _open(one: socket.socket, address: str, port: int) -> socket.socket:
    try:
        one.setblocking(False)
        one.bind((address, port))
        if one.type == socket.SOCK_STREAM:
            one.listen(16)
    except OSError:
        one.close()
        raise
    return one


def _raise_limit(wanted: int) -> int:
    """How many sockets may be opened, after asking for as many as are needed."""
    if sys.platform == "win32":
        return 500  # what select() of Windows can wait on
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    need = wanted + SPARE
    for more in ((need, max(need, hard)), (hard, hard)):  # the first is root's right only
        if soft == resource.RLIM_INFINITY or soft >= need:
            break
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, more)
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return wanted if soft == resource.RLIM_INFINITY else max(0, soft - SPARE)

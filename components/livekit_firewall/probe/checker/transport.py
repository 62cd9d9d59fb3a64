"""The checker's sockets: two plain UDP sockets per family, one session, one budget.

A control message goes to several ports at once, since nobody knows yet which of them gets through; the
first answer tells the port that the rest of the conversation uses.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import threading
import time
from collections.abc import Sequence
from hmac import compare_digest
from typing import TypeVar, final

from msgspec import Struct

from ...model.addresses import Family
from ..wire.messages import (
    CONTROL_SIZE,
    FAMILY_NUMBER,
    HEAD,
    HEADERS,
    MAX_COUNTER,
    MOST_CONTROL,
    PROBE_SIZE,
    Keys,
    Kind,
    decode,
    sign,
)
from .failures import Failure, icmp_failures, keep_icmp_errors, never_fragment

MAX_RATE = 100_000
"""Packets a second, at most: 82 bytes each on an Ethernet, so 66 Mbit/s."""
BURST = 2_000
"""Packets that may go out at once within that rate."""
RECEIVE_BUFFER = 4 << 20

Message = TypeVar("Message")


class CannotSend(Exception):
    """This machine cannot send to the address at all: `str()` says why, in a phrase."""


class Budget:
    """How fast and how much one run may send, over all families and protocols.

    Args:
        rate: packets a second.
        total: packets in all.
    """

    def __init__(self, rate: float, total: int) -> None:
        self.rate, self.total, self.sent = rate, total, 0
        self._room, self._since = float(min(BURST, rate)), time.monotonic()

    def room(self, now: float) -> int:
        """How many packets may be sent now."""
        self._room = min(self._room + (now - self._since) * self.rate, float(max(64, min(BURST, self.rate))))
        self._since = now
        return max(0, min(int(self._room), self.total - self.sent))

    def spend(self, packets: int) -> None:
        self._room -= packets
        self.sent += packets


class ProbeRun:
    """What both families share: keys, a random session, a counter that is different for each packet."""

    def __init__(self, keys: Keys, budget: Budget) -> None:
        self.keys, self.budget = keys, budget
        self.session = os.urandom(8)
        self._next, self._lock = 0, threading.Lock()  # TCP is tried while the sweep goes on

    def take(self, counters: int) -> int:
        """The first of that many consecutive counters, for this caller alone. Raises CannotSend when they run out."""
        with self._lock:
            first, self._next = self._next, self._next + counters
        if first + counters > MAX_COUNTER:
            raise CannotSend("the run has reached its limit of packets")
        return first

    def head(self, family: int, port: int, kind: Kind) -> tuple[int, bytes]:
        """A counter, and what a packet of that kind begins with."""
        counter = self.take(1)
        return counter, HEAD.pack(self.keys.selector, self.session, counter, port, family, kind)


@final
class Transport:
    """One family's sockets to one address.

    Attributes:
        socket: for probes; non-blocking, not connected, so that answers from every port come here.
        control: for control messages. The listener answers these also where the host drops them, and its answer opens
            a flow that stateful firewalls let through from then on: probes must not be part of it.
        channel: the port over which control messages get through, or None while none is known.
        size: of control messages: CONTROL_SIZE, or that of older releases once a listener answers to no other.
        round_trip: seconds that the last control message took, or None.
    """

    def __init__(self, run: ProbeRun, family: Family, address: str) -> None:
        self.run, self.family, self.address = run, family, address
        self.number = FAMILY_NUMBER[family]
        self.channel: int | None = None
        self.size = CONTROL_SIZE
        # a listener of an older release answers to the largest only
        self._hello_sizes: tuple[int, ...] = (CONTROL_SIZE, MOST_CONTROL)
        self._mtus: list[int] = []
        self.round_trip: float | None = None
        self._icmp_errors: dict[int, Failure] = {}
        kind = socket.AF_INET if family is Family.IPV4 else socket.AF_INET6
        try:
            self.socket, self.control = (socket.socket(kind, socket.SOCK_DGRAM) for _ in range(2))
        except OSError as error:
            raise CannotSend(f"this machine has no {family.label}: {error.strerror or error}") from None
        for one in (self.socket, self.control):
            one.setblocking(False)
        keep_icmp_errors(self.control)
        never_fragment(self.control)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)

    def __enter__(self) -> Transport:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()
        self.control.close()

    def _send(self, data: bytes, port: int) -> bool:
        """Whether it went out; False if this machine is busy, or it is too large. Raises Unsendable."""
        try:
            self.control.sendto(data, (self.address, port))
        except OSError as error:
            # else it is about an earlier packet, or about its size, which `mtu` tells
            if not self._read_errors() and not (error.errno == errno.EMSGSIZE and self._mtus):
                self._judge(error)
            return False
        return True

    def _read_errors(self) -> bool:
        """Whether there were any."""
        told = len(self._mtus)
        found = icmp_failures(self.control, self._mtus.append)
        self._icmp_errors |= found
        return bool(found) or len(self._mtus) > told

    @property
    def packet_size(self) -> int:
        """Bytes of a control message on its way, headers included."""
        return self.size + HEADERS[self.family]

    @property
    def mtu(self) -> int | None:
        """The least that a router or this machine told, of what control messages are too large for."""
        self._read_errors()
        return min((mtu for mtu in self._mtus if 0 < mtu < self.packet_size), default=None)

    def icmp_errors(self) -> dict[int, Failure]:
        """What ICMP errors said of the control messages so far, by port (Linux)."""
        self._read_errors()
        return self._icmp_errors

    def _judge(self, error: OSError) -> None:
        """Raises Unsendable unless it is worth trying again."""
        # ConnectionError: Windows tells an ICMP error about an earlier packet here
        passing = isinstance(error, BlockingIOError | InterruptedError | ConnectionError)
        if not passing and error.errno not in (errno.ENOBUFS, errno.ENOMEM):
            raise CannotSend(_unsendable(error, self.family)) from None

    def probe(self, port: int) -> tuple[int, bytes]:
        """A counter and the signed probe that bears it."""
        counter, head = self.run.head(self.number, port, Kind.PROBE)
        return counter, head + sign(head, self.run.keys.request)

    def send_probes(self, ports: Sequence[int]) -> tuple[int, int]:
        """A probe to each port, with consecutive counters: the first counter, and how many went out.

        The first that does not go out at once ends it; its counter is lost. Raises Unsendable.
        """
        first, sent = self.run.take(len(ports)), 0
        run, number, address, send = self.run, self.number, self.address, self.socket.sendto
        selector, session, start, pack = run.keys.selector, run.session, run.keys.request, HEAD.pack
        try:
            for port in ports:
                head = pack(selector, session, first + sent, port, number, Kind.PROBE)
                one = start.copy()  # `sign`, without the call: this is where a sweep spends its time
                one.update(head)
                send(head + one.digest(), (address, port))
                sent += 1
        except OSError as error:
            self._judge(error)
        return first, sent

    def is_reply(self, data: bytes, counter: int, port: int | None = None) -> bool:
        """Whether it is the signed reply to that probe (that arrived at `port`)."""
        keys = self.run.keys
        if len(data) != PROBE_SIZE or data[:16] != keys.reply_selector + self.run.session:
            return False
        if not compare_digest(sign(data[: HEAD.size], keys.reply), data[HEAD.size :]):
            return False
        _, _, told, arrived, family, _ = HEAD.unpack_from(data)
        return told == counter and family == self.number and port in (None, arrived)

    def ask(
        self,
        kind: Kind,
        message: Struct,
        answer: type[Message],
        ports: Sequence[int],
        patience: float,
        *,
        sizes: Sequence[int] = (),
    ) -> Message | None:
        """The listener's answer, or None if none came within `patience` seconds. Repeats itself meanwhile.

        Args:
            ports: where to send it; over the known channel alone if there is one.
            sizes: of the message; by default that of the conversation. Those after the first are tried from the
                second time on.
        """
        sizes = sizes or (self._hello_sizes if kind is Kind.HELLO else (self.size,))
        deadline, pause = time.monotonic() + patience, 3 * self.round_trip + 0.05 if self.round_trip else 0.25
        pending: dict[bytes, tuple[int, float]] = {}
        tried = sizes[:1]
        while (now := time.monotonic()) < deadline:
            every = [self.channel] if self.channel is not None else ports
            for size, port in ((size, port) for size in tried for port in every):
                head = self.run.head(self.number, port, kind)[1]
                data = self.run.keys.seal(head, message, reply=False, size=size)
                if self.run.budget.room(now) > 0 and self._send(data, port):
                    self.run.budget.spend(1)
                    pending[head[8:20]] = size, now
            tried = sizes
            found, size = self._answer(pending, answer, min(deadline, now + pause))
            if found is not None:
                if kind is Kind.HELLO:
                    self.size, self._hello_sizes = size, (size,)
                return found
            pause = min(pause * 1.5, 1.0)
        return None

    def _answer(
        self, pending: dict[bytes, tuple[int, float]], answer: type[Message], until: float
    ) -> tuple[Message | None, int]:
        """And the size of the message."""
        while True:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.control], [], [], left)[0]:
                return None, 0
            try:
                data, source = self.control.recvfrom(2048)
            except OSError:
                self._read_errors()
                continue
            size, sent_at = pending.get(data[8:20], (0, 0.0))
            if not size or len(data) != size or data[:8] != self.run.keys.reply_selector:
                continue
            body = self.run.keys.open(data, reply=True)
            found = decode(body, answer) if body is not None else None
            if found is not None:
                self.channel = source[1]
                self.round_trip = time.monotonic() - sent_at
                return found, size


def _unsendable(error: OSError, family: Family) -> str:
    if error.errno in (errno.EPERM, errno.EACCES):
        return "this machine's own firewall does not let the packets out"
    if error.errno in (errno.ENETUNREACH, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EHOSTUNREACH):
        return f"this machine has no route to it over {family.label}"
    return error.strerror or str(error)

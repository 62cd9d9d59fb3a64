"""A network and a clock that are only pretended, for a sweep: what it does to packets is set here, by seed.

    network = Network(monkeypatch, Path(open=range(50000, 60001), loss=0.05, delay=0.05), seed=1)
    swept = network.sweep(range(50000, 60001))
    network.seconds, network.sent, network.counters

The checker's packets and the responder that answers them are the real ones; sockets, `time` and `select` of the
modules under test are replaced, so that nothing waits and every run with a seed is the same as the last.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Collection, Sequence
from heapq import heappop, heappush
from types import SimpleNamespace
from typing import Any

import pytest
from msgspec import Struct

from livekit_firewall.model.addresses import Family
from livekit_firewall.probe.checker import sweep as sweep_module
from livekit_firewall.probe.checker import transport as transport_module
from livekit_firewall.probe.checker.sweep import SweepResult, sweep
from livekit_firewall.probe.checker.transport import MAX_RATE, Budget, ProbeRun, Transport
from livekit_firewall.probe.listener.responder import Responder
from livekit_firewall.probe.wire.messages import Keys
from livekit_firewall.probe.wire.token import Token

SEND_COST, RECEIVE_COST, LOOK_COST = 6e-6, 3e-6, 2e-7
"""Seconds that this machine takes for a packet out, one in, and a look at the clock."""
FRAME = 40 + 28 + 18
"""Bytes of a probe on an Ethernet."""
CHECKER = "198.51.100.7"


class Path(Struct, frozen=True):
    """What the way to the host and back does.

    Attributes:
        open: ports that packets get through to.
        loss: the share lost, on each way.
        delay, jitter: seconds on each way, and seconds at most added by chance, which reorders.
        rate, queue: bytes a second through either way, and frames that may wait there; None: as many as come.
        policer: packets a second that the way to the host lets through at all, none waiting, or None.
        dead: from when to when (seconds from the start) nothing gets through.
        twice, spoiled: the share of packets that come twice, and of those with one wrong bit, on each way.
        moved: ports that arrive at another one, as a port forwarding does.
    """

    open: Collection[int] = ()
    loss: float = 0.0
    delay: float = 0.0001
    jitter: float = 0.0
    rate: float | None = None
    queue: int = 1000
    policer: float | None = None
    dead: tuple[tuple[float, float], ...] = ()
    twice: float = 0.0
    spoiled: float = 0.0
    moved: dict[int, int] = {}


class Network:
    """Attributes:
    seconds: how long the sweep took, by its own clock.
    counters, ports: those of each packet that it sent, in order.
    sent_at: when it sent each.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, path: Path, seed: int = 0, *, rate: float = MAX_RATE) -> None:
        self.path, self.chance, self.now = path, random.Random(seed), 1000.0
        self.began = self.now
        self.open = frozenset(path.open)
        self._is_narrow = bool(path.rate or path.policer)
        self._random = self.chance.random
        clock = SimpleNamespace(monotonic=self._look)
        monkeypatch.setattr(sweep_module, "time", clock)
        monkeypatch.setattr(transport_module, "time", clock)
        monkeypatch.setattr(sweep_module, "select", SimpleNamespace(select=self._select))
        keys = Keys(Token(bytes(24), 0))
        self.responder = Responder(keys, expires=self.now + 3600)
        self.run = ProbeRun(keys, Budget(rate, 10_000_000))
        self.rate = rate
        self.counters: list[int] = []
        self.ports: list[int] = []
        self.sent_at: list[float] = []
        self._events: list[tuple[float, int, bool, bytes]] = []  # when, order, whether at the host
        self._order = 0
        self._free = {True: 0.0, False: 0.0}  # when either way has room for the next frame
        self._police = 50.0
        self._policed = self.now
        self._arrived: deque[bytes] = deque()
        self.forge: Callable[[bytes], list[bytes]] | None = None
        """What somebody else on the way sends the checker, too, for each of its packets."""
        self.fails: Callable[[int], OSError | None] | None = None
        """What sending the packet of this number raises instead."""

    def sweep(self, ports: Sequence[int], *, round_trip: float | None = None, **more: Any) -> SweepResult:
        """`round_trip`: what the conversation before it measured."""
        with Transport(self.run, Family.IPV4, "192.0.2.1") as line:
            line.round_trip = round_trip
            line.socket.close()
            line.socket = self  # type: ignore[assignment]
            swept = sweep(line, ports, **more)
        self.seconds = self.now - self.began
        return swept

    @property
    def sent(self) -> int:
        return len(self.counters)

    # --- what a socket has

    def sendto(self, data: bytes, to: tuple[str, int]) -> int:
        self.now += SEND_COST
        if self.fails is not None and (error := self.fails(len(self.counters))) is not None:
            raise error
        port = to[1]
        self.counters.append(int.from_bytes(data[16:20], "big"))
        self.ports.append(port)
        self.sent_at.append(self.now)
        if self.forge is not None:
            for other in self.forge(data):
                self._push(self.now, False, other)
        is_open = port in self.open
        if is_open or self._is_narrow:
            self._travel(data, True, self.now, is_open)
        return len(data)

    def recv(self, _size: int) -> bytes:
        self.now += RECEIVE_COST
        if self._events and self._events[0][0] <= self.now:
            self._pass()
        if not self._arrived:
            raise BlockingIOError
        return self._arrived.popleft()

    def close(self) -> None:
        pass

    # --- the rest

    def _look(self) -> float:
        self.now += LOOK_COST
        return self.now

    def _select(self, read: list[Any], _w: Any, _x: Any, seconds: float) -> tuple[list[Any], list[Any], list[Any]]:
        until = self.now + max(0.0, seconds)
        self._pass()
        while not self._arrived and self._events and self._events[0][0] <= until:
            self.now = max(self.now, self._events[0][0])
            self._pass()
        if not self._arrived:
            self.now = max(self.now, until)
        return (read if self._arrived else []), [], []

    def _push(self, when: float, to_host: bool, data: bytes) -> None:
        self._order += 1
        heappush(self._events, (when, self._order, to_host, data))

    def _pass(self) -> None:
        """All that has happened by now."""
        events, now, moved = self._events, self.now, self.path.moved
        while events and events[0][0] <= now:
            when, _, to_host, data = heappop(events)
            if not to_host:
                self._arrived.append(data)
                continue
            port = int.from_bytes(data[20:22], "big")
            reply = self.responder.probe(data, CHECKER, moved.get(port, port), 4, when)
            if reply is not None:
                self._travel(reply, False, when, True)

    def _travel(self, data: bytes, to_host: bool, now: float, is_open: bool) -> None:
        path, chance = self.path, self._random
        leaves = now if path.rate is None else self._queued(path.rate, to_host, now)
        if leaves is None or (to_host and path.policer and not self._is_let_through(path.policer, now)) or not is_open:
            return
        # a generator for each of two million frames would be a tenth of what these tests cost
        if (path.dead and any(start <= now - self.began < end for start, end in path.dead)) or chance() < path.loss:
            return
        if chance() < path.spoiled:
            place = self.chance.randrange(len(data))
            data = data[:place] + bytes([data[place] ^ 1 << self.chance.randrange(8)]) + data[place + 1 :]
        is_twice = chance() < path.twice
        self._push(leaves + path.delay + path.jitter * chance(), to_host, data)
        if is_twice:
            self._push(leaves + path.delay + path.jitter * chance(), to_host, data)

    def _queued(self, rate: float, to_host: bool, now: float) -> float | None:
        """When the frame has gone through, or None if there was no room for it."""
        each = FRAME / rate
        free = max(now, self._free[to_host])
        if free - now > self.path.queue * each:
            return None
        self._free[to_host] = free + each
        return free + each

    def _is_let_through(self, policer: float, now: float) -> bool:
        self._police = min(50.0, self._police + (now - self._policed) * policer)
        self._policed = now
        if self._police < 1:
            return False
        self._police -= 1
        return True

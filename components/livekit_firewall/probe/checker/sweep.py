"""Every UDP port of a family, tried until its result is certain.

    swept = sweep(line, ports)
    swept.answered        # {50000: 50000, ...}: port -> the port that it arrived at on the host
    swept.doubt           # why silence does not mean "blocked" this time, or ""

Silence means "blocked" only if loss cannot explain it. So as soon as ports answer, packets to these (beacons) go
out between the others and at the end of each round: they measure the loss, and a round at whose end the path was
dead does not count. Silent ports are tried until the chance that any of them is open is below one in a million.
How fast all this may be is what `pacing.py` makes of the beacons.
"""

from __future__ import annotations

import math
import select
import time
from collections.abc import Callable, Sequence
from hmac import compare_digest

from msgspec import Struct

from ..wire.messages import PROBE_SIZE, Kind
from .pacing import Pacing, RoundTrip, Tally
from .transport import CannotSend, Transport

DOUBT = 1e-6
"""Chance, at most, that any silent port of the sweep is open."""
MIN_TRIES, MAX_TRIES = 3, 20
BLIND_TRIES, BLIND_TIMEOUT = 5, 0.2
"""While nothing at all answers, so that the loss cannot be measured; seconds to wait after each, at least."""
MAX_DEAD_ROUNDS, DEAD_PATIENCE = 3, 5.0
"""Rounds that the path may not survive; seconds without any sign of life after which it is given up."""
TRAILING, RETURNED = 16, 12
"""Beacons at the end of a round, and how many of them tell that it is over."""
BEACON_EVERY = 16
BEACON = 0
"""Stands in a round where a beacon goes."""
UNHEARD, LEAST_SILENCE = 8, 0.1
"""Beacons in a row, and seconds, without any answer: the path is dead, and sending on would be a waste."""
MOST_AT_ONCE = 256
"""Packets taken in before others are sent again."""
LEAST_TIMEOUT = 0.02


class SweepResult(Struct, frozen=True):
    """What a sweep found.

    Attributes:
        answered: port -> the port that the probe arrived at.
        tries: how often silent ports were tried.
        loss: the share of beacons lost, or None without any.
        round_trip: in seconds, or None.
        doubt: why nothing is known of the silent ports, as a phrase, or "".
    """

    answered: dict[int, int]
    tries: int
    loss: float | None
    round_trip: float | None
    doubt: str = ""


def sweep(
    transport: Transport,
    ports: Sequence[int],
    on_progress: Callable[[float], None] = lambda _share: None,
    *,
    rounds: int | None = None,
) -> SweepResult:
    """Try every port; with `rounds`, so often and no more. Raises Unsendable if this machine cannot send at all."""
    return _Sweep(transport, ports, on_progress).run(rounds)


class _Sweep:
    def __init__(self, transport: Transport, ports: Sequence[int], on_progress: Callable[[float], None]) -> None:
        now = time.monotonic()
        self.transport, self.on_progress, self.last_told = transport, on_progress, now
        self.missing = dict.fromkeys(ports)
        self.total = max(1, len(self.missing))
        self.answered: dict[int, int] = {}
        self.known: list[int] = []  # the ports that answered, which beacons go to in turn
        self.first = -1  # counter of the first packet; the lists below are indexed by counter - first
        self.port_of: list[int] = []  # 0: nothing is awaited
        self.sent_at: list[float] = []
        self.beacons: dict[int, bool] = {}  # in the order of sending: whether it came back
        self.given_up: set[int] = set()
        self.next_beacon = 0
        self.returned, self.trail_from = 0, 0  # of the beacons at the end of this round, the first of which that is
        self.last_life, self.last_sent, self.silent_since, self.unheard = now, now, now, 0
        self.newest = 0.0  # when the latest packet that came back was sent
        self.round_trip = RoundTrip(transport.round_trip)
        self.reordering = 1.0  # how patient to be with what was overtaken
        self.pacing = Pacing(transport.run.budget.rate, transport.round_trip, now)
        self.all, self.round = Tally(), Tally()
        self.certainty = 0.0
        self.doubts: list[str] = []

    def run(self, most: int | None) -> SweepResult:
        rounds = blind = dead = 0
        while self.missing and not self.doubts and (most is None or rounds + blind < most):
            # the order alternates, so that a loss late in a round does not always hit the same ports
            alive = self._round(list(self.missing)[:: -1 if (rounds + blind) % 2 else 1])
            self.on_progress(1.0 - len(self.missing) / self.total)
            if self.doubts:
                break
            if not self.known:
                blind += 1
                if blind == BLIND_TRIES:
                    break
                if blind > 1:
                    self.pacing.slow_down()
            elif alive:
                rounds += 1
                if self._is_certain(rounds) and rounds >= MIN_TRIES:
                    break
                if rounds == MAX_TRIES:
                    self.doubts.append(f"too many packets are lost ({self.all.share:.0%}) to tell what silence means")
            else:
                dead += 1
                if dead > MAX_DEAD_ROUNDS or not self._revive():
                    self.doubts.append("answers stopped coming while its ports were tried")
        loss = self.all.share if self.all.judged else None
        doubt = self.doubts[0] if self.doubts and self.missing else ""
        return SweepResult(self.answered, rounds or blind, loss, self.round_trip.seconds, doubt)

    def _is_certain(self, rounds: int) -> bool:
        """Chances multiply: round by round (better after a bad one) or by the loss of all (better with few beacons).

        One deviation is enough for each of several rounds, since they do not all err to the same side.
        """
        self.all.add(judged=self.round.judged, lost=self.round.lost)
        self.certainty += self.round.doubt(1)
        return min(self.certainty, rounds * self.all.doubt(2)) <= math.log(DOUBT / max(1, len(self.missing)))

    def _timeout(self) -> float:
        return self.round_trip.timeout(LEAST_TIMEOUT if self.known else BLIND_TIMEOUT)

    def _round(self, ports: list[int]) -> bool:
        """Try these ports once. Whether the path was alive at the end, as far as that can be known."""
        self.round, self.returned, self.given_up = Tally(), 0, set()
        todo = [one for at in range(0, len(ports), BEACON_EVERY) for one in (*ports[at : at + BEACON_EVERY], BEACON)]
        place, end, ends_by = 0, len(todo), math.inf
        self.trail_from = len(self.port_of) + 2 * end  # not yet
        self.pacing.rest(time.monotonic())
        while self.missing:
            now = time.monotonic()
            self._judge(now)
            if place == end == len(todo) and self.known:
                todo += [BEACON] * TRAILING
                self.trail_from, ends_by = len(self.port_of), math.inf
            room = self._room(now) if place < len(todo) else 0
            taken = self._send(todo[place : place + room], now) if room else 0
            place += taken
            received = self._receive()
            if place == len(todo) and ends_by == math.inf:
                ends_by = now + self._timeout()
            if self.returned >= RETURNED or now >= ends_by:
                return self._settle(ends_by)
            if self.doubts or self._is_dead(now):
                return False
            if not taken and not received:
                self._wait(ends_by - now if place == len(todo) else 0.002 if room else self.pacing.wait() + 0.0002)
        return True

    def _settle(self, ends_by: float) -> bool:
        """What was sent before the beacons has been answered by now, but for what took another way."""
        if self.returned:
            slack = min(0.2, self.round_trip.disorder)
            until = min(ends_by, time.monotonic() + slack)
            while self.missing and (left := until - time.monotonic()) > 0:
                self._wait(left)
                self._receive()
        return not self.known or self.returned > 0

    def _is_dead(self, now: float) -> bool:
        return self.unheard >= UNHEARD and now - self.silent_since > max(LEAST_SILENCE, self._timeout())

    def _revive(self) -> bool:
        """Whether anything comes back again; until then, nothing but a few beacons goes out."""
        began, pause = time.monotonic(), LEAST_TIMEOUT
        self.last_life = began
        while self.last_life == began:
            now = time.monotonic()
            if now - began > DEAD_PATIENCE:
                return False
            if self._room(now):
                self._send([BEACON] * 2, now)
            if self.doubts:
                return False
            self._wait(pause)
            self._receive()
            pause = min(1.5 * pause, 0.25)
        self.beacons.clear()  # what they met with was no loss
        self.pacing.begin_anew()
        return True

    def _room(self, now: float) -> int:
        budget = self.transport.run.budget
        if budget.sent >= budget.total:
            self.doubts.append("the run has reached its limit of packets")
        return min(self.pacing.room(now), budget.room(now))

    def _send(self, piece: Sequence[int], now: float) -> int:
        """How many of these went out, or need not."""
        ports = [port or self._next_beacon() for port in piece] if self.known else [port for port in piece if port]
        counter, sent = self.transport.send_probes(ports)
        if self.first < 0:
            self.first = counter
        place = counter - self.first
        # counters that others used, and those whose packets did not go out, await nothing
        gap = place - len(self.port_of)
        self.port_of += [0] * gap + ports[:sent]
        self.sent_at += [now] * (gap + sent)
        for at, port in enumerate(ports[:sent], place):
            if port in self.answered:
                self.beacons[at] = False
                self.unheard += 1
                self.silent_since = now if self.unheard == 1 else self.silent_since
        self.pacing.spend(sent, len(self.port_of))
        self.transport.run.budget.spend(sent)
        if sent or not ports:
            self.last_sent = now
        elif now - self.last_sent > DEAD_PATIENCE:
            self.doubts.append("this machine could not send for seconds")
        return len(piece) if sent == len(ports) else sent

    def _next_beacon(self) -> int:
        self.next_beacon += 1
        return self.known[self.next_beacon % len(self.known)]

    def _receive(self) -> bool:
        """Take what has come. Whether anything of ours was there."""
        receive, start, session = self.transport.socket.recv, self.transport.run.keys.reply, self.transport.run.session
        number, now, index = self.transport.number, time.monotonic(), -1
        for _ in range(MOST_AT_ONCE):
            try:
                data = receive(2048)
            except (BlockingIOError, InterruptedError):
                break
            except ConnectionError:  # Windows: an ICMP error about an earlier packet
                continue
            head = data[:24]
            if len(data) != PROBE_SIZE or data[8:16] != session or data[22] != number or data[23] != Kind.PROBE:
                continue
            one = start.copy()  # `sign`, without the call
            one.update(head)
            if not compare_digest(one.digest(), data[24:]):
                continue
            at = int.from_bytes(data[16:20], "big") - self.first
            if 0 <= at < len(self.port_of) and self.port_of[at]:
                self._take(at, int.from_bytes(data[20:22], "big"))
                index = at
        if index >= 0:
            self.last_life, self.unheard = now, 0
            self.newest = max(self.newest, self.sent_at[index])
            self.round_trip.add(now - self.sent_at[index])
        return index >= 0

    def _take(self, index: int, arrived: int) -> None:
        port = self.port_of[index]
        self.port_of[index] = 0
        if port in self.missing:
            del self.missing[port]
            self.answered[port] = arrived
            self.known.append(port)
        self.returned += index >= self.trail_from
        if index in self.beacons:
            self.beacons[index] = True
        elif index in self.given_up:  # only late
            self.given_up.remove(index)
            self.round.add(judged=0, lost=-1)
            self.reordering = min(64.0, 2 * self.reordering)

    def _judge(self, now: float) -> None:
        """Which beacons came back, and which are lost: overdue, or overtaken by much later ones (RFC 8985)."""
        overtaken = self.newest - self.reordering * self.round_trip.disorder
        overdue = max(now - self._timeout(), overtaken)
        fates: dict[int, bool] = {}
        for at, came in self.beacons.items():
            if not came and self.sent_at[at] >= overdue:
                break
            fates[at] = came
        for at, came in fates.items():
            del self.beacons[at]
            self.round.add(lost=not came)
            self.pacing.judge(at, lost=not came)
            if not came:
                self.given_up.add(at)
        if now - self.last_told > 0.05:
            self.last_told = now
            self.on_progress(1.0 - len(self.missing) / self.total)

    def _wait(self, seconds: float) -> None:
        if seconds > 0:
            select.select([self.transport.socket], [], [], min(seconds, 0.25))


__all__ = ["CannotSend", "SweepResult", "sweep"]

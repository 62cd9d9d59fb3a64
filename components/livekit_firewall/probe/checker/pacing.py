"""How fast a sweep may send, measured by its beacons: packets to ports that are known to answer.

Silent ports say nothing about congestion, and a packet that a full queue drops looks like a block. So the pace doubles
each round trip as long as beacons come back; once more of them are lost than before, it falls to what got through
and grows slowly from there.
"""

from __future__ import annotations

import math

FIRST_PACE, LEAST_PACE, BLIND_PACE = 20_000.0, 500.0, 10_000.0
"""Packets a second: to begin with, at least, and at least while nothing answers."""
FIRST_FLIGHT = 256
"""Packets before the first answer is due, where the round trip is known to be so short that this is faster."""
SMALLEST_CHUNK, LARGEST_CHUNK = 8, 64
"""Packets between two looks at the clock: those of a millisecond, so that a short queue has room for them."""
LONGEST_STALL, SHORT_STALL = 0.05, 0.005
"""Seconds that this machine may be busy elsewhere, and send later what it could not then; after any congestion less,
since that comes as a burst."""
FIRST_LOOK, BAD_LOOK, FULL_LOOK = 8, 16, 64
"""Beacons that are enough to go faster if all came back, slower if most did not, and for any judgement."""
USUAL_LOSS, MOST_USUAL_LOSS = 0.05, 0.2
"""Share of beacons that is lost whatever our pace: assumed at first, and at most."""
MORE_LOSS, MUCH_MORE_LOSS = 0.05, 0.15
"""How much more means that we are a little too fast, and far too fast."""
FIRST_TIMEOUT, LARGEST_TIMEOUT = 0.5, 3.0


class Tally:
    """Beacons whose fate is known."""

    def __init__(self) -> None:
        self.judged = self.lost = 0

    def add(self, *, judged: int = 1, lost: int = 0) -> None:
        self.judged += judged
        self.lost += lost

    @property
    def share(self) -> float:
        return self.lost / self.judged if self.judged else 0.0

    def doubt(self, deviations: float) -> float:
        """Logarithm of an upper bound of the loss, so many standard deviations above what was seen."""
        more = deviations * math.sqrt(self.lost + 1)
        return math.log(min(0.9, (self.lost + more) / (self.judged + more)))


class RoundTrip:
    """Attributes:
    seconds: smoothed, or None while nothing is known of it.
    variation: of the seconds.

    Args:
        guess: from one message that the listener took its time for; the first measurement knows better.
    """

    def __init__(self, guess: float | None) -> None:
        self.seconds, self._is_guess = guess, True
        self.variation = (guess or 0.0) / 2

    def add(self, seconds: float) -> None:
        """As TCP does (RFC 6298)."""
        if self.seconds is None or self._is_guess:
            self.seconds, self.variation, self._is_guess = seconds, seconds / 2, False
            return
        self.variation += (abs(seconds - self.seconds) - self.variation) / 4
        self.seconds += (seconds - self.seconds) / 8

    def timeout(self, least: float) -> float:
        """Seconds after which a packet does not come back any more."""
        if self.seconds is None:
            return FIRST_TIMEOUT
        return min(LARGEST_TIMEOUT, max(least, 2 * self.seconds + 4 * self.variation))

    @property
    def disorder(self) -> float:
        """Seconds by which packets may overtake each other."""
        return 0.002 + (self.seconds or 0.0) / 4 + 2 * self.variation


class Pacing:
    """Attributes:
    pace: packets a second.

    Args:
        fastest: packets a second that it never exceeds.
        round_trip: seconds, if something is known of it.
        now: of the monotonic clock.
    """

    def __init__(self, fastest: float, round_trip: float | None, now: float) -> None:
        self.fastest = fastest
        self.pace = min(fastest, max(FIRST_PACE, FIRST_FLIGHT / round_trip if round_trip else 0.0))
        self._sound, self._is_starting = self.pace, True
        self._room, self._since = float(LARGEST_CHUNK), now
        self._usual = USUAL_LOSS
        self._overload, self._slower = fastest, self.pace
        self._seen, self._fresh = Tally(), 0  # beacons since the last decision, and those of the present pace
        self._sent = self._cut_at = self._raised_at = 0

    @property
    def chunk(self) -> int:
        return max(SMALLEST_CHUNK, min(LARGEST_CHUNK, int(self.pace / 1000)))

    def room(self, now: float) -> int:
        """Packets that may go out now: a chunk, or none yet."""
        most = self.chunk + self.pace * (LONGEST_STALL if self._is_starting else SHORT_STALL)
        self._room, self._since = min(most, self._room + (now - self._since) * self.pace), now
        return self.chunk if self._room >= self.chunk else 0

    def rest(self, now: float) -> None:
        """After a time without anything to send: it is not made up for."""
        self._room, self._since = float(self.chunk), now

    def wait(self) -> float:
        """Seconds until there is room for a chunk."""
        return max(0.0, self.chunk - self._room) / self.pace

    def spend(self, packets: int, then: int) -> None:
        """So many went out; the next has the number `then`."""
        self._room -= packets
        self._sent = then

    def judge(self, packet: int, *, lost: bool) -> None:
        """The fate of a beacon, by its place among all packets sent. What was sent before the last cut says nothing.

        To be called in the order of sending: an answer is known earlier than a loss.
        """
        if packet < self._cut_at:
            return
        self._seen.add(lost=lost)
        self._fresh += packet >= self._raised_at
        seen, more = self._seen, self._seen.share - self._usual
        if seen.judged >= FULL_LOOK or (seen.judged >= BAD_LOOK and more > 0.5):
            if more > MUCH_MORE_LOSS:
                self._cut(0.9 * (1 - seen.share) / (1 - self._usual))
            else:
                self._follow(more)
            self._seen, self._fresh = Tally(), 0
        elif self._is_starting and self._fresh >= FIRST_LOOK and not seen.lost:
            self._raise(2.0)
            self._seen, self._fresh = Tally(), 0

    def _cut(self, factor: float) -> None:
        # what was lost had been sent before the last raise, if nothing is known of later ones
        self._overload = self.pace if self._fresh else self._slower
        self.pace = max(LEAST_PACE, self._overload * max(0.1, factor))
        self._is_starting, self._cut_at = False, self._sent

    def _follow(self, more: float) -> None:
        """As fast as now, or a little faster or slower; and learn what loss is usual."""
        self._usual = min(MOST_USUAL_LOSS, self._usual + more / 8)
        if not self._is_starting and more > MORE_LOSS:
            self._overload = min(self._overload, self.pace)
            self.pace = max(LEAST_PACE, 0.93 * self.pace)
        elif self._fresh >= FIRST_LOOK and (self._is_starting or more <= 0):
            self._raise(2.0 if self._is_starting else 1.25 if self.pace < self._overload / 2 else 1.03)

    def _raise(self, factor: float) -> None:
        self._sound = self._slower = self.pace
        self.pace = min(self.fastest, self.pace * factor)
        self._raised_at = self._sent

    def slow_down(self) -> None:
        """For when nothing answers at all: then nothing shows whether the path is slow."""
        self.pace = max(min(BLIND_PACE, self.pace), self.pace / 2)

    def begin_anew(self) -> None:
        """After the path was dead: the losses may or may not have been congestion."""
        self.pace = self._sound = max(LEAST_PACE, self._sound / 2)
        self._seen, self._fresh, self._is_starting = Tally(), 0, True
        self._cut_at = self._raised_at = self._sent

"""What the listener answers, and to whom: only to packets that the run's secret signed, each once.

Pure but for the clock that it is given: no socket, no thread. A packet that is not signed, was answered
before, comes from another address than its session began with, or is beyond the limits gets None.
"""

from __future__ import annotations

from hmac import compare_digest

from msgspec import Struct

from ..wire.messages import CONTROL_SIZE, HEAD, LEAST_CONTROL, MAX_COUNTER, MOST_CONTROL, PROBE_SIZE, Keys, Kind, sign

MAX_SESSIONS = 64
MAX_ANSWERS = 8_000_000
"""In a listener's whole life."""
MAX_RATE = 200_000
"""Answers a second."""


class Session:
    """One checker's run.

    Attributes:
        sources: by family number, the one address that it may speak from.
        received: by family number, one byte per UDP port: whether a probe got through to us.
        strays: families in which signed packets came from another address too, and were not answered.
        began: monotonic time of the first packet.
    """

    def __init__(self, began: float = 0.0) -> None:
        self.began = began
        self.strays: set[int] = set()
        self.sources: dict[int, str] = {}
        self.answered = bytearray()
        self.received: dict[int, bytearray] = {4: bytearray(65536), 6: bytearray(65536)}
        self.is_finished = False

    def has_answered(self, counter: int) -> bool:
        place = counter >> 3
        return place < len(self.answered) and bool(self.answered[place] & 1 << (counter & 7))

    def is_new(self, counter: int) -> bool:
        """Whether it was not answered before; from now on it was."""
        place, bit = counter >> 3, 1 << (counter & 7)
        if place >= len(self.answered):
            self.answered.extend(bytes(place - len(self.answered) + 1024))
        if self.answered[place] & bit:
            return False
        self.answered[place] |= bit
        return True


class Control(Struct, frozen=True):
    """A control message that was let in. `size` is its length, and that of its answer."""

    kind: Kind
    head: bytes
    body: bytes
    session: Session
    family: int
    source: str
    size: int = CONTROL_SIZE


class Responder:
    """Answers of one run. `expires` and the clock's time are seconds of one monotonic clock."""

    def __init__(self, keys: Keys, expires: float) -> None:
        self.keys, self.expires = keys, expires
        self.sessions: dict[bytes, Session] = {}
        self.answers = 0
        self._second, self._in_second = 0, 0

    def probe(self, data: bytes, source: str, port: int, family: int, now: float, *, udp: bool = True) -> bytes | None:
        """The reply to a probe that arrived at `port`, or None. The reply names the port that it arrived at."""
        if len(data) != PROBE_SIZE or data[23] != _PROBE:
            return None
        head = data[:24]
        if not compare_digest(sign(head, self.keys.request), data[24:]):
            return None
        session = self._admit(head, source, family, now)
        if session is None:
            return None
        if udp:
            session.received[family][port] = 1
        reply = self.keys.reply_selector + head[8:20] + port.to_bytes(2, "big") + head[22:24]
        return reply + sign(reply, self.keys.reply)

    def control(self, data: bytes, source: str, family: int, now: float) -> Control | None:
        """A control message that may be answered once, by `reply`."""
        if not LEAST_CONTROL <= len(data) <= MOST_CONTROL:
            return None
        if data[:8] != self.keys.selector or data[23] not in _CONTROLS:
            return None
        body = self.keys.open(data, reply=False)
        session = None if body is None else self._admit(data[:24], source, family, now)
        if body is None or session is None:
            return None
        return Control(Kind(data[23]), data[:24], body, session, family, source, len(data))

    def reply(self, control: Control, message: Struct) -> bytes:
        """The answer, as long as the question. Raises `ValueError` if it does not fit."""
        head = self.keys.reply_selector + control.head[8:]
        return self.keys.seal(head, message, reply=True, size=control.size)

    def _admit(self, head: bytes, source: str, family: int, now: float) -> Session | None:
        _, name, counter, _, claimed, _ = HEAD.unpack(head)
        if claimed != family or counter >= MAX_COUNTER or now >= self.expires or not self._has_room(now):
            return None
        session = self.sessions.get(name)
        if session is None:
            if len(self.sessions) >= MAX_SESSIONS:
                return None
            session = self.sessions[name] = Session(now)
        if session.sources.setdefault(family, source) != source:
            # an address of a pool, perhaps; what was answered before and comes again is somebody else's copy
            if not session.has_answered(counter):
                session.strays.add(family)
            return None
        if not session.is_new(counter):
            return None
        self.answers += 1
        self._in_second += 1
        return session

    def _has_room(self, now: float) -> bool:
        second = int(now)
        if second != self._second:
            self._second, self._in_second = second, 0
        return self.answers < MAX_ANSWERS and self._in_second < MAX_RATE


_PROBE = int(Kind.PROBE)
_CONTROLS = frozenset(Kind) - {Kind.PROBE}

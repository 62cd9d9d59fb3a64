"""What came from a participant of a call, and which way was chosen; `client.py` describes the figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from livekit import rtc

RTP_RATE = 48_000
"""Samples per second of Opus, whatever is played."""
CANDIDATES = ("host", "srflx", "prflx", "relay")
RELAY_PROTOCOLS = ("udp", "tcp", "tls")
"""As their numbers in WebRTC's statistics mean (IceCandidateType, IceServerTransportProtocol)."""


@dataclass
class Heard:
    """What has come from one participant.

    Attributes:
        track: theirs, which WebRTC counts for.
        began, said: whether their tone was ever heard; whether it was said that they are.
        frames, gap, quiet: since the last report, 10 ms each with their tone; the longest time without, and that until
            now, in milliseconds.
        numbers, late: of their data packets; how many came after a later one, since the last report.
        before, told: totals at the last report.
    """

    track: rtc.Track | None = None
    began: bool = False
    frames: int = 0
    gap: float = 0.0
    quiet: float = 0.0
    numbers: set[int] = field(default_factory=set)
    late: int = 0
    before: tuple[int, int, float] = (0, 0, 0.0)
    told: tuple[int, int] = (0, 0)
    said: bool = False

    def frame(self, loud: bool) -> None:
        self.quiet = 0.0 if loud else self.quiet + 10.0
        self.frames += loud
        self.began = self.began or loud
        if self.began:
            self.gap = max(self.gap, self.quiet)

    def number(self, number: int) -> None:
        self.late += bool(self.numbers) and number < max(self.numbers)
        self.numbers.add(number)

    def missing(self) -> int:
        return max(self.numbers) - min(self.numbers) + 1 - len(self.numbers) if self.numbers else 0

    async def report(self) -> dict[str, float]:
        """Since the last one, of which nothing is kept but totals."""
        now = await self._audio()
        packets, lost, concealed = (one - other for one, other in zip(now, self.before, strict=True))
        data, missing = len(self.numbers) - self.told[0], self.missing() - self.told[1]
        found = {
            "packets": packets, "lost": lost, "concealed": concealed, "frames": self.frames, "gap": self.gap,
            "data": data, "missing": missing, "late": self.late,
        }  # fmt: skip
        self.before, self.told = now, (len(self.numbers), self.missing())
        self.frames, self.gap, self.late = 0, 0.0, 0
        return found

    async def _audio(self) -> tuple[int, int, float]:
        """RTP packets, those lost, and concealed milliseconds."""
        for one in await self.track.get_stats() if self.track else []:
            if one.WhichOneof("stats") == "inbound_rtp":
                received, inbound = one.inbound_rtp.received, one.inbound_rtp.inbound
                return received.packets_received, received.packets_lost, inbound.concealed_samples / RTP_RATE * 1000
        return 0, 0, 0.0


def transport(stats: list[Any]) -> str:
    """The chosen way of one peer connection, "" if it has none."""
    by_kind: dict[str, dict[str, Any]] = {}
    for one in stats:
        kind = one.WhichOneof("stats")
        by_kind.setdefault(kind, {})[getattr(one, kind).rtc.id] = getattr(one, kind)
    for transport in by_kind.get("transport", {}).values():
        pair = by_kind.get("candidate_pair", {}).get(transport.transport.selected_candidate_pair_id)
        if pair:
            return _way(by_kind["local_candidate"][pair.candidate_pair.local_candidate_id].candidate)
    return ""


def _way(candidate: Any) -> str:
    if CANDIDATES[candidate.candidate_type] != "relay":
        return str(candidate.protocol)
    return "relay/" + RELAY_PROTOCOLS[candidate.relay_protocol]

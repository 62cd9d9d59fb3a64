"""What a run found, port by port, and whether that is as wanted.

A `ProbeTarget` says what should be, a `PortVerdict` what one of its ports is, a `Row` holds consecutive ports with
the same verdict. Pure values; `probe/checker` fills them.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from ...model.addresses import Family
from ...model.ports import PortRange, Protocol
from ...model.services import Service
from ...model.text_enum import TextEnum


class Verdict(TextEnum):
    """What happened to the packets sent to a port. None of them means "perhaps open"."""

    REACHABLE = "reachable"
    BLOCKED_BEFORE_HOST = "blocked before the host"
    BLOCKED_ON_HOST = "blocked on the host"
    BLOCKED = "blocked, layer unknown from here"
    NOBODY_LISTENS = "open, but nobody listens"
    UNREACHABLE_HOST = "unreachable host"
    UNTESTED = "not tested"


class ProbeTarget(Struct, frozen=True):
    """Ports of one protocol and family that are tried for one reason.

    Attributes:
        ports, family: where.
        wanted: whether they should be reachable from the checker; False: they must be closed to it.
        service: what listens there, or None for a sample beside a range.
        key: the configuration key behind it ("rtc.port_range_start, rtc.port_range_end"), or "".
        reason: why they are tried, as a phrase ("media over UDP", "just outside udp/50000-60000").
    """

    ports: PortRange
    family: Family
    wanted: bool
    service: Service | None = None
    key: str = ""
    reason: str = ""


class PortVerdict(Struct, frozen=True):
    """The verdict on a port.

    Attributes:
        verdict: what happened.
        detail: what else is known, as a phrase: the rule that drops, why it was not tested, or "".
        by_probe: whether our own responder answered, so that a service need not be there.
    """

    verdict: Verdict
    detail: str = ""
    by_probe: bool = False


class Row(Struct, frozen=True):
    """Consecutive ports of a target with the same verdict."""

    target: ProbeTarget
    ports: PortRange
    seen: PortVerdict

    @property
    def as_wanted(self) -> bool | None:
        """None: it could not be tested."""
        verdict = self.seen.verdict
        if verdict in (Verdict.UNTESTED, Verdict.UNREACHABLE_HOST):
            return None
        if verdict is Verdict.NOBODY_LISTENS and self.target.wanted and self._is_bound_on_demand:
            return None
        return (verdict is Verdict.REACHABLE) is self.target.wanted

    @property
    def _is_bound_on_demand(self) -> bool:
        """Media ranges have sockets during calls only, so that an idle port refuses though all is well."""
        return self.target.ports.protocol is Protocol.UDP and len(self.target.ports) > 1


class ServiceAnswer(Struct, frozen=True):
    """What a service said when it was spoken to in its own protocol.

    Attributes:
        service, ports, family: who, at which one port.
        ok: it answered as a client needs it; False: it answered wrongly or not at all.
        says: one line about it, printable ("certificate for turn.example.org, 53 days left").
    """

    service: Service
    ports: PortRange
    family: Family
    ok: bool
    says: str


class Traffic(Struct, frozen=True):
    """What a run cost: packets sent to the host, and seconds spent probing."""

    packets: int = 0
    seconds: float = 0.0


class Outcome(Struct, frozen=True):
    """A whole run.

    Attributes:
        host: as the user named it.
        addresses: those tried, by family.
        rows: in the order of the plan.
        answers: of the services.
        has_listener: whether `probe listen` answered.
        notes: what a reader must know besides ("IPv6 was not tested: ...").
    """

    host: str
    addresses: dict[Family, str]
    rows: tuple[Row, ...]
    answers: tuple[ServiceAnswer, ...]
    traffic: Traffic
    has_listener: bool
    notes: tuple[str, ...] = ()

    @property
    def as_wanted(self) -> bool | None:
        """False if a port or a service is not as wanted; None if nothing is wrong but something was not tested."""
        found = [row.as_wanted for row in self.rows]
        if False in found or not all(answer.ok for answer in self.answers):
            return False
        return None if None in found or not found else True


def fold(target: ProbeTarget, seen: Sequence[PortVerdict]) -> list[Row]:
    """The rows of a target, of which `seen` holds one per port, in order."""
    rows: list[Row] = []
    first = target.ports.first
    for port, (one, following) in enumerate(zip(seen, (*seen[1:], None), strict=True), start=first):
        if one != following:
            rows.append(Row(target, PortRange(target.ports.protocol, first, port), one))
            first = port + 1
    return rows

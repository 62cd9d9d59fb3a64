"""The listener's report on each checker: what arrived, and which rule dropped the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from ...model.addresses import Family
from ..wire.messages import Fate


class CheckerReport(Struct, frozen=True):
    """What happened to one checker's packets of one family, as this host saw it.

    Attributes:
        family, source: 4 or 6, and the checker's address as seen here.
        wanted_udp, wanted_tcp: ports that should be reachable, as the checker said.
        udp, tcp: what became of them; absent is NOTHING.
        in_use: TCP ports that a service of this host listens on.
        rules: what dropped the packets, by (is UDP, port), as far as the kernel said.
        sees_arrivals: whether NOTHING means that it did not arrive, over UDP.
        sees_tcp: the same, over TCP.
        is_finished: whether the checker ended its session; else what did not arrive may not have been sent.
    """

    family: int
    source: str
    wanted_udp: tuple[int, ...]
    wanted_tcp: tuple[int, ...]
    udp: dict[int, Fate]
    tcp: dict[int, Fate]
    in_use: frozenset[int]
    rules: dict[tuple[bool, int], str]
    sees_arrivals: bool
    sees_tcp: bool
    is_finished: bool = True


class ReportedRange(Struct, frozen=True):
    """Consecutive wanted ports with the same result.

    Attributes:
        fate: `answered`, `in-use`, `dropped-here`, `not-arrived`, `not-seen` or `untestable`.
    """

    protocol: str
    first: int
    last: int
    fate: str
    rule: str = ""

    @property
    def ports(self) -> str:
        return (
            f"{self.first}/{self.protocol}" if self.first == self.last else f"{self.first}-{self.last}/{self.protocol}"
        )


WORDS = {
    "answered": "arrived and answered",
    "in-use": "left to the service that listens there",
    "dropped-here": "arrived, and this host dropped it",
    "not-arrived": "did not arrive: stopped before this host, by the cloud's firewall or a router",
    "not-seen": "not seen: stopped before this host or by its own firewall",
    "untestable": "not tested: a service has it bound, it is forwarded elsewhere, or this user may not bind it",
}


def reported_ranges(heard: CheckerReport) -> list[ReportedRange]:
    """The wanted ports of a checker, folded."""
    found: list[ReportedRange] = []
    for is_udp, ports in ((True, heard.wanted_udp), (False, heard.wanted_tcp)):
        for port in ports:
            fate, rule = _fate(heard, is_udp, port)
            last = found[-1] if found else None
            protocol = "udp" if is_udp else "tcp"
            if last and (last.protocol, last.fate, last.last) == (protocol, fate, port - 1) and rule in ("", last.rule):
                found[-1] = ReportedRange(protocol, last.first, port, fate, last.rule)
            else:
                found.append(ReportedRange(protocol, port, port, fate, rule))
    return found


def _fate(heard: CheckerReport, is_udp: bool, port: int) -> tuple[str, str]:
    fates, rule = heard.udp if is_udp else heard.tcp, heard.rules.get((is_udp, port), "")
    fate = fates.get(port, Fate.NOTHING)
    if fate is Fate.UNTESTABLE:
        return "untestable", ""
    if fate is Fate.RECEIVED:
        return "answered", ""
    is_in_use = not is_udp and port in heard.in_use
    if fate is Fate.ARRIVED:
        return ("in-use", "") if is_in_use and not rule else ("dropped-here", rule)
    sees = heard.sees_arrivals if is_udp else heard.sees_tcp
    if is_in_use and not sees:
        return "in-use", ""
    return "not-arrived" if sees else "not-seen", ""


def as_text(heard: Sequence[CheckerReport]) -> str:
    """The report for people, without a final newline."""
    if not heard:
        return "nothing arrived: either no check was run, or it was stopped before this host, or it went elsewhere"
    return "\n".join(line for one in heard for line in _lines(one))


def _lines(heard: CheckerReport) -> Iterable[str]:
    family = Family.IPV4 if heard.family == 4 else Family.IPV6
    yield f"from {heard.source} over {family.label}:"
    found = reported_ranges(heard)
    if not heard.is_finished:
        yield "  the check did not finish: what did not arrive may not have been sent"
    if not found:
        yield f"  {len(heard.udp):,} UDP ports arrived; which were wanted it did not say"
    for one in found[:MOST_LINES]:
        yield f"  {one.ports}: {WORDS[one.fate]}" + (f" ({one.rule})" if one.rule else "")
    if len(found) > MOST_LINES:
        yield f"  and {len(found) - MOST_LINES:,} more; --json lists all"


MOST_LINES = 30


def as_json(heard: Sequence[CheckerReport], limits: Sequence[str]) -> dict[str, Any]:
    """docs/schemas/probe-listen.json"""
    return {
        "version": 1,
        "checkers": [
            {
                "family": "ipv4" if one.family == 4 else "ipv6",
                "address": one.source,
                "ports": [
                    {"protocol": s.protocol, "first": s.first, "last": s.last, "fate": s.fate, "rule": s.rule}
                    for s in reported_ranges(one)
                ],
            }
            for one in heard
        ],
        "limits": list(limits),
    }

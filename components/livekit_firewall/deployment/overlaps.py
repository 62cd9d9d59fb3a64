"""Listeners that would share a port."""

from __future__ import annotations

from collections.abc import Iterable

from ..model.errors import Report
from .listeners import Listener


def overlaps(listeners: Iterable[Listener], extra: Iterable[Listener] = ()) -> list[tuple[Listener, Listener]]:
    """Pairs that want the same port of the same protocol on the node; the second of each cannot bind."""
    ordered = sorted([*listeners, *extra], key=lambda listener: listener.ports)
    found = []
    for index, one in enumerate(ordered):
        for other in ordered[index + 1 :]:
            if other.ports.protocol != one.ports.protocol or other.ports.first > one.ports.last:
                break
            found.append((one, other))
    return found


def check_overlaps(listeners: Iterable[Listener], report: Report, extra: Iterable[Listener] = ()) -> None:
    """Two listeners on one port: a problem among arguments, a finding when a running file is part of it."""
    for one, other in overlaps(listeners, extra):
        shared = "port" if len(one.ports) == len(other.ports) == 1 else "ports"
        rival = f"{one.service.label} on {one.ports} ({one.key})"
        text = f"{other.service.label} on {other.ports} and {rival} want the same {shared}"
        if one.place.is_fact or other.place.is_fact:
            where = other.place if other.place.is_fact else one.place
            report.finding("overlap", "error", where, text, "move one of them; only one can be bound")
        else:
            report.problem(
                other.place, str(other.ports), f"must not overlap {one.ports} of {one.key}", "move one of them"
            )

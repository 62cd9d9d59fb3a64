"""Checks that no two listeners use the same port."""

from __future__ import annotations

from collections.abc import Iterable

from ..model.errors import Report
from ..model.findings import remedy
from ..settings.schemas import NAMES
from .listener import Listener


def overlaps(listeners: Iterable[Listener], extra: Iterable[Listener] = ()) -> list[tuple[Listener, Listener]]:
    """Pairs of listeners with a common port of the same protocol and network; the second of each cannot bind."""
    ordered = sorted([*listeners, *extra], key=lambda listener: listener.ports)
    found = []
    for index, one in enumerate(ordered):
        for other in ordered[index + 1 :]:
            if other.ports.protocol != one.ports.protocol or other.ports.first > one.ports.last:
                break
            is_same = one.owner and (one.owner, one.place) == (other.owner, other.place)  # published more than once
            if one.network == other.network and not is_same:  # each container has its own ports
                found.append((one, other))
    return found


def check_overlaps(listeners: Iterable[Listener], report: Report, extra: Iterable[Listener] = ()) -> None:
    """Two listeners on one port: a problem among arguments, a finding if a running deployment's file is involved."""
    for one, other in overlaps(listeners, extra):
        shared = "port" if len(one.ports) == len(other.ports) == 1 else "ports"
        if one.place.is_fact or other.place.is_fact:
            where = other.place if other.place.is_fact else one.place
            are_two = bool(one.owner and other.owner) and one.owner != other.owner
            of_one, of_other = (f" of {NAMES[each.owner]}" if are_two else "" for each in (one, other))
            key = str(one.place) if are_two and one.place.file else one.key
            rival = f"{one.service.label}{of_one} on {one.ports} ({key})"
            text = f"{other.service.label}{of_other} on {other.ports} and {rival} want the same {shared}"
            report.finding("overlap", "error", where, text)
        else:
            expected = f"must not overlap {one.ports} of {one.key}"
            report.problem(other.place, str(other.ports), expected, remedy("overlap"))

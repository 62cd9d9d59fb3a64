"""What ports are for: as a rule's own description says, as the configuration says, or as LiveKit's defaults have it.

For the eyes of people. What is a risk is not asked here: a description is somebody's word (`risks.py`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from ..effective.snapshot import Label
from ..model.addresses import PortRange, Protocol


class Labels:
    """Disjoint ranges of ports, each with its label. Of labels that overlap the first given wins."""

    def __init__(self, given: Iterable[Label]) -> None:
        self._found: dict[Protocol, list[Label]] = {protocol: [] for protocol in Protocol}
        for label in given:
            mine = self._found[label.ports.protocol]
            for first, last in list(_gaps(mine, label.ports)):
                _insert(mine, Label(PortRange(label.ports.protocol, first, last), label.service, label.key))

    def over(self, ports: PortRange) -> Iterator[tuple[PortRange, Label | None]]:
        """The ports cut where labels begin and end, each part with its label."""
        mine, at = self._found[ports.protocol], ports.first
        for label in mine[_first(mine, ports.first) :]:
            if label.ports.first > ports.last:
                break
            if at < label.ports.first:
                yield PortRange(ports.protocol, at, label.ports.first - 1), None
            start, end = max(at, label.ports.first), min(ports.last, label.ports.last)
            yield PortRange(ports.protocol, start, end), label
            at = end + 1
        if at <= ports.last:
            yield PortRange(ports.protocol, at, ports.last), None


def _first(mine: Sequence[Label], port: int) -> int:
    """Where labels begin that may hold the port or what is above it."""
    place = bisect_right(mine, port, key=lambda label: label.ports.first)
    return place - 1 if place and mine[place - 1].ports.last >= port else place


def _gaps(mine: Sequence[Label], ports: PortRange) -> Iterator[tuple[int, int]]:
    at = ports.first
    for label in mine[_first(mine, ports.first) :]:
        if label.ports.first > ports.last:
            break
        if at < label.ports.first:
            yield at, label.ports.first - 1
        at = max(at, label.ports.last + 1)
    if at <= ports.last:
        yield at, ports.last


def _insert(mine: list[Label], label: Label) -> None:
    mine.insert(bisect_right(mine, label.ports.first, key=lambda one: one.ports.first), label)

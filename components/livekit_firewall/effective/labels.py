"""The service that a port belongs to, where a rule does not name it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from ..model.ports import PortRange, Protocol, joined
from ..model.services import Service
from ..model.text import escaped


class Label(Struct, frozen=True):
    """The service of some ports, by a rule's description or the configuration.

    Attributes:
        key: LiveKit's keys behind it; "" where they are not known.
    """

    ports: PortRange
    service: Service
    key: str = ""


KNOWN: tuple[Label, ...] = tuple(
    sorted(
        (Label(ports, service) for service in Service for ports in service.record.usual_ports),
        key=lambda label: (label.ports.first, label.ports.protocol.value),
    )
)
"""What usually listens there."""


_BY_LABEL = {service.label: service for service in Service}


def labels_of(about: str, ports: Iterable[PortRange]) -> list[Label]:
    """A description as ours are written, `ICE/UDP: port_range_end, port_range_start`; none if it is another's.

    Google's rules are for several services: `ICE/UDP: udp_port; ICE/TCP: tcp_port; from anywhere ...`. There a port is
    that of the service which usually listens on it, and what is left that of the one service that is left.
    """
    given = joined(ports)
    parts = [part.partition(": ") for part in about.split("; ")] if about else []
    services = {_BY_LABEL[name]: escaped(key) for name, _, key in parts if name in _BY_LABEL}
    if len(services) == 1 and len(parts) == 1:
        return [Label(one, *only) for one in given for only in services.items()]
    usual = [Label(one, label.service, services[label.service]) for one in given for label in _usual(one, services)]
    rest = [one for one in given if not any(one == label.ports for label in usual)]
    left = [service for service in services if service not in {label.service for label in usual}]
    return [*usual, *(Label(one, left[0], services[left[0]]) for one in rest if len(left) == 1)]


def _usual(ports: PortRange, services: Iterable[Service]) -> list[Label]:
    return [label for label in KNOWN if label.service in services and label.ports.overlaps(ports)][:1]


class Labels:
    """Disjoint ranges of ports, each with its label. Of labels that overlap the first given wins."""

    def __init__(self, given: Iterable[Label]) -> None:
        self._found: dict[Protocol, list[Label]] = {protocol: [] for protocol in Protocol}
        for label in given:
            mine = self._found[label.ports.protocol]
            for ports in [ports for ports, taken in self.over(label.ports) if taken is None]:
                _insert(mine, Label(ports, label.service, label.key))

    def over(self, ports: PortRange) -> Iterator[tuple[PortRange, Label | None]]:
        """The ports cut where labels begin and end, each part with its label."""
        mine, at = self._found[ports.protocol], ports.first
        for label in mine[_first(mine, ports.first) :]:
            if label.ports.first > ports.last:
                break
            if at < label.ports.first:
                yield PortRange(ports.protocol, at, label.ports.first - 1), None
            part = ports.common(label.ports)
            yield part, label
            at = part.last + 1
        if at <= ports.last:
            yield PortRange(ports.protocol, at, ports.last), None


def _first(mine: Sequence[Label], port: int) -> int:
    """Where labels begin that may hold the port or what is above it."""
    place = bisect_right(mine, port, key=lambda label: label.ports.first)
    return place - 1 if place and mine[place - 1].ports.last >= port else place


def _insert(mine: list[Label], label: Label) -> None:
    mine.insert(bisect_right(mine, label.ports.first, key=lambda one: one.ports.first), label)

"""A part of a review -> the edges of its picture."""

from __future__ import annotations

from collections.abc import Iterator

from ...effective.wording import people
from ...model.addresses import Direction
from ...model.internet import internet_blocks
from ...model.services import Service
from ..exposure.edges import Edge, Part
from ..exposure.flowchart import State
from .change import Change, Reach
from .change import Part as Stack

PARTS = {
    Service.API: Part.LOAD_BALANCER,
    Service.SIP: Part.TRUNKS,
    Service.SIP_TLS: Part.TRUNKS,
    Service.SIP_RTP: Part.TRUNKS,
    Service.SSH: Part.OPERATORS,
    Service.METRICS: Part.OPERATORS,
    Service.HEALTH: Part.OPERATORS,
    Service.TURN_RELAY: Part.CLUSTER,
    Service.REDIS: Part.CLUSTER,
    Service.NATS: Part.CLUSTER,
    Service.MARIADB: Part.CLUSTER,
}
"""Who it most likely is that some of the world reaches a service for: a preview does not say."""

MOST_STANDING = 20


def edges_of(stack: Stack) -> list[Edge]:
    """What changes, and as much of what stays as leaves the picture readable; ingress only."""
    changed = [edge for change in stack.changes for edge in _edges(change)]
    standing = [edge for change in stack.standing for edge in _edges(change)]
    return [*changed, *standing[:MOST_STANDING]] if changed else []


def _edges(change: Change) -> Iterator[Edge]:
    if change.direction is not Direction.INGRESS:
        return
    if change.kind == "same" or change.gained is None or change.lost is None:
        state: State = "same" if change.kind == "same" else "added" if change.gained else "removed"
        yield from _of(change, change.gained or change.lost, state)
    elif change.gained.ports == change.lost.ports:
        yield from _of(change, change.gained, "added")
        yield from _of(change, change.lost, "removed")
    else:
        yield from _of(change, change.gained, "changed", f"{_ports(change.lost)} to {_ports(change.gained)}")


def _of(change: Change, reach: Reach | None, state: State, instead: str = "") -> Iterator[Edge]:
    """One for each range of ports, so that each has a line of its own; or for a text in their place."""
    if reach is None or not reach.ports:
        return
    service = change.service
    blocks = [people(tuple(map(str, reach.blocks)))] if reach.blocks else []
    who = ", ".join([*blocks, *reach.names[:3]])
    for node in change.firewalls:
        for ports in [instead] if instead else map(str, reach.ports):
            yield Edge(
                who,
                _part(reach, service),
                service.label if service else "",
                ports,
                state=state,
                node=node,
                internal=bool(service and service.is_internal),
            )


def _ports(reach: Reach) -> str:
    return ", ".join(map(str, reach.ports))


def _part(reach: Reach, service: Service | None) -> Part:
    if internet_blocks(reach.blocks):
        return Part.CLIENTS if service and not service.is_internal and service is not Service.SSH else Part.INTERNET
    return PARTS.get(service, Part.OTHER) if service else Part.OTHER

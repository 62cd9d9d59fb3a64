"""A part of a review -> its picture."""

from __future__ import annotations

from collections.abc import Iterator

from ...effective.wording import MOST_NAMED, people
from ...model.addresses import Direction
from ...model.internet import internet_blocks
from ...model.services import Audience, Service
from ...model.text import few
from ..exposure.edges import Edge, Role
from ..exposure.flowchart import LONGEST, State
from ..exposure.picture import mermaid
from .change import MAY_CLOSE, MAY_OPEN, Change, ChangedAccess, ReviewPart

ROLES = {
    Audience.LOAD_BALANCER: Role.LOAD_BALANCER,
    Audience.TRUNK: Role.TRUNKS,
    Audience.OPERATOR: Role.OPERATORS,
    Audience.CLUSTER: Role.CLUSTER,
}
"""The role of a source, by the audience that it most likely is: a preview does not say."""

MOST_STANDING = 20


def picture_of(part: ReviewPart) -> str:
    """What changes, and as much of what stays as leaves the picture readable; ingress only. "" for no change."""
    changed = [edge for change in part.changes for edge in _edges(change)]
    standing = [edge for change in part.standing for edge in _edges(change)]
    if not changed:
        return ""
    return mermaid([*changed, *standing[:MOST_STANDING]], left=len(standing[MOST_STANDING:]))


def _edges(change: Change) -> Iterator[Edge]:
    if change.direction is not Direction.INGRESS:
        return
    if not change.is_sure:
        yield from _of(change, change.gained or change.lost, MAY_OPEN if change.gained else MAY_CLOSE)
    elif change.kind == "same" or change.gained is None or change.lost is None:
        state: State = "same" if change.kind == "same" else "added" if change.gained else "removed"
        yield from _of(change, change.gained or change.lost, state)
    elif change.gained.ports == change.lost.ports:
        yield from _of(change, change.gained, "added")
        yield from _of(change, change.lost, "removed")
    else:
        yield from _of(change, change.gained, "changed", f"{_ports(change.lost)} to {_ports(change.gained)}")


def _of(change: Change, reach: ChangedAccess | None, state: State, instead: str = "") -> Iterator[Edge]:
    """One for each range of ports, so that each has a line of its own; or for a text in their place."""
    if reach is None or not reach.ports:
        return
    service = change.service
    who = _who(reach)
    for node in change.firewalls:
        for ports in [instead] if instead else map(str, reach.ports):
            yield Edge(
                who,
                _role(reach, service),
                service.label if service else "",
                ports,
                state=state,
                node=node,
                internal=bool(service and service.is_internal),
            )


def _who(reach: ChangedAccess) -> str:
    """As in the table, where that fits in a line of the picture."""
    blocks = tuple(map(str, reach.blocks))
    parts = (people(blocks) if blocks else "", few(reach.names, MOST_NAMED))
    text = ", ".join(filter(None, parts))
    return text if len(text) <= LONGEST else few((*blocks, *reach.names), MOST_NAMED, room=LONGEST)


def _ports(reach: ChangedAccess) -> str:
    return ", ".join(map(str, reach.ports))


def _role(reach: ChangedAccess, service: Service | None) -> Role:
    if internet_blocks(reach.blocks):
        return Role.CLIENTS if service and not service.is_internal and service is not Service.SSH else Role.INTERNET
    reached_by = service.record.reached_by if service else None
    return ROLES[reached_by] if reached_by else Role.OTHER

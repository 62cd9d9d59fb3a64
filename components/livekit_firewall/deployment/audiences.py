"""Whom a question about an audience means: `explain operators tcp/22`, whatever the operators are named by."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from ..model.addresses import BOTH_FAMILIES, Identity, Peer
from ..model.ports import MAX_PORT, PortRange
from ..model.services import Service
from .authorise import peers_of
from .derive import Deployment

EVERY_PORT = (PortRange.tcp(1, MAX_PORT), PortRange.udp(1, MAX_PORT))


class AudiencePeers(Struct, frozen=True):
    """All sources of an audience on some ports.

    Attributes:
        peers: as the rules have them; the identity itself where nobody is named.
    """

    identity: Identity
    ports: tuple[PortRange, ...]
    peers: tuple[Peer, ...]


def audiences_of(deployment: Deployment) -> Iterator[AudiencePeers]:
    """Those of each audience. Where two are for the same ports, the first counts."""
    media = tuple(one.ports for one in deployment.listeners if one.service is Service.SIP_RTP)
    for identity in Identity:
        if identity is Identity.TRUNKS and media:
            yield AudiencePeers(identity, media, _peers(deployment, identity, Service.SIP_RTP))
        yield AudiencePeers(identity, EVERY_PORT, _peers(deployment, identity))


def peers_at(deployment: Deployment, identity: Identity, ports: PortRange) -> tuple[Peer, ...]:
    """Whom the audience stands for at these ports."""
    found = (one for one in audiences_of(deployment) if one.identity is identity)
    return next(one.peers for one in found if any(some.overlaps(ports) for some in one.ports))


def _peers(deployment: Deployment, identity: Identity, service: Service | None = None) -> tuple[Peer, ...]:
    found = tuple(peers_of(deployment.access.audience(identity, service), BOTH_FAMILIES))
    return found or (Peer.of(identity),)

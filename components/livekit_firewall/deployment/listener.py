"""`Listener`: one socket, or range of them, that a deployment opens."""

from __future__ import annotations

from msgspec import Struct

from ..model.addresses import Family
from ..model.errors import Place
from ..model.ports import PortRange
from ..model.services import Audience, Service


class Listener(Struct, frozen=True):
    """A socket, or a range of them, that a service opens.

    Attributes:
        families: in which other machines can reach it; empty if it is bound to loopback or not published.
        key: the key that decides the ports, as the user writes it.
        is_default: whether the ports are the service's own default.
        audience: who should reach it; nobody if the sources of its audience are not named (`awaits`).
        place: of `key`.
        awaits: the audience that it gets once the sources are named; nobody if there is none.
        owner: the LiveKit service that opens it: livekit, sip, ingress or egress; "" for any other program.
        network: the container whose ports these are; "" for the node's own.
        is_on_loopback: whether it is bound to the loopback of its container, which forwarding does not reach.
        own_purpose: what it is for in this deployment; "" for what its service says.
    """

    service: Service
    ports: PortRange
    families: frozenset[Family]
    key: str
    is_default: bool
    audience: Audience
    place: Place
    awaits: Audience = Audience.NOBODY
    owner: str = ""
    network: str = ""
    is_on_loopback: bool = False
    own_purpose: str = ""

    @property
    def purpose(self) -> str:
        """What it is for, as a phrase without a full stop."""
        return self.own_purpose or self.service.purpose

    @property
    def is_contained(self) -> bool:
        """Whether it is in a container, and the host does not forward its ports."""
        return bool(self.network) and not self.families

    @property
    def confined(self) -> str:
        """Why other machines cannot reach a listener without families, as a phrase."""
        if self.is_on_loopback:
            return "bound to the loopback of its container"
        return "not published by its container" if self.network else "bound to loopback"

    @property
    def nowhere(self) -> str:
        """Why other machines cannot reach a listener without families, as one word."""
        return "container" if self.network else "loopback"

    def as_json(self) -> dict[str, object]:
        return {
            "service": str(self.service),
            "protocol": str(self.ports.protocol),
            "first": self.ports.first,
            "last": self.ports.last,
            "families": sorted(str(family) for family in self.families),
            "key": self.key,
            "is_default": self.is_default,
            "audience": str(self.audience),
        }

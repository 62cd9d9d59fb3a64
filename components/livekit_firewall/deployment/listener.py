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
        service, ports: what for, and where.
        families: in which it can be reached from another machine; empty when bound to loopback.
        key: the key that decides the ports, as the user writes it.
        is_default: whether the ports are the service's own default.
        audience: who should reach it; nobody also while those that it awaits are not named.
        place: where `key` stands.
        awaits: whom a listener for nobody would open to, once they are named; nobody else.
        owner: the LiveKit service that opens it, by our option for its file; "" for what else runs on the node.
        network: the container whose ports these are; "" for the node's own.
        is_on_loopback: whether it is bound to the loopback of its container, so that forwarding does not reach it.
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

    @property
    def is_contained(self) -> bool:
        """Whether it stays within a container that the host forwards nothing of it to."""
        return bool(self.network) and not self.families

    @property
    def confined(self) -> str:
        """As a phrase, what keeps other machines from it, where it has no families."""
        if self.is_on_loopback:
            return "bound to the loopback of its container"
        return "not published by its container" if self.network else "bound to loopback"

    @property
    def nowhere(self) -> str:
        """What keeps other machines from it, where it has no families."""
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

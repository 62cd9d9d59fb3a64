"""The settings of every service on a node, typed, with the defaults of the services' own code.

settings = Settings(server=Configured(read_server(tree, report), tree))
listen(settings)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ..inputs.field_types import Port, Switch, Text
from ..model.ports import PortRange
from .ingress import Egress, Ingress
from .networks import LocalService, Network
from .server import Server
from .setting import Configured
from .sip import Sip
from .tree import Tree

if TYPE_CHECKING:  # most runs need nothing of Compose
    from ..inputs.compose.model import Published

AnyConfigured = Configured[Server] | Configured[Sip] | Configured[Ingress] | Configured[Egress]
"""The settings of any one service."""


class Https(Struct, frozen=True, kw_only=True):
    """`https`: a TLS proxy on the node that also forwards TURN/TLS by server name (SNI)."""

    port: Port = 443
    acme: Switch = True


class Plugnmeet(Struct, frozen=True, kw_only=True):
    """`plugnmeet`: the folder of an installation, and which optional parts run (None: read from its files)."""

    path: Text | None = None
    sip: Switch | None = None
    rtmp: Switch | None = None
    whip: Switch | None = None


class Settings(Struct, frozen=True):
    """The services on the node. A service that is None does not run there.

    Attributes:
        data: names of data services on the node that the cluster may use: redis, nats, mariadb.
        installation: plugNmeet's own config.yaml, if its folder is given; else None.
        networks: by service (livekit, sip, ingress, egress), for those whose container has its own network.
        other_services: further services on the node that a compose file names, none of them public.
        further_ports: what Docker forwards to the containers of other services, each with its service's name.
        has_turn_balancer: whether a chart creates a load balancer that listens on 443 for TURN/TLS.
    """

    server: Configured[Server] | None = None
    sip: Configured[Sip] | None = None
    ingress: Configured[Ingress] | None = None
    egress: Configured[Egress] | None = None
    https: Https | None = None
    plugnmeet: Plugnmeet | None = None
    data: tuple[str, ...] = ()
    installation: Tree | None = None
    networks: Mapping[str, Network] = {}
    other_services: tuple[LocalService, ...] = ()
    further_ports: tuple[tuple[str, Published], ...] = ()
    has_turn_balancer: bool = False

    @property
    def passes_turn_on(self) -> bool:
        """Whether a proxy on the node listens on 443, where clients connect for TURN/TLS, and forwards it by SNI."""
        return self.https is not None and self.https.port == 443

    @property
    def takes_443(self) -> bool:
        """Whether a known proxy or load balancer listens on 443, where clients connect for TURN/TLS."""
        return self.passes_turn_on or self.has_turn_balancer

    @property
    def publishes_turn(self) -> bool:
        """Whether the host forwards 443, where clients connect, to TURN/TLS of a container that ends TLS itself."""
        network = self.networks.get("livekit")
        if self.server is None or network is None or self.server.own.turn.external_tls:
            return False
        port = PortRange.tcp(self.server.own.turn.tls_port or 443)
        return any(one.host_ports(port) == PortRange.tcp(443) for one in network.published or ())

    @property
    def sound(self) -> Settings:
        """The settings without the services that have problems: those hold defaults, not what runs."""
        services = {"server": self.server, "sip": self.sip, "ingress": self.ingress, "egress": self.egress}
        return replace(self, **{name: None for name, one in services.items() if one and not one.is_sound})


__all__ = ["Configured", "Https", "Plugnmeet", "Settings"]

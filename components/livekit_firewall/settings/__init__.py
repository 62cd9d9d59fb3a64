"""The settings of every service on a node, typed, with the defaults of the services' own code.

settings = Settings(server=Configured(read_server(tree, report), tree))
listen(settings)
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from ..inputs.records import Port, Switch, Text
from ..model.ports import PortRange
from .ingress import Egress, Ingress
from .networks import Network, Told
from .server import Server
from .setting import Configured
from .sip import Sip
from .tree import Tree

AnyConfigured = Configured[Server] | Configured[Sip] | Configured[Ingress] | Configured[Egress]
"""Where it does not matter of which service."""


class Https(Struct, frozen=True, kw_only=True):
    """`https`: a TLS proxy on the node that also sends TURN/TLS on by name (SNI)."""

    port: Port = 443
    acme: Switch = True


class Plugnmeet(Struct, frozen=True, kw_only=True):
    """`plugnmeet`: the folder of an installation, and which optional parts are in use (None: as its files say)."""

    path: Text | None = None
    sip: Switch | None = None
    rtmp: Switch | None = None
    whip: Switch | None = None


class Settings(Struct, frozen=True):
    """What runs on the node. A service that is None does not.

    Attributes:
        data: names of data services on the node that the cluster may use: redis, nats, mariadb.
        installation: plugNmeet's own config.yaml, where its folder is given.
        networks: of the services whose container has a network of its own, by our option for their file.
        beside: what else a compose file says runs on the node, and is not for everybody.
        has_turn_balancer: whether a chart makes a load balancer that takes 443 for TURN/TLS.
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
    beside: tuple[Told, ...] = ()
    has_turn_balancer: bool = False

    @property
    def passes_turn_on(self) -> bool:
        """Whether a proxy on the node takes the 443 that clients are told, and sends TURN/TLS on by name."""
        return self.https is not None and self.https.port == 443

    @property
    def takes_443(self) -> bool:
        """Whether something that is known here takes the 443 that clients are told for TURN/TLS."""
        return self.passes_turn_on or self.has_turn_balancer

    @property
    def publishes_turn(self) -> bool:
        """Whether a container that ends TLS itself forwards the 443 that clients are told to its TURN/TLS."""
        network = self.networks.get("livekit")
        if self.server is None or network is None or self.server.own.turn.external_tls:
            return False
        port = PortRange.tcp(self.server.own.turn.tls_port or 443)
        return any(one.host_ports(port) == PortRange.tcp(443) for one in network.published or ())

    @property
    def sound(self) -> Settings:
        """Without the services that have problems, whose settings are not what they run with."""
        services = {"server": self.server, "sip": self.sip, "ingress": self.ingress, "egress": self.egress}
        return replace(self, **{name: None for name, one in services.items() if one and not one.is_sound})


__all__ = ["Configured", "Https", "Plugnmeet", "Settings"]

"""The input of a check, and the constructor of its findings."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from ...deployment.derive import Deployment
from ...model.errors import Finding, Place
from ...model.findings import CATALOGUE, remedy
from ...model.ports import PortRange
from ...settings import Configured
from ...settings.networks import Network
from ...settings.server import Server


class LintOptions(Struct, frozen=True):
    """Facts that no configuration holds and some checks need; None or False skips the check.

    Attributes:
        participants: how many are expected at once on the node.
        cpus: virtual CPUs of the node.
        max_ports: how many ports the firewall, NAT or load balancer in front can open or forward.
        kubernetes: the servers run in Kubernetes by LiveKit's charts.
    """

    participants: int | None = None
    cpus: int | None = None
    max_ports: int | None = None
    kubernetes: bool = False


class Context(Struct, frozen=True):
    """A deployment and the options of the run."""

    deployment: Deployment
    options: LintOptions

    @property
    def server(self) -> Configured[Server] | None:
        return self.deployment.settings.server

    @property
    def has_proxy(self) -> bool:
        """Whether something on the node or in front terminates TLS or forwards it."""
        access = self.deployment.access
        return bool(self.deployment.settings.https or access.load_balancer or access.passthrough)

    @property
    def server_network(self) -> Network | None:
        """The network of livekit-server's own container; None where it has the host's."""
        return self.bridged.get("livekit")

    @property
    def bridged(self) -> Mapping[str, Network]:
        """The networks that other machines reach over the host's forwarding only."""
        networks = self.deployment.settings.networks
        return {owner: network for owner, network in networks.items() if not network.has_own_address}

    @property
    def bridged_proxy(self) -> tuple[str, Place] | None:
        """The service, and its place, that has the proxy's port of the host, and is not on the host's network."""
        settings = self.deployment.settings
        if settings.https is None:
            return None
        port = PortRange.tcp(settings.https.port)
        taken = ((name, one.place, one.host_ports(one.target)) for name, one in settings.further_ports)
        return next(((name, place) for name, place, ports in taken if ports and ports.overlaps(port)), None)

    @property
    def is_kubernetes(self) -> bool:
        return self.options.kubernetes or bool(self.server and self.server.tree.is_chart)

    def one_port(self, key: str = "rtc.udp_port") -> str:
        """How a service takes one UDP port in place of its range, where the user can say it."""
        server = self.server
        if server is None or key != "rtc.udp_port":
            return f"set {key} to one port in place of the range"
        if server.tree.is_preset:
            return "set rtc.udp_port to one port in the installation's livekit.yaml, and give its folder to --plugnmeet"
        if server.tree.is_chart:
            return "set rtc.udp_port to one port, and rtc.port_range_start and rtc.port_range_end to null"
        return f"set {server.at(lambda own: own.rtc.udp_port).name} to one port in place of the range"


def found(id: str, place: Place, text: str, severity: str = "", fix: str = "") -> Finding:
    """A finding of the catalogue: its fix and its severity come from there, unless they are given."""
    return Finding(id, severity or CATALOGUE[id].severity, place, text, fix or remedy(id))

"""The input of a check, and the constructor of its findings."""

from __future__ import annotations

from dataclasses import dataclass

from ...deployment.derive import Deployment
from ...model.errors import Finding, Place
from ...model.findings import CATALOGUE, remedy
from ...settings import Configured
from ...settings.server import Server


@dataclass(frozen=True)
class LintOptions:
    """Facts that no configuration holds and some checks need; None or False skips the check.

    Attributes:
        participants: how many are expected at once on the node.
        cpus: virtual CPUs of the node.
        max_ports: how many ports the firewall, NAT or load balancer in front can open or forward.
        docker: the servers run in containers on a Docker bridge.
        kubernetes: the servers run in Kubernetes by LiveKit's charts.
    """

    participants: int | None = None
    cpus: int | None = None
    max_ports: int | None = None
    docker: bool = False
    kubernetes: bool = False


@dataclass(frozen=True)
class Context:
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
    def is_kubernetes(self) -> bool:
        return self.options.kubernetes or bool(self.server and self.server.tree.is_chart)


def found(id: str, place: Place, text: str, severity: str = "") -> Finding:
    """A finding of the catalogue: its fix and, unless given, its severity come from there."""
    return Finding(id, severity or CATALOGUE[id].severity, place, text, remedy(id))

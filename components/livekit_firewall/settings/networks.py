"""Container networks that are separate from the host's, and the ports that the host forwards to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from ..model.errors import Place
from ..model.services import Service

if TYPE_CHECKING:  # most runs need nothing of Compose
    from ..inputs.compose.model import Published


class Network(Struct, frozen=True):
    """The network namespace of a container: its ports are not the host's.

    Attributes:
        name: of the container; services of the same name share its ports.
        published: the ports that the host forwards to it; None if not known: every port then counts as forwarded.
        place: where it is described; None for a pod.
        is_pod: whether it is a Kubernetes pod, whose unpublished ports `chart_checks` reports.
        has_own_address: whether other machines reach it at its own address, so that no port need be forwarded.
    """

    name: str
    published: tuple[Published, ...] | None = None
    place: Place | None = None
    is_pod: bool = False
    has_own_address: bool = False


class LocalService(Struct, frozen=True):
    """A service that listens on this node over TCP, according to a configuration file.

    Attributes:
        port: on the node.
        place: the key that names it.
        published: the entry of a compose file that forwards the port; None without one.
    """

    service: Service
    port: int
    place: Place
    published: Published | None = None

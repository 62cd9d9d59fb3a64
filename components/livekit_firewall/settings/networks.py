"""The networks that containers have apart from the host's, and what of them the host forwards."""

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
        published: what the host forwards to it; None: not known, so that each port counts as forwarded to itself.
        place: where it is described.
        is_pod: whether it is a pod's, of which what describes the pod says what is missing.
        has_own_address: whether other machines reach it at an address of its own, so that nothing need be forwarded.
    """

    name: str
    published: tuple[Published, ...] | None = None
    place: Place | None = None
    is_pod: bool = False
    has_own_address: bool = False


class Told(Struct, frozen=True):
    """A service that a file says listens on this node, over TCP.

    Attributes:
        place: what says so.
        published: the entry of a compose file that forwards it.
    """

    service: Service
    port: int
    place: Place
    published: Published | None = None

"""What a running service is told besides its file: flags and environment variables, and Helm's values.

Nothing is read from this machine's environment: it is not the server's. `given` and `compose` say what flags and
variables of the running services are; livekit-server lets them win over its file, the others do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from ..inputs.document import Document, value_at
from ..model.errors import Place

SERVICES = ("livekit", "sip", "ingress", "egress")


class Override(Struct, frozen=True):
    """A value that a flag or a variable gives to a service.

    Attributes:
        value: as it was read, unchecked.
        place: what gives it; its path is the key of the service's own configuration.
        is_fallback: whether it holds only where the file says nothing.
        rank: of two for the same key, the service takes the higher one.
    """

    value: Any
    place: Place
    is_fallback: bool = False
    rank: int = 4


Overrides = Mapping[str, Mapping[str, Override]]
"""By service, then by dotted key of its own configuration."""


def overridden(document: Document, overrides: Mapping[str, Override]) -> Document:
    """The document as the service sees it once flags and variables have won, each value where it comes from."""
    for key, override in overrides.items():
        if override.is_fallback and value_at(document.value, key) not in (None, ""):
            continue
        value = override.value
        for part in reversed(key.split(".")):
            value = {part: value}
        document = document.overlaid(value, {key: override.place})
    return document


def without_file(overrides: Mapping[str, Override], origin: str = "no file") -> Document:
    """The configuration of a service that is given flags and variables, and no file."""
    return overridden(Document("", {}, places={"": Place("", origin=origin)}), overrides)

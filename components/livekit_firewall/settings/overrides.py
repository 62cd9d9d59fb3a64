"""Values that flags and environment variables give to a running service besides its file.

Nothing is read from this machine's environment: it is not the server's. `given` and `compose` read the flags and
variables of the running services. They win over the file of livekit-server, and not over the files of the others.
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
        place: of the flag or variable; its path is the key of the service's own configuration.
        is_fallback: whether it applies only if the file does not set the key.
        rank: precedence: of two values for one key, the higher wins.
    """

    value: Any
    place: Place
    is_fallback: bool = False
    rank: int = 4


Overrides = Mapping[str, Mapping[str, Override]]
"""By service, then by dotted key of its own configuration."""


def overridden(document: Document, overrides: Mapping[str, Override]) -> Document:
    """The document with the overrides applied, each value with the place that it comes from."""
    for key, override in overrides.items():
        if override.is_fallback and value_at(document.value, key) not in (None, ""):
            continue
        value = override.value
        for part in reversed(key.split(".")):
            value = {part: value}
        document = document.overlaid(value, {key: override.place})
    return document


def without_file(overrides: Mapping[str, Override], origin: str = "no file") -> Document:
    """The configuration of a service that runs with flags and variables and without a file."""
    return overridden(Document("", {}, places={"": Place("", origin=origin)}), overrides)

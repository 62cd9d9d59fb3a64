"""A service as one compose file has it, before it is merged with what others have of it."""

from __future__ import annotations

from msgspec import Struct

from ...model.errors import Place
from .model import Service

TEXTS = ("image", "network_mode", "working_dir")


class Extends(Struct, frozen=True):
    """The service that a section extends; `file` is relative to the folder of the project, "" for the same file."""

    service: str
    file: str
    place: Place


class Part(Struct, frozen=True, kw_only=True):
    """A service as one file has it.

    Attributes:
        given: the attributes that the file sets.
        replaced: attributes, and variables as `environment.NAME`, whose values of other files are dropped; "" for
            the whole service.
        extends: the service that it extends; None without one.
    """

    service: Service
    given: frozenset[str] = frozenset()
    replaced: frozenset[str] = frozenset()
    extends: Extends | None = None

    @property
    def is_reset(self) -> bool:
        """Whether the file removes the service."""
        return "" in self.replaced and not self.given

"""The argument `stub`."""

from __future__ import annotations

from msgspec import Struct

from ...inputs.records import Text


class StubTarget(Struct, frozen=True, kw_only=True):
    zone: Text | None = None

    @property
    def names_load_balancer(self) -> bool:
        return False

    @property
    def names_same_group(self) -> bool:
        return False

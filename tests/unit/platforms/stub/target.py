"""The argument `stub`."""

from __future__ import annotations

from msgspec import Struct

from ...inputs.field_types import Text
from ...model.addresses import Identity


class StubTarget(Struct, frozen=True, kw_only=True):
    zone: Text | None = None

    @property
    def names(self) -> frozenset[Identity]:
        return frozenset()

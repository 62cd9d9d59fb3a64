"""The argument `host`."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Struct

from ...inputs.field_types import Text, expects
from ...model.addresses import Identity

Confirm = Annotated[Literal["manual", "automatic"], expects("manual or automatic", shown=True)]


Seconds = Annotated[int, expects("a number of seconds from 10 to 3600", shown=True, ge=10, le=3600)]


class HostTarget(Struct, frozen=True, kw_only=True):
    """The nftables of a Linux host: a file to load, and loaded on this machine if asked for.

    Attributes:
        as the keys of their names in `firewall_args.HostArgs`, which describes each.
    """

    path: Text | None = None
    apply: bool = False
    confirm: Confirm = "manual"
    confirm_timeout: Seconds = 60

    @property
    def names(self) -> frozenset[Identity]:
        """A host knows addresses only."""
        return frozenset()

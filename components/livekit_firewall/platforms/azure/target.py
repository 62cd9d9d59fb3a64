"""The argument `azure`."""

from __future__ import annotations

from msgspec import Struct

from ...inputs.records import Id, Tags, TextOrOutput
from ...model.addresses import Identity


class AzureTarget(Struct, frozen=True, kw_only=True):
    """A network security group; its user attaches it to a subnet or a network interface."""

    resource_group_name: Id | None = None
    location: TextOrOutput | None = None
    load_balancer_probes: bool = False
    tags: Tags = {}

    @property
    def names(self) -> frozenset[Identity]:
        """See `platform.Target`."""
        return frozenset()

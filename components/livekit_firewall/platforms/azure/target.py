"""The argument `azure`."""

from __future__ import annotations

from msgspec import Struct

from ...inputs.records import Id, Tags, TextOrOutput


class AzureTarget(Struct, frozen=True, kw_only=True):
    """A network security group; its user attaches it to a subnet or a network interface."""

    resource_group_name: Id | None = None
    location: TextOrOutput | None = None
    load_balancer_probes: bool = False
    tags: Tags = {}

    @property
    def names_load_balancer(self) -> bool:
        return False

    @property
    def names_same_group(self) -> bool:
        return False

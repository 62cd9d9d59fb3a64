"""The argument `azure`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import Struct

from ...inputs.records import Id, Tags, TextOrOutput, are_named_texts, expects
from ...model.addresses import Identity
from ..by_audience import Audiences, ByAudience

TagsByName = Annotated[
    Any,
    expects(
        "a mapping from names of your own to service tags, such as VirtualNetwork or AzureFrontDoor.Backend",
        shown=True,
        check=lambda value: isinstance(value, Mapping) and are_named_texts(value),
    ),
]


class TagsByAudience(Audiences, frozen=True, kw_only=True):
    """Service tags by audience and name: texts, as one of them is the internet."""

    clients: TagsByName | None = None
    load_balancer: TagsByName | None = None
    trunks: TagsByName | None = None
    operators: TagsByName | None = None
    cluster: TagsByName | None = None


class AzureTarget(Struct, frozen=True, kw_only=True):
    """A network security group; its user attaches it to a subnet or a network interface."""

    resource_group_name: Id | None = None
    location: TextOrOutput | None = None
    load_balancer_probes: bool = False
    tags: Tags = {}
    service_tags: TagsByAudience = TagsByAudience()
    application_security_groups: ByAudience = ByAudience()

    @property
    def names(self) -> frozenset[Identity]:
        """See `platform.Target`."""
        return self.service_tags.names | self.application_security_groups.names

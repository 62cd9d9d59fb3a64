"""The argument `azure`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from msgspec import Struct

from ...inputs.field_types import Id, Tags, TextOrOutput, are_named_texts, expects
from ...inputs.records import Refusal
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
    """A network security group: a new one in `resource_group_name`, or rules added to `network_security_group_id`. Its
    user attaches it to a subnet or a network interface.

    Attributes:
        as the keys of their names in `firewall_args.AzureArgs`, which describes each, and further:
        first_priority: of the rules in an existing group; see `existing.py`.
        deny_all: false leaves the last deny of everything out of an existing group.
        existing_rules: how many rules an existing group holds, for its limit.
        refused: keys that it cannot have; see `inputs.records.refused`.
    """

    # azure-native has no resource for the association alone: pulumi-azure-native#3051
    refused: ClassVar[Mapping[str, Refusal]] = {
        "subnet_id": Refusal(
            "cannot be had: azure-native sets a subnet's group only by writing the whole subnet, with its routes and "
            "delegations",
            "name the output azure_network_security_group_id as its group where the subnet is made; docs/azure.md says "
            "what to do where it is not in Pulumi",
        )
    }

    resource_group_name: Id | None = None
    network_security_group_id: Id | None = None
    first_priority: Annotated[int, expects("a priority from 100 to 4095", shown=True, ge=100, le=4095)] = 100
    deny_all: bool = True
    existing_rules: Annotated[int, expects("a number of rules, 0 or more", shown=True, ge=0, le=10**9)] = 0
    location: TextOrOutput | None = None
    load_balancer_probes: bool = False
    tags: Tags = {}
    service_tags: TagsByAudience = TagsByAudience()
    application_security_groups: ByAudience = ByAudience()

    @property
    def names(self) -> frozenset[Identity]:
        """See `platform.Target`."""
        return self.service_tags.names | self.application_security_groups.names

"""The argument `azure` as types."""

# no `from __future__ import annotations`: Pulumi's analyzer cannot read string annotations

from collections.abc import Mapping
from typing import TypedDict

import pulumi

from ..by_audience_args import ByAudienceArgs


class ServiceTagsArgs(TypedDict, total=False):
    """Service tags of Azure, under names of your own, for each audience; never the internet."""

    clients: Mapping[str, str] | None
    """Who may reach ICE, TURN, HTTPS and RTMP, in place of anybody."""
    load_balancer: Mapping[str, str] | None
    """Who may reach the API and TURN/TLS."""
    trunks: Mapping[str, str] | None
    """Who may reach SIP and its audio."""
    operators: Mapping[str, str] | None
    """Who may reach SSH, metrics and health."""
    cluster: Mapping[str, str] | None
    """All nodes of the cluster."""


class AzureArgs(TypedDict, total=False):
    """A network security group of Azure, to be attached to a subnet or a network interface."""

    resource_group_name: pulumi.Input[str] | None
    """The resource group of a new one."""
    network_security_group_id: pulumi.Input[str] | None
    """An existing group instead, to which rules are added; those of others stay, and hold for its machines too."""
    first_priority: int | None
    """Where the rules in an existing group begin, 100 by default; the others keep their distance to the first."""
    deny_all: bool | None
    """False leaves the last deny out of an existing group, whose machines the virtual network then reaches; true by
    default."""
    existing_rules: int | None
    """How many rules an existing group holds already, for the check of its limit."""
    location: pulumi.Input[str] | None
    """Another location than the resource group's."""
    load_balancer_probes: bool | None
    """Whether Azure's load balancer probes are let in."""
    service_tags: ServiceTagsArgs
    """Sources by service tag, such as VirtualNetwork or AzureFrontDoor.Backend."""
    application_security_groups: ByAudienceArgs
    """Sources by application security group, as `service_tags`: what its members send from private addresses."""
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None
    """Tags of the group."""

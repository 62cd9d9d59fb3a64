"""The argument `aws` as types."""

# no `from __future__ import annotations`: Pulumi's analyzer cannot read string annotations

from collections.abc import Mapping
from typing import TypedDict

import pulumi

from ...inputs.argument_types import SequenceNotStr
from ..by_audience_args import ByAudienceArgs


class PrefixListArgs(TypedDict):
    """A prefix list of EC2: your own, another account's, or one of AWS. Nothing here knows what it holds."""

    id: pulumi.Input[str]
    """Its id."""
    max_entries: int
    """The most entries that it may have, or the weight of a list of AWS: they count towards the quota of rules."""


ListsByName = Mapping[str, PrefixListArgs]
"""Prefix lists under names of your own, by which their rules are known."""


class PrefixListsArgs(TypedDict, total=False):
    """Prefix lists of EC2, beside `cidrs`, for each audience."""

    clients: ListsByName | None
    """Who may reach ICE, TURN, HTTPS and RTMP, in place of anybody."""
    load_balancer: ListsByName | None
    """Who may reach the API and TURN/TLS, such as CloudFront by its own list."""
    trunks: ListsByName | None
    """Who may reach SIP and its audio."""
    operators: ListsByName | None
    """Who may reach SSH, metrics and health."""
    cluster: ListsByName | None
    """All nodes of the cluster."""


class AwsArgs(TypedDict, total=False):
    """An EC2 security group."""

    vpc_id: pulumi.Input[str] | None
    """The VPC of a new group."""
    security_group_id: pulumi.Input[str] | None
    """An existing group instead, to which rules are added."""
    load_balancer_security_group_ids: SequenceNotStr[str] | Mapping[str, pulumi.Input[str]] | None
    """Groups of the load balancer by names of your own: the only ones that reach the API and TURN/TLS."""
    security_groups: ByAudienceArgs
    """Groups of each audience: the private addresses of whoever has them."""
    prefix_lists: PrefixListsArgs
    """Prefix lists of each audience."""
    egress: bool | None
    """Whether an existing group gets an egress rule to anywhere; a new one always does."""
    baseline: bool | None
    """False leaves ICMP and egress of an existing group to another component, or to whoever else writes them there."""
    exclusive: bool | None
    """Whether every rule of the group that is not of this component is removed, see docs/drift.md."""
    existing_rules: int | None
    """How many rules an existing group holds already, for the quota check."""
    rules_quota: int | None
    """The account's quota of rules in one group, for each direction and family; AWS raises it on request."""
    groups: int | None
    """Over how many new groups the rules are spread, all of which the node needs; above 5, AWS raises the quota."""
    merge_rules: bool | None
    """Whether rules of one source become one where their ports touch: fewer rules, exactly the same packets."""
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None
    """Tags of the group."""
    rule_tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None
    """Tags of each rule; a change of them is an update in place, which cuts no call."""
    region: pulumi.Input[str] | None
    """Another region than the provider's."""

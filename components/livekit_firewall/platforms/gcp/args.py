"""The argument `gcp` as types."""

# no `from __future__ import annotations`: Pulumi's analyzer cannot read string annotations

from typing import Literal, TypedDict

import pulumi

from ...inputs.argument_types import SequenceNotStr
from ..by_audience_args import ByAudienceArgs


class GcpLogConfigArgs(TypedDict, total=False):
    """Firewall Rules Logging: what is let in, of TCP and UDP."""

    metadata: Literal["INCLUDE_ALL_METADATA", "EXCLUDE_ALL_METADATA"] | None
    """INCLUDE_ALL_METADATA by default; without, entries are smaller and cost less."""


class GcpArgs(TypedDict, total=False):
    """VPC firewall rules of Google Cloud."""

    network: pulumi.Input[str] | None
    """The network."""
    project: pulumi.Input[str] | None
    """Another project than the provider's."""
    target_tags: SequenceNotStr[pulumi.Input[str]] | None
    """The instances, by network tag."""
    target_service_accounts: SequenceNotStr[pulumi.Input[str]] | None
    """The instances, by service account."""
    all_instances: bool | None
    """Every instance of the network; must be said."""
    priority: int | None
    """Of every rule, 1000 by default: denies of the same or a lower number win over them, others lose."""
    log_config: GcpLogConfigArgs
    """Whether connections are logged; an empty mapping takes its defaults."""
    google_load_balancer: bool | None
    """Google's global load balancers, and health checks, reach the API and TURN/TLS, by Google's published ranges."""
    source_tags: ByAudienceArgs
    """Instances that may reach the node, by network tag: what they send from private addresses."""
    source_service_accounts: ByAudienceArgs
    """As `source_tags`, by service account; a rule has tags or accounts, of sources and targets alike."""
    existing_rules: int | None
    """How many firewall rules the project holds already, for the quota check."""
    rules_quota: int | None
    """The project's quota of firewall rules, which Google raises on request; not checked without it."""

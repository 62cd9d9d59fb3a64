"""The argument `digitalocean` as a type."""

# no `from __future__ import annotations`: Pulumi's analyzer cannot read string annotations

from typing import TypedDict

import pulumi

from ...inputs.argument_types import SequenceNotStr
from ..by_audience_args import ByAudienceArgs


class DigitalOceanArgs(TypedDict, total=False):
    """A cloud firewall of DigitalOcean."""

    droplet_ids: SequenceNotStr[pulumi.Input[int] | pulumi.Input[str]] | None
    """The Droplets by id, at most 10."""
    tags: SequenceNotStr[pulumi.Input[str]] | None
    """The Droplets by tag, at most 5; the tags must exist."""
    load_balancer_uids: SequenceNotStr[pulumi.Input[str]] | None
    """The load balancers that reach the API and TURN/TLS."""
    source_tags: ByAudienceArgs
    """Droplets that may reach the node, by tag, as `gcp.source_tags`; the tags must exist."""

"""What the arguments of several platforms have for each audience, as types."""

# no `from __future__ import annotations`: Pulumi's analyzer cannot read string annotations

from collections.abc import Mapping
from typing import TypedDict

import pulumi

IdsByName = Mapping[str, pulumi.Input[str]]
"""Ids under names of your own, by which their rules are known."""


class ByAudienceArgs(TypedDict, total=False):
    """Sources that a platform knows by its own means, beside `cidrs`, for each audience."""

    clients: IdsByName | None
    """Who may reach ICE, TURN, HTTPS and RTMP, in place of anybody."""
    load_balancer: IdsByName | None
    """Who may reach the API and TURN/TLS."""
    trunks: IdsByName | None
    """Who may reach SIP and its audio."""
    operators: IdsByName | None
    """Who may reach SSH, metrics and health."""
    cluster: IdsByName | None
    """All nodes of the cluster."""

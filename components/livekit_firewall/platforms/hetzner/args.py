"""The argument `hetzner` as a type."""

# no `from __future__ import annotations`: Pulumi's analyzer cannot read string annotations

from collections.abc import Mapping
from typing import TypedDict

import pulumi

from ...inputs.argument_types import SequenceNotStr


class HetznerArgs(TypedDict, total=False):
    """A firewall of Hetzner Cloud, which filters the public interface of servers and no private network."""

    server_ids: SequenceNotStr[pulumi.Input[int] | pulumi.Input[str]] | None
    """The servers by id."""
    label_selectors: SequenceNotStr[pulumi.Input[str]] | None
    """The servers by label, such as app=livekit; one that selects none protects none."""
    private_load_balancer: bool | None
    """Whether the load balancer reaches the API and TURN/TLS by the private network, which needs no rule."""
    labels: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None
    """Labels of the firewall; those that are taken out of the program stay."""

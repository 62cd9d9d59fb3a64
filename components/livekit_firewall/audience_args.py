"""The arguments that say who may reach the node, as types."""

# no `from __future__ import annotations`: Pulumi's analyzer cannot read string annotations

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network
from typing import Literal, TypedDict

import pulumi

from .inputs.argument_types import SequenceNotStr

Block = IPv4Network | IPv6Network | str
"""A block of addresses, such as 203.0.113.0/24."""

Blocks = SequenceNotStr[Block] | Mapping[str, pulumi.Input[Block]]
"""Blocks in a list, or by names of your own: one that is an output of another resource needs a name."""


class ClientsArgs(TypedDict, total=False):
    """Who may reach ICE, TURN, HTTPS and RTMP; anywhere by default."""

    cidrs: Blocks | None
    """Their blocks."""


class LoadBalancerArgs(TypedDict, total=False):
    """Who may reach the API and TURN/TLS in place of the clients."""

    cidrs: Blocks | None
    """Its blocks; a target can name its identity instead."""
    passthrough: bool | None
    """It keeps client addresses, so TURN/TLS opens to the clients, and where `clients` is not the whole internet also
    to cidrs, for health checks; the API stays with cidrs."""


class TrunkArgs(TypedDict, total=False):
    """A SIP carrier."""

    name: str | None
    """For people."""
    signaling: Blocks
    """The blocks that it signals from."""
    media: Blocks
    """The blocks that its audio comes from, often others."""


class OperatorsArgs(TypedDict, total=False):
    """Who may reach SSH, metrics and health; nobody by default."""

    cidrs: Blocks | None
    """Their blocks."""
    ssh_port: int | None
    """22 by default."""


class ClusterArgs(TypedDict, total=False):
    """All nodes of the cluster, this one included, by public address."""

    cidrs: Blocks | None
    """Their blocks."""
    same_group: bool | None
    """Members of this firewall's own group or tags, where the platform can name them."""
    services: SequenceNotStr[Literal["redis", "nats", "mariadb"]] | None
    """Which of redis, nats and mariadb on this node the cluster may use."""


class ExtraRuleArgs(TypedDict, total=False):
    """What else runs on the node, such as an exporter of metrics; never a port of LiveKit's own."""

    name: str
    """Of your own, once in a deployment; required."""
    protocol: Literal["tcp", "udp"]
    """tcp or udp; required."""
    ports: SequenceNotStr[int | str] | int | str
    """A port, a range such as "9100-9110", or a list of these; required."""
    cidrs: Blocks
    """Who may reach it; required."""
    reason: str | None
    """Why, for people, in one line of up to 200 characters."""

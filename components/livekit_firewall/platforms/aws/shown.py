"""A rule of AWS as people see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...effective.native_rule import _TRANSPORT, NativeRule, Source, _block, _flow, _identity, _text
from ...model.addresses import Identity
from .native import SELF


def aws_rule(fields: Mapping[str, Any], name: str = "") -> NativeRule:
    """A `vpc.SecurityGroupIngressRule` or its egress twin."""
    protocol, first, last = (_text(fields.get(key)) for key in ("ipProtocol", "fromPort", "toPort"))
    ports = f"{first}-{last}" if protocol in _TRANSPORT else f"{first}/{last}"
    peers = [_block(fields[key]) for key in ("cidrIpv4", "cidrIpv6") if fields.get(key)]
    group = fields.get("referencedSecurityGroupId")
    if group is not None:
        own = group == SELF or group == fields.get("securityGroupId")
        peers.append(_identity(Identity.SAME_GROUP if own else Identity.LOAD_BALANCER, group))
    if fields.get("prefixListId"):
        peers.append(Source(_text(fields["prefixListId"])))
    return NativeRule(name, (_flow(protocol, ports if first else ""),), tuple(peers), _text(fields.get("description")))

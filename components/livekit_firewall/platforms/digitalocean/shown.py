"""A rule of DigitalOcean as people see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...effective.native_rule import NativeRule, _block, _flow, _identity, _list, _text
from ...model.addresses import Identity


def digitalocean_rule(fields: Mapping[str, Any]) -> NativeRule:
    """An entry of `inboundRules`, which has no name: `inbound udp 50000-60000` is what it is called here."""
    protocol, ports = _text(fields.get("protocol")), _text(fields.get("portRange"))
    sources = [_block(one) for one in _list(fields.get("sourceAddresses"))]
    for key, identity in (
        ("sourceDropletIds", Identity.SAME_GROUP),
        ("sourceTags", Identity.SAME_GROUP),
        ("sourceLoadBalancerUids", Identity.LOAD_BALANCER),
    ):
        sources += [_identity(identity, one) for one in _list(fields.get(key))]
    return NativeRule(f"inbound {protocol} {ports}".strip(), (_flow(protocol, ports),), tuple(sources))

"""A rule of Google Cloud as people see it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...effective.native_rule import NativeRule, _block, _flow, _identity, _list, _objects, _text
from ...model.addresses import Identity
from .render import GOOGLE_LOAD_BALANCERS


def gcp_rule(fields: Mapping[str, Any], name: str = "") -> NativeRule:
    """A `compute.Firewall`."""
    flows = [
        _flow(_text(one.get("protocol")), _text(ports))
        for one in _objects(fields.get("allows"))
        for ports in _list(one.get("ports")) or [""]
    ]
    sources = [_block(one) for one in _list(fields.get("sourceRanges"))]
    if sources and {one.shown for one in sources} <= _GOOGLE:
        sources = [_identity(Identity.LOAD_BALANCER, one.shown) for one in sources]
    for key in ("sourceTags", "sourceServiceAccounts"):
        sources += [_identity(Identity.SAME_GROUP, one) for one in _list(fields.get(key))]
    return NativeRule(name, tuple(flows), tuple(sources), _text(fields.get("description")))


_GOOGLE = frozenset(block for blocks in GOOGLE_LOAD_BALANCERS.values() for block in blocks)

"""A rule of Azure as people see it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...effective.native_rule import NativeRule, _block, _flow, _list, _text
from ...model.services import Service


def azure_rule(fields: Mapping[str, Any]) -> NativeRule:
    """An entry of `securityRules`."""
    name, protocol = _text(fields.get("name")), _text(fields.get("protocol"))
    ports = _either(fields, "destinationPortRange")
    sources = tuple(_block(one) for one in _either(fields, "sourceAddressPrefix"))
    service = next((service for service in Service if re.match(_azure_name(service), name)), None)
    denied = "" if fields.get("access") == "Allow" else "deny "
    flows = tuple(_flow(protocol, _text(one), denied) for one in ports)
    return NativeRule(name, flows, sources, _text(fields.get("description")), service)


def _azure_name(service: Service) -> str:
    """What a service's rules are called: `ice-udp-ipv4`, `sip-tcp-ipv6-5060`."""
    own = re.search("-(tcp|udp)$", str(service))
    return f"{service}{'' if own else '-(tcp|udp)'}-ipv[46](-|$)"


def _either(fields: Mapping[str, Any], singular: str) -> list[Any]:
    plural = f"{singular}s" if singular.endswith("Range") else f"{singular}es"
    return [fields[singular]] if fields.get(singular) else _list(fields.get(plural))

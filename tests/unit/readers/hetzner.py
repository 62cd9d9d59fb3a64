"""What a firewall of Hetzner Cloud does with a packet, read from the body of `POST /v1/firewalls`.

Written from Hetzner's API reference (Firewalls, Labels) and its pages (Firewalls: overview, FAQ), and not from the back
end: it shares no code with it.

Packets of the public interface that no rule allows are denied; sources of a rule, and rules, add up. Without an
outbound rule everything goes out. Packets of a private network are not looked at.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

import jsonschema

from livekit_firewall.model.addresses import Cidr, Direction, Identity, NamedBlock, Packet

from .area import ADDRESSES, Area, ports_of

RULE: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["direction", "protocol", "source_ips"],
    "properties": {
        "direction": {"const": "in"},
        "protocol": {"enum": ["tcp", "udp", "icmp"]},
        "port": {"type": "string", "pattern": "^[0-9]{1,5}(-[0-9]{1,5})?$"},
        "source_ips": {"type": "array", "minItems": 1, "maxItems": 100, "uniqueItems": True},
        "description": {"type": "string", "maxLength": 255},
    },
    "if": {"properties": {"protocol": {"const": "icmp"}}},
    "then": {"not": {"required": ["port"]}},
    "else": {"required": ["port"]},
}
APPLIED: dict[str, Any] = {
    "oneOf": [
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["type", "server"],
            "properties": {
                "type": {"const": "server"},
                "server": {"type": "object", "properties": {"id": {"type": ["integer", "string"]}}, "required": ["id"]},
            },
        },
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["type", "label_selector"],
            "properties": {
                "type": {"const": "label_selector"},
                "label_selector": {
                    "type": "object",
                    "properties": {"selector": {"type": "string", "minLength": 1}},
                    "required": ["selector"],
                },
            },
        },
    ]
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["rules", "apply_to"],
    "properties": {
        # without any, the provider would not take the last one away
        "rules": {"type": "array", "minItems": 1, "maxItems": 50, "items": RULE, "uniqueItems": True},
        "apply_to": {"type": "array", "minItems": 1, "items": APPLIED, "uniqueItems": True},
    },
}
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def check(native: Any) -> None:
    """Fail where the API would refuse, or the provider would lose a rule."""
    body = native.as_json()
    VALIDATOR.validate(body)
    assert sum(len(rule["source_ips"]) for rule in body["rules"]) <= 500
    for rule in body["rules"]:
        first, last = _ends(rule.get("port", "1"))
        assert 1 <= first <= last <= 65535
        for block in rule["source_ips"]:
            assert _is_named(block) or str(ipaddress.ip_network(block)) == block


def admits_native(native: Any, packet: Packet) -> bool:
    """Whether the public interface lets the flow in. Who is known by an identity alone does not come by it. A block
    that is not known is the text `cidrs.NAME`.
    """
    assert packet.direction is Direction.INGRESS
    return any(_matches(rule, packet) for rule in native.as_json()["rules"])


def area(token: str, inputs: Mapping[str, Any]) -> Area:
    """What the firewall lets in to the servers that it is for, and out of them."""
    if token != "hcloud:index/firewall:Firewall":
        return Area()
    found = []
    given = inputs["rules"]
    for member in (str(one.get("server") or one["labelSelector"]) for one in inputs.get("applyTos") or ()):
        if all(rule["direction"] == "in" for rule in given):
            found.append(Area.portless(member, "out everything"))
        for rule in given:
            blocks = rule["sourceIps"] if rule["direction"] == "in" else rule["destinationIps"]
            if rule["direction"] != "in" or rule["protocol"] not in ("tcp", "udp"):
                what = f"{rule['direction']} {rule['protocol']} {rule.get('port') or ''}"
                found += [Area.portless(member, f"{what} {block}") for block in blocks]
                continue
            text = "1-65535" if rule["port"] == "any" else rule["port"]
            found.append(Area.of(member, ADDRESSES, ports_of(rule["protocol"], text), map(Cidr.parse, blocks)))
    return Area.union(found)


def _matches(rule: Mapping[str, Any], packet: Packet) -> bool:
    if rule["protocol"] != packet.protocol.value:
        return False
    first, last = _ends(rule["port"])
    if not first <= packet.port <= last:
        return False
    if isinstance(packet.source, NamedBlock):
        return str(packet.source) in rule["source_ips"]
    if isinstance(packet.source, Identity):
        return False
    blocks = [block for block in rule["source_ips"] if not _is_named(block)]
    return any(packet.source in ipaddress.ip_network(block) for block in blocks)


def _is_named(block: str) -> bool:
    return block.startswith("cidrs.")


def _ends(ports: str) -> tuple[int, int]:
    first, _, last = ports.partition("-")
    return int(first), int(last or first)

"""What Google's VPC firewall does with a packet, read from the bodies of `firewalls.insert`.

Written from Google's pages (VPC firewall rules; load-balancing/docs/firewall-rules) and the constraints of
the provider and of `compute.v1.json`, and not from the back end: it shares no code with it.

The implied rule denies ingress at priority 65535; one matching allow rule lets a flow in. Sources are a union.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

import jsonschema

from livekit_firewall.model.addresses import Cidr, Direction, Identity, NamedBlock, Packet
from livekit_firewall.model.packets import EVERYBODY

from .area import ADDRESSES, Area, ports_of

NAME = "^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$"
PORTS = "^[0-9]{1,5}(-[0-9]{1,5})?$"
GOOGLES = {
    frozenset({"35.191.0.0/16", "130.211.0.0/22"}),
    frozenset({"2600:2d00:1:b029::/64", "2600:2d00:1:1::/64"}),
}

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "network", "direction", "priority", "allowed"],
    "properties": {
        "name": {"type": "string", "pattern": NAME},
        "network": {"type": "string", "minLength": 1},
        "description": {"type": "string", "maxLength": 2048},
        "direction": {"const": "INGRESS"},
        "priority": {"type": "integer", "minimum": 0, "maximum": 65534},
        "allowed": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["IPProtocol"],
                "properties": {
                    "IPProtocol": {"enum": ["tcp", "udp", "icmp", "58"]},
                    "ports": {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": PORTS}},
                },
                # Without ports a rule is for all of them: for TCP and UDP that is never meant.
                "if": {"properties": {"IPProtocol": {"enum": ["tcp", "udp"]}}},
                "then": {"required": ["ports"]},
                "else": {"not": {"required": ["ports"]}},
            },
        },
        "sourceRanges": {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "string"}},
        "sourceTags": {"$ref": "#/$defs/tags"},
        "targetTags": {"$ref": "#/$defs/tags"},
        "sourceServiceAccounts": {"$ref": "#/$defs/accounts"},
        "targetServiceAccounts": {"$ref": "#/$defs/accounts"},
    },
    # A union of ranges and tags is lawful, and never meant here; no source would be 0.0.0.0/0.
    "oneOf": [
        {"required": ["sourceRanges"]},
        {"required": ["sourceTags"]},
        {"required": ["sourceServiceAccounts"]},
    ],
    "allOf": [
        {"not": {"required": ["targetTags", "targetServiceAccounts"]}},
        {"not": {"required": ["sourceServiceAccounts", "targetTags"]}},
        {"not": {"required": ["sourceTags", "targetServiceAccounts"]}},
    ],
    "$defs": {
        "tags": {
            "type": "array",
            "minItems": 1,
            "uniqueItems": True,
            "items": {"type": "string", "pattern": f"{NAME}|^TARGET$"},
        },
        "accounts": {"type": "array", "minItems": 1, "maxItems": 10, "items": {"type": "string"}},
    },
}
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def check(native: Any) -> None:
    """Fail where the API, or the provider's plan, would refuse, and where families are mixed."""
    bodies = native.as_json()
    for body in bodies:
        VALIDATOR.validate(body)
        ranges = body.get("sourceRanges", [])
        assert len(ranges) == 1 or not any(map(_is_named, ranges)), "a block of a family that is not known is alone"
        networks = [ipaddress.ip_network(block) for block in ranges if not _is_named(block)]
        assert len({network.version for network in networks}) <= 1, f"{body['name']} mixes families"
        assert [str(network) for network in networks] == [one for one in ranges if not _is_named(one)], "not canonical"
        for allowed in body["allowed"]:
            for first, last in map(_ends, allowed.get("ports", [])):
                assert 1 <= first <= last <= 65535
    names = [body["name"] for body in bodies]
    assert len(set(names)) == len(names), "names are unique per project"


def admits_native(native: Any, packet: Packet) -> bool:
    """Whether the rules let the flow in. `LOAD_BALANCER` is whoever a rule of exactly Google's ranges names,
    `SAME_GROUP` an instance with the target's own tags or service accounts; another audience, and the load balancer
    too, is an instance whose tag or account begins with its name. A block that is not known is the text `cidrs.NAME`.
    """
    assert packet.direction is Direction.INGRESS
    return any(
        reaches(body, packet.protocol.value, packet.port) and comes_from(body, packet.source)
        for body in native.as_json()
    )


def area(token: str, inputs: Mapping[str, Any]) -> Area:
    """What a rule lets in to the instances that it is for. They have other rules too, which add up."""
    assert inputs.get("direction", "INGRESS") == "INGRESS", inputs
    assert not inputs.get("denies"), inputs
    targets = [*(inputs.get("targetTags") or ()), *(inputs.get("targetServiceAccounts") or ())] or ["every instance"]
    names = [*(inputs.get("sourceTags") or ()), *(inputs.get("sourceServiceAccounts") or ())]
    ranges = inputs.get("sourceRanges") or []
    found = []
    for member in (f"{inputs['network'].rsplit('/', 1)[-1]} {target}" for target in targets):
        for one in inputs["allows"]:
            if one["protocol"] not in ("tcp", "udp"):
                found += [Area.portless(member, f"{one['protocol']} {sender}") for sender in (*ranges, *names)]
                continue
            ports = [ports for text in one["ports"] for ports in ports_of(one["protocol"], text)]
            found.append(Area.of(member, ADDRESSES, ports, map(Cidr.parse, ranges)))
            found += [Area.of(member, name, ports, EVERYBODY) for name in names]
    return Area.union(found)


def reaches(body: Mapping[str, Any], protocol: str, port: int) -> bool:
    """Whether one rule is for that port."""
    return any(
        allowed["IPProtocol"] == protocol
        and any(first <= port <= last for first, last in map(_ends, allowed.get("ports", [])))
        for allowed in body["allowed"]
    )


def comes_from(body: Mapping[str, Any], source: object) -> bool:
    """Whether one rule is for that source: an address, or an identity as in `admits_native`."""
    ranges = body.get("sourceRanges", [])
    if isinstance(source, NamedBlock):
        return str(source) in ranges
    members = [*body.get("sourceTags", []), *body.get("sourceServiceAccounts", [])]
    if isinstance(source, Identity) and any(member.startswith(f"{source}-") for member in members):
        return True
    if source is Identity.LOAD_BALANCER:
        return frozenset(ranges) in GOOGLES
    if source is Identity.SAME_GROUP:
        return any(
            set(body.get(f"source{kind}", [])) & set(body.get(f"target{kind}", []))
            for kind in ("Tags", "ServiceAccounts")
        )
    if isinstance(source, Identity):
        return False
    # Tags and service accounts never match an external address.
    return any(source in ipaddress.ip_network(block) for block in ranges if not _is_named(block))


def _is_named(block: str) -> bool:
    return block.startswith("cidrs.")


def _ends(ports: str) -> tuple[int, int]:
    first, _, last = ports.partition("-")
    return int(first), int(last or first)


def patched(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What Google has of a rule once the provider has updated it in place (`diffSuppressSourceRanges`): one block in
    place of 0.0.0.0/0 is added to it, and blocks stay where a rule names tags or accounts in their place."""
    old, new = before.get("sourceRanges", []), after.get("sourceRanges", [])
    kept = old if not new or (old == ["0.0.0.0/0"] and len(new) == 1) else []
    both = sorted({*kept, *new})
    return {**after, **({"sourceRanges": both} if both else {})}

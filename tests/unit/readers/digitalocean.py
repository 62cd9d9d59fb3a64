"""What a DigitalOcean cloud firewall does with a packet, read from the body of `POST /v2/firewalls`.

Written from DigitalOcean's pages (Firewalls: reference, limits) and its OpenAPI description
(`firewalls_create.yml`, `firewall_rule`), and not from the back end: it shares no code with it.

Everything is denied that no entry allows; sources of an entry, and entries, add up.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

import jsonschema

from livekit_firewall.model.addresses import Cidr, Direction, Identity, NamedBlock, Packet
from livekit_firewall.model.packets import EVERYBODY

from .area import ADDRESSES, Area, ports_of

PORTS = "^[0-9]{1,5}(-[0-9]{1,5})?$"
SOURCE_TAGS = {
    "type": "array",
    "minItems": 1,
    "maxItems": 1000,
    "uniqueItems": True,
    "items": {"pattern": "^[a-zA-Z0-9:_-]{1,255}$"},
}
TAGS = {**SOURCE_TAGS, "maxItems": 5}


def _entry(peers: str) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["protocol", peers],
        "properties": {
            "protocol": {"enum": ["tcp", "udp", "icmp"]},
            "ports": {"type": "string", "pattern": PORTS},
            peers: {
                "type": "object",
                "additionalProperties": False,
                "minProperties": 1,
                "properties": {
                    "addresses": {"type": "array", "minItems": 1, "maxItems": 1000, "uniqueItems": True},
                    "droplet_ids": {"type": "array", "minItems": 1, "items": {"type": ["integer", "string"]}},
                    "tags": SOURCE_TAGS,
                    "load_balancer_uids": {"type": "array", "minItems": 1, "items": {"type": "string"}},
                },
            },
        },
        "if": {"properties": {"protocol": {"const": "icmp"}}},
        "then": {"not": {"required": ["ports"]}},
        "else": {"required": ["ports"]},
    }


SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["inbound_rules", "outbound_rules"],
    "properties": {
        "inbound_rules": {"type": "array", "items": _entry("sources")},
        "outbound_rules": {"type": "array", "minItems": 1, "items": _entry("destinations")},
        "droplet_ids": {"type": "array", "minItems": 1, "maxItems": 10, "items": {"type": ["integer", "string"]}},
        "tags": TAGS,
    },
    "anyOf": [{"required": ["droplet_ids"]}, {"required": ["tags"]}],
}
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def check(native: Any) -> None:
    """Fail where the API would refuse."""
    body = native.as_json()
    VALIDATOR.validate(body)
    assert len(body["inbound_rules"]) + len(body["outbound_rules"]) <= 50
    for side in ("inbound_rules", "outbound_rules"):
        subjects = [(entry["protocol"], entry.get("ports")) for entry in body[side]]
        assert len(set(subjects)) == len(subjects), "duplicate rules make the API refuse the whole request"
        for entry in body[side]:
            first, last = _ends(entry.get("ports", "1"))
            assert 1 <= first <= last <= 65535
            for block in entry.get("sources", entry.get("destinations")).get("addresses", []):
                assert _is_named(block) or str(ipaddress.ip_network(block)) == block


def admits_native(native: Any, packet: Packet) -> bool:
    """Whether the firewall lets the flow in. `SAME_GROUP` is a Droplet that the firewall itself is for; another
    audience, and the load balancer too, is a Droplet whose tag begins with its name. A block that is not known is the
    text `cidrs.NAME`.
    """
    assert packet.direction is Direction.INGRESS
    body = native.as_json()
    return any(_matches(entry, body, packet) for entry in body["inbound_rules"])


def area(token: str, inputs: Mapping[str, Any]) -> Area:
    """What the firewall lets in to the Droplets that it is for, and out of them."""
    found = []
    for member in map(str, [*(inputs.get("tags") or ()), *(inputs.get("dropletIds") or ())]):
        for entry in inputs["outboundRules"]:
            what = f"out {entry['protocol']} {entry.get('portRange') or ''}"
            found += [Area.portless(member, f"{what} {block}") for block in entry["destinationAddresses"]]
        for entry in inputs["inboundRules"]:
            blocks = entry.get("sourceAddresses") or []
            kinds = ("sourceTags", "sourceDropletIds", "sourceLoadBalancerUids")
            names = [f"{kind} {name}" for kind in kinds for name in entry.get(kind) or ()]
            if entry["protocol"] not in ("tcp", "udp"):
                found += [Area.portless(member, f"{entry['protocol']} {sender}") for sender in (*blocks, *names)]
                continue
            ports = ports_of(entry["protocol"], entry["portRange"])
            found.append(Area.of(member, ADDRESSES, ports, map(Cidr.parse, blocks)))
            found += [Area.of(member, name, ports, EVERYBODY) for name in names]
    return Area.union(found)


def _matches(entry: Mapping[str, Any], body: Mapping[str, Any], packet: Packet) -> bool:
    if entry["protocol"] != packet.protocol.value:
        return False
    first, last = _ends(entry["ports"])
    sources = entry["sources"]
    if not first <= packet.port <= last:
        return False
    if isinstance(packet.source, NamedBlock):
        return str(packet.source) in sources.get("addresses", [])
    by_tag = any(str(tag).startswith(f"{packet.source}-") for tag in sources.get("tags", []))
    if packet.source is Identity.LOAD_BALANCER:
        return by_tag or bool(sources.get("load_balancer_uids"))
    if packet.source is Identity.SAME_GROUP:
        return any(set(sources.get(kind, [])) >= set(body[kind]) for kind in ("tags", "droplet_ids") if kind in body)
    if isinstance(packet.source, Identity):
        return by_tag
    blocks = [block for block in sources.get("addresses", []) if not _is_named(block)]
    return any(packet.source in ipaddress.ip_network(block) for block in blocks)


def _is_named(block: str) -> bool:
    return block.startswith("cidrs.")


def _ends(ports: str) -> tuple[int, int]:
    first, _, last = ports.partition("-")
    return int(first), int(last or first)

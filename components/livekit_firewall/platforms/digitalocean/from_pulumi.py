"""DigitalOcean's cloud firewalls as resources of Pulumi -> what they admit, for each Droplet or tag.

Reads `Firewall` (schema of pulumi-digitalocean 4). A Droplet adds up all firewalls that it or one of its
tags is attached to, so there is one admission for each of them; one for a firewall that nothing is attached to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from ...effective.resources import Resource, ResourceNames, _resource, camel, is_hidden, listed
from ...effective.snapshot import EVERYTHING, Size, Snapshot, SnapshotRule, admission, said_of, told, unclear
from ...effective.syntax import block_of
from ...model.addresses import Direction
from .from_cli import Inbound, ports_in
from .native import Native
from .record import DIGITALOCEAN
from .render import LIMITS

(FIREWALL,) = DIGITALOCEAN.made
TYPES = frozenset({FIREWALL})
LISTS = {Direction.INGRESS: "inboundRules", Direction.EGRESS: "outboundRules"}
MEMBERS = (("tags", "tag", ()), ("dropletIds", "Droplet", ("digitalocean:index/droplet:Droplet",)))
BALANCERS = ("digitalocean:index/loadBalancer:LoadBalancer",)
PEERS = (
    ("DropletIds", "Droplet", MEMBERS[1][2]),
    ("Tags", "tag", ()),
    ("LoadBalancerUids", "load balancer", BALANCERS),
    ("KubernetesIds", "kubernetes", ()),
)
LIMIT = LIMITS["rules per firewall, in and out"]


def admissions(resources: Sequence[Resource], names: ResourceNames) -> Iterator[Snapshot]:
    """One for each Droplet and tag that a firewall is attached to."""
    attached: dict[str, list[SnapshotRule]] = {}
    sizes: dict[str, list[Size]] = {}
    for one in resources:
        entries = [entry for way in Direction for entry in _entries(one, way, names)]
        size = Size("rules in one firewall", sum(len(listed(one.inputs.get(field))) for field in LISTS.values()), LIMIT)
        for member in list(_members(one, names)) or [one.urn]:
            names.shown.setdefault(member, one.name)
            attached.setdefault(member, []).extend(entries)
            sizes.setdefault(member, []).append(size)
    own = {one.urn for one in resources}
    untold = {
        member
        for one in resources
        if any(is_hidden(one.inputs.get(field)) for field in LISTS.values())
        for member in (*_members(one, names), one.urn)
    }
    for member, entries in attached.items():
        entries.sort(key=lambda entry: entry.said.allows)  # a deny wins
        key, shown = f"digitalocean {member}", names.shown[member]
        found = admission(key, shown, "digitalocean", entries, tuple(sizes[member]))
        found = replace(found, is_kept_back=member in untold)
        droplet = member.removeprefix(f"{MEMBERS[1][1]} ")
        is_deleted = droplet.startswith("urn:") and not names.stays(droplet)
        yield found if member in own or is_deleted else replace(found, gone=UNPROTECTED)


UNPROTECTED = dict.fromkeys(Direction, EVERYTHING)
"""What reaches a machine that no firewall is attached to."""


def _members(one: Resource, names: ResourceNames) -> Iterator[str]:
    for field, word, kinds in MEMBERS:
        for value in listed(one.inputs.get(field)):
            yield names.of(one, field, _whole(value), kinds, word, is_part=True)


def _entries(one: Resource, way: Direction, names: ResourceNames) -> Iterator[SnapshotRule]:
    given = one.inputs.get(LISTS[way])
    if is_hidden(given):
        yield SnapshotRule(unclear(one, f"its {LISTS[way]} are not told before the update"), way)
        return
    for rule in listed(given):
        yield from told(one, _entry(one, way, rule, names), way)


def _entry(one: Resource, way: Direction, rule: Any, names: ResourceNames) -> Iterator[SnapshotRule]:
    if not isinstance(rule, Mapping) or is_hidden(rule.get("protocol")) or is_hidden(rule.get("portRange")):
        yield SnapshotRule(unclear(one, "admits ports that are not told before the update"), way)
        return
    protocol, ports = str(rule.get("protocol")), rule.get("portRange")
    found = ports_in(Inbound(protocol, str(_whole(ports)) if ports is not None else None), one.name)
    if found is None:
        yield SnapshotRule(unclear(one, f"the protocol {protocol} is not known"), way)
        return
    side = "source" if way is Direction.INGRESS else "destination"
    blocks, named = [], []
    for value in listed(rule.get(f"{side}Addresses")):
        if isinstance(value, str) and not is_hidden(value):
            blocks.append(value)
        else:
            named.append(names.of(one, LISTS[way], value))
    for suffix, word, kinds in PEERS:
        named += [
            names.of(one, LISTS[way], _whole(value), kinds, word) for value in listed(rule.get(f"{side}{suffix}"))
        ]
    allows = rule.get("action") != "deny"
    said = said_of(one.name, allows, found, [block_of(text, one.name) for text in blocks], named)
    others = tuple((protocol, who) for who in (*blocks, *named) if protocol not in ("tcp", "udp"))
    yield SnapshotRule(said, way, found, "", others)


def _whole(value: Any) -> Any:
    """Ids come as numbers, from other languages' programs as floats."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def made(native: Native) -> Iterator[Resource]:
    """The resources that the component makes of them, under names that are equal from one rendering to the next."""
    sources = ("source_addresses", "source_droplet_ids", "source_tags", "source_load_balancer_uids")
    inbound = [
        {
            "protocol": one.protocol,
            "portRange": one.port_range,
            **{camel(key): list(getattr(one, key)) for key in sources},
        }
        for one in native.inbound
    ]
    outbound = [
        {
            "protocol": one.protocol,
            "portRange": one.port_range,
            "destinationAddresses": list(one.destination_addresses),
        }
        for one in native.outbound
    ]
    inputs = {
        "inboundRules": inbound,
        "outboundRules": outbound,
        "dropletIds": list(native.droplet_ids),
        "tags": list(native.tags),
    }
    yield _resource(FIREWALL, "digitalocean", inputs)

"""DigitalOcean's cloud firewalls as resources of Pulumi -> what they admit, for each Droplet or tag.

Reads `Firewall` (schema of pulumi-digitalocean 4). A Droplet adds up all firewalls that it or one of its
tags is attached to, so there is one snapshot for each of them; one for a firewall that nothing is attached to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from ...effective.native_rule import (
    EVERY,
    NativeRule,
    RuleSource,
    block_source,
    identity_source,
    rules_in,
    unclear,
    worded,
)
from ...effective.resources import Resource, ResourceNames, is_hidden, listed, whole
from ...effective.snapshot import EVERYTHING, Size, Snapshot, snapshot_of
from ...model.addresses import Direction, Identity
from ...model.packets import EVERYBODY
from .native import native_rule
from .record import DIGITALOCEAN
from .render import LIMITS

(FIREWALL,) = DIGITALOCEAN.made
TYPES = frozenset({FIREWALL})
LISTS = {Direction.INGRESS: "inboundRules", Direction.EGRESS: "outboundRules"}
MEMBERS = (("tags", "tag", ()), ("dropletIds", "Droplet", ("digitalocean:index/droplet:Droplet",)))
BALANCERS = ("digitalocean:index/loadBalancer:LoadBalancer",)
PEERS = (
    ("DropletIds", "Droplet", MEMBERS[1][2], Identity.SAME_GROUP),
    ("Tags", "tag", (), Identity.SAME_GROUP),
    ("LoadBalancerUids", "load balancer", BALANCERS, Identity.LOAD_BALANCER),
    ("KubernetesIds", "kubernetes", (), None),
)
LIMIT = LIMITS["rules per firewall, in and out"]


def snapshots(resources: Sequence[Resource], names: ResourceNames) -> Iterator[Snapshot]:
    """One for each Droplet and tag that a firewall is attached to."""
    attached: dict[str, list[NativeRule]] = {}
    sizes: dict[str, list[Size]] = {}
    bare: dict[str, None] = {}
    for one in resources:
        # `review` reports per firewall, not per entry
        entries = [replace(rule, name=one.name) for rule in rules(one, names)]
        size = Size("rules in one firewall", sum(len(listed(one.inputs.get(field))) for field in LISTS.values()), LIMIT)
        members = list(_members(one, names))
        if gained := _bare(one, members, names):
            bare.update(dict.fromkeys(gained))
            continue
        for member in members or [one.urn]:
            names.shown.setdefault(member, one.name)
            attached.setdefault(member, []).extend(entries)
            sizes.setdefault(member, []).append(size)
    own = {one.urn for one in resources}
    hidden = {
        member
        for one in resources
        if any(is_hidden(one.inputs.get(field)) for field in LISTS.values())
        for member in (*_members(one, names), one.urn)
    }
    for member, entries in attached.items():
        entries.sort(key=lambda entry: entry.allows)  # a deny wins
        key, shown = f"digitalocean {member}", names.shown[member]
        found = snapshot_of(key, shown, "digitalocean", entries, tuple(sizes[member]))
        found = replace(found, has_hidden_rules=member in hidden)
        droplet = member.removeprefix(f"{MEMBERS[1][1]} ")
        is_deleted = droplet.startswith("urn:") and not names.stays(droplet)
        yield found if member in own or is_deleted else replace(found, after_removal=UNPROTECTED)
    yield from (_unprotected(member, names) for member in bare if member not in attached)


def _bare(one: Resource, members: list[str], names: ResourceNames) -> list[str]:
    """What an update attaches to a firewall that is attached to nothing, but for machines that come with it."""
    later = None if members else names.later(one)
    gained = _members(later, names) if later else ()
    return [member for member in gained if not names.comes(member.removeprefix(f"{MEMBERS[1][1]} "))]


def _unprotected(member: str, names: ResourceNames) -> Snapshot:
    """What a firewall that is attached to nothing gets: until then it is open."""
    open_ = dict.fromkeys(Direction, frozenset((EVERY, str(block)) for block in EVERYBODY))
    shown = names.shown.get(member, member)
    return Snapshot(f"digitalocean {member}", shown, "digitalocean", UNPROTECTED, open_, after_removal=UNPROTECTED)


UNPROTECTED = dict.fromkeys(Direction, EVERYTHING)
"""What reaches a machine that no firewall is attached to."""


def _members(one: Resource, names: ResourceNames) -> Iterator[str]:
    for field, word, kinds in MEMBERS:
        yield from _named(one, field, one.inputs.get(field), kinds, word, names)


def _named(
    one: Resource, field: str, given: object, kinds: tuple[str, ...], word: str, names: ResourceNames
) -> list[str]:
    """What a list names. Tags that differ in their case only are one."""
    if kinds:
        values = [whole(value) for value in given] if isinstance(given, list) else given
        return names.of_each(one, field, values, kinds, word, is_part=field == MEMBERS[1][0])
    found = []
    for value in listed(given):
        is_tag = isinstance(value, str) and word == MEMBERS[0][1] and not is_hidden(value)
        found.append(names.of(one, field, str(value).lower() if is_tag else value, (), word))
        if is_tag:
            names.shown[found[-1]] = f"{word} {value}"
    return found


def rules(one: Resource, names: ResourceNames) -> Iterator[NativeRule]:
    """Those of both directions, each called as `inbound udp 50000-60000`: an entry has no name."""
    for way in Direction:
        given = one.inputs.get(LISTS[way])
        if is_hidden(given):
            yield from rules_in(one, [unclear(one, f"its {LISTS[way]} are not known before the update", way)], way)
            continue
        for fields in listed(given):
            yield from rules_in(one, _native(one, way, fields, names), way)


def _native(one: Resource, way: Direction, fields: object, names: ResourceNames) -> Iterator[NativeRule]:
    if not isinstance(fields, Mapping) or is_hidden(fields.get("protocol")) or is_hidden(fields.get("portRange")):
        yield unclear(one, "admits ports that are not known before the update", way)
        return
    protocol, ports = str(fields.get("protocol")), fields.get("portRange")
    text = "" if ports is None else str(whole(ports))
    sources = tuple(_sources(one, way, fields, names))
    name = f"{'inbound' if way is Direction.INGRESS else 'outbound'} {protocol} {text}".strip()
    yield native_rule(name, protocol, text, sources, action=fields.get("action"), direction=way)


def _sources(one: Resource, way: Direction, fields: Mapping[str, object], names: ResourceNames) -> Iterator[RuleSource]:
    side = "source" if way is Direction.INGRESS else "destination"
    for value in listed(fields.get(f"{side}Addresses")):
        if isinstance(value, str) and not is_hidden(value):
            yield block_source(value, one.name)
        else:
            yield RuleSource(worded(value), name=names.of(one, LISTS[way], value))
    for suffix, word, kinds, identity in PEERS:
        for name in _named(one, LISTS[way], fields.get(f"{side}{suffix}"), kinds, word, names):
            text = names.shown[name]
            value = text.removeprefix(f"{word} ")
            yield identity_source(identity, value, name) if identity else RuleSource(text, name=name)

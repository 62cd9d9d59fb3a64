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
from ...effective.property_values import is_hidden, listed, whole
from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ...effective.snapshot import Size, Snapshot, snapshot_of
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


def snapshots(resources: Sequence[Resource], names: ResourceNames) -> Iterator[Snapshot]:
    """One for each Droplet and tag that a firewall is attached to."""
    own = {one.urn for one in resources}
    attached = _attached(resources, names)
    unprotected = dict.fromkeys(Direction, DIGITALOCEAN.without_firewall())
    for member, firewalls in attached.items():
        # `review` reports per firewall, not per entry
        entries = [replace(rule, name=one.name) for one in firewalls for rule in rules(one, names)]
        entries.sort(key=lambda entry: entry.allows)  # a deny wins
        sizes = tuple(size for one in firewalls for size in _sizes(one))
        found = snapshot_of(f"digitalocean {member}", names.shown[member], "digitalocean", entries, sizes)
        is_hidden_whole = any(is_hidden(one.inputs.get(field)) for one in firewalls for field in LISTS.values())
        found = replace(found, has_hidden_rules=is_hidden_whole)
        droplet = member.removeprefix(f"{MEMBERS[1][1]} ")
        is_deleted = droplet.startswith("urn:") and not names.stays(droplet)
        yield found if member in own or is_deleted else replace(found, after_removal=unprotected)
    everybody = dict.fromkeys(Direction, frozenset((EVERY, str(block)) for block in EVERYBODY))
    for member in dict.fromkeys(gained for one in resources for gained in _gained(one, names)):
        if member not in attached:
            key, shown = f"digitalocean {member}", names.shown.get(member, member)
            yield Snapshot(key, shown, "digitalocean", unprotected, everybody, after_removal=unprotected)


def _gained(one: Resource, names: ResourceNames) -> tuple[str, ...]:
    """What has no firewall until an update attaches it: whatever that attaches to a firewall that is attached to
    nothing, and what was taken off by hand and is attached again. Machines that come with the update are not among it.
    """
    later = names.later(one)
    if later is None:
        return ()
    mine = frozenset(_members(one, names))
    said = frozenset(_members(replace(one, inputs=one.declared), names))
    gained = (member for member in _members(later, names) if member not in mine and (not mine or member in said))
    return tuple(member for member in gained if not names.comes(member.removeprefix(f"{MEMBERS[1][1]} ")))


def _attached(resources: Sequence[Resource], names: ResourceNames) -> dict[str, list[Resource]]:
    """The firewalls of each Droplet and tag; one that nothing is attached to stands for itself. A Droplet that some
    firewall names has those of its tags as well, as far as the stack says which tags it has.
    """
    found: dict[str, list[Resource]] = {}
    for one in resources:
        mine = list(_members(one, names))
        if not mine and _gained(one, names):
            continue
        for member in mine or [one.urn]:
            names.shown.setdefault(member, one.name)
            found.setdefault(member, []).append(one)
    for droplet, tags in _tags_of_droplets(names).items():
        by_tag = [one for tag in tags for one in found.get(tag, ())]
        if by_tag:
            every = {one.urn: one for one in (*found.get(droplet, ()), *by_tag)}
            found[droplet] = list(every.values())
    return found


def _tags_of_droplets(names: ResourceNames) -> dict[str, frozenset[str]]:
    """The tags of the Droplets of the stack that a firewall names before or after, where those are known and stay."""
    named = {member for one in names.everything if one.type == FIREWALL for member in _members(one, names)}
    found: dict[str, set[frozenset[str]]] = {}
    (_, word, _), (_, droplet, kinds) = MEMBERS
    for one in names.everything:
        member = f"{droplet} {one.urn}"
        if one.type in kinds and member in named:
            tags = listed(one.inputs.get("tags"))
            known = frozenset(f"{word} {tag}" for tag in tags) if not any(map(is_hidden, tags)) else frozenset()
            found.setdefault(member, set()).add(known)
    return {member: next(iter(sides)) for member, sides in found.items() if len(sides) == 1}


def _sizes(one: Resource) -> Iterator[Size]:
    lists = {way: listed(one.inputs.get(field)) for way, field in LISTS.items()}
    yield Size(
        "rules in one firewall", sum(map(len, lists.values())), LIMITS["rules per firewall, in and out"], of=one.urn
    )
    for (field, word, _), limit in zip(MEMBERS, ("tags per firewall", "droplets per firewall"), strict=True):
        yield Size(f"{word}s of one firewall", len(listed(one.inputs.get(field))), LIMITS[limit], of=one.urn)
    most = max((_peers(way, rule) for way, rules in lists.items() for rule in rules), default=0)
    yield Size("sources of one rule", most, LIMITS["sources per rule"], of=one.urn)


def _peers(way: Direction, rule: object) -> int:
    side = "source" if way is Direction.INGRESS else "destination"
    kinds = ("Addresses", *(suffix for suffix, *_ in PEERS))
    return sum(len(listed(rule.get(f"{side}{kind}"))) for kind in kinds) if isinstance(rule, Mapping) else 0


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
    own = frozenset(_members(one, names))
    for suffix, word, kinds, identity in PEERS:
        for name in _named(one, LISTS[way], fields.get(f"{side}{suffix}"), kinds, word, names):
            text = names.shown[name]
            is_meant = identity is not None and (identity is not Identity.SAME_GROUP or name in own)
            value = text.removeprefix(f"{word} ")
            yield identity_source(identity, value, name) if identity and is_meant else RuleSource(text, name=name)

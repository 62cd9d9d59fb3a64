"""Hetzner Cloud's firewalls as resources of Pulumi -> what they admit, for each server or label selector.

Reads `Firewall`, `FirewallAttachment` and the `firewallIds` of `Server` (schema of pulumi-hcloud 1). A server adds up
all firewalls that are applied to it or to one of its labels, so there is one snapshot for each server and selector; one
for a firewall that is applied to nothing. What goes out is open until a firewall has the first outbound rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from ...effective.evaluate import ParsedRule
from ...effective.native_rule import EVERY, NativeRule, RuleSource, block_source, rules_in, unclear, worded
from ...effective.property_values import is_hidden, listed, whole
from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ...effective.snapshot import EVERYTHING, Size, Snapshot, snapshot_of
from ...model.addresses import Direction
from ...model.packets import EVERYBODY, everything
from .limits import LIMITS
from .native import DIRECTIONS, name_of, native_rule
from .record import ATTACHMENT, FIREWALL, HETZNER, SERVER

TYPES = frozenset({FIREWALL, ATTACHMENT})
SERVERS, SELECTORS = "server", "label"
"""What comes before a member's name."""


def snapshots(resources: Sequence[Resource], names: ResourceNames) -> Iterator[Snapshot]:
    """One for each server and selector that a firewall is applied to."""
    own = {one.urn for one in resources}
    side = side_of(resources, names)
    attached = _attached(side, names)
    unprotected = dict.fromkeys(Direction, HETZNER.without_firewall())
    for member, firewalls in attached.items():
        # `review` reports per firewall, not per rule
        given = {one.urn: [replace(rule, name=one.name) for rule in rules(one, names)] for one in firewalls}
        found = snapshot_of(
            f"hetzner {member}", names.shown[member], "hetzner",
            [rule for some in given.values() for rule in some],
            (*(size for one in firewalls for size in _sizes(one)), *_together(firewalls)),
            last=_last(given.values()),
        )  # fmt: skip
        is_hidden_whole = any(is_hidden(one.inputs.get("rules")) for one in firewalls)
        found = replace(found, has_hidden_rules=is_hidden_whole, absent={Direction.EGRESS: EVERYTHING})
        server = member.removeprefix(f"{SERVERS} ")
        is_deleted = server.startswith("urn:") and not names.stays(server)
        yield found if member in own or is_deleted else replace(found, after_removal=unprotected)
    everybody = dict.fromkeys(Direction, frozenset((EVERY, str(block)) for block in EVERYBODY))
    for member in dict.fromkeys(gained for one in resources for gained in _gained(one, side, names)):
        if member not in attached:
            key, shown = f"hetzner {member}", names.shown.get(member, member)
            yield Snapshot(key, shown, "hetzner", unprotected, everybody, after_removal=unprotected)


def _last(given: Iterable[Sequence[NativeRule]]) -> Mapping[Direction, ParsedRule]:
    """Everything goes out of a server until one of its firewalls has an outbound rule."""
    closes = [rule for some in given for rule in some if rule.direction is Direction.EGRESS]
    return {} if closes else {Direction.EGRESS: ParsedRule("no outbound rule", True, everything())}


def _together(firewalls: Sequence[Resource]) -> Iterator[Size]:
    yield Size("firewalls of one server", len(firewalls), LIMITS["firewalls per server"])


def _gained(one: Resource, side: Sequence[Resource], names: ResourceNames) -> tuple[str, ...]:
    """What has no firewall until an update applies it: whatever that applies of a firewall that is applied to nothing,
    and what was taken off by hand and is applied again. Servers that come with the update are not among it.
    """
    later = names.later(one)
    if one.type != FIREWALL or (later is None and not names.stays(one.urn)):
        return ()
    mine = _applied(one, side, names)
    said = frozenset(members_of(replace(one, inputs=one.declared), names))
    gained = (
        member
        for member in _applied(later or one, names.at_the_end, names)
        if member not in mine and (not mine or member in said)
    )
    return tuple(member for member in gained if not names.comes(member.removeprefix(f"{SERVERS} ")))


def _attached(side: Sequence[Resource], names: ResourceNames) -> dict[str, list[Resource]]:
    """The firewalls of each server and selector; one that is applied to nothing stands for itself."""
    found: dict[str, list[Resource]] = {}
    for one in side:
        members = _applied(one, side, names) if one.type == FIREWALL else None
        if members is None or (not members and _gained(one, side, names)):
            continue
        for member in members or [one.urn]:
            names.shown.setdefault(member, one.name)
            found.setdefault(member, []).append(one)
    return found


def _applied(firewall: Resource, side: Sequence[Resource], names: ResourceNames) -> list[str]:
    """What a firewall is applied to: by its own list, by attachments, and by servers."""
    others = (member for one in side if firewall.urn in firewalls_of(one, names) for member in members_of(one, names))
    return list(dict.fromkeys([*members_of(firewall, names), *others]))


def side_of(resources: Sequence[Resource], names: ResourceNames) -> list[Resource]:
    """The resources, and the servers on their side, before or after. What is unchanged is the same on both."""
    after = names.at_the_end
    known = {id(one) for one in after}
    side = after if all(id(one) in known for one in resources) else names.everything[: -len(after) or None]
    return [*resources, *(one for one in side if one.type == SERVER)]


def firewalls_of(one: Resource, names: ResourceNames) -> Iterable[str]:
    """The URNs of the firewalls that an attachment or a server names."""
    if one.type == ATTACHMENT:
        return [names.of(one, "firewallId", whole(one.inputs.get("firewallId")), (FIREWALL,))]
    if one.type == SERVER:
        values = one.inputs.get("firewallIds")
        given = [whole(value) for value in values] if isinstance(values, list) else values
        return names.of_each(one, "firewallIds", given, (FIREWALL,))
    return ()


def _sizes(one: Resource) -> Iterator[Size]:
    given = [rule for rule in listed(one.inputs.get("rules")) if isinstance(rule, Mapping)]
    peers = [len([*listed(rule.get("sourceIps")), *listed(rule.get("destinationIps"))]) for rule in given]
    for what, count, limit in (
        ("rules in one firewall", len(given), "rules per firewall"),
        ("effective rules in one firewall", sum(peers), "effective rules per firewall"),
        ("sources of one rule", max(peers, default=0), "sources per rule"),
    ):
        yield Size(what, count, LIMITS[limit], of=one.urn)


def members_of(one: Resource, names: ResourceNames) -> Iterator[str]:
    """The servers and selectors that a firewall is applied to by its own list or an attachment; a server itself."""
    if one.type == SERVER:
        yield f"{SERVERS} {one.urn}"
        names.shown.setdefault(f"{SERVERS} {one.urn}", f"{SERVERS} {one.name}")
    elif one.type == ATTACHMENT:
        yield from _of(one, "serverIds", one.inputs.get("serverIds"), one.inputs.get("labelSelectors"), names)
    else:
        given = one.inputs.get("applyTos")
        if is_hidden(given):
            yield names.of(one, "applyTos", given, (SERVER,), SERVERS)
            return
        entries = [entry for entry in listed(given) if isinstance(entry, Mapping)]
        hidden = [entry for entry in listed(given) if is_hidden(entry)]
        servers = [entry["server"] for entry in entries if entry.get("server")]
        selectors = [entry["labelSelector"] for entry in entries if entry.get("labelSelector")]
        yield from _of(one, "applyTos", [*servers, *hidden], selectors, names)


def _of(one: Resource, field: str, servers: object, selectors: object, names: ResourceNames) -> Iterator[str]:
    given = [whole(value) for value in servers] if isinstance(servers, list) else servers
    yield from names.of_each(one, field, given, (SERVER,), SERVERS, is_part=True)
    for value in listed(selectors):
        yield names.of(one, field if field == "applyTos" else "labelSelectors", value, (), SELECTORS)


def rules(one: Resource, names: ResourceNames) -> Iterator[NativeRule]:
    """Those of both directions, each called as `in udp 50000-60000`: a rule has no name."""
    if one.type != FIREWALL:
        return
    given = one.inputs.get("rules")
    if is_hidden(given):
        for way in Direction:
            yield from rules_in(one, [unclear(one, "its rules are not known before the update", way)], way)
        return
    for fields in listed(given):
        way = _direction(fields)
        for rule in rules_in(one, _native(one, way, fields, names), way):
            yield rule if way is Direction.INGRESS else rule.without_others


def _direction(fields: object) -> Direction:
    """Of a rule whose direction is not known, the one that opens the server."""
    given = fields.get("direction") if isinstance(fields, Mapping) else None
    return DIRECTIONS.get(given, Direction.INGRESS) if isinstance(given, str) else Direction.INGRESS


def _native(one: Resource, way: Direction, fields: object, names: ResourceNames) -> Iterator[NativeRule]:
    known = ("direction", "protocol", "port")
    if not isinstance(fields, Mapping) or any(is_hidden(fields.get(key)) for key in known):
        yield unclear(one, "admits ports that are not known before the update", way)
        return
    direction, protocol, port = (fields.get(key) for key in known)
    text = "" if port is None else str(whole(port))
    peers = tuple(_peers(one, way, fields, names))
    why = "" if direction in DIRECTIONS else f"the direction {worded(direction)} is not known"
    described = fields.get("description")
    about = described if isinstance(described, str) and not is_hidden(described) else ""
    name = name_of(direction, protocol, text)
    yield native_rule(name, way, str(protocol), text, peers, description=about, unread=why)


def _peers(one: Resource, way: Direction, fields: Mapping[str, object], names: ResourceNames) -> Iterator[RuleSource]:
    side = "sourceIps" if way is Direction.INGRESS else "destinationIps"
    for value in listed(fields.get(side)):
        if isinstance(value, str) and not is_hidden(value):
            yield block_source(value, one.name)
        else:
            yield RuleSource(worded(value), name=names.of(one, "rules", value))

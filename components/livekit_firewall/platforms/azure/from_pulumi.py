"""Network security groups as resources of Pulumi -> what each admits, in both directions.

Reads `azure-native.network.NetworkSecurityGroup` and `SecurityRule`, also of a named API version, and the classic
provider's `azure.network.NetworkSecurityGroup` and `NetworkSecurityRule`. Azure's own default rules are last: the
virtual network is let in, everything is let out. Service tags are sources known by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from ...effective.evaluate import EffectiveRules, ParsedRule
from ...effective.resources import (
    Resource,
    ResourceNames,
    _camel,
    _resource,
    are_siblings,
    is_hidden,
    listed,
    number_of,
)
from ...effective.snapshot import DENIED, EVERY, EVERYTHING, Size, Snapshot, SnapshotRule, admission, told, unclear
from ...effective.syntax import protocols_of, shaped
from ...model.addresses import Cidr, Direction
from ...model.packets import EVERYBODY, PacketSet, everything
from ...model.text import printable
from .from_cli import DEFAULTS, INTERNET, VNET, Rule, said_by
from .native import Native
from .record import AZURE
from .render import LIMITS

GROUP = re.compile(
    r"azure-native:network(/v\w+)?:NetworkSecurityGroup|azure:network/networkSecurityGroup:NetworkSecurityGroup"
)
RULE = re.compile(r"azure-native:network(/v\w+)?:SecurityRule|azure:network/networkSecurityRule:NetworkSecurityRule")
WAYS = {"inbound": Direction.INGRESS, "outbound": Direction.EGRESS}
OPEN = {Direction.EGRESS: ParsedRule("AllowInternetOutBound", True, everything())}


class _Types:
    """Tokens of any API version."""

    def __contains__(self, token: object) -> bool:
        return isinstance(token, str) and bool(GROUP.fullmatch(token) or RULE.fullmatch(token))


TYPES = _Types()


def admissions(resources: Sequence[Resource], names: ResourceNames) -> Iterator[Snapshot]:
    """One for each group, also for one that is known by its rules only."""
    groups: dict[str, list[tuple[Resource, Any]]] = {}
    for one in resources:
        if GROUP.fullmatch(one.type):
            names.shown[one.urn] = one.name
            inside = one.inputs.get("securityRules")
            rules = inside if isinstance(inside, list) else [] if inside is None else [{"hidden": True}]
            groups.setdefault(one.urn, []).extend((one, rule) for rule in rules)
        else:
            groups.setdefault(_group_of(one, resources, names), []).append((one, one.inputs))
    own_groups = {one.urn for one in resources if GROUP.fullmatch(one.type)}
    for group, rules in groups.items():
        found = [entry for one, rule in rules for entry in _told(one, rule, names)]
        found.sort(key=lambda entry: entry[0])
        size = Size("rules", len(rules), LIMITS["rules"])
        name, own = names.shown.get(group, group), [entry for _, entry in found]
        alone = admission(group, name, "azure", own, last=OPEN)
        whole = admission(group, name, "azure", [*own, *_vnet(names)], (size,), last=OPEN)
        absent = {Direction.INGRESS: _by_default(alone, whole), Direction.EGRESS: EVERYTHING}
        untold = any(isinstance(rule, Mapping) and rule.get("hidden") for _, rule in rules)
        yield replace(whole, is_kept_back=untold, absent=absent, is_told=group in own_groups)


def _vnet(names: ResourceNames) -> Iterator[SnapshotRule]:
    """Azure's own last allow, that of probers aside, which is nobody's reach."""
    rule = next(one for one in DEFAULTS if one["sourceAddressPrefix"] == VNET)
    yield from (replace(entry, others=()) for _, entry in _told(Resource("", "", {}), rule, names))


def _by_default(alone: Snapshot, whole: Snapshot) -> EffectiveRules:
    """What Azure's own rule adds to a group's: every group has it, so that a new one brings no more by it."""
    own, all_ = alone.ways[Direction.INGRESS], whole.ways[Direction.INGRESS]
    more = {who: region - own.named.get(who, PacketSet()) for who, region in all_.named.items()}
    return EffectiveRules("", PacketSet(), named={who: region for who, region in more.items() if region})


def _group_of(rule: Resource, resources: Sequence[Resource], names: ResourceNames) -> str:
    """The group that a rule of its own is in: by its dependency, else by the group's name."""
    field = "networkSecurityGroupName"
    value = rule.inputs.get(field)
    for one in resources:
        called = (one.inputs.get(field), one.outputs.get("name"), one.inputs.get("name"))
        is_named = value and value in called and _are_near(rule, one)
        if GROUP.fullmatch(one.type) and (one.urn in rule.depends.get(field, ()) or is_named):
            return one.urn
    groups = [urn for urn in rule.depends.get(field, ()) if "ecurityGroup" in urn]
    if not groups and is_hidden(value):
        # event streams tell no dependencies
        groups = [one.urn for one in resources if GROUP.fullmatch(one.type) and are_siblings(one.urn, rule.urn)]
    if len(groups) == 1:
        return groups[0]
    near = rule.inputs.get("resourceGroupName")
    return names.of(rule, field, value, (), near if isinstance(near, str) and not is_hidden(near) else "")


def _are_near(rule: Resource, group: Resource) -> bool:
    """Groups of two resource groups may have one name."""
    one, other = (given.inputs.get("resourceGroupName") for given in (rule, group))
    return one is None or other is None or is_hidden(one) or is_hidden(other) or one == other


def _told(one: Resource, rule: Any, names: ResourceNames) -> Iterator[tuple[float, SnapshotRule]]:
    given = rule if isinstance(rule, Mapping) else {}
    direction = str(given.get("direction", "")).lower()
    priority = given.get("priority")
    order = number_of(priority) or 0.0  # and unclear, see HIDDEN
    for way in [WAYS[direction]] if direction in WAYS else Direction:
        yield from (
            (order, entry) for entry in told(one, _entries(one, given, way, names), way, str(given.get("name", "")))
        )


HIDDEN = ("access", "direction", "priority", "protocol", "destinationPortRange", "destinationPortRanges", "hidden")
SIDES = {Direction.INGRESS: ("source", "destination"), Direction.EGRESS: ("destination", "source")}


def _entries(one: Resource, given: Mapping[str, Any], way: Direction, names: ResourceNames) -> Iterator[SnapshotRule]:
    name = str(given.get("name") or given.get("securityRuleName") or one.name)
    is_read = (given.get("priority") is None or number_of(given["priority"]) is not None) and str(
        given.get("direction")
    ).lower() in WAYS
    if given.get("hidden") or not is_read or any(_any_hidden(given.get(field)) for field in HIDDEN):
        yield SnapshotRule(unclear(one, "admits what is not told before the update", name), way)
        return
    peer, own = SIDES[way]
    prefixes = [*_list(given.get(f"{peer}AddressPrefix")), *_list(given.get(f"{peer}AddressPrefixes"))]
    groups = [
        *_list(given.get(f"{peer}ApplicationSecurityGroups")),
        *_list(given.get(f"{peer}ApplicationSecurityGroupIds")),
    ]
    ports = [*_list(given.get("destinationPortRange")), *_list(given.get("destinationPortRanges"))]
    if not ports or not (prefixes or groups):
        yield SnapshotRule(unclear(one, "names no ports, or nobody", name), way)
        return
    blocks = [str(value) for value in prefixes if not is_hidden(value) and _is_block(value)]
    named = [
        _named(one, f"{peer}AddressPrefix", value, names)
        for value in prefixes
        if is_hidden(value) or not _is_block(value)
    ]
    named += [_group(one, peer, value, names) for value in groups]
    said = said_by(shaped(_shape(given, name, own, blocks), Rule, "securityRules"))
    if named:
        whole = said_by(shaped(_shape(given, name, own, ["*"]), Rule, "securityRules"))
        open_ = PacketSet.box([ports for ports, _ in whole.region.parts()], EVERYBODY)
        said = replace(said, named={**said.named, **dict.fromkeys(named, open_)})
    said = _without_internet(said)
    if said.unread:
        words = [given.get("access"), given.get("protocol"), *ports, "to", *_own(given, own)]
        said = replace(said, unread=f"{said.unread} ({printable(' '.join(map(str, words)))})")
    yield SnapshotRule(
        said,
        way,
        tuple(ports for ports, _ in said.region.parts()),
        str(given.get("description") or ""),
        _others(given, blocks, named) if way is Direction.INGRESS else (),  # egress is open by default
        _limit(given, own),
    )


PRIVATE = tuple(
    map(
        Cidr.parse,
        ("10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "168.63.129.16/32"),
    )
)
"""Addresses that may be of a virtual network or of the platform; all others are `Internet` ("Service tags"). Those of
IPv6 in a virtual network are known by its own tag.
"""


def _without_internet(said: ParsedRule) -> ParsedRule:
    """A deny of the tag as a deny of public addresses: those that a virtual network may have stay."""
    tagged = said.named.get(INTERNET)
    if said.allows or tagged is None:
        return said
    named = {who: region for who, region in said.named.items() if who != INTERNET}
    ports = [ports for ports, _ in tagged.parts()]
    return replace(said, region=said.region | (tagged - PacketSet.box(ports, PRIVATE)), named=named)


def _limit(given: Mapping[str, Any], own: str) -> str:
    """The addresses or groups that an allow is for."""
    if str(given.get("access", "")).lower() != "allow":
        return ""
    prefixes = _own(given, own)
    groups = [
        _id(one) for field in ("", "Ids") for one in _list(given.get(f"{own}ApplicationSecurityGroup{field or 's'}"))
    ]
    if not groups and all(_is_everything(one) for one in prefixes):
        return ""
    return ", ".join(sorted(map(str, (*prefixes, *groups))))


def _own(given: Mapping[str, Any], own: str) -> list[Any]:
    return [*_list(given.get(f"{own}AddressPrefix")), *_list(given.get(f"{own}AddressPrefixes"))]


def _is_everything(prefix: object) -> bool:
    return str(prefix).lower() in ("*", "any", VNET.lower(), "0.0.0.0/0", "::/0")


def _id(group: object) -> object:
    return group.get("id") if isinstance(group, Mapping) else group


def _shape(given: Mapping[str, Any], name: str, own: str, blocks: list[str]) -> dict[str, Any]:
    """As the command line prints a rule; what an outbound rule reaches stands where an inbound one's source does."""
    # an allow for some of the node's addresses may be for all of them; a deny may be for none
    denies = str(given.get("access", "")).lower() == "deny"
    shape: dict[str, Any] = {
        "name": name,
        "priority": int(number_of(given.get("priority")) or 0),
        "access": str(given.get("access", "")),
        "direction": "Inbound",
        "protocol": str(given.get("protocol", "")),
        "sourceAddressPrefixes": blocks,
        "destinationAddressPrefixes": [
            str(value)
            for field in ("AddressPrefix", "AddressPrefixes")
            for value in (_list(given.get(f"{own}{field}")) if denies else ())
        ],
        "destinationApplicationSecurityGroups": (denies and _list(given.get(f"{own}ApplicationSecurityGroups")))
        or None,
    }
    for field in ("sourcePortRange", "destinationPortRange"):
        shape[f"{field}s"] = [_text(value) for part in ("", "s") for value in _list(given.get(field + part))]
    return shape


def _is_block(value: object) -> bool:
    """Addresses, and the words for everybody."""
    text = str(value)
    return text.lower() in ("*", "any", INTERNET.lower()) or text[:1].isdigit() or ":" in text


def _named(one: Resource, field: str, value: object, names: ResourceNames) -> str:
    return names.of(one, field, value, (), "service tag" if isinstance(value, str) and not is_hidden(value) else "")


def _group(one: Resource, peer: str, value: object, names: ResourceNames) -> str:
    id_ = value.get("id") if isinstance(value, Mapping) else value
    return names.of(one, f"{peer}ApplicationSecurityGroups", id_, (), "application security group")


def _others(given: Mapping[str, Any], blocks: list[str], named: list[str]) -> tuple[tuple[str, str], ...]:
    protocol = str(given.get("protocol", "")).lower()
    if protocols_of(protocol) and protocol != "*":
        return ()
    word = EVERY if protocol == "*" else protocol
    word = word if str(given.get("access", "")).lower() == "allow" else f"{DENIED}{word}"
    return tuple((word, who) for who in (*blocks, *named))


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _any_hidden(value: object) -> bool:
    return any(is_hidden(one) for one in _list(value))


def _list(given: object) -> list[Any]:
    """Of a singular and a plural field Azure leaves one empty."""
    return [] if given == "" else listed(given)


def made(native: Native) -> Iterator[Resource]:
    """The resources that the component makes of them, under names that are equal from one rendering to the next."""
    rules = [_camel(rule.arguments()) for rule in native.security_rules]
    inputs = {"resourceGroupName": native.resource_group_name, "location": native.location, "securityRules": rules}
    yield _resource(AZURE.made[0], "azure", inputs)

"""Network security groups as resources of Pulumi -> what each admits, in both directions.

Reads `azure-native.network.NetworkSecurityGroup` and `SecurityRule`, also of a named API version, and the classic
provider's `azure.network.NetworkSecurityGroup` and `NetworkSecurityRule`. Azure's own default rules are last: the
virtual network is let in, everything is let out. Service tags are sources known by name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from msgspec.structs import replace

from ...effective.evaluate import EffectiveRules, ParsedRule
from ...effective.native_rule import NativeRule, RuleSource, rules_in, unclear, worded
from ...effective.property_values import is_hidden, listed, number_of, whole
from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ...effective.snapshot import EVERYTHING, Size, Snapshot, snapshot_of
from ...effective.urns import are_siblings
from ...model.addresses import Direction
from ...model.packets import PacketSet, everything
from ...model.services import Service
from ...model.text import printable
from ..by_audience import ARGUMENTS
from .from_cli import DEFAULTS
from .limits import LIMITS
from .native import INTERNET, PUBLIC, VNET, families_of, native_rule, source_of

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


def snapshots(resources: Sequence[Resource], names: ResourceNames) -> Iterator[Snapshot]:
    """One for each group, also for one that is known by its rules only."""
    groups: dict[str, list[tuple[Resource, object]]] = {}
    for one in resources:
        if GROUP.fullmatch(one.type):
            names.shown[one.urn] = one.name
        group = one.urn if GROUP.fullmatch(one.type) else group_of(one, resources, names)
        groups.setdefault(group, []).extend((one, fields) for fields in _held(one))
    own_groups = {one.urn for one in resources if GROUP.fullmatch(one.type)}
    for group, held in groups.items():
        found = [entry for one, fields in held for entry in _rules_by_priority(one, fields, names)]
        found.sort(key=lambda entry: entry[0])
        own_rules = Counter(one.urn for one, _ in held if RULE.fullmatch(one.type))
        size = Size("rules", len(held), LIMITS["rules"], own_rules)
        name, own = names.shown.get(group, group), [_entry(rule) for _, rule in found]
        alone = snapshot_of(group, name, "azure", own, last=OPEN)
        whole = snapshot_of(group, name, "azure", [*own, *_vnet(names)], (size,), last=OPEN)
        absent = {Direction.INGRESS: _by_default(alone, whole), Direction.EGRESS: EVERYTHING}
        has_hidden = any(isinstance(rule, Mapping) and rule.get("hidden") for _, rule in held)
        yield replace(whole, has_hidden_rules=has_hidden, absent=absent, is_declared=group in own_groups)


def rules(one: Resource, names: ResourceNames) -> Iterator[NativeRule]:
    """Those inside a group, or the one that the resource is."""
    for fields in _held(one):
        yield from (rule for _, rule in _rules_by_priority(one, fields, names))


def _held(one: Resource) -> Sequence[object]:
    if not GROUP.fullmatch(one.type):
        return (one.inputs,)
    inside = one.inputs.get("securityRules")
    return inside if isinstance(inside, list) else () if inside is None else ({"hidden": True},)


def _entry(rule: NativeRule) -> NativeRule:
    """Egress is open by default, for every protocol."""
    return rule if rule.direction is Direction.INGRESS else rule.without_others


def _vnet(names: ResourceNames) -> Iterator[NativeRule]:
    """Azure's default rule for the virtual network. That for load balancer probes admits no client."""
    rule = next(one for one in DEFAULTS if one["sourceAddressPrefix"] == VNET)
    yield from (entry.without_others for _, entry in _rules_by_priority(Resource("", "", {}), rule, names))


def _by_default(alone: Snapshot, whole: Snapshot) -> EffectiveRules:
    """What Azure's default rule adds to the group's own rules. Every group has it, so it is no change by a new one."""
    own, all_ = alone.effective[Direction.INGRESS], whole.effective[Direction.INGRESS]
    more = {who: region - own.named.get(who, PacketSet()) for who, region in all_.named.items()}
    return EffectiveRules("", PacketSet(), named={who: region for who, region in more.items() if region})


def group_of(rule: Resource, resources: Sequence[Resource], names: ResourceNames) -> str:
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


def _rules_by_priority(one: Resource, rule: object, names: ResourceNames) -> Iterator[tuple[float, NativeRule]]:
    """With its priority."""
    given = rule if isinstance(rule, Mapping) else {}
    direction = str(given.get("direction", "")).lower()
    order = number_of(given.get("priority")) or 0.0  # and unclear, see HIDDEN
    for way in [WAYS[direction]] if direction in WAYS else Direction:
        found = rules_in(one, _native(one, given, way, names), way, worded(given.get("name")))
        yield from ((order, rule) for rule in found)


HIDDEN = ("access", "direction", "priority", "protocol", "destinationPortRange", "destinationPortRanges", "hidden")
SIDES = {Direction.INGRESS: ("source", "destination"), Direction.EGRESS: ("destination", "source")}


def _native(one: Resource, given: Mapping[str, object], way: Direction, names: ResourceNames) -> Iterator[NativeRule]:
    name = worded(given.get("name") or given.get("securityRuleName")) or one.name
    is_read = (given.get("priority") is None or number_of(given["priority"]) is not None) and str(
        given.get("direction")
    ).lower() in WAYS
    if given.get("hidden") or not is_read or any(_any_hidden(given.get(field)) for field in HIDDEN):
        yield unclear(one, "admits what is not known before the update", way, name)
        return
    peer, own = SIDES[way]
    ports = _both(given, "destinationPortRange", "", "s")
    sources = tuple(_sources(one, given, peer, names))
    if not ports or not sources:
        yield unclear(one, "names no ports, or nobody", way, name)
        return
    access = str(given.get("access", ""))
    # an allow for some of the node's addresses may be for all of them; a deny may be for none
    is_deny = access.lower() == "deny"
    groups = list(map(_id, _both(given, f"{own}ApplicationSecurityGroup", "s", "Ids")))
    rule = native_rule(
        name,
        access,
        str(given.get("protocol", "")),
        (str(whole(value)) for value in ports),
        sources,
        source_ports=[str(whole(value)) for value in _both(given, "sourcePortRange", "", "s")],
        destinations=[str(value) for value in _own(given, own)] if is_deny else (),
        groups=groups if is_deny else (),
    )
    words = [given.get("access"), given.get("protocol"), *ports, "to", *_own(given, own), *groups]
    yield replace(
        rule,
        description=worded(given.get("description")),
        service=next((service for service, own in _names() if own.match(name)), None),
        direction=way,
        unread=rule.why and f"{rule.why} ({printable(' '.join(worded(whole(word)) for word in words))})",
        limit=_limit(given, own),
    )


def _sources(one: Resource, given: Mapping[str, object], peer: str, names: ResourceNames) -> Iterator[RuleSource]:
    is_deny = str(given.get("access", "")).lower() == "deny"
    for value in _own(given, peer):
        is_known = not is_hidden(value)
        source = source_of(str(value), one.name) if is_known else None
        if source is None:
            word = "service tag" if isinstance(value, str) and is_known else ""
            yield RuleSource(worded(value), name=names.of(one, f"{peer}AddressPrefix", value, (), word))
        else:
            # of a deny the addresses that a virtual network may have stay
            yield replace(source, known=PUBLIC) if is_deny and source.name.lower() == INTERNET.lower() else source
    for group in map(_id, _both(given, f"{peer}ApplicationSecurityGroup", "s", "Ids")):
        field = f"{peer}ApplicationSecurityGroups"
        yield RuleSource(worded(group), name=names.of(one, field, group, (), "application security group"))


@cache
def _names() -> tuple[tuple[Service, re.Pattern[str]], ...]:
    """What each service's rules are called: `ice-udp-ipv4`, `sip-tcp-ipv6-5060`, `ssh-tcp-operators-tag.office`. The
    protocol stands in it unless the service's own name ends with it.
    """
    audiences = "|".join(identity for identity in ARGUMENTS)
    end = rf"(ipv[46](-|$)|cidrs\.|({audiences})-(tag|group)\.)"
    return tuple((service, re.compile(f"{service}(-tcp|-udp)?-{end}")) for service in Service)


def _limit(given: Mapping[str, object], own: str) -> str:
    """The addresses or groups that an allow is for."""
    if str(given.get("access", "")).lower() != "allow":
        return ""
    prefixes = _own(given, own)
    groups = [_id(one) for one in _both(given, f"{own}ApplicationSecurityGroup", "s", "Ids")]
    if not groups and families_of(map(str, prefixes), "") is not None:
        return ""
    return ", ".join(sorted(map(str, (*prefixes, *groups))))


def _both(given: Mapping[str, object], field: str, *ends: str) -> list[object]:
    """Of a singular and a plural field Azure leaves one empty."""
    return [value for end in ends for value in _list(given.get(field + end))]


def _own(given: Mapping[str, object], own: str) -> list[object]:
    return _both(given, f"{own}AddressPrefix", "", "es")


def _id(group: object) -> object:
    return group.get("id") if isinstance(group, Mapping) else group


def _any_hidden(value: object) -> bool:
    return any(is_hidden(one) for one in _list(value))


def _list(given: object) -> list[object]:
    return [] if given == "" else listed(given)

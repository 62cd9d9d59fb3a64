"""Security groups as resources of Pulumi -> what each admits, in both directions.

Reads `aws.vpc.SecurityGroup{In,E}gressRule`, `aws.ec2.SecurityGroupRule`, and rules written inside
`aws.ec2.SecurityGroup` and `aws.ec2.DefaultSecurityGroup` (schemas of pulumi-aws 7). A group admits what its
rules admit together; references to groups and prefix lists are sources known by name. What an update takes away from
them is in `update.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from ...effective.native_rule import (
    NativeRule,
    RuleSource,
    block_source,
    identity_source,
    rules_in,
    unclear,
    worded,
)
from ...effective.property_values import is_hidden, number_of
from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ...effective.snapshot import Size, Snapshot, snapshot_of
from ...effective.syntax import refuse
from ...model.addresses import Direction, Family, Identity
from .limits import LIMITS
from .names import audience_of, firewall_of
from .native import flows_of_rule
from .permissions import BLOCKS, NAMED, Permission, bare, permissions, values
from .record import EGRESS_RULE, EXCLUSIVE, GROUPS, INGRESS_RULE, OLDER_RULE

RULES = {INGRESS_RULE: Direction.INGRESS, EGRESS_RULE: Direction.EGRESS}
TYPES = frozenset((*GROUPS, *RULES, OLDER_RULE, *EXCLUSIVE))

PREFIX_LIST = "aws:ec2/managedPrefixList:ManagedPrefixList"
MOST_ENTRIES = 1000
"""Of a prefix list (VPC quotas)."""

MEMBERS = "members of the same group"
LIMIT = LIMITS["rules per direction and family"]


def snapshots(resources: Sequence[Resource], names: ResourceNames) -> Iterator[Snapshot]:
    """One for each group, also for one that is known by its rules only; one for all groups of a component, which a node
    has together.
    """
    groups: dict[str, list[NativeRule]] = {}
    members: dict[str, dict[str, None]] = {}
    sizes: dict[str, Counter[tuple[Direction, str]]] = {}
    alone: dict[str, dict[tuple[Direction, str], Counter[str]]] = {}
    for one in resources:
        if one.type in GROUPS:
            groups.setdefault(firewall_of(one.urn), [])
            names.shown[one.urn] = one.name
        for group, entries, counted in names.once(one, _read):
            whole = firewall_of(group)
            groups.setdefault(whole, []).extend(entries)
            members.setdefault(whole, {})[group] = None
            sizes.setdefault(group, Counter()).update(counted)
            for kind in () if one.type in GROUPS else counted:
                alone.setdefault(group, {}).setdefault(kind, Counter())[one.urn] += 1
    for group, kinds in _counted_twice(resources, names).items():
        sizes[group].subtract(kinds)
    places = {firewall_of(one.urn): place_of(one, names) for one in resources if one.type in GROUPS}
    for group, entries in groups.items():
        size = tuple(
            each
            for member in members.get(group, ())
            for each in _sizes(sizes[member], alone.get(member, {}), "" if member == group else names.shown[member])
        )
        found = snapshot_of(group, names.shown.get(group, group), "aws", entries, size)
        yield replace(found, is_declared=group in places, place=places.get(group, ""))


def _counted_twice(resources: Sequence[Resource], names: ResourceNames) -> dict[str, Counter[tuple[Direction, str]]]:
    """Rules of their own that the list inside of their group holds as well, as it does once the state has read it."""
    lists = [one for one in resources if one.type in GROUPS and any(one.inputs.get(way.value) for way in Direction)]
    if not lists:
        return {}
    inside = {(group, found) for one in lists for group, found in _permissions(one, names)}
    owned = {known for one in resources if one.type not in GROUPS for known in _permissions(one, names)}
    twice: dict[str, Counter[tuple[Direction, str]]] = {}
    for group, found in inside & owned:
        twice.setdefault(group, Counter()).update((found.way, family.label) for family in found.families)
    return twice


def _permissions(one: Resource, names: ResourceNames) -> Iterator[tuple[str, Permission]]:
    for group, way, rule in held(one, names):
        yield from ((group, found) for found in permissions(one, group, way, rule, names))


def place_of(group: Resource, names: ResourceNames) -> str:
    """The VPC: a group of another one is for other machines."""
    vpc = group.inputs.get("vpcId")
    return "" if vpc is None else names.of(group, "vpcId", vpc, ("aws:ec2/vpc:Vpc",))


def rules(one: Resource, names: ResourceNames) -> Iterator[NativeRule]:
    for group, way, fields in held(one, names):
        yield from _rules_of(one, group, way, fields, names)


def _read(one: Resource, names: ResourceNames) -> Iterator[tuple[str, list[NativeRule], list[tuple[Direction, str]]]]:
    for group, way, fields in held(one, names):
        found = _rules_of(one, group, way, fields, names)
        yield group, found, [(way, kind) for kind in _kinds(one, way, fields, names)]


def _rules_of(
    one: Resource, group: str, way: Direction, fields: Mapping[str, object], names: ResourceNames
) -> list[NativeRule]:
    return rules_in(one, _native(one, group, way, fields, names), way)


def held(one: Resource, names: ResourceNames) -> Iterator[tuple[str, Direction, Mapping[str, object]]]:
    """The group, the direction and the inputs of each rule that a resource holds."""
    if one.type in EXCLUSIVE:
        return
    if one.type in RULES or one.type == OLDER_RULE:
        group = names.of(one, "securityGroupId", one.inputs.get("securityGroupId"), GROUPS, is_part=True)
        for way in _ways(one):
            yield group, way, one.inputs
    else:
        for way in Direction:
            inside = one.inputs.get(way.value)
            for rule in inside if isinstance(inside, list) else [{}] if inside is not None else ():
                yield one.urn, way, rule if isinstance(rule, Mapping) else {}


def _ways(one: Resource) -> Iterable[Direction]:
    """Both where the direction is not known."""
    if one.type in RULES:
        return (RULES[one.type],)
    way = one.inputs.get("type")
    return (Direction(way),) if way in tuple(Direction) else tuple(Direction)


def _native(
    one: Resource, group: str, way: Direction, fields: Mapping[str, object], names: ResourceNames
) -> Iterator[NativeRule]:
    """`ipProtocol` of the newer resources is `protocol` of the older ones."""
    protocol = fields.get("ipProtocol", fields.get("protocol"))
    first, last = (fields.get(key) for key in ("fromPort", "toPort"))
    hidden = (protocol, first, last, fields.get("type"), fields.get("self"))
    if not isinstance(protocol, str) or any(map(is_hidden, hidden)):
        yield unclear(one, "admits ports that are not known before the update", way)
        return
    flows = flows_of_rule(protocol, _number(first), _number(last), one.name)
    sources = tuple(_sources(one, group, way, fields, names))
    if one.type in RULES and not sources:
        yield unclear(one, "has no source", way)
    else:
        yield NativeRule(one.name, flows, sources, worded(fields.get("description")), direction=way)


def _number(value: object) -> int | None:
    """Ports come as numbers, from other languages' programs as floats, and as texts from older state."""
    if value is None or value == "":
        return None
    number = float(str(value))
    if not number.is_integer():
        raise refuse("", str(value), "must be a port")
    return int(number)


def _sources(
    one: Resource, group: str, way: Direction, fields: Mapping[str, object], names: ResourceNames
) -> Iterator[RuleSource]:
    """Dependencies are given for all inline rules of a group together, not for each."""
    held = {} if fields is one.inputs else dict.fromkeys(fields, way.value)
    for field, many in BLOCKS:
        for value in values(fields.get(field), many):
            if isinstance(value, str) and not is_hidden(value):
                yield block_source(value, one.name)
            else:
                yield RuleSource(worded(value), name=names.of(one, held.get(field, field), value))
    for field, many, word in NAMED:
        kinds = () if word else GROUPS
        for value in values(fields.get(field), many):
            name = names.of(one, held.get(field, field), bare(value), kinds, word)
            audience = audience_of(one.name)
            if word:
                yield identity_source(audience, value, name) if audience else RuleSource(worded(value), name=name)
            elif name == group:
                yield identity_source(Identity.SAME_GROUP, value, MEMBERS)
            else:  # the load balancer's had no name once
                yield identity_source(audience or Identity.LOAD_BALANCER, value, name)
    if fields.get("self") not in (None, False):
        yield identity_source(Identity.SAME_GROUP, None, MEMBERS)


def _kinds(one: Resource, way: Direction, rule: Mapping[str, object], names: ResourceNames) -> Iterator[str]:
    """The families that one rule counts in, once for each source (VPC quotas), a prefix list for each entry that it may
    have as far as the stack says it.
    """
    for field, many in BLOCKS:
        for _ in values(rule.get(field), many):
            yield Family.IPV6.label if "6" in field else Family.IPV4.label
    for field, many, word in NAMED:
        for value in values(rule.get(field), many):
            most = _most_entries(one, field if rule is one.inputs else way.value, value, names) if word else 1
            yield from (family.label for family in Family for _ in range(most))


def _most_entries(one: Resource, field: str, value: object, names: ResourceNames) -> int:
    """Of a list that is among the resources, before or after; else 1."""
    urn = names.of(one, field, value, (PREFIX_LIST,))
    given = (number_of(each.inputs.get("maxEntries")) for each in names.everything if each.urn == urn)
    return max((int(most) for most in given if most and 1 <= most <= MOST_ENTRIES), default=1)


def _sizes(
    counted: Mapping[tuple[Direction, str], int],
    alone: Mapping[tuple[Direction, str], Mapping[str, int]],
    of: str,
) -> Iterator[Size]:
    """`of` is another than the first group of a component."""
    for (way, family), count in sorted(counted.items()):
        what = f"{way} rules for {family}" + (f" in {of}" if of else "")
        yield Size(what, count, LIMIT, alone.get((way, family), {}), of)

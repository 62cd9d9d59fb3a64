"""Security groups as resources of Pulumi -> what each admits, in both directions.

Reads `aws.vpc.SecurityGroup{In,E}gressRule`, `aws.ec2.SecurityGroupRule`, and rules written inside
`aws.ec2.SecurityGroup` and `aws.ec2.DefaultSecurityGroup` (schemas of pulumi-aws 7). A group admits what its
rules admit together; references to groups and prefix lists are sources known by name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from ...effective.resources import Resource, ResourceNames, _camel, _resource, is_hidden
from ...effective.snapshot import EVERY, Size, Snapshot, SnapshotRule, admission, said_of, told, unclear
from ...effective.syntax import block_of, refuse
from ...model.addresses import Direction, Family
from .from_cli import Rule, ports_in
from .limits import LIMITS
from .native import SELF, Native
from .record import EGRESS_RULE, GROUP, INGRESS_RULE, OLDER_RULE

GROUPS = (GROUP, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")
RULES = {INGRESS_RULE: Direction.INGRESS, EGRESS_RULE: Direction.EGRESS}
TYPES = frozenset((*GROUPS, *RULES, OLDER_RULE))

BLOCKS = (("cidrIpv4", False), ("cidrIpv6", False), ("cidrBlocks", True), ("ipv6CidrBlocks", True))
"""Inputs that hold blocks, and whether they hold a list."""

NAMED = (
    ("referencedSecurityGroupId", False, ""),
    ("sourceSecurityGroupId", False, ""),
    ("securityGroups", True, ""),
    ("prefixListId", False, "prefix list"),
    ("prefixListIds", True, "prefix list"),
)
"""Inputs that hold ids, whether they hold a list, and what to call one."""

MEMBERS = "members of the same group"
LIMIT = LIMITS["rules per direction and family"]


def admissions(resources: Sequence[Resource], names: ResourceNames) -> Iterator[Snapshot]:
    """One for each group, also for one that is known by its rules only."""
    groups: dict[str, list[SnapshotRule]] = {}
    sizes: dict[str, Counter[tuple[Direction, str]]] = {}
    alone: dict[str, dict[tuple[Direction, str], set[str]]] = {}
    for one in resources:
        if one.type in GROUPS:
            groups.setdefault(one.urn, [])
            names.shown[one.urn] = one.name
        for group, entries, counted in names.once(one, lambda one=one: _read(one, names)):  # type: ignore[misc]
            groups.setdefault(group, []).extend(entries)
            sizes.setdefault(group, Counter()).update(counted)
            for kind in counted if one.type in RULES else ():
                alone.setdefault(group, {}).setdefault(kind, set()).add(one.urn)
    places = {one.urn: _place(one, names) for one in resources if one.type in GROUPS}
    for group, entries in groups.items():
        size = tuple(_sizes(sizes.get(group, Counter()), alone.get(group, {})))
        found = admission(group, names.shown.get(group, group), "aws", entries, size)
        yield replace(found, is_told=group in places, place=places.get(group, ""))


def _place(group: Resource, names: ResourceNames) -> str:
    """The VPC: a group of another one is for other machines."""
    vpc = group.inputs.get("vpcId")
    return "" if vpc is None else names.of(group, "vpcId", vpc, ("aws:ec2/vpc:Vpc",))


def _read(one: Resource, names: ResourceNames) -> Iterator[tuple[str, list[SnapshotRule], list[tuple[Direction, str]]]]:
    for group, way, rule in _rules(one, names):
        yield group, told(one, _entries(one, group, way, rule, names), way), [(way, kind) for kind in _kinds(rule)]


def _rules(one: Resource, names: ResourceNames) -> Iterator[tuple[str, Direction, Mapping[str, Any]]]:
    """The group, the direction and the inputs of each rule that a resource holds. A group whose program says nothing
    of `ingress` any more keeps what it has: the provider computes it then.
    """
    if one.type in RULES or one.type == OLDER_RULE:
        group = names.of(one, "securityGroupId", one.inputs.get("securityGroupId"), GROUPS, is_part=True)
        for way in _ways(one):
            yield group, way, one.inputs
    else:
        for way in Direction:
            inside = one.inputs.get(way.value, one.kept.get(way.value) if one.type == GROUPS[0] else None)
            for rule in inside if isinstance(inside, list) else [{}] if inside is not None else ():
                yield one.urn, way, rule if isinstance(rule, Mapping) else {}


def _ways(one: Resource) -> Iterable[Direction]:
    """Both where the direction is not told."""
    if one.type in RULES:
        return (RULES[one.type],)
    way = one.inputs.get("type")
    return (Direction(way),) if way in tuple(Direction) else tuple(Direction)


def _entries(
    one: Resource, group: str, way: Direction, rule: Mapping[str, Any], names: ResourceNames
) -> Iterator[SnapshotRule]:
    """`ipProtocol` of the newer resources is `protocol` of the older ones."""
    protocol = rule.get("ipProtocol", rule.get("protocol"))
    first, last = (rule.get(key) for key in ("fromPort", "toPort"))
    hidden = (protocol, first, last, rule.get("type"), rule.get("self"))
    if not isinstance(protocol, str) or any(map(is_hidden, hidden)):
        yield SnapshotRule(unclear(one, "admits ports that are not told before the update"), way)
        return
    ports = ports_in(Rule(group, protocol, FromPort=_number(first), ToPort=_number(last)))
    if ports is None:
        yield SnapshotRule(unclear(one, f"the protocol {protocol} is not known"), way)
        return
    blocks, named = _peers(one, group, way, rule, names)
    if one.type in RULES and not blocks and not named:
        yield SnapshotRule(unclear(one, "has no source"), way)
    said = said_of(one.name, True, ports, [block_of(text, one.name) for text in blocks], named)
    words = _others(protocol, first, last)
    about = rule.get("description")
    yield SnapshotRule(
        said,
        way,
        ports,
        about if isinstance(about, str) else "",
        tuple((words, who) for who in (*blocks, *named) if words),
    )


def _number(value: object) -> int | None:
    """Ports come as numbers, from other languages' programs as floats, and as texts from older state."""
    if value is None or value == "":
        return None
    number = float(str(value))
    if not number.is_integer():
        raise refuse("", str(value), "must be a port")
    return int(number)


def _others(protocol: str, first: object, last: object) -> str:
    """The word for what is admitted besides TCP and UDP; "" for none."""
    word = {
        "1": "icmp",
        "58": "icmpv6",
        "icmp6": "icmpv6",
        "-1": EVERY,
        "all": EVERY,
    }.get(protocol.lower(), protocol.lower())
    if word in ("tcp", "udp", "6", "17"):
        return ""
    kind, code = _number(first), _number(last)
    return f"{word} {kind}/{code}" if word.startswith("icmp") and kind not in (None, -1) else word


def _peers(
    one: Resource, group: str, way: Direction, rule: Mapping[str, Any], names: ResourceNames
) -> tuple[list[str], list[str]]:
    """Blocks and names. What an inline rule's values come from is told for all rules of a group together."""
    source = {} if rule is one.inputs else dict.fromkeys(rule, way.value)
    blocks, named = [], []
    for field, many in BLOCKS:
        for value in _values(rule.get(field), many):
            if isinstance(value, str) and not is_hidden(value):
                blocks.append(value)
            else:
                named.append(names.of(one, source.get(field, field), value))
    for field, many, word in NAMED:
        held, kinds = source.get(field, field), () if word else GROUPS
        named += [names.of(one, held, _bare(value), kinds, word) for value in _values(rule.get(field), many)]
    if rule.get("self") not in (None, False) or group in named:
        named = [*(who for who in named if who != group), MEMBERS]
    return blocks, named


def _bare(value: object) -> object:
    """A group of another account may be written with it: `123456789012/sg-0a1b`."""
    found = re.fullmatch(r"[0-9]{12}/(.+)", value) if isinstance(value, str) else None
    return found[1] if found else value


def _values(value: object, many: bool) -> Iterable[object]:
    if value is None or value in ("", []):
        return ()
    return value if many and isinstance(value, list) else (value,)


def _kinds(rule: Mapping[str, Any]) -> Iterator[str]:
    """The families that one rule counts in, once for each source (VPC quotas)."""
    for field, many in BLOCKS:
        for _ in _values(rule.get(field), many):
            yield Family.IPV6.label if "6" in field else Family.IPV4.label
    for field, many, _word in NAMED:
        for _ in _values(rule.get(field), many):
            yield from (family.label for family in Family)


def _sizes(
    counted: Mapping[tuple[Direction, str], int], alone: Mapping[tuple[Direction, str], set[str]]
) -> Iterator[Size]:
    for (way, family), count in sorted(counted.items()):
        yield Size(f"{way} rules for {family}", count, LIMIT, frozenset(alone.get((way, family), ())))


AWS_RULES = {way: token for token, way in RULES.items()}


def made(native: Native) -> Iterator[Resource]:
    """The resources that the component makes of them, under names that are equal from one rendering to the next."""
    group = native.security_group_id
    if group is None:
        made = _resource(GROUPS[0], "aws", {"vpcId": native.vpc_id})
        group = made.urn
        yield Resource(made.urn, made.type, made.inputs, id=made.urn)
    for rule in native.rules:
        inputs = _camel(rule.arguments())
        if rule.referenced_security_group_id is SELF:
            inputs["referencedSecurityGroupId"] = group
        yield _resource(AWS_RULES[rule.direction], rule.key, {**inputs, "securityGroupId": group})

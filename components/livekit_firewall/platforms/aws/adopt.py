"""A security group and its rules as `pulumi import` needs them: by `sg-` and `sgr-`.

Source: the section Import of the provider's `SecurityGroup`, `SecurityGroupIngressRule` and `SecurityGroupEgressRule`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from shlex import quote

from ...effective.evaluate import ImportEntry
from ...effective.syntax import block_of
from ...model.addresses import Direction
from ..target_values import known
from .listing import AnyRule, Group
from .names import group_name
from .native import SELF, Native, SecurityGroupRule, flows_of_rule
from .record import EGRESS_RULE, GROUP, INGRESS_RULE
from .target import AwsTarget

RULE = {Direction.INGRESS: INGRESS_RULE, Direction.EGRESS: EGRESS_RULE}
IN_GROUP = "security group"


def content(protocol: str, first: int | None, last: int | None, block: str | None, other: object) -> tuple[object, ...]:
    """What EC2 takes for one rule, whatever its description: a second one is `InvalidPermission.Duplicate`. Of a
    protocol without ports the numbers say nothing.

    Args:
        block, other: the source; `other` is a group, `SELF` for that of the rule, or a prefix list.
    """
    ports = (None, None) if protocol == "-1" else (first, last)
    return protocol, *ports, str(block_of(block, block)) if block else str(other)


def expected(native: Native, component: str, target: AwsTarget) -> Iterator[ImportEntry]:
    """What `AwsFirewall` makes: the groups, unless it is one that was there before, then their rules. Of several groups
    rules name the one that they are in by its logical name.
    """
    home = known(**{IN_GROUP: target.security_group_id})
    if target.security_group_id is None:
        for number in range(1, native.groups + 1):
            yield ImportEntry(type=GROUP, name=group_name(component, number), home=known(VPC=target.vpc_id))
    for rule in native.rules:
        name = f"{component}-{rule.key}"
        if native.groups > 1:
            home = {IN_GROUP: group_name(component, rule.group)}
        yield ImportEntry(type=RULE[rule.direction], name=name, content=content_of(rule), home=home)


def content_of(rule: SecurityGroupRule) -> tuple[object, ...]:
    """The content of a rule that the component makes; that of a block that is not known equals no other."""
    if rule.block:
        return (rule.key,)
    block, other = rule.cidr_ipv4 or rule.cidr_ipv6, rule.referenced_security_group_id or rule.prefix_list_id
    return content(rule.ip_protocol, rule.from_port, rule.to_port, block, other)


def listed_resources(groups: Iterable[Group]) -> Iterator[ImportEntry]:
    """The groups of a listing, then their rules."""
    given = list(groups)
    for group in given:
        yield ImportEntry(
            type=GROUP,
            name=group.name or group.id,
            id=group.id,
            home=known(VPC=group.vpc),
            shown=f"{len(group.rules)} rules",
            removal=f"aws ec2 delete-security-group --group-id {quote(group.id)}",
        )
    yield from (_listed(rule) for group in given for rule in group.rules)


def _listed(rule: AnyRule) -> ImportEntry:
    """A rule that is not understood, or that has not one source, says the same as no other."""
    groups = [SELF if group == rule.group else group for group in rule.groups]
    sources = (*rule.blocks, *groups, *rule.prefix_lists)
    is_plain = len(sources) == 1 and rule.direction is not None and not rule.doubt
    block = rule.blocks[0] if rule.blocks else None
    says = content(rule.protocol, rule.first, rule.last, block, sources[0]) if is_plain else (rule.name,)
    flows = " ".join(flow.shown for flow in flows_of_rule(rule.protocol, rule.first, rule.last, rule.name))
    side = rule.direction or Direction.INGRESS
    which = f"--group-id {quote(rule.group)} --security-group-rule-ids {quote(rule.id or '')}"
    return ImportEntry(
        type=RULE[side],
        name=rule.name,
        id=rule.id or "",
        content=says,
        home={IN_GROUP: rule.group},
        members=(rule.group,),
        shown=" ".join((side, flows, *rule.blocks, *rule.groups, *rule.prefix_lists)),
        removal=f"aws ec2 revoke-security-group-{side} {which}",
    )

"""A security group and its rules as `pulumi import` needs them: by `sg-` and `sgr-`.

Source: the section Import of the provider's `SecurityGroup`, `SecurityGroupIngressRule` and `SecurityGroupEgressRule`.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...effective.evaluate import ImportEntry
from ...effective.syntax import block_of
from ...model.addresses import Direction
from ..platform import known
from .names import group_name
from .native import Native, SecurityGroupRule
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
    """What `AwsFirewall` makes: the group, unless it is one that was there before, then its rules."""
    home = {}
    if target.security_group_id is None:
        yield ImportEntry(type=GROUP, name=group_name(component), home=known(VPC=target.vpc_id))
    else:
        home = known(**{IN_GROUP: target.security_group_id})
    for rule in native.rules:
        name = f"{component}-{rule.key}"
        yield ImportEntry(type=RULE[rule.direction], name=name, content=_content(rule), home=home)


def _content(rule: SecurityGroupRule) -> tuple[object, ...]:
    block = rule.cidr_ipv4 or rule.cidr_ipv6
    return content(rule.ip_protocol, rule.from_port, rule.to_port, block, rule.referenced_security_group_id)

"""What AWS cannot express or hold: checked before anything is created."""

from __future__ import annotations

from collections.abc import Iterator

from ...model.errors import Place, Problem
from ...model.rules import RuleSet
from ..tags import TagLimits, tag_problems
from ..target_values import ipv6_problems
from .sources import source_problems
from .target import AwsTarget

LIMITS = {
    # VPC quotas, "Inbound or outbound rules per security group", counted apart for IPv4 and IPv6: by default.
    "rules per direction and family": AwsTarget().rules_quota,
    # VPC quotas, "Security groups per network interface": by default and at most; and what the product of both
    # quotas cannot exceed.
    "groups per network interface": 5,
    "groups per network interface, raised": 16,
    "rules per network interface": 1000,
    # EC2 API, IpRange.Description and UserIdGroupPair.Description.
    "characters of a description": 255,
}

TAGS = TagLimits(50, 128, 256, r"(?i)aws:", "that does not begin with aws:")
"""EC2 user guide, "Tag restrictions"."""


def request_problems(rules: RuleSet, target: AwsTarget, ipv6: bool) -> Iterator[Problem]:
    """What is wrong before a single rule is made."""
    yield from _target_problems(target)
    yield from tag_problems("aws.tags", target.tags, TAGS, ("Name",))
    yield from tag_problems("aws.rule_tags", target.rule_tags, TAGS)
    yield from source_problems(rules, target)
    if not ipv6:
        yield from ipv6_problems(rules)


def _target_problems(target: AwsTarget) -> Iterator[Problem]:
    if target.vpc_id is None and target.security_group_id is None:
        yield Problem(
            Place("aws.vpc_id"),
            "",
            "the VPC of the new security group, or aws.security_group_id of an existing one",
            "set exactly one of the two",
        )
    if target.vpc_id is not None and target.security_group_id is not None:
        yield Problem(
            Place("aws.security_group_id"),
            "aws.vpc_id as well",
            "either an existing security group or the VPC of a new one",
            "remove aws.vpc_id to add the rules to the existing group",
        )
    if target.security_group_id is None and target.egress is False:
        yield Problem(
            Place("aws.egress"),
            "false",
            "true, or left out, for a new security group",
            "nothing leaves a group without egress rules, and the node needs DNS, STUN, ICE and Redis; "
            "to manage egress elsewhere, create the group yourself and give aws.security_group_id",
        )
    if target.security_group_id is None and target.existing_rules:
        yield Problem(
            Place("aws.existing_rules"),
            str(target.existing_rules),
            "given only together with aws.security_group_id",
            "a new security group has no rules; remove it",
        )
    yield from _group_problems(target)
    yield from _baseline_problems(target)


def _group_problems(target: AwsTarget) -> Iterator[Problem]:
    if target.groups > 1 and target.security_group_id is not None:
        yield Problem(
            Place("aws.groups"),
            f"{target.groups}, and aws.security_group_id",
            "1, or left out, for an existing security group",
            "rules are spread over new groups only: give aws.vpc_id in place of aws.security_group_id, and have the "
            "nodes in the existing group as well",
        )
    most = LIMITS["rules per network interface"]
    if target.groups * target.rules_quota > most:
        yield Problem(
            Place("aws.groups"),
            f"{target.groups} groups of aws.rules_quota: {target.rules_quota}, {target.groups * target.rules_quota}",
            f"at most {most} rules on a network interface: AWS multiplies the two quotas",
            f"set at most {most // target.rules_quota} groups of {target.rules_quota} rules, or "
            f"{target.groups} groups of at most {most // target.groups}",
        )


def _baseline_problems(target: AwsTarget) -> Iterator[Problem]:
    """ICMP and egress that are left to others, or would be removed with what others have made."""
    if not target.baseline and target.security_group_id is None:
        yield Problem(
            Place("aws.baseline"),
            "false",
            "true, or left out, for a new security group",
            "nobody else writes ICMP and egress rules there; give aws.security_group_id of a group that has them",
        )
    if not target.baseline and target.egress:
        yield Problem(
            Place("aws.egress"),
            "true, and aws.baseline: false",
            "left out where the baseline is left to others, as egress is a part of it",
            "remove one of the two",
        )
    if target.exclusive and not target.baseline:
        yield Problem(
            Place("aws.exclusive"),
            "true, and aws.baseline: false",
            "false where the baseline is left to others, since every rule of others is removed",
            "remove one of the two",
        )
    elif target.exclusive and target.security_group_id is not None and not target.egress:
        yield Problem(
            Place("aws.exclusive"),
            "true",
            "given together with aws.egress: true for an existing group, since every rule of others is removed, those "
            "of egress too",
            "set aws.egress: true; the rule to anywhere then replaces what the group has",
        )

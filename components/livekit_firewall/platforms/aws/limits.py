"""What AWS cannot express or hold: checked before anything is created."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ...model.addresses import Direction, Family, Identity
from ...model.errors import Place, Problem
from ...model.rules import RuleSet
from ...model.text import quoted
from ..platform import PLACEHOLDER, ipv6_problems
from .native import SecurityGroupRule
from .target import AwsTarget

LIMITS = {
    # VPC quotas, "Inbound or outbound rules per security group", counted apart for IPv4 and IPv6.
    "rules per direction and family": 60,
    # EC2 API, IpRange.Description and UserIdGroupPair.Description.
    "characters of a description": 255,
}

# Lenient after the prefix; an account in front of it is how a group of a peered VPC is named.
_GROUP_ID = re.compile(rf"{PLACEHOLDER}|([0-9]{{12}}/)?sg-[a-zA-Z0-9-]+")


def load_balancers(target: AwsTarget) -> tuple[tuple[str, object], ...]:
    """The load balancer's groups, each with its name: "" for one of a list, where the id is the name."""
    given = target.load_balancer_security_group_ids or ()
    return tuple(given.items() if isinstance(given, Mapping) else (("", one) for one in dict.fromkeys(given)))


def request_problems(rules: RuleSet, target: AwsTarget, ipv6: bool) -> Iterator[Problem]:
    """What is wrong before a single rule is made."""
    yield from _target_problems(target)
    yield from _load_balancer_problems(rules, target)
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
    yield from _baseline_problems(target)


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


def _load_balancer_problems(rules: RuleSet, target: AwsTarget) -> Iterator[Problem]:
    place = Place("aws.load_balancer_security_group_ids")
    given = target.load_balancer_security_group_ids
    if given is None and Identity.LOAD_BALANCER in rules.identities:
        services = dict.fromkeys(
            rule.service.label for rule in rules.ingress if rule.peer.identity is Identity.LOAD_BALANCER
        )
        yield Problem(
            place,
            "",
            f"the security groups of the load balancer, which alone may reach {', '.join(services)}",
            "set it, or name the load balancer by its addresses in load_balancer.cidrs",
        )
    if given is None:
        return
    if not isinstance(given, list | tuple | Mapping):
        yield Problem(place, "an output", "a mapping from names of your own to ids", NAMED)
        return
    if not given:
        yield Problem(
            place, "nothing", "at least one security group id", "remove it if no load balancer stands in front"
        )
    for name, one in load_balancers(target):
        if isinstance(one, str) and not _GROUP_ID.fullmatch(one):
            yield Problem(
                Place(f"{place.path}.{name}" if name else place.path),
                quoted(one),
                "the id of a security group, such as sg-0123456789abcdef0",
                "blocks of addresses go to load_balancer.cidrs",
            )
        elif not name and not isinstance(one, str):
            yield Problem(
                place, "a list with an output of another resource", "a mapping, where an id is not known yet", NAMED
            )
    yield from _same_ids(given, place)


NAMED = "give each a name, which its rules keep: {alb: GROUP.id}"


def _same_ids(given: object, place: Place) -> Iterator[Problem]:
    names: dict[str, list[str]] = {}
    for name, one in given.items() if isinstance(given, Mapping) else ():
        if isinstance(one, str):
            names.setdefault(one, []).append(name)
    for one, twins in names.items():
        if len(twins) > 1:
            got = f"{quoted(one)} as {', '.join(twins)}"
            yield Problem(place, got, "one name for each security group", "AWS refuses the same rule twice; remove one")


def quota_problems(made: Sequence[SecurityGroupRule], target: AwsTarget) -> Iterator[Problem]:
    """More rules than a group holds.

    A reference to a group counts in both families: the pages of the documentation
    disagree on it, and running into the quota leaves a group half made. So do the rules of an existing group.
    """
    for direction in Direction:
        for family in Family:
            mine = [rule for rule in made if rule.direction is direction and _counts_in(rule, family)]
            if mine and len(mine) + target.existing_rules > LIMITS["rules per direction and family"]:
                yield _over_quota(mine, direction, family, target.existing_rules)


def _counts_in(rule: SecurityGroupRule, family: Family) -> bool:
    return (rule.cidr_ipv6 if family is Family.IPV4 else rule.cidr_ipv4) is None


def _over_quota(rules: Sequence[SecurityGroupRule], direction: Direction, family: Family, existing: int) -> Problem:
    label = "IPv4" if family is Family.IPV4 else "IPv6"
    fewer = [rule for rule in rules if rule.ip_protocol in ("tcp", "udp")]  # those that blocks make
    largest = Counter(rule.description.partition(":")[0] for rule in fewer).most_common(3)
    takes = ", ".join(f"{service} takes {count}" for service, count in largest)
    return Problem(
        Place("aws"),
        f"{len(rules) + existing}, {existing} of them existing" if existing else str(len(rules)),
        f"at most {LIMITS['rules per direction and family']} {label} {direction} rules in one security group",
        f"name fewer, larger blocks ({takes}), or a load balancer by its security group",
    )

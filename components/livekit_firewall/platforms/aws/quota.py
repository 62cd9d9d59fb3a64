"""Whether the groups hold the rules, and what would make them fit: told before anything is created."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from ...model.addresses import Direction, Family
from ...model.errors import Place, Problem
from ...model.text import few
from .limits import LIMITS
from .native import SecurityGroupRule
from .spread import spread
from .target import AwsTarget

Rules = Sequence[SecurityGroupRule]


class _Full(NamedTuple):
    """The rules of one direction and family in the group that has the most of them."""

    direction: Direction
    family: Family
    group: int
    rules: Rules


def quota_problems(made: Rules, target: AwsTarget, merged: Callable[[], Rules]) -> Iterator[Problem]:
    """More rules than a group holds.

    A reference to a group counts in both families: the pages of the documentation disagree on it, and running into the
    quota leaves a group half made. So do the rules of an existing group, a block that is not known yet, and a prefix
    list, of which each entry that it may have counts.

    Args:
        made: the rules, not spread yet.
        merged: gives those that `aws.merge_rules` would make of them.
    """
    over = [one for one in _fullest(made, target.groups) if _count(one, target) > target.rules_quota]
    if over:
        ways = tuple(_ways(made, target, max(_count(one, target) for one in over), merged))
        yield from (_over_quota(one, target, ways) for one in over)


def _count(one: _Full, target: AwsTarget) -> int:
    return _entries(one.rules) + target.existing_rules


def _entries(rules: Rules) -> int:
    return sum(rule.entries for rule in rules)


def _fullest(made: Rules, groups: int) -> Iterator[_Full]:
    sides: dict[tuple[Direction, Family], dict[int, list[SecurityGroupRule]]] = {
        (direction, family): {} for direction in Direction for family in Family
    }
    for rule in spread(made, groups):
        for family in Family:
            if rule.is_in_ipv4 if family is Family.IPV4 else rule.is_in_ipv6:
                sides[rule.direction, family].setdefault(rule.group, []).append(rule)
    for (direction, family), mine in sides.items():
        if mine:
            group = max(sorted(mine), key=lambda number: _entries(mine[number]))
            yield _Full(direction, family, group, mine[group])


def _over_quota(full: _Full, target: AwsTarget, ways: Iterable[str]) -> Problem:
    count, label = _count(full, target), "IPv4" if full.family is Family.IPV4 else "IPv6"
    got = f"{count}, {target.existing_rules} of them existing" if target.existing_rules else str(count)
    fewer = [rule for rule in full.rules if rule.ip_protocol in ("tcp", "udp")]  # those that blocks make
    entries = Counter[str]()
    for rule in fewer:
        entries[rule.description.partition(":")[0]] += rule.entries
    largest = entries.most_common(3)
    takes = ", ".join(f"{service} takes {number}" for service, number in largest)
    blocks = f"name fewer, larger blocks ({takes}), or a load balancer by its security group"
    return Problem(
        Place("aws"),
        f"{got} in group {full.group} of {target.groups}" if target.groups > 1 else got,
        f"at most {target.rules_quota} {label} {full.direction} rules in one security group",
        ", or ".join((*ways, blocks)),
    )


def _ways(made: Rules, target: AwsTarget, needed: int, merged: Callable[[], Rules]) -> Iterator[str]:
    """What would make all of them fit, each on its own."""
    most = LIMITS["rules per network interface"]
    if groups := _enough_groups(made, target):
        default = LIMITS["groups per network interface"]
        more = f" (more than {default} on an interface is another quota that AWS raises)" if groups > default else ""
        yield f"set aws.groups: {groups}{more}"
    if text := _merge(made, target, merged):
        yield text
    if needed * target.groups <= most:
        yield f"set aws.rules_quota to what AWS has raised the quota to, {needed} or more"


def _enough_groups(made: Rules, target: AwsTarget) -> int | None:
    """The smallest number of groups that hold them; only new ones can be several."""
    if target.security_group_id is not None:
        return None
    most = min(
        LIMITS["groups per network interface, raised"], LIMITS["rules per network interface"] // target.rules_quota
    )
    return next((groups for groups in range(target.groups + 1, most + 1) if _fits(made, target, groups)), None)


def _fits(made: Rules, target: AwsTarget, groups: int) -> bool:
    return all(_count(one, target) <= target.rules_quota for one in _fullest(made, groups))


def _merge(made: Rules, target: AwsTarget, merged: Callable[[], Rules]) -> str:
    """The exact merges, where they are enough; "" where they are not, as when they are made already."""
    after = merged()
    if not _fits(after, target, target.groups):
        return ""
    old = {rule.key for rule in made}
    joined = [_ports(rule, of) for rule in after if rule.key not in old and (of := _within(rule, made))]
    counts = Counter(joined)
    names = few([f"{ports}, {count} times" if count > 1 else ports for ports, count in counts.most_common()], 3)
    fewer = f"{len(after)} rules of {len(made)}"
    return f"set aws.merge_rules: true, which makes {fewer} and admits exactly the same ({names})"


def _within(rule: SecurityGroupRule, made: Rules) -> Rules:
    """What a merged rule is made of."""
    return [one for one in made if _source(one) == _source(rule) and _covers(rule, one)]


def _source(rule: SecurityGroupRule) -> tuple[object, ...]:
    return (rule.ip_protocol, rule.cidr_ipv4, rule.cidr_ipv6, rule.referenced_security_group_id, rule.prefix_list_id)


def _covers(rule: SecurityGroupRule, one: SecurityGroupRule) -> bool:
    ends = rule.from_port, one.from_port, one.to_port, rule.to_port
    known = [end for end in ends if end is not None]
    return len(known) == len(ends) and known == sorted(known)


def _ports(rule: SecurityGroupRule, of: Rules) -> str:
    """`tcp/5060 and tcp/5061 become tcp/5060-5061`."""
    return f"{' and '.join(_named(one) for one in of)} become {_named(rule)}"


def _named(rule: SecurityGroupRule) -> str:
    return f"{rule.ip_protocol}/{rule.from_port}" + (f"-{rule.to_port}" if rule.to_port != rule.from_port else "")

"""What is wrong with the security groups and prefix lists that a target names as sources."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ...model.addresses import Identity
from ...model.errors import Place, Problem
from ...model.ports import PortRange
from ...model.rules import RuleSet
from ...model.text import quoted
from ..by_audience import ARGUMENTS, addresses_of, unnamed_identities
from ..platform import PLACEHOLDER
from .permissions import bare
from .target import AwsTarget

GROUP = "the id of a security group, such as sg-0123456789abcdef0"
LIST = "the id of a prefix list, such as pl-0123456789abcdef0"

# Lenient after the prefix; an account in front of it is how a group of a peered VPC is named.
_GROUP_ID = re.compile(rf"{PLACEHOLDER}|([0-9]{{12}}/)?sg-[a-zA-Z0-9-]+")
_LIST_ID = re.compile(rf"{PLACEHOLDER}|pl-[a-zA-Z0-9-]+")

BALANCERS = "aws.load_balancer_security_group_ids"
NAMED = "give each a name, which its rules keep: {alb: GROUP.id}"


def source_problems(rules: RuleSet, target: AwsTarget) -> Iterator[Problem]:
    """Ids that are none, audiences without any, and what would be the same rule twice."""
    given = target.load_balancer_security_group_ids
    unnamed = rules.identities - target.names
    if Identity.LOAD_BALANCER in unnamed and given is None:
        yield _no_balancer(rules)
    yield from unnamed_identities(rules, target.names | {Identity.LOAD_BALANCER}, "aws.security_groups")
    if given is not None and not isinstance(given, list | tuple | Mapping):
        yield Problem(Place(BALANCERS), "an output", "a mapping from names of your own to ids", NAMED)
        return
    if given is not None and not given:
        hint = "remove it if no load balancer stands in front"
        yield Problem(Place(BALANCERS), "nothing", "at least one security group id", hint)
    named = list(_named(target))
    for one in named:
        yield from _id_problems(one)
    yield from _incomplete_lists(target)
    yield from _names_twice(target)
    yield from _same_ids(named)
    yield from _same_rules(rules, named)


def _no_balancer(rules: RuleSet) -> Problem:
    services = dict.fromkeys(
        rule.service.label for rule in rules.ingress if rule.peer.identity is Identity.LOAD_BALANCER
    )
    expected = f"the security groups of the load balancer, which alone may reach {', '.join(services)}"
    return Problem(
        Place(BALANCERS), "", expected, "set it, or name the load balancer by its addresses in load_balancer.cidrs"
    )


def sources(target: AwsTarget) -> dict[Identity, tuple[str, ...]]:
    """The ids of each audience's groups and prefix lists."""
    return {
        audience: (
            *(str(bare(one)) for _, one in target.groups_of(audience)),
            *(str(each.id) for _, each in target.lists_of(audience)),
        )
        for audience in ARGUMENTS
    }


def not_known(target: AwsTarget) -> Iterator[tuple[Identity, str]]:
    """A prefix list may be of anybody: of AWS, of another account, or changed at any time."""
    for audience, argument in ARGUMENTS.items():
        for name, one in target.lists_of(audience):
            which = f"the prefix list {one.id}" if isinstance(one.id, str) else "a prefix list"
            where = f"aws.prefix_lists.{argument}.{name}"
            yield audience, f"Which addresses {which} ({where}) holds is not known here: whoever keeps it decides."


class _Named(NamedTuple):
    """A group or a prefix list of an audience; `name` is "" where it is one of a list."""

    audience: Identity
    name: str
    id: object
    path: str
    is_list: bool = False


def _named(target: AwsTarget) -> Iterator[_Named]:
    for audience, argument in ARGUMENTS.items():
        own = target.security_groups.of(audience)
        groups = target.groups_of(audience)
        for name, one in groups[: len(groups) - len(own)]:
            yield _Named(audience, name, one, f"{BALANCERS}.{name}" if name else BALANCERS)
        for name, one in own.items():
            yield _Named(audience, name, one, f"aws.security_groups.{argument}.{name}")
        for name, each in target.lists_of(audience):
            yield _Named(audience, name, each.id, f"aws.prefix_lists.{argument}.{name}", is_list=True)


def _id_problems(one: _Named) -> Iterator[Problem]:
    expected, shape = (LIST, _LIST_ID) if one.is_list else (GROUP, _GROUP_ID)
    if isinstance(one.id, str) and not shape.fullmatch(one.id):
        hint = f"blocks of addresses go to {addresses_of(one.audience)}"
        yield Problem(Place(one.path), quoted(one.id), expected, hint)
    elif not one.name and not isinstance(one.id, str):
        yield Problem(
            Place(one.path),
            "a list with an output of another resource",
            "a mapping, where an id is not known yet",
            NAMED,
        )


def _incomplete_lists(target: AwsTarget) -> Iterator[Problem]:
    for audience, argument in ARGUMENTS.items():
        for name, one in target.lists_of(audience):
            place = f"aws.prefix_lists.{argument}.{name}"
            if one.id is None:
                yield Problem(Place(f"{place}.id"), "", LIST)
            if one.max_entries is None:
                expected = "is required: the most entries that it may have, as they count towards the quota of rules"
                hint = "MaxEntries of aws ec2 describe-managed-prefix-lists; of a list of AWS, its weight"
                yield Problem(Place(f"{place}.max_entries"), "", expected, hint)


def _names_twice(target: AwsTarget) -> Iterator[Problem]:
    given = target.load_balancer_security_group_ids
    twice = target.security_groups.of(Identity.LOAD_BALANCER).keys() & (given if isinstance(given, Mapping) else {})
    for name in sorted(twice):
        place = Place(f"aws.security_groups.load_balancer.{name}")
        yield Problem(place, "", f"another name than in {BALANCERS}", "remove one of the two")


def _same_ids(named: Iterable[_Named]) -> Iterator[Problem]:
    """Of one audience."""
    twins: dict[tuple[Identity, object], list[_Named]] = defaultdict(list)
    for one in named:
        if key := _which(one):
            twins[one.audience, key].append(one)
    for (_, key), same in twins.items():
        if len(same) > 1 and all(one.name for one in same):
            path, _, _ = same[0].path.rpartition(".")
            got = f"{key if isinstance(key, str) else 'one output'} as {', '.join(one.name for one in same)}"
            kind = "prefix list" if same[0].is_list else "security group"
            yield Problem(Place(path), got, f"one name for each {kind}", "AWS refuses the same rule twice; remove one")


def _same_rules(rules: RuleSet, named: Iterable[_Named]) -> Iterator[Problem]:
    """Of two audiences that may reach the same port."""
    by_audience: dict[Identity, list[_Named]] = defaultdict(list)
    for one in named:
        by_audience[one.audience].append(one)
    held: dict[tuple[PortRange, object], _Named] = {}
    for rule in rules.ingress:
        for one in by_audience.get(rule.peer.identity, ()) if rule.peer.identity else ():
            other = held.setdefault((rule.ports, _which(one) or object()), one)
            if other.audience is not one.audience:
                expected = f"another one than {other.path}: both may reach {rule.ports}, and AWS refuses a rule twice"
                yield Problem(Place(one.path), "", expected, "leave it out for one of the two audiences")


def _which(one: _Named) -> object:
    """What tells two apart, as far as it is known; None where it is not."""
    if isinstance(one.id, str):
        return quoted(one.id) if one.id != PLACEHOLDER else None
    return id(one.id) if one.id is not None else None

"""Which component of a program writes which rules to an existing group: EC2 holds each rule of a group once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from weakref import WeakKeyDictionary

from msgspec import Struct

from ...effective.update import some
from ...model.errors import Place, Problem
from ..running import of_this_program
from .adopt import content_of
from .native import Native, SecurityGroupRule
from .target import AwsTarget


class _Claim(Struct, frozen=True):
    """One component's rules in the group."""

    by: str
    rules: tuple[SecurityGroupRule, ...]
    is_exclusive: bool


_claims: WeakKeyDictionary[Any, dict[str, list[_Claim]]] = WeakKeyDictionary()


def taken(target: AwsTarget, native: Native, me: str) -> Iterator[Problem]:
    """What another component of the program has in the group already, as far as the id of the group is known."""
    group = target.security_group_id
    there = _there(group)
    if there and (target.exclusive or any(claim.is_exclusive for claim in there)):
        others = some(claim.by for claim in there)
        yield Problem(
            Place("aws.exclusive"),
            str(target.exclusive).lower(),
            f"false for every component that writes rules to {group}, since the rules of the others would be removed; "
            f"{me} does, and so does {others}",
            "leave it out, or give each a group of its own",
        )
        return
    for claim in there:
        yield from _doubled(claim, native, str(group), me)


def take(target: AwsTarget, native: Native, me: str) -> None:
    """Reserve the rules, for as long as the program runs."""
    if isinstance(target.security_group_id, str):
        groups = of_this_program(_claims)
        groups.setdefault(target.security_group_id, []).append(_Claim(me, native.rules, target.exclusive))


def _there(group: object) -> Sequence[_Claim]:
    return of_this_program(_claims).get(group, ()) if isinstance(group, str) else ()


def _doubled(claim: _Claim, native: Native, group: str, me: str) -> Iterator[Problem]:
    theirs = {(rule.direction, content_of(rule)) for rule in claim.rules if _is_known(rule)}
    twice = [rule for rule in native.rules if _is_known(rule) and (rule.direction, content_of(rule)) in theirs]
    of_baseline = [rule.key for rule in twice if rule.is_baseline]
    others = [rule.key for rule in twice if not rule.is_baseline]
    where = f"since a group holds a rule once, and {claim.by} writes to {group} as well what {me} would"
    if of_baseline:
        yield Problem(
            Place("aws.baseline"),
            "true",
            f"false in all but one component, {where}: {some(of_baseline)}",
            "set aws.baseline: false, and leave aws.egress out: ICMP and egress are then left to the other one",
        )
    if others:
        yield Problem(
            Place("aws.security_group_id"),
            group,
            f"a group in which no other component writes the same rules, {where}: {some(others)}",
            "leave these ports or sources to one of the two, or give each a group of its own",
        )


def _is_known(rule: SecurityGroupRule) -> bool:
    """Whether its source is: two outputs may be the same group, or not."""
    ids = (rule.referenced_security_group_id, rule.prefix_list_id)
    return rule.block is None and all(isinstance(one, str | None) for one in ids)

"""Which component of a program writes which rules to an existing group: EC2 holds each rule of a group once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from ...effective.update import some
from ...model.errors import Place, Problem
from ..claims import GroupClaims, shown
from .adopt import content_of
from .native import Native, SecurityGroupRule
from .target import AwsTarget


class _Claim(Struct, frozen=True):
    """One component's rules in the group."""

    by: str
    rules: tuple[SecurityGroupRule, ...]
    is_exclusive: bool


_claims: GroupClaims[_Claim] = GroupClaims()


def taken(target: AwsTarget, native: Native, me: str) -> Iterator[Problem]:
    """What another component of the program has in the group already, as far as it is known to be the same group."""
    yield from _problems(_claims.there(target.security_group_id), target, native, me)


def take(target: AwsTarget, native: Native, me: str) -> Callable[[object], list[Problem]]:
    """Reserve the rules, for as long as the program runs.

    Returns:
        what is wrong with the id of the group, where that is an output, once it is known.
    """
    claim = _Claim(me, native.rules, target.exclusive)
    _claims.take(target.security_group_id, claim)
    return _claims.once_known(claim, lambda there: _problems(there, target, native, me))


def _problems(there: Sequence[_Claim], target: AwsTarget, native: Native, me: str) -> Iterator[Problem]:
    group = shown(target.security_group_id)
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
        yield from _doubled(claim, native, group, me)


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

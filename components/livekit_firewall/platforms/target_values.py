"""What every platform asks of the values of its target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from ..model.addresses import Family
from ..model.errors import Place, Problem
from ..model.rules import RuleSet
from .platform import PLACEHOLDER


def known(**places: object) -> dict[str, str]:
    """The values that are known: no placeholders, and no outputs of other resources."""
    return {name: value for name, value in places.items() if isinstance(value, str) and value not in ("", PLACEHOLDER)}


def ipv6_problems(rules: RuleSet) -> Iterator[Problem]:
    """Rules for IPv6 where `ipv6: false` closed it: a platform refuses them, it never drops one."""
    for rule in rules.ingress:
        if any(block.family is Family.IPV6 for block in rule.peer.blocks):
            got = f"false, and {rule.service.label} {rule.ports} from {rule.peer}"
            hint = "restrict the rule to IPv4 blocks, or leave ipv6 out"
            yield Problem(Place("ipv6"), got, "no rule for IPv6 where ipv6 is false", hint)


Member = TypeVar("Member")


def members_named(values: Sequence[Member] | None, path: str, problems: list[Problem]) -> Sequence[Member]:
    """The members of a target's list; none where it is left out."""
    if values is None:
        return ()
    if not isinstance(values, list | tuple) or not values:
        got = "an empty list" if isinstance(values, list | tuple) else type(values).__name__
        problems.append(Problem(Place(path), got, "a list that is not empty", "leave it out if it is not meant"))
        return ()
    return values

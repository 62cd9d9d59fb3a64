"""Which component of a program has which priorities of an existing group: Azure takes each once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from ...effective.update import some
from ...model.errors import Place, Problem
from ..claims import GroupClaims
from .native import Native


class _Claim(Struct, frozen=True):
    """One component's priorities in the group."""

    by: str
    priorities: frozenset[int]


_claims: GroupClaims[_Claim] = GroupClaims()


def taken(native: Native, me: str) -> Iterator[Problem]:
    """What another component of the program has in the group already, as far as it is known to be the same group."""
    yield from _problems(_claims.there(native.group_id), native, me)


def take(native: Native, me: str) -> Callable[[object], list[Problem]]:
    """Reserve the priorities, for as long as the program runs.

    Returns:
        what is wrong with the id of the group, where that is an output, once it is known.
    """
    claim = _Claim(me, _priorities(native))
    _claims.take(native.group_id, claim)
    return _claims.once_known(claim, lambda there: _problems(there, native, me))


def _problems(there: Sequence[_Claim], native: Native, me: str) -> Iterator[Problem]:
    for claim in there:
        twice = sorted(_priorities(native) & claim.priorities)
        if twice:
            yield Problem(
                Place("azure.first_priority"),
                str(native.security_rules[0].priority),
                f"another one, since {claim.by} has priorities in the group that {me} would have: "
                f"{some(map(str, twice))}",
                "give each a number that differs by no multiple of 25, and azure.deny_all: false to all but one",
            )


def _priorities(native: Native) -> frozenset[int]:
    return frozenset(rule.priority for rule in native.security_rules)

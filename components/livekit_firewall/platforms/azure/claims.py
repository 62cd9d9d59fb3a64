"""Which component of a program has which priorities of an existing group: Azure takes each once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

from msgspec import Struct

from ...effective.update import some
from ...model.errors import Place, Problem
from ..running import of_this_program
from .native import Native


class _Claim(Struct, frozen=True):
    """One component's priorities in the group."""

    by: str
    priorities: frozenset[int]


_claims: WeakKeyDictionary[Any, dict[str, list[_Claim]]] = WeakKeyDictionary()


def taken(native: Native, me: str) -> Iterator[Problem]:
    """What another component of the program has in the group already, as far as the id of the group is known."""
    for claim in of_this_program(_claims).get(_group(native), ()):
        twice = sorted(_priorities(native) & claim.priorities)
        if twice:
            yield Problem(
                Place("azure.first_priority"),
                str(native.security_rules[0].priority),
                f"another one, since {claim.by} has priorities in the group that {me} would have: "
                f"{some(map(str, twice))}",
                "give each a number that differs by no multiple of 25, and azure.deny_all: false to all but one",
            )


def take(native: Native, me: str) -> None:
    """Reserve the priorities, for as long as the program runs."""
    if group := _group(native):
        groups = of_this_program(_claims)
        groups.setdefault(group, []).append(_Claim(me, _priorities(native)))


def _group(native: Native) -> str:
    """Azure compares ids ignoring case."""
    return native.group_id.lower() if isinstance(native.group_id, str) else ""


def _priorities(native: Native) -> frozenset[int]:
    return frozenset(rule.priority for rule in native.security_rules)

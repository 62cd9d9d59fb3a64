"""Which components of a program write to which existing group: by its id, as soon as that is known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from ..model.errors import Problem
from .running import of_this_program

C = TypeVar("C")

UNNAMED = "the existing group"
"""In place of an id that is an output: it may be a secret."""


class GroupClaims(Generic[C]):
    """What each component writes to a group. Two that are given the same output have the same group; of other outputs
    that is known when their values are.
    """

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[Any, dict[object, list[C]]] = WeakKeyDictionary()

    def there(self, group: object) -> Sequence[C]:
        """What other components of the program that runs write to it; a group that comes is nobody else's."""
        return () if group is None else of_this_program(self._kept).get(_key(group), ())

    def take(self, group: object, claim: C) -> None:
        """Note what a component writes, for as long as the program runs."""
        if group is not None:
            of_this_program(self._kept).setdefault(_key(group), []).append(claim)

    def once_known(
        self, claim: C, problems: Callable[[Sequence[C]], Iterable[Problem]]
    ) -> Callable[[object], list[Problem]]:
        """What is wrong with a group whose id is an output, to be called with its value: the claims by then decide.

        Args:
            problems: of the claims that are there.
        """
        kept = of_this_program(self._kept)

        def judge(known: object) -> list[Problem]:
            there = kept.setdefault(_key(known), [])
            if found := list(problems(there)):
                return found
            there.append(claim)
            return []

        return judge


def shown(group: object) -> str:
    """A group in a message."""
    return group if isinstance(group, str) else UNNAMED


def _key(group: object) -> object:
    """Azure compares ids ignoring case, and those of AWS have one case."""
    return group.lower() if isinstance(group, str) else group

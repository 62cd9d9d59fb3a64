"""The orders in which an engine may take what a plan makes, and what a cloud that is played refuses on the way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import permutations
from typing import Protocol, TypeVar

MOVING = ("create", "update", "replace")


class Refused(Exception):
    """What the API answers, or the provider before it asks."""


class HasOperation(Protocol):
    op: str


Own = TypeVar("Own", bound=HasOperation)


def worlds(own: Iterable[Own], run: Callable[[tuple[Own, ...]], set[int]]) -> Iterator[set[int] | None]:
    """What is there at the end, for each order of what is made or changed; None where it stops half way."""
    for order in permutations([one for one in own if one.op in MOVING]):
        try:
            yield run(order)
        except Refused:
            yield None

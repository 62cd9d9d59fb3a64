"""Which component of a program a host's table and files belong to: one each."""

from __future__ import annotations

import os.path
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

import pulumi

from ..model.errors import Place, Problem
from ..model.text import quoted
from ..platforms.nftables.target import HostTarget
from ..platforms.running import of_this_program
from .standalone.boot import RULESET, UNIT

TABLE = "the table inet livekit"

_claims: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()
"""What is taken, by which component."""


def owner(component: pulumi.Resource) -> dict[str, Any]:
    """`project`, `stack` and `component`, the URN, as the providers mark what they write with.

    The URN is awaited, not depended upon: a child that depends on its parent waits for itself.
    """

    async def urn() -> str | None:
        return await component.urn.future()

    return {
        "project": pulumi.get_project(),
        "stack": pulumi.get_stack(),
        "component": pulumi.Output.from_input(urn()),
    }


def taken(target: HostTarget, me: str) -> Iterator[Problem]:
    """What the target is to write and another component of the program has already."""
    told = set()
    for what, (place, got) in _wanted(target).items():
        other = of_this_program(_claims).get(what)
        if other is None or place in told:
            continue
        told.add(place)
        yield Problem(
            place, got, f"of one component of the program only: {other} has {what} already, so {me} cannot have it",
            "leave it out of one of them" if place == APPLY else "give each a file of its own",
        )  # fmt: skip


def take(target: HostTarget, me: str) -> None:
    """Reserve what the target is to write, for as long as the program runs."""
    of_this_program(_claims).update(dict.fromkeys(_wanted(target), me))


PATH, APPLY = Place("host.path"), Place("host.apply")


def _wanted(target: HostTarget) -> dict[str, tuple[Place, str]]:
    """What the target is to write, each with the argument that asks for it. A file is one under any spelling."""
    found = {}
    if target.path is not None:
        with suppress(ValueError):  # no path at all, as the resource tells
            found[os.path.realpath(target.path)] = PATH, quoted(target.path, 500)
    if target.apply:
        found |= dict.fromkeys((TABLE, RULESET, UNIT), (APPLY, "true"))
    return found

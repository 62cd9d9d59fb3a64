"""Who a host's table and files belong to, as a program tells it: one component each."""

from __future__ import annotations

import os.path
from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

import pulumi

from ...errors import Place, Problem
from ...targets import HostTarget
from .live.boot import RULESET, UNIT

TABLE = "the table inet livekit"

_claims: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()
"""By the program's stack, of which a process may run several: what is taken, by which component."""


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


def claim(target: HostTarget, name: str, parent: pulumi.Resource | None) -> Iterator[Problem]:
    """Take what the component is to write, for as long as the program runs. What another one took is a problem; then
    nothing is taken.
    """
    root = pulumi.runtime.get_root_resource()
    wanted: dict[str, tuple[Place, str]] = {}
    if target.path is not None:
        wanted[os.path.realpath(target.path)] = Place("host.path"), repr(target.path)
    if target.apply:
        wanted |= {what: (Place("host.apply"), "true") for what in (TABLE, RULESET, UNIT)}
    taken = _claims.setdefault(root, {}) if root else {}
    others = {what: taken[what] for what in wanted if what in taken}
    me = f"{name!r}" if parent in (None, root) else f"{name!r} in {parent.pulumi_resource_name!r}"
    if not others:
        taken.update(dict.fromkeys(wanted, me))
    told = set()
    for what, other in others.items():
        place, got = wanted[what]
        if place in told:
            continue
        told.add(place)
        yield Problem(
            place, got, f"of one component of the program only: {other} has {what} already, so {me} cannot have it",
            "leave it out of one of them" if target.apply else "give each a file of its own",
        )  # fmt: skip

"""Whose the ruleset of this machine is: nothing of others is overwritten or removed."""

import os

from . import boot, rollback
from .machine import Machine, bare_digest
from .mark import NOBODY, Mark, of_table, of_text, remarking
from .stopped import Stopped

TABLE = "the table inet livekit"
RELEASE = "livekit-firewall host release"


def marks(machine: Machine, *, settled: bool = False) -> "dict[str, Mark | None]":
    """What of livekit-firewall is on this machine, by its name in a sentence, with its mark; None has none.

    Args:
        settled: no run is open, so the table in force is the one to judge. Otherwise a table that waits for its
            confirmation counts as what is put back without one.
    """
    found: dict[str, Mark | None] = {}
    run, table = rollback.latest(machine), machine.in_force()
    if (
        not settled
        and run
        and not (run.decision or run.is_restored)
        and run.loaded
        and bare_digest(table) == run.loaded
    ):
        # Its text begins with the removal of the table.
        has_table, listed = "\ntable inet livekit {" in run.previous, run.previous
    else:
        has_table, listed = table is not None, table or ""
    if has_table:
        found[TABLE] = of_table(listed)
    for path in (boot.RULESET, boot.UNIT):
        place = machine.at(path)
        if os.path.lexists(place) and not boot.foreign(machine, path):
            found[path] = of_text(place.read_text(encoding="utf-8", errors="replace"))
    if run and run.decision == rollback.CONFIRMED and not run.is_restored:
        found[str(run.folder)] = of_text(run.owner)
    return found


def problems(machine: Machine, owner: "Mark | None", was: "Mark | None", *, exists: bool) -> "list[str]":
    """Why the owner may not put its ruleset in force here. Changes nothing.

    Args:
        was: the owner as the state has it: after `pulumi stack rename` it is another one.
        exists: the state holds the resource, so what has no mark is its own, from an older release or by hand.
    """
    stacks = {(one.project, one.stack) for one in (owner, was) if one}
    others: dict[Mark, list[str]] = {}
    unmarked = []
    for what, mark in marks(machine).items():
        if mark is None:
            unmarked += [] if exists or owner is None else [what]
        elif mark != NOBODY and (mark.project, mark.stack) not in stacks:
            others.setdefault(mark, []).append(what)
    found = [
        f"{_listed(what)} of this machine belong{'s' * (len(what) == 1)} to {mark.description}, so nothing was "
        "changed; remove the firewall there first (`pulumi destroy`), or, if that stack is gone for good, run "
        f"`{RELEASE}` here"
        for mark, what in others.items()
    ]
    if unmarked:
        found.append(
            f"{_listed(unmarked)} of this machine {'carries' if len(unmarked) == 1 else 'carry'} no owner's mark, "
            "so nothing was changed. If a stack applied it with an older livekit-firewall: run `pulumi up` once with "
            "the component under its old name and parent, which marks it, and rename it after that. If no stack did, "
            f"as with a ruleset loaded by hand: run `{RELEASE}` here, and `pulumi up` again"
        )
    return found


def not_of(machine: Machine, owner: "Mark | None") -> "list[str]":
    """What here is not this owner's, as sentences. None owns what has no mark."""
    others: dict[Mark | None, list[str]] = {}
    for what, mark in marks(machine, settled=True).items():
        if mark != owner:
            others.setdefault(mark, []).append(what)
    return [
        f"nothing is removed: {_listed(what)} of this machine "
        + (f"belong{'s' * (len(what) == 1)} to {mark.description}" if mark else "carry no owner's mark")
        for mark, what in others.items()
    ]


def mark_table(machine: Machine, mark: Mark) -> None:
    """Raises Stopped, with the old mark in force, and nothing where the table is gone."""
    table = machine.in_force()
    if table is not None and of_table(table) != mark:
        machine.load(remarking(mark))


def release(machine: Machine) -> "list[str]":
    """Leave all in force and give it up, so that any stack may take it over. Returns what was released."""
    if machine.lacks():
        raise Stopped("\n".join(machine.lacks()).replace("host.apply", RELEASE))
    with rollback.exclusive(machine):
        rollback.recover(machine)
        found = list(marks(machine, settled=True))
        for path in (boot.RULESET, boot.UNIT):
            if path in found:
                boot.mark_file(machine, path, NOBODY)
        run = rollback.latest(machine)
        if run and str(run.folder) in found:
            run.own(NOBODY)
        mark_table(machine, NOBODY)
    return found


def _listed(names: "list[str]") -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

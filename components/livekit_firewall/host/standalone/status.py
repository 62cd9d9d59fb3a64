"""What of livekit-firewall is in force on this machine, by whom, and whether it is loaded at boot."""

from contextlib import suppress
from typing import Any

from . import boot, ownership, rollback
from .machine import Machine, bare_digest
from .mark import Mark, of_table
from .neighbours import neighbours

GONE, CHANGED, AS_APPLIED, WAITING = "not loaded", "changed since", "as applied", "waiting for confirmation"


def status(machine: Machine, ruleset: "str | None" = None, owner: "Mark | None" = None) -> "dict[str, Any]":
    """The state of the ruleset on this machine.

    Args:
        owner: what is marked as another owner's is `changed since`; None to ask for anybody.

    Returns:
        in_force: one of `as applied`, `waiting for confirmation`, `changed since`, `not loaded`.
        by: the connection that applied it, "" without SSH; since, until: seconds since 1970 or None; `until` by the
            clock as it is set now, and in the past while what was in force before is being put back.
        persistence: see `boot.persistence`.
        last: how the last run ended: `confirmed`, `rolled-back`, `open`, or "" for none.
        owner: the mark of the table, as `project`, `stack` and `component`, and in words as `told`; None without one.
        neighbours: sentences by name.
    """
    run, listed = rollback.latest(machine), machine.in_force()
    table, mark = bare_digest(listed), of_table(listed or "")
    waits = run is not None and not run.decision and run.loaded != "" and run.boot in ("", machine.boot)
    text = ruleset
    if text is None and run is not None:
        with suppress(OSError):
            text = (run.folder / "new.nft").read_text(encoding="utf-8")
    is_anothers = owner is not None and bool(ownership.not_of(machine, owner))
    if not table:
        state = GONE
    elif run is None or table != run.loaded or run.decision == rollback.ROLLED_BACK or is_anothers:
        state = CHANGED
    else:
        state = WAITING if waits else AS_APPLIED
    return {
        "in_force": state,
        "by": run.by if run else "",
        "since": run.began if run else None,
        "until": run.due if run and waits else None,
        "persistence": boot.persistence(machine, text or ""),
        "last": (run.decision or "open") if run else "",
        "owner": _as_json(mark) if mark else None,
        "neighbours": neighbours(machine),
    }


def _as_json(mark: Mark) -> "dict[str, str]":
    return {"project": mark.project, "stack": mark.stack, "component": mark.component, "told": mark.description}

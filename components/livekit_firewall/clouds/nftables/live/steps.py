"""Apply a ruleset, confirm it, say how things stand, remove it.

The order of `apply`, and what is in force if the process dies in between:

    checked    nothing was changed                                     the old ruleset
    staged     the files for the next boot are beside their places     the old ruleset
    armed      the timer runs, which restores the old ruleset          the old ruleset
    loaded     one transaction                                         the new one, until the timer ends it
    confirmed  by a new login, or by a new connection                  the new one
    kept       the files were renamed into their places                the new one, also after the next boot
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from . import boot, knock, rollback
from .logins import listening, login
from .machine import REMOVAL, Machine, Stopped, digest, why
from .neighbours import neighbours
from .ssh import problems as ssh_problems

GRACE = 15.0  # seconds that the timer may be late
MANUAL, AUTOMATIC = "manual", "automatic"
GONE, CHANGED, AS_APPLIED, WAITING = "not loaded", "changed since", "as applied", "waiting for confirmation"


@dataclass(frozen=True)
class Wanted:
    """What is to be in force.

    Attributes:
        ruleset: the text, of the table inet livekit only.
        ssh_admits: what it admits over TCP, see `ssh`.
        confirm: `manual` or `automatic`.
        timeout: seconds until the rollback.
    """

    ruleset: str
    ssh_admits: "Sequence[dict[str, Any]]"
    confirm: str = MANUAL
    timeout: int = 60


def refusals(machine: Machine, wanted: Wanted) -> "list[str]":
    """Why it cannot be applied here and now, all at once. Changes nothing."""
    lacking = machine.lacks()
    if lacking:
        return lacking
    who, servers = login(machine.proc), listening(machine.proc)
    found = [*boot.problems(machine), *ssh_problems(wanted.ssh_admits, who, servers)]
    refusal = machine.refusal(wanted.ruleset)
    if refusal:
        found.append(f"nft refuses the ruleset, nothing was loaded: {refusal}")
    if wanted.confirm == AUTOMATIC and not found:
        found += knock.lacks(machine, wanted.ssh_admits, who, servers)
    return found


def _unheard(step: str) -> None:
    del step


def apply(
    machine: Machine, wanted: Wanted, tell: "Callable[[str], None]", at: "Callable[[str], None]" = _unheard
) -> "list[str]":
    """Load the ruleset, have it confirmed, keep it for the next boot.

    Args:
        tell: takes what the person who waits must know.
        at: is called with the name of each step that is done; by default nothing comes of it.

    Returns remarks. Raises Stopped with the old ruleset in force, unless its text says otherwise.
    """
    refused = refusals(machine, wanted)
    if refused:
        raise Stopped("\n".join(refused))
    with _told(machine), rollback.alone(machine):
        found = rollback.recover(machine)
        remarks = [found] if found else []
        at("checked")
        staged = boot.stage(machine, wanted.ruleset)
        at("staged")
        run = rollback.latest(machine)
        if run is None or not is_in_force(machine, run, wanted.ruleset):
            try:
                run = _load(machine, wanted, tell, at)
            except BaseException:
                staged.drop()
                raise
        at("confirmed")
        _keep(machine, run, staged)
        at("kept")
        rollback.disarm(machine, run)
        rollback.forget_others(run)
        started = boot.start(machine)
        return [*remarks, *([started] if started else [])]


def is_in_force(machine: Machine, run: rollback.Run, ruleset: str) -> bool:
    """Whether that run loaded this very text, was confirmed, and nobody has changed the table since."""
    same = run.decision == rollback.CONFIRMED and run.ruleset == digest(ruleset)
    return same and run.loaded != "" and digest(machine.in_force()) == run.loaded


def _load(machine: Machine, wanted: Wanted, tell: "Callable[[str], None]", at: "Callable[[str], None]") -> rollback.Run:
    who, servers = login(machine.proc), listening(machine.proc)
    by = who.connection if who else ""
    run = rollback.begin(machine, wanted.ruleset, by=by, confirm=wanted.confirm, timeout=wanted.timeout)
    rollback.arm(machine, run, wanted.timeout)
    at("armed")
    try:
        machine.load(wanted.ruleset)
    except Stopped as error:
        rollback.end_unloaded(machine, run)
        raise Stopped(f"{error}; nothing was loaded, what was in force before is in force") from None
    try:
        run = replace(run, loaded=digest(machine.in_force()), since_boot=time.clock_gettime(time.CLOCK_BOOTTIME))
        run.save()
        at("loaded")
        if wanted.confirm == AUTOMATIC:
            failed = knock.knock(machine, wanted.ssh_admits, who, servers)
            if failed:
                raise Stopped("\n".join(failed))
            if not run.decide(rollback.CONFIRMED):
                raise Stopped(f"the test of SSH took longer than host.confirm_timeout ({wanted.timeout} s)")
        else:
            tell(
                f"the ruleset is loaded; within {wanted.timeout} s run `livekit-firewall host confirm` as root in a "
                "new login, or what was in force before is put back"
            )
            _wait(run)
    except (Stopped, OSError) as error:
        if not run.is_restored:
            rollback.restore(machine, run)
        text = str(error) if isinstance(error, Stopped) else f"{error.filename or machine.state}: {why(error)}"
        raise Stopped(f"{text}; the ruleset was rolled back: what was in force before is in force again") from None
    return run


def _wait(run: rollback.Run) -> None:
    """Until it is confirmed. Raises Stopped if it was rolled back."""
    while True:
        if run.decision == rollback.CONFIRMED:
            return
        if run.is_restored:
            raise Stopped(f"nobody confirmed the ruleset within {round(run.until - run.began)} s")
        if time.time() > run.until + GRACE:
            raise Stopped("nobody confirmed the ruleset, and the timer did not end")
        time.sleep(0.1)


def _keep(machine: Machine, run: rollback.Run, staged: boot.Staged) -> None:
    """Fail closed: what cannot be kept is not left in force until the next boot either."""
    try:
        staged.commit()
    except OSError as error:
        machine.load(run.previous)
        raise Stopped(
            f"the ruleset could not be kept for the next boot: {error.filename}: {why(error)}; it was rolled back: "
            "what was in force before is in force again"
        ) from None


def confirm(machine: Machine) -> str:
    """Make the loaded ruleset stay. Returns what to tell. Raises Stopped if there is nothing that this may confirm."""
    if machine.lacks():
        raise Stopped("\n".join(machine.lacks()).replace("host.apply", "livekit-firewall host confirm"))
    run = rollback.latest(machine)
    if run is None or run.decision or not run.loaded:
        ended = "; the last one was rolled back" if run and run.decision == rollback.ROLLED_BACK else ""
        raise Stopped(f"no ruleset waits for confirmation{ended}")
    if digest(machine.in_force()) != run.loaded:
        raise Stopped("the table inet livekit is not the one that was loaded; it will be rolled back")
    _is_new(machine, run)
    if time.time() >= run.until or not run.decide(rollback.CONFIRMED):
        raise Stopped("too late: the ruleset was rolled back, what was in force before is in force again")
    if rollback.is_busy(machine):
        return "confirmed: the ruleset stays"
    return (
        "confirmed: the ruleset stays until the next boot; nobody waited for this, so run `pulumi up` again to keep it"
    )


def _is_new(machine: Machine, run: rollback.Run) -> None:
    """A login that was open before the ruleset was loaded goes on under any ruleset, and proves nothing."""
    who = login(machine.proc)
    if who is None:
        return  # a console or a job: whoever sits there is not locked out
    if who.connection == run.by:
        raise Stopped(
            "this is the login that applied the ruleset; confirm it from a new one, which proves that SSH gets in"
        )
    if who.since is None:
        raise Stopped("this runs in no login of its own (tmux, screen?); run it directly in a new login")
    if who.since <= run.since_boot:
        raise Stopped("this login is older than the ruleset; confirm it from a new one, which proves that SSH gets in")


def status(machine: Machine, ruleset: "str | None" = None) -> "dict[str, Any]":
    """How things stand.

    Returns:
        in_force: one of `as applied`, `waiting for confirmation`, `changed since`, `not loaded`.
        by: the connection that applied it, "" without SSH; since, until: seconds since 1970 or None.
        persistence: see `boot.persistence`.
        last: how the last run ended: `confirmed`, `rolled-back`, `open`, or "" for none.
        neighbours: sentences by name.
    """
    run = rollback.latest(machine)
    table = digest(machine.in_force())
    waits = run is not None and not run.decision and run.loaded != ""
    text = ruleset
    if text is None and run is not None:
        with suppress(OSError):
            text = (run.folder / "new.nft").read_text(encoding="utf-8")
    if not table:
        state = GONE
    elif run is None or table != run.loaded or run.decision == rollback.ROLLED_BACK:
        state = CHANGED
    else:
        state = WAITING if waits else AS_APPLIED
    return {
        "in_force": state,
        "by": run.by if run else "",
        "since": run.began if run else None,
        "until": run.until if run and waits else None,
        "persistence": boot.persistence(machine, text or ""),
        "last": (run.decision or "open") if run else "",
        "neighbours": neighbours(machine),
    }


def remove(machine: Machine) -> "list[str]":
    """Delete the table, the unit and the files. Returns what was left, as sentences."""
    if machine.lacks():
        raise Stopped("\n".join(machine.lacks()))
    with _told(machine, "removed"), rollback.alone(machine):
        rollback.recover(machine)
        left = boot.remove(machine)
        machine.load(REMOVAL)
        rollback.forget(machine)
    return left


@contextmanager
def _told(machine: Machine, done: str = "loaded") -> "Iterator[None]":
    """Make Stopped of what the system says of a file before anything was loaded."""
    try:
        yield
    except OSError as error:
        raise Stopped(f"nothing was {done}: {error.filename or machine.state}: {why(error)}") from None

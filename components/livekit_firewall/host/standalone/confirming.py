"""Confirm the ruleset that was loaded, from a login that proves that SSH gets in."""

import ipaddress

from . import rollback
from .logins import login
from .machine import Machine, bare_digest, why
from .stopped import Stopped


def confirm(machine: Machine) -> str:
    """Make the loaded ruleset stay. Returns what to tell. Raises Stopped if there is nothing that this may confirm."""
    if machine.lacks():
        raise Stopped("\n".join(machine.lacks()).replace("host.apply", "livekit-firewall host confirm"))
    run = rollback.latest(machine)
    if run and not run.decision and run.boot and run.boot != machine.boot:
        raise Stopped(
            "no ruleset waits for confirmation: the machine was started again since it was loaded, and so it is gone; "
            "run `pulumi up` again"
        )
    if run is None or run.decision or run.is_restored or not run.loaded:
        raise Stopped(f"no ruleset waits for confirmation{_ended(run)}")
    if bare_digest(machine.in_force()) != run.loaded:
        raise Stopped("the table inet livekit is not the one that was loaded; it will be rolled back")
    _is_new(machine, run)
    try:
        is_late = run.left <= 0 or not run.decide(rollback.CONFIRMED)
        if is_late and run.decision != rollback.CONFIRMED:  # by another login, just now
            raise Stopped(_too_late(run))
    except OSError as error:
        raise Stopped(f"not confirmed: {run.folder / 'decision'}: {why(error)}; it will be rolled back") from None
    if rollback.is_busy(machine):
        return "confirmed: the ruleset stays"
    return (
        "confirmed: the ruleset stays until the next boot; nobody waited for this, so run `pulumi up` again to keep it"
    )


def _ended(run: "rollback.Run | None") -> str:
    """How the last one ended, for the end of a sentence."""
    if run is not None and run.is_restored:
        return "; the last one was rolled back"
    if run is not None and run.decision == rollback.ROLLED_BACK:
        return "; the last one is being rolled back"
    return ""


def _too_late(run: rollback.Run) -> str:
    if run.is_restored:
        return "too late: the ruleset was rolled back, what was in force before is in force again"
    return "too late: the time to confirm it is over, and what was in force before is being put back"


def _is_new(machine: Machine, run: rollback.Run) -> None:
    """A login that was open before the ruleset was loaded goes on under any ruleset, and proves nothing."""
    who = login(machine.proc)
    if who is None:
        return  # a console or a job: whoever sits there is not locked out
    if who.connection == run.by:
        raise Stopped(
            "this is the login that applied the ruleset; confirm it from a new one, which proves that SSH gets in"
        )
    if ipaddress.ip_address(who.address).is_loopback or who.address == who.server:
        raise Stopped(
            f"this login comes from the machine itself ({who.address}), which proves nothing; confirm the ruleset "
            "from a new login over the network"
        )
    if who.since is None:
        raise Stopped("this runs in no login of its own (tmux, screen?); run it directly in a new login")
    if who.since <= run.since_boot:
        raise Stopped("this login is older than the ruleset; confirm it from a new one, which proves that SSH gets in")

"""Apply a ruleset, and remove it.

The order of `apply`, and what is in force if the process dies in between:

    checked    nothing was changed                                     the old ruleset
    staged     the files for the next boot are beside their places     the old ruleset
    armed      the timer runs, which restores the old ruleset          the old ruleset
    loaded     one transaction                                         the new one, until the timer ends it
    confirmed  by a new login, or by a new connection                  the new one
    kept       the files were renamed into their places                the new one, also after the next boot
    owned      the table carries its owner's mark, as it does       the new one, also after the next boot
               since it was loaded, if it was

A ruleset that is in force already, of a component that was renamed or of an older release, is not loaded and so not
confirmed again: it is kept, and marked. Who dies in between leaves marks of two owners, and no delete takes those away.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any

from . import boot, knock, ownership, rollback
from .logins import Listening, listening, login
from .machine import REMOVAL, Machine, bare_digest, digest, why
from .mark import Mark
from .sockets import by_socket
from .ssh import problems as ssh_problems
from .stopped import Stopped

MANUAL, AUTOMATIC = "manual", "automatic"
NO_SERVER = (
    "no SSH server was found listening (sshd, dropbear, ssh.socket of systemd), and this runs in no login of SSH; "
    "if there is one, see that operators.ssh_port is its port: nothing else checks it"
)


@dataclass(frozen=True)
class DesiredRuleset:
    """What is to be in force.

    Attributes:
        ruleset: the text, of the table inet livekit only.
        ssh_admits: what it admits over TCP, see `ssh`.
        confirm: `manual` or `automatic`.
        timeout: seconds until the rollback.
        owner: whose it is to be; None marks nothing, and takes over nothing that is marked.
        was: the owner that the state has.
        exists: whether the state has the resource.
    """

    ruleset: str
    ssh_admits: "Sequence[dict[str, Any]]"
    confirm: str = MANUAL
    timeout: int = 60
    owner: "Mark | None" = None
    was: "Mark | None" = None
    exists: bool = False


def refusals(machine: Machine, wanted: DesiredRuleset, *, is_known: bool = True) -> "list[str]":
    """Why it cannot be applied here and now, all at once. Changes nothing.

    Args:
        is_known: whether the ruleset and what it admits are; otherwise only the machine is judged.
    """
    lacking = machine.lacks()
    if lacking:
        return lacking
    found = [*_owned(machine, wanted), *boot.problems(machine)]
    if not is_known:
        return found
    who, servers = login(machine.proc), _servers(machine)
    found += ssh_problems(wanted.ssh_admits, who, servers)
    refusal = machine.refusal(wanted.ruleset)
    if refusal:
        found.append(f"nft refuses the ruleset, nothing was loaded: {refusal}")
    if wanted.confirm == AUTOMATIC and not found:
        found += knock.missing_for_test(machine, wanted.ssh_admits, who, servers)
    return found


def _owned(machine: Machine, wanted: DesiredRuleset) -> "list[str]":
    return ownership.problems(machine, wanted.owner, wanted.was, exists=wanted.exists)


def _servers(machine: Machine) -> "list[Listening]":
    """Where SSH waits: its server, or systemd, which starts it once somebody connects."""
    found = [*listening(machine.proc), *by_socket(machine)]
    return sorted(set(found), key=lambda one: (one.port, one.address))


def _ignore_step(step: str) -> None:
    del step


def apply(
    machine: Machine, wanted: DesiredRuleset, tell: "Callable[[str], None]", at: "Callable[[str], None]" = _ignore_step
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
    with _os_errors_as_stopped(machine), rollback.exclusive(machine):
        found = rollback.recover(machine)
        remarks = [found] if found else []
        try:
            # Again, as the lock is held now, and another stack may have been here.
            others = _owned(machine, wanted)
            if others:
                raise Stopped("\n".join(others))
            at("checked")
            return [*remarks, *_applied(machine, wanted, tell, at)]
        except Stopped as error:
            raise Stopped("\n".join([*remarks, str(error)])) from None


def _applied(
    machine: Machine, wanted: DesiredRuleset, tell: "Callable[[str], None]", at: "Callable[[str], None]"
) -> "list[str]":
    """Raises OSError only while nothing was loaded."""
    staged = boot.stage(machine, wanted.ruleset, wanted.owner)
    at("staged")
    run = rollback.latest(machine)
    is_kept = False
    if run is not None and is_in_force(machine, run, wanted.ruleset):
        is_kept = boot.persistence(machine, wanted.ruleset) == boot.best(machine)
    else:
        try:
            run = _load(machine, wanted, tell, at)
        except BaseException:
            with suppress(OSError):
                staged.drop()
            raise
    at("confirmed")
    _keep(machine, run, staged, is_kept=is_kept)
    at("kept")
    if wanted.owner:
        _own(machine, run, wanted.owner)
    at("owned")
    try:
        rollback.disarm(machine, run)
        rollback.forget_others(run)
        started = boot.start(machine)
    except (Stopped, OSError) as error:
        started = f"the ruleset is in force and kept, but what is left of the run could not be tidied: {error}"
    return [started] if started else []


def is_in_force(machine: Machine, run: rollback.Run, ruleset: str) -> bool:
    """Whether that run loaded this very text, was confirmed, and nobody has changed the table since."""
    same = run.decision == rollback.CONFIRMED and run.ruleset == digest(ruleset)
    return same and run.loaded != "" and bare_digest(machine.in_force()) == run.loaded


def _load(
    machine: Machine, wanted: DesiredRuleset, tell: "Callable[[str], None]", at: "Callable[[str], None]"
) -> rollback.Run:
    """Raises OSError only while nothing was loaded, and then leaves no run behind that is open."""
    who, servers = login(machine.proc), _servers(machine)
    if who is None and not servers:
        tell(NO_SERVER)
    by = who.connection if who else ""
    run = rollback.begin(
        machine, wanted.ruleset, by=by, confirm=wanted.confirm, timeout=wanted.timeout, owner=wanted.owner
    )
    try:
        rollback.arm(machine, run, wanted.timeout)
    except BaseException:
        rollback.end_unloaded(machine, run)
        raise
    at("armed")
    try:
        machine.load(run.folder / "new.nft")
    except Stopped as error:
        if not _is_as_before(machine, run):
            raise _rolled_back(machine, run, str(error)) from None
        rollback.end_unloaded(machine, run)
        raise Stopped(f"{error}; nothing was loaded, what was in force before is in force") from None
    try:
        run = replace(run, loaded=bare_digest(machine.in_force()), since_boot=time.clock_gettime(time.CLOCK_BOOTTIME))
        run.save()
        at("loaded")
        if wanted.confirm == AUTOMATIC:
            failed = knock.failed_connections(machine, wanted.ssh_admits, who, servers)
            if failed:
                raise Stopped("\n".join(failed))
            if not run.decide(rollback.CONFIRMED):
                raise Stopped(f"the test of SSH took longer than host.confirm_timeout ({wanted.timeout} s)")
        else:
            left = max(0, round(run.left))
            tell(
                f"the ruleset is loaded; within {left} s run `livekit-firewall host confirm` as root in a new login, "
                "or what was in force before is put back"
            )
            _wait(run)
    except (Stopped, OSError) as error:
        text = str(error) if isinstance(error, Stopped) else f"{error.filename or machine.state}: {why(error)}"
        raise _rolled_back(machine, run, text) from None
    return run


def _is_as_before(machine: Machine, run: rollback.Run) -> bool:
    """Not said by its failure alone: killed or hung, nft may have loaded the ruleset."""
    try:
        return digest(machine.in_force()) == run.before
    except Stopped:
        return False


def _rolled_back(machine: Machine, run: rollback.Run, text: str) -> Stopped:
    """What to tell, after it was done or at least tried."""
    try:
        if not run.is_restored:
            rollback.restore(machine, run)
    except Stopped as failed:
        return Stopped(f"{text}; {failed}")
    return Stopped(f"{text}; the ruleset was rolled back: what was in force before is in force again")


def _wait(run: rollback.Run) -> None:
    """Until it is confirmed. Raises Stopped if it was rolled back."""
    while True:
        if run.decision == rollback.CONFIRMED:
            return
        if run.is_restored:
            raise Stopped(f"nobody confirmed the ruleset within {round(run.until - run.began)} s")
        if run.left < -rollback.GRACE:
            raise Stopped("nobody confirmed the ruleset, and the timer did not end")
        time.sleep(0.1)


def _keep(machine: Machine, run: rollback.Run, staged: boot.Staged, *, is_kept: bool) -> None:
    """Fail closed: what cannot be kept is not left in force until the next boot either.

    Args:
        is_kept: the files hold that ruleset already, of another owner maybe. To roll it back would open the machine.
    """
    try:
        staged.commit()
    except OSError as error:
        text = f"the ruleset could not be kept for the next boot: {error.filename}: {why(error)}"
        if is_kept:
            raise Stopped(f"{text}; it is in force as before") from None
        raise _rolled_back(machine, run, text) from None


def _own(machine: Machine, run: rollback.Run, owner: Mark) -> None:
    try:
        ownership.mark_table(machine, owner)
        run.own(owner)
    except (Stopped, OSError) as error:
        text = str(error) if isinstance(error, Stopped) else f"{error.filename or run.folder}: {why(error)}"
        raise Stopped(f"the ruleset is in force and kept, but not marked as this component's: {text}") from None


def remove(machine: Machine, owner: "Mark | None" = None) -> "list[str]":
    """Delete the table, the unit and the files: all, or nothing where one carries the mark of another owner.

    Args:
        owner: whose they are; None for what has no mark.

    Returns what was left, as sentences.
    """
    if machine.lacks():
        raise Stopped("\n".join(machine.lacks()))
    with _os_errors_as_stopped(machine, "removed"), rollback.exclusive(machine):
        found = rollback.recover(machine)
        others = ownership.not_of(machine, owner)
        if others:
            return [*([found] if found else []), *others]
        boot.try_removal(machine)
        left = boot.remove(machine)
        machine.load(REMOVAL)
        rollback.forget(machine)
    return [*([found] if found else []), *left]


@contextmanager
def _os_errors_as_stopped(machine: Machine, done: str = "loaded") -> "Iterator[None]":
    """Make Stopped of what the system says of a file before anything was loaded."""
    try:
        yield
    except OSError as error:
        raise Stopped(f"nothing was {done}: {error.filename or machine.state}: {why(error)}") from None

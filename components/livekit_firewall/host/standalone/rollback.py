"""A run: one attempt to apply a ruleset, and the timer that takes it back unless somebody confirms it.

A run is a folder below /var/lib/livekit-firewall/runs that a person can read: `run.json`, `new.nft`,
`previous.nft` (restores what was in force before, its owner's mark included), `owner` (the mark of the new one) and
`rollback.sh`, which a detached process runs at the end of the time. Who decides makes the symbolic link `decision`,
which the kernel makes for one only:
`decision -> confirmed` or `decision -> rolled-back`. It survives the death of whoever made it. That it was done
is another matter: the timer ends for nothing but `confirmed`, or the file `restored`, made after nft succeeded.
"""

import fcntl
import json
import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields
from math import ceil
from pathlib import Path

from .machine import REMOVAL, Machine, bare_digest, complaint, digest, why
from .mark import Mark, line, marked
from .stopped import Stopped

CONFIRMED, ROLLED_BACK = "confirmed", "rolled-back"

GRACE = 15.0  # seconds that a timer may be late

SCRIPT = """\
#!/bin/sh
# Written by livekit-firewall. Puts back the ruleset that was in force before, unless the new one was confirmed.
cd {folder} || exit 1
# Only one can make this link. On a full disk nobody can: then what was in force before is put back too.
# That somebody else decided to put it back does not say that it was done: `restored` does.
# `again`: what was confirmed could not be kept, and could not be put back at once.
ln -s rolled-back decision 2>/dev/null || [ "$(readlink decision)" != confirmed ] || [ "$1" = again ] || exit 0
for pause in 0 1 5 15 30 60; do
	sleep "$pause"
	[ ! -e restored ] || exit 0
	# No file is written before nft has run, since there may be no room for one.
	if {nft} -f previous.nft 2>/dev/null; then
		(: >restored) 2>/dev/null
		exit 0
	fi
done
exit 1
"""


@dataclass(frozen=True)
class Run:
    """One attempt.

    Attributes:
        by: the connection of the login that applies it, as SSH_CONNECTION has it; "" without SSH.
        began, until: seconds since 1970, for people; until when it may be confirmed, if nobody sets the clock.
        ends: the same as `until` by the kernel's monotonic clock, which the timer runs by too: nobody sets that one,
            and it stands still while the machine sleeps. It counts from boot, so it means nothing in another. 0.0: of
            an older release, which went by `until`.
        since_boot: when it was loaded, in seconds since boot, to compare with the age of a login.
        before: the digest of the table that was in force before, with its owner's mark; "" for none.
        ruleset: the digest of the text given.
        loaded: that of the table as it was listed after loading, whoever owns it; "" before.
        boot: of which boot of the machine, see `Machine.boot`.
    """

    folder: Path
    by: str
    began: float
    until: float
    confirm: str
    before: str
    ruleset: str
    since_boot: float = 0.0
    loaded: str = ""
    ends: float = 0.0
    boot: str = ""

    @property
    def left(self) -> float:
        """Seconds until the timer acts, in the boot that it belongs to; negative once it should have."""
        if self.ends:
            return self.ends - time.monotonic()
        return min(self.until - time.time(), self.until - self.began)  # no more than there ever was

    @property
    def due(self) -> float:
        """When the timer acts, in seconds since 1970 by the clock as it is set now."""
        by_now = time.time() + self.left
        return self.until if abs(by_now - self.until) < 1 else by_now

    @property
    def decision(self) -> str:
        """`confirmed`, `rolled-back`, or "" while it is open."""
        try:
            return str((self.folder / "decision").readlink())
        except OSError:
            return ""

    @property
    def is_restored(self) -> bool:
        return (self.folder / "restored").exists()

    def decide(self, decision: str) -> bool:
        """Whether this was the first decision."""
        try:
            (self.folder / "decision").symlink_to(decision)
        except FileExistsError:
            return False
        return True

    def overturn(self) -> None:
        """Roll it back, whatever was decided. By a link made beforehand: there may be no room for one now."""
        with suppress(OSError):
            (self.folder / "overturned").replace(self.folder / "decision")

    def end(self) -> None:
        """Nothing is left to put back."""
        try:
            (self.folder / "restored").touch()
        except OSError:
            with suppress(OSError):  # no room for a name, but there may be for another one
                (self.folder / "previous.nft").replace(self.folder / "restored")

    def save(self) -> None:
        values = {key: value for key, value in asdict(self).items() if key != "folder"}
        new = self.folder / "run.json.new"
        new.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
        new.replace(self.folder / "run.json")

    @property
    def owner(self) -> str:
        """The line with the owner's mark; "" for none. A file of its own: releases before it know `run.json` alone."""
        try:
            return (self.folder / "owner").read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""

    def own(self, mark: Mark) -> None:
        new = self.folder / "owner.new"
        new.write_text(line(mark), encoding="utf-8")
        new.replace(self.folder / "owner")

    @property
    def previous(self) -> str:
        return (self.folder / "previous.nft").read_text(encoding="utf-8")


@contextmanager
def exclusive(machine: Machine) -> "Iterator[None]":
    """One at a time changes the machine. Raises Stopped if another does, which it may do for as long as it waits."""
    machine.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    machine.state.chmod(0o700)
    handle = os.open(machine.state / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Stopped(
                "another run is applying a ruleset to this machine; confirm it by `livekit-firewall host confirm`, "
                "or wait until it is rolled back"
            ) from None
        yield
    finally:
        os.close(handle)


def is_busy(machine: Machine) -> bool:
    """Whether somebody is applying, and so waits for what is decided."""
    try:
        with exclusive(machine):
            return False
    except (Stopped, OSError):
        return True


def latest(machine: Machine) -> "Run | None":
    """The last run, whatever came of it."""
    folder = machine.state / "runs"
    for one in sorted(folder.iterdir(), reverse=True) if folder.is_dir() else ():
        try:
            values = json.loads((one / "run.json").read_text(encoding="utf-8"))
            known = {field.name for field in fields(Run)}  # a newer release may tell more
            return Run(folder=one, **{name: value for name, value in values.items() if name in known})
        except (OSError, ValueError, TypeError, AttributeError):
            continue  # killed before it was written, so that nothing was loaded
    return None


def begin(machine: Machine, ruleset: str, *, by: str, confirm: str, timeout: int, owner: "Mark | None" = None) -> Run:
    """Save all that a rollback needs. Nothing is loaded yet. Raises Stopped; OSError where no file can be written."""
    before = machine.in_force()
    previous = REMOVAL + (before or "")
    refusal = machine.refusal(previous)
    if refusal:
        raise Stopped(f"what is in force now could not be put back: nft refuses its own listing: {refusal}")
    now, folder = time.time(), _new_folder(machine)
    folder.mkdir(mode=0o700, parents=True)
    run = Run(
        folder, by, now, now + timeout, confirm, digest(before), digest(ruleset), boot=machine.boot,
        ends=time.monotonic() + timeout,
    )  # fmt: skip
    try:
        script = SCRIPT.format(folder=shlex.quote(str(folder)), nft=shlex.quote(machine.program("nft") or "nft"))
        for name, text in (("new.nft", marked(ruleset, owner)), ("previous.nft", previous), ("rollback.sh", script)):
            (folder / name).write_text(text, encoding="utf-8")
        (folder / "overturned").symlink_to(ROLLED_BACK)
        if owner:
            run.own(owner)
        run.save()
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return run


def _new_folder(machine: Machine) -> Path:
    """Its name sorts after all others, also where the clock was set back since: the last one is the latest run."""
    runs = machine.state / "runs"
    earlier = [one.name.partition("-")[0] for one in runs.iterdir()] if runs.is_dir() else []
    number = max([int(time.time()), *(int(one) + 1 for one in earlier if one.isdigit())])
    return runs / f"{number:012d}-{time.monotonic_ns():020d}"


def arm(machine: Machine, run: Run, timeout: int, *, again: bool = False) -> None:
    """Start the timer, which outlives this process, its session and its terminal. Raises Stopped, or OSError.

    Args:
        again: a second timer, which puts back even what was confirmed.
    """
    script, words = str(run.folder / "rollback.sh"), ["again"] if again else []
    if machine.has_systemd:
        # A unit of its own: a process would end with the session where KillUserProcesses is set.
        machine.must(
            "systemd-run", f"--unit={'-'.join([_unit(run), *words])}", f"--on-active={timeout}s",
            "--timer-property=AccuracySec=1s", "--collect", "/bin/sh", script, *words,
        )  # fmt: skip
        return
    # The outer shell ends at once, so that init is the parent of the inner one.
    wait = f'trap "" HUP INT TERM; (sleep {timeout}; exec /bin/sh {shlex.join([script, *words])}) &'
    started = subprocess.run(
        ["/bin/sh", "-c", wait], start_new_session=True, cwd="/", check=False, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    if started.returncode != 0:
        raise Stopped("the rollback timer could not be started: /bin/sh failed")


def restore(machine: Machine, run: Run) -> None:
    """Put back what was in force before, now, be the disk full or not. Raises Stopped where nft fails; a timer of
    its own then tries on, as the first one may have ended.
    """
    run.overturn()
    try:
        ran = machine.run("nft", "-f", "-", stdin=run.previous)
        failed = complaint(ran) if ran.returncode != 0 else ""
    except Stopped as error:
        failed = str(error)
    except OSError as error:
        if run.is_restored:
            return  # by the timer, just now
        failed = f"{error.filename}: {why(error)}"
    if failed:
        with suppress(Stopped, OSError):
            arm(machine, run, 1, again=True)
        raise Stopped(
            f"what was in force before could not be put back: {failed}; the timer tries on, and until it succeeds "
            "the new ruleset is in force"
        )
    run.end()


def end_unloaded(machine: Machine, run: Run) -> None:
    """Of a run that loaded nothing, or whose table is gone: the timer has nothing to do."""
    run.overturn()
    run.end()
    with suppress(Stopped):
        disarm(machine, run)


def disarm(machine: Machine, run: Run) -> None:
    """Spare systemd a timer that would find everything decided. The one without systemd ends by itself."""
    if machine.has_systemd:
        machine.run("systemctl", "stop", f"{_unit(run)}.timer")


def _unit(run: Run) -> str:
    return f"livekit-firewall-rollback-{run.folder.name}"


def recover(machine: Machine) -> str:
    """End a run whose process was killed: if its table is in force, what was in force before is put back. Any other
    table is somebody's own, and stays.

    Returns what was found, as a sentence; "" if nothing was. Raises Stopped where that cannot be told yet.
    """
    run = latest(machine)
    if run is None or run.decision == CONFIRMED or run.is_restored:
        return ""
    told, table = f"an earlier run did not end ({run.folder})", machine.in_force()
    if digest(table) == run.before:
        end_unloaded(machine, run)
        return f"{told}: it had changed nothing, or its timer has put back what was in force before"
    if not run.loaded and run.boot == machine.boot and run.left > -GRACE:
        # It may have died between loading and noting so; a timer that was started ends it either way.
        raise Stopped(f"{told}, and its timer may yet act; try again in {ceil(run.left + GRACE)} s")
    if bare_digest(table) != run.loaded:
        end_unloaded(machine, run)
        return f"{told}: the table inet livekit is not the one that it loaded, and was left as it is"
    if not run.decide(ROLLED_BACK) and run.decision == CONFIRMED:
        return ""  # just now
    restore(machine, run)
    return f"{told}: the ruleset that was in force before it was put back"


def forget_others(run: Run) -> None:
    """Only the last run is kept: for `status`, and to tell drift."""
    for one in run.folder.parent.iterdir():
        if one != run.folder:
            shutil.rmtree(one, ignore_errors=True)


def forget(machine: Machine) -> None:
    """Of all runs nothing is left, nor the folder unless it holds files of others.

    At once: who is killed meanwhile leaves no confirmed run without its owner's mark, which nobody could take over.
    """
    runs, gone = machine.state / "runs", machine.state / "gone"
    shutil.rmtree(gone, ignore_errors=True)
    with suppress(OSError):
        runs.replace(gone)
    for folder in (gone, runs):
        shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):
        (machine.state / "lock").unlink(missing_ok=True)
        machine.state.rmdir()

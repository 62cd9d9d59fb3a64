"""What loads the ruleset at boot: a file that holds it and a unit of systemd, both for people to read.

    /etc/livekit-firewall/host.nft
    /etc/systemd/system/livekit-firewall.service
    /etc/systemd/system/sysinit.target.wants/livekit-firewall.service -> the unit

They are written in full beside their places before anything is loaded, so that a full disk stops the run while
nothing has changed, and renamed once the ruleset is confirmed.
"""

import errno
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from .machine import Machine, why
from .mark import LINE, Mark, bare, before, line, marked, of_text
from .stopped import Stopped

RULESET = "/etc/livekit-firewall/host.nft"
NAME = "livekit-firewall.service"
UNIT = f"/etc/systemd/system/{NAME}"
LINK = f"/etc/systemd/system/sysinit.target.wants/{NAME}"

OURS = {
    RULESET: "# Who may reach this LiveKit host, written by livekit-firewall",
    UNIT: "# Loads the firewall of this LiveKit host at boot, written by livekit-firewall",
}
"""How the first line of each file begins."""

NO_SYSTEMD = (
    f"not persistent: systemd does not run here; have your init run `nft -f {RULESET}` at boot, "
    "before the network is up"
)
PERSISTENT = f"loaded at boot by {NAME}"


def unit(nft: str = "/usr/sbin/nft", mark: "Mark | None" = None) -> str:
    """The text of the unit. After nftables.service, whose usual file begins with `flush ruleset`."""
    return f"""\
{OURS[UNIT]}
{line(mark) if mark else ""}[Unit]
Description=Firewall of this LiveKit host (nftables table inet livekit)
Documentation=man:nft(8)
DefaultDependencies=no
Wants=network-pre.target
Before=network-pre.target shutdown.target
After=local-fs.target nftables.service
PartOf=nftables.service
ReloadPropagatedFrom=nftables.service
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart={nft} -f {RULESET}
ExecReload={nft} -f {RULESET}
ExecStop={nft} delete table inet livekit

[Install]
WantedBy=sysinit.target
"""


def problems(machine: Machine) -> "list[str]":
    """Files of somebody else where ours are to be."""
    found = []
    for path in _paths(machine):
        other = foreign(machine, path)
        if other:
            found.append(f"{path} {other}; move it away, livekit-firewall writes its own there")
    return found


def foreign(machine: Machine, path: str) -> str:
    """What stands there that was not written here, as in `is a directory`; "" if nothing does."""
    place = machine.at(path)
    if path == LINK:
        if not os.path.lexists(place):
            return ""
        ours = place.is_symlink() and place.readlink().name == NAME
        return "" if ours else "is not a link to the unit"
    if place.is_symlink():
        return "is a symbolic link"
    if not place.exists():
        return ""
    if not place.is_file():
        return "is not a regular file"
    head = place.read_bytes()[: len(OURS[path])]
    return "" if head == OURS[path].encode() else "is a file that livekit-firewall did not write"


@dataclass
class Staged:
    """Files written beside their places. `commit` renames them all or none; `drop` forgets them."""

    machine: Machine
    places: "list[Path]" = field(default_factory=list)

    def add(self, path: str, text: str = "", link: str = "") -> None:
        place = self.machine.at(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        new = _beside(place, ".new")
        new.unlink(missing_ok=True)
        self.places.append(place)
        if link:
            new.symlink_to(link)
            return
        with new.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), 0o644)

    def commit(self) -> None:
        """Raises OSError, with the files as they were."""
        done: list[Path] = []
        try:
            for place in self.places:
                old = _beside(place, ".old")
                old.unlink(missing_ok=True)
                if os.path.lexists(place):
                    # A second name first, so that the place is never empty.
                    os.link(place, old, follow_symlinks=False)
                done.append(place)
                _beside(place, ".new").replace(place)
                _sync(place.parent)
        except OSError:
            for place in reversed(done):
                old = _beside(place, ".old")
                if os.path.lexists(old):
                    old.replace(place)
                    old.unlink(missing_ok=True)  # rename(2) leaves two names of one file as they are
                elif not os.path.lexists(_beside(place, ".new")):
                    place.unlink(missing_ok=True)
            self.drop()
            raise
        for place in self.places:
            _beside(place, ".old").unlink(missing_ok=True)

    def drop(self) -> None:
        for place in self.places:
            _beside(place, ".new").unlink(missing_ok=True)


def stage(machine: Machine, ruleset: str, mark: "Mark | None" = None) -> Staged:
    """Raises Stopped if a file cannot be written, with nothing left behind."""
    staged = Staged(machine)
    try:
        staged.add(RULESET, marked(ruleset, mark))
        if machine.has_systemd:
            staged.add(UNIT, unit(machine.program("nft") or "nft", mark))
            staged.add(LINK, link=f"../{NAME}")
    except OSError as error:
        with suppress(OSError):
            staged.drop()
        raise Stopped(
            f"the ruleset was not loaded, since it could not be kept for the next boot: "
            f"{error.filename or RULESET} cannot be written: {why(error)}"
        ) from None
    return staged


def start(machine: Machine) -> str:
    """Tell systemd of the unit. What went wrong, as a sentence: the link alone suffices for the next boot."""
    if not machine.has_systemd:
        return ""
    for words in (("daemon-reload",), ("start", NAME)):  # start loads what is loaded already
        ran = machine.run("systemctl", *words)
        if ran.returncode != 0:
            return f"systemctl {' '.join(words)} failed: {ran.stderr.strip()[:300]}"
    return ""


def mark_file(machine: Machine, path: str, mark: Mark) -> None:
    """Give one of our files another owner. Raises OSError, with the file as it was."""
    text = machine.at(path).read_text(encoding="utf-8", errors="replace")
    if path == RULESET:
        text = marked(before(text), mark)
    else:
        first, *rest = (one for one in text.splitlines(keepends=True) if not one.startswith(LINE))
        text = "".join([first, line(mark), *rest])
    staged = Staged(machine)
    staged.add(path, text)
    staged.commit()


def persistence(machine: Machine, ruleset: str) -> str:
    """`loaded at boot by livekit-firewall.service`, or `not persistent: ` and why. Whoever owns the files."""
    nft = machine.program("nft") or "nft"
    wanted: dict[str, Callable[[Mark | None], str]] = {RULESET: lambda mark: marked(bare(ruleset), mark)}
    if machine.has_systemd:
        wanted[UNIT] = lambda mark: unit(nft, mark)
    for path, text in wanted.items():
        try:
            there = machine.at(path).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return f"not persistent: {path} is missing"
        if there != text(of_text(there)):
            return f"not persistent: {path} holds something else"
    if not machine.has_systemd or _leads(machine):
        return best(machine)
    return f"not persistent: {LINK} is missing, so the unit is not enabled"


def best(machine: Machine) -> str:
    """What `persistence` says where all is as it was written."""
    return PERSISTENT if machine.has_systemd else NO_SYSTEMD


def try_removal(machine: Machine) -> None:
    """Whether `remove` can delete each file: by a second name, which the same permissions allow. Raises OSError."""
    for path in (LINK, UNIT, RULESET):
        place = machine.at(path)
        if not os.path.lexists(place) or foreign(machine, path):
            continue
        spare = _beside(place, ".old")
        try:
            spare.unlink(missing_ok=True)
            os.link(place, spare, follow_symlinks=False)
            spare.unlink()
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):  # no room for a name is room enough to delete one
                raise OSError(error.errno, why(error), path) from None


def remove(machine: Machine) -> "list[str]":
    """Delete what was written here. Returns what was left, as sentences. Raises Stopped, which says what was done."""
    left, done = [], []
    had_unit = os.path.lexists(machine.at(UNIT)) and not foreign(machine, UNIT)
    if had_unit and machine.has_systemd:
        machine.run("systemctl", "stop", NAME)
        done.append(f"{NAME} was stopped, and the table inet livekit with it")
    for path in (LINK, UNIT, RULESET):
        place, other = machine.at(path), foreign(machine, path)
        try:
            for spare in (".new", ".old"):
                _beside(place, spare).unlink(missing_ok=True)
            if not other:
                place.unlink(missing_ok=True)
        except OSError as error:
            done.append(f"{path} cannot be removed: {why(error)}; mend that and remove it again")
            raise Stopped("; ".join(done)) from None
        if other:
            left.append(f"{path} is left as it is: it {other}")
        else:
            done.append(f"{path} is removed")
    with suppress(OSError):  # it may hold files of others
        machine.at(RULESET).parent.rmdir()
    if had_unit and machine.has_systemd:
        machine.run("systemctl", "daemon-reload")
    return left


def _leads(machine: Machine) -> bool:
    return os.path.lexists(machine.at(LINK)) and not foreign(machine, LINK)


def _paths(machine: Machine) -> "list[str]":
    return [RULESET, UNIT, LINK] if machine.has_systemd else [RULESET]


def _beside(place: Path, end: str) -> Path:
    # Not for systemd, which reads names that end in .service only.
    return place.with_name(f".{place.name}{end}")


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

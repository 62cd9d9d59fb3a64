"""The machine that a ruleset is applied to: its files, its programs, and what its kernel holds of `inet livekit`."""

import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from .mark import bare_table
from .stopped import Stopped

SECONDS = 60
"""For one run of a program. nft reads a ruleset of 10,000 elements in a tenth of a second."""

REMOVAL = "table inet livekit\ndelete table inet livekit\n"
"""Deletes the table whether or not it is there; with a ruleset after it, replaces it, in one transaction."""

EMPTY = "table inet livekit { }".split()

NET_ADMIN = 1 << 12  # CAP_NET_ADMIN of linux/capability.h

Ran = subprocess.CompletedProcess  # of text


@dataclass(frozen=True)
class Machine:
    """Linux with nft.

    Attributes:
        root: where /etc, /run and /var are looked for; "/" but for tests.
        proc: procfs, always that of this process.
    """

    root: Path = Path("/")
    proc: Path = Path("/proc")

    def at(self, path: str) -> Path:
        """Where an absolute path is found."""
        return self.root / path.lstrip("/")

    @property
    def state(self) -> Path:
        """What a rollback needs, and what the last run was."""
        return self.at("/var/lib/livekit-firewall")

    @property
    def has_systemd(self) -> bool:
        """Whether systemd runs, as sd_booted(3) tells."""
        return self.at("/run/systemd/system").is_dir()

    @property
    def mark(self) -> str:
        """Tells this machine from others without giving its id away; "" if it has none."""
        try:
            own = self.at("/etc/machine-id").read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return ""
        return digest(f"livekit-firewall {own}")[:16] if own else ""

    @property
    def boot(self) -> str:
        """Tells one boot from the next; "" where the kernel does not say."""
        try:
            return (self.proc / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        except OSError:
            return ""

    def program(self, name: str) -> "str | None":
        """Debian keeps nft and ip where the PATH of an ordinary user does not lead."""
        where = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin", "/usr/bin", "/bin"])
        return shutil.which(name, path=where)

    def run(self, name: str, *arguments: str, stdin: "str | Path" = "") -> "Ran[str]":
        """Run a program to its end, whatever that is. Raises Stopped if it is missing or hangs.

        Args:
            stdin: a text; or a file, of which the program gets all even if this process is killed meanwhile.
        """
        program = self.program(name)
        if program is None:
            raise Stopped(f"{name} is not installed")
        environment = {**os.environ, "LC_ALL": "C"}
        try:
            with stdin.open(encoding="utf-8") if isinstance(stdin, Path) else nullcontext(None) as file:
                return subprocess.run(
                    [program, *arguments], stdin=file, input=None if isinstance(stdin, Path) else stdin,
                    capture_output=True, text=True, timeout=SECONDS, check=False, env=environment,
                )  # fmt: skip
        except (OSError, subprocess.SubprocessError) as error:
            raise Stopped(f"{name} {' '.join(arguments)}: {error}") from None

    def must(self, name: str, *arguments: str, stdin: str = "") -> str:
        """What a program prints. Raises Stopped with its complaint if it fails."""
        ran = self.run(name, *arguments, stdin=stdin)
        if ran.returncode != 0:
            raise Stopped(f"{name} {' '.join(arguments)}: {complaint(ran)}")
        return ran.stdout

    # What the kernel holds

    def in_force(self) -> "str | None":
        """The table inet livekit as nft lists it, without counters; None if there is none, or nothing in it.

        One with nothing in it decides about no packet. And where there was none, everybody sees one while a text that
        begins as `REMOVAL` does is checked or loaded: the kernel hides what a transaction creates until its end, but no
        more once the same transaction deletes it.
        """
        ran = self.run("nft", "-s", "list", "table", "inet", "livekit")
        if ran.returncode == 0:
            return None if ran.stdout.split() == EMPTY else ran.stdout
        if "No such file or directory" in ran.stderr:
            return None
        raise Stopped(f"nft cannot list the table inet livekit: {complaint(ran)}")

    def refusal(self, ruleset: str) -> str:
        """What nft and the kernel have against the ruleset, by `nft -c`, which loads nothing; "" if nothing."""
        ran = self.run("nft", "-c", "-f", "-", stdin=ruleset)
        return "" if ran.returncode == 0 else complaint(ran)

    def load(self, ruleset: "str | Path") -> None:
        """In one transaction: all of it, or on Stopped nothing."""
        ran = self.run("nft", "-f", "-", stdin=ruleset)
        if ran.returncode != 0:
            raise Stopped(f"nft refuses the ruleset: {complaint(ran)}")

    def lacks(self) -> "list[str]":
        """What this machine needs before a ruleset can be applied to it, all at once."""
        if sys.platform != "linux":
            return [
                f"host.apply loads the ruleset on the machine that runs Pulumi, which must be Linux ({sys.platform})"
            ]
        lacking = []
        if os.geteuid() != 0 or not self._capabilities() & NET_ADMIN:
            who = f"uid {os.geteuid()}" + ("" if os.geteuid() else " without CAP_NET_ADMIN")
            lacking.append(f"host.apply needs root on this machine (got {who}); run pulumi as root, or use host.path")
        if self.program("nft") is None:
            lacking.append("host.apply needs nft on this machine; install the package nftables")
        return lacking

    def _capabilities(self) -> int:
        try:
            lines = (self.proc / "self" / "status").read_text(encoding="utf-8").splitlines()
        except OSError:
            return 0
        return next((int(line.split()[1], 16) for line in lines if line.startswith("CapEff:")), 0)


def complaint(ran: "Ran[str]") -> str:
    return ran.stderr.strip()[:2000] or f"it ended with {ran.returncode}"


def digest(text: "str | None") -> str:
    """Of a table as `in_force` gives it; "" for none."""
    return "" if text is None else hashlib.sha256(text.encode()).hexdigest()


def bare_digest(text: "str | None") -> str:
    """The same whoever owns the table."""
    return "" if text is None else digest(bare_table(text))


def why(error: OSError) -> str:
    return error.strerror or str(error)

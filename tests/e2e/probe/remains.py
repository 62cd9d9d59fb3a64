"""What a namespace holds of tables, rules, routes, switches and processes, to see what a program leaves behind."""

from __future__ import annotations

import itertools
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

WATCHED = (
    "net/ipv4/ip_forward", "net/ipv4/conf/all/forwarding", "net/ipv4/conf/all/rp_filter",
    "net/ipv4/conf/wire/rp_filter", "net/ipv4/conf/all/route_localnet", "net/ipv4/conf/all/accept_local",
    "net/ipv4/ip_nonlocal_bind", "net/ipv6/conf/all/forwarding",
    "net/ipv6/conf/wire/forwarding", "net/ipv6/ip_nonlocal_bind",
)  # fmt: skip
"""Switches of the server's network that no probe may leave changed."""

TICK = 0.02


class Remains:
    """Compares a namespace with what it was when `settle` was called.

    Args:
        space: its name; a wire is up in it.
        run: runs a command in a namespace (None: outside of any), and returns what it prints.

    Attributes:
        own_tables, own_processes: of the tests, which are not remains.
    """

    def __init__(self, space: str, run: Callable[..., str]) -> None:
        self.space, self.run = space, run
        self.own_tables: set[str] = set()
        self.own_processes: set[int] = set()
        self.before: set[str] = set()

    def settle(self) -> None:
        """Notes the state, once the kernel has noticed that the wire is up."""
        until = time.monotonic() + 5
        while not any("local fe80::" in one for one in self.before):
            assert time.monotonic() < until, f"the wire does not come up: {sorted(self.before)}"
            self.before = self.state()

    def found(self, patience: float) -> list[str]:
        """The differences; asked for until there are none, or so many seconds are over."""
        until = time.monotonic() + patience
        while True:
            now = self.state()
            found = sorted(f"new {one}" for one in now - self.before)
            found += sorted(f"gone {one}" for one in self.before - now)
            if not found or time.monotonic() > until:
                return found
            time.sleep(TICK)

    def state(self) -> set[str]:
        found = {f"table {name}" for name in self.tables() - self.own_tables}
        for family, what in itertools.product(("-4", "-6"), ("rule", "route")):
            command = ["ip", family, "-n", self.space, what, "show", *(["table", "all"] if what == "route" else [])]
            found |= {f"{what} {family} {' '.join(line.split())}" for line in self.run(None, *command).splitlines()}
        switches = self.run(self.space, "sh", "-c", f"cd /proc/sys && grep -H . {' '.join(WATCHED)}")
        found |= {f"switch {line}" for line in switches.splitlines()}
        return found | {f"process {said(pid)}" for pid in pids(self.space) if pid not in self.own_processes}

    def tables(self) -> set[str]:
        """Of nft: {"inet livekit"}."""
        return {line.removeprefix("table ") for line in self.run(self.space, "nft", "list", "tables").splitlines()}


def pids(space: str) -> list[int]:
    """The processes in a namespace; none if there is no such namespace."""
    ran = subprocess.run(["ip", "netns", "pids", space], capture_output=True, text=True, check=False)
    return [int(pid) for pid in ran.stdout.split()]


def said(pid: int) -> str:
    """A process's command line."""
    try:
        return f"{pid} {Path(f'/proc/{pid}/cmdline').read_text(encoding='utf-8').replace(chr(0), ' ').strip()}"
    except (FileNotFoundError, ProcessLookupError):
        return str(pid)

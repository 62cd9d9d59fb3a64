"""A program that runs in a network namespace: its output as it comes, its end, its time and memory."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

TICK = 10
"""Milliseconds between looks at what a program says; its end is noticed at once."""


class Program:
    """One process.

    Attributes:
        pid: its id: `ip netns exec` becomes the command, so there is no process in between.
        seconds: from its start to its end, None while it runs.
        peak_mib: the most memory that it was seen to have resident, in MiB.
        code: its exit code, negative for a signal, None while it runs.
    """

    def __init__(self, command: list[str], env: dict[str, str], cwd: Path, out: Path) -> None:
        self.command, self._out, self._err = command, out.with_suffix(".out"), out.with_suffix(".err")
        self.seconds: float | None = None
        self.peak_mib = 0.0
        self.began = time.monotonic()
        with self._out.open("wb") as stdout, self._err.open("wb") as stderr:
            # A pipe that nobody writes to: its end tells a program that the laboratory is gone.
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=stdout, stderr=stderr, env=env, cwd=cwd
            )
        self.pid = self.process.pid
        self._end = os.pidfd_open(self.pid)
        self._ends = select.poll()
        self._ends.register(self._end, select.POLLIN)

    @property
    def stdout(self) -> str:
        return self._out.read_text(encoding="utf-8")

    @property
    def stderr(self) -> str:
        return self._err.read_text(encoding="utf-8")

    @property
    def code(self) -> int | None:
        return self.process.returncode

    def look(self) -> bool:
        """Whether it has ended; notes its memory."""
        # Not ru_maxrss, which starts at the memory of whoever started it.
        if found := re.search(r"^VmHWM:\s+(\d+) kB", status(self.pid), re.MULTILINE):
            self.peak_mib = int(found[1]) / 1024
        if self.process.poll() is None:
            return False
        if self.seconds is None:
            self.seconds = time.monotonic() - self.began
        return True

    def until(self, seen: Callable[[], object], patience: float = 30.0) -> None:
        """Waits until `seen` is true; AssertionError with all it said if it ends before, or is silent too long."""
        until = time.monotonic() + patience
        while not seen():
            ended = self.look()
            if seen():  # said with its last breath
                return
            said = f"{' '.join(self.command)}\n{self.stdout}\n{self.stderr}"
            assert not ended, f"ended with {self.code} before its time: {said}"
            assert time.monotonic() < until, f"not within {patience} s: {said}"
            self._ends.poll(TICK)

    def wait(self, patience: float = 60.0) -> int:
        """Its exit code, once it has ended by itself; AssertionError if that takes longer than `patience` seconds."""
        self.until(self.look, patience)
        assert self.code is not None
        self._close()
        return self.code

    def stop(self, by: signal.Signals = signal.SIGINT) -> int:
        """Its exit code, after a signal to it alone (Ctrl-C goes to the whole group, a supervisor's does not)."""
        if not self.look():
            os.kill(self.pid, by)
        return self.wait(15.0)

    def kill(self) -> int:
        return self.stop(signal.SIGKILL)

    def _close(self) -> None:
        if self.process.stdin:
            self.process.stdin.close()
        if self._end >= 0:
            os.close(self._end)
            self._end = -1


class Listening(Program):
    """`probe listen`, which has said how it is reached."""

    @property
    def command_to_copy(self) -> str:
        """The line with the complete `check` command, or "" as long as it has not said it."""
        found = re.search(r"^.*probe check .*--token \S+.*$", self.stdout, re.MULTILINE)
        return found[0].strip() if found else ""

    @property
    def token(self) -> str:
        found = re.search(r"--token[ =](\S+)", self.command_to_copy)
        assert found, f"no token in: {self.stdout}"
        return found[1]


class Checked(NamedTuple):
    """How `probe check` ended.

    Attributes:
        code: its exit code.
        found: what it printed: parsed if that is JSON, else the text.
        stderr: its complaints.
    """

    code: int
    found: Any
    stderr: str


def checked(program: Program, patience: float = 60.0) -> Checked:
    """How a program started by `Lab.start_check` ended, once it has."""
    code = program.wait(patience)
    try:
        return Checked(code, json.loads(program.stdout), program.stderr)
    except ValueError:
        return Checked(code, program.stdout, program.stderr)


def status(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return ""

"""Runs long steps: shows which are running and for how long; a failure shows the end of its log.

    with Progress(logs) as progress:
        progress.run("building the Pulumi CLI from source", ["go", "build"], timeout=900)

On a terminal one live line shows every running step with its elapsed time, and how far it is where its log tells;
elsewhere a line is written every 15 s. Steps may run in several threads at once.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

TAIL_LINES = 25
QUIET_INTERVAL = 15.0
QUIET_AT_FIRST = 5.0
LIVE_INTERVAL = 0.5


class SetupError(Exception):
    """The set-up cannot go on; the message is all that the user needs to see."""


class StepError(SetupError):
    """A command failed. `log` holds everything that it printed."""

    def __init__(self, title: str, why: str, log: Path, *, timed_out: bool = False) -> None:
        self.why, self.log, self.timed_out = why, log, timed_out
        super().__init__(f"{title}: {why}\n\n{tail(log)}\n\nThe whole log: {log}")


def tail(log: Path, lines: int = TAIL_LINES) -> str:
    text = log.read_text(encoding="utf-8", errors="replace").rstrip()
    return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


HowFar = Callable[[str], str]
"""From what a step has printed until now: how far it is, for people."""


def counted(pattern: str, unit: str, most: int) -> HowFar:
    """How many lines match, of how many there may be."""
    lines = re.compile(pattern, re.MULTILINE)
    return lambda text: f"{len(lines.findall(text)):,} of at most {most:,} {unit}"


class _Step(NamedTuple):
    started: float
    log: Path
    how_far: HowFar | None


class Progress:
    """Runs commands, tells which are running, and stops them all when it is left."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._live = sys.stdout.isatty()
        self._lock = threading.Lock()
        self._steps: dict[str, _Step] = {}
        self._processes: set[subprocess.Popen[bytes]] = set()
        self._left = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self):
        self._logs.mkdir(parents=True, exist_ok=True)
        self._ticker.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()
        self._ticker.join()

    def say(self, line: str) -> None:
        with self._lock:
            self._clear()
            print(line, flush=True)

    def run(
        self,
        title: str,
        command: Sequence[str | Path],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        timeout: float | None = None,
        how_far: HowFar | None = None,
    ) -> float:
        """Runs the command to its end and returns the seconds it took."""
        log = self.log_of(title)
        begin = time.monotonic()
        with log.open("wb") as out:
            process = self._start(title, _Step(begin, log, how_far), command, out, cwd, env)
            try:
                code = process.wait(timeout)
            except subprocess.TimeoutExpired:
                _kill(process)
                process.wait()
                raise StepError(title, f"took longer than {timeout:.0f} s", log, timed_out=True) from None
            finally:
                with self._lock:
                    self._processes.discard(process)
                    del self._steps[title]
        if code != 0:
            raise StepError(title, f"failed with exit code {code}", log)
        return time.monotonic() - begin

    def log_of(self, title: str) -> Path:
        """Where a step's output goes."""
        return self._logs / (title.replace("/", "-").replace(" ", "-") + ".log")

    def _start(self, title: str, step: _Step, command, out, cwd, env) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._left.is_set():
                raise SetupError(f"{title}: stopped")
            process = subprocess.Popen(
                [str(part) for part in command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=cwd,
                env={**os.environ, **(env or {})},
                start_new_session=True,  # so that a compiler's or installer's own children end with it
            )
            self._processes.add(process)
            self._steps[title] = step
            if not self._live:
                print(f"{title} ...", flush=True)
            return process

    def stop(self) -> None:
        """Ends every running command: after Ctrl-C, or when another step has failed."""
        with self._lock:
            self._left.set()
            self._clear()
            for process in self._processes:
                _kill(process)

    def _tick(self) -> None:
        while not self._left.wait(LIVE_INTERVAL if self._live else QUIET_INTERVAL):
            with self._lock:
                running = self._running()
                if running and not self._left.is_set():
                    self._show(" | ".join(running))

    def _running(self) -> list[str]:
        """On a terminal all of them; elsewhere those that have just been announced are left out."""
        now = time.monotonic()
        youngest = 0.0 if self._live else QUIET_AT_FIRST
        return [
            f"{title}: {now - step.started:.0f} s{_how_far(step)}"
            for title, step in self._steps.items()
            if now - step.started >= youngest
        ]

    def _show(self, line: str) -> None:
        if self._live:
            width = shutil.get_terminal_size().columns - 1
            sys.stdout.write("\r\x1b[K" + line[:width])
            sys.stdout.flush()
        else:
            print(line, flush=True)

    def _clear(self) -> None:
        if self._live:
            sys.stdout.write("\r\x1b[K")
            sys.stdout.flush()


def _how_far(step: _Step) -> str:
    if step.how_far is None:
        return ""
    return f", {step.how_far(step.log.read_text(encoding='utf-8', errors='replace'))}"


def _kill(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return

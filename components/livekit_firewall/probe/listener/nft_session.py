"""A running `nft -i`, which owns the table that it is told to make: commands in, answers out.

The kernel removes a table with `flags owner` when the process that made it ends, and this one ends when its input
closes.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import time
from contextlib import suppress
from typing import IO

PATIENCE = 10.0
"""Seconds for nft to do what it was told."""
END_PATIENCE = 2.0
"""Seconds for it to end once its input has."""
ENVIRONMENT = {**os.environ, "PATH": f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin", "LC_ALL": "C"}
GONE = "nft has ended, and the table with it"


class CannotDivert(Exception):
    """There is no nft, no right to use it, or the kernel lacks a part. `str()` says which, in a line."""


class NftSession:
    """The process, and the commands that it has not answered yet.

    Args:
        question: a command whose answer begins with the same words. nft prints nothing when all is well, so each
            command is followed by it: its answer ends that of the command.

    Attributes:
        program: the path of nft.
        process: the running `nft -i`.

    Raises CannotDivert.
    """

    def __init__(self, question: str) -> None:
        program = shutil.which("nft", path=ENVIRONMENT["PATH"])
        if program is None:
            raise CannotDivert("nft is not installed (package nftables)")
        self.program, self._question = program, question
        self._posted, self._received = 0, b""
        try:
            self.process = subprocess.Popen(
                [program, "-i"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=ENVIRONMENT,
                start_new_session=True,  # an interrupt at the terminal is ours to handle, its table goes last
            )  # fmt: skip
        except OSError as error:
            raise CannotDivert(f"nft cannot be started: {error.strerror or error}") from None
        self._input, self._output = _pipes(self.process)

    def check(self) -> None:
        """Raises CannotDivert if the process has ended."""
        if self.process.poll() is not None:
            raise CannotDivert(GONE)

    def run(self, command: str) -> None:
        """One transaction, done when this returns. Raises CannotDivert if it failed."""
        self.post(command)
        self.settle()

    def post(self, command: str) -> None:
        """One transaction, whose answer `settle` reads."""
        try:
            self._input.write(f"{command}\n{self._question}\n".encode())
            self._input.flush()
        except OSError:
            raise CannotDivert(GONE) from None
        self._posted += 1

    def settle(self) -> None:
        """Wait until nft has done all that it was told. Raises CannotDivert if it could not."""
        while self._posted:
            self._posted -= 1
            errors = [line for line in self._answer() if "Error:" in line]
            if errors:
                raise CannotDivert(meaning_of(errors[0]))

    def close(self) -> None:
        """The process has ended when this returns. May be called twice."""
        with suppress(OSError):
            self._input.close()
        wait_for(self.process)

    def _answer(self) -> list[str]:
        """What nft said of one command: all up to the end of the answer to the question after it."""
        pipe, deadline, lines = self._output.fileno(), time.monotonic() + PATIENCE, []
        while True:
            line, newline, rest = self._received.partition(b"\n")
            if newline:
                self._received = rest
                lines.append(line.decode(errors="replace"))
                # without the right to ask, it complains of that alone and goes on waiting
                ends = lines[-1].startswith(self._question) or "cache initialization failed" in lines[-1]
                if ends or lines[-1] == "}":
                    return lines
                continue
            if not select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))[0]:
                raise CannotDivert(f"nft did not answer within {PATIENCE:.0f} s")
            chunk = os.read(pipe, 1 << 16)
            if not chunk:
                first = next((one for one in lines if one.strip()), "it said nothing")
                raise CannotDivert(meaning_of(f"nft has ended: {first}"))
            self._received += chunk


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise ValueError("a process without pipes")
    return process.stdin, process.stdout


def wait_for(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(END_PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


_MEANINGS = (
    (r"Operation not permitted|cache initialization failed", "nft needs root (CAP_NET_ADMIN)"),
    (r"Protocol not supported|Unable to initialize Netlink", "this kernel has no nftables"),
    (
        r"Could not process rule: No such file",
        "this kernel lacks a part of nftables that is needed (nft_tproxy, nft_socket or nft_ct)",
    ),
)


def meaning_of(error: str) -> str:
    """What an error of nft means for a listener, as a phrase; the error itself where that is not known."""
    return next((text for pattern, text in _MEANINGS if re.search(pattern, error)), error.strip()[:200])

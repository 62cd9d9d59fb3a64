"""Files and standard input that somebody else wrote, as bytes: bounded in size, waiting for nothing that can block.

Every file that a user or a repository names is read here. A link may lead to a pipe without a writer, a device
that never ends or a terminal: what is no regular file is refused before and after it is opened.
"""

from __future__ import annotations

import os
import re
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

STDIN = "-"

SECONDS = 5.0
"""For a regular file, as some of /proc and /sys look regular and wait for what they would tell, and for the
writer of a named pipe to come."""

SILENCE = 60.0
"""How long the writer of a named pipe may write nothing."""

_INHERITED = re.compile(r"/dev/stdin|/(dev|proc/self|proc/[0-9]+)/fd/[0-9]+")
"""What a shell makes of `<(pulumi preview --json)`: it is waited for, as standard input is."""

STDIN_NAMES = (STDIN, "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0")
"""Standard input, which can be read once."""

_CHUNK = 1 << 20


class UnreadableError(Exception):
    """Why there are no bytes, in the parts of a `Problem`; whoever reads raises an error of its own.

    Attributes:
        got: what is there, or the reason of the operating system.
        expected: what would be right.
        hint: what to do; "" if `expected` says it.
    """

    def __init__(self, got: str, expected: str, hint: str = "") -> None:
        super().__init__(f"{expected} ({got})")
        self.got, self.expected, self.hint = got, expected, hint


class TooLargeError(UnreadableError):
    """There is more than the limit."""


def read_bytes(name: str | Path, limit: int, *, may_be_pipe: bool = False) -> bytes:
    """The content of a regular file.

    Args:
        name: the path; links are followed.
        limit: the most bytes that are read.
        may_be_pipe: whether a pipe is read too, as a shell makes one for `<(command)`.

    Raises:
        UnreadableError: it is missing, no regular file, larger than `limit`, or does not answer in time.
    """
    return b"".join(read_parts(name, limit, may_be_pipe=may_be_pipe))


def read_parts(name: str | Path, limit: int, *, may_be_pipe: bool = False) -> Iterator[bytes]:
    """The same piece by piece, for what need not be held as a whole; too large is told after the last one.

    Raises:
        UnreadableError: as `read_bytes` does, while it is read.
    """
    try:
        is_inherited = may_be_pipe and bool(_INHERITED.fullmatch(str(name)))
        status = Path(name).stat()
        _refuse_special(status, may_be_pipe)
        # the path may lead elsewhere by now, so that it is opened without waiting and looked at once more
        descriptor = os.open(
            name, os.O_RDONLY | _flags("O_BINARY", "O_CLOEXEC", "O_NOCTTY") | (0 if is_inherited else NONBLOCK)
        )
        try:
            status = os.fstat(descriptor)
            _refuse_special(status, may_be_pipe)
            size = 0
            is_pipe = stat.S_ISFIFO(status.st_mode)
            for part in _parts(descriptor, limit, is_pipe=is_pipe, is_inherited=is_inherited):
                size += len(part)
                yield part
            _refuse_large(size, limit, status.st_size)
        finally:
            os.close(descriptor)
    except OSError as error:
        hint = "check the path and its permissions"
        raise UnreadableError(error.strerror or type(error).__name__, "cannot be read", hint) from None
    except ValueError as error:  # a NUL or half of a surrogate pair in the path
        reason = str(error) if "null" in str(error) else "a path that is no text"
        raise UnreadableError(reason, "cannot be read", "check the path and its permissions") from None


def read_input(name: str, limit: int) -> bytes:
    """The content of a file, of what a shell makes for `<(command)`, or of standard input for `-`.

    Raises:
        UnreadableError: as the two readers below do.
    """
    return read_stdin(limit) if name == STDIN else read_bytes(name, limit, may_be_pipe=True)


def is_stream(name: str) -> bool:
    """Whether a name on the command line is standard input or a pipe, whatever folder other names start from."""
    try:
        return name in STDIN_NAMES or bool(_INHERITED.fullmatch(name)) or Path(name).is_fifo()
    except (OSError, ValueError):
        return False


def read_stdin(limit: int) -> bytes:
    """All of standard input, as long as it is at most `limit` bytes. Waits for it, as every filter does.

    Raises:
        UnreadableError: it is closed, cannot be read or is larger.
    """
    if sys.stdin is None:
        raise UnreadableError("closed", "cannot be read", "give a file, or pipe something in")
    try:
        content: bytes = sys.stdin.buffer.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "closed"
        raise UnreadableError(reason, "cannot be read", "give a file, or pipe something in") from None
    _refuse_large(len(content), limit)
    return content


def _flags(*names: str) -> int:
    """Those that this platform has."""
    return sum(getattr(os, name, 0) for name in names)


NONBLOCK = _flags("O_NONBLOCK")


def _refuse_special(status: os.stat_result, may_be_pipe: bool) -> None:
    if stat.S_ISREG(status.st_mode) or (may_be_pipe and stat.S_ISFIFO(status.st_mode)):
        return
    kind = "a directory" if stat.S_ISDIR(status.st_mode) else "a special file"
    raise UnreadableError(kind, "must be a file that can be read")


def _parts(descriptor: int, limit: int, *, is_pipe: bool, is_inherited: bool) -> Iterator[bytes]:
    """At most one byte more than `limit`."""
    left, has_writer, until = limit + 1, not is_pipe or is_inherited, time.monotonic() + SECONDS
    while left:
        try:
            part = os.read(descriptor, min(_CHUNK, left))
        except BlockingIOError:  # a writer is there, and has nothing yet
            part = None
        if part == b"" and has_writer:
            return
        if part or (is_pipe and part is None and not has_writer):
            has_writer, until = True, time.monotonic() + (SILENCE if is_pipe else SECONDS)
        if part:
            left -= len(part)
            yield part
        elif time.monotonic() > until:
            raise UnreadableError("nothing comes", "cannot be read in time", "is it a file?")
        else:
            time.sleep(0.02)


def _refuse_large(read: int, limit: int, size: int = 0) -> None:
    if read > limit:
        most = f"{limit // 1_000_000} MB" if limit >= 1_000_000 else f"{limit:,} bytes"
        raise TooLargeError(f"{max(size, read):,} bytes", f"must be at most {most}")


def decoded(content: bytes) -> str:
    """A text of UTF-8 or, as PowerShell writes where its output goes to a file, UTF-16.

    Raises:
        ValueError: it is neither.
    """
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise ValueError("must be UTF-8 text") from None

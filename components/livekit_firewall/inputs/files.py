"""Untrusted files and standard input as bytes, with limits on size and on the time of waiting.

Every file that a user or a repository names is read here. A link may lead to a pipe without a writer, an endless
device or a terminal, so anything but a regular file is refused, both before and after it is opened.
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
"""The longest wait for data of a regular file (some files of /proc and /sys look regular and block), and for a
process to open a named pipe for writing."""

SILENCE = 60.0
"""Seconds for which the writer of a named pipe may write nothing."""

_INHERITED = re.compile(r"/dev/stdin|/(dev|proc/self|proc/[0-9]+)/fd/[0-9]+")
"""The path that a shell substitutes for `<(pulumi preview --json)`. It is read without a time limit, as stdin is."""

STDIN_NAMES = (STDIN, "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0")
"""Names of standard input, which can be read only once."""

_CHUNK = 1 << 20


class UnreadableError(Exception):
    """A file that cannot be read, with the parts of a `Problem`; callers turn it into an error of their own.

    Attributes:
        got: what was found, or the operating system's error.
        expected: what is expected instead.
        hint: what to do; "" if `expected` says it.
    """

    def __init__(self, got: str, expected: str, hint: str = "") -> None:
        super().__init__(f"{expected} ({got})")
        self.got, self.expected, self.hint = got, expected, hint


class TooLargeError(UnreadableError):
    """The content is larger than the limit."""


def read_bytes(name: str | Path, limit: int, *, may_be_pipe: bool = False) -> bytes:
    """The content of a regular file.

    Args:
        name: the path; links are followed.
        limit: the largest size in bytes.
        may_be_pipe: whether a pipe is read too, such as a shell's for `<(command)`.

    Raises:
        UnreadableError: it is missing, no regular file, larger than `limit`, or does not answer in time.
    """
    return b"".join(read_parts(name, limit, may_be_pipe=may_be_pipe))


def read_parts(name: str | Path, limit: int, *, may_be_pipe: bool = False) -> Iterator[bytes]:
    """The content of a regular file in parts, for callers that do not need it as a whole.

    Raises:
        UnreadableError: as `read_bytes`, during iteration; for a file that is too large, after the last part.
    """
    try:
        is_inherited = may_be_pipe and bool(_INHERITED.fullmatch(str(name)))
        status = Path(name).stat()
        _refuse_special(status, may_be_pipe)
        # the path may have changed since, so it is opened without blocking and checked again
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
    except ValueError as error:  # a NUL or a lone surrogate in the path
        reason = "a path that is no text" if isinstance(error, UnicodeError) else "NUL in the path"
        raise UnreadableError(reason, "cannot be read", "check the path and its permissions") from None


def read_input(name: str, limit: int) -> bytes:
    """The content of a file, of a shell's `<(command)`, or of standard input for `-`.

    Raises:
        UnreadableError: as `read_stdin` and `read_bytes`.
    """
    return read_stdin(limit) if name == STDIN else read_bytes(name, limit, may_be_pipe=True)


def is_stream(name: str) -> bool:
    """Whether a name on the command line is standard input or a pipe. It is never relative to another folder."""
    try:
        return name in STDIN_NAMES or bool(_INHERITED.fullmatch(name)) or Path(name).is_fifo()
    except (OSError, ValueError):
        return False


def read_stdin(limit: int) -> bytes:
    """All of standard input, at most `limit` bytes. Waits for its end without a time limit.

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
    """The flags of `os` by name, combined; a flag that this platform lacks counts as 0."""
    return sum(getattr(os, name, 0) for name in names)


NONBLOCK = _flags("O_NONBLOCK")


def _refuse_special(status: os.stat_result, may_be_pipe: bool) -> None:
    if stat.S_ISREG(status.st_mode) or (may_be_pipe and stat.S_ISFIFO(status.st_mode)):
        return
    kind = "a directory" if stat.S_ISDIR(status.st_mode) else "a special file"
    raise UnreadableError(kind, "must be a file that can be read")


def _parts(descriptor: int, limit: int, *, is_pipe: bool, is_inherited: bool) -> Iterator[bytes]:
    """Parts of the content, together at most `limit` + 1 bytes."""
    left, has_writer, until = limit + 1, not is_pipe or is_inherited, time.monotonic() + SECONDS
    while left:
        try:
            part = os.read(descriptor, min(_CHUNK, left))
        except BlockingIOError:  # the pipe has a writer, which has written nothing yet
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
    """Text in UTF-8, or in UTF-16 with a byte order mark, which PowerShell writes when output is redirected.

    Raises:
        ValueError: it is neither.
    """
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise ValueError("must be UTF-8 text") from None

"""Previews from files or standard input."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterable
from pathlib import Path

from ..errors import Place, Problem
from ..resources import MAX_BYTES
from .preview import NotAPreview

STDIN = "-"


def read_all(names: Iterable[str]) -> list[tuple[str, str]]:
    """Each file's name and text.

    Raises:
        NotAPreview: with every file that cannot be read, is too large or no UTF-8.
    """
    texts: list[tuple[str, str]] = []
    problems: list[Problem] = []
    for name in dict.fromkeys(names):
        shown = "(standard input)" if name == STDIN else name
        try:
            texts.append((shown, decoded(_bytes(name))))
        except OSError as error:
            problems.append(Problem(Place("", shown), "", f"cannot be read: {error.strerror or error}"))
        except ValueError as error:
            problems.append(Problem(Place("", shown), "", str(error)))
    if problems:
        raise NotAPreview(problems)
    return texts


def _bytes(name: str) -> bytes:
    if name == STDIN:
        content = sys.stdin.buffer.read(MAX_BYTES + 1)
    else:
        if not stat.S_ISREG(Path(name).stat().st_mode) and not stat.S_ISFIFO(Path(name).stat().st_mode):
            raise ValueError("must be a file")
        with Path(name).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError(f"must be at most {MAX_BYTES // 1_000_000} MB")
    return content


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

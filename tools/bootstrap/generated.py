"""Files that are written from code, and are checked in."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def keep(wanted: Mapping[Path, str], *, check: bool) -> int:
    """Writes the files that do not hold their text, or only says which those are.

    Returns:
        The exit code: 1 where a file is out of date and nothing was to be written.
    """
    stale = [file for file, text in wanted.items() if not file.is_file() or file.read_text(encoding="utf-8") != text]
    for file in stale:
        if check:
            print(f"{file.relative_to(ROOT)} is out of date: run `make docs`", file=sys.stderr)
        else:
            file.parent.mkdir(exist_ok=True)
            file.write_text(wanted[file], encoding="utf-8")
    return 1 if check and stale else 0

"""`volumes` of a service in every form."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from typing import Any

from ...model.errors import Place
from .model import Mount

EXPECTED = "must be SOURCE:TARGET, or a mapping with type, source and target"


def read_mount(value: Any, place: Place, path: Callable[[str], str]) -> Mount:
    """One entry.

    Args:
        path: makes a path of the file relative to the folder of the project.

    Raises:
        ValueError: with what is expected.
    """
    source: Any = None
    target: Any = None
    is_bind = False
    if isinstance(value, str):
        source, target = _short(value)
        is_bind = source.startswith((".", "/", "~", "\\")) or bool(re.match("[A-Za-z]:", source))
    elif isinstance(value, Mapping):
        source, target, is_bind = value.get("source"), value.get("target"), value.get("type") == "bind"
    if not isinstance(target, str) or not target or (is_bind and not isinstance(source, str)):
        raise ValueError(EXPECTED)
    return Mount(path(source) if is_bind else "", _normalised(target), place)


def _short(text: str) -> tuple[str, str]:
    drive = re.match(r"[A-Za-z]:(?=[\\/])", text)
    start = drive.end() if drive else 0
    parts = text[start:].split(":")
    if len(parts) > 3 or not all(parts):
        return "", ""
    return ("", text) if len(parts) == 1 else (text[:start] + parts[0], parts[1])


def _normalised(target: str) -> str:
    """A path within a container, normalised."""
    return re.sub("^//", "/", posixpath.normpath(target))

"""Keys that hold no secret according to the types of the settings, so that errors may show their values.

For any other key an error shows only the type of the value: a section that holds a text, a key of a newer release, a
misspelt key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from .record_types import alternatives, element_record, fields_of, is_record, is_shown

PARTS = ("rtc.ips.includes", "rtc.ips.excludes", "lint.ignore.id")
"""Harmless keys within values that no record types: address blocks, the id of a finding."""

HIDING = r"(^|\.)(keys?|secret|password|credential|token|username|\w+_(secret|key|password))(\.|$)"
"""Keys that hold a secret according to their name: an error shows not even the type of the value."""


def _without_places(path: str) -> str:
    """The path without indices: `trunks.media` for `trunks[0].media`."""
    return re.sub(r"\[[^]]*\]", "", path) if "[" in path else path


def is_harmless(path: str) -> bool:
    """Whether an error may show the value of the dotted key. Indices are ignored: `trunks[0].media`."""
    return _without_places(path) in _paths()[0]


def is_secret(path: str) -> bool:
    """Whether the name of the dotted key, or of a key above it, says that it holds a secret."""
    return re.search(HIDING, _without_places(path)) is not None


def is_known(name: object) -> bool:
    """Whether it is the name of a known key at any level, and so not a text of the user's own."""
    return isinstance(name, str) and name in _paths()[1]


def known_part(path: str) -> str:
    """A dotted key up to its first unknown name, then `…`. A name below a secret key, such as `keys`, is unknown."""
    parts = path.split(".")
    count = next((index for index, part in enumerate(parts) if not is_known(part)), len(parts))
    if any(is_secret(part) for part in parts[: count - 1]):
        count = 1
    return ".".join([*parts[:count], *(["…"] if count < len(parts) else [])])


_records: list[tuple[Any, str]] = []
_names: list[Callable[[], Iterable[str]]] = []


def describe(record: Any, *prefixes: str, others: Callable[[], Iterable[str]] = tuple) -> None:
    """Registers a typed record: errors may name its keys, and show the values of those whose types are harmless.

    Args:
        prefixes: of its keys ("", "sip."), one for each place in which they are written.
        others: called when the first error is written: names of further keys of the service, without types.
    """
    _records.extend((record, prefix) for prefix in prefixes or ("",))
    _names.append(others)
    _paths.cache_clear()


@cache
def _paths() -> tuple[frozenset[str], frozenset[str]]:
    """The harmless dotted keys, and the known names."""
    walked = [found for record, prefix in _records for found in _walk(record, prefix)]
    names = [name for others in _names for name in others()]
    return (
        frozenset([path for path, kind in walked if is_shown(kind)]) | frozenset(PARTS),
        frozenset(part for path in [*(path for path, _ in walked), *names] for part in path.split(".")),
    )


def _walk(record: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for key, field in fields_of(record).items():
        yield prefix + key, field.type
        for kind in alternatives(field.type):
            below = kind if is_record(kind) else element_record(kind)
            if below:
                yield from _walk(below, f"{prefix}{key}.")

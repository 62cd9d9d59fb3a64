"""Which keys are known to hold no secret, so that errors may show their values: what the typed settings say of them.

Whatever is not listed here, a section in whose place a text stands, a key of a newer release, a misspelt one, is told
by its kind alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

from .records import alternatives, element_record, fields_of, is_record, is_shown

PARTS = ("rtc.ips.includes", "rtc.ips.excludes", "lint.ignore.id")
"""Parts of a value that is read as a whole: blocks of addresses, the id of a finding."""

HIDING = r"(^|\.)(keys?|secret|password|credential|token|username|\w+_(secret|key|password))(\.|$)"
"""Keys whose name alone says what they hold: of those not even the kind is told."""


def _without_places(path: str) -> str:
    """`trunks.media` of `trunks[0].media`."""
    return re.sub(r"\[[^]]*\]", "", path) if "[" in path else path


def is_harmless(path: str) -> bool:
    """Whether what stands at the dotted key may be shown; `trunks[0].media` is every trunk's."""
    return _without_places(path) in _paths()[0]


def is_secret(path: str) -> bool:
    return re.search(HIDING, _without_places(path)) is not None


def is_known(name: object) -> bool:
    """Whether it is the name of a key, at whatever level, and so no text of the user's own."""
    return isinstance(name, str) and name in _paths()[1]


def known_part(path: str) -> str:
    """A dotted key as far as its names are known; a name below `keys` is the user's, and may be a secret."""
    parts = path.split(".")
    count = next((index for index, part in enumerate(parts) if not is_known(part)), len(parts))
    if any(is_secret(part) for part in parts[: count - 1]):
        count = 1
    return ".".join([*parts[:count], *(["…"] if count < len(parts) else [])])


_records: list[tuple[Any, str]] = []
_names: list[Callable[[], Iterable[str]]] = []


def describe(record: Any, *prefixes: str, others: Callable[[], Iterable[str]] = tuple) -> None:
    """Let errors name the keys of a typed record, and show the values of those that the types call harmless.

    Args:
        prefixes: what stands before its keys ("", "sip."), one for each place that they are written in.
        others: asked when the first error is written: keys that the service has besides, whose values nobody types.
    """
    _records.extend((record, prefix) for prefix in prefixes or ("",))
    _names.append(others)
    _paths.cache_clear()


@cache
def _paths() -> tuple[frozenset[str], frozenset[str]]:
    """The dotted keys that are harmless, and the names that are known."""
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

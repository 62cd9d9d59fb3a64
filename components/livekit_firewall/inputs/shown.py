"""Values and keys in error texts: short, on one line, and only for keys that are known to hold no secret."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from ..model.text import quoted
from .harmless import is_harmless, is_known, is_secret


def show(path: str, value: object) -> str:
    """A value for an error text, on one line: the value itself, shortened, if its key is harmless, else its kind."""
    if hasattr(value, "apply"):
        return "an output, known only while Pulumi runs"
    if is_secret(path):
        return "a value that is not shown"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if not is_harmless(path) or not _is_plain(value):
        return kind_of(value)
    if isinstance(value, list | tuple) and len(value) > 4:
        return f"a list of {len(value)} values"
    return quoted(list(value) if isinstance(value, tuple) else value)


def kind_of(value: object) -> str:
    """The kind of a value, as a phrase without any of its content."""
    if isinstance(value, list | tuple):
        return "a list" if value else "[]"
    return next((kind for types, kind in KINDS if isinstance(value, types)), "something else")


KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (bool, "true or false"),
    (str, "a text"),
    ((int, float), "a number"),
    (Mapping, "a mapping"),
    (bytes, "binary data"),
)


_NOT_PLAIN = frozenset("@{}")  # @: a user and a password before a host; {}: JSON

_HUGE = 10**40  # larger than any setting; Python refuses to print numbers with thousands of digits


def _is_plain(value: object) -> bool:
    """Whether a value holds no keys and no address with a user and a password."""
    if isinstance(value, list | tuple):
        return all(_is_plain(one) and not isinstance(one, list | tuple) for one in value)
    if isinstance(value, str):
        return not _NOT_PLAIN & set(value)
    return value is None or isinstance(value, float) or (isinstance(value, int) and abs(value) < _HUGE)


def key_name(key: object) -> str:
    """A key for an error text. A key that does not look like a setting's name may be a secret, and is not shown."""
    if isinstance(key, str):
        return key if (len(key) <= 60 and _is_name(key)) or is_known(key.lower()) else "(a key that is no name)"
    return str(key).lower() if isinstance(key, bool) else quoted(key) if key is None else "(a key that is no text)"


@lru_cache(1024)
def _is_name(key: str) -> bool:
    return re.fullmatch(_NAME, key) is not None and sum(map(str.isdigit, key)) <= 4


_NAME = r"(?a)[a-z][a-z0-9]*([_.:-][a-z0-9]+|[A-Z][a-z]+)*"

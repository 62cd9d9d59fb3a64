"""Substitutes `${VAR:-default}` and its other forms as Compose does (compose-go template/template.go)."""

from __future__ import annotations

import re
from collections.abc import Callable

Lookup = Callable[[str], str | None]

MAX_DEPTH = 20
"""The most levels of nested defaults. Each level is a recursive call; real files have two at most."""

MAX_LENGTH = 1_000_000
"""The longest text after substitution, in characters: variables that contain variables multiply its length."""

_VARIABLE = re.compile(
    r"\$(?i:(?P<escaped>\$)|(?P<named>[_a-z][_a-z0-9]*)"
    r"|{(?:(?P<braced>[_a-z][_a-z0-9]*(?::?[-+?](?:.*))?)}|(?P<invalid>)))"
)
_OPERATORS = (":?", "?", ":-", "-", ":+", "+")


class TemplateError(ValueError):
    """A text that Compose refuses; `str()` says why, without any part of the text."""


def substitute(text: str, lookup: Lookup, depth: int = 0, unset: Callable[[str], None] = lambda _name: None) -> str:
    """The text with each variable replaced by its value; an unset one is empty.

    Args:
        lookup: returns the value of a variable, None if it is not set.
        unset: called with the name of each variable that is not set and has no default.

    Raises:
        TemplateError: a required variable is not set, or the syntax is wrong.
    """
    if "$" not in text:
        return text
    if depth > MAX_DEPTH:
        raise TemplateError("must not hold defaults within defaults that deep")
    length = len(text)

    def replaced(found: re.Match[str]) -> str:
        nonlocal length
        value = _replaced(found[0], lookup, depth, unset)
        length += len(value)
        if length > MAX_LENGTH:
            raise TemplateError(f"must be at most {MAX_LENGTH:,} characters with its variables filled in")
        return value

    return _VARIABLE.sub(replaced, text)


def _replaced(text: str, lookup: Lookup, depth: int, unset: Callable[[str], None]) -> str:
    end = _closing_brace(text)
    text, rest = (text, "") if end is None else (text[: end + 1], text[end + 1 :])
    found = _VARIABLE.match(text)
    if found is None or found["invalid"] is not None:
        raise TemplateError("must hold ${NAME}, or $$ for a dollar sign")
    if found["escaped"]:
        return "$"
    if found["named"]:
        return _plain(found["named"], lookup, unset)
    written = found["braced"]
    operator = min((one for one in _OPERATORS if one in written), key=written.index, default=None)
    if operator is None:
        return _plain(written, lookup, unset) + substitute(rest, lookup, depth + 1, unset)
    name, _, other = written.partition(operator)
    return _chosen(name, operator, other, lookup, depth) + substitute(rest, lookup, depth + 1, unset)


def _plain(name: str, lookup: Lookup, unset: Callable[[str], None]) -> str:
    value = lookup(name)
    if value is None:
        unset(name)
    return value or ""


def _chosen(name: str, operator: str, other: str, lookup: Lookup, depth: int) -> str:
    value = lookup(name)
    is_there = value is not None and (value != "" or ":" not in operator)
    if operator.endswith("?"):
        if not is_there:
            raise TemplateError(f"needs the variable {name}, which is not set")
        return value or ""
    wants_other = is_there if operator.endswith("+") else not is_there
    return substitute(other, lookup, depth + 1) if wants_other else value or ""


def _closing_brace(text: str) -> int | None:
    """The index of the brace that closes the first one, with nested braces counted; None without one."""
    depth, at = 0, 0
    while at < len(text):
        if text[at] == "}":
            depth -= 1
            if depth == 0:
                return at
        elif text[at] == "{":
            depth += 1
            at += 1  # as Compose does: the character after a brace is skipped
        at += 1
    return None

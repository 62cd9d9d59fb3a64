"""`${VAR:-default}` and its kind, filled in as Compose does (compose-go template/template.go)."""

from __future__ import annotations

import re
from collections.abc import Callable

Lookup = Callable[[str], str | None]

MAX_DEPTH = 20
"""Defaults within defaults: each takes a call, and no file of a deployment has more than two."""

MAX_LENGTH = 1_000_000
"""Of a text that is filled in: variables that hold variables would multiply."""

_VARIABLE = re.compile(
    r"\$(?i:(?P<escaped>\$)|(?P<named>[_a-z][_a-z0-9]*)"
    r"|{(?:(?P<braced>[_a-z][_a-z0-9]*(?::?[-+?](?:.*))?)}|(?P<invalid>)))"
)
_OPERATORS = (":?", "?", ":-", "-", ":+", "+")


class TemplateError(ValueError):
    """A text that Compose refuses; `str()` says why, without a word of the text."""


def substitute(text: str, lookup: Lookup, depth: int = 0, unset: Callable[[str], None] = lambda _name: None) -> str:
    """The text with each variable in its place; an unset one is empty.

    Args:
        lookup: the value of a variable, None if it is not set.
        unset: is told of each variable that is empty since it is not set, and that has no default.

    Raises:
        TemplateError: a variable that must be set is not, or the text is no template.
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
    """Where the first brace closes, those within counted."""
    depth, at = 0, 0
    while at < len(text):
        if text[at] == "}":
            depth -= 1
            if depth == 0:
                return at
        elif text[at] == "{":
            depth += 1
            at += 1  # as Compose does: what follows a brace is not looked at
        at += 1
    return None

"""Placeholders of an unfilled template: `{{ port }}`, `${PORT}`, `@PORT@`, `<% port %>`, `__PORT__`.

LiveKit's services expand variables only in names of files, so they would take a placeholder for the value itself.
Messages name only the kind of placeholder: the text around it may be a secret.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_CERTAIN = {
    "{{ }}": r"\{\{.*?\}\}",
    "{% %}": r"\{%.*?%\}",
    "{# #}": r"\{#.*?#\}",
    "<% %>": r"<%.*?%>",
    "${X}": r"\$\{[A-Za-z_][^{}]*\}",
    "@X@": r"@[A-Z][A-Z0-9_]*@",
    "__X__": r"__[A-Z][A-Z0-9_]*__",
}
"""Kind to pattern. Matched anywhere in a value; in a secret, which may contain one by chance, only as the whole."""

_LIKELY = {
    "$X": r"\$[A-Z][A-Z0-9_]+",
    "%X%": r"%[A-Z][A-Z0-9_]{2,}%",
    "<X>": r"<[A-Za-z][A-Za-z0-9_ .-]*>",
}
"""Further patterns, matched as those of `_CERTAIN`, and after them."""

_ALONE = {
    "$X": r"\$[A-Za-z_]\w*",
    "$( )": r"\$\([^()]+\)",
    "@X@": r"@[A-Za-z_]\w*@",
    "{X}": r"\{[A-Za-z_]\w*\}",
    "(( ))": r"\(\([\w .-]+\)\)",
    "[[ ]]": r"\[\[[\w .-]+\]\]",
    "%(X)s": r"%\([A-Za-z_]\w*\)[sd]",
}

_REMINDER = r"(?i:change[-_ ]?me|replace[-_ ]?me|fill[-_ ]?me[-_ ]?in)|(YOUR|CHANGE|REPLACE|INSERT|ENTER)(_[A-Z0-9]+)+"
_CONSTANT = r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+"


def _any(kinds: dict[str, str], *, whole: bool = False) -> str:
    """One pattern of all kinds. It is left uncompiled, since most configurations do not need it."""
    parts = [f"(?P<k{index}>{pattern})" for index, pattern in enumerate(kinds.values())]
    return rf"(?s)\s*(?:{'|'.join(parts)})\s*" if whole else f"(?s){'|'.join(parts)}"


_CERTAINLY, _ANYWHERE = _any(_CERTAIN), _any(_LIKELY)
_CERTAINLY_ALONE, _LIKELY_ALONE = _any(_CERTAIN, whole=True), _any(_LIKELY, whole=True)
_WHOLE, _WORD = _any(_ALONE, whole=True), r"\$[A-Za-z0-9]+"

_MARKS = {
    **{name: _CERTAIN[name] for name in ("{{ }}", "<% %>", "${X}", "__X__")},
    "@X@": rf"{_CERTAIN['@X@']}|:\s*@[A-Za-z][\w.-]*@",
    "{% %}": r"\{%",
    "{# #}": r"\{#",
    "%X%": r":\s*%[A-Za-z]\w*%",
}
"""Kind to pattern, for a text that is not valid YAML."""

_IN_TEXT = _any(_MARKS)
_IN_COMMENT = r"(?m)^\s*[\w.-]+:[ \t]+#\{[\w.-]+\}#?[ \t]*$"


_PLAIN = re.compile(r"[a-z0-9.:/ ,*_-]*")


def is_plain(text: str) -> bool:
    """Whether a text has no character of a placeholder and is no reminder: a fast check that most texts pass."""
    return bool(_PLAIN.fullmatch(text)) and not ("me" in text and re.fullmatch(_REMINDER, text.strip()))


def placeholder(text: str, *, is_secret: bool = False, is_setting: bool = False) -> tuple[str, bool] | None:
    """The kind of placeholder in a value, and whether it is only a reminder such as CHANGE_ME; None without one.

    Args:
        is_secret: whether the value may be any text, so that only a placeholder as the whole value counts.
        is_setting: whether the value must be a number, an address or a domain, so that a name in capitals counts.
    """
    for kinds, found in (
        (_CERTAIN, re.fullmatch(_CERTAINLY_ALONE, text) if is_secret else re.search(_CERTAINLY, text)),
        (_LIKELY, re.fullmatch(_LIKELY_ALONE, text) if is_secret else re.search(_ANYWHERE, text)),
        (_ALONE, None if is_secret and re.fullmatch(_WORD, text) else re.fullmatch(_WHOLE, text)),
    ):
        if found:
            return list(kinds)[int((found.lastgroup or "k0")[1:])], False
    stripped = text.strip()
    if is_setting and re.fullmatch(_CONSTANT, stripped):
        return "a name in capitals", False
    return ("CHANGE_ME", True) if re.fullmatch(_REMINDER, stripped) else None


def line_with_placeholder(text: str) -> tuple[int, str] | None:
    """The first line (from 1) with a placeholder in a text that is not valid YAML, and its kind; None without one."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#") and not line.lstrip().startswith("#{"):
            continue
        found = re.search(_IN_TEXT, line)
        if found:
            return number, list(_MARKS)[int((found.lastgroup or "k0")[1:])]
    return None


def line_with_comment(text: str) -> int | None:
    """The line of a placeholder that YAML reads as a comment (`port: #{PORT}#`), from 1; None without one."""
    found = re.search(_IN_COMMENT, text) if "#{" in text else None
    return text.count("\n", 0, found.start() + len(found[0]) - len(found[0].lstrip())) + 1 if found else None


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text among the keys and values of a parsed document, as (dotted key, text)."""
    waiting = [(path, value)]
    while waiting:
        at, one = waiting.pop()
        if isinstance(one, str):
            yield at, one
        elif isinstance(one, dict):
            for key, below in one.items():
                if isinstance(key, str):
                    yield at, key
                waiting.append((f"{at}.{key}" if at else str(key), below))
        elif isinstance(one, list):
            waiting.extend((f"{at}[{index}]", below) for index, below in enumerate(one))

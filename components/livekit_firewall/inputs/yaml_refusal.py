"""Why a text is refused as YAML, without a word of it."""

from __future__ import annotations

import re
from typing import Any

import yaml

MAX_DEPTH = 100
"""The most levels of a text that is read."""

_MAX_MESSAGE = 100


class RefusedError(Exception):
    """A text that is refused, with the parts of a `Problem`.

    Attributes:
        at: line and column, from 1; empty if the parser does not know them.
    """

    def __init__(self, mark: Any, got: str, expected: str, hint: str = "") -> None:
        super().__init__(expected)
        self.at: tuple[int, ...] = (mark.line + 1, mark.column + 1) if mark else ()
        self.got, self.expected, self.hint = got, expected, hint


def refusal_of(error: yaml.YAMLError, text: str) -> RefusedError:
    """What is wrong with a text that the parser does not read."""
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        if "nesting depth" in str(error.problem):  # libyaml 0.2.6 looks ahead, up to a limit of its own
            return too_deep(mark)
        return RefusedError(mark, "", f"not valid YAML: {_message(error.problem)}", _hint(text, mark))
    if isinstance(error, yaml.reader.ReaderError):
        # its position counts bytes in the C parser, and characters in the Python parser
        before = text[: max(text.find(chr(error.character)), 0)]
        mark = yaml.Mark("", 0, before.count("\n"), len(before) - before.rfind("\n") - 1, None, 0)
        got, hint = f"the character U+{error.character:04X}", "remove it" if error.character else "save it as UTF-8"
        return RefusedError(mark, got, "must be text without control characters", hint)
    return RefusedError(None, "", "not valid YAML: it cannot be parsed")


def too_deep(mark: Any) -> RefusedError:
    return RefusedError(mark, f"more than {MAX_DEPTH} levels", "must not be nested that deep")


def _message(problem: str | None) -> str:
    """The parser's message up to its first quote from the file, which may be a secret."""
    text = re.split(r"""['"`<(:]""", problem or "", maxsplit=1)[0].strip().removesuffix("but found").rstrip(" ,")
    return text if text.isprintable() and 0 < len(text) <= _MAX_MESSAGE else "it cannot be parsed"


def _hint(text: str, mark: Any) -> str:
    line = text.splitlines()[mark.line] if mark and mark.line < len(text.splitlines()) else ""
    return "indent with spaces, not tabs" if line.startswith("\t") else ""

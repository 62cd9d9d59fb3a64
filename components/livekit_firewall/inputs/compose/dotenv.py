"""Files of variables (`.env`, `env_file`) as Compose reads them (compose-go dotenv/parser.go)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ...model.errors import Place, Report
from ..document import read_text
from .model import Entry
from .template import Lookup, TemplateError, substitute

_SPACE = "\t\v\f\r \x85\xa0"  # all white space but the line feed
_ESCAPE = re.compile(r'\\(?:[abcfnrtv$"\\]|0[0-9]{0,3})')
_ESCAPED = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", '"': '"', "\\": "\\"}


class _Refused(ValueError):
    """A text that Compose refuses."""


def read_variables(path: Path, name: str, lookup: Lookup, report: Report) -> dict[str, Entry] | None:
    """The variables of a file, each with its line; None with a problem in `report` if it cannot be read.

    Args:
        name: the file in messages.
        lookup: values that win over the file's own when one variable refers to another.
    """
    text = read_text(path, name, report)
    return None if text is None else parse_variables(text, name, lookup, report)


def parse_variables(
    text: str, name: str, lookup: Lookup, report: Report, before: Mapping[str, Entry] | None = None
) -> dict[str, Entry] | None:
    """The variables of a text and of the files `before` it, to which it may refer; None with a problem."""
    parser = _Parser(text, name, lookup, dict(before or {}))
    try:
        parser.parse()
    except (_Refused, TemplateError) as error:
        hint = "write NAME=VALUE, one a line"
        report.problem(Place("", name, parser.line), "", str(error), hint)
        return None
    return parser.found


class _Parser:
    def __init__(self, text: str, name: str, lookup: Lookup, found: dict[str, Entry]) -> None:
        self.text, self.name, self.lookup, self.found = text, name, lookup, found
        self.at = 0

    @property
    def line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1

    def parse(self) -> None:
        while self._next_statement():
            start = self.line
            key, is_inherited = self._key()
            if " " in key:
                raise _Refused("a name must not hold a space")
            place = Place(key, self.name, start)
            if is_inherited:
                value = self.lookup(key)
                if value is not None:
                    self.found[key] = Entry(value, place)
            else:
                self.found[key] = Entry(self._value(), place)

    def _next_statement(self) -> bool:
        while self.at < len(self.text):
            if self.text[self.at].isspace():
                self.at += 1
            elif self.text[self.at] == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                return True
        return False

    def _key(self) -> tuple[str, bool]:
        exported = re.compile(r"export[\t\n\f\r ]+").match(self.text, self.at)
        if exported:
            self.at += len("export")
            self._skip_space()
        start = self.at
        for end in range(start, len(self.text)):
            sign = self.text[end]
            if sign in "=:\n":
                self.at = end + 1
                self._skip_space()
                return self.text[start:end].rstrip(), sign == "\n"
            if not (sign in _SPACE or sign in "_.-[]" or sign.isalpha() or sign.isnumeric()):
                raise _Refused("a name must be of letters, digits, _, . and -")
        return "", False  # a last line without `=` sets no variable

    def _skip_space(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in _SPACE:
            self.at += 1

    def _value(self) -> str:
        quote = self.text[self.at : self.at + 1]
        if quote and quote in "\"'":
            return self._quoted(quote)
        end = self.text.find("\n", self.at)
        written, self.at = (self.text[self.at :], len(self.text)) if end < 0 else (self.text[self.at : end], end + 1)
        return substitute(written.partition(" #")[0].rstrip(), self._lookup)

    def _quoted(self, quote: str) -> str:
        start, at, is_escaped = self.at, self.at + 1, False
        signs: list[str] = []
        while at < len(self.text):
            sign = self.text[at]
            at += 1
            if sign == quote and not is_escaped:
                self.at = at
                text = "".join(signs)
                return text if quote == "'" else substitute(_ESCAPE.sub(_unescaped, text), self._lookup)
            if sign == "\\" and not is_escaped:
                is_escaped = True
                continue
            signs.append(f"\\{sign}" if is_escaped and sign != quote else sign)
            is_escaped = False
        self.at = start
        raise _Refused("a quoted value must end with its quote")

    def _lookup(self, name: str) -> str | None:
        given = self.lookup(name)
        return given if given is not None or name not in self.found else self.found[name].value


def _unescaped(found: re.Match[str]) -> str:
    text = found[0][1:]
    if text == "$":
        return "$$"
    if text[0] == "0":
        is_octal = len(text) == 4 and all(sign in "01234567" for sign in text[1:]) and int(text[1:], 8) < 256
        return chr(int(text[1:], 8)) if is_octal else f"\\{text[1:]}" if len(text) > 1 else "\\"
    return _ESCAPED.get(text, found[0])


def lookup_of(*some: Mapping[str, Entry]) -> Lookup:
    """A lookup in several mappings: the first one that has the variable with a value wins."""

    def lookup(name: str) -> str | None:
        return next((one[name].value for one in some if name in one and one[name].value is not None), None)

    return lookup

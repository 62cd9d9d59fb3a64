"""Texts for people: tables, and what somebody else wrote made harmless, by the medium that shows it.

    terminal            `printable` (short), `escaped` (whole), `quoted` (as Python writes a value), `received` (bytes)
    Markdown            `inert`, `code`
    Mermaid             `visible`, and then `flowchart.quoted`
    HTML, XML, JSON     their writers' own (Jinja2 with autoescape, ElementTree, msgspec), of a text for a terminal

A terminal acts on control characters, people on marks that turn the direction of writing, GitHub on Markdown, HTML and
mentions. No other module escapes by itself; `tests/unit/model/test_text.py` searches for one.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Callable, Iterable, Sequence
from functools import cache


def plain(headings: Sequence[str], rows: Iterable[Sequence[str]], indent: str = "") -> str:
    """The rows under their headings, columns two spaces apart; no trailing spaces, no final newline."""
    lines = [tuple(heading.upper() for heading in headings), *(tuple(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    return "\n".join(
        indent + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def shortened(text: str, most: int, end: str = "...") -> str:
    """At most that many characters, its end marked where it is cut."""
    return text if len(text) <= most else f"{text[: most - len(end)]}{end}"


def printable(text: object, most: int = 120) -> str:
    """A text of somebody else's on one line of a terminal."""
    return escaped(shortened(str(text), most))


def escaped(text: str) -> str:
    """A text of somebody else's whole, with nothing in it that a terminal acts on."""
    return text if text.isprintable() else text.encode("unicode_escape").decode()


def received(content: bytes) -> str:
    """Bytes of a peer, of whatever encoding, for a terminal: all but printable ASCII is escaped."""
    return content.decode("latin-1").encode("unicode_escape").decode("ascii")


def quoted(value: object, most: int = 80) -> str:
    """A value of somebody else's in quotes, as Python writes it; of a long one the begin and the end."""
    return _repr(most).repr(value)


@cache
def _repr(most: int) -> reprlib.Repr:
    made = reprlib.Repr()
    made.maxstring = made.maxother = most
    return made


_LIVE = r"[<>`|\\]|(?<!\w)@"


def inert(text: str, most: int = 100) -> str:
    """A text of somebody else's that neither a terminal nor Markdown acts on."""
    shown = visible(shortened(text, most), _escape)
    return re.sub(_LIVE, lambda found: f"\\x{ord(found[0]):02x}", shown).strip()


def code(text: str, most: int = 100) -> str:
    """As a span of code of Markdown, on one line; what could leave it is escaped, `<` as x3c after a backslash."""
    return f"`{inert(text, most) or '-'}`"


def visible(text: str, instead: Callable[[str], str]) -> str:
    """The text with something else in place of each character that is not to be seen (controls, marks that turn the
    direction of writing).
    """
    return text if text.isprintable() else "".join(one if one.isprintable() else instead(one) for one in text)


def _escape(char: str) -> str:
    return char.encode("unicode_escape", "backslashreplace").decode().replace("\\", "")

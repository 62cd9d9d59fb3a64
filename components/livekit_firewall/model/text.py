"""Texts for people: tables, lists that are shortened, and what somebody else wrote made harmless, by its medium.

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
from itertools import zip_longest
from unicodedata import combining, east_asian_width


def few(texts: Iterable[str], most: int, between: str = ", ", room: int | None = None) -> str:
    """The first of them and how many more there are: `a, b and 1,204 more`. The one way in which lists are shortened.

    Args:
        room: characters that the whole may have: as many of the texts as fit in, the first one shortened if it must.
    """
    given = list(texts)
    for number in range(min(most, len(given)), 0, -1):
        more = f" and {len(given) - number:,} more" if len(given) > number else ""
        shown = between.join(given[:number]) + more
        if room is None or len(shown) <= room:
            return shown
        if number == 1:
            return shortened(given[0], max(room - len(more), 4)) + more
    return f"{len(given):,} in all" if given else ""


GAP = "  "
LEAST = 12
"""Characters that a column keeps where it is narrowed; below that each cell has a line of its own."""


def plain(headings: Sequence[str], rows: Iterable[Sequence[str]], indent: str = "", width: int | None = None) -> str:
    """The rows under their headings, columns two spaces apart; no trailing spaces, no final newline.

    Args:
        width: of the terminal: wide columns wrap between words, and where that does not suffice each cell is a line of
            its own after its heading. No range of ports is broken and nothing is left out. None for as wide as it is.
    """
    lines = [tuple(heading.upper() for heading in headings), *(tuple(row) for row in rows)]
    widths = [max(cells(line[column]) for line in lines) for column in range(len(headings))]
    room = None if width is None else width - len(indent) - len(GAP) * (len(widths) - 1)
    if room is None or sum(widths) <= room:
        return "\n".join(_line(line, widths, indent) for line in lines)
    longest = [
        max(cells(word) for line in lines for word in line[column].split() or [""]) for column in range(len(widths))
    ]
    least = [min(natural, max(LEAST, word)) for natural, word in zip(widths, longest, strict=True)]
    if sum(least) > room:
        heads = lines[0]
        told = [
            "\n".join(
                wrapped(f"{indent}{head}: {cell}".rstrip(), width) for head, cell in zip(heads, line, strict=True)
            )
            for line in lines[1:]
        ]
        return "\n\n".join(told)
    while sum(widths) > room:
        widest = max((natural - low, place) for place, (natural, low) in enumerate(zip(widths, least, strict=True)))[1]
        widths[widest] -= 1
    return "\n".join(
        _line(part, widths, indent)
        for line in lines
        for part in zip_longest(*(_folded(cell, most) for cell, most in zip(line, widths, strict=True)), fillvalue="")
    )


def _line(line: Sequence[str], widths: Sequence[int], indent: str) -> str:
    filled = (cell + " " * (width - cells(cell)) for cell, width in zip(line, widths, strict=True))
    return (indent + GAP.join(filled)).rstrip()


def wrapped(text: str, width: int | None) -> str:
    """Each line of a text broken between words, its further parts indented a little more; None for as it is."""
    if width is None:
        return text
    found: list[str] = []
    for line in text.split("\n"):
        indent = " " * min(len(line) - len(line.lstrip(" ")), width // 4)
        first, *rest = _folded(line.strip(" "), width - len(indent), width - len(indent) - len(GAP))
        found += [f"{indent}{first}", *(f"{indent}{GAP}{one}" for one in rest)] if cells(line) > width else [line]
    return "\n".join(found)


def _folded(text: str, first: int, width: int | None = None) -> list[str]:
    """The text in lines of at most so many characters; only a word that is longer is broken.

    Args:
        first, width: of the first line, and of the others where they are narrower.
    """
    if cells(text) <= first:
        return [text]
    found, line, most = list[str](), "", first
    for word in text.split():
        rest = word
        if line and cells(line) + 1 + cells(rest) > most:
            found.append(line)
            line, most = "", first if width is None else width
        while cells(rest) > max(most, LEAST):
            cut = _fitting(rest, max(most, LEAST))
            found.append(rest[:cut])
            rest, most = rest[cut:], first if width is None else width
        line = f"{line} {rest}" if line else rest
    return [*found, line]


def _fitting(text: str, width: int) -> int:
    """How many characters of the text fit, at least one."""
    return next((place for place in range(len(text), 1, -1) if cells(text[:place]) <= width), 1)


def cells(text: str) -> int:
    """How many columns of a terminal the text takes: two for a wide character, none for one that combines."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(one) else 2 if east_asian_width(one) in "WF" else 1 for one in text)


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

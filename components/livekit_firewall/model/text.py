"""Plain text tables: aligned columns, nothing cut, nothing wrapped, so that they can be grepped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def plain(headings: Sequence[str], rows: Iterable[Sequence[str]], indent: str = "") -> str:
    """The rows under their headings, columns two spaces apart; no trailing spaces, no final newline."""
    lines = [tuple(heading.upper() for heading in headings), *(tuple(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    return "\n".join(
        indent + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def printable(text: object, most: int = 120) -> str:
    """A text of somebody else's on one line of a terminal."""
    shown = str(text)
    return escaped(shown if len(shown) <= most else f"{shown[: most - 3]}...")


def escaped(text: str) -> str:
    """A text of somebody else's whole, with nothing in it that a terminal acts on."""
    return text if text.isprintable() else text.encode("unicode_escape").decode()

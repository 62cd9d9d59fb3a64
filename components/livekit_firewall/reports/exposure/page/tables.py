"""Tables that keep their meaning when a narrow screen shows each row as a block."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from .elements import Child, element


def table(caption: str, headings: Iterable[str], rows: Iterable[ET.Element], name: str) -> ET.Element:
    """A table named by its section's heading; the caption says more to those who cannot see it.

    The roles say what the elements mean anyway; without them `display: block` would take it away.
    """
    heads = [element("th", heading, scope="col", role="columnheader") for heading in headings]
    return element(
        "table",
        element("caption", caption, class_="unseen"),
        element("thead", element("tr", *heads, role="row"), role="rowgroup"),
        element("tbody", *rows, role="rowgroup"),
        id=name,
        role="table",
    )


def row(headings: Iterable[str], cells: Iterable[ET.Element | str], **attributes: str | bool) -> ET.Element:
    """A row; its first cell is its heading."""
    made = []
    for place, (heading, cell) in enumerate(zip(headings, cells, strict=True)):
        # one child, so that text and parts stay together in a cell that a narrow screen lays out as a grid
        inner: Child = element("div", cell) if isinstance(cell, str) else cell
        if place == 0:
            made.append(element("th", inner, scope="row", role="rowheader"))
        else:
            made.append(element("td", inner, role="cell", data_label=heading))
    return element("tr", *made, role="row", **attributes)


def code(text: str) -> ET.Element:
    """Words that people copy: ports, addresses, keys."""
    return element("div", element("code", text))

"""HTML as a tree, so that no text can become markup.

    element("p", "from ", element("code", "10.0.0.0/8"), class_="who")

Every text and attribute passes `printable`: control characters and marks that turn the direction of writing are
shown as escapes. `ElementTree` escapes the rest when it writes the document.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from ....model.text import printable

LONGEST = 2000
"""Characters of one text; a longer one of somebody else's is cut."""

Child = ET.Element | str | None

_ONE_PER_LINE = frozenset(
    "html head body header main footer nav section form table thead tbody tr ul ol datalist select".split()
)
"""Elements whose children the source shows on lines of their own, where space means nothing."""


def element(tag: str, /, *children: Child, **attributes: str | bool) -> ET.Element:
    """An element with its children; None is left out.

    Args:
        attributes: `class_` is class and `aria_label` is aria-label; True is an attribute without a value, False none.
    """
    given = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items() if value is not False}
    made = ET.Element(tag, {name: "" if value is True else printable(value, LONGEST) for name, value in given.items()})
    for child in children:
        if isinstance(child, str):
            _write(made, printable(child, LONGEST))
        elif child is not None:
            made.append(child)
    if tag in _ONE_PER_LINE:
        made.text = f"{made.text or ''}\n"
        for one in made:
            one.tail = f"{one.tail or ''}\n"
    return made


def source(tag: str, text: str, **attributes: str) -> ET.Element:
    """A `style` or `script`, whose text no browser unescapes: it must not hold what ends it."""
    if "</" in text or "<!--" in text or not text.isascii():
        raise ValueError(f"the text of a {tag} must be ASCII without '</' and '<!--'")
    made = ET.Element(tag, attributes)
    made.text = text
    return made


def document(root: ET.Element) -> str:
    """The whole file. ASCII, so that it is the same in whatever encoding it is written."""
    written: bytes = ET.tostring(root, encoding="us-ascii", method="html")
    return f"<!doctype html>\n{written.decode('ascii')}\n"


def _write(parent: ET.Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text

"""The flowcharts of Mermaid, as GitHub and GitLab draw them: boxes, arrows, and labels without any effect but text.

    flowchart("Who reaches which ports", [Arrow("clients", "node", "HTTPS", "tcp/443")])

A label may be foreign text. Whatever Mermaid or the Markdown in its labels could take for more than text
is written as an entity code (`#35;`), so that a picture holds no directive, link, HTML or end of a code fence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, TypeVar

from msgspec import Struct

from ...model.text import visible

LONGEST = 110
"""Characters of one line of a label: two whole IPv6 addresses and how many more there are."""

_ACTIVE = re.compile(
    r"(?i:s(?=tyle)|c(?=lassdef))"  # looked for in quotes too, to drop a semicolon that an entity would need
    r"|(?i:d(?=irection))"  # `direction TB` is a statement wherever it stands on its line
    r"|:(?=fa)"  # `fa:fa-ban` is an icon, even in quotes
    r"|(?<![0-9A-Fa-f:]):(?!:)|:(?![0-9A-Fa-f:/])"  # else than in 2001:db8::/32
    r"|(?<![0-9])\.|\.(?![0-9])"  # else than in 192.0.2.0: `1. ` begins a list, `www.` a link
    r"|(?<![0-9A-Za-z])-|-(?![0-9A-Za-z])"  # else than in 50000-60000
    r"|[^\w ,/.:-]|_"
)


# Mermaid shows no entity there, and changes quotes and backslashes in what looks like a tag before it reads the YAML.
_CAPTION = re.compile(r"[^\w ,;./:@()+-]")


# Mermaid writes entities as "ﬂ°°35¶ß" meanwhile, and turns that back twice: a label must not hold it.
_PLACEHOLDERS = str.maketrans({"\ufb02": "fl", "\u00b6": "\ufffd"})


def shown(text: str, most: int = LONGEST) -> str:
    """The text as a line of a label shows it: one line, at most `most` characters, and `�` for each character
    that is not visible (controls, marks that turn the direction of writing).
    """
    # a megabyte of foreign text is not processed to its end
    start = " ".join(text[: most * 8].split()).translate(_PLACEHOLDERS)
    line = visible(start, lambda _: "�")
    return line if len(line) <= most and len(text) <= most * 8 else f"{line[: most - 1].rstrip()}…"


def quoted(text: str) -> str:
    """Lines that are `shown` as Mermaid's quoted text."""
    return '"' + "\n".join(_ACTIVE.sub(_entity, line) for line in text.split("\n")) + '"'


def _entity(found: re.Match[str]) -> str:
    return f"#{ord(found[0])};"


Thing = TypeVar("Thing")
State = Literal["same", "added", "removed", "changed", "may open", "may close"]


class _Style(Struct, frozen=True):
    line: str
    style: str = ""


# Each differs also by its line and, in `picture`, by a word; the colours stand out on white and on GitHub's and
# GitLab's dark pages alike (3:1 and more).
LOOKS: dict[State, _Style] = {
    "added": _Style("==>", "stroke:#2da44e,stroke-width:4px"),
    "changed": _Style("-->", "stroke:#bf8700,stroke-width:3px"),
    "removed": _Style("-.->", "stroke:#e5534b,stroke-width:3px"),
    "may open": _Style("-.->", "stroke:#a371f7,stroke-width:3px"),
    "may close": _Style("-.->", "stroke:#a371f7,stroke-width:3px"),
    "same": _Style("-->"),
}
_FRAME = "fill:none,stroke:#8c959f"
_APART = "fill:none,stroke:#8c959f,stroke-dasharray:5"


class Arrow(Struct, frozen=True):
    """An arrow from a box on the left to a box in a frame on the right. The texts are lines that are `shown`.

    Attributes:
        source, target: the texts of the boxes. Arrows into one frame share a source of the same text, and a target
            of the same text and lane.
        frame: the title of the frame.
        label: the text on the arrow, empty for none.
        lane: sets targets of the same text apart: the fewer arrows meet, the fewer run across other boxes.
    """

    source: str
    frame: str
    target: str
    label: str = ""
    state: State = "same"
    lane: str = ""


class UnlinkedBox(Struct, frozen=True):
    """A dashed box that no arrow leads to, in a frame or, if that is empty, in none."""

    frame: str
    text: str


def flowchart(title: str, arrows: Sequence[Arrow], apart: Iterable[UnlinkedBox] = (), caption: str = "") -> str:
    """The chart, from left to right, without a final newline. The title is for screen readers; the caption, which may
    be foreign text, stands above the chart.
    """
    apart = tuple(apart)
    sources = _numbered("p", ((arrow.frame, arrow.source) for arrow in arrows))
    targets = _numbered("s", ((arrow.frame, arrow.lane, arrow.target) for arrow in arrows))
    alone = _numbered("x", apart)
    frames = _numbered("n", (*(arrow.frame for arrow in arrows), *(one.frame for one in apart if one.frame)))
    lines = ["---", f'title: "{_CAPTION.sub("�", shown(caption))}"', "---"] if caption else []
    lines += ["flowchart LR", f"accTitle: {title}"]
    lines += [f"{name}([{quoted(text)}])" for (_, text), name in sources.items()]
    for frame, name in frames.items():
        lines.append(f"subgraph {name} [{quoted(frame)}]")
        lines += [f"{box}[{quoted(text)}]" for (where, _, text), box in targets.items() if where == frame]
        lines += [f"{box}[{quoted(one.text)}]" for one, box in alone.items() if one.frame == frame]
        lines.append("end")
    lines += [f"{box}[{quoted(one.text)}]" for one, box in alone.items() if not one.frame]
    for arrow in arrows:
        source, target = sources[arrow.frame, arrow.source], targets[arrow.frame, arrow.lane, arrow.target]
        lines.append(_arrow(arrow, source, target))
    lines += [f"linkStyle {numbers} {LOOKS[state].style}" for state, numbers in _coloured(arrows)]
    lines += _styles("frame", _FRAME, frames.values()) + _styles("apart", _APART, alone.values())
    return "\n".join(lines)


def _numbered(letter: str, things: Iterable[Thing]) -> dict[Thing, str]:
    return {thing: f"{letter}{number}" for number, thing in enumerate(dict.fromkeys(things))}


def _arrow(arrow: Arrow, source: str, target: str) -> str:
    label = f"|{quoted(arrow.label)}|" if arrow.label else ""
    return f"{source} {LOOKS[arrow.state].line}{label} {target}"


def _coloured(arrows: Sequence[Arrow]) -> list[tuple[State, str]]:
    """The numbers of the arrows of each state that has a colour, as linkStyle wants them."""
    numbers = {
        state: ",".join(str(number) for number, arrow in enumerate(arrows) if arrow.state == state)
        for state, look in LOOKS.items()
        if look.style
    }
    return [(state, found) for state, found in numbers.items() if found]


def _styles(name: str, style: str, boxes: Iterable[str]) -> list[str]:
    names = ",".join(boxes)
    return [f"classDef {name} {style}", f"class {names} {name}"] if names else []

"""nft's language: comments, sets, and the frame of a ruleset that replaces its own table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

LIMITS: Mapping[str, int] = MappingProxyType(
    {
        # NFTNL_UDATA_COMMENT_MAXLEN of libnftnl; nft 1.0.6 refuses 129: "128 characters maximum allowed".
        "characters of a comment": 128,
    }
)


@dataclass(frozen=True, slots=True)
class Set:
    """A named set of intervals; elements are final text."""

    name: str
    type: str
    elements: tuple[str, ...]


def comment(text: str) -> str:
    """A comment that nft reads as one whatever the text holds: keys come from files of users, and nft's
    quoted strings know no escapes. Cut at nft's limit.
    """
    safe = re.sub(r"[^A-Za-z0-9 _.,:;/()\[\]+=-]", "?", text)
    most = LIMITS["characters of a comment"]
    return f' comment "{safe if len(safe) <= most else safe[: most - 3] + "..."}"'


SHORT = 60  # characters of a line that holds all elements of a set

HEADER = """\
# Who may reach this LiveKit host, written by livekit-firewall. Load it with: nft -f FILE
# Loading it again replaces the table; open connections go on, no other table is touched.

table inet livekit
delete table inet livekit
"""


def ruleset_text(sets: Iterable[Set], rules: Iterable[str]) -> str:
    lines = [HEADER, "table inet livekit {"]
    for one in sets:
        lines += [f"\tset {one.name} {{", f"\t\ttype {one.type}", "\t\tflags interval", *_elements(one), "\t}", ""]
    lines += ["\tchain input {", "\t\ttype filter hook input priority filter; policy drop;", ""]
    lines += [f"\t\t{rule}" for rule in rules]
    return "\n".join([*lines, "\t}", "}", ""])


def _elements(one: Set) -> list[str]:
    """On one line where that is short."""
    line = f"\t\telements = {{ {', '.join(one.elements)} }}"
    if len(line) <= SHORT:
        return [line]
    return ["\t\telements = {", *(f"\t\t\t{each}," for each in one.elements[:-1]), f"\t\t\t{one.elements[-1]}", "\t\t}"]

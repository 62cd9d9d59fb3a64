"""A service's configuration read as its record, and what a file has besides that the service does not know."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from msgspec import Struct

from ..inputs.records import Unknown, read_record
from ..model.errors import Report
from .tree import Tree

Record = TypeVar("Record", bound=Struct)


class Known(Struct, frozen=True, kw_only=True):
    """The keys that a service's code (as of our facts) has.

    Attributes:
        levels: their names by the section that they stand in, "" for the top.
        elsewhere: the same of sections whose own further keys are not judged.
        effect: what the service makes of any other key.
    """

    levels: Mapping[str, Collection[str]]
    elsewhere: Mapping[str, Collection[str]] = {}
    effect: str


def read_known(record: type[Record], tree: Tree, known: Known, report: Report, values: Any = None) -> Record:
    """The record, each key checked by itself; unknown keys of a running deployment's file are findings.

    Args:
        values: in place of the tree's own.
    """
    unknown: Unknown | None = [] if tree.is_file else None
    read = read_record(record, tree.values if values is None else values, tree.place, report, unknown=unknown)
    if tree.is_chart:
        return read
    for section, name in unknown or ():
        if section in known.levels and name not in known.levels[section]:
            near = _nearest(section, name, {**known.levels, **known.elsewhere})
            fix = "correct its spelling, or remove it"
            fix = f"did you mean {near}? {fix}" if near else fix
            place = tree.place(f"{section}.{name}" if section else name)
            report.finding("unknown-key", "error", place, known.effect, fix)
    return read


def _nearest(section: str, name: str, levels: Mapping[str, Collection[str]]) -> str:
    """The key of that name in the one section that has it, else the most like it in its own; "" if none is."""
    from difflib import get_close_matches

    others = [other for other, names in levels.items() if name in names]
    if len(others) == 1:
        return f"{others[0]}.{name}" if others[0] else name
    near = get_close_matches(name[:80], sorted(levels.get(section, ())), n=1)
    return near[0] if near else ""

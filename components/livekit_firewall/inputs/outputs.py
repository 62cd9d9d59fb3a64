"""Outputs of Pulumi where a plain value is needed: one message for them, wherever they stand in the arguments.

Which rules there are is decided when a program runs, and an output is known later: ports, switches, paths and names are
plain. Where a record says so (`field_types.expects`), a value may be an output. This module knows one by its shape, as
it does a resource in place of its id, and the text that Python makes of either.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, NamedTuple

from msgspec import Struct

from ..model.errors import Report
from .field_types import is_output
from .record_types import element_record
from .records import FieldReader, Placing, joined_path, readers_of

WHY = "is an output (of another resource, or a secret), whose value is not known when the rules are made"
PLAIN = "give a plain value (ports, switches and names decide which rules there are), such as from pulumi.Config"
WRITTEN = "is the text that Python makes of an output or a resource, in an f-string or by str(), and not its value"
RESOURCE = "is a resource, and none of its outputs"
MISUSE = "output-in-place-of-value"
"""The id of each of these problems."""

_WRITTEN = re.compile(r"Calling __str__ on an Output|<[\w.<> ]{1,200} at 0x[0-9a-fA-F]+>")


def without_outputs(cls: type[Struct], given: object, place: Placing, report: Report) -> object:
    """`given`, which is for the record `cls`, without each value that is an output where none can be: those are
    problems of `report`. A list is left out as a whole.
    """
    if not isinstance(given, Mapping):
        if (wrong := misused(given)) is None:
            return given
        report.problem(place("(arguments)"), "", wrong, _WHOLE if wrong is WHY else PLAIN, MISUSE)
        return {}
    return _Walk(place, report).record(cls, given, "")


_WHOLE = "give a plain mapping, in which ids, tags and the like may be outputs"


def misused(value: object) -> str | None:
    """What is wrong with a value where outputs cannot be, or None."""
    if isinstance(value, str | PurePath):
        return WRITTEN if _WRITTEN.search(str(value)[:2000]) else None
    if is_output(value):
        return WHY
    return RESOURCE if hasattr(value, "pulumi_resource_type") and hasattr(value, "urn") else None


class _Here(NamedTuple):
    """Where a value stands: the key of a record that it is in, and how deep: see `field_types.expects`."""

    key: str
    field: FieldReader
    at: str = ""

    def inside(self, step: str) -> _Here:
        return self._replace(at=self.at + step)

    @property
    def hint(self) -> str:
        """What to give in place of an output."""
        if self.field.named:
            return f"give each a name of your own: {self.key}: {self.field.named}"
        if any(one.startswith(self.at) for one in self.field.outputs):
            return "give a plain list, whose elements may be outputs"
        takes_some = self.field.record and any(one.outputs for one in readers_of(self.field.record).values())
        return _WHOLE if takes_some and not self.at else PLAIN


class _Walk:
    """One pass. What it has seen it does not enter again: a list may hold itself."""

    def __init__(self, place: Placing, report: Report) -> None:
        self.place, self.report = place, report
        self.seen: set[int] = set()

    def record(self, cls: Any, given: Mapping[Any, object], path: str) -> Mapping[Any, object]:
        known = readers_of(cls)
        kept = {}
        for key, value in given.items():
            here = joined_path(path, key)
            field = known.get(key) if isinstance(key, str) else None
            if field is None:
                if not self._refused_key(key, path):
                    kept[key] = value
            elif (read := self._value(value, here, _Here(key, field))) is not _GONE:
                kept[key] = read
        return kept if _is_other(kept, given) else given

    def _value(self, value: object, path: str, here: _Here) -> object:
        """The value without outputs that cannot be; `_GONE` for one."""
        wrong = misused(value)
        may_be = here.at in here.field.outputs
        if wrong and not (may_be and wrong is WHY):
            hint = here.hint
            if may_be:
                hint = "give one of its outputs, such as RESOURCE.id" if wrong is RESOURCE else "give the output itself"
            self.report.problem(self.place(path), "", wrong, hint, MISUSE)
            return _GONE
        if wrong or not isinstance(value, Mapping | list | tuple) or id(value) in self.seen or len(here.at) > _DEEPEST:
            return value
        self.seen.add(id(value))
        if isinstance(value, Mapping):
            if here.field.record and not here.at:
                return self.record(here.field.record, value, path)
            if here.field.values and here.at == "{}":
                return self.record(here.field.values, value, path)
            return self._mapping(value, path, here)
        return self._list(value, path, here)

    def _mapping(self, value: Mapping[Any, object], path: str, here: _Here) -> object:
        kept = {}
        for key, one in value.items():
            if self._refused_key(key, path):
                continue
            if (read := self._value(one, joined_path(path, key), here.inside("{}"))) is not _GONE:
                kept[key] = read
        if not kept and value:
            return _GONE
        return kept if _is_other(kept, value) else value

    def _list(self, value: list[object] | tuple[object, ...], path: str, here: _Here) -> object:
        record = element_record(here.field.elements) if here.field.elements else None
        read = [
            self.record(record, one, f"{path}[{index}]")
            if record and isinstance(one, Mapping)
            else self._value(one, f"{path}[{index}]", here.inside("[]"))
            for index, one in enumerate(value)
        ]
        if any(one is _GONE for one in read):
            return _GONE
        return read if any(one is not was for one, was in zip(read, value, strict=True)) else value

    def _refused_key(self, key: object, path: str) -> bool:
        wrong = misused(key)
        if wrong is None:
            return False
        self.report.problem(self.place(path or "(arguments)"), "", f"a key {wrong}", PLAIN, MISUSE)
        return True


_GONE = object()
_DEEPEST = 40


def _is_other(kept: Mapping[Any, object], given: Mapping[Any, object]) -> bool:
    return len(kept) != len(given) or any(kept[key] is not value for key, value in given.items())

"""A file or text of YAML as a document, read as hostile input, and where each of its keys stands."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from ..model.errors import Place, Report
from .files import TooLargeError, UnreadableError, read_bytes, read_input
from .placeholders import line_with_comment, line_with_placeholder
from .yaml_builder import Builder, RefusedError

Mark = TypeVar("Mark")

MAX_BYTES = 10_000_000

CHART_DEFAULT = "chart default"
"""The origin of a value that a chart gives where the user's values give none."""


class Head(Struct, frozen=True):
    """What a file has around what is read of it.

    Attributes:
        is_blank: whether the first document holds nothing at all.
        is_empty: whether there is no byte, for which some services take their defaults.
        further: the line of a further document that holds something, which no service reads; None without one.
        yaml: the version of YAML that a directive asks for, None without one.
    """

    is_blank: bool = False
    is_empty: bool = False
    further: int | None = None
    yaml: tuple[int, int] | None = None


class Document(Struct, frozen=True):
    """A parsed file.

    Attributes:
        name: the file as the user named it; "" where there is none.
        value: what it holds: dicts, lists and scalars; `{}` for an empty file.
        marks: dotted key to (line, column), both from 1.
        is_strict: whether what reads it minds a key that it does not know.
        origin: what holds this text, if it is no file of its own (`variable LIVEKIT_CONFIG`).
        places: dotted key to where it stands, of values that are not this file's own; "" for all without a place.
        blocks: dotted key of a text that is written over lines of its own (`|`): the line and column of its start.
        tags: dotted key to the tag of Compose (`!reset`, `!override`) that stands before its value.
        head: what the file has besides.
        spellings: dotted key to the text of a switch that is written otherwise than true or false: `on`, `Yes`.
    """

    name: str
    value: Any
    marks: Mapping[str, tuple[int, int]] = {}
    is_strict: bool = True
    origin: str = ""
    places: Mapping[str, Place] = {}
    blocks: Mapping[str, tuple[int, int]] = {}
    tags: Mapping[str, str] = {}
    head: Head = Head()
    spellings: Mapping[str, str] = {}

    def place(self, path: str) -> Place:
        """Where a dotted key stands; its nearest parent's line if the key itself is absent."""
        at = path
        while at and at not in self.marks and at not in self.places:
            at = at.rpartition(".")[0]
        if at in self.places:
            return replace(self.places[at], path=path)
        line, column = self.marks.get(at, (None, None)) if self.name else (None, None)
        return Place(path, self.name or None, line, column, self.origin)

    def overlaid(self, value: Mapping[str, Any], places: Mapping[str, Place]) -> Document:
        """This document with the values of another over its own, mapping by mapping; a list replaces a list.

        Args:
            places: dotted key of `value` to where it stands; what has no place stands at its nearest parent's.
        """
        both, replaced = _merged(self.value, value)

        def keep(marks: Mapping[str, Mark]) -> dict[str, Mark]:
            return {key: mark for key, mark in marks.items() if not _is_within(key, replaced)}

        return replace(
            self,
            value=both,
            marks=keep(self.marks),
            places={**keep(self.places), **places},
            blocks=keep(self.blocks),
            spellings=keep(self.spellings),
        )

    def over(self, below: Document) -> Document:
        """The values of another document with this one's over them, each at its own place."""
        # what stands at a section's place must not pass for this document's, whose section has the same key
        pinned = {key: below.place(key) for key in _leaves(below.value) if key not in below.marks}
        placed = replace(below, places={**pinned, **below.places})
        return placed.overlaid(self.value, {key: self.place(key) for key in (*self.marks, *self.places)})


def value_at(values: Any, key: str) -> Any:
    """What stands at a dotted key, None if nothing does."""
    for part in key.split("."):
        values = values.get(part) if isinstance(values, Mapping) else None
    return values


def _leaves(value: Any, path: str = "") -> Iterator[str]:
    for key, inner in value.items():
        at = f"{path}.{key}" if path else str(key)
        if isinstance(inner, Mapping) and inner:
            yield from _leaves(inner, at)
        else:
            yield at


def _merged(below: Any, above: Mapping[str, Any], path: str = "") -> tuple[dict[str, Any], frozenset[str]]:
    """Both, and the dotted keys whose value is the upper one's alone."""
    both: dict[str, Any] = dict(below) if isinstance(below, Mapping) else {}
    replaced: frozenset[str] = frozenset()
    for key, value in above.items():
        at = f"{path}.{key}" if path else str(key)
        if isinstance(value, Mapping) and isinstance(both.get(key), Mapping):
            both[key], inner = _merged(both[key], value, at)
            replaced |= inner
        else:
            both[key] = value
            replaced |= {at}
    return both, replaced


def _is_within(key: str, replaced: Collection[str]) -> bool:
    """Whether a dotted key is one of those replaced, or a part of one."""
    ends = (at for at, sign in enumerate(key) if sign in ".[")
    return key in replaced or any(key[:end] in replaced for end in ends)


def read_document(path: Path, name: str, report: Report, *, is_stream: bool = False) -> Document | None:
    """The mapping in a YAML file, or None with a problem in `report` (path, line, column, remedy).

    Never raises for what a file can hold. Refuses what is no regular file, more than 10 MB, more than
    100,000 values, nesting beyond 100, text that is not UTF-8, duplicate keys, a list at the top, a template.

    Args:
        is_stream: whether the command was given the name itself, so that `-` and a pipe are read too.
    """
    text = read_text(path, name, report, is_stream=is_stream)
    return None if text is None else parse_document(text, name, report)


def parse_document(
    text: str,
    name: str,
    report: Report,
    *,
    origin: str = "",
    start: tuple[int, int] = (1, 1),
    is_exact: bool = True,
    is_compose: bool = False,
) -> Document | None:
    """The mapping in a text, under the limits of a file; None with a problem in `report`.

    Args:
        origin: what holds the text within the file (`variable LIVEKIT_CONFIG`).
        start: line and column where the text begins in the file.
        is_exact: whether the lines of the text are lines of the file; else all of it stands at its start.
        is_compose: whether it is read as Compose does: with its tags, and with `yes` and `on` as texts.
    """

    def at(line: int, column: int) -> tuple[int, int]:
        return (line + start[0] - 1, column + start[1] - 1) if is_exact else start

    builder = Builder(is_compose)
    try:
        value = builder.build(text)
    except RefusedError as refused:
        line, column = at(*refused.at) if refused.at else (None, None) if is_exact else start
        if not _refuse_template(text, Place("", name, at(1, 1)[0], None, origin), is_exact, report):
            report.problem(Place("", name, line, column, origin), refused.got, refused.expected, refused.hint)
        return None
    head = Head(value is None, not text, builder.further, builder.yaml)
    value = {} if value is None else value
    if not isinstance(value, dict):
        got = "a list" if isinstance(value, list) else "a single value"
        line, column = at(1, 1)
        if not _refuse_template(text, Place("", name, line, None, origin), is_exact, report):
            report.problem(Place("", name, line, column, origin), got, "must hold a mapping of keys to values")
        return None
    comment = line_with_comment(text)
    if comment:
        expected, hint = "must be filled in: it is a template", "render it first, and give what comes out"
        report.problem(Place("", name, at(comment, 1)[0], None, origin), "#{X}", expected, hint)
        return None
    is_moved = not is_exact or start != (1, 1)
    marks = {key: at(*mark) for key, mark in builder.marks.items()} if is_moved else builder.marks
    return Document(
        name,
        value,
        marks,
        origin=origin,
        blocks=builder.blocks,
        tags=builder.tags,
        head=head,
        spellings=builder.spellings,
    )


_VARIABLE = r"\s*(export\s+)?[A-Z][A-Z0-9_]*="


def _refuse_template(text: str, start: Place, is_exact: bool, report: Report) -> bool:
    """Whether a text that is no configuration is a template that nobody has filled in, or a list of variables."""
    first = next((line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")), "")
    if re.match(_VARIABLE, first):
        report.problem(start, "variables", "must hold a mapping of keys to values", "give variables to --env-file")
        return True
    found = line_with_placeholder(text)
    if found:
        line = start.line + found[0] - 1 if is_exact and start.line else start.line
        expected, hint = "must be filled in: it is a template", "render it first, and give what comes out"
        report.problem(replace(start, line=line), found[1], expected, hint)
    return found is not None


def parse_within(outer: Document, key: str, text: str, origin: str, report: Report) -> Document | None:
    """The document that a text of another one holds, each key at its line there.

    Args:
        key: the dotted key of the text in `outer`.
        text: what stands there; with variables filled in, if that is what the service gets.
        origin: what the text is (`variable LIVEKIT_CONFIG`).
    """
    start = outer.blocks.get(key)
    if start:
        return parse_document(text, outer.name, report, origin=origin, start=start)
    place = outer.place(key)
    mark = (place.line or 1, place.column or 1)
    return parse_document(text, place.file or outer.name, report, origin=origin, start=mark, is_exact=False)


def read_value(text: str, place: Place, report: Report) -> Any:
    """A single value of any kind in YAML, as a flag gives it, under the same limits as a file; None with a
    problem in `report` if it is refused. An empty text is None too.
    """
    try:
        return Builder().build(text)
    except RefusedError as refused:
        report.problem(place, refused.got, refused.expected, refused.hint)
        return None


def read_text(path: Path, name: str, report: Report, *, is_stream: bool = False) -> str | None:
    """The text of a file of at most 10 MB in UTF-8, or None with a problem in `report`.

    Args:
        is_stream: as for `read_document`.
    """
    try:
        content = read_input(name, MAX_BYTES) if is_stream else read_bytes(path, MAX_BYTES)
    except UnreadableError as error:
        hint = "is it the configuration?" if isinstance(error, TooLargeError) else error.hint
        report.problem(Place("", name), error.got, error.expected, hint)
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        report.problem(
            Place("", name, line, column),
            f"the byte 0x{content[error.start]:02x}",
            "must be UTF-8 text",
            "save it as UTF-8",
        )
        return None

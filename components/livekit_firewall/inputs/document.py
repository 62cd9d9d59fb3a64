"""YAML from a file or a text, read as untrusted input, with the place of each key."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from ..model.errors import Place, Report
from .files import STDIN_NAMES, TooLargeError, UnreadableError, read_bytes, read_input
from .kinds import kind_of_text
from .placeholders import line_with_comment, line_with_placeholder
from .yaml_builder import Builder
from .yaml_refusal import RefusedError

Mark = TypeVar("Mark")

MAX_BYTES = 10_000_000

CHART_DEFAULT = "chart default"
"""The origin of a chart's default value, which the user's values do not set."""


class Head(Struct, frozen=True):
    """Properties of a file besides its values.

    Attributes:
        is_blank: whether the first document has no value.
        is_empty: whether the file has no bytes, with which some services run with their defaults.
        further: the line of a second document that is not empty, which no service reads; None without one.
        yaml: the YAML version in a directive, as (major, minor); None without one.
    """

    is_blank: bool = False
    is_empty: bool = False
    further: int | None = None
    yaml: tuple[int, int] | None = None


class Document(Struct, frozen=True):
    """A parsed file.

    Attributes:
        name: the file as the user named it; "" if there is none.
        value: its content: dicts, lists and scalars; `{}` for an empty file.
        marks: dotted key to (line, column), both from 1.
        is_strict: whether its reader may refuse an unknown key. False for a chart's rendering.
        origin: the variable or key that holds the text, if it is not a file of its own (`variable LIVEKIT_CONFIG`).
        places: dotted key to place, for values from elsewhere; the key "" is for all values without a place.
        blocks: dotted key of a literal text (`|`) to the line and column where the text begins.
        tags: dotted key to the Compose tag before its value (`!reset`, `!override`).
        head: properties of the file besides its values.
        spellings: dotted key to the text of a boolean that is not written true or false: `on`, `Yes`.
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
        """The place of a dotted key; that of its nearest parent if the key is absent."""
        at = path
        while at and at not in self.marks and at not in self.places:
            at = at.rpartition(".")[0]
        if at in self.places:
            return replace(self.places[at], path=path)
        line, column = self.marks.get(at, (None, None)) if self.name else (None, None)
        return Place(path, self.name or None, line, column, self.origin)

    def overlaid(self, value: Mapping[str, Any], places: Mapping[str, Place]) -> Document:
        """This document with `value` merged over its own: mappings key by key, a list replaces a list.

        Args:
            places: dotted key of `value` to its place; a key without one has the place of its nearest parent.
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
        """This document merged over another one; each value keeps its own place."""
        # else a value without a place of its own would get the place of this document's section of the same key
        pinned = {key: below.place(key) for key in _leaves(below.value) if key not in below.marks}
        placed = replace(below, places={**pinned, **below.places})
        return placed.overlaid(self.value, {key: self.place(key) for key in (*self.marks, *self.places)})


def value_at(values: Any, key: str) -> Any:
    """The value at a dotted key; None if there is none."""
    for part in key.split("."):
        if not isinstance(values, Mapping):
            return None
        values = values.get(part)
    return values


def _leaves(value: Any, path: str = "") -> Iterator[str]:
    for key, inner in value.items():
        at = f"{path}.{key}" if path else str(key)
        if isinstance(inner, Mapping) and inner:
            yield from _leaves(inner, at)
        else:
            yield at


def _merged(below: Any, above: Mapping[str, Any], path: str = "") -> tuple[dict[str, Any], frozenset[str]]:
    """Both merged, and the dotted keys whose value comes from `above` alone."""
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
    """Whether a dotted key is one of those replaced, or is below one."""
    ends = (at for at, sign in enumerate(key) if sign in ".[")
    return key in replaced or any(key[:end] in replaced for end in ends)


def read_document(path: Path, name: str, report: Report, *, is_stream: bool = False) -> Document | None:
    """The mapping in a YAML file, or None with a problem in `report` (path, line, column, remedy).

    Never raises for any content. Refuses anything but a regular file, more than 10 MB, more than 100,000 values,
    nesting deeper than 100, text that is not UTF-8, duplicate keys, a list at the top, and a template.

    Args:
        name: the file in messages.
        is_stream: whether `name` is from the command line, so that `-` and a pipe are read too.
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
        origin: the variable or key that holds the text within the file (`variable LIVEKIT_CONFIG`).
        start: line and column at which the text begins in the file.
        is_exact: whether lines of the text are lines of the file; else `start` is the place of every key.
        is_compose: whether to read it as Compose does: with its tags, and `yes` and `on` as texts.
    """

    def at(line: int, column: int) -> tuple[int, int]:
        return (line + start[0] - 1, column + start[1] - 1) if is_exact else start

    builder, first = Builder(is_compose), Place("", name, start[0], None, origin)
    try:
        value = builder.build(text)
    except RefusedError as refused:
        line, column = at(*refused.at) if refused.at else (None, None) if is_exact else start
        if not _refuse_template(text, first, is_exact, report):
            report.problem(Place("", name, line, column, origin), refused.got, refused.expected, refused.hint)
        return None
    if not isinstance(value, dict | None):
        got = "a list" if isinstance(value, list) else "a single value"
        if not _refuse_template(text, first, is_exact, report):
            report.problem(replace(first, column=start[1]), got, "must hold a mapping of keys to values")
        return None
    if comment := line_with_comment(text):
        _refuse_unfilled(replace(first, line=at(comment, 1)[0]), "#{X}", report)
        return None
    is_moved = not is_exact or start != (1, 1)
    marks = {key: at(*mark) for key, mark in builder.marks.items()} if is_moved else builder.marks
    return Document(
        name,
        value or {},
        marks,
        origin=origin,
        blocks=builder.blocks,
        tags=builder.tags,
        head=Head(value is None, not text, builder.further, builder.yaml),
        spellings=builder.spellings,
    )


def _refuse_template(text: str, start: Place, is_exact: bool, report: Report) -> bool:
    """Whether a text that is not YAML or no mapping is an unfilled template or of another format: then a problem."""
    if kind := kind_of_text(text):
        report.problem(start, kind.what, "must hold a mapping of keys to values", kind.instead)
        return True
    found = line_with_placeholder(text)
    if found:
        line = start.line + found[0] - 1 if is_exact and start.line else start.line
        _refuse_unfilled(replace(start, line=line), found[1], report)
    return found is not None


def _refuse_unfilled(place: Place, got: str, report: Report) -> None:
    report.problem(place, got, "must be filled in: it is a template", "render it first, and give what comes out")


def parse_within(outer: Document, key: str, text: str, origin: str, report: Report) -> Document | None:
    """A document within a text of another document, each key with its line in the outer file.

    None with a problem in `report` if it is refused.

    Args:
        key: the dotted key of the text in `outer`.
        text: the text as the service gets it, with variables filled in.
        origin: the name of the text in messages (`variable LIVEKIT_CONFIG`).
    """
    start = outer.blocks.get(key)
    if start:
        return parse_document(text, outer.name, report, origin=origin, start=start)
    place = outer.place(key)
    mark = (place.line or 1, place.column or 1)
    return parse_document(text, place.file or outer.name, report, origin=origin, start=mark, is_exact=False)


def read_value(text: str, place: Place, report: Report) -> Any:
    """A single YAML value of any type, such as a flag's, under the limits of a file.

    None with a problem in `report` if it is refused; also None for an empty text.
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
    report.files.append("standard input" if is_stream and name in STDIN_NAMES else name)
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

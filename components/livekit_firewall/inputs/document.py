"""Reading YAML as hostile input, with the line and column of every key.

One pass over the parser's events, without recursion: a file can be neither too deep nor too large, an
alias cannot multiply, a key cannot stand twice. Only what YAML 1.2 core and 1.1 share is understood
otherwise than by Go's yaml.v3, which the servers use, where `SafeLoader` differs; none of it concerns ports.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from msgspec import Struct
from msgspec.structs import replace

from ..model.errors import Place, Report
from .files import TooLargeError, UnreadableError, read_bytes, read_input
from .harmless import is_known
from .placeholders import line_with_comment, line_with_placeholder
from .records import HALF
from .shown import show

Mark = TypeVar("Mark")

MAX_BYTES = 10_000_000
MAX_VALUES = 100_000
MAX_DEPTH = 100
MAX_DIGITS = 40

# no setting is a date, and an impossible one is no reason to stop
_TEXTS_TO_US = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:value")

_NUMBERS_OR_TEXT = tuple(f"tag:yaml.org,2002:{kind}" for kind in ("int", "float", "str"))
_WORDS = ("inf", "nan")  # floats of both versions of YAML

COMPOSE_TAGS = ("!reset", "!override")

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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


class WrittenInt(int):
    """An integer and how the file writes it: some services read the text itself (`07777` is 7777 to them)."""

    written: str


class WrittenFloat(float):
    """A float, likewise (`7880.0` is no port where the text is read)."""

    written: str


# What a scalar must look like to be a number to Go's yaml.v3, underscores removed (resolve.go).
_WHOLE = re.compile(r"([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")


def go_number(text: str) -> WrittenInt | WrittenFloat | None:
    """The number that a plain scalar is to a Go program, None if it is none: `2:11:20` is no number to it,
    `0o17310` and `788e1` are, whatever YAML 1.1 says of them.
    """
    if not text or len(text) > MAX_DIGITS or text[0] not in "+-.0123456789":
        return None
    plain = text if text[0] == "." else text.replace("_", "")
    whole = _WHOLE.fullmatch(plain)
    number: WrittenInt | WrittenFloat
    if whole:
        sign, digits = whole.groups()
        is_octal = len(digits) > 1 and digits[0] == "0" and digits[1].isdigit()
        number = WrittenInt(int(sign + (f"0o{digits[1:]}" if is_octal else digits), 0))
    elif _FLOAT.fullmatch(plain):
        number = WrittenFloat(plain)
    else:
        return None
    number.written = text
    return number


class _Refused(Exception):
    """Text that is not read.

    Attributes:
        at: line and column, from 1; empty where the parser does not know.
    """

    def __init__(self, mark: Any, got: str, expected: str, hint: str = "") -> None:
        super().__init__(expected)
        self.at: tuple[int, ...] = (mark.line + 1, mark.column + 1) if mark else ()
        self.got, self.expected, self.hint = got, expected, hint


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

    builder = _Builder(is_compose)
    try:
        value = builder.build(text)
    except _Refused as refused:
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


_VARIABLE = re.compile(r"\s*(export\s+)?[A-Z][A-Z0-9_]*=")


def _refuse_template(text: str, start: Place, is_exact: bool, report: Report) -> bool:
    """Whether a text that is no configuration is a template that nobody has filled in, or a list of variables."""
    first = next((line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")), "")
    if _VARIABLE.match(first):
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
        return _Builder().build(text)
    except _Refused as refused:
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


def _said(problem: str | None) -> str:
    """The parser's words up to where it quotes the file: a name, a tag or an escape may be a secret."""
    said = re.split(r"""['"`<(:]""", problem or "", maxsplit=1)[0].strip().removesuffix("but found").rstrip(" ,")
    return said if said.isprintable() and 0 < len(said) <= _WORDS_AT_MOST else "it cannot be parsed"


_WORDS_AT_MOST = 100


def _yaml_hint(text: str, mark: Any) -> str:
    line = text.splitlines()[mark.line] if mark and mark.line < len(text.splitlines()) else ""
    return "indent with spaces, not tabs" if line.startswith("\t") else ""


class _Builder:
    """Builds values from events; a stack of open collections takes the place of recursion."""

    def __init__(self, is_compose: bool = False) -> None:
        self.is_compose = is_compose
        self.tags: dict[str, str] = {}
        self.marks: dict[str, tuple[int, int]] = {}
        self.blocks: dict[str, tuple[int, int]] = {}
        self.text = ""
        self.lines: list[str] | None = None
        self.anchors: dict[str, tuple[Any, int]] = {}
        self.spellings: dict[str, str] = {}
        self.count = 0
        self.further: int | None = None
        self.yaml: tuple[int, int] | None = None
        self.resolver: Any = yaml.SafeLoader("")

    def build(self, text: str) -> Any:
        """The value of the first document, None if there is none. Raises _Refused."""
        half = HALF.search(text)
        if half:  # a flag's bytes that are no UTF-8; a file's never get here
            raise _Refused(None, "", "must be UTF-8 text")
        try:
            return self._build(text)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            said = f"not valid YAML: {_said(error.problem)}"
            raise _Refused(mark, "", said, _yaml_hint(text, mark)) from None
        except yaml.reader.ReaderError as error:
            # its position counts bytes or characters, as the parser is in C or in Python
            before = text[: max(text.find(chr(error.character)), 0)]
            mark = yaml.Mark("", 0, before.count("\n"), len(before) - before.rfind("\n") - 1, None, 0)
            got, hint = f"the character U+{error.character:04X}", "remove it" if error.character else "save it as UTF-8"
            raise _Refused(mark, got, "must be text without control characters", hint) from None
        except yaml.YAMLError:
            raise _Refused(None, "", "not valid YAML: it cannot be parsed") from None

    def _build(self, text: str) -> Any:
        top: list[Any] = []
        open_: list[_Open] = []
        self.text = text
        events = yaml.parse(text, Loader=_Loader)
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                self.yaml = event.version
            if isinstance(event, yaml.DocumentEndEvent):
                self.further = _next_content(events)
                break  # the servers read the first document only
            if self.is_compose and open_ and (tag := getattr(event, "tag", None)) in COMPOSE_TAGS:
                self.tags[open_[-1].path_of_next()] = str(tag)
            if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                self._tick(event.start_mark)
                if len(open_) >= MAX_DEPTH:
                    raise _Refused(event.start_mark, f"more than {MAX_DEPTH} levels", "must not be nested that deep")
                path = open_[-1].path_of_next() if open_ else ""
                container: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
                open_.append(_Open(container, path, event, self.count))
                continue
            if isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                done = open_.pop()
                value, start = done.finished(), done.start
                if done.event.anchor:
                    self.anchors[done.event.anchor] = (value, self.count - done.count + 1)
            elif isinstance(event, yaml.ScalarEvent):
                self._tick(event.start_mark)
                value, start = self._scalar(event, open_), event.start_mark
                if event.style == "|" and open_:
                    self._note_block(event, open_[-1].path_of_next())
                if event.anchor:
                    self.anchors[event.anchor] = (value, 1)
            elif isinstance(event, yaml.AliasEvent):
                value, start = self._alias(event), event.start_mark
            else:
                continue
            if not open_:
                top.append(value)
            else:
                open_[-1].add(value, start, self.marks)
        return top[0] if top else None

    def _note_block(self, event: Any, path: str) -> None:
        """Where the lines of a literal text begin."""
        if self.lines is None:
            self.lines = self.text.split("\n")
        first = event.start_mark.line + 1
        count = next((index for index, line in enumerate(event.value.split("\n")) if line.strip()), None)
        if count is None or first + count >= len(self.lines):
            return
        written, read = self.lines[first + count], event.value.split("\n")[count]
        indent = len(written) - len(written.lstrip(" ")) - (len(read) - len(read.lstrip(" ")))
        self.blocks[path] = (first + 1, indent + 1)

    def _tick(self, mark: Any, by: int = 1) -> None:
        self.count += by
        if self.count > MAX_VALUES:
            hint = "is it the configuration? aliases count as often as they are used"
            raise _Refused(mark, f"more than {MAX_VALUES:,} values", "must be smaller", hint)

    def _alias(self, event: Any) -> Any:
        if event.anchor not in self.anchors:
            raise _Refused(event.start_mark, "an alias", "must name an anchor that stands before it")
        value, size = self.anchors[event.anchor]
        self._tick(event.start_mark, size)
        return value

    def _scalar(self, event: Any, open_: list[_Open]) -> Any:
        value = self._resolved(event, open_)
        if isinstance(value, str) and HALF.search(value):
            raise _Refused(event.start_mark, "half of a surrogate pair", "must be text that can be written as UTF-8")
        return value

    def _resolved(self, event: Any, open_: list[_Open]) -> Any:
        tag = event.tag
        if self.is_compose and tag in COMPOSE_TAGS:
            tag = None
        if tag not in (None, "!") and tag.startswith("!"):
            return event.value  # a text to Go's yaml.v3, whatever it looks like
        if tag not in (None, "!") and tag not in _TAGS:
            raise _Refused(event.start_mark, "", "not valid YAML: the tag is none of YAML's own", "remove the tag")
        if tag is None or tag == "!":
            tag = self.resolver.resolve(yaml.ScalarNode, event.value, event.implicit)
        is_word = self.is_compose and tag == "tag:yaml.org,2002:bool" and event.value.lower() not in ("true", "false")
        if tag in _TEXTS_TO_US or is_word:
            return event.value
        if tag == "tag:yaml.org,2002:merge":
            return "<<"
        if tag == "tag:yaml.org,2002:int" and len(event.value) > MAX_DIGITS:
            raise _Refused(
                event.start_mark, f"a number of {len(event.value):,} digits", "must be a number of usual size"
            )
        if (
            event.tag is None
            and event.implicit[0]
            and tag in _NUMBERS_OR_TEXT
            and event.value[-3:].lower() not in _WORDS
        ):
            number = go_number(event.value)
            if number is None:
                return event.value
            return int(number) if isinstance(number, int) and str(int(number)) == event.value else number
        return self._constructed(tag, event, open_)

    def _constructed(self, tag: str, event: Any, open_: list[_Open]) -> Any:
        """What PyYAML makes of a scalar; it fails in many ways for what its tag does not fit."""
        node = yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark)
        try:
            value = self.resolver.construct_object(node)
            if isinstance(value, bool) and open_ and event.value not in ("true", "false"):
                self.spellings[open_[-1].path_of_next()] = event.value
            if isinstance(value, bytes):  # a text to Go
                return value.decode()
            if type(value) is int and str(value) != event.value:
                value = WrittenInt(value)
                value.written = event.value
            return value
        except (ValueError, ArithmeticError, LookupError, TypeError, AttributeError, yaml.YAMLError):
            got = show(open_[-1].path_of_next() if open_ else "", event.value)
            raise _Refused(event.start_mark, got, f"must be a valid {tag.rpartition(':')[2]}") from None
        finally:
            self.resolver.constructed_objects.clear()


def _next_content(events: Iterator[Any]) -> int | None:
    """The line of what stands in a further document; what no service reads need be no YAML."""
    line = 1
    try:
        for event in events:
            if isinstance(event, yaml.StreamEndEvent | yaml.DocumentEndEvent):
                continue
            line = int(event.start_mark.line) + 1
            is_nothing = isinstance(event, yaml.ScalarEvent) and not event.value
            if not isinstance(event, yaml.DocumentStartEvent) and not is_nothing:
                return line
    except yaml.YAMLError:
        return line
    return None


_TAGS = frozenset(
    f"tag:yaml.org,2002:{kind}" for kind in "null bool int float str binary timestamp value merge".split()
)


class _Open:
    """A mapping or list whose end has not been read yet."""

    def __init__(self, container: Any, path: str, event: Any, count: int) -> None:
        self.container, self.path, self.event, self.count = container, path, event, count
        self.start = event.start_mark
        self.key: Any = _NO_KEY
        self.merged: list[Any] = []

    def path_of_next(self) -> str:
        if isinstance(self.container, list):
            return f"{self.path}[{len(self.container)}]"
        return f"{self.path}.{self.key}" if self.path else str(self.key)

    def add(self, value: Any, mark: Any, marks: dict[str, tuple[int, int]]) -> None:
        if isinstance(self.container, list):
            marks[self.path_of_next()] = (mark.line + 1, mark.column + 1)
            self.container.append(value)
        elif self.key is _NO_KEY:
            self._open_key(value, mark, marks)
        elif self.key == "<<":
            self.merged += value if isinstance(value, list) else [value]
            self.key = _NO_KEY
        else:
            self.container[self.key] = value
            self.key = _NO_KEY

    def _open_key(self, key: Any, mark: Any, marks: dict[str, tuple[int, int]]) -> None:
        if isinstance(key, dict | list):
            raise _Refused(mark, "a collection", "a key must be a text")
        if key in self.container:
            first = marks.get(f"{self.path}.{key}" if self.path else str(key))
            seen = f"it stands in line {first[0]} already" if first else "it stands there already"
            raise _Refused(mark, repr(key) if is_known(key) else "", "a key must not stand twice", seen)
        self.key = key
        marks[self.path_of_next()] = (mark.line + 1, mark.column + 1)
        if key != "<<":
            self.container[key] = None

    def finished(self) -> Any:
        for mapping in self.merged:
            if not isinstance(mapping, dict):
                raise _Refused(self.start, "something else", "what << merges must be a mapping")
            for key, value in mapping.items():
                self.container.setdefault(key, value)
        return self.container


_NO_KEY = object()

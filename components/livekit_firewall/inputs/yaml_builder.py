"""Builds values from YAML's parser events, with the line and column of every key.

One pass over the events, without recursion. Depth and number of values are limited, with aliases counted at each use,
and a key may not occur twice. Numbers and tags are read as by Go's yaml.v3, which the servers use; other scalars as by
PyYAML, whose differences concern no ports.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from .field_types import holds_half
from .harmless import is_known
from .numbers import MAX_DIGITS, WrittenInt, go_number
from .shown import show
from .yaml_refusal import MAX_DEPTH, RefusedError, refusal_of, too_deep

MAX_VALUES = 100_000

# read as texts: no setting is a date, and an invalid date must not be a problem
_TEXTS_TO_US = ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:value")

_NUMBERS_OR_TEXT = tuple(f"tag:yaml.org,2002:{kind}" for kind in ("int", "float", "str"))
_WORDS = ("inf", "nan")  # floats of both versions of YAML

COMPOSE_TAGS = ("!reset", "!override")

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Builder:
    """Builds values from events, with a stack of open collections in place of recursion. For the attributes see
    `Document` and `Head`.
    """

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
        """The value of the first document, None if there is none. Raises RefusedError."""
        if holds_half(text):  # a flag whose bytes are not UTF-8; a file is decoded before
            raise RefusedError(None, "", "must be UTF-8 text")
        try:
            return self._build(text)
        except yaml.YAMLError as error:
            raise refusal_of(error, text) from None

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
                    raise too_deep(event.start_mark)
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
        """Records the line and column at which a literal text begins."""
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
            raise RefusedError(mark, f"more than {MAX_VALUES:,} values", "must be smaller", hint)

    def _alias(self, event: Any) -> Any:
        if event.anchor not in self.anchors:
            raise RefusedError(event.start_mark, "an alias", "must name an anchor that stands before it")
        value, size = self.anchors[event.anchor]
        self._tick(event.start_mark, size)
        return value

    def _scalar(self, event: Any, open_: list[_Open]) -> Any:
        value = self._resolved(event, open_)
        if isinstance(value, str) and holds_half(value):
            raise RefusedError(
                event.start_mark, "half of a surrogate pair", "must be text that can be written as UTF-8"
            )
        return value

    def _resolved(self, event: Any, open_: list[_Open]) -> Any:
        tag = event.tag
        if self.is_compose and tag in COMPOSE_TAGS:
            tag = None
        if tag not in (None, "!") and tag.startswith("!"):
            return event.value  # Go's yaml.v3 reads a text, whatever it looks like
        if tag not in (None, "!") and tag not in _TAGS:
            raise RefusedError(event.start_mark, "", "not valid YAML: the tag is none of YAML's own", "remove the tag")
        if tag is None or tag == "!":
            tag = self.resolver.resolve(yaml.ScalarNode, event.value, event.implicit)
        is_word = self.is_compose and tag == "tag:yaml.org,2002:bool" and event.value.lower() not in ("true", "false")
        if tag in _TEXTS_TO_US or is_word:
            return event.value
        if tag == "tag:yaml.org,2002:merge":
            return "<<"
        if tag == "tag:yaml.org,2002:int" and len(event.value) > MAX_DIGITS:
            raise RefusedError(
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
        """The value that PyYAML constructs for a scalar. It raises many kinds of errors if the tag does not fit."""
        node = yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark)
        try:
            value = self.resolver.construct_object(node)
            if isinstance(value, bool) and open_ and event.value not in ("true", "false"):
                self.spellings[open_[-1].path_of_next()] = event.value
            if isinstance(value, bytes):  # Go reads a text
                return value.decode()
            if type(value) is int and str(value) != event.value:
                value = WrittenInt(value)
                value.written = event.value
            return value
        except (ValueError, ArithmeticError, LookupError, TypeError, AttributeError, yaml.YAMLError):
            got = show(open_[-1].path_of_next() if open_ else "", event.value)
            raise RefusedError(event.start_mark, got, f"must be a valid {tag.rpartition(':')[2]}") from None
        finally:
            self.resolver.constructed_objects.clear()


def _next_content(events: Iterator[Any]) -> int | None:
    """The line of the first content in a further document; None without any. It need not be valid YAML."""
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
    """A mapping or list whose end has not been read yet, with its path and size so far."""

    def __init__(self, container: Any, path: str, event: Any, count: int) -> None:
        self.container, self.path, self.event, self.count = container, path, event, count
        self.start = event.start_mark
        self.key: Any = _NO_KEY
        self.merged: list[Any] = []
        self.has_merge = False

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
            raise RefusedError(mark, "a collection", "a key must be a text")
        if key in self.container or (key == "<<" and self.has_merge):
            first = marks.get(f"{self.path}.{key}" if self.path else str(key))
            seen = f"it stands in line {first[0]} already" if first else "it stands there already"
            raise RefusedError(mark, repr(key) if is_known(key) else "", "a key must not stand twice", seen)
        self.key = key
        self.has_merge |= key == "<<"
        marks[self.path_of_next()] = (mark.line + 1, mark.column + 1)
        if key != "<<":
            self.container[key] = None

    def finished(self) -> Any:
        for mapping in self.merged:
            if not isinstance(mapping, dict):
                raise RefusedError(self.start, "something else", "what << merges must be a mapping")
            for key, value in mapping.items():
                self.container.setdefault(key, value)
        return self.container


_NO_KEY = object()

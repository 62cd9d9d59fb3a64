"""A service's own configuration as one tree, each value with its place and the name that the user wrote.

tree["rtc.tcp_port"].given     # 7881, unchecked
tree["rtc.tcp_port"].place     # livekit.yaml:4:3: rtc.tcp_port, or the argument tcp_port
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ..inputs.document import Document, value_at
from ..model.errors import Place


class Value(Struct, frozen=True):
    """The given value of one key, and its place for messages.

    Attributes:
        given: as it was read, unchecked, also from a preset; None if the key is absent.
        place: of the key; of its nearest parent if a file does not have the key.
        is_set: whether the user set it.
    """

    given: Any
    place: Place
    is_set: bool

    @property
    def name(self) -> str:
        """The key as the user writes it."""
        return self.place.path

    @property
    def is_fact(self) -> bool:
        """Whether it comes from a running deployment's file or options, and not from our arguments."""
        return self.place.is_fact


class Tree(Struct, frozen=True):
    """The configuration under the service's own keys, nested (`{"rtc": {"tcp_port": 7881}}`), from all its sources.

    Attributes:
        values: all values, unchecked.
        document: the file, or None for arguments alone.
        renamed: a key or section of the service to its name among our arguments (`rtc` to "").
        prefix: of a key among our arguments ("sip." for `sip.rtp_port`).
        is_preset: whether the values are a preset, so that none counts as set by the user.
        arguments: those of the values that our arguments add to a file.
        version: of the service, without a leading v; "" if not known.
    """

    values: Any = {}
    document: Document | None = None
    renamed: Mapping[str, str] = {}
    prefix: str = ""
    is_preset: bool = False
    arguments: Mapping[str, Any] = {}
    version: str = ""

    def __getitem__(self, key: str) -> Value:
        """The value under a dotted key; "" for the whole tree."""
        given = value_at(self.values, key)
        return Value(given, self.place(key), given is not None and not self.is_preset)

    def place(self, key: str) -> Place:
        if self.document and value_at(self.arguments, key) is None:
            return self.document.place(key)
        return Place(self._argument(key))

    @property
    def is_file(self) -> bool:
        """Whether a running deployment's file is one of its sources."""
        return self.document is not None

    @property
    def is_chart(self) -> bool:
        """Whether a chart rendered the file: the chart starts the server so that it ignores unknown keys."""
        return self.document is not None and not self.document.is_strict

    def leaves(self) -> Iterator[str]:
        """The given keys, dotted, one section deep; "" alone if the values are no mapping."""
        if not isinstance(self.values, Mapping):
            yield ""
            return
        for key, value in self.values.items():
            if isinstance(value, Mapping) and value:
                yield from (f"{key}.{inner}" for inner in value)
            else:
                yield str(key)

    def with_arguments(self, arguments: Tree) -> Tree:
        """This file's values and those of `arguments`; no key may be in both."""
        return replace(
            arguments,
            values=_merged(self.values, arguments.values),
            document=self.document,
            arguments=arguments.values,
            version=self.version,
        )

    def _argument(self, key: str) -> str:
        """The key's name among our arguments."""
        if not key:
            return self.prefix.rstrip(".")
        section, dot, rest = key.partition(".")
        return self.prefix + (rest if dot and self.renamed.get(section) == "" else key)


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    both = {key: _merged(below[key], value) for key, value in above.items() if _are_sections(below.get(key), value)}
    return {**below, **above, **both}


def _are_sections(one: Any, other: Any) -> bool:
    return isinstance(one, Mapping) and isinstance(other, Mapping)

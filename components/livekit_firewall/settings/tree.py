"""A service's own configuration as one tree, each value with the place and the name that the user knows it by.

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
    """What stands under one key, and all that a message says of it.

    Attributes:
        given: as it was read, unchecked; None where nothing is given. A preset's too.
        place: where it stands; where it would stand, if it is not given.
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
        """Whether it is what the file of a running deployment says, and no argument, which is written for us."""
        return self.place.is_fact


class Tree(Struct, frozen=True):
    """The configuration under the service's own keys (`rtc.tcp_port` nested), whatever it was put together from.

    Attributes:
        values: all of it, unchecked.
        document: the file, or None for arguments alone.
        renamed: own key or section to what it is called among our arguments (`rtc` to "").
        prefix: what our arguments put before a key ("sip." for `sip.rtp_port`).
        is_preset: the values are ours, so none of them counts as set by the user.
        arguments: which of the values our arguments give beside a file.
        version: of the service, without a leading v; "" where nothing says which one runs.
    """

    values: Any = {}
    document: Document | None = None
    renamed: Mapping[str, str] = {}
    prefix: str = ""
    is_preset: bool = False
    arguments: Mapping[str, Any] = {}
    version: str = ""

    def __getitem__(self, key: str) -> Value:
        """The value under a dotted key, "" for the whole."""
        given = value_at(self.values, key)
        return Value(given, self.place(key), given is not None and not self.is_preset)

    def place(self, key: str) -> Place:
        if self.document and value_at(self.arguments, key) is None:
            return self.document.place(key)
        return Place(self._argument(key))

    @property
    def is_file(self) -> bool:
        """Whether a file of a running deployment is part of it."""
        return self.document is not None

    @property
    def is_chart(self) -> bool:
        """Whether the file is what a chart makes of its values: the server minds no unknown key in it."""
        return self.document is not None and not self.document.is_strict

    def leaves(self) -> Iterator[str]:
        """The dotted keys given, one section deep; "" if what was given is no mapping at all."""
        if not isinstance(self.values, Mapping):
            yield ""
            return
        for key, value in self.values.items():
            if isinstance(value, Mapping) and value:
                yield from (f"{key}.{inner}" for inner in value)
            else:
                yield str(key)

    def with_arguments(self, arguments: Tree) -> Tree:
        """This file's values and those of `arguments`, which must hold other keys."""
        return replace(
            arguments,
            values=_merged(self.values, arguments.values),
            document=self.document,
            arguments=arguments.values,
            version=self.version,
        )

    def _argument(self, key: str) -> str:
        """What the key is called among our arguments."""
        if not key:
            return self.prefix.rstrip(".")
        section, dot, rest = key.partition(".")
        return self.prefix + (rest if dot and self.renamed.get(section) == "" else key)


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    both = {key: _merged(below[key], value) for key, value in above.items() if _are_sections(below.get(key), value)}
    return {**below, **above, **both}


def _are_sections(one: Any, other: Any) -> bool:
    return isinstance(one, Mapping) and isinstance(other, Mapping)

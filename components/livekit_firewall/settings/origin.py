"""Where a service's settings come from, so that every message uses the words that the user wrote."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ..inputs.document import Document
from ..model.errors import Place, Report


class Origin(Struct, frozen=True):
    """A service's own configuration: the file that it runs with, our arguments, or both.

    Attributes:
        values: the configuration under the service's own keys (`rtc.tcp_port` nested), unchecked.
        document: the file, or None for arguments.
        renamed: own key or section to what it is called among our arguments (`rtc` to "").
        prefix: what our arguments put before a key ("sip." for `sip.rtp_port`).
        is_preset: the values are ours, so none of them counts as set by the user.
        added: arguments beside a file, for keys that the file does not hold.
    """

    values: Any = {}
    document: Document | None = None
    renamed: Mapping[str, str] = {}
    prefix: str = ""
    is_preset: bool = False
    added: Origin | None = None

    def gives(self, key: str) -> bool:
        """Whether the dotted key is set there."""
        return not self.is_preset and _at(self.values, key) is not None

    def at(self, key: str) -> Any:
        """The unchecked value under a dotted key, or None; also of a preset."""
        return _at(self.values, key)

    def is_file(self, *keys: str) -> bool:
        """Whether these keys come from a file of a running deployment, which is a fact, and none of them
        from arguments, which are written for us. Without keys: whether there is a file.
        """
        return self.document is not None and not any(self._adds(key) for key in keys)

    def name(self, key: str) -> str:
        """The key as the user writes it."""
        if self.added and self._adds(key):
            return self.added.name(key)
        if self.document:
            return key
        if not key:
            return self.prefix.rstrip(".")
        section, dot, rest = key.partition(".")
        return self.prefix + (rest if dot and self.renamed.get(section) == "" else key)

    def place(self, key: str) -> Place:
        if self.added and self._adds(key):
            return self.added.place(key)
        return self.document.place(key) if self.document else Place(self.name(key))

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

    def with_arguments(self, arguments: Origin) -> Origin:
        """This file's values and those of `arguments`, which must hold other keys."""
        return replace(self, values=_merged(self.values, arguments.values), added=arguments)

    def _adds(self, key: str) -> bool:
        return self.added is not None and self.added.gives(key)


def _at(values: Any, key: str) -> Any:
    for part in key.split("."):
        values = values.get(part) if isinstance(values, Mapping) else None
    return values


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    both = {key: _merged(below[key], value) for key, value in above.items() if _are_sections(below.get(key), value)}
    return {**below, **above, **both}


def _are_sections(one: Any, other: Any) -> bool:
    return isinstance(one, Mapping) and isinstance(other, Mapping)


Levels = Mapping[str, Collection[str]]
"""The names of a service's keys by the section that they stand in, "" for the top."""


def note_unknown(origin: Origin, report: Report, key: str, effect: str, levels: Levels) -> None:
    """A key of a running deployment's file that the service's code (as of our facts) does not have."""
    if origin.document and not origin.document.is_strict:
        return
    near = _nearest(key, levels)
    fix = "correct its spelling, or remove it"
    report.finding("unknown-key", "error", origin.place(key), effect, f"did you mean {near}? {fix}" if near else fix)


def _nearest(key: str, levels: Levels) -> str:
    """The key of that name in the one section that has it, else the most like it in its own; "" if none is."""
    from difflib import get_close_matches

    section, _, name = key.rpartition(".")
    others = [other for other, names in levels.items() if name in names]
    if len(others) == 1:
        return f"{others[0]}.{name}" if others[0] else name
    near = get_close_matches(name[:80], sorted(levels.get(section, ())), n=1)
    return near[0] if near else ""

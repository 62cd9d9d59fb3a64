"""The configuration keys of each LiveKit service in every released version, from its code, and of its Helm charts.

    schema = schema_of("livekit", "1.9.11")
    schema.at("rtc.tcp_port").type          # "uint32"
    schema.variables["UDP_PORT"]            # "rtc.udp_port"
    schema.unknown("signal_relay.enabled")  # a key of other versions: .since, .until

A service's file is read at the first use of the service, and each section of it at the first use of the section.
tools/schemas.py writes the files from the tables in tools/config_keys.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from .key import BaseFlag, Key
from .releases import CONFIRMED, NAMES, UnknownVersionError

__all__ = ["CONFIRMED", "NAMES", "BaseFlag", "Key", "Schema", "UnknownVersionError", "names_of", "schema_of"]

FOLDER = Path(__file__).parent


class _File(Struct, frozen=True):
    is_strict: bool
    versions: tuple[str, ...]
    base_flags: tuple[BaseFlag, ...]
    flag_only: tuple[Key, ...]
    keys: dict[str, msgspec.Raw]


class Schema(Struct, frozen=True, dict=True):
    """The configuration of one service in one version.

    Attributes:
        service: livekit, sip, ingress or egress.
        version: without a leading v.
        versions: every known release, oldest first.
        is_strict: whether the service refuses to start with an unknown key.
    """

    service: str
    version: str
    versions: tuple[str, ...]
    is_strict: bool
    _file: _File

    @property
    def newest(self) -> str:
        return self.versions[-1]

    @property
    def name(self) -> str:
        return NAMES[self.service]

    @property
    def title(self) -> str:
        """The service's name and version; for a strict service, also whether its table is not `CONFIRMED`."""
        is_doubtful = self.is_strict and self.version not in CONFIRMED[self.service]
        return f"{self.name} {self.version}" + (" (by its source, not run here)" if is_doubtful else "")

    def is_unconfirmed(self, version: str) -> bool:
        """Whether a release is newer than every confirmed one."""
        return self._order[version] > self._order[CONFIRMED[self.service][-1]]

    def is_before(self, version: str) -> bool:
        """Whether this version is older than another."""
        return self._order[self.version] < self._order[version]

    @cached_property
    def keys(self) -> Mapping[str, Key]:
        """Every key of this version by path, with its type, default, variable and flag in this version."""
        return {key.path: key for parent in self._file.keys for key in self.below(parent).values()}

    @cached_property
    def flag_only(self) -> Mapping[str, Key]:
        """By path, the settings of flags and variables that have no key in the file."""
        return {key.path: self._resolved(key) for key in self._file.flag_only if self.has(key)}

    @cached_property
    def base_flags(self) -> tuple[BaseFlag, ...]:
        return tuple(flag for flag in self._file.base_flags if self.has(flag))

    @cached_property
    def variables(self) -> Mapping[str, str]:
        """Environment variable to the key that it sets, without those that hold or name a whole file."""
        named = [(flag.variable, flag.key) for flag in self.base_flags]
        return _pairs([(key.variable, key.path) for key in self._settable], named)

    @cached_property
    def flags(self) -> Mapping[str, str]:
        """Flag (`--udp-port`) to the key that it sets."""
        return _pairs(
            [(key.flag, key.path) for key in self._settable], [(one.flag, one.key) for one in self.base_flags]
        )

    @property
    def children(self) -> Mapping[str, Mapping[str, Key]]:
        """Each path that has keys below it, to those keys by name."""
        return _Children(self, tuple(self._file.keys))

    @cached_property
    def every(self) -> Mapping[str, Key]:
        """The keys of all versions by path."""
        sections = (_section(self.service, parent) for parent in self._file.keys)
        return {key.path: key for section in sections for key in section.values()}

    def below(self, parent: str) -> Mapping[str, Key]:
        """The keys of this version in a section ("" for the top), by name."""
        if parent not in self._sections:
            found = {name: self._resolved(key) for name, key in _section(self.service, parent).items() if self.has(key)}
            self._sections[parent] = found
        return self._sections[parent]

    @cached_property
    def _sections(self) -> dict[str, Mapping[str, Key]]:
        return {}

    def at(self, path: str) -> Key | None:
        """The key of this version at a path of the file: `room.room_configurations.a.agents[0].metadata` too."""
        return _find(path, self.below)

    def unknown(self, path: str) -> Key | None:
        """The key at a path of the file, if other versions have it and this one does not; else None."""
        found = _find(path, lambda parent: _section(self.service, parent))
        return None if found is None or self.has(found) else found

    def has(self, key: Key | BaseFlag) -> bool:
        return self._is_between(key.since, key.until)

    @property
    def _settable(self) -> Iterator[Key]:
        yield from self.keys.values()
        yield from self.flag_only.values()

    def _is_between(self, since: str | None, until: str | None) -> bool:
        order = self._order
        now = order[self.version]
        return (since is None or order[since] <= now) and (until is None or now <= order[until])

    @cached_property
    def _order(self) -> Mapping[str, int]:
        return {"": len(self.versions), **{version: index for index, version in enumerate(self.versions)}}

    def _resolved(self, key: Key) -> Key:
        if key.types or key.defaults:
            key = replace(key, type=self._now(key.types, key.type), default=self._now(key.defaults, key.default))
        if not self._is_between(key.variable_since, key.variable_until):
            key = replace(key, variable=None)
        if not self._is_between(key.flag_since, key.flag_until):
            key = replace(key, flag=None)
        return key

    def _now(self, steps: Iterable[tuple[str, Any]], otherwise: Any) -> Any:
        held = [value for since, value in steps if self._is_between(since, None)]
        return held[-1] if held else otherwise


class _Children(Mapping[str, Mapping[str, Key]]):
    def __init__(self, schema: Schema, parents: tuple[str, ...]) -> None:
        self._schema, self._parents = schema, parents

    def __getitem__(self, parent: str) -> Mapping[str, Key]:
        if level := self._schema.below(parent):
            return level
        raise KeyError(parent)

    def __iter__(self) -> Iterator[str]:
        return (parent for parent in self._parents if self._schema.below(parent))

    def __len__(self) -> int:
        return sum(1 for _ in self)


@cache
def schema_of(service: str, version: str | None = None) -> Schema:
    """The schema of a service in a version, by default the newest release.

    Raises:
        UnknownVersionError: no known release has this number.
    """
    file = _file(service)
    wanted = version.removeprefix("v") if version else file.versions[-1]
    if wanted not in file.versions:
        raise UnknownVersionError(NAMES[service], wanted, file.versions)
    return Schema(service, wanted, file.versions, file.is_strict, file)


def names_of(service: str) -> frozenset[str]:
    """The names of all keys of all versions of a service, at every level."""
    return frozenset(name for parent in _file(service).keys for name in _section(service, parent))


def top_names(service: str) -> frozenset[str]:
    """The names of the keys of all versions of a service, at the top of its file."""
    return frozenset(_section(service, ""))


@cache
def _file(service: str) -> _File:
    return msgspec.json.decode((FOLDER / f"{service}.json").read_bytes(), type=_File)


@cache
def _section(service: str, parent: str) -> Mapping[str, Key]:
    """The keys of all versions in a section, by name."""
    raw = _file(service).keys.get(parent)
    return {key.name: key for key in _keys.decode(raw)} if raw is not None else {}


_keys = msgspec.json.Decoder(tuple[Key, ...])


def _pairs(*some: Iterable[tuple[str | None, str | None]]) -> dict[str, str]:
    return {name: key for pairs in some for name, key in pairs if name and key}


def _find(path: str, below: Callable[[str], Mapping[str, Key]]) -> Key | None:
    """The key for a path of a file: `[]` in a key's path matches any index, `*` any name. None if there is none."""
    parent, key = "", None
    for part in path.split("."):
        name, bracket, _ = part.partition("[")
        level = below(parent)
        key = level.get(name) or level.get("*")
        if key is None:
            return None
        parent = f"{key.path}[]" if bracket else key.path
    return key

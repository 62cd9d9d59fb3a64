"""Checks a service's configuration against the keys and types of the running version.

livekit-server does not start with an unknown key at any depth; SIP, ingress and egress ignore it. None of them starts
with a value of the wrong type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from ..inputs.harmless import is_secret
from ..inputs.records import Unknown, read_record
from ..inputs.shown import key_name, kind_of, show
from ..model.errors import Place, Report
from .go_types import element_of, fits, fits_key, is_section, phrase
from .schemas import Key, Schema, schema_of
from .tree import Tree

Record = TypeVar("Record", bound=Struct)

MOVED = {
    "egress": {
        **{name: f"storage.{name}" for name in ("s3", "azure", "gcp", "alioss")},
        "backup_storage": "backup",
        "log_level": "logging.level",
    },
    "sip": {"log_level": "logging.level", "port": "sip_port"},
    "ingress": {"log_level": "logging.level"},
}
"""By service, keys of older releases or of other services, and their replacement (livekit/egress v1.9.0 pkg/config)."""


def read_known(
    record: type[Record], service: str, tree: Tree, report: Report, prepare: Callable[[Any], Any] | None = None
) -> Record:
    """The record, with each key checked by itself and without the keys that the version does not know.

    In a running deployment's file, an unknown key is a finding and a value of the wrong type is a problem.

    Args:
        prepare: changes the values before the record is read from them; by default nothing.
    """
    walk = _Walk(tree, schema_of(service, tree.version), report)
    values = walk.known(tree.values, "", "")
    ignored: Unknown | None = [] if tree.is_file else None
    read = read_record(record, prepare(values) if prepare else values, tree.place, report, unknown=ignored)
    if tree.is_file:
        report.problems += [problem for problem in walk.wrong.problems if report.is_sound(*_around(problem.place))]
    return read


def _around(place: Place) -> Iterator[Place]:
    """A place and the places of its parents: a problem of the record at one of them is not repeated."""
    path = place.path
    while path:
        yield replace(place, path=path)
        path = path[: max(path.rfind("."), path.rfind("["), 0)]


class _Walk:
    """One pass over the values of a tree.

    Attributes:
        wrong: problems of values of the wrong type; the record's own reader has better texts for its own keys.
    """

    def __init__(self, tree: Tree, schema: Schema, report: Report) -> None:
        self.tree, self.schema, self.report = tree, schema, report
        self.wrong = Report()

    def known(self, values: Any, pattern: str, path: str, *, is_protobuf: bool = False) -> Any:
        """The values of a section without the keys that the version does not know."""
        if not isinstance(values, Mapping):
            return values
        below = self.schema.below(pattern)
        kept = {}
        for name, value in values.items():
            key = below.get(name if isinstance(name, str) else _text(name))
            if key is None and is_protobuf and isinstance(name, str):
                key = next((one for one in below.values() if _camel(one.name) == name), None)
            if key is None:
                if self._unknown(name, pattern, path, is_protobuf=is_protobuf):
                    kept[name] = value
            else:
                kept[key.name] = self._value(key, value, f"{path}.{name}" if path else str(name), is_protobuf)
        return kept

    def _value(self, key: Key, value: Any, path: str, is_protobuf: bool) -> Any:
        is_protobuf = is_protobuf or key.type.startswith("proto:")
        spellings = self.tree.document.spellings if self.tree.document else {}
        is_spelt_otherwise = is_protobuf and key.type == "bool" and path in spellings
        if is_spelt_otherwise or not fits(key.type, value, is_protobuf=is_protobuf):
            self._wrong(key.type, value, self.tree.place(path))
            return value
        self._note_newer(key, path)
        element = element_of(key.type)
        if element is None:
            # the tables lack the keys of some messages of protobuf; a section without keys knows none
            is_listed = key.type == "object" or (is_section(key.type) and bool(self.schema.below(key.path)))
            return self.known(value, key.path, path, is_protobuf=is_protobuf) if is_listed else value
        if isinstance(value, Mapping):
            return {name: self._entry(key, name, one, path, is_protobuf) for name, one in value.items()}
        for index, one in enumerate(value or ()):
            self._element(element, one, f"{key.path}[]", f"{path}[{index}]", is_protobuf)
        return value

    def _element(self, kind: str, value: Any, pattern: str, path: str, is_protobuf: bool) -> None:
        if not fits(kind, value, is_protobuf=is_protobuf):
            self._wrong(kind, value, self.tree.place(path))
        elif is_section(kind):
            self.known(value, pattern, path, is_protobuf=is_protobuf)

    def _entry(self, key: Key, name: Any, value: Any, path: str, is_protobuf: bool) -> Any:
        """Checks one entry of a mapping with keys chosen by the user: such a key may be a secret, and is not shown."""
        own = f"{path}.{name}"
        place = replace(self.tree.place(own), path=path)
        kind = element_of(key.type) or "any"
        entry = self.schema.below(key.path).get("*")
        if not fits_key(key.type, name):
            self.wrong.problem(place, "", "must have keys that are numbers without quotes", self._hint)
        elif not fits(entry.type if entry else kind, value, is_protobuf=is_protobuf):
            self._wrong(kind, value, place)
        elif entry and is_section(entry.type):
            return self.known(value, entry.path, own, is_protobuf=is_protobuf or entry.type.startswith("proto:"))
        return value

    def _wrong(self, kind: str, value: Any, place: Place) -> None:
        # a mapping or a list is shown by its kind: what it holds is not known to be harmless
        is_open = isinstance(value, Mapping | list | tuple) and not is_secret(place.path)
        got = kind_of(value) if is_open else show(place.path, value)
        self.wrong.problem(place, got, f"must be {phrase(kind)}", self._hint)

    @property
    def _hint(self) -> str:
        return f"{self.schema.name} does not start with anything else there"

    def _unknown(self, name: Any, pattern: str, path: str, *, is_protobuf: bool) -> bool:
        """Reports a key that the version does not have. Returns whether to keep it for the record's own reader."""
        if name is None:
            return False
        shown = key_name(name)
        own = f"{pattern}.{name}" if pattern else str(name)
        other = self.schema.unknown(own)
        place = self.tree.place(f"{path}.{name}" if path else str(name))
        place = replace(place, path=f"{path}.{shown}" if path else shown)
        if not place.is_fact:
            if other is None:
                return True
            self.report.problem(place, "", f"must be a key that {self.schema.title} knows", _span(other, self.schema))
        elif self.schema.is_strict and (is_protobuf or not self.tree.is_chart):
            text = f"{self.schema.title} does not know this key and refuses to start"
            self._finding("error", place, text, other, own)
        elif not self.tree.is_chart:
            text = f"{self.schema.title} ignores a key that it does not know"
            self._finding("warning", place, text, other, own)
        return False

    def _finding(self, severity: str, place: Place, text: str, other: Key | None, own: str) -> None:
        near = nearest(own, self.schema)
        fix = "correct its spelling, or remove it"
        if other:
            text += f"; {_span(other, self.schema)}"
            fix = "remove it"
            if self.schema.is_strict and not self.tree.version:
                fix = "remove it, or give --server-version if another version runs"
        if near:
            fix = f"did you mean {near}? {'else ' if other else ''}{fix}"
        self.report.finding("unknown-key", severity, place, text, fix)

    def _note_newer(self, key: Key, path: str) -> None:
        """A note on a key that exists only in releases newer than every confirmed one, if no version is given."""
        is_open = not self.tree.version and self.tree.is_file and not self.tree.is_chart and self.schema.is_strict
        if is_open and self.schema.is_unconfirmed(key.since):
            parent = self.schema.at(key.path.rpartition(".")[0].removesuffix("[]"))
            if parent is None or parent.since != key.since:  # else the note on the section suffices
                text = f"needs {self.schema.name} {key.since} or newer; older ones refuse the key"
                self.report.finding("newer-key", "note", self.tree.place(path), text)


def _text(name: Any) -> str:
    return str(getattr(name, "written", name))


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def _span(key: Key, schema: Schema) -> str:
    """Which releases have a key that this one lacks, as a phrase."""
    if not key.since:
        return "no release knows it yet"
    parts = [f"known since {key.since}"] if schema.is_before(key.since) else []
    if key.until and key.until != schema.newest:
        parts.append(f"removed in {schema.versions[schema.versions.index(key.until) + 1]}")
    return ", ".join(parts)


def nearest(path: str, schema: Schema) -> str:
    """The known key that an unknown one was probably meant to be; "" if none is similar."""
    from difflib import get_close_matches

    section, _, name = path.rpartition(".")
    moved = MOVED.get(schema.service, {}).get(path)
    if moved or schema.unknown(path):
        return moved or ""  # it is spelt right
    same = [one for one in _plain(schema) if one.rpartition(".")[2] == name]
    if len(same) == 1:
        return same[0]
    near = get_close_matches(name[:80], sorted(set(schema.below(section)) - {"*"}), n=1)
    if near:
        return near[0]
    joined = {one.replace(".", "_"): one for one in _plain(schema) if one.count(".") == 1}
    near = get_close_matches(path.replace(".", "_")[:80], joined, n=1, cutoff=0.8)
    return joined[near[0]] if near else ""


def _plain(schema: Schema) -> Iterator[str]:
    """The keys that are not within a list or a mapping of the user's own keys."""
    return (path for path in schema.keys if "[" not in path and "*" not in path)

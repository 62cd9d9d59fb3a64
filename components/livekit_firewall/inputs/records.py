"""Checks user input against a typed record, and collects every problem with its place.

A record is a `msgspec.Struct`. msgspec checks each value; this module walks the keys, so that one pass finds all
problems: unknown keys with the nearest known one, wrong types, numbers out of range. A message shows a value only if
its type is marked as harmless (`harmless`), else only the kind of value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from ipaddress import IPv4Network, IPv6Network
from pathlib import PurePath
from typing import Any, NamedTuple, TypeVar, get_args

import msgspec
from msgspec import Struct
from msgspec.structs import FieldInfo

from ..model.errors import INVALID, Place, Report
from .field_types import NAME, holds_half, integral, is_output
from .record_types import alternatives, element_record, expected, extras_of, fields_of, is_record, value_record
from .shown import key_name, show

Record = TypeVar("Record", bound=Struct)
Placing = Callable[[str], Place]
Hint = Callable[[str, Iterable[str]], str]
Unknown = list[tuple[str, str]]
"""Pairs of (section, key) for keys that a record does not have."""


def read_record(
    cls: type[Record],
    value: object,
    place: Placing,
    report: Report,
    path: str = "",
    unknown: Unknown | None = None,
    hint: Hint | None = None,
) -> Record:
    """A `cls` read from `value`. A key with a problem in `report` keeps its default.

    Args:
        place: a dotted key to its place (argument, or file and line).
        path: the dotted key of `value` itself, "" at the top.
        unknown: collects unknown keys, for the file of a running service; by default each is a problem.
        hint: what to write in place of an unknown key, of all that there are; not passed on to records within.
    """
    if not isinstance(value, Mapping):
        report.problem(place(path), show(path, value), "must be a mapping of keys to values")
        return cls()
    known = readers_of(cls)
    for key in value:
        if key not in known:
            if unknown is not None:
                unknown.append((path, key_name(key)))
            elif refusal := refused(cls).get(str(key)):
                report.problem(place(joined_path(path, key)), "", *refusal)
            else:
                report.problem(place(joined_path(path, key)), "", "unknown key", (hint or _nearest)(str(key), known))
    given = {
        one.name: _read_value(one, value[key], place, report, joined_path(path, key), unknown)
        for key, one in known.items()
        if key in value and value[key] is not None
    }
    return cls(**{name: read for name, read in given.items() if read is not msgspec.UNSET})


class Refusal(NamedTuple):
    """Of a key that people look for in a record and that it cannot have: why, and what to write instead."""

    why: str
    instead: str


def refused(cls: type[object]) -> Mapping[str, Refusal]:
    """Those of a record by key: what its class has under this name."""
    found: Mapping[str, Refusal] = getattr(cls, "refused", {})
    return found


class FieldReader(NamedTuple):
    """What the type of a field accepts.

    Attributes:
        record: the record type among its alternatives, or None.
        elements: the type of a list of records among its alternatives, or None.
        values: the record type of a mapping's values, by names of the user's own; None where it is no such mapping.
        may_be_switch: whether a boolean is among its alternatives.
        is_anything: whether the type is `Any`, so that a number keeps its text in the file.
        checks: conditions besides the type.
        outputs, named: see `field_types.expects`.
    """

    name: str
    type: Any
    record: Any
    elements: Any
    values: Any
    may_be_switch: bool
    is_anything: bool
    checks: tuple[Callable[[Any], bool], ...]
    outputs: tuple[str, ...] = ()
    named: str = ""


@cache
def readers_of(cls: type[Struct]) -> dict[str, FieldReader]:
    """Key to reader. Cached, since inspecting annotations is most of the cost of reading."""
    return {key: _reader_of(field) for key, field in fields_of(cls).items()}


def _reader_of(field: FieldInfo) -> FieldReader:
    kinds = alternatives(field.type)
    return FieldReader(
        field.name,
        field.type,
        next((kind for kind in kinds if is_record(kind)), None),
        next((kind for kind in kinds if element_record(kind)), None),
        next((value for kind in kinds if (value := value_record(kind))), None),
        bool in kinds,
        kinds == (Any,),
        tuple(extra["check"] for extra in extras_of(field.type) if extra.get("check")),
        next((extra["outputs"] for extra in extras_of(field.type) if extra.get("outputs")), ()),
        next((extra["named"] for extra in extras_of(field.type) if extra.get("named")), ""),
    )


def _read_value(
    field: FieldReader, value: object, place: Placing, report: Report, path: str, unknown: Unknown | None
) -> object:
    if field.record and isinstance(value, Mapping):
        return read_record(field.record, value, place, report, path, unknown)
    if field.elements and isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value):
        return _read_list(field.elements, value, place, report, path, unknown)
    if field.values and isinstance(value, Mapping) and value:
        return _read_values(field.values, value, place, report, path)
    if unknown is not None and field.may_be_switch and isinstance(value, str):
        value = GO_SWITCHES.get(value.lower() if value.istitle() or value.isupper() else value, value)
    # an output has any attribute; some keys are read as the file writes them
    if not (field.is_anything and not is_output(value) and hasattr(value, "written")):
        value = _plain(value)
    try:
        read = msgspec.convert(value, field.type)
        # a None of `Id | None` needs no check
        if not _is_text(read) or not (read is None or all(check(read) for check in field.checks)):
            raise ValueError
        return read
    except (ValueError, OverflowError):  # UnicodeError: half of a surrogate pair; OverflowError: a huge number
        named = next((extra["id"] for extra in extras_of(field.type) if "id" in extra), INVALID)
        report.problem(place(path), show(path, value), f"must be {expected(field.type)}", id=named)
        return msgspec.UNSET


def _plain(value: object) -> object:
    """What Python programs write otherwise than files do: a path or a network is its text, also in a list."""
    if isinstance(value, list | tuple) and any(isinstance(one, TEXTS) for one in value):
        return [str(one) if isinstance(one, TEXTS) else one for one in value]
    return str(value) if isinstance(value, TEXTS) else integral(value)


TEXTS = (PurePath, IPv4Network, IPv6Network)


def _is_text(value: object) -> bool:
    """False for a text that UTF-8 cannot encode, such as a lone surrogate from JSON, or a list with one."""
    if isinstance(value, list | tuple):
        return all(map(_is_text, value))
    return not (isinstance(value, str) and holds_half(value))


def _read_list(
    kind: Any, value: Iterable[object], place: Placing, report: Report, path: str, unknown: Unknown | None
) -> object:
    record = element_record(kind)
    items = []
    for index, item in enumerate(value):
        where = f"{path}[{index}]"
        if isinstance(item, Mapping):
            items.append(read_record(record, item, place, report, where, unknown))
        elif isinstance(item, str | IPv4Network | IPv6Network) and str in alternatives(get_args(kind)[0]):
            items.append(str(item))
        else:
            report.problem(place(where), show(where, item), f"must be {expected(get_args(kind)[0])}")
    return tuple(items)


def _read_values(
    kind: type[Record], value: Mapping[Any, object], place: Placing, report: Report, path: str
) -> dict[str, Record]:
    found = {}
    for name, item in value.items():
        where = joined_path(path, name)
        if isinstance(name, str) and NAME.fullmatch(name):
            found[name] = read_record(kind, item, place, report, where)
        else:
            expected = "must have a name of up to 63 letters, digits, dots, hyphens and underscores"
            report.problem(place(where), "", expected, "rename it")
    return found


# Texts that Go's yaml.v3 decodes as booleans, besides those that YAML 1.1 resolves itself (decode.go).
GO_SWITCHES = {"y": True, "yes": True, "on": True, "n": False, "no": False, "off": False}


def joined_path(path: str, key: object) -> str:
    return f"{path}.{key_name(key)}" if path else key_name(key)


def _nearest(key: str, known: Iterable[str]) -> str:
    return f"did you mean {near}?" if (near := nearest(key, known)) else f"known keys: {', '.join(sorted(known))}"


def nearest(key: str, known: Iterable[str]) -> str:
    """The known name that is most alike, whatever the case of its letters; "" if none is."""
    from difflib import get_close_matches

    names = {name.lower(): name for name in known}
    near = get_close_matches(key[:80].lower(), list(names), n=1, cutoff=0.6)
    return names[near[0]] if near else ""

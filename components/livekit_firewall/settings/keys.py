"""Checking what a user wrote against a typed record, with every problem collected and placed.

A record is a `msgspec.Struct`; msgspec judges each value, this module walks the keys, so that one pass
tells everything: unknown keys with the nearest known one, wrong types, numbers out of range. Values
under secret keys are never shown.
"""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import FieldInfo, fields

from ..errors import Place, Report
from ..net import MAX_PORT


def _expects(phrase: str, **limits: Any) -> Meta:
    return Meta(extra={"expected": phrase}, **limits)


Port = Annotated[int, _expects("an integer from 1 to 65535", ge=1, le=MAX_PORT)]
PortOrOff = Annotated[int, _expects("an integer from 1 to 65535, or 0 = off", ge=0, le=MAX_PORT)]
Switch = Annotated[bool, _expects("true or false")]
Text = Annotated[str, _expects("a text that is not empty", min_length=1)]
Addresses = Annotated[tuple[str, ...], _expects("a list of addresses")]  # "" is every interface
Blocks = Annotated[tuple[Any, ...], _expects("a list of blocks such as 203.0.113.0/24")]
Id = Annotated[Any, _expects("an id: a text, or an output of another resource")]
Ids = Annotated[Any, _expects("a list of ids, each a text, a number or an output of another resource")]

SECRET = ("key", "keys", "secret", "password", "api_secret", "api_key", "credential", "token", "username")

Record = TypeVar("Record", bound=Struct)
Placing = Callable[[str], Place]


def read_record(
    cls: type[Record],
    value: object,
    place: Placing,
    report: Report,
    path: str = "",
    unknown: Callable[[str], None] | None = None,
) -> Record:
    """A `cls` made of `value`; what is wrong goes to `report` and leaves that key at its default.

    Args:
        place: turns a dotted key into where it stands (argument, or file and line).
        path: the dotted key of `value` itself, "" at the top.
        unknown: called with the dotted path of each unknown key; by default that is a problem.
    """
    if not isinstance(value, Mapping):
        report.problem(place(path), show(path, value), "must be a mapping of keys to values")
        return cls()
    known = _fields(cls)
    for key in value:
        if key not in known:
            dotted = _join(path, key)
            if unknown:
                unknown(dotted)
            else:
                report.problem(place(dotted), "", "unknown key", _nearest(str(key), known))
    given = {
        field.name: _read_value(field, value[key], place, report, _join(path, key), unknown)
        for key, field in known.items()
        if key in value and value[key] is not None
    }
    return cls(**{name: read for name, read in given.items() if read is not msgspec.UNSET})


@cache
def _fields(cls: type[Struct]) -> dict[str, FieldInfo]:
    """The fields by key; kept, since msgspec evaluates every annotation anew at each call."""
    return {field.encode_name: field for field in fields(cls)}


def _read_value(
    field: FieldInfo, value: object, place: Placing, report: Report, path: str, unknown: Callable[[str], None] | None
) -> object:
    record = next((kind for kind in _alternatives(field.type) if _is_record(kind)), None)
    if record and isinstance(value, Mapping):
        return read_record(record, value, place, report, path, unknown)
    element = next((kind for kind in _alternatives(field.type) if _element_record(kind)), None)
    if element and isinstance(value, list | tuple) and any(isinstance(item, Mapping) for item in value):
        return _read_list(element, value, place, report, path, unknown)
    if unknown and bool in _alternatives(field.type) and isinstance(value, str):  # a file of a running service
        value = GO_SWITCHES.get(value.lower() if value.istitle() or value.isupper() else value, value)
    if not (field.type is Any and hasattr(value, "written")):  # some keys are read as the file writes them
        value = _integral(value)
    try:
        return msgspec.convert(value, field.type)
    except msgspec.ValidationError:
        report.problem(place(path), show(path, value), f"must be {expected(field.type)}")
        return msgspec.UNSET


def _read_list(
    kind: Any, value: Iterable[object], place: Placing, report: Report, path: str, unknown: Callable[[str], None] | None
) -> object:
    record = _element_record(kind)
    items = []
    for index, item in enumerate(value):
        where = f"{path}[{index}]"
        if isinstance(item, Mapping):
            items.append(read_record(record, item, place, report, where, unknown))
        elif isinstance(item, str) and str in _alternatives(get_args(kind)[0]):
            items.append(item)
        else:
            report.problem(place(where), show(where, item), f"must be {expected(get_args(kind)[0])}")
    return tuple(items)


_EXACT = 2.0**53  # beyond it a float is no count of anything


# Texts that are switches to Go's yaml.v3, besides those that YAML 1.1 resolves itself (decode.go).
GO_SWITCHES = {"y": True, "yes": True, "on": True, "n": False, "no": False, "off": False}


def _integral(value: object) -> object:
    """Numbers arrive as floats from other languages and from YAML such as `7880.0`."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT else value


def _alternatives(kind: Any) -> tuple[Any, ...]:
    """The members of a union, bare of `Annotated`."""
    if get_origin(kind) is Annotated:
        return _alternatives(get_args(kind)[0])
    if get_origin(kind) is Union or type(kind).__name__ == "UnionType":
        return tuple(inner for member in get_args(kind) for inner in _alternatives(member))
    return (kind,)


def _is_record(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def _element_record(kind: Any) -> Any:
    if get_origin(kind) is not tuple:
        return None
    return next((inner for inner in _alternatives(get_args(kind)[0]) if _is_record(inner)), None)


NAMES = {bool: "true or false", int: "an integer", str: "a text", type(None): ""}


def expected(kind: Any) -> str:
    """What a type wants, as a phrase: "an integer from 1 to 65535, or a text"."""
    if get_origin(kind) is Annotated:
        phrase = next((meta.extra.get("expected") for meta in kind.__metadata__ if meta.extra), None)
        return phrase or expected(get_args(kind)[0])
    if get_origin(kind) is Union or type(kind).__name__ == "UnionType":
        return " or ".join(dict.fromkeys(phrase for member in get_args(kind) if (phrase := expected(member))))
    if _is_record(kind):
        return "a mapping"
    return NAMES.get(kind, "a list" if get_origin(kind) is tuple else "a value")


def show(path: str, value: object) -> str:
    """A value for an error text: short, on one line, and hidden where a secret may stand."""
    parts = [part.partition("[")[0] for part in path.split(".")]
    if any(part in SECRET or part.endswith(("_secret", "_key", "_password")) for part in parts):
        return "a value that is not shown"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if hasattr(value, "apply"):
        return "an output, known only while Pulumi runs"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple) and len(value) > 4:
        return f"a list of {len(value)} values"
    return _SHORT.repr(list(value) if isinstance(value, tuple) else value)


_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 80


def _join(path: str, key: object) -> str:
    text = key if isinstance(key, str) else repr(key)
    shown = text if text.isprintable() and len(text) <= 80 else ascii(text[:80])
    return f"{path}.{shown}" if path else shown


def _nearest(key: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key[:80], list(known), n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else f"known keys: {', '.join(sorted(known))}"

"""Checks user input against a typed record, and collects every problem with its place.

A record is a `msgspec.Struct`. msgspec checks each value; this module walks the keys, so that one pass finds all
problems: unknown keys with the nearest known one, wrong types, numbers out of range. A message shows a value only if
its type is marked as harmless (`harmless`), else only the kind of value.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from functools import cache
from ipaddress import IPv4Network, IPv6Network
from pathlib import PurePath
from typing import Annotated, Any, NamedTuple, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import FieldInfo, fields

from ..model.errors import INVALID, Place, Report
from ..model.ports import MAX_PORT
from .shown import key_name, show


def expects(
    phrase: str,
    *,
    shown: bool = False,
    check: Callable[[Any], bool] | None = None,
    id: str = INVALID,
    outputs: tuple[str, ...] = (),
    named: str = "",
    **limits: Any,
) -> Meta:
    """An annotation for a type, with the phrase that errors use for its values.

    Args:
        phrase: follows "must be": "an integer from 1 to 65535".
        shown: whether errors may show a value: a port, a boolean, an address, a path, a name.
        check: a condition besides the type; by default none.
        id: of the problem for any other value.
        outputs: where an output of Pulumi may stand (`outputs.py`): "" is the value itself, "[]" an element of a list,
            "{}" a value of a mapping, "{}{}" one of a mapping in it; by default nowhere.
        named: an example of the mapping, where an output needs a name.
        limits: passed on to `msgspec.Meta` (`ge`, `le`, `min_length`).
    """
    extra = {"expected": phrase, "shown": shown, "check": check, "id": id, "outputs": outputs, "named": named}
    return Meta(extra=extra, **limits)


def is_output(value: object) -> bool:
    """Whether it is an output of Pulumi, or anything else whose value is known only later, by its shape."""
    return hasattr(value, "apply") or isinstance(value, Awaitable)


def _is_text_or_output(value: object) -> bool:
    return is_output(value) or (isinstance(value, str) and bool(value) and not holds_half(value))


def _is_id(value: object) -> bool:
    return _is_text_or_output(value) or type(value) is int


def _are_ids(value: object) -> bool:
    return isinstance(value, list | tuple) and all(_is_id(_integral(one)) for one in value)


def _are_named(value: Mapping[Any, Any]) -> bool:
    return bool(value) and all(
        isinstance(name, str) and NAME.fullmatch(name) and _is_text_or_output(one) for name, one in value.items()
    )


def are_named_texts(value: Mapping[Any, Any]) -> bool:
    """Whether it is a mapping from names of the user's own to plain texts."""
    return _are_named(value) and not any(map(is_output, value.values()))


def _are_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(
        is_output(one) or (isinstance(one, str) and not holds_half(one)) for one in value
    )


def _are_tags(value: object) -> bool:
    if not isinstance(value, Mapping):
        return is_output(value)
    return _are_texts(list(value.values())) and _are_texts(list(value)) and not any(map(is_output, value))


NAME = re.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
"""A name that the user chooses, and that becomes part of a resource's name."""


Port = Annotated[int, expects("an integer from 1 to 65535", shown=True, ge=1, le=MAX_PORT)]
PortOrOff = Annotated[int, expects("an integer from 1 to 65535, or 0 = off", shown=True, ge=0, le=MAX_PORT)]
PortOrUnset = Annotated[int, expects("an integer from 1 to 65535, or 0 = not set", shown=True, ge=0, le=MAX_PORT)]
Switch = Annotated[bool, expects("true or false", shown=True)]
Ports = Annotated[Any, expects("a port or a range", shown=True)]  # read as it is written
Text = Annotated[str, expects("a text that is not empty", shown=True, min_length=1)]
Host = Annotated[str, expects("a text", shown=True)]
Addresses = Annotated[  # "" is every interface
    tuple[str, ...], expects("a list of addresses", shown=True, id="bind-addresses-invalid")
]
Blocks = Annotated[
    Any,
    expects(
        "a list of blocks such as 203.0.113.0/24, or a mapping from names of your own to blocks",
        shown=True,
        check=lambda value: isinstance(value, list | tuple | Mapping),
        outputs=("{}",),
        named='{"subnet-a": subnet.cidr_block}',
    ),
]
Id = Annotated[Any, expects("an id: a text, or an output of another resource", shown=True, check=_is_id, outputs=("",))]
Ids = Annotated[
    Any,
    expects(
        "a list of ids, each a text, a number or an output of another resource",
        shown=True,
        check=_are_ids,
        outputs=("[]",),
    ),
]
NamedIds = Annotated[
    Any,
    expects(
        "a mapping from names of your own to ids, each a text or an output of another resource, or a list of plain ids",
        shown=True,
        check=lambda value: _are_named(value) if isinstance(value, Mapping) else _are_ids(value),
        outputs=("{}",),
        named='{"alb": group.id}',
    ),
]
TextOrOutput = Annotated[
    Any,
    expects(
        "a text that is not empty, or an output of another resource",
        shown=True,
        check=_is_text_or_output,
        outputs=("",),
    ),
]
TextsOrOutputs = Annotated[
    Any,
    expects(
        "a list of texts, each of which may be an output of another resource",
        shown=True,
        check=_are_texts,
        outputs=("[]",),
    ),
]
Tags = Annotated[
    Any,
    expects("a mapping of texts, which may be outputs of other resources", check=_are_tags, outputs=("", "{}")),
]

IdsByName = Annotated[
    Any,
    expects(
        "a mapping from names of your own to ids, each a text or an output of another resource",
        shown=True,
        check=lambda value: isinstance(value, Mapping) and _are_named(value),
        outputs=("{}",),
        named='{"bastion": group.id}',
    ),
]

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


@cache
def fields_of(cls: type[Struct]) -> dict[str, FieldInfo]:
    """The fields by key. Cached, since msgspec evaluates all annotations again at each call."""
    return {field.encode_name: field for field in fields(cls)}


class FieldReader(NamedTuple):
    """What the type of a field accepts.

    Attributes:
        record: the record type among its alternatives, or None.
        elements: the type of a list of records among its alternatives, or None.
        values: the record type of a mapping's values, by names of the user's own; None where it is no such mapping.
        may_be_switch: whether a boolean is among its alternatives.
        is_anything: whether the type is `Any`, so that a number keeps its text in the file.
        checks: conditions besides the type.
        outputs, named: see `expects`.
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
        tuple(extra["check"] for extra in _extras(field.type) if extra.get("check")),
        next((extra["outputs"] for extra in _extras(field.type) if extra.get("outputs")), ()),
        next((extra["named"] for extra in _extras(field.type) if extra.get("named")), ""),
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
        named = next((extra["id"] for extra in _extras(field.type) if "id" in extra), INVALID)
        report.problem(place(path), show(path, value), f"must be {expected(field.type)}", id=named)
        return msgspec.UNSET


def _plain(value: object) -> object:
    """What Python programs write otherwise than files do: a path or a network is its text, also in a list."""
    if isinstance(value, list | tuple) and any(isinstance(one, TEXTS) for one in value):
        return [str(one) if isinstance(one, TEXTS) else one for one in value]
    return str(value) if isinstance(value, TEXTS) else _integral(value)


TEXTS = (PurePath, IPv4Network, IPv6Network)


def _is_text(value: object) -> bool:
    """False for a text that UTF-8 cannot encode, such as a lone surrogate from JSON, or a list with one."""
    if isinstance(value, list | tuple):
        return all(map(_is_text, value))
    return not (isinstance(value, str) and holds_half(value))


def holds_half(text: str) -> bool:
    """Whether the text has a lone surrogate."""
    return not text.isascii() and re.search("[\ud800-\udfff]", text) is not None


def _extras(kind: Any) -> Iterator[dict[str, Any]]:
    """The extras (`expects`) in the annotations of a type, or of the members of a union."""
    if get_origin(kind) is Annotated:
        yield from (meta.extra for meta in kind.__metadata__ if isinstance(meta, Meta) and meta.extra)
    elif get_origin(kind) is Union or type(kind).__name__ == "UnionType":
        for member in get_args(kind):
            yield from _extras(member)


def is_shown(kind: Any) -> bool:
    """Whether errors may show a value of that type: it is marked as shown, or is a number or a boolean."""
    extras = list(_extras(kind))
    return any(extra.get("shown") for extra in extras) or {*alternatives(kind)} <= {bool, int, float, type(None)}


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


_EXACT = 2.0**53  # from here on a float does not represent every integer


# Texts that Go's yaml.v3 decodes as booleans, besides those that YAML 1.1 resolves itself (decode.go).
GO_SWITCHES = {"y": True, "yes": True, "on": True, "n": False, "no": False, "off": False}


def _integral(value: object) -> object:
    """A whole float as an integer: other languages pass numbers as floats, and YAML may have `7880.0`."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT else value


def alternatives(kind: Any) -> tuple[Any, ...]:
    """The members of a union, or the type alone, without `Annotated`."""
    if get_origin(kind) is Annotated:
        return alternatives(get_args(kind)[0])
    if get_origin(kind) is Union or type(kind).__name__ == "UnionType":
        return tuple(inner for member in get_args(kind) for inner in alternatives(member))
    return (kind,)


def is_record(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Struct)


def element_record(kind: Any) -> Any:
    """The record type of a list's elements; None if it is no list of records."""
    if get_origin(kind) is not tuple:
        return None
    return next((inner for inner in alternatives(get_args(kind)[0]) if is_record(inner)), None)


def value_record(kind: Any) -> Any:
    """The record type of a mapping's values; None if it is no mapping to records."""
    if get_origin(kind) is not dict:
        return None
    return next((inner for inner in alternatives(get_args(kind)[1]) if is_record(inner)), None)


NAMES = {bool: "true or false", int: "an integer", str: "a text", type(None): ""}


def expected(kind: Any) -> str:
    """The values that a type accepts, as a phrase: "an integer from 1 to 65535 or a text"."""
    if get_origin(kind) is Annotated:
        phrase = next((meta.extra.get("expected") for meta in kind.__metadata__ if meta.extra), None)
        return phrase or expected(get_args(kind)[0])
    if get_origin(kind) is Union or type(kind).__name__ == "UnionType":
        return " or ".join(dict.fromkeys(phrase for member in get_args(kind) if (phrase := expected(member))))
    if is_record(kind):
        return "a mapping"
    return NAMES.get(kind, "a list" if get_origin(kind) is tuple else "a value")


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

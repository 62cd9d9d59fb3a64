"""What the types of fields of records say: alternatives, phrases for errors, whether errors may show a value."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from msgspec import Meta, Struct
from msgspec.structs import FieldInfo, fields


@cache
def fields_of(cls: type[Struct]) -> dict[str, FieldInfo]:
    """The fields by key. Cached, since msgspec evaluates all annotations again at each call."""
    return {field.encode_name: field for field in fields(cls)}


def extras_of(kind: Any) -> Iterator[dict[str, Any]]:
    """The extras (`expects`) in the annotations of a type, or of the members of a union."""
    if get_origin(kind) is Annotated:
        yield from (meta.extra for meta in kind.__metadata__ if isinstance(meta, Meta) and meta.extra)
    elif get_origin(kind) is Union or type(kind).__name__ == "UnionType":
        for member in get_args(kind):
            yield from extras_of(member)


def is_shown(kind: Any) -> bool:
    """Whether errors may show a value of that type: it is marked as shown, or is a number or a boolean."""
    extras = list(extras_of(kind))
    return any(extra.get("shown") for extra in extras) or {*alternatives(kind)} <= {bool, int, float, type(None)}


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

"""Values as the engine sends them, and back: a protobuf Struct is a dict of JSON values."""

from __future__ import annotations

from typing import Any

from google.protobuf import struct_pb2

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What an input that is not known at preview looks like on the wire."""


def plain(value: struct_pb2.Value | struct_pb2.Struct | struct_pb2.ListValue) -> Any:
    """The JSON value. Whole numbers are ints: on the wire every number is a double."""
    if isinstance(value, struct_pb2.Struct):
        return {key: plain(item) for key, item in value.fields.items()}
    if isinstance(value, struct_pb2.ListValue):
        return [plain(item) for item in value.values]
    kind = value.WhichOneof("kind")
    if kind in ("struct_value", "list_value"):
        return plain(getattr(value, kind))
    if kind == "number_value" and value.number_value.is_integer():
        return int(value.number_value)
    return None if kind in (None, "null_value") else getattr(value, kind)


def struct(values: dict[str, Any]) -> struct_pb2.Struct:
    """The Struct of a dict of JSON values."""
    made = struct_pb2.Struct()
    made.update(values)
    return made


def is_known(value: Any) -> bool:
    return value != UNKNOWN


def is_all_known(value: Any) -> bool:
    """Whether nothing unknown stands anywhere in it."""
    if isinstance(value, dict):
        return all(map(is_all_known, value.values()))
    return all(map(is_all_known, value)) if isinstance(value, list) else is_known(value)

"""Which values Go's yaml.v3 decodes into which type, as LiveKit's services declare their keys (decode.go of v3.0.1).

    fits("uint32", "60s")      # False
    fits("duration", "60s")    # True: a duration is a text, never a number

Protobuf messages (`room.room_configurations`) are decoded by another library, protoyaml (decode.go of v0.7.0), which
accepts numbers as texts and refuses `yes`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..inputs.records import GO_SWITCHES

_BITS = {"int": 64, "int64": 64, "int32": 32, "uint": 64, "uint64": 64, "uint32": 32, "uint16": 16, "uint8": 8}
_FLOATS = ("float32", "float64")
_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}

# Kept as texts: most files need none of these patterns, and re compiles each at its first use.
_PART = rf"(\d+\.?\d*|\.\d+)({'|'.join(_UNITS)})"
_DURATION = rf"[-+]?(0|({_PART})+)"
_BYTES = r"-?(\d+\.?\d*|\.\d+)([KMGTPE]i?)?B"
_LITERAL = r"-?(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|\d+)"
_ENUM = r"[A-Z][A-Z0-9_]*"


def is_section(kind: str) -> bool:
    """Whether the type is a mapping with keys of its own."""
    return kind == "object" or kind.startswith("proto:")


def element_of(kind: str) -> str | None:
    """The type of a list's elements, or of a mapping's values; None for any other type."""
    if not kind.startswith(("list<", "map<")):
        return None
    return kind[kind.index("<") + 1 : -1].rpartition(",")[2]


def fits(kind: str, value: Any, *, is_protobuf: bool = False) -> bool:
    """Whether the decoder accepts a value for a type. Elements of a list or a mapping are not checked.

    yaml.v3 accepts a null for every type and ignores it. For a `custom:` type this is True: its own reader decides.
    """
    if is_protobuf and not is_section(kind):
        return _fits_protobuf(kind, value)
    if value is None or kind.startswith("custom:") or kind == "any":
        return True
    if is_section(kind) or kind.startswith("map<"):
        return isinstance(value, Mapping)
    if kind.startswith("list<"):
        return isinstance(value, list | tuple)
    return not isinstance(value, Mapping | list | tuple) and _fits_scalar(kind, value)


def fits_key(kind: str, key: Any) -> bool:
    """Whether the decoder accepts a key of a mapping of that type: `map<int32,..>` refuses a text."""
    return fits(kind[len("map<") :].partition(",")[0], key)


def _fits_scalar(kind: str, value: Any) -> bool:
    if kind == "string":
        return True
    if kind == "bool":
        return isinstance(value, bool) or (isinstance(value, str) and _is_switch(value))
    if kind == "duration":
        return isinstance(value, str) and _is_duration(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and (kind in _FLOATS or _fits_integer(kind, value))


def _is_switch(text: str) -> bool:
    return text.lower() in GO_SWITCHES and (text.islower() or text.isupper() or text.istitle())


def _is_duration(text: str) -> bool:
    """Whether time.ParseDuration accepts the text, and its nanoseconds fit into 64 bits."""
    if not re.fullmatch(_DURATION, text, re.ASCII):
        return False
    return sum(float(number) * _UNITS[unit] for number, unit in re.findall(_PART, text, re.ASCII)) < 2.0**63


def _fits_integer(kind: str, value: float) -> bool:
    """Whether a number fits into the type: Go truncates fractions, and reads more than 64 bits as a float."""
    bits, is_signed = _BITS[kind], kind.startswith("int")
    half = 1 << (bits - 1)
    first, last = (-half, half - 1) if is_signed else (0, 2 * half - 1)
    if isinstance(value, int) and -(2**63) <= value < 2**64:
        return first <= value <= last
    if not value <= (2.0**63 if is_signed else 2.0**64):  # NaN too
        return False
    return bits == 64 or (abs(value) < 2.0**63 and first <= int(value) <= last)


def _fits_protobuf(kind: str, value: Any) -> bool:
    if kind.startswith(("list<", "map<")):
        return isinstance(value, list | tuple if kind.startswith("list<") else Mapping)
    if isinstance(value, Mapping | list | tuple):
        return False
    if kind == "bool":
        return isinstance(value, bool)
    return kind == "string" or (value is not None and _is_protobuf_integer(kind, value))


def _is_protobuf_integer(kind: str, value: Any) -> bool:
    """Whether it is a whole number, also as a text, with a unit of bytes, or by its enum name (type int32 here)."""
    text = str(getattr(value, "written", value))
    if isinstance(value, bool):
        return False
    if re.fullmatch(_BYTES, text, re.ASCII) or (kind == "int32" and re.fullmatch(_ENUM, text)):
        return True
    digits = text.removeprefix("-")
    try:
        number = (
            int(digits, 0 if digits[1:2].isalpha() else 10) if re.fullmatch(_LITERAL, text, re.ASCII) else float(digits)
        )
        whole = int(number)
    except (ValueError, OverflowError):
        return False
    return whole == number and _fits_integer(kind, -whole if digits != text else whole)


_PHRASES = {
    "string": "a text",
    "bool": "true or false",
    "duration": 'a duration such as "5s", with its unit',
    "object": "a mapping of keys to values",
}
_ELEMENTS = {"string": "texts", "duration": 'durations such as "5s"', "object": "mappings"}


def phrase(kind: str) -> str:
    """The values that a type accepts, as a phrase for an error text."""
    element = element_of(kind)
    if element is not None:
        plural = _ELEMENTS.get(element, "mappings" if is_section(element) else "numbers")
        return f"a list of {plural}" if kind.startswith("list<") else "a mapping of keys to values"
    if is_section(kind):
        return _PHRASES["object"]
    if kind in _BITS and kind not in ("int", "int64", "int32"):
        return f"an integer from 0 to {2 ** _BITS[kind] - 1}"
    return _PHRASES.get(kind) or ("an integer" if kind in _BITS else "a number")

"""Values of a resource's properties as a preview or a state holds them, of which some are not told.

A value may be unknown until the update, or a secret that Pulumi keeps back. Neither is ever shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

NOT_KNOWN = "[unknown]"

UNKNOWN = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  # texts, and whatever else has no type yet
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # switches
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # numbers
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # lists
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # mappings
        NOT_KNOWN,
    }
)
"""What stands for a value that is known after the update only (pulumi/pulumi, sdk/go/common/resource/plugin/rpc.go)."""

SECRET = "[secret]"  # noqa: S105 (it is what Pulumi writes in a secret's place)

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key that marks a secret, an asset or an output as such in a state (sdk/go/common/resource, `SigKey`)."""


def is_hidden(value: object) -> bool:
    """Whether the value is unknown or a secret."""
    return is_secret(value) or (isinstance(value, str) and value in UNKNOWN)


def is_secret(value: object) -> bool:
    return value == SECRET or (isinstance(value, Mapping) and SIGNATURE in value)


def number_of(value: object) -> float | None:
    """A number that may be written as a text; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def whole(value: object) -> object:
    """Ports and ids come as numbers, from other languages' programs as floats."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def listed(given: object) -> list[object]:
    """A property that may hold a list, one value or nothing."""
    if given is None:
        return []
    return given if isinstance(given, list) else [given]

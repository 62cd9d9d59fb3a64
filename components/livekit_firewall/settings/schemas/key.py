"""What is known of one key and of one flag of a service, in all of its releases."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Key(Struct, frozen=True, kw_only=True):
    """One key of a service's configuration.

    Attributes:
        path: dotted; `[]` is an element of a list, `*` any key of a mapping.
        type: Go's kind, `duration`, `object`, `list<..>`, `map<k,v>`, `custom:T` (a decoder of its own), `proto:T`
            (protobuf's names, both spellings).
        since, until: the first and the last release with it; until None: the newest has it. since "": none has it yet.
        default: in the code; `= key` follows another one. None: the zero value, or found at the start.
        types, defaults: releases from which on another type or default held.
        variable, flag: what sets it besides the file; those of a key that has them not always, since and until when.
    """

    path: str
    type: str
    since: str
    until: str | None = None
    default: Any = None
    types: tuple[tuple[str, str], ...] = ()
    defaults: tuple[tuple[str, Any], ...] = ()
    variable: str | None = None
    variable_since: str | None = None
    variable_until: str | None = None
    flag: str | None = None
    flag_since: str | None = None
    flag_until: str | None = None

    @property
    def name(self) -> str:
        return self.path.rpartition(".")[2]


class BaseFlag(Struct, frozen=True, kw_only=True):
    """A flag that is not made from a key, the variable that says the same, and the key that they set, if any."""

    flag: str
    since: str
    until: str | None = None
    variable: str | None = None
    key: str | None = None

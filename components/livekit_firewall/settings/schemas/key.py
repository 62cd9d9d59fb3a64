"""One key and one flag of a service, in all of its releases."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Key(Struct, frozen=True, kw_only=True):
    """One key of a service's configuration.

    Attributes:
        path: dotted; `[]` is an element of a list, `*` any key of a mapping.
        type: Go's kind, `duration`, `object`, `list<..>`, `map<k,v>`, `custom:T` (a decoder of its own), `proto:T`
            (a protobuf message, whose keys have both spellings, snake_case and camelCase).
        since, until: the first and the last release with it. until None: the newest has it. since "": none has it yet.
        default: in the code; `= key` is the value of another key. None: the zero value, or determined at start.
        types, defaults: (release, value) for each release in which the type or default changed.
        variable, flag: the environment variable and the flag that set it; `_since` and `_until` bound their releases.
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
    """A hand-written flag, not generated from a key; its variable, and the key that both set, if there is one."""

    flag: str
    since: str
    until: str | None = None
    variable: str | None = None
    key: str | None = None

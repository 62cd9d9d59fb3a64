"""Keys as other languages write them: `livekitConfig` for `livekit_config`. What a user has named stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, is_typeddict

from ..firewall import LiveKitFirewall
from ..firewall_args import LiveKitFirewallArgs
from ..inputs.argument_types import SequenceNotStr


def camel(name: str) -> str:
    """As Pulumi's analyzer spells a name of Python."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def alternatives(kind: Any) -> Iterator[Any]:
    """The members of a union, of those inside it too; any other type alone."""
    if get_origin(kind) in (Union, UnionType):
        for one in get_args(kind):
            yield from alternatives(one)
    else:
        yield kind


@cache
def keys(kind: Any) -> Mapping[str, tuple[str, Any]] | None:
    """The keys of the TypedDict among a type's alternatives: what is sent, to the name in Python and the type."""
    found = next((one for one in alternatives(kind) if is_typeddict(one)), None)
    return {camel(name): (name, one) for name, one in found.__annotations__.items()} if found else None


def member(kind: Any, of: Any) -> Any:
    """The type of the members, if a type's alternatives have a list (`SequenceNotStr`) or a `Mapping`; else None."""
    return next((get_args(one)[-1] for one in alternatives(kind) if get_origin(one) is of), None)


def sent(path: str) -> str | None:
    """The path of an argument (`aws.rules_quota`, `trunks[0].media`) as it was sent; None if there is no such one."""
    kind: Any = LiveKitFirewallArgs
    parts = []
    for part in path.split("."):
        name, *indices = re.split(r"(?=\[)", part)
        below, named = keys(kind), member(kind, Mapping)
        here = next((entry for entry in (below or {}).items() if entry[1][0] == name), None)
        if here:
            name, (_, kind) = here
        elif named is not None:
            kind = named
        else:
            return None
        for _ in indices:
            kind = member(kind, SequenceNotStr)
        parts.append("".join([name, *indices]))
    return ".".join(parts)


def spoken(text: str) -> str:
    """A text of an error, in which arguments and outputs are called as other languages call them."""

    def said(found: re.Match[str]) -> str:
        word = found[0]
        return sent(word) or (camel(word) if word in _words() else word)

    return re.sub(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*|\[\d+\])*", said, text)


@cache
def _words() -> frozenset[str]:
    return frozenset([*LiveKitFirewall.__annotations__, *_names(LiveKitFirewallArgs)])


def _names(kind: Any) -> Iterator[str]:
    for one in alternatives(kind):
        if is_typeddict(one):
            yield from one.__annotations__
            below = one.__annotations__.values()
        else:
            below = get_args(one) if get_origin(one) in (SequenceNotStr, Mapping) else ()
        for inner in below:
            yield from _names(inner)

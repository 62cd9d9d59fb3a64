"""The component as Pulumi's analyzer reads it, for the schema of other languages: derived from the types of Python.

    ComponentProvider([component.LiveKitFirewall], "livekit").schema

The analyzer knows no unions, so that each is its last alternative here. An output of a target that is not given is
missing when it is read, as in Python, and its type does not say so: whoever has the target need not unwrap it.
"""

# no `from __future__ import annotations`: Pulumi's analyzer cannot read string annotations

from collections.abc import Awaitable, Mapping
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypedDict, Union, get_args, get_origin, is_typeddict

import pulumi

from .. import firewall
from ..firewall_args import LiveKitFirewallArgs
from ..inputs.argument_types import SequenceNotStr


def narrowed(kind: Any) -> Any:
    """A type without unions, literals and protocols."""
    origin, members = get_origin(kind), get_args(kind)
    if is_typeddict(kind):
        return _narrowed_keys(kind)
    if origin in (Union, UnionType):
        members = tuple(one for one in members if one is not NoneType)
        awaited = [get_args(one)[0] for one in members if get_origin(one) is Awaitable]
        alias: Any = pulumi.Input  # a variable in brackets is no type to checkers
        return alias[narrowed(awaited[-1])] if awaited else narrowed(members[-1])
    if origin is Literal:
        return type(members[-1])
    if origin is SequenceNotStr:
        return list.__class_getitem__(narrowed(members[0]))
    if origin is Mapping:
        return dict.__class_getitem__((str, narrowed(members[1])))
    return kind


@cache
def _narrowed_keys(kind: Any) -> Any:
    keys = {key: narrowed(one) for key, one in kind.__annotations__.items()}
    made: Any = TypedDict  # which checkers take for a statement
    found = made(kind.__name__, keys, total=kind.__total__)
    return _described_by(kind, found)


def _described_by(source: Any, kind: Any) -> Any:
    """The type, for which the analyzer finds the source of another: it takes descriptions from there."""
    for name in ("__doc__", "__module__", "__qualname__", "__firstlineno__"):  # the last since Python 3.13
        if hasattr(source, name):
            setattr(kind, name, getattr(source, name))
    return kind


class LiveKitFirewall(firewall.LiveKitFirewall):
    __annotations__ = firewall.LiveKitFirewall.__annotations__

    def __init__(self, name: str, args: LiveKitFirewallArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)

    __init__.__annotations__["args"] = narrowed(LiveKitFirewallArgs)


_described_by(firewall.LiveKitFirewall, LiveKitFirewall)


__all__ = ["LiveKitFirewall", "narrowed"]

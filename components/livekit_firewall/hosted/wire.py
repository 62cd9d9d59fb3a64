"""What a program in another language sent, as the arguments of the component.

    args, problems = read(request.inputs, {"aws": [urn, ...]})

Names are those of Python then, whole numbers are integers (the wire has floats alone), and an Output, known or not, is
an Output wherever it stands: what may not be one is refused by the check of the arguments.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Collection, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any, TypeVar, get_origin

import pulumi
from google.protobuf.struct_pb2 import Struct, Value
from msgspec import Struct as Record
from pulumi.resource import DependencyResource
from pulumi.runtime.rpc import UNKNOWN

from ..firewall import LiveKitFirewall
from ..firewall_args import LiveKitFirewallArgs
from ..inputs.argument_types import SequenceNotStr
from ..inputs.records import Refusal, refused
from ..inputs.shown import key_name
from ..model.errors import Place, Problem
from ..platforms.registry import TARGETS
from .names import alternatives, camel, keys, member, spoken

# of Pulumi's protocol: a struct with the key SIGNATURE is no mapping but what its value says
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - it says that a value is one
OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e"
OTHERS = {"c44067f5952c0a294b673a41bacd8c17": "an asset", "0def7320c3a5731c473e5ecbe6d01bc7": "an archive"}

MOST_HINTS = 1_000
"""Problems with what may have been meant: to find it takes a tenth of a millisecond, and an answer tells no more."""

EXACT = 2**53
"""From here on not every whole number is a float."""


def read(inputs: Struct, dependencies: Mapping[str, Collection[str]]) -> tuple[dict[str, Any], list[Problem]]:
    """The arguments without what is wrong with them, and the problems, whose paths are as they were sent.

    Args:
        dependencies: by argument, the URNs that it depends on.
    """
    reader = _Reader()
    known = {name: value for name, value in _sorted(inputs.fields) if not _is_left_out_output(name, value)}
    arguments: dict[str, Any] = {}
    for name, value in known.items():
        has_outputs = SIGNATURE.encode() in value.SerializeToString()  # which say themselves what they depend on
        on = () if has_outputs else dependencies.get(name, ())
        arguments |= reader.keyed({name: value}, LiveKitFirewallArgs, "", on)
    return arguments, reader.problems


def _sorted(fields: Mapping[str, Value]) -> list[tuple[str, Value]]:
    """By key: a map of protobuf has another order in each process, and so would what is told of it."""
    return sorted(fields.items(), key=lambda one: one[0])


def _is_left_out_output(name: str, value: Value) -> bool:
    """Whether it is an output of the component that an SDK sends along, without a value."""
    return value.WhichOneof("kind") in (None, "null_value") and name in map(camel, LiveKitFirewall.__annotations__)


def secrets(fields: Mapping[str, Value], path: str = "") -> Iterator[str]:
    """The paths of secrets, as they were sent."""
    for name, value in fields.items():
        yield from _secrets(value, _below(path, name))


def _secrets(value: Value, path: str) -> Iterator[str]:
    for index, one in enumerate(value.list_value.values):
        yield from _secrets(one, f"{path}[{index}]")
    fields = value.struct_value.fields
    if SIGNATURE not in fields:
        yield from secrets(fields, path)
    elif SECRET.encode() in value.SerializeToString() or ("secret" in fields and fields["secret"].bool_value):
        yield path
    elif "value" in fields:
        yield from _secrets(fields["value"], path)


class Unreadable(Problem, frozen=True):
    """A problem whose path is as it was sent."""


class _Data(Record):
    """What is in an Output."""

    value: Any
    is_known: bool = True
    is_secret: bool = False
    depends_on: frozenset[str] = frozenset()

    def output(self) -> pulumi.Output[Any]:
        on: set[pulumi.Resource] = {DependencyResource(urn) for urn in self.depends_on}
        value = self.value if self.is_known else None
        return pulumi.Output(on, _done(value), _done(self.is_known), _done(self.is_secret))


Kept = TypeVar("Kept")


def _done(value: Kept) -> asyncio.Future[Kept]:
    future: asyncio.Future[Kept] = asyncio.get_running_loop().create_future()
    future.set_result(value)
    return future


class _Reader:
    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def keyed(self, fields: Mapping[str, Value], kind: Any, path: str, on: Collection[str]) -> dict[str, Any]:
        known = keys(kind) or {}
        found = {}
        for key, value in _sorted(fields):
            if key in known:
                name, below = known[key]
                found[name] = self.value(value, below, _below(path, key), on)
            elif refusal := _refusal(path, key):
                self.problems.append(Unreadable(Place(_below(path, key)), "", refusal.why, spoken(refusal.instead)))
            else:
                close = get_close_matches(camel(key), known, 1) if len(self.problems) < MOST_HINTS else ()
                hint = f"did you mean {close[0]}" if close else ""
                self.problems.append(Unreadable(Place(_below(path, key_name(key))), "", "unknown key", hint))
        return found

    def value(self, value: Value, kind: Any, path: str, on: Collection[str]) -> Any:
        """A value where `kind` is expected.

        Args:
            on: what the argument depends on, for values in it that may be Outputs and were sent as plain ones.
        """
        which = value.WhichOneof("kind")
        if which == "list_value":
            inner = member(kind, SequenceNotStr)
            return [self.value(one, inner, f"{path}[{i}]", on) for i, one in enumerate(value.list_value.values)]
        if which == "struct_value" and SIGNATURE not in value.struct_value.fields:
            return self._struct(value.struct_value.fields, kind, path, on)
        may_be_output = _may_be_output(kind)
        count = len(self.problems)
        data = self._data(value, path)
        if len(self.problems) > count:  # which says enough: where an Output may be, an id is not missing
            return data.output() if may_be_output else None
        if on and may_be_output and which != "null_value":
            data.depends_on |= frozenset(on)
            return data.output()
        return data.output() if which == "struct_value" or not data.is_known else data.value

    def _struct(self, fields: Mapping[str, Value], kind: Any, path: str, on: Collection[str]) -> dict[str, Any]:
        if keys(kind) is not None:
            return self.keyed(fields, kind, path, on)
        named = member(kind, Mapping)
        return {name: self.value(one, named, _below(path, key_name(name)), on) for name, one in _sorted(fields)}

    def _data(self, value: Value, path: str) -> _Data:
        """A value as it stands inside of an Output, and anything else that needs no type to be read."""
        which = value.WhichOneof("kind")
        if which == "string_value":
            return _Data(value.string_value, value.string_value != UNKNOWN)
        if which == "number_value":
            number = value.number_value
            return _Data(int(number) if number.is_integer() and abs(number) < EXACT else number)
        if which == "bool_value":
            return _Data(value.bool_value)
        if which == "list_value":
            found = [self._data(one, path) for one in value.list_value.values]
            return _joined([one.value for one in found], found)
        if which == "struct_value":
            return self._special(value.struct_value.fields, path)
        return _Data(None)

    def _special(self, fields: Mapping[str, Value], path: str) -> _Data:
        if SIGNATURE not in fields:
            inner = {name: self._data(one, path) for name, one in fields.items()}
            return _joined({name: one.value for name, one in inner.items()}, inner.values())
        signature = fields[SIGNATURE].string_value
        if signature == SECRET:
            data = self._data(fields["value"], path) if "value" in fields else _Data(None)
            data.is_secret = True
            return data
        if signature == OUTPUT:
            data = self._data(fields["value"], path) if "value" in fields else _Data(None, is_known=False)
            data.is_secret = data.is_secret or fields["secret"].bool_value if "secret" in fields else data.is_secret
            urns = fields["dependencies"].list_value.values if "dependencies" in fields else ()
            data.depends_on |= {one.string_value for one in urns}
            return data
        if signature == RESOURCE:
            self.problems.append(Unreadable(Place(path), "a resource", "must be a text", "give its id"))
        else:
            got = OTHERS.get(signature, "a value of a kind that is not known here")
            self.problems.append(Unreadable(Place(path), got, "must be a text, a number, true or false"))
        return _Data(None)


@cache
def _may_be_output(kind: Any) -> bool:
    return any(get_origin(one) is Awaitable for one in alternatives(kind))


def _refusal(path: str, key: str) -> Refusal | None:
    """Why there is no such key, if `path` is a target that says so."""
    known = refused(TARGETS[path]) if path in TARGETS else {}
    return next((refusal for name, refusal in known.items() if key in (name, camel(name))), None)


def _joined(value: Any, parts: Collection[_Data]) -> _Data:
    return _Data(
        value,
        all(one.is_known for one in parts),
        any(one.is_secret for one in parts),
        frozenset[str]().union(*(one.depends_on for one in parts)),
    )


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key

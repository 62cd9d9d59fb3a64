"""The shape of a resource's inputs, and the predicates that the clouds share.

A shape is data: a property's name and the `Field` that it must fit. A `!` marks what is required.
What is unknown at preview fits everything: the engine asks again once it is known.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .wire import is_known

Refusal = tuple[str, str]
"""The property, as a path, and why it is refused."""

Judge = Callable[[Any], "str | None"]
"""Looks at one value: why it is refused, or None."""


@dataclass(frozen=True)
class Field:
    """What a property may hold.

    Attributes:
        kind: `text`, `int`, `number`, `bool`, `map` (of texts), `object` (with `shape`) or `any`.
        judge: looks at the value, or at each item of a list.
        many: it is a list of them.
        required: it must be there.
        most: the longest list allowed.
        shape: the properties of an object.
        whole: looks at the object or the list as a whole, once its parts are right.
    """

    kind: str
    judge: Judge | None = None
    many: bool = False
    required: bool = False
    most: int | None = None
    shape: dict[str, Field] | None = None
    whole: Callable[[Any], Iterable[Refusal]] | None = None


KINDS: dict[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "bool": lambda value: isinstance(value, bool),
    "map": lambda value: isinstance(value, dict) and all(isinstance(item, str) for item in value.values()),
    "object": lambda value: isinstance(value, dict),
    "any": lambda value: True,
}


def misfits(shape: dict[str, Field], value: dict[str, Any], path: str = "") -> Iterator[Refusal]:
    """Everything about `value` that does not fit `shape`: unknown, missing and ill-formed properties."""
    for name in value.keys() - shape.keys():
        yield f"{path}{name}", "unknown property"
    for name, field in shape.items():
        if name in value and value[name] is not None:
            yield from _unfit(field, value[name], f"{path}{name}")
        elif field.required:
            yield f"{path}{name}", "missing required property"


def _unfit(field: Field, value: Any, path: str) -> Iterator[Refusal]:
    if not is_known(value):
        return
    if not field.many:
        yield from _unfit_item(field, value, path)
    elif not isinstance(value, list):
        yield path, f"must be a list (got {value!r})"
    else:
        found = [refusal for at, item in enumerate(value) for refusal in _unfit_item(field, item, f"{path}[{at}]")]
        yield from found
        if field.most is not None and len(value) > field.most:
            yield path, f"at most {field.most} entries (got {len(value)})"
        yield from ((path, f"duplicate entry {item!r}") for item in _repeated(value))
        if field.whole and not found:
            yield from ((f"{path}{at}", why) for at, why in field.whole(value))


def _unfit_item(field: Field, value: Any, path: str) -> Iterator[Refusal]:
    if not is_known(value):
        return
    if not KINDS[field.kind](value):
        yield path, f"must be {field.kind} (got {value!r})"
        return
    why = field.judge(value) if field.judge else None
    if why:
        yield path, why
    if field.shape is not None:
        found = list(misfits(field.shape, value, f"{path}."))
        yield from found
        if field.whole and not field.many and not found:
            yield from ((f"{path}{at}", why) for at, why in field.whole(value))


def _repeated(values: list[Any]) -> list[Any]:
    """What stands in a list a second time; records are left to the field's own judgement."""
    known = [value for value in values if is_known(value) and not isinstance(value, dict)]
    return [value for at, value in enumerate(known) if value in known[:at]]


# ---------------------------------------------------------------------------------------- predicates


def matches(pattern: str, what: str) -> Judge:
    """The whole text has the form `pattern`; `what` says so for people."""
    form = re.compile(pattern)
    return lambda value: None if form.fullmatch(value) else f"must be {what} (got {value!r})"


def one_of(*allowed: str) -> Judge:
    return lambda value: None if value in allowed else f"must be one of {', '.join(allowed)} (got {value!r})"


def within(low: int, high: int) -> Judge:
    return lambda value: None if low <= value <= high else f"must be from {low} to {high} (got {value})"


def all_of(*judges: Judge) -> Judge:
    """The first refusal of several."""
    return lambda value: next((why for judge in judges if (why := judge(value))), None)


def block(value: str, version: int | None = None) -> str | None:
    """`ADDRESS/PREFIX`, no host bits, written as its family writes it."""
    if "/" not in value:
        return f"must have a prefix length (got {value!r})"
    try:
        network = ipaddress.ip_network(value)
    except ValueError as error:
        return f"must be a CIDR block: {error}"
    if version and network.version != version:
        return f"must be an IPv{version} block (got {value!r})"
    return None if str(network) == value else f"trap: differs for ever, is read back as {network} (got {value!r})"


def block4(value: str) -> str | None:
    return block(value, 4)


def block6(value: str) -> str | None:
    return block(value, 6)


def ports(value: str) -> str | None:
    """`N` or `FIRST-LAST` as text, within 1 to 65535, in order."""
    found = re.fullmatch(r"(\d+)(?:-(\d+))?", value)
    if not found:
        return f"must be a port or FIRST-LAST (got {value!r})"
    first, last = int(found[1]), int(found[2] or found[1])
    if not 1 <= first <= 65535 or not 1 <= last <= 65535:
        return f"must be within 1 to 65535 (got {value!r})"
    return None if first <= last else f"must not be reversed (got {value!r})"


def families(blocks: Iterable[str]) -> set[int]:
    """The IP versions of the blocks; what is no block (a tag, `*`, an unknown) has none."""
    return {6 if ":" in one else 4 for one in blocks if is_known(one) and re.fullmatch(r"[0-9a-f.:]+/\d+", one)}

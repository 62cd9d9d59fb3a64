"""Types of the fields of records, each with its phrase for errors."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

from msgspec import Meta

from ..model.errors import INVALID
from ..model.ports import MAX_PORT


def expects(
    phrase: str,
    *,
    shown: bool = False,
    check: Callable[[Any], bool] | None = None,
    id: str = INVALID,
    outputs: tuple[str, ...] = (),
    named: str = "",
    **limits: Any,
) -> Meta:
    """An annotation for a type, with the phrase that errors use for its values.

    Args:
        phrase: follows "must be": "an integer from 1 to 65535".
        shown: whether errors may show a value: a port, a boolean, an address, a path, a name.
        check: a condition besides the type; by default none.
        id: of the problem for any other value.
        outputs: where an output of Pulumi may stand (`outputs.py`): "" is the value itself, "[]" an element of a list,
            "{}" a value of a mapping, "{}{}" one of a mapping in it; by default nowhere.
        named: an example of the mapping, where an output needs a name.
        limits: passed on to `msgspec.Meta` (`ge`, `le`, `min_length`).
    """
    extra = {"expected": phrase, "shown": shown, "check": check, "id": id, "outputs": outputs, "named": named}
    return Meta(extra=extra, **limits)


def is_output(value: object) -> bool:
    """Whether it is an output of Pulumi, or anything else whose value is known only later, by its shape."""
    return hasattr(value, "apply") or isinstance(value, Awaitable)


def _is_text_or_output(value: object) -> bool:
    return is_output(value) or (isinstance(value, str) and bool(value) and not holds_half(value))


def _is_id(value: object) -> bool:
    return _is_text_or_output(value) or type(value) is int


def _are_ids(value: object) -> bool:
    return isinstance(value, list | tuple) and all(_is_id(integral(one)) for one in value)


def _are_named(value: Mapping[Any, Any]) -> bool:
    return bool(value) and all(
        isinstance(name, str) and NAME.fullmatch(name) and _is_text_or_output(one) for name, one in value.items()
    )


def are_named_texts(value: Mapping[Any, Any]) -> bool:
    """Whether it is a mapping from names of the user's own to plain texts."""
    return _are_named(value) and not any(map(is_output, value.values()))


def _are_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(
        is_output(one) or (isinstance(one, str) and not holds_half(one)) for one in value
    )


def _are_tags(value: object) -> bool:
    if not isinstance(value, Mapping):
        return is_output(value)
    return _are_texts(list(value.values())) and _are_texts(list(value)) and not any(map(is_output, value))


NAME = re.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
"""A name that the user chooses, and that becomes part of a resource's name."""

Port = Annotated[int, expects("an integer from 1 to 65535", shown=True, ge=1, le=MAX_PORT)]
PortOrOff = Annotated[int, expects("an integer from 1 to 65535, or 0 = off", shown=True, ge=0, le=MAX_PORT)]
PortOrUnset = Annotated[int, expects("an integer from 1 to 65535, or 0 = not set", shown=True, ge=0, le=MAX_PORT)]
Switch = Annotated[bool, expects("true or false", shown=True)]
Ports = Annotated[Any, expects("a port or a range", shown=True)]  # read as it is written
Text = Annotated[str, expects("a text that is not empty", shown=True, min_length=1)]
Host = Annotated[str, expects("a text", shown=True)]
Addresses = Annotated[  # "" is every interface
    tuple[str, ...], expects("a list of addresses", shown=True, id="bind-addresses-invalid")
]
Blocks = Annotated[
    Any,
    expects(
        "a list of blocks such as 203.0.113.0/24, or a mapping from names of your own to blocks",
        shown=True,
        check=lambda value: isinstance(value, list | tuple | Mapping),
        outputs=("{}",),
        named='{"subnet-a": subnet.cidr_block}',
    ),
]
Id = Annotated[Any, expects("an id: a text, or an output of another resource", shown=True, check=_is_id, outputs=("",))]
Ids = Annotated[
    Any,
    expects(
        "a list of ids, each a text, a number or an output of another resource",
        shown=True,
        check=_are_ids,
        outputs=("[]",),
    ),
]
NamedIds = Annotated[
    Any,
    expects(
        "a mapping from names of your own to ids, each a text or an output of another resource, or a list of plain ids",
        shown=True,
        check=lambda value: _are_named(value) if isinstance(value, Mapping) else _are_ids(value),
        outputs=("{}",),
        named='{"alb": group.id}',
    ),
]
TextOrOutput = Annotated[
    Any,
    expects(
        "a text that is not empty, or an output of another resource",
        shown=True,
        check=_is_text_or_output,
        outputs=("",),
    ),
]
TextsOrOutputs = Annotated[
    Any,
    expects(
        "a list of texts, each of which may be an output of another resource",
        shown=True,
        check=_are_texts,
        outputs=("[]",),
    ),
]
Tags = Annotated[
    Any,
    expects("a mapping of texts, which may be outputs of other resources", check=_are_tags, outputs=("", "{}")),
]
IdsByName = Annotated[
    Any,
    expects(
        "a mapping from names of your own to ids, each a text or an output of another resource",
        shown=True,
        check=lambda value: isinstance(value, Mapping) and _are_named(value),
        outputs=("{}",),
        named='{"bastion": group.id}',
    ),
]


def holds_half(text: str) -> bool:
    """Whether the text has a lone surrogate."""
    return not text.isascii() and re.search("[\ud800-\udfff]", text) is not None


_EXACT = 2.0**53  # from here on a float does not represent every integer


def integral(value: object) -> object:
    """A whole float as an integer: other languages pass numbers as floats, and YAML may have `7880.0`."""
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT else value

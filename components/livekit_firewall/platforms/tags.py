"""Tags of resources: texts by key, any of which may be an output of another resource, or all of them together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from ..inputs.field_types import is_output
from ..inputs.shown import key_name
from ..model.errors import Place, Problem


class TagLimits(Struct, frozen=True):
    """What a platform takes.

    Attributes:
        most: tags of one resource.
        key, value: their longest, in characters.
        reserved: a pattern of the keys that are refused, from their beginning.
        such: what is refused so, as a phrase.
    """

    most: int
    key: int
    value: int
    reserved: str
    such: str


def tag_problems(path: str, tags: object, limits: TagLimits, added: tuple[str, ...] = ()) -> Iterator[Problem]:
    """What is wrong with what is known of them. No value is shown.

    Args:
        added: keys that the resource has besides.
    """
    if not isinstance(tags, Mapping):  # an output, which is judged when it is known
        return
    count = len({*tags, *added})
    if count > limits.most:
        besides = f", {', '.join(added)} included" if set(added) - set(tags) else ""
        yield Problem(Place(path), f"{count}{besides}", f"at most {limits.most} tags on a resource", "remove some")
    for key, value in tags.items():
        yield from _problems_of(Place(f"{path}.{key_name(key)}"), str(key), value, limits)


def _problems_of(place: Place, key: str, value: object, limits: TagLimits) -> Iterator[Problem]:
    if not 0 < len(key) <= limits.key or re.match(limits.reserved, key):
        yield Problem(place, "", f"a key of 1 to {limits.key} characters {limits.such}", "give it another key")
    if is_output(value):
        return
    if not isinstance(value, str) or len(value) > limits.value:
        got = f"{len(value)} characters" if isinstance(value, str) else "no text"
        yield Problem(place, got, f"a text of at most {limits.value} characters", "shorten it")

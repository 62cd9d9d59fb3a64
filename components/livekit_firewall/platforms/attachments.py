"""Which resources have which firewalls, followed along what their inputs name: the way to say it, for each platform.

A platform's `attachments.py` holds the facts: a `Reference` for each input that names a firewall, or a resource on the
way to one (a network interface, a launch template, a subnet).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from ..effective.resources import Resource, is_hidden, type_of

MAX_DEPTH = 20
ANYWHERE = "*"
"""The first word of a path: whatever is below it, however deep."""


class Attachment(Struct, frozen=True):
    """One step from a firewall to what it protects.

    Attributes:
        what: a firewall, by the key of its snapshot, or a resource that has firewalls, by its URN; "" where it is known
            after the update only.
        bearer: the URN of the resource that has what that has.
    """

    what: str
    bearer: str


class Reference(Struct, frozen=True):
    """An input that says which resource has what another one has.

    Attributes:
        holders: a pattern of the types of the resources with the input.
        path: to the input through objects and lists: `networkInterfaces.securityGroups`, `*.launchTemplate.id`.
        to: a pattern of the types that it names.
        gives: whether what is named has what the holder has, as an association of two others says it.
        known_by: outputs by which it is named, besides its id, name, ARN and link.
    """

    holders: str
    path: str
    to: str
    gives: bool = False
    known_by: tuple[str, ...] = ()


def followed(
    references: Iterable[Reference], resources: Sequence[Resource], everything: Iterable[Resource]
) -> Iterator[Attachment]:
    """What the references of these resources say; `everything` is what they may name, before the change or after."""
    given = tuple(everything)
    texts = _by_text(given, ("selfLink", "arn", "name"))
    by_type: dict[str, list[Resource]] = {}
    for one in resources:
        by_type.setdefault(one.type, []).append(one)
    for reference in references:
        known = {**texts, **_by_text(given, reference.known_by)} if reference.known_by else texts
        to = re.compile(reference.to)
        for one in (one for token in by_type if re.fullmatch(reference.holders, token) for one in by_type[token]):
            for named in _named(one, reference.path, to, known):
                yield Attachment(one.urn, named) if reference.gives and named else Attachment(named, one.urn)


ByText = Mapping[str, Sequence[Resource]]


def _by_text(resources: Iterable[Resource], outputs: tuple[str, ...]) -> ByText:
    found: dict[str, list[Resource]] = {}
    for one in resources:
        for text in (one.id, one.inputs.get("name"), *(one.outputs.get(key) for key in outputs)):
            if isinstance(text, str) and text and not is_hidden(text):
                found.setdefault(_plain(text), []).append(one)
    return found


def _plain(text: str) -> str:
    """Ids that are paths are equal in any case."""
    return text.lower() if text.startswith("/") else text


def _named(one: Resource, path: str, to: re.Pattern[str], known: ByText) -> Iterator[str]:
    """The URNs that the input names; a text of another stack as it is; "" for what is not known."""
    for field, values in values_at(one.inputs, path).items():
        urns = dict.fromkeys(urn for value in values for urn in _urns(value, to, known))
        hidden = sum(map(is_hidden, values))
        sources = [urn for urn in one.depends.get(field, ()) if to.fullmatch(type_of(urn)) and urn not in urns]
        yield from urns
        # of more sources than values it is not known which of them they are, unless the list itself is not known yet
        is_sure = len(sources) <= hidden or values == [one.inputs.get(field)]
        if hidden:
            yield from sources if sources and is_sure else [""]


def _urns(value: object, to: re.Pattern[str], known: ByText) -> Iterator[str]:
    if isinstance(value, str) and value and not is_hidden(value):
        found = {one.urn for one in known.get(_plain(value), ()) if to.fullmatch(one.type)}
        yield from found if len(found) == 1 else (value,)


def values_at(inputs: Mapping[str, object], path: str) -> dict[str, list[object]]:
    """What stands at a path, by the input that it begins with. A value on the way that is not known stands for what is
    below it.
    """
    first, *rest = path.split(".")
    fields = inputs if first == ANYWHERE else {first: inputs[first]} if first in inputs else {}
    found = {
        field: list(_below({field: value}, path.split("."), MAX_DEPTH)) if first == ANYWHERE
        else list(_below(value, rest, MAX_DEPTH))
        for field, value in fields.items()
    }  # fmt: skip
    return {field: values for field, values in found.items() if values}


def _below(value: object, keys: list[str], depth: int) -> Iterator[object]:
    if isinstance(value, list):
        for one in value if depth else ():
            yield from _below(one, keys, depth - 1)
    elif not keys:
        yield value
    elif is_hidden(value):
        yield from () if keys[0] == ANYWHERE else (value,)
    elif isinstance(value, Mapping):
        if keys[0] != ANYWHERE:
            if keys[0] in value:
                yield from _below(value[keys[0]], keys[1:], depth)
            return
        yield from _below(value, keys[1:], depth)
        for one in value.values() if depth else ():
            yield from _below(one, keys, depth - 1) if isinstance(one, list | Mapping) else ()

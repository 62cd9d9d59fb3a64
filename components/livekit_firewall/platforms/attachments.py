"""Which resources have which firewalls, followed along what their inputs name: the way to say it, for each platform.

A platform's `attachments.py` holds the facts: a `Reference` for each input that names a firewall, or a resource on the
way to one (a network interface, a launch template, a subnet).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from ..effective.property_values import is_hidden
from ..effective.resources import Resource
from ..effective.update import Operation, Told, some
from ..effective.urns import name_of, type_of
from ..model.text import printable

MAX_DEPTH = 20
ANYWHERE = "*"
"""The first word of a path: whatever is below it, however deep."""


class Attachment(Struct, frozen=True):
    """One step from a firewall to what it protects.

    Attributes:
        what: a firewall, by the key of its snapshot, or a resource that has firewalls, by its URN; "" where it is known
            after the update only.
        bearer: the URN of the resource that has what that has.
        by: the URN of the resource whose input says so; "" where it is so by itself.
        is_swapped: whether an update of that input gives what comes in the same call that takes what goes; False where
            the provider takes first, None where that is not known.
    """

    what: str
    bearer: str
    by: str = ""
    is_swapped: bool | None = True


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
    kinds = tuple(references)
    types = {one.type for one in resources}
    of_type = {token: [kind for kind in kinds if re.fullmatch(kind.holders, token)] for token in types}
    held = [(one, *found) for one in resources for found in _held(one, of_type[one.type])]
    if not held:
        return  # the names of a large stack take longer than all the rest
    given = tuple(everything)
    texts = _by_text(given, ("selfLink", "arn", "name"))
    known = {one: {**texts, **_by_text(given, one.known_by)} for one in kinds if one.known_by}
    for one, reference, field, values in held:
        for named in _named(one, field, values, reference.to, known.get(reference, texts)):
            gives = reference.gives and named
            yield Attachment(one.urn, named, one.urn) if gives else Attachment(named, one.urn, one.urn)


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


def _named(one: Resource, field: str, values: list[object], to: str, known: ByText) -> Iterator[str]:
    """The URNs that values of an input name; a text of another stack as it is; "" for what is not known."""
    urns = dict.fromkeys(urn for value in values for urn in _urns(value, to, known))
    hidden = sum(map(is_hidden, values))
    yield from urns
    if hidden:
        sources = [urn for urn in one.depends.get(field, ()) if re.fullmatch(to, type_of(urn)) and urn not in urns]
        # of more sources than values it is not known which of them they are, unless the list itself is not known yet
        is_sure = len(sources) <= hidden or values == [one.inputs.get(field)]
        yield from sources if sources and is_sure else [""]


def _urns(value: object, to: str, known: ByText) -> Iterator[str]:
    if isinstance(value, str) and value and not is_hidden(value):
        found = {one.urn for one in known.get(_plain(value), ()) if re.fullmatch(to, one.type)}
        yield from found if len(found) == 1 else (value,)


def _held(one: Resource, references: Sequence[Reference]) -> Iterator[tuple[Reference, str, list[object]]]:
    """What stands at the path of each reference, by the input that it is in; with one walk for those of any depth."""
    deep: dict[str, list[tuple[Reference, list[str]]]] = {}
    for reference in references:
        first, *rest = reference.path.split(".")
        if first == ANYWHERE:
            deep.setdefault(rest[0], []).append((reference, rest[1:]))
        else:
            yield from ((reference, field, values) for field, values in values_at(one.inputs, reference.path).items())
    for field, value in one.inputs.items() if deep else ():
        found: dict[Reference, list[object]] = {}
        left: list[tuple[object, int]] = [({field: value}, 0)]
        while left:
            here, depth = left.pop()
            if isinstance(here, dict):
                for key in here.keys() & deep.keys():
                    for reference, rest in deep[key]:
                        found.setdefault(reference, []).extend(_below(here[key], rest))
            if depth <= MAX_DEPTH:
                inside = here.values() if isinstance(here, dict) else here if isinstance(here, list) else ()
                left += [(child, depth + 1) for child in inside if isinstance(child, dict | list)]
        yield from ((reference, field, values) for reference, values in found.items() if values)


def values_at(inputs: Mapping[str, object], path: str) -> dict[str, list[object]]:
    """What stands at a path, by the input that it begins with. A value on the way that is not known stands for what is
    below it.
    """
    first, *rest = path.split(".")
    values = list(_below(inputs[first], rest)) if first in inputs else []
    return {first: values} if values else {}


def _below(value: object, keys: list[str]) -> Iterator[object]:
    """Lists of lists are no input of anything."""
    for one in value if isinstance(value, list) else (value,):
        if not keys or is_hidden(one):
            yield one
        elif isinstance(one, Mapping) and keys[0] in one:
            yield from _below(one[keys[0]], keys[1:])


def in_use(gone: Iterable[Operation], left: Iterable[Attachment]) -> Iterator[Told]:
    """Firewalls that are deleted though something has them then, where a platform deletes none that is in use.

    Args:
        left: what has what when they are deleted.
    """
    bearers: dict[str, list[str]] = {}
    for one in left:
        bearers.setdefault(one.what, []).append(printable(name_of(one.bearer), 60))
    for operation in gone:
        if had := bearers.get(operation.urn):
            use = "uses" if len(set(had)) == 1 else "use"
            when = "is deleted before another takes its place" if operation.after else "is deleted"
            text = f"{operation.name} {when}, and {some(had)} still {use} it: a group that is in use is not deleted"
            yield Told(operation.name, text)

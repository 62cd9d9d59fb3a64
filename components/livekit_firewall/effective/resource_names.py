"""What an id among the inputs of a resource means: a resource of the same stack, a text, or what is not known.

The placeholder of what is unknown or a secret is a name, so that the same before and after is no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from .property_values import is_hidden, is_secret, listed
from .resources import Resource
from .urns import are_siblings, name_of, parents_of, type_of

Made = TypeVar("Made")


class ResourceNames:
    """Resolves ids: to the resource of the same stack, where there is one, whatever its id is after the update.

    A name is a text that is equal before and after; `shown` is what people see in its place, free of ids
    that are not known yet and of secrets; `everything` is every resource of both sides.
    """

    def __init__(self, before: Iterable[Resource], after: Iterable[Resource]) -> None:
        self.shown: dict[str, str] = {}
        self._once: dict[int, tuple[Resource, list[Any]]] = {}
        self._by_id: dict[str, Resource] = {}
        self._by_type: dict[str, dict[str, None]] = {}
        self._coming: dict[str, list[str]] = {}
        self._told: dict[str, set[str]] = {}
        given, gone = tuple(after), tuple(before)
        self._before = {one.urn: one for one in gone}
        self._after = {one.urn: one for one in given}
        for one in given:  # what is not known yet is of what comes
            self._by_type.setdefault(one.type, {})[one.urn] = None
            if not one.id:
                self._coming.setdefault(one.type, []).append(one.urn)
        self.everything = (*gone, *given)
        for one in self.everything:
            for text in (one.id, one.outputs.get("selfLink"), one.outputs.get("arn")):
                if isinstance(text, str) and text:
                    self._by_id[text] = one
            for field, urns in one.depends.items():
                value = one.inputs.get(field)
                if len(urns) == 1 and isinstance(value, str) and not is_hidden(value):
                    self._told.setdefault(value, set()).update(urns)

    @property
    def at_the_end(self) -> tuple[Resource, ...]:
        """Every resource that is there after the change."""
        return tuple(self._after.values())

    @property
    def kept(self) -> tuple[Resource, ...]:
        """Every resource of before that the change does not delete or replace, as far as its id tells."""
        return tuple(
            one
            for one in self._before.values()
            if one.id and one.urn in self._after and self._after[one.urn].id == one.id
        )

    def stays(self, urn: str) -> bool:
        """Whether a resource is there after the change."""
        return urn in self._after

    def comes(self, urn: str) -> bool:
        """Whether a resource is there after the change only."""
        return urn in self._after and urn not in self._before

    def later(self, one: Resource) -> Resource | None:
        """What becomes of a resource by the change; None if it goes, or is what is there after it."""
        found = self._after.get(one.urn)
        return None if found is one else found

    def once(self, one: Resource, make: Callable[[Resource, ResourceNames], Iterable[Made]]) -> list[Made]:
        """What is made of a resource, made once: one that is unchanged is the same object before and after."""
        if id(one) not in self._once:
            self._once[id(one)] = one, list(make(one, self))  # which keeps it alive, and so its id
        return self._once[id(one)][1]

    def of(
        self,
        owner: Resource,
        field: str,
        value: object,
        kinds: Iterable[str] = (),
        word: str = "",
        *,
        is_part: bool = False,
    ) -> str:
        """The name of what a value of `owner` means: a resource of the stack, a text, or what is not known.

        Args:
            field: the input that holds the value, whose dependencies tell what it comes from.
            kinds: types of resources that it may be; none for a text that stands for itself.
            word: what to call it ("tag"), before its name.
            is_part: the owner is a part of it. Where nothing tells of which one, it is that beside it.
        """
        key, text = self._of(owner, field, value, tuple(kinds), is_part)
        key, text = (f"{word} {part}".strip() for part in (key, text))
        self.shown[key] = text
        return key

    def of_each(
        self,
        owner: Resource,
        field: str,
        values: object,
        kinds: Iterable[str] = (),
        word: str = "",
        *,
        is_part: bool = False,
    ) -> list[str]:
        """The names of what a list means, see `of`. Where as many of it are not known yet as resources come, or as
        the list comes from besides those that are known, they are these.
        """
        given, wanted = listed(values), tuple(kinds)
        found = [self.of(owner, field, value, wanted, word) for value in given if not is_hidden(value)]
        hidden = [value for value in given if is_hidden(value)]
        sources = [urn for urn in owner.depends.get(field, ()) if type_of(urn) in wanted]
        if not owner.depends:  # event streams tell none
            sources = [urn for kind in wanted for urn in self._coming.get(kind, ())]
            again = [urn for urn in sources if urn in self._named_before(owner, field)]
            sources = again if len(again) == len(hidden) else sources
        names = [f"{word} {urn}".strip() for urn in sources]
        left = [(name, urn) for name, urn in zip(names, sources, strict=True) if name not in found]
        if not hidden or (len(left) != len(hidden) and isinstance(values, list)) or not left:
            return [*found, *(self.of(owner, field, one, wanted, word, is_part=is_part) for one in hidden)]
        for name, urn in left:
            self.shown[name] = f"{word} {name_of(urn)}".strip()
        return [*found, *(name for name, _ in left)]

    def _named_before(self, owner: Resource, field: str) -> set[str]:
        """The resources of the stack that a list named before the change."""
        earlier = self._before.get(owner.urn)
        given = listed(earlier.inputs.get(field)) if earlier else []
        return {found.urn for value in given if (found := self._by_id.get(str(value)))}

    def _of(self, owner: Resource, field: str, value: object, kinds: tuple[str, ...], is_part: bool) -> tuple[str, str]:
        sources = [urn for urn in owner.depends.get(field, ()) if not kinds or type_of(urn) in kinds]
        if isinstance(value, str | int) and not is_hidden(value):
            found = self._by_id.get(str(value)) if kinds else None
            if found is not None and found.type in kinds:
                return found.urn, found.name
            told = [urn for urn in self._told.get(str(value), ()) if type_of(urn) in kinds]
            if len(told) == 1:
                return told[0], name_of(told[0])
            # of a list it is not known which of its values comes from there
            if len(sources) != 1 or not kinds or owner.inputs.get(field) != value:
                return str(value), str(value)
        if is_secret(value):
            # the same secret is no difference, another one is
            again = " changed" if field in owner.changed else ""
            return f"secret {owner.urn} {field}{again}", "(a secret)"
        if is_part and not owner.depends:
            # event streams tell no dependencies
            sources = [urn for kind in kinds for urn in self._by_type.get(kind, ()) if are_siblings(urn, owner.urn)]
        if len(sources) == 1:
            return sources[0], name_of(sources[0])
        return f"unknown {parents_of(owner.urn)} {field}", "(known after the update)"

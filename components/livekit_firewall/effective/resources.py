"""Resources of a Pulumi stack as its previews and its state hold them: inputs, ids, and what is not known.

A value may be unknown until the update, or a secret that Pulumi keeps back. Neither is ever shown; its placeholder
is a name, so that the same unknown or secret before and after is no difference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import isfinite
from typing import Any, TypeVar

from msgspec import Struct

NOT_KNOWN = "[unknown]"

UNKNOWN = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  # texts, and whatever else has no type yet
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # switches
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # numbers
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # lists
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # mappings
        NOT_KNOWN,
    }
)
"""What stands for a value that is known after the update only (pulumi/pulumi, sdk/go/common/resource/plugin/rpc.go)."""

SECRET = "[secret]"  # noqa: S105 (it is what Pulumi writes in a secret's place)
WORDS = frozenset({"description", "tags", "tagsAll", "name", "namePrefix"})

OURS = "livekit:index:"
"""How the types of our components begin."""

MAX_BYTES = 100_000_000
"""Of a preview or a state: some ten thousand resources."""

SIGNATURE = "4dabf18193072939515e22adb298388d"
"""The key that marks a secret, an asset or an output as such in a state (sdk/go/common/resource, `SigKey`)."""


Made = TypeVar("Made")


class Resource(Struct, frozen=True):
    """One resource at one time.

    Attributes:
        urn: its name in Pulumi.
        type: its type token, such as `digitalocean:index/firewall:Firewall`.
        inputs, outputs: properties as JSON holds them.
        id: what the platform calls it; "" before it is created.
        depends: for each input, the URNs of the resources that its value comes from.
        aliases: URNs that it may have had before.
        program: the inputs as the program gives them, where `inputs` are what is there; None where both are one.
        changed: the inputs that differ from what was before; none on the side of before.
        is_refused: whether the cloud refused its last update (`initErrors`).
        left: what its update leaves there although the program no longer has it.
    """

    urn: str
    type: str
    inputs: Mapping[str, object]
    outputs: Mapping[str, object] = {}
    id: str = ""
    depends: Mapping[str, tuple[str, ...]] = {}
    changed: frozenset[str] = frozenset()
    aliases: tuple[str, ...] = ()
    program: Mapping[str, object] | None = None
    is_refused: bool = False
    left: tuple[str, ...] = ()

    @property
    def declared(self) -> Mapping[str, object]:
        """What the program says of it."""
        return self.inputs if self.program is None else self.program

    @property
    def name(self) -> str:
        """Its logical name, the last part of the URN."""
        return name_of(self.urn)

    @property
    def is_other(self) -> bool:
        """Whether more than descriptions and names changed: what cannot be read may then differ too."""
        return bool(self.changed - WORDS)


def differing(before: Resource, after: Resource) -> frozenset[str]:
    """The inputs that differ by their values or by the engine's report: two secrets only the engine can compare. What
    the provider adds to a resource counts where there is no report.
    """
    old, new = before.inputs, after.inputs
    keys = new if after.changed else {*old, *new}
    return after.changed | {key for key in keys if old.get(key) != new.get(key)}


def name_of(urn: str) -> str:
    return urn.rpartition("::")[2]


def is_hidden(value: object) -> bool:
    """Whether the value is unknown or a secret."""
    return is_secret(value) or (isinstance(value, str) and value in UNKNOWN)


def number_of(value: object) -> float | None:
    """A number that may be written as a text; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def whole(value: object) -> object:
    """Ports and ids come as numbers, from other languages' programs as floats."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def is_secret(value: object) -> bool:
    return value == SECRET or (isinstance(value, Mapping) and SIGNATURE in value)


def listed(given: object) -> list[object]:
    """A property that may hold a list, one value or nothing."""
    if given is None:
        return []
    return given if isinstance(given, list) else [given]


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
        return f"unknown {_parents(owner.urn)} {field}", "(known after the update)"


def is_urn(text: str) -> bool:
    return text.startswith("urn:pulumi:") and text.count("::") >= 3


def type_of(urn: str) -> str:
    """The type token in a URN: `urn:pulumi:STACK::PROJECT::PARENTS$TYPE::NAME`."""
    parts = urn.split("::", 3)
    return parts[2].rpartition("$")[2] if len(parts) > 3 else ""


def _parents(urn: str) -> str:
    parts = urn.split("::", 3)
    return parts[2].rpartition("$")[0] if len(parts) > 3 else ""


def are_siblings(urn: str, other: str) -> bool:
    return _parents(urn) == _parents(other)


PROJECT = "urn:pulumi:diff::livekit-firewall::"


def planned(token: str, name: str, arguments: Mapping[str, object], also: Iterable[str] = ()) -> Resource:
    """A resource that would be made with the arguments of its class, those left out that are None; `also` are names
    that it may have had.
    """
    urn, *aliases = (f"{PROJECT}{token}::{one}" for one in (name, *also))
    return Resource(urn, token, inputs_of(arguments), aliases=tuple(aliases))


def inputs_of(arguments: Mapping[str, object]) -> dict[str, object]:
    """The arguments of a resource's class as the engine takes them, those left out that are None."""
    return {in_camel_case(key): _as_input(value) for key, value in arguments.items() if value is not None}


def _as_input(value: object) -> object:
    if isinstance(value, dict):
        return {in_camel_case(name): _as_input(one) for name, one in value.items()}
    return [_as_input(one) for one in value] if isinstance(value, list) else value


def in_camel_case(name: str) -> str:
    """`cidr_ipv4` is `cidrIpv4`, as the bridge names properties."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)

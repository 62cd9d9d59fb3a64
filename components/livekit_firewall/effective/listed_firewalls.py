"""Firewalls of a listing that add up on a machine which has several of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from shlex import quote
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from ..model.text import few
from .evaluate import EffectiveRules, ImportEntry, ParsedRule, Selection, evaluate
from .syntax import objects_in, refuse, shaped_whole, unwrapped

KEYS = ("firewalls", "firewall")
"""In an answer of the API: several, or one."""
MOST_SHOWN = 6
"""Of the flows and members of one."""


class ListedFirewall(Struct, kw_only=True):
    """What every platform lists of such a firewall."""

    name: str = ""
    id: int | str = ""

    @property
    def shown(self) -> str:
        return self.name or str(self.id)

    def parsed(self, why: str) -> Iterator[ParsedRule]:
        """Its rules.

        Args:
            why: the firewall itself is not understood; "" if it is.
        """
        raise NotImplementedError  # each platform's own; a Struct cannot be an abstract class

    def members(self) -> Iterator[str]:
        """What it is attached to."""
        raise NotImplementedError  # the same

    def adopted(self) -> ImportEntry:
        """What imports it."""
        raise NotImplementedError  # the same

    def entry(self, kind: str, flows: Iterable[str], nobody: str, removal: str) -> ImportEntry:
        """What imports it as a resource of that type.

        Args:
            flows: what it lets in.
            nobody: in place of its members, where it has none.
            removal: the command that deletes it, but for its id.
        """
        members = tuple(self.members())
        return ImportEntry(
            type=kind,
            name=self.shown,
            id=str(self.id),
            members=members,
            shown=f"{few(flows, MOST_SHOWN) or 'nothing'} to {few(members, MOST_SHOWN) or nobody}",
            removal=f"{removal} {quote(str(self.id))}",
        )


def objects_of(value: object) -> list[Mapping[str, object]]:
    """The objects that may be firewalls, in whatever answer."""
    if isinstance(value, Mapping):
        value = value.get(KEYS[0]) or [value.get(KEYS[1]) or value]
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


Kind = TypeVar("Kind", bound=ListedFirewall)


class Listing(Struct, Generic[Kind], frozen=True):
    """How a platform lists its firewalls.

    Attributes:
        kind: the shape of one.
        command: what prints the listing.
        pages, total: see `syntax.unwrapped`.
        harmless: fields of one that say nothing of what it admits.
    """

    kind: type[Kind]
    command: str
    pages: tuple[str, ...]
    harmless: tuple[str, ...]
    total: str = ""

    def firewalls(self, value: object) -> list[tuple[Kind, str]]:
        """All of them, each with why it is not understood; "" if it is.

        Raises:
            NotAFirewall: another shape.
        """
        content = unwrapped(value, self.command, KEYS, self.pages, total=self.total)
        listed = objects_in(content, f"must be firewalls, as {self.command} prints them", "")
        return [shaped_whole(one, self.kind, "firewalls", self.harmless) for one in listed]

    def entries(self, value: object) -> tuple[ImportEntry, ...]:
        """What imports each of them."""
        return tuple(one.adopted() for one, _ in self.firewalls(value))


def together(
    listed: Sequence[tuple[Kind, str]], selection: Selection, notes: Callable[[list[Kind]], Iterable[str]]
) -> EffectiveRules:
    """What those admit together that are meant.

    Args:
        listed: each with why it is not understood; "" if it is.
        notes: what is to be said of those that are meant.

    Raises:
        NotAFirewall: several firewalls and none chosen; one chosen that is not there.
    """
    chosen = _chosen([one for one, _ in listed], selection)
    parsed = [parsed for one, why in listed if one in chosen for parsed in one.parsed(why)]
    parsed.sort(key=lambda one: one.allows)  # a deny wins, and what is not understood may be one
    members = tuple(dict.fromkeys(name for one in chosen for name in one.members()))
    adopted = tuple(one.adopted() for one in chosen)
    found = evaluate(", ".join(one.name for one in chosen), parsed, members=members, adopted=adopted)
    return replace(found, notes=tuple(notes(chosen)))


def _chosen(firewalls: Sequence[Kind], selection: Selection) -> list[Kind]:
    names = ", ".join(one.shown for one in firewalls)
    if not selection.groups and len(firewalls) > 1:
        raise refuse("", names, "must be one firewall", "say which are meant: --group NAME")
    for group in selection.groups:
        if not any(group in (one.name, str(one.id)) for one in firewalls):
            raise refuse("--group", group, "must be a firewall of the file", f"it has {names or 'none'}")
    return [one for one in firewalls if not selection.groups or {one.name, str(one.id)} & set(selection.groups)]

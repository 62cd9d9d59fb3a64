"""Firewalls of a listing that add up on a machine which has several of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct

from .evaluate import EffectiveRules, ImportEntry, ParsedRule, Selection, evaluate
from .syntax import refuse

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
        raise NotImplementedError

    def members(self) -> Iterator[str]:
        """What it is attached to."""
        raise NotImplementedError

    def adopted(self) -> ImportEntry:
        """What imports it."""
        raise NotImplementedError


def objects_of(value: object) -> list[Mapping[str, object]]:
    """The objects that may be firewalls, in whatever answer."""
    if isinstance(value, Mapping):
        value = value.get(KEYS[0]) or [value.get(KEYS[1]) or value]
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


Kind = TypeVar("Kind", bound=ListedFirewall)


def together(listed: Sequence[tuple[Kind, str]], selection: Selection) -> tuple[EffectiveRules, list[Kind]]:
    """What those admit together that are meant, and which these are.

    Args:
        listed: each with why it is not understood; "" if it is.

    Raises:
        NotAFirewall: several firewalls and none chosen; one chosen that is not there.
    """
    chosen = _chosen([one for one, _ in listed], selection)
    parsed = [parsed for one, why in listed if one in chosen for parsed in one.parsed(why)]
    parsed.sort(key=lambda one: one.allows)  # a deny wins, and what is not understood may be one
    members = tuple(dict.fromkeys(name for one in chosen for name in one.members()))
    adopted = tuple(one.adopted() for one in chosen)
    return evaluate(", ".join(one.name for one in chosen), parsed, members=members, adopted=adopted), chosen


def _chosen(firewalls: Sequence[Kind], selection: Selection) -> list[Kind]:
    names = ", ".join(one.shown for one in firewalls)
    if not selection.groups and len(firewalls) > 1:
        raise refuse("", names, "must be one firewall", "say which are meant: --group NAME")
    for group in selection.groups:
        if not any(group in (one.name, str(one.id)) for one in firewalls):
            raise refuse("--group", group, "must be a firewall of the file", f"it has {names or 'none'}")
    return [one for one in firewalls if not selection.groups or {one.name, str(one.id)} & set(selection.groups)]

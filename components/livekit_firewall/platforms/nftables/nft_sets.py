"""The elements of sets and maps, anonymous (`{ 22, 80 }`) and named (`@banned`), from nft's JSON.

An element that has a timeout may be gone at any time, and a set that rules add to may hold more: both are doubts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

COMES_AND_GOES = "elements that come and go"
REST = "*"
"""The catchall element: every key that no other element has."""

Verdict = Mapping[str, Any]

_CERTAIN = {"val", "comment", "counter", "last"}
"""What an element may have without a doubt whether it matches."""


class Elements(Struct, frozen=True):
    """What a set holds.

    Attributes:
        certain: values that it holds.
        passing: values that it may hold.
        why: why it may hold any other value; "" if it does not.
    """

    certain: tuple[Any, ...] = ()
    passing: tuple[Any, ...] = ()
    why: str = ""


class Entry(Struct, frozen=True):
    """One element of a map: its key, what it leads to, and whether it may be gone."""

    key: Any
    value: Any
    is_certain: bool = True


class NamedSet(Struct):
    """A set or map as nft lists it: libnftables-json(5), SET OBJECT, MAP OBJECT."""

    name: str
    table: str
    family: str
    elem: Any = None
    timeout: Any = None
    stmt: Any = None
    map: Any = None


class Sets(Struct, frozen=True):
    """The named sets and maps of a table.

    Attributes:
        updated: those that rules add to or delete from.
        rated: those of them whose elements get a rate, a count or a quota from a rule.
    """

    named: Mapping[str, NamedSet] = {}
    updated: frozenset[str] = frozenset()
    rated: frozenset[str] = frozenset()

    def takes(self, reference: Any) -> bool:
        """Whether a rule surely goes on after it adds to a set: no element of it has more than a counter."""
        name = reference[1:] if is_reference(reference) else ""
        return name in self.named and name not in self.rated and is_harmless(self.named[name].stmt)

    def elements(self, right: Any) -> Elements | None:
        """The right-hand side of a match; None for a set that is not there."""
        if not is_reference(right):
            return _elements(_listed(right))
        one = self.named.get(right[1:])
        if one is None or one.map is not None:
            return None
        found = _elements(_listed_of(one))
        is_updated = one.name in self.updated
        if is_updated or one.timeout or not is_harmless(one.stmt):
            return Elements((), (*found.certain, *found.passing), COMES_AND_GOES if is_updated else "")
        return found

    def entries(self, data: Any) -> tuple[tuple[Entry, ...], str] | None:
        """The elements of a map, and why it may hold others; None for a map that is not there or not understood."""
        one = self.named.get(data[1:]) if is_reference(data) else None
        pairs = _listed_of(one) if one else data.get("set") if isinstance(data, dict) else None
        if not isinstance(pairs, list) or any(not isinstance(pair, list) or len(pair) != 2 for pair in pairs):
            return None
        why = COMES_AND_GOES if one and one.name in self.updated else ""
        is_certain = not (why or (one and (one.timeout or not is_harmless(one.stmt))))
        return tuple(_entry(key, value, is_certain) for key, value in pairs), why


def is_reference(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("@")


def is_harmless(statements: Any) -> bool:
    """Whether statements of elements only count."""
    given = statements if isinstance(statements, list) else [] if statements is None else [statements]
    return all(isinstance(one, dict) and set(one) <= {"counter", "last"} for one in given)


def updates(expression: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    """The names of the sets and maps that a statement adds to or deletes from, and whether by a rate."""
    for kind in ("set", "map"):
        about = expression.get(kind)
        if isinstance(about, dict) and is_reference(about.get(kind)):
            yield str(about[kind])[1:], not is_harmless(about.get("stmt"))


def _listed_of(one: NamedSet) -> list[Any]:
    return one.elem if isinstance(one.elem, list) else [] if one.elem is None else [one.elem]


def _listed(right: Any) -> list[Any]:
    if isinstance(right, dict) and "set" in right:
        return right["set"] if isinstance(right["set"], list) else [right["set"]]
    return [right]


def _entry(key: Any, value: Any, is_certain: bool) -> Entry:
    (found,), passes = zip(*_plain([key]), strict=True)
    return Entry(found, value, is_certain and not passes[0])


def _elements(given: Iterable[Any]) -> Elements:
    found = list(_plain(given))
    return Elements(
        tuple(value for value, passes in found if not passes), tuple(value for value, passes in found if passes)
    )


def _plain(given: Iterable[Any]) -> Iterator[tuple[Any, bool]]:
    """Values without what surrounds them, and whether each may be gone."""
    for one in given:
        about = one.get("elem") if isinstance(one, dict) else None
        if isinstance(about, dict) and "val" in about:
            yield about["val"], not set(about) <= _CERTAIN
        else:
            yield one, False

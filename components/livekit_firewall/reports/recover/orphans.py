"""Whether a resource of a listing is one of the program's: surely, perhaps, or not as far as anything tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from ...effective.evaluate import ImportEntry
from ...model.text import few, printable
from ..compare.adoption import AUTO_NAME, is_named_after

AUTOMATIC = re.compile(AUTO_NAME + "$")


class Orphan(Struct, frozen=True):
    """A resource of the platform that no state is known to have, and that may be the program's.

    Attributes:
        name: the resource of the program that it was made for; "" where that is not known.
        why: what speaks for it.
    """

    entry: ImportEntry
    name: str
    why: str


def is_where(one: ImportEntry, entry: ImportEntry) -> bool:
    """Whether a resource of the listing is where that of the program would be: Pulumi would replace another one."""
    return one.type == entry.type and all(one.home.get(kind, place) == place for kind, place in entry.home.items())


def is_same(one: ImportEntry, entry: ImportEntry) -> bool:
    """Whether a resource of the listing says what that of the program says. Of one that holds rules, its name and whom
    it is for tell: a stack beside this one may have made one of that name for others.
    """
    if one.content or entry.content:
        return is_where(one, entry) and one.content == entry.content
    return is_where(one, entry) and is_named_after(entry, one) and set(one.members) == set(entry.members)


class Orphans:
    """What speaks for it that a resource of the platform is the program's.

    Args:
        ours: the resources of the program.
        holders: the ids of its own groups.
        beginning: how the names of what it makes begin, today or with another configuration.
    """

    def __init__(self, ours: Iterable[ImportEntry], holders: Iterable[str], beginning: str) -> None:
        self._ours = [*ours]
        self._members = {*holders, *(member for one in self._ours for member in one.members)}
        self._beginning = beginning

    def among(self, entries: Iterable[ImportEntry]) -> tuple[Orphan, ...]:
        """Those of the entries for which something speaks: first those made for a resource of the program."""
        found = (orphan for one in entries for orphan in self._of(one))
        return tuple(sorted(found, key=lambda one: (not one.name, one.entry.name)))

    def _of(self, entry: ImportEntry) -> Iterator[Orphan]:
        """It, or nothing where nothing speaks for it."""
        named = next((one for one in self._ours if is_named_after(entry, one)), None)
        begins = entry.name.startswith(self._beginning) and AUTOMATIC.search(entry.name)
        same = next((one for one in self._ours if is_same(one, entry)), None) if begins else None
        if not any(is_where(one, entry) for one in self._ours):
            return
        shared = [one for one in entry.members if one in self._members]
        if named and set(named.members) == set(entry.members):
            yield Orphan(entry, named.name, f"its name is that of {named.name} with Pulumi's suffix")
        elif named:
            whom = few(map(printable, entry.members), 3) or "nobody"
            yield Orphan(entry, "", f"its name is that of {named.name} with Pulumi's suffix, but it is for {whom}")
        elif same:  # of an older release, which called it otherwise
            yield Orphan(entry, same.name, f"it says what {same.name} says, and is named as those of this program are")
        elif begins:
            yield Orphan(entry, "", f"its name begins as those of this program do, with {self._beginning}")
        elif shared:
            yield Orphan(entry, "", f"it is for {few(map(printable, shared), 3)}, as this program's are")

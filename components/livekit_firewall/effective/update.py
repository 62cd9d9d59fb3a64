"""What an update does on its way: the operations of a plan, and what a platform makes of them in between.

The engine creates and changes resources in any order that their dependencies allow, and deletes last. Each platform's
`update.py` says what then holds at the end, and what it refuses on the way: its `outcome`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from msgspec import Struct
from msgspec.structs import replace

from ..model.text import few, printable
from .resources import Resource
from .urns import name_of


class Operation(Struct, frozen=True):
    """What is done to one resource.

    Attributes:
        urn: the resource.
        before, after: it, before and after; None where there is none.
        writes: whether the platform is told anything before the deletions: False for what stays as it is, or goes.
        replaces: whether another one is made in its place.
        deletes_first: of a replacement, whether the old one goes first; None where the plan does not tell.
    """

    urn: str
    before: Resource | None = None
    after: Resource | None = None
    writes: bool = False
    replaces: bool = False
    deletes_first: bool | None = None

    @property
    def name(self) -> str:
        """Its logical name, for people."""
        return printable(name_of(self.urn), 60)

    @property
    def type(self) -> str:
        found = self.after or self.before
        return found.type if found else ""

    @property
    def updates(self) -> bool:
        """Whether it is changed in place."""
        return self.writes and self.before is not None and not self.replaces


def some(names: Iterable[str]) -> str:
    """The first of several names, and how many more there are."""
    given = list(dict.fromkeys(names))
    return f"{', '.join(given[:-1])} and {given[-1]}" if len(given) in (2, 3) else few(given, 3)


class Told(Struct, frozen=True):
    """Something to tell of an update: of what, in our own words but for names, and whether it is so by the update."""

    where: str
    text: str
    is_new: bool = True


class Outcome(Struct, frozen=True):
    """What a platform makes of the operations on its resources.

    Attributes:
        settled: resources of which less is there at the end than they say: what is left, None for nothing.
        refused: what it refuses in the middle of the update.
        fights: lists that are put as a whole, and what else stands in the same firewall.
        unknown: what may be taken away by such a list, and it is not known.
        doubled: URNs of which the old and the new one are there at once.
        notes: what to know besides, in our own words but for names.
    """

    settled: Mapping[str, Resource | None] = {}
    refused: tuple[Told, ...] = ()
    fights: tuple[Told, ...] = ()
    unknown: tuple[str, ...] = ()
    doubled: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()

    def left_of(self, resources: Iterable[Resource]) -> list[Resource]:
        """Those of the resources of after that are there at the end, as they are then."""
        found = (self.settled.get(one.urn, one) for one in resources)
        return [one for one in found if one is not None]

    def joined(self, other: Outcome) -> Outcome:
        return Outcome(
            {**self.settled, **other.settled},
            (*self.refused, *other.refused),
            (*self.fights, *other.fights),
            (*self.unknown, *other.unknown),
            self.doubled | other.doubled,
            (*self.notes, *other.notes),
        )


def renamed(before: Iterable[Resource], after: Sequence[Resource]) -> list[Resource]:
    """The resources of before, under the URNs that they have after where an alias says so."""
    own = {one.urn for one in after}
    urns = {alias: one.urn for one in after for alias in one.aliases if alias not in own}
    return [replace(one, urn=urns.get(one.urn, one.urn)) for one in before]


def between(before: Sequence[Resource], after: Sequence[Resource]) -> Iterator[Operation]:
    """The operations that lead from one set of resources to another, without replacements: nothing that our
    components make is replaced.
    """
    old = {one.urn: one for one in before}
    for one in after:
        was = old.pop(one.urn, None)
        yield Operation(one.urn, was, one, writes=was is None or was.inputs != one.inputs)
    yield from (Operation(one.urn, one) for one in old.values())


class Claim(Struct, frozen=True):
    """Keys of a resource that a platform takes once at a time.

    Attributes:
        by: the operation.
        old, new: what it holds before and after its own step.
        asked: what its step asks for.
        rank: steps of a lower rank are done before those of a higher one; those of one rank in any order.
    """

    by: Operation
    old: frozenset[Hashable] = frozenset()
    new: frozenset[Hashable] = frozenset()
    asked: frozenset[Hashable] = frozenset()
    rank: int = 0

    @property
    def stays_old(self) -> bool:
        """Whether the old keys are held until the deletions."""
        one = self.by
        return not one.writes or (one.replaces and not one.deletes_first)


class Clash(Struct, frozen=True):
    """Two claims of one key, of which the platform refuses the one that asks for it.

    Attributes:
        is_sure: False where it depends on the order of the steps.
    """

    asking: Claim
    holding: Claim
    key: Hashable
    is_sure: bool


def clashes(claims: Iterable[Claim], counts: Callable[[Clash], bool] = lambda _: True) -> Iterator[Clash]:
    """Every two resources that meet in a key, each two once: the gravest of their keys' clashes that count."""
    holders: dict[Hashable, list[Claim]] = defaultdict(list)
    for one in claims:
        for key in sorted(one.old | one.new, key=str):
            holders[key].append(one)
    found: dict[tuple[int, int], Clash] = {}
    for key, mine in holders.items():
        for one in mine:
            if key in one.asked and key in one.old and one.by.replaces and not one.by.deletes_first:
                found.setdefault((id(one), id(one)), Clash(one, one, key, is_sure=True))
        for first, second in combinations(mine, 2):
            met = [
                clash for pair in ((first, second), (second, first)) if (clash := _met(*pair, key)) and counts(clash)
            ]
            known = found.get((id(first), id(second)))
            for clash in met:
                if known is None or (clash.is_sure and not known.is_sure):
                    found[id(first), id(second)] = known = clash
    yield from found.values()


def _met(asking: Claim, holding: Claim, key: Hashable) -> Clash | None:
    """Whether the one holds a key at the moment when the other asks for it."""
    if key not in asking.asked:
        return None
    is_old, is_new = key in holding.old, key in holding.new
    if holding.rank > asking.rank:
        return Clash(asking, holding, key, is_sure=True) if is_old else None
    is_held = is_new or (is_old and holding.stays_old)
    if is_held or (is_old and holding.rank == asking.rank):
        return Clash(asking, holding, key, is_sure=is_held)
    return None

"""One security group in an update: the resource that is the group, the rules beside it, and what removes others."""

from __future__ import annotations

from msgspec.structs import replace

from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ...effective.update import Operation
from ...model.addresses import Direction
from .from_pulumi import held
from .permissions import Permission, entries
from .record import EXCLUSIVE, GROUPS, OLDER_RULE

Held = frozenset[Permission]
NOTHING: Held = frozenset()


class Group:
    """The operations on one group."""

    def __init__(self, key: str, names: ResourceNames) -> None:
        self.key, self.names = key, names
        self.shown = names.shown.get(key, key)
        self._sides: dict[int, tuple[Resource, dict[Direction, Held]]] = {}
        self._open: set[tuple[int, Direction]] = set()
        self.holder: Operation | None = None
        self.own: list[Operation] = []
        self.exclusive: list[Operation] = []

    def add(self, one: Operation) -> None:
        if one.type in GROUPS:
            self.holder, self.shown = one, one.name
        elif one.type in EXCLUSIVE:
            self.exclusive.append(one)
        else:
            first = one.type == OLDER_RULE if one.deletes_first is None else one.deletes_first  # pulumi-aws#2097
            self.own.append(replace(one, deletes_first=first))

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is asked for, and nothing stands that takes something away."""
        sides = [side for side in (self.holder.before, self.holder.after) if side] if self.holder else []
        has_list = any(side.declared.get(way.value) is not None for side in sides for way in Direction)
        return not has_list and not self.exclusive and not any(one.writes for one in self.own)

    def side(self, one: Resource | None, way: Direction) -> Held:
        """What a resource holds in this group."""
        if one is None:
            return NOTHING
        if id(one) not in self._sides:
            found: dict[Direction, set[Permission]] = {}
            for group, direction, rule in held(one, self.names):
                if group == self.key:
                    each = set(entries(one, group, direction, rule, self.names))
                    found.setdefault(direction, set()).update(known for known in each if known is not None)
                    if None in each or not each:
                        self._open.add((id(one), direction))
            self._sides[id(one)] = one, {direction: frozenset(each) for direction, each in found.items()}
        return self._sides[id(one)][1].get(way, NOTHING)

    def is_open(self, one: Resource | None, way: Direction) -> bool:
        """Whether it holds more, of which it is not known what that is."""
        self.side(one, way)
        return (id(one), way) in self._open

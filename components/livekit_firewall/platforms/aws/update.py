"""What AWS makes of an update of security groups: what it refuses on the way, and what is left at the end.

Rules written inside a group are a list that the provider puts as a whole: an update that changes it revokes what the
state holds of the group besides, rules that are resources of their own included, since every read of a group puts them
into the state (terraform-provider-aws, `updateSecurityGroupRules`, `matchRules`; pulumi-eks#1031). A list that the
program does not mention is left alone, an empty one is not. A group is made and changed before its rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from ...effective.resources import Resource, ResourceNames, is_hidden
from ...effective.update import Claim, Clash, Operation, Outcome, Told, clashes, some
from ...model.addresses import Direction
from .exclusive import Exclusive
from .from_pulumi import held
from .lawful import unlawful
from .permissions import Permission, are_known, permissions, without
from .record import EXCLUSIVE, GROUP, GROUPS, OLDER_RULE

Held = frozenset[Permission]
NOTHING: Held = frozenset()


def outcome(operations: Sequence[Operation], names: ResourceNames) -> Outcome:
    """Of every group, also of one that is known by its rules only."""
    groups: dict[str, _Group] = {}
    refused = [text for one in operations if one.writes and one.after for text in unlawful(one.after)]
    for one in operations:
        for group in _groups_of(one, names):
            groups.setdefault(group, _Group(group, names)).add(one)
    found = Outcome(refused=(*refused, *_named_twice(operations)))
    for made in groups.values():
        found = found.joined(made.outcome())
    return found


def _groups_of(one: Operation, names: ResourceNames) -> Iterable[str]:
    """The groups that a resource is, or is a part of, before and after."""
    if one.type in GROUPS:
        return (one.urn,)
    found = [
        names.of(side, "securityGroupId", side.inputs.get("securityGroupId"), GROUPS, is_part=True)
        for side in (one.before, one.after)
        if side
    ]
    # groups that are not known may be different ones
    return dict.fromkeys(group for group in found if not group.startswith(("unknown ", "secret ")))


class _Group:
    """The operations on one group."""

    def __init__(self, key: str, names: ResourceNames) -> None:
        self.key, self.names = key, names
        self.shown = names.shown.get(key, key)
        self._sides: dict[int, tuple[Resource, dict[Direction, Held]]] = {}
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

    def outcome(self) -> Outcome:
        lists = {way: _Lists(self, way) for way in Direction}
        refused = [told for way in Direction for told in lists[way].refused()]
        refused += [self._told(clash) for clash in clashes(self._claims(lists))]
        found = Outcome(
            refused=tuple(refused),
            fights=tuple(told for way in Direction for told in lists[way].fights()),
            unknown=tuple(text for way in Direction for text in lists[way].unknown()),
            doubled=frozenset(one.urn for one in self.own if one.replaces and not one.deletes_first),
        )
        gone = {way: lists[way].gone() for way in Direction}
        for one in self.exclusive:
            own = Exclusive(one, self.own, self.shown, any(lists[way].new for way in Direction))
            found = found.joined(own.outcome())
            for way in Direction:
                for urn in own.unlisted(way):
                    gone[way].setdefault(urn, set()).update(self.held_by(urn, way))
                if own.removes_inline and self.holder:
                    gone[way].setdefault(self.holder.urn, set()).update(lists[way].new)
        return found.joined(Outcome(settled=dict(self._settled(gone))))

    def held_by(self, urn: str, way: Direction) -> Held:
        return next((self.side(one.after, way) for one in self.own if one.urn == urn), NOTHING)

    def side(self, one: Resource | None, way: Direction) -> Held:
        """What a resource holds in this group."""
        if one is None:
            return NOTHING
        if id(one) not in self._sides:
            found: dict[Direction, set[Permission]] = {}
            for group, direction, rule in held(one, self.names):
                if group == self.key:
                    found.setdefault(direction, set()).update(permissions(one, group, direction, rule, self.names))
            self._sides[id(one)] = one, {direction: frozenset(each) for direction, each in found.items()}
        return self._sides[id(one)][1].get(way, NOTHING)

    def _claims(self, lists: Mapping[Direction, _Lists]) -> Iterator[Claim]:
        is_new_group = bool(self.holder and self.holder.replaces)
        if self.holder:
            inside = list(lists.values())
            old, new, asked = (
                frozenset().union(*sets)
                for sets in zip(*((one.old, one.new, one.asked) for one in inside), strict=True)
            )
            yield Claim(self.holder, NOTHING if is_new_group else old, new, asked)
        for one in self.own:
            old, new = (
                frozenset(found for way in Direction for found in self.side(side, way))
                for side in (one.before, one.after)
            )
            # what is in a group that is replaced goes with it, what the list revokes is gone
            old = NOTHING if is_new_group else old.difference(*(lists[way].revoked for way in Direction))
            if one.writes:
                yield Claim(one, old, new, new if one.replaces else new - old, rank=1)
            else:
                yield Claim(one, old, old if one.after else NOTHING, rank=1)

    def _told(self, clash: Clash) -> Told:
        asking, holding = clash.asking.by, clash.holding.by
        if asking is holding:
            text = f"{asking.name} is replaced by the same rule ({clash.key}), which is made before the old one goes"
        else:
            where = f"a rule inside of {holding.name}" if holding is self.holder else holding.name
            mine = f"a rule inside of {asking.name}" if asking is self.holder else asking.name
            text = f"{mine} is the same rule as {where} ({clash.key}), and a group holds it once"
            text += "" if clash.is_sure else f": refused if it comes before {where} is changed"
        return Told(self.shown, text)

    def _settled(
        self, gone: Mapping[Direction, Mapping[str, set[Permission]]]
    ) -> Iterator[tuple[str, Resource | None]]:
        for one in (*self.own, *((self.holder,) if self.holder else ())):
            lost = {way: found for way in Direction if (found := gone[way].get(one.urn))}
            if one.after is None or not lost:
                continue
            yield one.urn, self._left(one.after, lost)

    def _left(self, one: Resource, lost: Mapping[Direction, set[Permission]]) -> Resource | None:
        if one.type not in GROUPS:
            every = set().union(*lost.values())
            for group, way, rule in held(one, self.names):
                left = without(one, group, way, rule, self.names, every.__contains__)
                return replace(one, inputs=left) if left is not None else None
        inputs = dict(one.inputs)
        for way, every in lost.items():
            rules = inputs.get(way.value)
            inputs[way.value] = [
                left
                for rule in (rules if isinstance(rules, list) else ())
                if isinstance(rule, Mapping)
                and (left := without(one, one.urn, way, rule, self.names, every.__contains__)) is not None
            ]
        return replace(one, inputs=inputs)


class _Lists:
    """The list of one direction inside of a group, and what stands beside it.

    Attributes:
        old, new: what the list holds before and after; what is there besides, and no resource's, counts as its own.
        asked: what the update of the group adds.
        revoked: what it revokes.
    """

    def __init__(self, group: _Group, way: Direction) -> None:
        self.group, self.way = group, way
        holder = group.holder
        before, after = (holder.before, holder.after) if holder else (None, None)
        own = frozenset(found for one in group.own for found in group.side(one.before, way))
        read = before.outputs.get(way.value) if before else None
        self.is_read = isinstance(read, list)
        inputs = group.side(before, way)
        real = group.side(replace(before, inputs={way.value: read}), way) if before and self.is_read else inputs
        self.old = inputs | (real - own)
        self.is_put = bool(after and after.inputs.get(way.value) is not None)
        self.new = group.side(after, way) if self.is_put else self.old if before and not self._is_made else NOTHING
        self.asked, self.revoked = NOTHING, NOTHING
        if self._is_made:
            self.asked = self.new
        elif self.changes and self._is_known():
            self.asked, self.revoked = self.new - real, real - self.new

    @property
    def _is_made(self) -> bool:
        holder = self.group.holder
        return bool(holder and holder.writes and (holder.replaces or holder.before is None))

    @property
    def changes(self) -> bool:
        """Whether the update puts the list; the plan names what it changes, if it names anything."""
        holder = self.group.holder
        if not (self.is_put and holder and holder.updates and holder.after):
            return False
        return not holder.after.changed or self.way.value in holder.after.changed

    @property
    def _beside(self) -> list[Operation]:
        """The rules of their own in this direction after the update that the list does not hold."""
        return [one for one in self.group.own if self.group.side(one.after, self.way) - self.new]

    def gone(self) -> dict[str, set[Permission]]:
        """What is not there at the end, of each resource that still names it."""
        found = {
            one.urn: set(lost)
            for one in self.group.own
            if not one.writes and (lost := self.group.side(one.after, self.way) & self.revoked)
        }
        for one in self.group.own:
            if one.writes and (lost := self.group.side(one.after, self.way) & self._deleted()):
                found[one.urn] = set(lost)
        if self.group.holder and (ends := self._ends() & self.new - self.asked):
            found[self.group.holder.urn] = set(ends)
        return found

    def _ends(self) -> Held:
        """What goes with rules of their own that go, also where the list holds it by now: it is one rule."""
        if self._is_made:
            return NOTHING
        moving = [one for one in self.group.own if one.writes or one.after is None]
        old = frozenset(found for one in moving for found in self.group.side(one.before, self.way))
        return old - frozenset(found for one in moving for found in self.group.side(one.after, self.way))

    def _deleted(self) -> Held:
        """What goes with rules of the older kind, which are deleted by what they are and not by an id."""
        older = [one for one in self.group.own if one.after is None and one.type == OLDER_RULE]
        return frozenset(found for one in older for found in self.group.side(one.before, self.way))

    def refused(self) -> Iterator[Told]:
        """A rule that the list revokes, and that the same update wants to change."""
        for one in self.group.own:
            if one.updates and self.group.side(one.before, self.way) & self.revoked:
                text = f"{one.name} is changed after the list inside of {self.group.shown} has revoked it"
                yield Told(self.group.shown, text)
        holder = self.group.holder
        for one in (*self.group.own, *((holder,) if holder else ())):
            if one.writes and (twice := self._twice(one.after)):
                yield Told(self.group.shown, f"{one.name} names the same rule twice ({twice})")

    def _twice(self, one: Resource | None) -> str:
        """What one request holds twice. Equal entries of a list are one, with two descriptions they are two."""
        seen: dict[Permission, set[str]] = {}
        for group, way, rule in held(one, self.group.names) if one else ():
            if group == self.group.key and way is self.way:
                for found in permissions(one, group, way, rule, self.group.names) if one else ():
                    about = "" if rule.get("description") is None else str(rule.get("description"))
                    if about not in seen.setdefault(found, set()) and seen[found]:
                        return str(found)
                    seen[found].add(about)
        return ""

    def fights(self) -> Iterator[Told]:
        beside, holder = self._beside, self.group.holder
        if not (self.is_put and holder and beside):
            return
        now = [one for one in beside if not one.writes and self.group.side(one.after, self.way) & self.revoked]
        was_put = bool(holder.before and holder.before.inputs.get(self.way.value) is not None)
        is_new = bool(now) or not was_put or any(one.before is None for one in beside)
        end = (
            "this update revokes " + some(one.name for one in now)
            if now
            else ("an update after a refresh revokes what is not in the list")
        )
        names = some(one.name for one in beside)
        text = f"{names} and the list {self.way} inside of {holder.name} are rules of one group: {end}"
        yield Told(self.group.shown, text, is_new)

    def unknown(self) -> Iterator[str]:
        """What an update of the list may revoke: what the state holds of the group decides, and the plan lacks it."""
        if not self.changes or (self.is_read and self._is_known()):
            return
        there = [one for one in self._beside if one.before is not None and not one.writes]
        if there:
            names = some(one.name for one in there)
            yield f"{self.group.shown}: {self.way}: the list inside of the group is put, which may revoke {names}"

    def _is_known(self) -> bool:
        after = self.group.holder.after if self.group.holder else None
        return after is not None and all(
            are_known(after, group, way, rule, self.group.names)
            for group, way, rule in held(after, self.group.names)
            if way is self.way
        )


def _named_twice(operations: Iterable[Operation]) -> Iterator[Told]:
    """Groups of one name in one VPC, whatever its case (EC2 API, CreateSecurityGroup)."""
    claims = []
    for one in operations:
        if one.type == GROUP:
            first = one.deletes_first is not False  # one with a name of its own is deleted first
            old, new = (frozenset(_name(side)) for side in (one.before, one.after))
            is_made = one.writes and not one.updates
            claims.append(Claim(replace(one, deletes_first=first), old, new, new if is_made else frozenset()))
    for clash in clashes(claims):
        text = f"{clash.asking.by.name} has the name of {clash.holding.by.name}, and a VPC holds one group of a name"
        yield Told(clash.asking.by.name, text)


def _name(one: Resource | None) -> Iterator[tuple[str, str]]:
    name, vpc = (one.inputs.get(key) if one else None for key in ("name", "vpcId"))
    if isinstance(name, str) and isinstance(vpc, str) and not is_hidden(name) and not is_hidden(vpc):
        yield vpc, name.lower()

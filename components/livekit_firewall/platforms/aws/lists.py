"""The rules that are written inside of a group: one list for each direction, and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from ...effective.resources import Resource
from ...effective.update import Operation, Told, some
from ...model.addresses import Direction
from .from_pulumi import held
from .group import NOTHING, Group, Held
from .permissions import Permission, permissions, without
from .record import OLDER_RULE


class Lists:
    """The list of one direction inside of a group, and what stands beside it.

    Attributes:
        own: what rules of their own hold before.
        old, new: what the list holds before and after; what is there besides, and no resource's, counts as its own.
        asked: what the update of the group adds.
        revoked: what it revokes.
    """

    def __init__(self, group: Group, way: Direction) -> None:
        self.group, self.way = group, way
        holder = group.holder
        before, after = (holder.before, holder.after) if holder else (None, None)
        self.own = frozenset(found for one in group.own for found in group.side(one.before, way))
        read = before.outputs.get(way.value) if before else None
        self.is_read = isinstance(read, list)
        self._real = said = group.side(replace(before, inputs=before.declared), way) if before else NOTHING
        if before and self.is_read:
            self._real = group.side(replace(before, inputs={way.value: read}), way)
        self.old = said | (self._real - self.own)
        self.is_put = bool(after and after.declared.get(way.value) is not None)
        self.new = self.old if before and not self._is_made else NOTHING
        self._said = replace(after, inputs=after.declared) if after else None
        if self.is_put:
            self.new = group.side(self._said, way)
        self.asked, self.revoked = NOTHING, NOTHING
        if self._is_made:
            self.asked = self.new
        elif self.changes and self._is_known():
            self.asked, self.revoked = self.new - self._real, self._real - self.new

    @property
    def _is_made(self) -> bool:
        holder = self.group.holder
        return bool(holder and holder.writes and (holder.replaces or holder.before is None))

    @property
    def others(self) -> Held | None:
        """What the group holds that is no resource; None where the state has not read it since its rules were made."""
        if self._is_made:
            return NOTHING
        return self._real - self.own if self.is_read and self.own <= self._real else None

    @property
    def changes(self) -> bool:
        """Whether the update puts the list; the plan names what it changes, if it names anything."""
        holder = self.group.holder
        if not (self.is_put and holder and holder.updates and holder.after):
            return False
        return not holder.after.changed or self.way.value in holder.after.changed

    @property
    def _beside(self) -> list[Operation]:
        """The rules of their own in this direction after the update that the list does not hold, or may not."""
        return [one for one in self.group.own if self.group.side(one.after, self.way) - self.new or self._is_open(one)]

    def _is_open(self, one: Operation) -> bool:
        return self.group.is_open(one.after, self.way)

    def left(self, gone: set[Permission]) -> list[object] | None:
        """The rules in the group at the end; None where its program says what is there, and nothing is gone."""
        holder = self.group.holder
        if holder is None or holder.after is None:
            return None
        # what the state has read of rules of their own goes with them
        gone = gone | (self.own - self.new)
        side = holder.after
        if not self.is_put:
            if holder.before is None or self._is_made:
                return None
            side = holder.before
        elif not self.group.side(side, self.way) & gone:
            return None
        rules = side.inputs.get(self.way.value)
        if not isinstance(rules, list):
            return None
        names = self.group.names
        found = [
            rule if not isinstance(rule, Mapping) else without(side, side.urn, self.way, rule, names, gone.__contains__)
            for rule in rules
        ]
        return [rule for rule in found if rule is not None]

    def gone(self) -> dict[str, set[Permission]]:
        """What is not there at the end, of each resource that still names it."""
        found = {
            one.urn: set(lost)
            for one in self.group.own
            if not one.writes and (lost := self.group.side(one.after, self.way) & self.revoked)
        }
        deleted = self._deleted() if self.revoked else NOTHING
        for one in self.group.own if deleted else ():
            if one.writes and (lost := self.group.side(one.after, self.way) & deleted):
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
        """What goes with rules of the older kind, which are deleted by what they are and not by an id. Nobody can make
        it again before that, unless the list has revoked it.
        """
        older = [one for one in self.group.own if one.after is None and one.type == OLDER_RULE]
        return self.revoked & frozenset(found for one in older for found in self.group.side(one.before, self.way))

    def refused(self) -> Iterator[Told]:
        """A rule that the list revokes, and that the same update wants to change."""
        for one in self.group.own if self.revoked else ():
            if one.updates and self.group.side(one.before, self.way) & self.revoked:
                text = f"{one.name} is changed after the list inside of {self.group.shown} has revoked it"
                yield Told(self.group.shown, text)
        holder = self.group.holder
        several = [one for one in self.group.own if one.type == OLDER_RULE]  # the newer kind has one source
        for one in (*several, *((holder,) if holder else ())):
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
        holder = self.group.holder
        beside = self._beside if self.is_put else []
        if not (holder and beside):
            return
        now = [one for one in beside if not one.writes and self.group.side(one.after, self.way) & self.revoked]
        was_put = bool(holder.before and holder.before.declared.get(self.way.value) is not None)
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
        if not self.changes:
            return
        is_certain = self.is_read and self._is_known()
        there = [
            one
            for one in self._beside
            if one.before is not None and not one.writes and not (is_certain and not self._is_open(one))
        ]
        if there:
            names = some(one.name for one in there)
            yield f"{self.group.shown}: {self.way}: the list inside of the group is put, which may revoke {names}"

    def _is_known(self) -> bool:
        after = self.group.holder.after if self.group.holder else None
        return after is not None and not self.group.is_open(self._said, self.way)

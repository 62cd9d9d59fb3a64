"""`aws.ec2.VpcSecurityGroupRulesExclusive`: it removes every rule of a group that it does not name.

It does so when it is made and when its lists change, after the rules that it names (terraform-provider-aws,
`vpc_security_group_rules_exclusive.go`). What it names are ids, which of a rule that is still to be made is known by
its dependency only. Its deletion removes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...effective.property_values import is_hidden, listed
from ...effective.resources import Resource
from ...effective.update import Operation, Outcome, Told, some
from ...model.addresses import Direction
from ...model.text import printable
from .record import EGRESS_RULE, INGRESS_RULE

FIELDS = {Direction.INGRESS: "ingressRuleIds", Direction.EGRESS: "egressRuleIds"}
WAYS = {INGRESS_RULE: Direction.INGRESS, EGRESS_RULE: Direction.EGRESS}


class Exclusive:
    """One of them beside the rules of its group.

    Args:
        own: the rules that are resources.
        group: its name for people.
        has_inline: whether there are rules inside of the group as well.
        is_written: whether its program writes them there.
    """

    def __init__(
        self, one: Operation, own: Sequence[Operation], group: str, *, has_inline: bool, is_written: bool
    ) -> None:
        self.one, self.own, self.group = one, own, group
        self.has_inline, self.is_written = has_inline, is_written
        said = one.after.declared if one.after else {}
        self._given = {way: frozenset(map(str, listed(said.get(field)))) for way, field in FIELDS.items()}
        self._known = {id_ for rule in own for id_ in _ids(rule)}

    @property
    def _acts(self) -> bool:
        before, after = self.one.before, self.one.after
        if after is None or not self.one.writes:
            return False
        # the provider compares with what the state has read of the group
        same = before and all(
            sorted(map(str, listed(before.outputs.get(field, before.inputs.get(field)))))
            == sorted(map(str, listed(after.declared.get(field))))
            for field in FIELDS.values()
        )
        return self.one.replaces or not same

    def _is_open(self, way: Direction) -> bool:
        """Whether it names rules of which it is not known which ones they are."""
        one, field = self.one.after, FIELDS[way]
        if one is None:
            return False
        given = one.declared.get(field)
        hidden = [value for value in listed(given) if is_hidden(value)]
        if hidden and not one.depends.get(field) and not self._are_the_new(given, hidden, way):
            return True
        return any(str(id_) not in self._known for id_ in listed(given) if not is_hidden(id_))

    def _are_the_new(self, given: object, hidden: list[object], way: Direction) -> bool:
        """Whether what is not known yet is as many as rules are made: event streams tell no dependencies."""
        return isinstance(given, list) and len(hidden) == len(self._new(way))

    def _new(self, way: Direction) -> list[Operation]:
        return [
            rule
            for rule in self.own
            if rule.after and _way(rule.after) is way and rule.writes and (rule.before is None or rule.replaces)
        ]

    def _names(self, rule: Operation, way: Direction) -> bool:
        one, field = self.one.after, FIELDS[way]
        if one is None:
            return True
        if rule.urn in one.depends.get(field, ()) or not _ids(rule).isdisjoint(self._given[way]):
            return True
        hidden = [value for value in listed(one.declared.get(field)) if is_hidden(value)]
        is_new = rule.writes and (rule.before is None or rule.replaces)
        return is_new and not one.depends.get(field) and self._are_the_new(one.declared.get(field), hidden, way)

    def _beside(self, way: Direction) -> list[Operation]:
        return [rule for rule in self.own if rule.after and _way(rule.after) is way and not self._names(rule, way)]

    def unlisted(self, way: Direction) -> list[Operation]:
        """The rules that it removes for certain: they were there before, and it does not name them."""
        if not self._acts or self._is_open(way):
            return []
        return [rule for rule in self._beside(way) if rule.before is not None and not rule.replaces]

    def _foreign(self, way: Direction) -> list[str]:
        """The ids that the state has read of rules that are no resources, and that it does not name."""
        before, field = self.one.before, FIELDS[way]
        if before is None or self.is_written or self._is_open(way):
            return []
        read = map(str, listed(before.outputs.get(field)))
        return [printable(id_, 60) for id_ in read if id_ not in self._known | self._given[way]]

    @property
    def removes_inline(self) -> bool:
        return self._acts and self.has_inline and not any(map(self._is_open, Direction))

    def outcome(self) -> Outcome:
        beside = [rule for way in Direction if not self._is_open(way) for rule in self._beside(way)]
        told, unknown = [], []
        if self.one.after and (beside or (self.has_inline and self.is_written)):
            inline = ["the rules inside of the group"] if self.has_inline and self.is_written else []
            names = some([rule.name for rule in beside] + inline)
            is_new = self.one.writes or any(rule.before is None for rule in beside)
            text = f"{self.one.name} removes every rule of {self.group} that it does not name: {names}"
            told.append(Told(self.group, text, is_new))
        for way in Direction if self._acts else ():
            doubtful = [rule.name for rule in self._beside(way) if self._is_open(way) or rule.before is None]
            if doubtful:
                names = some(doubtful)
                unknown.append(f"{self.group}: {way}: {self.one.name} may remove {names}, which it may not name")
            if foreign := self._foreign(way):
                text = f"{self.one.name} removes {some(foreign)}, and what that admits is not in this preview"
                unknown.append(f"{self.group}: {way}: {text}")
        return Outcome(fights=tuple(told), unknown=tuple(unknown))


def _way(one: Resource) -> Direction:
    return WAYS.get(one.type) or (Direction.EGRESS if one.inputs.get("type") == "egress" else Direction.INGRESS)


def _ids(rule: Operation) -> set[str]:
    """The ids of a rule: of the older kind another one than the platform's."""
    sides = [side for side in (rule.before, rule.after) if side]
    return {str(id_) for side in sides for id_ in (side.id, side.outputs.get("securityGroupRuleId")) if id_}

"""A second judge of updates of Azure: a group is a mapping from names to rules, and every step is a call that may be
refused. Written from the provider's source and Azure's answers, sharing nothing with what it judges.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .orders import Refused, worlds
from .plans import plan, step
from .programs import AZURE_GROUP, AZURE_RULE


class Entry(NamedTuple):
    """What Azure calls a rule, its priority, and the port that it opens."""

    name: str
    priority: int
    port: int


@dataclass
class Own:
    """A rule that is a resource."""

    resource: str
    before: Entry | None
    after: Entry | None

    @property
    def op(self) -> str:
        if self.before is None:
            return "create"
        if self.after is None:
            return "delete"
        if self.before == self.after:
            return "same"
        return "update" if self.before.name == self.after.name else "replace"


@dataclass
class Stack:
    """One group before and after: the list inside of it (None: not mentioned), and rules beside it."""

    old: list[Entry] | None
    new: list[Entry] | None
    own: list[Own] = field(default_factory=list)
    tags: bool = False

    @property
    def there(self) -> list[Entry]:
        return [*(self.old or []), *(one.before for one in self.own if one.before)]

    @property
    def updates(self) -> bool:
        return self.tags or (self.old or None) != (self.new or None) or (self.old is None) != (self.new is None)

    def worlds(self) -> Iterator[set[int] | None]:
        """What is there at the end, for each order; None where it stops half way."""
        return worlds(self.own, self._run)

    def _run(self, order: tuple[Own, ...]) -> set[int]:
        rules = {one.name: one for one in self.there}
        if self.updates and self.new is not None:
            if len({one.name for one in self.new}) < len(self.new):
                raise Refused("InvalidRequestFormat")
            rules = {}
            for one in self.new:
                self._put(rules, one)
        for one in order:
            if one.op == "replace" and one.before:
                rules.pop(one.before.name, None)
            if one.after and one.op != "update" and one.after.name in rules:
                raise Refused("cannot create already existing resource")
            if one.after:
                self._put(rules, one.after)
        for one in self.own:
            if one.op == "delete" and one.before:
                rules.pop(one.before.name, None)
        return {one.port for one in rules.values()}

    @staticmethod
    def _put(rules: dict[str, Entry], one: Entry) -> None:
        if any(other.priority == one.priority and other.name != one.name for other in rules.values()):
            raise Refused("SecurityRuleConflict")
        rules[one.name] = one

    def preview(self) -> str:
        sides = []
        for entries, tags in ((self.old, {}), (self.new, {"a": "b"} if self.tags else {})):
            listed = {} if entries is None else {"securityRules": [{"name": one.name, **_rule(one)} for one in entries]}
            sides.append({"resourceGroupName": "rg", "networkSecurityGroupName": "nsg1", "tags": tags, **listed})
        diffs = [key for key in ("securityRules", "tags") if sides[0].get(key) != sides[1].get(key)]
        steps = [
            step("update" if self.updates else "same", AZURE_GROUP, "nsg", *sides, read={"name": "nsg1"}, diffs=diffs)
        ]
        ends = []
        for one in self.own:
            given = [None if side is None else _own(side) for side in (one.before, one.after)]
            told = step(one.op, AZURE_RULE, one.resource, *given, diffs=["priority"] if one.op == "update" else ())
            (ends if one.op == "delete" else steps).append(told)
        return plan(*steps, *reversed(ends))


def _rule(one: Entry) -> dict[str, Any]:
    return {"priority": one.priority, "access": "Allow", "direction": "Inbound", "protocol": "Tcp",
            "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*",
            "destinationPortRange": str(one.port)}  # fmt: skip


def _own(one: Entry) -> dict[str, Any]:
    return {"resourceGroupName": "rg", "networkSecurityGroupName": "nsg1", "securityRuleName": one.name, **_rule(one)}

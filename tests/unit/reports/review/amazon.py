"""A second judge of updates of AWS: groups that do what EC2 and its provider do, in every order that the engine has.

Written from the provider's source, and sharing nothing with what it judges: a rule is an id and a port, a group is a
list of them, and each step is a call that may be refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .orders import Refused, worlds
from .plans import UNKNOWN, plan, step, urn
from .programs import AWS_GROUP, AWS_INGRESS, AWS_RULE

EXCLUSIVE = "aws:vpc/securityGroupRulesExclusive:SecurityGroupRulesExclusive"


@dataclass
class Own:
    """A rule that is a resource: of the newer kind, which is known by its id, or of the older, known by what it is."""

    name: str
    before: int | None
    after: int | None
    is_older: bool = False

    @property
    def op(self) -> str:
        if self.before is None:
            return "create"
        if self.after is None:
            return "delete"
        if self.before == self.after:
            return "same"
        return "replace" if self.is_older else "update"


@dataclass
class Stack:
    """One group before and after: ports in its list (None: not mentioned), rules beside it, an exclusive resource.

    Attributes:
        is_fresh: whether the state has read the whole group; otherwise it knows its own list only.
        named: the rules that the exclusive resource names, None for no such resource.
        tags: whether the group changes besides.
    """

    old: list[int] | None
    new: list[int] | None
    own: list[Own] = field(default_factory=list)
    is_fresh: bool = True
    named: list[str] | None = None
    tags: bool = False

    @property
    def there(self) -> list[int]:
        return [*(self.old or []), *(one.before for one in self.own if one.before is not None)]

    @property
    def read(self) -> list[int]:
        return self.there if self.is_fresh else list(self.old or [])

    @property
    def differs(self) -> bool:
        return self.new is not None and set(self.new) != set(self.read)

    def worlds(self) -> Iterator[set[int] | None]:
        """What is there at the end, for each order; None where it stops half way."""
        return worlds(self.own, self._run)

    def _run(self, order: tuple[Own, ...]) -> set[int]:
        rules = {f"inline-{port}": port for port in self.old or []}
        rules |= {f"{one.name}-id": one.before for one in self.own if one.before is not None}
        if self.differs:
            for port in set(self.read) - set(self.new or ()):
                rules = {id_: held for id_, held in rules.items() if held != port}
            for port in set(self.new or ()) - set(self.read):
                self._authorize(rules, f"put-{port}", port)
        for one in order:
            if one.op == "create":
                self._authorize(rules, f"{one.name}-id", one.after)
            elif one.op == "update":
                if f"{one.name}-id" not in rules:
                    raise Refused("InvalidSecurityGroupRuleId.NotFound")
                del rules[f"{one.name}-id"]
                self._authorize(rules, f"{one.name}-id", one.after)
            else:  # of the older kind: the old one goes first, by what it is
                rules = {id_: held for id_, held in rules.items() if held != one.before}
                self._authorize(rules, f"{one.name}-new", one.after)
        if self.named is not None:
            kept = {f"{name}-{end}" for name in self.named for end in ("id", "new")}
            rules = {id_: held for id_, held in rules.items() if id_ in kept}
        for one in self.own:
            if one.op == "delete":
                rules = {
                    id_: held for id_, held in rules.items()
                    if (held != one.before if one.is_older else id_ != f"{one.name}-id")
                }  # fmt: skip
        return set(rules.values())

    @staticmethod
    def _authorize(rules: dict[str, Any], id_: str, port: int | None) -> None:
        if port in rules.values():
            raise Refused("InvalidPermission.Duplicate")
        rules[id_] = port

    def preview(self) -> str:
        """As the engine tells it: creations and changes, then deletions."""
        steps = [self._group()]
        ends = []
        for one in self.own:
            sides = [None if port is None else _rule(one, port) for port in (one.before, one.after)]
            token = AWS_RULE if one.is_older else AWS_INGRESS
            told = step(one.op, token, one.name, *sides, diffs=["fromPort"] if one.op in ("update", "replace") else ())
            (ends if one.op == "delete" else steps).append(told)
        if self.named is not None:
            urns = [urn(AWS_RULE if one.is_older else AWS_INGRESS, one.name)
                    for one in self.own if one.name in self.named]  # fmt: skip
            known = {one.name for one in self.own if one.op in ("same", "update")}
            rule_ids = [f"{name}-id" if name in known else UNKNOWN for name in self.named]
            given = {"securityGroupId": "media-id", "ingressRuleIds": rule_ids, "egressRuleIds": []}
            depends = {"securityGroupId": [urn(AWS_GROUP, "media")], "ingressRuleIds": urns}
            steps.append(step("create", EXCLUSIVE, "only", None, given, depends=depends))
        return plan(*steps, *reversed(ends))

    def _group(self) -> dict[str, Any]:
        sides = []
        for ports, tags in ((self.old, {}), (self.new, {"a": "b"} if self.tags else {})):
            listed = {} if ports is None else {"ingress": [_entry(port) for port in ports]}
            sides.append({"vpcId": "vpc-1", "tags": tags, **listed})
        diffs = [*(["ingress"] if self.differs else []), *(["tags"] if self.tags else [])]
        read = {"ingress": [_entry(port) for port in self.read]}
        return step("update" if diffs else "same", AWS_GROUP, "media", *sides, read=read, diffs=diffs)


def _entry(port: int) -> dict[str, Any]:
    return {"protocol": "tcp", "fromPort": port, "toPort": port, "cidrBlocks": ["0.0.0.0/0"]}


def _rule(one: Own, port: int) -> dict[str, Any]:
    if one.is_older:
        return {"type": "ingress", "securityGroupId": "media-id", **_entry(port)}
    return {"securityGroupId": "media-id", "ipProtocol": "tcp", "fromPort": port, "toPort": port,
            "cidrIpv4": "0.0.0.0/0"}  # fmt: skip

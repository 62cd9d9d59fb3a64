"""One line per port range and block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from ...effective.native_rule import NativeRule, block_source, flows_of
from ...effective.planned import planned
from ...effective.resources import Resource
from ...effective.syntax import range_of
from ...model.errors import Place, Problem, RenderError
from ...model.rules import RuleSet
from ..facts import Baseline
from ..target_values import ipv6_problems
from .record import STUB
from .target import StubTarget

LIMITS = {"lines": 100}


class Native(Struct, frozen=True):
    zone: str
    lines: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, object]:
        return {"zone": self.zone, "stub_lines": [{"ports": ports, "block": block} for ports, block in self.lines]}

    def resources(self) -> Iterator[Resource]:
        yield planned(STUB.made[0], "stub", {"zone": self.zone, "lines": self.as_json()["stub_lines"]})


def render(rules: RuleSet, target: StubTarget, *, ipv6: bool) -> Native:
    problems = [] if ipv6 else list(ipv6_problems(rules))
    lines = tuple((str(rule.ports), str(block)) for rule in rules.ingress for block in rule.peer.blocks)
    if len(lines) > LIMITS["lines"]:
        problems.append(Problem(Place("stub"), str(len(lines)), "at most 100 lines"))
    if problems:
        raise RenderError("stub", problems)
    return Native(target.zone or "", lines)


def baseline() -> tuple[Baseline, ...]:
    return (Baseline("the stub's own ICMP", "nobody lives without it"),)


def native_rules(lines: Iterable[Any]) -> Iterator[NativeRule]:
    """The rules of lines, from a listing or from a resource."""
    for one in lines:
        protocol, _, ports = one["ports"].partition("/")
        flows = flows_of(protocol, [range_of(ports, "")], "")
        yield NativeRule(f"line {one['ports']}", flows, (block_source(one["block"], ""),))

"""One line per port range and block."""

from __future__ import annotations

from msgspec import Struct

from ...model.errors import Place, Problem, RenderError
from ...model.rules import RuleSet
from ..platform import Baseline, ipv6_problems
from .target import StubTarget

LIMITS = {"lines": 100}


class Native(Struct, frozen=True):
    zone: str
    lines: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, object]:
        return {"zone": self.zone, "stub_lines": [{"ports": ports, "block": block} for ports, block in self.lines]}


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

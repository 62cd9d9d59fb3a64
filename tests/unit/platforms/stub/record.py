"""The record of the stub platform."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..facts import Baseline, Component, Wording
from ..platform import PLACEHOLDER, Options, Platform, Target
from .target import StubTarget

if TYPE_CHECKING:
    from ...model.rules import RuleSet
    from .render import Native


class _Stub(Platform[StubTarget], frozen=True):
    @property
    def limits(self) -> Mapping[str, int]:
        from .render import LIMITS

        return LIMITS

    def render(self, rules: RuleSet, target: Target, options: Options) -> Native:
        from .render import render

        return render(rules, self.own(target), ipv6=options.ipv6)

    def baseline(self, rules: RuleSet, target: Target, options: Options) -> tuple[Baseline, ...]:
        from .render import baseline

        return baseline()


STUB = _Stub(
    name="stub",
    argument="stub",
    title="Stub Cloud",
    component=Component(".platforms.stub.component", "StubFirewall", {"stub_firewall_id": "firewall_id"}),
    target=StubTarget,
    placeholder=StubTarget(zone=PLACEHOLDER),
    made=("stub:index/firewall:Firewall",),
    listing="stubctl show",
    no_import="nobody imports a stub",
    wording=Wording("the stub must admit", "write {first} to {last}", "{family} needs a line of its own"),
    cuts_open_flows=True,
    is_behind_nat=True,
)

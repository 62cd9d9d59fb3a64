"""What the stub is, for whoever asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..platform import PLACEHOLDER, Baseline, Component, Options, Platform, Wording
from .target import StubTarget

if TYPE_CHECKING:
    from ...effective.native_rule import NativeRule
    from ...effective.resources import Resource
    from ...model.rules import RuleSet
    from .render import Native


class _Stub(Platform[StubTarget, "Native"], frozen=True):
    @property
    def limits(self) -> Mapping[str, int]:
        from .render import LIMITS

        return LIMITS

    def render(self, rules: RuleSet, target: StubTarget, options: Options) -> Native:
        from .render import render

        return render(rules, target, ipv6=options.ipv6)

    def baseline(self, rules: RuleSet, target: StubTarget, options: Options) -> tuple[Baseline, ...]:
        from .render import baseline

        return baseline()

    def native_rules(self, native: Native) -> tuple[NativeRule, ...]:
        return tuple(self._shown(native.as_json()["stub_lines"]))

    def resources(self, native: Native, target: StubTarget) -> Iterator[Resource]:
        from .from_pulumi import made

        return made(native)

    def held_rules(self, inputs: Mapping[str, Any], name: str) -> list[NativeRule]:
        return list(self._shown(inputs["lines"]))

    def _shown(self, lines: Any) -> Iterator[NativeRule]:
        from ...effective.native_rule import NativeRule, _block, _flow

        for one in lines:
            protocol, _, ports = one["ports"].partition("/")
            yield NativeRule(f"line {one['ports']}", (_flow(protocol, ports),), (_block(one["block"]),))


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

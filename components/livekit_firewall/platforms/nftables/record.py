"""What the node's own firewall is, for whoever asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..platform import Baseline, Component, Options, Platform
from .target import HostTarget

if TYPE_CHECKING:
    from ...effective.native_rule import NativeRule
    from ...effective.resources import Resource
    from ...model.rules import RuleSet


class Ruleset(str):
    """A ruleset, which `nft -f` loads."""

    __slots__ = ()

    def as_json(self) -> dict[str, str]:
        return {"ruleset": str(self)}


class _Host(Platform[HostTarget, Ruleset], frozen=True):
    @property
    def limits(self) -> Mapping[str, int]:
        from .language import LIMITS

        return LIMITS

    def render(self, rules: RuleSet, target: HostTarget, options: Options) -> Ruleset:  # noqa: ARG002
        from .render import render

        return Ruleset(render(rules, ssh_port=options.ssh_port, ipv6=options.ipv6))

    def baseline(self, rules: RuleSet, target: HostTarget, options: Options) -> tuple[Baseline, ...]:
        from .baseline import baseline

        return baseline(rules, target, ssh_port=options.ssh_port, ipv6=options.ipv6)

    def native_rules(self, native: Ruleset) -> tuple[NativeRule, ...]:
        from .shown import ruleset_rules

        return tuple(ruleset_rules(native))

    def resources(self, native: Ruleset, target: HostTarget) -> Iterator[Resource]:
        from .from_pulumi import made

        return made(native, target)

    def held_rules(self, inputs: Mapping[str, Any], name: str) -> list[NativeRule]:  # noqa: ARG002
        from .shown import ruleset_rules

        ruleset = inputs.get("content", inputs.get("ruleset"))
        return list(ruleset_rules(ruleset)) if isinstance(ruleset, str) else []


NFTABLES = _Host(
    name="nftables",
    argument="host",
    title="the host",
    component=Component(
        ".host.component",
        "HostFirewall",
        {
            "host_ruleset": "ruleset",
            "host_ruleset_path": "path",
            "host_ruleset_check": "check",
            "host_in_force": "in_force",
            "host_persistence": "persistence",
            "host_neighbours": "neighbours",
            "user_data": "user_data",
        },
        takes=("ipv6", "ssh_port"),
        refuses=True,
    ),
    target=HostTarget,
    placeholder=HostTarget(),
    made=("pulumi-python:dynamic/livekit:RulesetFile", "pulumi-python:dynamic/livekit:AppliedRuleset"),
    listing="nft -j list ruleset",
    no_import="a host's ruleset is no resource: load the file that render --to nftables prints",
    is_on_node=True,
)

"""The record of the node's own firewall: everything that other modules need to know of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ...model.errors import RenderError
from ..facts import Baseline, Component
from ..platform import Native, Options, Platform, Target
from ..readers import TextReader
from .target import HostTarget

if TYPE_CHECKING:
    from ...effective.native_rule import NativeRule
    from ...effective.resources import Resource
    from ...model.rules import RuleSet


class Ruleset(str):
    """A ruleset, which `nft -f` loads, and the host that it is for."""

    __slots__ = ("target",)

    target: HostTarget

    def as_json(self) -> dict[str, str]:
        return {"ruleset": str(self)}

    def resources(self) -> Iterator[Resource]:
        from .from_pulumi import made

        return made(self, self.target)


class _Host(Platform[HostTarget], frozen=True):
    @property
    def limits(self) -> Mapping[str, int]:
        from .language import LIMITS

        return LIMITS

    def render(self, rules: RuleSet, target: Target, options: Options) -> Ruleset:
        """Without a line of a ruleset while a block is not known: what is rendered in part is never loaded."""
        from .render import problems_of, render

        if rules.named:
            if problems := problems_of(rules, ssh_port=options.ssh_port, ipv6=options.ipv6):
                raise RenderError("nftables", problems)
            made = Ruleset(f"# not known before {', '.join(map(str, rules.named))}\n")
        else:
            made = Ruleset(render(rules, ssh_port=options.ssh_port, ipv6=options.ipv6))
        made.target = self.own(target)
        return made

    def baseline(self, rules: RuleSet, target: Target, options: Options) -> tuple[Baseline, ...]:  # noqa: ARG002
        from .baseline import baseline

        return baseline(rules, ssh_port=options.ssh_port, ipv6=options.ipv6)

    def from_text_listing(self) -> TextReader:
        from .iptables import read

        return read

    def native_rules(self, native: Native) -> tuple[NativeRule, ...]:
        from .native import native_rules

        return tuple(native_rules(str(native)))


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
        needs=dict.fromkeys(("host_in_force", "host_persistence", "host_neighbours"), "host.apply"),
        takes=("ipv6", "ssh_port"),
        refuses=True,
    ),
    target=HostTarget,
    placeholder=HostTarget(),
    made=("pulumi-python:dynamic/livekit:RulesetFile", "pulumi-python:dynamic/livekit:AppliedRuleset"),
    listing="nft -j list ruleset",
    text_listing="iptables-save and ip6tables-save",
    no_import="a host's ruleset is no resource: load the file that render --to nftables prints",
    removes_added_with="host.apply",
    # the kernel accepts what no base chain drops
    is_open_without=True,
    is_on_node=True,
)

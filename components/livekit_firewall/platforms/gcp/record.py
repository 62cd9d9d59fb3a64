"""What Google Cloud is, for whoever asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from ..platform import PLACEHOLDER, Baseline, Component, Options, Platform, Wording
from .names import lawful_name
from .target import GcpTarget

if TYPE_CHECKING:
    from ...effective.evaluate import Selection
    from ...effective.native_rule import NativeRule
    from ...effective.resources import Resource
    from ...model.addresses import Family
    from ...model.rules import RuleSet
    from .native import Native


class _Gcp(Platform[GcpTarget, "Native"], frozen=True):
    @property
    def limits(self) -> Mapping[str, int]:
        from .render import LIMITS

        return LIMITS

    def render(self, rules: RuleSet, target: GcpTarget, options: Options) -> Native:
        from .render import render

        return render(rules, target, name=options.name, ipv6=options.ipv6)

    def baseline(self, rules: RuleSet, target: GcpTarget, options: Options) -> tuple[Baseline, ...]:
        from .render import baseline

        return baseline(rules, target, ipv6=options.ipv6)

    def native_rules(self, native: Native) -> tuple[NativeRule, ...]:
        from ...effective.native_rule import fields_of
        from .shown import gcp_rule

        return tuple(
            gcp_rule({**fields_of(one), "allows": [asdict(it) for it in one.allows]}, one.key) for one in native
        )

    def resources(self, native: Native, target: GcpTarget) -> Iterator[Resource]:  # noqa: ARG002
        from .from_pulumi import made

        return made(native)

    def held_rules(self, inputs: Mapping[str, Any], name: str) -> list[NativeRule]:
        from .shown import gcp_rule

        return [gcp_rule(inputs, name)]

    def called(self, component: str, key: str) -> str:
        return lawful_name(component, key)

    def load_balancer_blocks(self, family: Family) -> tuple[str, ...]:
        from .render import GOOGLE_LOAD_BALANCERS

        return GOOGLE_LOAD_BALANCERS[family]

    def selection(self, target: GcpTarget) -> Selection:
        from ...effective.evaluate import Selection

        own = (*(target.target_tags or ()), *(target.target_service_accounts or ()))
        return Selection((), tuple(map(str, own)), target.all_instances)


GCP = _Gcp(
    name="gcp",
    argument="gcp",
    title="Google Cloud",
    sdk="pulumi_gcp",
    component=Component(".platforms.gcp.component", "GcpFirewall", {"gcp_firewall_ids": "firewall_ids"}),
    target=GcpTarget,
    placeholder=GcpTarget(network=PLACEHOLDER, target_tags=(PLACEHOLDER,)),
    made=("gcp:compute/firewall:Firewall",),
    rules_are_resources=True,
    listing="gcloud compute firewall-rules list --format json",
    wording=Wording(
        "a firewall rule of the network that applies to the instance must allow",
        "write one string '{first}-{last}' among the rule's ports",
        "a rule holds one family, so that {family} needs rules of its own",
        "all",
    ),
    cuts_open_flows=True,
    is_keyed_by_members=True,
    adds_up_denies=True,
    machines=r"gcp:compute/\w*[iI]nstance\w*:.*",
    is_behind_nat=True,
)

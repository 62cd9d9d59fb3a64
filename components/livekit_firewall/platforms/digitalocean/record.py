"""What DigitalOcean is, for whoever asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..platform import PLACEHOLDER, Baseline, Component, Options, Platform, Wording
from .target import DigitalOceanTarget

if TYPE_CHECKING:
    from ...effective.native_rule import NativeRule
    from ...effective.resources import Resource
    from ...model.rules import RuleSet
    from .native import Native


class _DigitalOcean(Platform[DigitalOceanTarget, "Native"], frozen=True):
    @property
    def limits(self) -> Mapping[str, int]:
        from .render import LIMITS

        return LIMITS

    def render(self, rules: RuleSet, target: DigitalOceanTarget, options: Options) -> Native:
        from .render import render

        return render(rules, target, ipv6=options.ipv6)

    def baseline(self, rules: RuleSet, target: DigitalOceanTarget, options: Options) -> tuple[Baseline, ...]:
        from .render import baseline

        return baseline(rules, target, ipv6=options.ipv6)

    def native_rules(self, native: Native) -> tuple[NativeRule, ...]:
        from ...effective.native_rule import fields_of
        from .shown import digitalocean_rule

        return tuple(digitalocean_rule(fields_of(one)) for one in native.inbound)

    def resources(self, native: Native, target: DigitalOceanTarget) -> Iterator[Resource]:  # noqa: ARG002
        from .from_pulumi import made

        return made(native)

    def held_rules(self, inputs: Mapping[str, Any], name: str) -> list[NativeRule]:  # noqa: ARG002
        from ...effective.native_rule import inline
        from .shown import digitalocean_rule

        return inline(inputs, "inboundRules", digitalocean_rule)

    def load_balancers(self, target: DigitalOceanTarget) -> tuple[str, ...]:
        return tuple(f"load-balancer {one}" for one in target.load_balancer_uids or ())


DIGITALOCEAN = _DigitalOcean(
    name="digitalocean",
    argument="digitalocean",
    title="DigitalOcean",
    sdk="pulumi_digitalocean",
    component=Component(
        ".platforms.digitalocean.component", "DigitalOceanFirewall", {"digitalocean_firewall_id": "firewall_id"}
    ),
    target=DigitalOceanTarget,
    placeholder=DigitalOceanTarget(tags=(PLACEHOLDER,)),
    made=("digitalocean:index/firewall:Firewall",),
    listing="doctl compute firewall list -o json",
    wording=Wording(
        "the Droplet's firewall must have inbound rules for",
        "write one port range '{first}-{last}'",
        "a rule may hold both families, so that {family} needs its own sources in it",
    ),
    cuts_open_flows=True,
    is_keyed_by_members=True,
    machines="digitalocean:index/droplet:.*",
)

"""What Azure is, for whoever asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..platform import PLACEHOLDER, Baseline, Component, Options, Platform, Wording
from .target import AzureTarget

if TYPE_CHECKING:
    from ...effective.native_rule import NativeRule
    from ...effective.resources import Resource
    from ...model.rules import RuleSet
    from .native import Native


class _Azure(Platform[AzureTarget, "Native"], frozen=True):
    @property
    def limits(self) -> Mapping[str, int]:
        from .render import LIMITS

        return LIMITS

    def render(self, rules: RuleSet, target: AzureTarget, options: Options) -> Native:
        from .render import render

        return render(rules, target, ipv6=options.ipv6)

    def baseline(self, rules: RuleSet, target: AzureTarget, options: Options) -> tuple[Baseline, ...]:
        from .render import baseline

        return baseline(rules, target, ipv6=options.ipv6)

    def native_rules(self, native: Native) -> tuple[NativeRule, ...]:
        from ...effective.native_rule import fields_of
        from .shown import azure_rule

        return tuple(azure_rule(fields_of(one)) for one in native.security_rules)

    def resources(self, native: Native, target: AzureTarget) -> Iterator[Resource]:  # noqa: ARG002
        from .from_pulumi import made

        return made(native)

    def held_rules(self, inputs: Mapping[str, Any], name: str) -> list[NativeRule]:  # noqa: ARG002
        from ...effective.native_rule import inline
        from .shown import azure_rule

        return inline(inputs, "securityRules", azure_rule)


AZURE = _Azure(
    name="azure",
    argument="azure",
    title="Azure",
    sdk="pulumi_azure_native",
    component=Component(
        ".platforms.azure.component",
        "AzureFirewall",
        {"azure_network_security_group_id": "network_security_group_id"},
    ),
    target=AzureTarget,
    placeholder=AzureTarget(resource_group_name=PLACEHOLDER),
    made=("azure-native:network:NetworkSecurityGroup",),
    listing="az network nsg show",
    no_import="the id that azure-native imports a network security group by is not verified",
    wording=Wording(
        "the network security group must allow",
        "write one string '{first}-{last}', not two",
        "a rule holds one family, so that {family} needs rules of its own",
        "*",
    ),
    is_behind_nat=True,
)

"""The record of Azure: everything that other modules need to know of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ...effective.standing import StateShape
from ...model.addresses import Identity
from ..by_audience import ARGUMENTS
from ..facts import Baseline, Component, Wording
from ..platform import PLACEHOLDER, Options, Platform, Target
from ..versions import Versions
from .target import AzureTarget

if TYPE_CHECKING:
    from ...effective.evaluate import ImportEntry, Selection
    from ...effective.native_rule import NativeRule
    from ...effective.resource_names import ResourceNames
    from ...effective.resources import Resource
    from ...effective.update import Operation, Outcome
    from ...model.rules import RuleSet
    from ..attachments import Attachment
    from ..platform import Native as AnyNative
    from .native import Native


class _Azure(Platform[AzureTarget], frozen=True):
    @property
    def limits(self) -> Mapping[str, int]:
        from .limits import LIMITS

        return LIMITS

    def render(self, rules: RuleSet, target: Target, options: Options) -> Native:
        from .render import render

        return render(rules, self.own(target), name=options.name, ipv6=options.ipv6)

    def baseline(self, rules: RuleSet, target: Target, options: Options) -> tuple[Baseline, ...]:  # noqa: ARG002
        from .render import baseline

        return baseline(self.own(target))

    def expected(self, native: AnyNative, component: str, target: Target) -> tuple[ImportEntry, ...]:
        from .adopt import expected
        from .native import Native

        return tuple(expected(native, component, self.own(target))) if isinstance(native, Native) else ()

    def besides(self, target: Target) -> int:
        return self.own(target).existing_rules

    def listed(self, value: object) -> tuple[ImportEntry, ...]:
        from .from_cli import listed

        return listed(value)

    def native_rules(self, native: AnyNative) -> tuple[NativeRule, ...]:
        """With the audiences that tags and groups stand for."""
        from msgspec.structs import replace

        from .native import Native

        peers = {one.name: one.peer for one in native.security_rules if one.peer} if isinstance(native, Native) else {}
        return tuple(
            replace(one, sources=tuple(replace(source, peer=peers[one.name]) for source in one.sources))
            if one.name in peers
            else one
            for one in super().native_rules(native)
        )

    def sources(self, target: Target) -> Mapping[Identity, tuple[str, ...]]:
        from .read_rule import group_name, listed_name

        own = self.own(target)
        return {
            one: (
                *filter(None, map(listed_name, own.service_tags.of(one).values())),
                *map(group_name, own.application_security_groups.of(one).values()),
            )
            for one in ARGUMENTS
        }

    def selection(self, target: Target) -> Selection | None:
        from ...effective.evaluate import Selection
        from .read_rule import listed_name

        tags = self.own(target).service_tags
        names = tuple(filter(None, (listed_name(tag) for one in ARGUMENTS for tag in tags.of(one).values())))
        return Selection(lists=names) if names else None

    def not_known(self, target: Target) -> Iterator[tuple[Identity, str]]:
        from .by_name import not_known

        return not_known(self.own(target))

    def attachments(self, resources: Sequence[Resource], names: ResourceNames) -> Iterator[Attachment]:
        from .attachments import attachments

        return attachments(resources, names)

    def outcome(self, operations: Sequence[Operation], names: ResourceNames) -> Outcome:
        from .update import outcome

        return outcome(operations, names)


OLDER_LISTS = {"azure:network/networkSecurityGroup:NetworkSecurityGroup": ("securityRules",)}

ASSOCIATIONS = frozenset(
    {
        "azure:network/subnetNetworkSecurityGroupAssociation:SubnetNetworkSecurityGroupAssociation",
        "azure:network/networkInterfaceSecurityGroupAssociation:NetworkInterfaceSecurityGroupAssociation",
    }
)
"""Of the classic provider."""

SECURITY_RULE = "azure-native:network:SecurityRule"

AZURE = _Azure(
    name="azure",
    argument="azure",
    title="Azure",
    sdk="pulumi_azure_native",
    sdk_versions=Versions("3.0", "4"),
    component=Component(
        ".platforms.azure.component",
        "AzureFirewall",
        {"azure_network_security_group_id": "network_security_group_id"},
        refuses=True,
    ),
    target=AzureTarget,
    placeholder=AzureTarget(resource_group_name=PLACEHOLDER),
    made=("azure-native:network:NetworkSecurityGroup", SECURITY_RULE),
    listing="az network nsg show",
    import_note=(
        "rules and tags of the group that are not the program's go with the next pulumi up, and those that are missing "
        "come; its name stays. The first update drops from the state what Azure adds to each rule: etag, id, "
        "provisioningState and type. It is one request, which holds every rule"
    ),
    wording=Wording(
        "the network security group must allow",
        "write one string '{first}-{last}', not two",
        "a rule holds one family, so that {family} needs rules of its own",
        "*",
    ),
    removes_added=True,
    associations=ASSOCIATIONS,
    # "Public IP addresses", SKU: a Standard address is closed without a group, a Basic one open. Basic ones were
    # retired on 30 September 2025; those that nobody upgraded may still be there, and a listing does not tell.
    is_open_without=None,
    why_unknown="a Basic public address is open without a group, a Standard one closed, and which it has is not known",
    is_behind_nat=True,
    # azure-native puts what a refresh found into inputs (its provider.go, `applyDiff`); the older provider is bridged
    states={"azure": StateShape(is_bridged=True, computed=OLDER_LISTS, shared=OLDER_LISTS)},
)

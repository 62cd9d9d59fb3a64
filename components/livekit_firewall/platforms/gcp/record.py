"""The record of Google Cloud: everything that other modules need to know of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ...effective.standing import StateShape
from ...model.addresses import ANY_IPV4, Identity
from ..by_audience import ARGUMENTS
from ..facts import Baseline, Component, Wording
from ..platform import PLACEHOLDER, Options, Platform, Target
from ..versions import Versions
from .names import lawful_name, stem
from .target import GcpTarget

if TYPE_CHECKING:
    from ...effective.evaluate import EffectiveRules, ImportEntry, Selection
    from ...effective.native_rule import NativeRule
    from ...effective.resource_names import ResourceNames
    from ...effective.resources import Resource
    from ...effective.update import Operation, Outcome
    from ...model.addresses import Family
    from ...model.rules import RuleSet
    from ..attachments import Attachment
    from ..platform import Native as AnyNative
    from .native import Native


class _Gcp(Platform[GcpTarget], frozen=True):
    @property
    def limits(self) -> Mapping[str, int]:
        from .render import LIMITS

        return LIMITS

    def render(self, rules: RuleSet, target: Target, options: Options) -> Native:
        from .render import render

        return render(rules, self.own(target), name=options.name, ipv6=options.ipv6)

    def baseline(self, rules: RuleSet, target: Target, options: Options) -> tuple[Baseline, ...]:  # noqa: ARG002
        from .render import baseline

        return baseline(self.own(target), ipv6=options.ipv6)

    def native_rules(self, native: AnyNative) -> tuple[NativeRule, ...]:
        """By their keys, which are equal whatever the component is called."""
        from msgspec.structs import replace

        from .native import Native

        made = {one.name: one for one in native} if isinstance(native, Native) else {}

        def known(one: NativeRule) -> NativeRule:
            if one.name not in made:
                return one
            key, peer = made[one.name].key, made[one.name].peer
            sources = tuple(replace(source, peer=peer) for source in one.sources) if peer else one.sources
            return replace(one, name=key, sources=sources)

        return tuple(map(known, super().native_rules(native)))

    def assumed(self, found: EffectiveRules) -> Target:
        """The network, the tags and the accounts that the listing was read for."""
        tags = tuple(one.removeprefix("tag ") for one in found.members if one.startswith("tag "))
        accounts = tuple(one.removeprefix("account ") for one in found.members if one.startswith("account "))
        return GcpTarget(
            network=found.name,
            target_tags=tags or None,
            target_service_accounts=accounts or None,
            all_instances=not found.members,
        )

    def expected(self, native: AnyNative, component: str, target: Target) -> tuple[ImportEntry, ...]:  # noqa: ARG002
        from .adopt import expected
        from .native import Native

        return tuple(expected(native)) if isinstance(native, Native) else ()

    def listed(self, value: object) -> tuple[ImportEntry, ...]:
        from .from_cli import listed

        return listed(value)

    def is_called(self, name: str, component: str, key: str) -> bool:
        """With whatever digest, or without one as up to version 0.1: the rule of that key may have had other ports."""
        digest, end = name.rpartition("-")[2], stem(key)
        return name in (lawful_name(component, f"{end}-{digest}"), lawful_name(component, end))

    def sources(self, target: Target) -> Mapping[Identity, tuple[str, ...]]:
        own = self.own(target)
        return {
            one: tuple(
                f"{word} {value}"
                for word, by in (("tag", own.source_tags), ("account", own.source_service_accounts))
                for value in by.of(one).values()
            )
            for one in ARGUMENTS
        }

    def load_balancer_blocks(self, target: Target, family: Family) -> tuple[str, ...]:
        from .render import GOOGLE_LOAD_BALANCERS

        return GOOGLE_LOAD_BALANCERS[family] if self.own(target).google_load_balancer else ()

    def selection(self, target: Target) -> Selection:
        from ...effective.evaluate import Selection

        own = self.own(target)
        members = (*(own.target_tags or ()), *(own.target_service_accounts or ()))
        network = own.network if isinstance(own.network, str) and own.network != PLACEHOLDER else ""
        return Selection((), tuple(map(str, members)), own.all_instances, network)

    def attachments(self, resources: Sequence[Resource], names: ResourceNames) -> Iterator[Attachment]:
        from .attachments import attachments

        return attachments(resources, names)

    def outcome(self, operations: Sequence[Operation], names: ResourceNames) -> Outcome:
        from .update import outcome

        return outcome(operations, names)


FIREWALL = "gcp:compute/firewall:Firewall"
RANGES = "sourceRanges"
COMPUTED = {FIREWALL: (RANGES, "destinationRanges")}


def _left_by_update(before: Resource, planned: Resource) -> Mapping[str, Mapping[str, object]]:
    """One block in place of 0.0.0.0/0 is no difference but for what is added, so that 0.0.0.0/0 stays until the
    next update; and blocks stay for good where a rule names tags or accounts only (terraform-provider-google,
    `diffSuppressSourceRanges`, issue 8076; seen with pulumi-gcp 9.35).
    """
    old, new = (one.inputs.get(RANGES) for one in (before, planned))
    if planned.type != FIREWALL or not isinstance(old, list) or old == new:
        return {}
    is_one_for_all = old == [str(ANY_IPV4)] and isinstance(new, list) and len(new) == 1
    return {RANGES: {str(one): one for one in old}} if new is None or is_one_for_all else {}


GCP = _Gcp(
    name="gcp",
    argument="gcp",
    title="Google Cloud",
    sdk="pulumi_gcp",
    sdk_versions=Versions("10.0", "11"),
    component=Component(".platforms.gcp.component", "GcpFirewall", {"gcp_firewall_ids": "firewall_ids"}),
    target=GcpTarget,
    placeholder=GcpTarget(network=PLACEHOLDER, target_tags=(PLACEHOLDER,)),
    made=(FIREWALL,),
    rules_are_resources=True,
    listing="gcloud compute firewall-rules list --format json",
    import_note="the next pulumi up writes the program's descriptions; names stay",
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
    machine_inputs=("tags", "serviceAccount", "serviceAccounts"),
    # "VPC firewall rules", implied rules: all ingress is denied
    is_open_without=False,
    is_behind_nat=True,
    states={"gcp": StateShape(is_bridged=True, computed=COMPUTED, left_by_update=_left_by_update)},
)

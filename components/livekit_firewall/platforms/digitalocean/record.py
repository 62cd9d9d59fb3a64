"""The record of DigitalOcean: everything that other modules need to know of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ...effective.standing import StateShape
from ...model.addresses import Identity
from ..by_audience import ARGUMENTS
from ..facts import Baseline, Component, Wording
from ..platform import PLACEHOLDER, Options, Platform, Target
from ..versions import Versions
from .target import DigitalOceanTarget

if TYPE_CHECKING:
    from ...effective.evaluate import ImportEntry
    from ...effective.native_rule import NativeRule
    from ...effective.resource_names import ResourceNames
    from ...effective.resources import Resource
    from ...effective.update import Operation, Outcome
    from ...model.rules import RuleSet
    from ..attachments import Attachment
    from ..platform import Native as AnyNative
    from .native import InboundRule, Native


class _DigitalOcean(Platform[DigitalOceanTarget], frozen=True):
    @property
    def limits(self) -> Mapping[str, int]:
        from .render import LIMITS

        return LIMITS

    def render(self, rules: RuleSet, target: Target, options: Options) -> Native:
        from .render import render

        return render(rules, self.own(target), ipv6=options.ipv6)

    def baseline(self, rules: RuleSet, target: Target, options: Options) -> tuple[Baseline, ...]:  # noqa: ARG002
        from .render import baseline

        return baseline(ipv6=options.ipv6)

    def expected(self, native: AnyNative, component: str, target: Target) -> tuple[ImportEntry, ...]:  # noqa: ARG002
        from ...effective.evaluate import ImportEntry
        from .names import lawful_name

        own = self.own(target)
        tags = (f"tag {one}" for one in own.tags or ())
        droplets = (f"droplet {one}" for one in own.droplet_ids or ())
        return (ImportEntry(type=self.made[0], name=lawful_name(component), members=(*tags, *droplets)),)

    def listed(self, value: object) -> tuple[ImportEntry, ...]:
        from .from_cli import listed

        return listed(value)

    def native_rules(self, native: AnyNative) -> tuple[NativeRule, ...]:
        """With the audiences that tags stand for."""
        from ...model.addresses import Direction
        from .native import Native

        rules = super().native_rules(native)
        inbound = iter(native.inbound if isinstance(native, Native) else ())
        return tuple(_for_audiences(one, next(inbound)) if one.direction is Direction.INGRESS else one for one in rules)

    def sources(self, target: Target) -> Mapping[Identity, tuple[str, ...]]:
        own = self.own(target)
        found = {one: tuple(f"tag {tag}" for tag in own.source_tags.of(one).values()) for one in ARGUMENTS}
        balancers = (f"load-balancer {one}" for one in own.load_balancer_uids or ())
        return {**found, Identity.LOAD_BALANCER: (*found[Identity.LOAD_BALANCER], *balancers)}

    def attachments(self, resources: Sequence[Resource], names: ResourceNames) -> Iterator[Attachment]:
        from .attachments import attachments

        return attachments(resources, names)

    def protections(self, resources: Sequence[Resource], names: ResourceNames) -> Iterator[Attachment]:
        from .attachments import protections

        return protections(resources, names)

    def outcome(self, operations: Sequence[Operation], names: ResourceNames) -> Outcome:
        from .update import outcome

        return outcome(operations, names)


def _for_audiences(rule: NativeRule, entry: InboundRule) -> NativeRule:
    from msgspec.structs import replace

    from ...effective.native_rule import RuleSource
    from ...model.addresses import Peer

    meant = [(f"tag {tag}", f"tag {str(tag).lower()}", audience) for tag, audience in entry.audiences]
    more = (RuleSource(shown, Peer.of(audience), name) for shown, name, audience in meant)
    named = {name for _, name, _ in meant}
    return replace(rule, sources=(*(one for one in rule.sources if one.peer or one.name not in named), *more))


DIGITALOCEAN = _DigitalOcean(
    name="digitalocean",
    argument="digitalocean",
    title="DigitalOcean",
    sdk="pulumi_digitalocean",
    sdk_versions=Versions("4.40", "5"),
    component=Component(
        ".platforms.digitalocean.component", "DigitalOceanFirewall", {"digitalocean_firewall_id": "firewall_id"}
    ),
    target=DigitalOceanTarget,
    placeholder=DigitalOceanTarget(tags=(PLACEHOLDER,)),
    made=("digitalocean:index/firewall:Firewall",),
    listing="doctl compute firewall list -o json",
    import_note=(
        "rules, tags and Droplets of the firewall that are not the program's go with the next pulumi up, and those "
        "that are missing come; its name stays"
    ),
    wording=Wording(
        "the Droplet's firewall must have inbound rules for",
        "write one port range '{first}-{last}'",
        "a rule may hold both families, so that {family} needs its own sources in it",
    ),
    cuts_open_flows=True,
    removes_added=True,
    # Cloud Firewalls, "Features": they block what is not permitted, on Droplets that they are attached to
    is_open_without=True,
    is_keyed_by_members=True,
    machines="digitalocean:index/droplet:.*",
    states={"digitalocean": StateShape(is_bridged=True)},
)

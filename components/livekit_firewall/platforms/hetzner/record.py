"""The record of Hetzner Cloud: everything that other modules need to know of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ...effective.standing import StateShape
from ..facts import Baseline, Component, Wording
from ..platform import PLACEHOLDER, Options, Platform, Target
from ..versions import Versions
from .target import HetznerTarget, read_target

if TYPE_CHECKING:
    from ...effective.evaluate import ImportEntry
    from ...effective.native_rule import NativeRule
    from ...effective.resource_names import ResourceNames
    from ...effective.resources import Resource
    from ...effective.update import Operation, Outcome
    from ...model.addresses import Cidr, Identity
    from ...model.errors import Finding
    from ...model.rules import RuleSet
    from ..attachments import Attachment
    from ..platform import Native as AnyNative
    from .native import Native

FIREWALL = "hcloud:index/firewall:Firewall"
ATTACHMENT = "hcloud:index/firewallAttachment:FirewallAttachment"
SERVER = "hcloud:index/server:Server"


class _Hetzner(Platform[HetznerTarget], frozen=True):
    @property
    def limits(self) -> Mapping[str, int]:
        from .limits import LIMITS

        return LIMITS

    def render(self, rules: RuleSet, target: Target, options: Options) -> Native:
        from .render import render

        return render(rules, self.own(target), ipv6=options.ipv6)

    def baseline(self, rules: RuleSet, target: Target, options: Options) -> tuple[Baseline, ...]:  # noqa: ARG002
        from .render import baseline

        return baseline(ipv6=options.ipv6)

    def findings(
        self, rules: RuleSet, target: Target, named: Mapping[Identity, Collection[Cidr]], *, on_node: bool
    ) -> Iterator[Finding]:
        from ...model.addresses import Identity
        from .private import findings

        return iter(()) if on_node else findings(rules, self.own(target), named[Identity.LOAD_BALANCER])

    def expected(self, native: AnyNative, component: str, target: Target) -> tuple[ImportEntry, ...]:  # noqa: ARG002
        from ...effective.evaluate import ImportEntry
        from .names import lawful_name

        to, _ = read_target(self.own(target))
        servers = (f"server {one}" for one in to.servers)
        selectors = (f"label {one}" for one in to.selectors)
        return (ImportEntry(type=FIREWALL, name=lawful_name(component), members=(*servers, *selectors)),)

    def listed(self, value: object) -> tuple[ImportEntry, ...]:
        from .from_cli import listed

        return listed(value)

    def native_rules(self, native: AnyNative) -> tuple[NativeRule, ...]:
        """With what passes by the private network, for which there is no rule."""
        from ...effective.native_rule import Flow, NativeRule, RuleSource
        from ...model.addresses import Identity, Peer
        from .native import Native

        private = native.private if isinstance(native, Native) else ()
        balancer = RuleSource(str(Identity.LOAD_BALANCER), Peer.of(Identity.LOAD_BALANCER), "private network")
        flows = tuple(Flow(str(ports), ports) for ports in private)
        unfiltered = (NativeRule("private network, not filtered", flows, (balancer,)),) if flows else ()
        return (*super().native_rules(native), *unfiltered)

    def attachments(self, resources: Sequence[Resource], names: ResourceNames) -> Iterator[Attachment]:
        from .attachments import attachments

        return attachments(resources, names)

    def protections(self, resources: Sequence[Resource], names: ResourceNames) -> Iterator[Attachment]:
        from .attachments import protections

        return protections(resources, names)

    def outcome(self, operations: Sequence[Operation], names: ResourceNames) -> Outcome:
        from .update import outcome

        return outcome(operations, names)


def _left_by_update(before: Resource, planned: Resource) -> Mapping[str, Mapping[str, object]]:
    """The provider sends no empty list, so that the last rules stay, for ever (terraform-provider-hcloud#1482)."""
    from ...effective.property_values import is_hidden, listed
    from .native import name_of

    old, new = (one.inputs.get("rules") for one in (before, planned))
    if planned.type != FIREWALL or is_hidden(new) or listed(new):
        return {}
    rules = [one for one in listed(old) if isinstance(one, Mapping)]
    return {"rules": {name_of(*map(one.get, ("direction", "protocol", "port"))): one for one in rules}} if rules else {}


HETZNER = _Hetzner(
    name="hetzner",
    argument="hetzner",
    title="Hetzner Cloud",
    sdk="pulumi_hcloud",
    sdk_versions=Versions("1.30", "2"),
    component=Component(".platforms.hetzner.component", "HetznerFirewall", {"hetzner_firewall_id": "firewall_id"}),
    target=HetznerTarget,
    placeholder=HetznerTarget(label_selectors=(PLACEHOLDER,)),
    made=(FIREWALL,),
    listing="hcloud firewall list -o json",
    import_note=(
        "rules, servers and label selectors of the firewall that are not the program's go with the next pulumi up, and "
        "those that are missing come; its name stays"
    ),
    wording=Wording(
        "the server's firewall must have inbound rules for",
        "write one port '{first}-{last}'",
        "a rule may hold both families, so that {family} needs its own sources in it",
    ),
    # whether open flows end with their rule is not documented
    cuts_open_flows=True,
    removes_added=True,
    # Cloud Firewalls, FAQ: they filter servers that they are applied to; any other is open
    is_open_without=True,
    is_keyed_by_members=True,
    machines="hcloud:index/server:.*",
    machine_inputs=("labels", "firewallIds"),
    # `apply_to` and `labels` are computed: what the program leaves out stays (firewall/resource.go)
    states={
        "hcloud": StateShape(
            is_bridged=True, computed={FIREWALL: ("applyTos", "labels", "name")}, left_by_update=_left_by_update
        )
    },
)

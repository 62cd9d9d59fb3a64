"""`GcpFirewall`: the rules of a VPC network, as Pulumi resources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pulumi

from ...effective.planned import inputs_of
from ...model.addresses import ANY_IPV4, Cidr
from ...model.errors import Place, Problem
from ..aliases import former_names
from ..component import CloudFirewall, Rendered
from ..judged import after
from ..running import Handles, checked, not_empty, register, warn_unprotected_rules
from .names import lawful_name
from .native import FirewallRule, Native
from .record import FIREWALL, GCP
from .target import GcpTarget, account_problems, tag_problems


class GcpFirewall(CloudFirewall[GcpTarget, Native]):
    """Firewall rules that admit what `rules` admit, for the instances that `target` names.

    It creates no network, instance or load balancer, writes no egress rule (Google's default admits all),
    and manages no rule that it did not create. The options `protect` and `retain_on_delete` do not hold for its rules.

    Args:
        name: any resource name.
        rules: what may reach the node.
        target: the network, and its instances by tag or service account, or all.
        ipv6: whether IPv6 ingress is wanted.

    Outputs:
        firewall_ids: the id of each rule by its key (`public-ipv4`, `trunk-ipv6`, ...).

    Raises:
        InvalidArguments: the rules, the target, the options or the SDK's version; before anything is registered.
    """

    firewall_ids: pulumi.Output[dict[str, str]]
    rules: Mapping[str, pulumi.CustomResource]
    """The rules by the same keys."""
    _platform = GCP

    def _block_problems(self, name: str, block: Cidr) -> Iterator[Problem]:
        """Google's provider keeps 0.0.0.0/0 where one block takes its place (`record.py`)."""
        if block == ANY_IPV4:
            expected = "must not be 0.0.0.0/0 on Google Cloud, which would keep it when the output changes"
            yield Problem(Place(name), "an output that is everybody", expected, "write 0.0.0.0/0 as a plain value")

    def _make(self, given: Rendered[GcpTarget, Native]) -> Mapping[str, pulumi.Output[Any]]:
        warn_unprotected_rules(self, given.opts)
        native = _checked(given.native)
        made = {
            rule.key: register(self._plugin, FIREWALL, rule.name, _inputs(native, rule), self._child(rule))
            for rule in native
        }
        self.rules = Handles(made)
        self.firewall_ids = pulumi.Output.all(**{key: one.id for key, one in made.items()})
        return {"firewall_ids": self.firewall_ids}

    def _child(self, rule: FirewallRule) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(
            parent=self,
            # The provider patches `network` in place, which no source says that the API accepts.
            replace_on_changes=["network"],
            aliases=[
                *(pulumi.Alias(name=one) for one in rule.also),
                *(one for end in rule.ends for one in self._former(end)),
            ],
            # Those of the component would keep a rule that an edit takes away, or refuse the edit.
            protect=False,
            retain_on_delete=False,
        )

    def _former(self, end: str) -> list[pulumi.Input[str | pulumi.Alias]]:
        return former_names(self, FIREWALL, lambda component: lawful_name(component, end))


def _inputs(native: Native, rule: FirewallRule) -> dict[str, Any]:
    inputs = inputs_of(native.arguments(rule))
    return {**inputs, "allows": after(inputs["allows"], rule.shares)}


def _checked(native: Native) -> Native:
    """The rules with outputs that stop where their values would make them hold for other instances."""
    known: dict[int, Any] = {}  # an output is judged once, in however many rules it is

    def each(values: tuple[object, ...], problems: Any) -> tuple[object, ...]:
        return tuple(known.setdefault(id(one), checked(one, problems)) for one in values)

    firewalls = tuple(
        replace(
            rule,
            source_tags=each(rule.source_tags, _tag_problems if rule.peer else tag_problems),
            target_tags=each(rule.target_tags, tag_problems),
            source_service_accounts=each(
                rule.source_service_accounts, _account_problems if rule.peer else account_problems
            ),
            target_service_accounts=each(rule.target_service_accounts, account_problems),
        )
        for rule in native
    )
    return replace(
        native,
        firewalls=firewalls,
        network=not_empty("gcp.network", native.network),
        project=not_empty("gcp.project", native.project),
    )


def _tag_problems(tag: object) -> list[Problem]:
    return tag_problems(tag, "gcp.source_tags")


def _account_problems(account: object) -> list[Problem]:
    return account_problems(account, "gcp.source_service_accounts")

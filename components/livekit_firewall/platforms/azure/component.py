"""The Pulumi component of the Azure back end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pulumi

from ...effective.planned import inputs_of
from ...model.errors import ConfigurationError
from ...model.ports import PortRange
from ...model.rules import RuleSet
from ..aliases import former_names
from ..component import CloudFirewall, Rendered
from ..judged import after
from ..running import (
    Handles,
    NoSuchOutput,
    checked,
    checked_each,
    checked_tags,
    not_empty,
    register,
    warn_unprotected_rules,
)
from .by_name import group_problems
from .claims import take, taken
from .existing import id_problems, parts
from .names import group_name, lawful
from .native import Native, Priority, SecurityRule, rule_arguments
from .record import AZURE, SECURITY_RULE
from .render import TAGS
from .target import AzureTarget


class AzureFirewall(CloudFirewall[AzureTarget, Native]):
    """A network security group that admits what a rule set admits, and denies all the rest.

        firewall = AzureFirewall("lk", rules, AzureTarget(resource_group_name=group.name))
        network.Subnet("media", network_security_group={"id": firewall.network_security_group_id}, ...)

    The rules are inline, so that a change of any of them is one request that replaces the list at once. In an existing
    group each is a resource of its own: those of others stay as they are.

    Args:
        name: any resource name.
        rules: what may reach the node.
        target: the resource group, its location, tags, or an existing group; whether load balancer probes are let in.
        ipv6: whether IPv6 ingress is wanted.

    Raises:
        InvalidArguments: the rules, the target, the options or the SDK's version; before anything is registered.
    """

    network_security_group_id: pulumi.Output[str]
    """Whoever uses that of an existing group waits for the rules in it."""
    _platform = AZURE

    def _claim(self, target: AzureTarget, native: Native, me: str) -> None:
        refuse(target, me, native)
        self._group_problems = take(native, me)

    def _make(self, given: Rendered[AzureTarget, Native]) -> Mapping[str, pulumi.Output[Any]]:
        native = _checked(given.native)
        self._group: pulumi.CustomResource | None = None
        self._rules: Mapping[str, pulumi.CustomResource] = {}
        if native.group_id is None:
            self._group = self._new_group(native, given.target)
            self.network_security_group_id = self._group.id
        else:
            warn_unprotected_rules(self, given.opts, ", and the network security group stays")
            self.network_security_group_id = self._add_rules(native, given.rules)
        return {"network_security_group_id": self.network_security_group_id}

    @property
    def network_security_group(self) -> pulumi.CustomResource:
        """The group that it makes.

        Raises:
            NoSuchOutput: the rules are in an existing one.
        """
        if self._group is None:
            raise NoSuchOutput(
                "network_security_group: azure.network_security_group_id names an existing one, which is not of this "
                "component; use that, or rules"
            )
        return self._group

    @property
    def rules(self) -> Mapping[str, pulumi.CustomResource]:
        """Those in an existing group by key: `ice-udp-400`, `deny-all-4096`.

        Raises:
            NoSuchOutput: they are inside the group that it makes.
        """
        if self._group is not None:
            raise NoSuchOutput("rules: they are inside the group that the component makes; use network_security_group")
        return self._rules

    def _new_group(self, native: Native, target: AzureTarget) -> pulumi.CustomResource:
        inputs = {
            **inputs_of(native.arguments()),
            "resourceGroupName": not_empty("azure.resource_group_name", native.resource_group_name),
            "location": not_empty("azure.location", native.location),
            "tags": checked_tags("azure.tags", target.tags, TAGS) or None,
        }
        child = pulumi.ResourceOptions(parent=self, aliases=former_names(self, AZURE.made[0], group_name))
        return register(self._plugin, AZURE.made[0], group_name(self._name), inputs, child)

    def _add_rules(self, native: Native, rules: RuleSet) -> pulumi.Output[str]:
        """One after the other, since Azure takes one write of a group at a time, and azure-native tries a few times
        only (pulumi-azure-native#903). The last deny comes once all that it would shut is open, and goes first. What
        shares a port with a block that is an output is sent once that is judged.
        """
        group = pulumi.Output.from_input(checked(checked(native.group_id, id_problems), self._group_problems))
        made: dict[str, pulumi.CustomResource] = {}
        for rule in native.security_rules:
            key = rule.name.removeprefix(f"{lawful(self._name)}-")
            is_last = rule.priority == Priority.DENY_ALL
            others = [*made.values()][0 if is_last else -1 :]
            made[key] = self._rule(key, replace(rule, protocol=_judged(rule, rules)), group, others)
            if is_last:
                pulumi.log.warn(DENIED, self)
        self._rules = Handles(made)
        waited = pulumi.Output.all(group, *(one.urn for one in made.values()))
        return waited.apply(lambda known: str(known[0]))

    def _rule(
        self, key: str, rule: SecurityRule, group: pulumi.Output[Any], after: list[pulumi.CustomResource]
    ) -> pulumi.CustomResource:
        inputs = {
            **inputs_of(rule_arguments(rule)),
            "resourceGroupName": group.apply(lambda known: parts(known)[0]),
            "networkSecurityGroupName": group.apply(lambda known: parts(known)[1]),
        }
        opts = pulumi.ResourceOptions(
            parent=self,
            depends_on=after,
            # it begins with the component's name, which may be another one: Azure would get the rule a second time
            ignore_changes=["securityRuleName"],
            aliases=former_names(self, SECURITY_RULE, lambda component: f"{lawful(component)}-{key}"),
            # Those of the component would keep a rule that an edit takes away, or refuse the edit.
            protect=False,
            retain_on_delete=False,
        )
        return register(self._plugin, SECURITY_RULE, rule.name, inputs, opts)


def _judged(rule: SecurityRule, rules: RuleSet) -> Any:
    """Its protocol, once the blocks are judged that reach any of its ports."""
    texts = (*rule.destination_port_ranges, *([rule.destination_port_range] if rule.destination_port_range else []))
    ports = [PortRange.parse(f"{rule.protocol.lower()}/{text}") for text in texts if text != "*"]
    return after(rule.protocol, rules.named_on(*ports))


DENIED = (
    "azure.deny_all: the existing group gets a last deny of everything, also for other machines that have it: what "
    "Azure lets in from the virtual network by default is shut; azure.deny_all: false leaves it out"
)


def refuse(target: AzureTarget, me: str, native: Native | None) -> None:  # noqa: ARG001
    """Raise ConfigurationError for priorities of an existing group that another component of the program has.

    Args:
        me: what the component is called in the error.
    """
    if native is not None and (problems := list(taken(native, me))):
        raise ConfigurationError(problems)


def _checked(native: Native) -> Native:
    """With outputs that stop where their values are no application security groups."""
    rules = (
        replace(
            one,
            source_application_security_groups=checked_each(one.source_application_security_groups, group_problems),
        )
        for one in native.security_rules
    )
    return replace(native, security_rules=tuple(rules))

"""The Pulumi component of the AWS back end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pulumi

from ...effective.planned import inputs_of
from ...model.addresses import Cidr, Direction, Family
from ...model.errors import ConfigurationError
from ..aliases import former_names
from ..component import CloudFirewall, Rendered
from ..judged import after, if_told, in_family
from ..running import (
    Handles,
    NoSuchOutput,
    checked,
    checked_tags,
    not_empty,
    register,
    warn_unprotected_rules,
)
from .claims import take, taken
from .exclusive import FIELDS
from .limits import TAGS
from .names import group_name, numbered, tag
from .native import GROUP_DESCRIPTION, SELF, Native, SecurityGroupRule
from .record import AWS, EGRESS_RULE, EXCLUSIVE_RULES, GROUP, INGRESS_RULE
from .render import key_from
from .target import AwsTarget

REMOVED = "aws.exclusive: every rule of the existing group that is not of this component is removed"


class AwsFirewall(CloudFirewall[AwsTarget, Native]):
    """A security group that admits what a rule set admits.

        firewall = AwsFirewall("lk", rules, AwsTarget(vpc_id=vpc.id))
        ec2.Instance("node", vpc_security_group_ids=[firewall.security_group_id], ...)

    A rule that changes has another name, so that Pulumi creates the new one before it deletes the old:
    a live call is never without its rule. Whoever uses `security_group_ids` waits for every rule. The options `protect`
    and `retain_on_delete` hold for the groups and not for their rules.

    With `exclusive`, whatever else is in the group is removed, once every rule of this component is there: when the
    component is made, when its rules change, and by `pulumi up --refresh` what was added since.

    Args:
        name: any resource name.
        rules: what may reach the node.
        target: the VPC of new groups, or an existing group; the load balancer's groups; tags; region.
        ipv6: whether IPv6 ingress is wanted, the ICMPv6 baseline included.

    Raises:
        InvalidArguments: the rules, the target, the options or the SDK's version; before anything is registered.
    """

    security_group_ids: pulumi.Output[list[str]]
    """All of which the node needs: one, unless the target spreads the rules over several."""
    security_groups: tuple[pulumi.CustomResource, ...]
    """Those that it makes; none where the rules are in an existing group."""
    rules: Mapping[str, pulumi.CustomResource]
    """Its rules by key: `udp-50000-60000-any-ipv4`, `icmp-echo-request-any-ipv4`, `egress-any-ipv6`."""
    _platform = AWS

    def _claim(self, target: AwsTarget, native: Native, me: str) -> None:
        refuse(target, me, native)
        self._group_problems = take(target, native, me)

    def _make(self, given: Rendered[AwsTarget, Native]) -> Mapping[str, pulumi.Output[Any]]:
        target, native = given.target, given.native
        stays = "" if target.security_group_id is not None else ", and the security group stays without any"
        warn_unprotected_rules(self, given.opts, stays)
        self._region = not_empty("aws.region", target.region)
        self._rule_tags = checked_tags("aws.rule_tags", target.rule_tags, TAGS) or None
        self.security_groups = ()
        if target.security_group_id is None:
            self.security_groups = tuple(self._new_group(target, one + 1) for one in range(native.groups))
            ids = [one.id for one in self.security_groups]
        else:
            given_id = not_empty("aws.security_group_id", target.security_group_id)
            ids = [pulumi.Output.from_input(checked(given_id, self._group_problems))]
        made = [(rule, self._rule(rule, ids[rule.group - 1])) for rule in native.rules]
        self.rules = Handles({rule.key: one for rule, one in made})
        if target.exclusive:
            for number, group_id in enumerate(ids, 1):
                self._exclude_others(number, group_id, made)
            if target.security_group_id is not None:
                pulumi.log.warn(REMOVED, self)
        self.security_group_ids = _after(ids, [one for _, one in made])
        self._only_id = self.security_group_ids.apply(lambda known: known[0]) if len(ids) == 1 else None
        outputs = {"security_group_id": self._only_id} if self._only_id else {}
        return {**outputs, "security_group_ids": self.security_group_ids}

    @property
    def security_group_id(self) -> pulumi.Output[str]:
        """The only group.

        Raises:
            NoSuchOutput: there are several.
        """
        if self._only_id is None:
            raise NoSuchOutput(
                "security_group_id: aws.groups spreads the rules over several security groups, and a node needs all of "
                "them; use the list, aws_security_group_ids or security_group_ids"
            )
        return self._only_id

    @property
    def security_group(self) -> pulumi.CustomResource:
        """The only group that it makes.

        Raises:
            NoSuchOutput: there are several, or the rules are in an existing group.
        """
        if len(self.security_groups) != 1:
            why = (
                "aws.groups spreads the rules over several; use the tuple security_groups"
                if self.security_groups
                else "aws.security_group_id names an existing one, which is not of this component; use that"
            )
            raise NoSuchOutput(f"security_group: {why}")
        return self.security_groups[0]

    def _new_group(self, target: AwsTarget, number: int) -> pulumi.CustomResource:
        # No `name`: with one, an attached group would be deleted before it is replaced, which hangs.
        inputs = {
            "description": GROUP_DESCRIPTION,
            "vpcId": not_empty("aws.vpc_id", target.vpc_id),
            "region": self._region,
            "tags": _with_name(tag(self._name, number), target.tags),
        }
        # A changed description replaces the group; so does one of a group that was imported.
        opts = pulumi.ResourceOptions(
            parent=self,
            ignore_changes=["description"],
            aliases=former_names(self, GROUP, lambda component: group_name(component, number)),
        )
        return register(self._plugin, GROUP, group_name(self._name, number), inputs, opts)

    def _exclude_others(
        self,
        number: int,
        group_id: pulumi.Output[str],
        rules: Sequence[tuple[SecurityGroupRule, pulumi.CustomResource]],
    ) -> None:
        """Have every rule of a group removed but these, once all rules of the component are there: what it removes has
        been replaced by then, and Pulumi deletes last what is gone already, which the provider takes for done.
        """
        ids: dict[Direction, list[pulumi.Output[str]]] = {way: [] for way in Direction}
        for rule, made in rules:
            if rule.group == number:
                ids[rule.direction].append(made.id)
        named = {FIELDS[way]: found for way, found in ids.items()}
        inputs = {"securityGroupId": group_id, "region": self._region, **named}
        after = [one for _, one in rules]
        opts = pulumi.ResourceOptions(parent=self, depends_on=after, protect=False, retain_on_delete=False)
        register(self._plugin, EXCLUSIVE_RULES, numbered(f"{self._name}-exclusive", number), inputs, opts)

    def _rule(self, rule: SecurityGroupRule, group_id: pulumi.Output[str]) -> pulumi.CustomResource:
        kind = INGRESS_RULE if rule.direction is Direction.INGRESS else EGRESS_RULE
        inputs = {
            **inputs_of(rule.arguments()),
            "ipProtocol": after(rule.ip_protocol, rule.waits),
            "securityGroupId": group_id,
            "region": self._region,
            "tags": self._rule_tags,
        }
        if rule.block:  # once it is known, it is one of the two
            inputs |= {f"cidrI{family.value[1:]}": in_family(rule.block, family) for family in Family}
        if rule.referenced_security_group_id is SELF:
            inputs["referencedSecurityGroupId"] = group_id
        opts = pulumi.ResourceOptions(
            parent=self,
            ignore_changes=["description"],  # see SecurityGroupRule.description
            # What has a name of the user's own may be another one: a modification would cut open flows.
            replace_on_changes=list(rule.replaced_by) or None,
            aliases=[*(pulumi.Alias(name=f"{self._name}-{key}") for key in rule.also), *self._as_plain(rule)],
            # Those of the component stay with the group: a rule that is retained stays open when it is taken
            # back, and one that is protected stops every change.
            protect=False,
            retain_on_delete=False,
        )
        return register(self._plugin, kind, f"{self._name}-{rule.key}", inputs, opts)

    def _as_plain(self, rule: SecurityGroupRule) -> Iterator[pulumi.Output[pulumi.Alias]]:
        """The name of a rule of the same block, where the program had that one as a plain value: AWS refuses the new
        rule while the old one is there.
        """
        if rule.block:
            own = pulumi.Alias(name=f"{self._name}-{rule.key}")
            yield if_told(
                pulumi.Output.from_input(rule.block.value),
                lambda block: pulumi.Alias(name=f"{self._name}-{key_from(rule, Cidr.parse(block))}"),
                own,
            )


def _with_name(name: str, tags: Any) -> Any:
    """The tags of a group and a name, unless they have one."""
    known = checked_tags("aws.tags", tags, TAGS, ("Name",))
    if isinstance(known, pulumi.Output):
        return known.apply(lambda given: {"Name": name, **(given or {})})
    return {"Name": name, **known}


def _after(values: list[pulumi.Output[str]], resources: Sequence[pulumi.Resource]) -> pulumi.Output[list[str]]:
    """The values, known as soon as before, to whose users Pulumi gives these resources first: a machine would otherwise
    be moved to a group whose rules are not there yet. A URN is known at a preview too, where an id is not.
    """
    count = len(values)
    return pulumi.Output.all(*values, *(one.urn for one in resources)).apply(lambda known: known[:count])


def refuse(target: AwsTarget, me: str, native: Native | None) -> None:
    """Raise ConfigurationError for rules of an existing group that another component of the program has.

    Args:
        me: what the component is called in the error.
    """
    if native is not None and (problems := list(taken(target, native, me))):
        raise ConfigurationError(problems)

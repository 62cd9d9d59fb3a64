"""The Pulumi component of the AWS back end."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from ...model.addresses import Direction
from ...model.rules import RuleSet
from ..running import pulumi_errors, sdk
from .names import group_name
from .native import GROUP_DESCRIPTION, SELF, SecurityGroupRule
from .record import AWS
from .render import render
from .target import AwsTarget


class AwsFirewall(pulumi.ComponentResource):
    """A security group that admits what a rule set admits.

        firewall = AwsFirewall("lk", rules, AwsTarget(vpc_id=vpc.id))
        ec2.Instance("node", vpc_security_group_ids=[firewall.security_group_id], ...)

    A rule that changes has another name, so that Pulumi creates the new one before it deletes the old:
    a live call is never without its rule. Whoever uses `security_group_id` waits for every rule. The options `protect`
    and `retain_on_delete` hold for the group and not for its rules.

    Args:
        name: any resource name.
        rules: what may reach the node.
        target: the VPC of a new group, or an existing group; the load balancer's groups; tags; region.
        ipv6: whether IPv6 ingress is wanted, the ICMPv6 baseline included.

    Raises:
        RenderError: before anything is registered.
    """

    security_group_id: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        rules: RuleSet,
        target: AwsTarget,
        *,
        ipv6: bool = True,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        with pulumi_errors():
            native = render(rules, target, ipv6=ipv6)
            self._sdk = sdk(AWS)
        super().__init__("livekit:index:AwsFirewall", name, None, opts)
        self._name = name
        self._region = target.region
        if target.security_group_id is None:
            group_id = self._new_group(target)
        else:
            group_id = pulumi.Output.from_input(target.security_group_id)
        self.security_group_id = _after(group_id, [self._rule(rule, group_id) for rule in native.rules])
        self.register_outputs({"security_group_id": self.security_group_id})

    def _new_group(self, target: AwsTarget) -> pulumi.Output[str]:
        group = self._sdk.ec2.SecurityGroup(
            group_name(self._name),
            # No `name`: with one, an attached group would be deleted before it is replaced, which hangs.
            description=GROUP_DESCRIPTION,
            vpc_id=target.vpc_id,
            region=self._region,
            tags={"Name": self._name, **target.tags},
            # A changed description replaces the group; so does one of a group that was imported.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["description"]),
        )
        group_id: pulumi.Output[str] = group.id
        return group_id

    def _rule(self, rule: SecurityGroupRule, group_id: pulumi.Output[str]) -> pulumi.Resource:
        kinds = {
            Direction.INGRESS: self._sdk.vpc.SecurityGroupIngressRule,
            Direction.EGRESS: self._sdk.vpc.SecurityGroupEgressRule,
        }
        arguments = rule.arguments()
        if rule.referenced_security_group_id is SELF:
            arguments["referenced_security_group_id"] = group_id
        made: pulumi.Resource = kinds[rule.direction](
            f"{self._name}-{rule.key}",
            security_group_id=group_id,
            region=self._region,
            **arguments,
            opts=pulumi.ResourceOptions(
                parent=self,
                ignore_changes=["description"],  # see SecurityGroupRule.description
                # What has a name of the user's own may be another one: a modification would cut open flows.
                replace_on_changes=["referencedSecurityGroupId"],
                aliases=[pulumi.Alias(name=f"{self._name}-{key}") for key in rule.also],
                # Those of the component stay with the group: a rule that is retained stays open when it is taken
                # back, and one that is protected stops every change.
                protect=False,
                retain_on_delete=False,
            ),
        )
        return made


def _after(value: pulumi.Output[str], resources: Sequence[pulumi.Resource]) -> pulumi.Output[str]:
    """The value, known as soon as before, to whose users Pulumi gives these resources first: a machine would otherwise
    be moved to a group whose rules are not there yet. A URN is known at a preview too, where an id is not.
    """
    return pulumi.Output.all(value, *(one.urn for one in resources)).apply(lambda known: str(known[0]))

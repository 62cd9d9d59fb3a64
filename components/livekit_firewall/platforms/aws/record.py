"""The record of AWS: everything that other modules need to know of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ...effective.standing import StateShape
from ...model.addresses import Identity
from ..facts import Baseline, Component, Holder, Modification, Wording
from ..platform import PLACEHOLDER, Options, Platform, Target
from ..versions import Versions
from .target import AwsTarget

if TYPE_CHECKING:
    from ...effective.evaluate import ImportEntry, Selection
    from ...effective.resource_names import ResourceNames
    from ...effective.resources import Resource
    from ...effective.snapshot import Size
    from ...effective.update import Operation, Outcome
    from ...model.addresses import Identity
    from ...model.rules import RuleSet
    from ..attachments import Attachment
    from ..platform import Native as AnyNative
    from .native import Native


class _Aws(Platform[AwsTarget], frozen=True):
    @property
    def limits(self) -> Mapping[str, int]:
        from .limits import LIMITS

        return LIMITS

    def render(self, rules: RuleSet, target: Target, options: Options) -> Native:
        from .render import render

        return render(rules, self.own(target), ipv6=options.ipv6)

    def baseline(self, rules: RuleSet, target: Target, options: Options) -> tuple[Baseline, ...]:  # noqa: ARG002
        from .render import baseline

        return baseline(self.own(target), ipv6=options.ipv6)

    def expected(self, native: AnyNative, component: str, target: Target) -> tuple[ImportEntry, ...]:
        from .adopt import expected
        from .native import Native

        return tuple(expected(native, component, self.own(target))) if isinstance(native, Native) else ()

    def listed(self, value: object) -> tuple[ImportEntry, ...]:
        from .from_cli import listed

        return listed(value)

    def besides(self, target: Target) -> int:
        return self.own(target).existing_rules

    def is_called(self, name: str, component: str, key: str) -> bool:
        return name == f"{component}-{key}"

    def limited(self, size: Size, target: Target) -> Size:
        quota = self.own(target).rules_quota
        return size if quota == size.limit else replace(size, limit=quota, is_default=False)

    def more_room(self, target: Target) -> str:
        quota = "aws.rules_quota, once AWS has raised the quota"
        is_new = self.own(target).security_group_id is None
        return (
            f"raise aws.groups, which makes other rules move and cuts none, or {quota}" if is_new else f"raise {quota}"
        )

    def sources(self, target: Target) -> Mapping[Identity, tuple[str, ...]]:
        from .sources import sources

        return sources(self.own(target))

    def not_known(self, target: Target) -> Iterator[tuple[Identity, str]]:
        from .sources import not_known

        return not_known(self.own(target))

    def selection(self, target: Target) -> Selection | None:
        from ...effective.evaluate import Selection
        from ...model.addresses import Identity

        given = self.own(target)
        lists = tuple(str(each.id) for audience in Identity for _, each in given.lists_of(audience))
        return Selection(most=given.groups, lists=lists) if given.groups > 1 or lists else None

    def tracking(self, is_open: bool, target: Target) -> str:
        from .render import has_egress

        if not is_open:
            why = "AWS tracks media flows, since clients are restricted"
            return f"{why}: watch conntrack_allowance_exceeded on busy nodes."
        if has_egress(self.own(target)):
            why = "AWS does not track media flows, as they and all egress are open to anywhere"
            return f"{why}: no connection limit applies."
        return (
            "AWS tracks media flows unless the existing group opens all egress to anywhere as well: "
            "watch conntrack_allowance_exceeded on busy nodes."
        )

    def attachments(self, resources: Sequence[Resource], names: ResourceNames) -> Iterator[Attachment]:
        from .attachments import attachments
        from .names import firewall_of

        return (replace(one, what=firewall_of(one.what)) for one in attachments(resources, names))

    def outcome(self, operations: Sequence[Operation], names: ResourceNames) -> Outcome:
        from .update import outcome

        return outcome(operations, names)


GROUP = "aws:ec2/securityGroup:SecurityGroup"
TAGS = frozenset({"tags", "tagsAll"})
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
GROUPS = (GROUP, DEFAULT_GROUP)
INLINE = ("ingress", "egress")
INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS_RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
OLDER_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
EXCLUSIVE_RULES = "aws:ec2/vpcSecurityGroupRulesExclusive:VpcSecurityGroupRulesExclusive"
EXCLUSIVE = ("aws:vpc/securityGroupRulesExclusive:SecurityGroupRulesExclusive", EXCLUSIVE_RULES)
"""What removes every rule of a group that it does not name."""

AWS = _Aws(
    name="aws",
    argument="aws",
    title="AWS",
    sdk="pulumi_aws",
    sdk_versions=Versions("7.0", "8"),
    component=Component(
        ".platforms.aws.component",
        "AwsFirewall",
        {"aws_security_group_id": "security_group_id", "aws_security_group_ids": "security_group_ids"},
        refuses=True,
    ),
    target=AwsTarget,
    placeholder=AwsTarget(vpc_id=PLACEHOLDER),
    made=(INGRESS_RULE, EGRESS_RULE),
    holder=Holder(GROUP, "securityGroupId"),
    rules_are_resources=True,
    names_say_all=True,
    listing="aws ec2 describe-security-group-rules",
    rule_ids="aws ec2 describe-security-group-rules",
    import_note=(
        "of a group that becomes the program's, the next pulumi up sets the tags; its name and description, and "
        "those of its rules, stay"
    ),
    wording=Wording(
        "the security group must admit",
        "write one rule from port {first} to port {last}",
        "a rule holds one family, so that {family} needs rules of its own",
        "-1",
    ),
    cuts_open_flows=True,
    removes_added_with="aws.exclusive",
    cut_by={
        GROUP: Modification("the security group", ("replace",)),
        # terraform-provider-aws, vpc_security_group_ingress_rule.go: ModifySecurityGroupRules has the description too
        INGRESS_RULE: Modification("the rule", ("update", "replace"), TAGS),
        # vpc_security_group_rule.go: UpdateSecurityGroupRuleDescriptionsIngress is a call of its own
        OLDER_RULE: Modification("the rule", ("update", "replace"), TAGS | {"description"}),
    },
    # EC2 guide, "Security groups": a group without inbound rules admits nothing, and an interface has one at least
    is_open_without=False,
    is_behind_nat=True,
    states={"aws": StateShape(is_bridged=True, computed={GROUP: INLINE}, shared=dict.fromkeys(GROUPS, INLINE))},
)

"""A security group as the AWS CLI prints it -> what it admits.

Reads `aws ec2 describe-security-group-rules` (its rules have ids, so that they can be imported) and
`aws ec2 describe-security-groups`. Shapes: EC2 API reference, SecurityGroupRule, SecurityGroup, IpPermission.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from shlex import quote

from msgspec import Struct
from msgspec.structs import replace

from ...effective.evaluate import EffectiveRules, ImportEntry, Selection, evaluate
from ...effective.native_rule import NativeRule, RuleSource, block_source
from ...effective.syntax import refuse, shaped
from ...model.addresses import Direction
from .adopt import IN_GROUP, RULE, content
from .native import SELF, flows_of_rule
from .record import GROUP


class _GroupReference(Struct):
    GroupId: str


class _ListedRule(Struct):
    GroupId: str
    IpProtocol: str
    IsEgress: bool = False
    SecurityGroupRuleId: str | None = None
    FromPort: int | None = None
    ToPort: int | None = None
    CidrIpv4: str | None = None
    CidrIpv6: str | None = None
    PrefixListId: str | None = None
    ReferencedGroupInfo: _GroupReference | None = None


class _BlockEntry(Struct):
    CidrIp: str | None = None
    CidrIpv6: str | None = None


class _PrefixList(Struct):
    PrefixListId: str


class _Permission(Struct):
    IpProtocol: str
    FromPort: int | None = None
    ToPort: int | None = None
    IpRanges: list[_BlockEntry] | None = None
    Ipv6Ranges: list[_BlockEntry] | None = None
    PrefixListIds: list[_PrefixList] | None = None
    UserIdGroupPairs: list[_GroupReference] | None = None


class _SecurityGroup(Struct):
    GroupId: str
    GroupName: str | None = None
    VpcId: str | None = None
    IpPermissions: list[_Permission] | None = None
    IpPermissionsEgress: list[_Permission] | None = None


class _Rules(Struct):
    SecurityGroupRules: list[_ListedRule]


class _Groups(Struct):
    SecurityGroups: list[_SecurityGroup]


def recognises(value: object) -> bool:
    return isinstance(value, dict) and ("SecurityGroupRules" in value or "SecurityGroups" in value)


def read(value: object, asked: Selection) -> EffectiveRules:
    """What the group admits, or all groups asked for together: an interface adds them up.

    Raises:
        NotAFirewall: another shape; several groups and none chosen; one chosen that is not there.
    """
    if isinstance(value, dict) and "SecurityGroups" in value:
        groups = shaped(value, _Groups, "SecurityGroups").SecurityGroups
        names = {group.GroupId: (group.GroupId, group.GroupName or "") for group in groups}
        rules = [rule for group in groups for rule in _rules_of(group)]
    else:
        rules = shaped(value, _Rules, "SecurityGroupRules").SecurityGroupRules
        groups = []
        names = {rule.GroupId: (rule.GroupId, "") for rule in rules}
    chosen = _chosen(names, asked)
    mine = [rule for rule in rules if rule.GroupId in chosen]
    parsed = [_native(rule).parsed for rule in mine if not rule.IsEgress]
    vpcs = {one.GroupId: one.VpcId or "" for one in groups}
    adopted = tuple(_adopted({one: vpcs.get(one, "") for one in chosen}, mine))
    return evaluate(", ".join(chosen) or "no group", parsed, members=chosen, adopted=adopted)


def _chosen(names: dict[str, tuple[str, str]], asked: Selection) -> tuple[str, ...]:
    if not asked.groups:
        if len(names) > 1:
            raise refuse("", ", ".join(sorted(names)), "must be one security group", "say which are meant: --group ID")
        return tuple(names)
    for group in asked.groups:
        if not any(group in known for known in names.values()):
            raise refuse("--group", group, "must be a security group of the file", f"it has {', '.join(names)}")
    return tuple(one for one, known in names.items() if set(known) & set(asked.groups))


def _rules_of(group: _SecurityGroup) -> Iterator[_ListedRule]:
    sides = ((False, group.IpPermissions), (True, group.IpPermissionsEgress))
    for is_egress, permission in ((side, one) for side, permissions in sides for one in permissions or ()):
        bare = _ListedRule(
            group.GroupId, permission.IpProtocol, is_egress, FromPort=permission.FromPort, ToPort=permission.ToPort
        )
        yield from (replace(bare, CidrIpv4=one.CidrIp) for one in permission.IpRanges or ())
        yield from (replace(bare, CidrIpv6=one.CidrIpv6) for one in permission.Ipv6Ranges or ())
        yield from (replace(bare, PrefixListId=one.PrefixListId) for one in permission.PrefixListIds or ())
        yield from (replace(bare, ReferencedGroupInfo=one) for one in permission.UserIdGroupPairs or ())


def _native(rule: _ListedRule) -> NativeRule:
    name = rule.SecurityGroupRuleId or rule.GroupId
    flows = flows_of_rule(rule.IpProtocol, rule.FromPort, rule.ToPort, name)
    source = _source(rule, " ".join(str(ports) for flow in flows for ports in flow.ranges), name)
    return NativeRule(name, flows, (source,), direction=Direction.EGRESS if rule.IsEgress else Direction.INGRESS)


def _source(rule: _ListedRule, ports: str, name: str) -> RuleSource:
    block = rule.CidrIpv4 or rule.CidrIpv6
    if block is not None:
        return block_source(block, name)
    if rule.ReferencedGroupInfo is not None:
        return RuleSource(rule.ReferencedGroupInfo.GroupId, name=rule.ReferencedGroupInfo.GroupId)
    if rule.PrefixListId is not None:
        why = f"admits {ports} from the prefix list {rule.PrefixListId}, whose blocks are not in this JSON"
        return RuleSource(rule.PrefixListId, unread=why)
    return RuleSource("(unknown)", unread=f"admits {ports} from a source that is not known")


def _adopted(groups: Mapping[str, str], rules: Iterable[_ListedRule]) -> Iterator[ImportEntry]:
    """The groups, by their ids with their VPCs, then the rules."""
    for group, vpc in groups.items():
        yield ImportEntry(type=GROUP, name=group, id=group, home={"VPC": vpc} if vpc else {})
    for rule in rules:
        yield _adopted_rule(rule, _native(rule))


def _adopted_rule(rule: _ListedRule, native: NativeRule) -> ImportEntry:
    other = rule.ReferencedGroupInfo.GroupId if rule.ReferencedGroupInfo else rule.PrefixListId
    side = "egress" if rule.IsEgress else "ingress"
    id_ = rule.SecurityGroupRuleId or ""
    which = f"--group-id {quote(rule.GroupId)} --security-group-rule-ids {quote(id_)}"
    return ImportEntry(
        type=RULE[native.direction],
        name=native.name,
        id=id_,
        content=content(
            rule.IpProtocol,
            rule.FromPort,
            rule.ToPort,
            rule.CidrIpv4 or rule.CidrIpv6,
            SELF if other == rule.GroupId else other,
        ),
        home={IN_GROUP: rule.GroupId},
        shown=f"{side} {' '.join(native.flow_names)} {native.sources[0].shown}",
        removal=f"aws ec2 revoke-security-group-{side} {which}",
    )

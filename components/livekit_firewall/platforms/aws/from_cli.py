"""A security group as the AWS CLI prints it -> what it admits.

Reads `aws ec2 describe-security-group-rules` (its rules have ids, so that they can be imported) and
`aws ec2 describe-security-groups`. Shapes: EC2 API reference, SecurityGroupRule, SecurityGroup, IpPermission.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from ...effective.evaluate import EffectiveRules, ImportEntry, Selection, evaluate
from ...effective.native_rule import NativeRule, RuleSource, block_source
from ...effective.syntax import refuse, shaped
from ...model.addresses import Direction
from .native import flows_of_rule
from .record import EGRESS_RULE, GROUP, INGRESS_RULE


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
    IpPermissions: list[_Permission] | None = None


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
        names = {rule.GroupId: (rule.GroupId, "") for rule in rules}
    chosen = _chosen(names, asked)
    mine = [rule for rule in rules if rule.GroupId in chosen]
    parsed = [_native(rule).parsed for rule in mine if not rule.IsEgress]
    return evaluate(", ".join(chosen) or "no group", parsed, members=chosen, adopted=tuple(_adopted(chosen, mine)))


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
    for permission in group.IpPermissions or ():
        bare = _ListedRule(group.GroupId, permission.IpProtocol, FromPort=permission.FromPort, ToPort=permission.ToPort)
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


def _adopted(groups: Iterable[str], rules: Iterable[_ListedRule]) -> Iterator[ImportEntry]:
    for group in groups:
        yield ImportEntry(GROUP, _name(group), group)
    for rule in rules:
        if rule.SecurityGroupRuleId is not None:
            kind = EGRESS_RULE if rule.IsEgress else INGRESS_RULE
            yield ImportEntry(kind, _name(rule.SecurityGroupRuleId), rule.SecurityGroupRuleId)


def _name(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", "-", text)

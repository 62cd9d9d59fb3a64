"""A security group as the AWS CLI prints it -> what it admits.

Reads `aws ec2 describe-security-group-rules` (its rules have ids, so that they can be imported) and
`aws ec2 describe-security-groups`. Shapes: EC2 API reference, SecurityGroupRule, SecurityGroup, IpPermission.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from ...effective.evaluate import EffectiveRules, ImportEntry, ParsedRule, Selection, evaluate
from ...effective.syntax import block_of, ports_of, protocols_of, refuse, shaped
from ...model.packets import EVERYBODY, PacketSet
from ...model.ports import MAX_PORT, PortRange


class Group(Struct):
    GroupId: str


class Rule(Struct):
    GroupId: str
    IpProtocol: str
    IsEgress: bool = False
    SecurityGroupRuleId: str | None = None
    FromPort: int | None = None
    ToPort: int | None = None
    CidrIpv4: str | None = None
    CidrIpv6: str | None = None
    PrefixListId: str | None = None
    ReferencedGroupInfo: Group | None = None


class _Range(Struct):
    CidrIp: str | None = None
    CidrIpv6: str | None = None


class _List(Struct):
    PrefixListId: str


class _Permission(Struct):
    IpProtocol: str
    FromPort: int | None = None
    ToPort: int | None = None
    IpRanges: list[_Range] | None = None
    Ipv6Ranges: list[_Range] | None = None
    PrefixListIds: list[_List] | None = None
    UserIdGroupPairs: list[Group] | None = None


class _SecurityGroup(Struct):
    GroupId: str
    GroupName: str | None = None
    IpPermissions: list[_Permission] | None = None


class _Rules(Struct):
    SecurityGroupRules: list[Rule]


class _Groups(Struct):
    SecurityGroups: list[_SecurityGroup]


GROUP_TYPE = "aws:ec2/securityGroup:SecurityGroup"
RULE_TYPES = {
    False: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    True: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
}


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
    said = [_said(rule) for rule in mine if not rule.IsEgress]
    return evaluate(", ".join(chosen) or "no group", said, members=chosen, adopted=tuple(_adopted(chosen, mine)))


def _chosen(names: dict[str, tuple[str, str]], asked: Selection) -> tuple[str, ...]:
    if not asked.groups:
        if len(names) > 1:
            raise refuse("", ", ".join(sorted(names)), "must be one security group", "say which are meant: --group ID")
        return tuple(names)
    for group in asked.groups:
        if not any(group in known for known in names.values()):
            raise refuse("--group", group, "must be a security group of the file", f"it has {', '.join(names)}")
    return tuple(one for one, known in names.items() if set(known) & set(asked.groups))


def _rules_of(group: _SecurityGroup) -> Iterator[Rule]:
    for permission in group.IpPermissions or ():
        bare = Rule(group.GroupId, permission.IpProtocol, FromPort=permission.FromPort, ToPort=permission.ToPort)
        yield from (replace(bare, CidrIpv4=one.CidrIp) for one in permission.IpRanges or ())
        yield from (replace(bare, CidrIpv6=one.CidrIpv6) for one in permission.Ipv6Ranges or ())
        yield from (replace(bare, PrefixListId=one.PrefixListId) for one in permission.PrefixListIds or ())
        yield from (replace(bare, ReferencedGroupInfo=one) for one in permission.UserIdGroupPairs or ())


def _said(rule: Rule) -> ParsedRule:
    ports = ports_in(rule)
    source = rule.CidrIpv4 or rule.CidrIpv6
    name = rule.SecurityGroupRuleId or rule.GroupId
    if ports is None:
        return ParsedRule(name, True, unread=f"the protocol {rule.IpProtocol} is not known")
    if source is not None:
        return ParsedRule(name, True, PacketSet.box(ports, [block_of(source, name)]))
    if rule.ReferencedGroupInfo is not None:
        return ParsedRule(name, True, named={rule.ReferencedGroupInfo.GroupId: PacketSet.box(ports, EVERYBODY)})
    shown = " ".join(map(str, ports)) or rule.IpProtocol
    if not ports:
        return ParsedRule(name, True)
    if rule.PrefixListId is not None:
        why = f"admits {shown} from the prefix list {rule.PrefixListId}, whose blocks are not in this JSON"
        return ParsedRule(name, True, unread=why)
    return ParsedRule(name, True, unread=f"admits {shown} from a source that is not known")


def ports_in(rule: Rule) -> tuple[PortRange, ...] | None:
    """A number of a protocol opens all ports whatever the rule says, unless it is TCP's, UDP's or ICMP's."""
    protocols = protocols_of(rule.IpProtocol)
    if not protocols:
        return None if protocols is None else ()
    where = rule.SecurityGroupRuleId or rule.GroupId
    if len(protocols) > 1 or rule.FromPort in (None, -1):
        return ports_of(protocols, 0, MAX_PORT, where)
    return ports_of(protocols, rule.FromPort or 0, rule.ToPort if rule.ToPort is not None else -1, where)


def _adopted(groups: Iterable[str], rules: Iterable[Rule]) -> Iterator[ImportEntry]:
    for group in groups:
        yield ImportEntry(GROUP_TYPE, _name(group), group)
    for rule in rules:
        if rule.SecurityGroupRuleId is not None:
            yield ImportEntry(RULE_TYPES[rule.IsEgress], _name(rule.SecurityGroupRuleId), rule.SecurityGroupRuleId)


def _name(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", "-", text)

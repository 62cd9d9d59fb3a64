"""Security groups and their rules as the EC2 API returns them, in one form.

Shapes: EC2 API reference, SecurityGroupRule, SecurityGroup, IpPermission, UserIdGroupPair. What has a field that these
do not name says why it is not understood.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from ...effective.syntax import shaped_whole
from ...model.addresses import Direction


class AnyRule(Struct, frozen=True):
    """One rule, whatever it came from. Its sources add up.

    Attributes:
        group: the one that it is in.
        id: None where the listing has none.
        direction: None where the listing does not say it.
        doubt: why it is not understood; "" if it is.
    """

    group: str
    protocol: str
    id: str | None = None
    direction: Direction | None = Direction.INGRESS
    first: int | None = None
    last: int | None = None
    blocks: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    prefix_lists: tuple[str, ...] = ()
    doubt: str = ""

    @property
    def name(self) -> str:
        return self.id or self.group


class Group(Struct, frozen=True):
    """A security group with its rules; `vpc` is "" where the listing does not say it."""

    id: str
    name: str
    rules: tuple[AnyRule, ...] = ()
    doubt: str = ""
    vpc: str = ""


class _GroupReference(Struct):
    GroupId: str | None = None
    GroupName: str | None = None
    PeeringStatus: str | None = None


class _ListedRule(Struct):
    GroupId: str
    IpProtocol: str
    IsEgress: bool | None = None
    SecurityGroupRuleId: str | None = None
    FromPort: int | None = None
    ToPort: int | None = None
    CidrIpv4: str | None = None
    CidrIpv6: str | None = None
    PrefixListId: str | None = None
    ReferencedGroupInfo: dict[str, object] | None = None


class _Permission(Struct):
    IpProtocol: str
    FromPort: int | None = None
    ToPort: int | None = None
    IpRanges: list[dict[str, object]] | None = None
    Ipv6Ranges: list[dict[str, object]] | None = None
    PrefixListIds: list[dict[str, object]] | None = None
    UserIdGroupPairs: list[dict[str, object]] | None = None


class _Ipv4Range(Struct):
    CidrIp: str


class _Ipv6Range(Struct):
    CidrIpv6: str


class _PrefixList(Struct):
    PrefixListId: str


class _SecurityGroup(Struct):
    GroupId: str
    IpPermissions: list[object]
    GroupName: str | None = None
    VpcId: str | None = None
    IpPermissionsEgress: list[object] | None = None


OF_GROUP = ("Description", "OwnerId", "Tags", "SecurityGroupArn")
OF_RULE = ("GroupOwnerId", "Description", "Tags", "SecurityGroupRuleArn")
OF_REFERENCE = ("Description", "UserId", "VpcId", "VpcPeeringConnectionId")


def rule_of(value: Mapping[str, object]) -> AnyRule:
    """A rule of `describe-security-group-rules`.

    Raises:
        NotAFirewall: it has not the fields that a rule always has.
    """
    one, doubt = shaped_whole(value, _ListedRule, "SecurityGroupRules", OF_RULE)
    groups, more = _references([one.ReferencedGroupInfo] if one.ReferencedGroupInfo else ())
    direction = None if one.IsEgress is None else Direction.EGRESS if one.IsEgress else Direction.INGRESS
    unsure = "" if direction else "does not say whether it is for ingress"
    return AnyRule(
        one.GroupId,
        one.IpProtocol,
        one.SecurityGroupRuleId,
        direction,
        one.FromPort,
        one.ToPort,
        tuple(block for block in (one.CidrIpv4, one.CidrIpv6) if block is not None),
        groups,
        (one.PrefixListId,) if one.PrefixListId is not None else (),
        doubt or more or unsure,
    )


def rules_of_group(value: Mapping[str, object]) -> Group:
    """A group of `describe-security-groups` with a rule for each source.

    Raises:
        NotAFirewall: it has not the fields that a group always has.
    """
    one, doubt = shaped_whole(value, _SecurityGroup, "SecurityGroups", OF_GROUP)
    sides = {Direction.INGRESS: one.IpPermissions, Direction.EGRESS: one.IpPermissionsEgress or []}
    rules = tuple(
        rule
        for side, permissions in sides.items()
        for given in permissions
        for rule in _rules(one.GroupId, side, given)
    )
    return Group(one.GroupId, one.GroupName or "", rules, doubt, one.VpcId or "")


def _rules(group: str, side: Direction, value: object) -> Iterator[AnyRule]:
    one, doubt = shaped_whole(value, _Permission, "IpPermissions")
    bare = AnyRule(group, one.IpProtocol, direction=side, first=one.FromPort, last=one.ToPort, doubt=doubt)
    sources = [
        *(_source(bare, given, _Ipv4Range, "CidrIp", "blocks") for given in one.IpRanges or ()),
        *(_source(bare, given, _Ipv6Range, "CidrIpv6", "blocks") for given in one.Ipv6Ranges or ()),
        *(_source(bare, given, _PrefixList, "PrefixListId", "prefix_lists") for given in one.PrefixListIds or ()),
    ]
    for given in one.UserIdGroupPairs or ():
        groups, more = _references([given])
        sources.append(replace(bare, groups=groups, doubt=doubt or more))
    yield from sources or [bare]


def _source(bare: AnyRule, value: object, shape: type[Struct], field: str, kind: str) -> AnyRule:
    one, doubt = shaped_whole(value, shape, "IpPermissions", ("Description",))
    return replace(bare, **{kind: (getattr(one, field),), "doubt": bare.doubt or doubt})


def _references(values: Iterable[object]) -> tuple[tuple[str, ...], str]:
    """The groups that are referred to, and why that is not understood."""
    names, doubts = list[str](), list[str]()
    for value in values:
        one, doubt = shaped_whole(value, _GroupReference, "GroupId", OF_REFERENCE)
        names.append(one.GroupId or one.GroupName or "")
        # a group that is gone, or behind a peering that is gone, leaves a stale rule
        is_stale = one.PeeringStatus not in (None, "", "active")
        doubts.append(doubt or (f"refers to a group whose peering is {one.PeeringStatus}" if is_stale else ""))
        doubts.append("" if names[-1] else "refers to a group without an id")
    return tuple(filter(None, names)), next(filter(None, doubts), "")

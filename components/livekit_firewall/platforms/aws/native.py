"""A rule set as AWS holds it: plain records, final strings and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from ...effective.native_rule import Flow, flows_of
from ...effective.planned import planned
from ...effective.property_values import NOT_KNOWN
from ...effective.resources import Resource
from ...effective.syntax import protocols_of
from ...model.addresses import Direction, NamedBlock
from ...model.ports import MAX_PORT
from ..platform import PLACEHOLDER
from .names import numbered
from .record import EGRESS_RULE, GROUP, INGRESS_RULE

GROUP_DESCRIPTION = "LiveKit media server, managed by livekit-firewall"
"""Constant: a change would replace the group, and an attached group cannot be deleted."""

SELF = "self"
"""As `referenced_security_group_id`: the group that the rule is in, which is the first where there are several.

Like every reference to a group it admits the private addresses of the group's interfaces only, so that
nodes which call each other by public address need `cluster.cidrs` (VPC guide, "Security group rules").
"""


@dataclass(frozen=True, slots=True)
class SecurityGroupRule:
    """One rule resource.

    Attributes:
        key: its name after the component's, made of protocol, ports and peer only.
        direction: ingress or egress.
        ip_protocol: `tcp`, `udp`, `icmp`, `icmpv6`, or `-1` for all.
        from_port, to_port: ports, or ICMP type and code (-1 = every code); None with `-1`, which takes none.
        cidr_ipv4, cidr_ipv6, referenced_security_group_id, prefix_list_id, block: the other end, exactly one of them.
            References are texts or outputs of other resources; that to a group may be `SELF`. The block is one that
            becomes a `cidr_ipv4` or a `cidr_ipv6` when it is known.
        description: the service and LiveKit's keys. It differs for one key when the same ports come from
            another place (`udp_port`, then `rtc.udp_port` of a file), so the component writes it once and
            then ignores it: any modification of a rule cuts the untracked flows that it enables.
        also: keys that it may have had up to version 0.1, when they held the service: aliases.
        group: which of the component's groups it is in, from 1.
        entries: what it counts as towards the quota, in both families unless it has a block of one.
        waits: blocks of other rules on its ports, which have to be judged before it is sent.
    """

    key: str
    direction: Direction
    ip_protocol: str
    from_port: int | None
    to_port: int | None
    cidr_ipv4: str | None
    cidr_ipv6: str | None
    referenced_security_group_id: object
    description: str
    also: tuple[str, ...] = ()
    group: int = 1
    prefix_list_id: object = None
    block: NamedBlock | None = None
    entries: int = 1
    waits: tuple[NamedBlock, ...] = ()

    @property
    def is_in_ipv4(self) -> bool:
        """Whether it counts towards that family's quota."""
        return self.cidr_ipv6 is None

    @property
    def is_in_ipv6(self) -> bool:
        return self.cidr_ipv4 is None

    @property
    def replaced_by(self) -> tuple[str, ...]:
        """The inputs on whose change it is made anew: those that its name does not say."""
        given = {
            "referencedSecurityGroupId": self.referenced_security_group_id,
            "prefixListId": self.prefix_list_id,
            "cidrIpv4": self.block,
            "cidrIpv6": self.block,
        }
        return tuple(name for name, value in given.items() if value)

    @property
    def is_baseline(self) -> bool:
        """Whether it is there besides the rule set, whose rules are for TCP and UDP."""
        return self.ip_protocol not in ("tcp", "udp")

    def arguments(self) -> dict[str, object]:
        """The arguments of `SecurityGroupIngressRule` and `SecurityGroupEgressRule`, but for its group and block."""
        return {name: value for name in _ARGUMENTS if (value := getattr(self, name)) is not None}

    def as_json(self) -> dict[str, object]:
        shown = {"key": self.key, "direction": str(self.direction), **self.arguments()}
        if self.block:
            shown["cidr"] = NOT_KNOWN
        if self.group > 1:
            shown["group"] = self.group
        return {name: value if isinstance(value, str | int) else PLACEHOLDER for name, value in shown.items()}


_ARGUMENTS = (
    "ip_protocol", "from_port", "to_port", "cidr_ipv4", "cidr_ipv6", "referenced_security_group_id", "prefix_list_id",
    "description",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Native:
    """A rule set as AWS holds it: the rules of as many new groups in `vpc_id`, or of `security_group_id`."""

    rules: tuple[SecurityGroupRule, ...]
    vpc_id: object = None
    security_group_id: object = None
    groups: int = 1

    def as_json(self) -> dict[str, object]:
        """What `render --to aws` prints; an id that is not known yet is the placeholder."""
        group: dict[str, object] = {"id": self.security_group_id}
        if self.security_group_id is None:
            group = {"vpc_id": self.vpc_id, "description": GROUP_DESCRIPTION}
        shown = {name: value if isinstance(value, str) else PLACEHOLDER for name, value in group.items()}
        return {
            "security_group": {**shown, "count": self.groups} if self.groups > 1 else shown,
            "rules": [rule.as_json() for rule in self.rules],
        }

    def resources(self) -> Iterator[Resource]:
        """See `platform.Native`."""
        ids = [self.security_group_id]
        if self.security_group_id is None:
            names = (numbered("aws", number) for number in range(1, self.groups + 1))
            made = [planned(GROUP, name, {"vpc_id": self.vpc_id}) for name in names]
            ids = [one.urn for one in made]
            yield from (replace(one, id=one.urn) for one in made)
        for rule in self.rules:
            group = ids[rule.group - 1]
            given = {**rule.arguments(), "security_group_id": group}
            if rule.referenced_security_group_id is SELF:
                given["referenced_security_group_id"] = group
            if rule.block:
                given |= {"cidr_ipv4": NOT_KNOWN, "cidr_ipv6": NOT_KNOWN}
            kind = INGRESS_RULE if rule.direction is Direction.INGRESS else EGRESS_RULE
            yield planned(kind, rule.key, given, rule.also)


def flows_of_rule(protocol: str, first: int | None, last: int | None, where: str) -> tuple[Flow, ...]:
    """What the two numbers of a rule open: ports, or type and code of ICMP. A number of a protocol opens all ports
    whatever the rule says, unless it is TCP's, UDP's or ICMP's.

    Raises:
        NotAFirewall: they are no ports.
    """
    whole = len(protocols_of(protocol) or ()) > 1 or first is None or first == -1
    ranges = (0, MAX_PORT) if whole or first is None else (first, -1 if last is None else last)
    found = flows_of(protocol, [ranges], where)
    return found if first is None else tuple(_with_type(one, first, last) for one in found)


def _with_type(flow: Flow, first: int, last: int | None) -> Flow:
    if not flow.other.startswith("icmp"):
        return flow
    kind = f"{flow.other} {first}/{last}" if first != -1 else flow.other
    return replace(flow, shown=f"{flow.shown} {first}/{'' if last is None else last}", other=kind)

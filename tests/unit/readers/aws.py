"""A security group as EC2 reads it: allow rules only, what none of them allows is dropped.

Source: EC2 API reference (AuthorizeSecurityGroupIngress, IpPermission) and the VPC guide's "Security
group rules". What it takes on trust: whose the groups and prefix lists are, and that nodes of the same group
are its members.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from itertools import product
from typing import Any

from livekit_firewall.model.addresses import Cidr, Identity, NamedBlock, Packet
from livekit_firewall.model.packets import EVERYBODY

from .area import ADDRESSES, Area, ports_of

WHOSE = {
    "self": Identity.SAME_GROUP,
    "sg-0c": Identity.CLIENTS,
    "pl-0c": Identity.CLIENTS,
    "sg-07": Identity.TRUNKS,
    "pl-07": Identity.TRUNKS,
    "sg-00": Identity.OPERATORS,
    "pl-01": Identity.CLUSTER,
}
"""Groups and prefix lists of the tests, any other being the load balancer's."""

DESCRIPTION = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=;{}!$*]{0,255}")


def admits_native(native: Any, packet: Packet, quota: int = 60) -> bool:
    """Whether the group, or all groups together, let the packet open a flow in its direction."""
    refuse_if_ec2_would(native, quota)
    return any(
        rule.direction == packet.direction and _ports(rule, packet) and _end(rule, packet) for rule in native.rules
    )


def _ports(rule: Any, packet: Packet) -> bool:
    if rule.ip_protocol == "-1":
        return True
    return rule.ip_protocol == packet.protocol.value and rule.from_port <= packet.port <= rule.to_port


def _end(rule: Any, packet: Packet) -> bool:
    if isinstance(packet.source, NamedBlock):
        return rule.block is not None and rule.block.name == packet.source.name
    if isinstance(packet.source, Identity):
        known_by = rule.referenced_security_group_id or rule.prefix_list_id
        return known_by is not None and WHOSE.get(known_by, Identity.LOAD_BALANCER) is packet.source
    block = rule.cidr_ipv4 or rule.cidr_ipv6
    return block is not None and packet.source in ipaddress.ip_network(block)


def area(token: str, inputs: Mapping[str, Any]) -> Area:
    """What a rule lets in and out of its group. A group lets nothing in by itself."""
    if not token.endswith("Rule"):
        return Area()
    group, named = inputs["securityGroupId"], inputs.get("referencedSecurityGroupId") or inputs.get("prefixListId")
    sender = named or ADDRESSES
    block = inputs.get("cidrIpv4") or inputs.get("cidrIpv6")
    ports = f"{inputs.get('fromPort')}-{inputs.get('toPort')}"
    if "Egress" in token or inputs["ipProtocol"] not in ("tcp", "udp"):
        return Area.portless(group, f"{token.rsplit(':', 1)[1]} {inputs['ipProtocol']} {ports} {sender or block}")
    blocks = [Cidr.parse(block)] if block else EVERYBODY
    return Area.of(group, sender, ports_of(inputs["ipProtocol"], ports), blocks)


def exclusive(token: str, inputs: Mapping[str, Any]) -> frozenset[object]:
    """What a group holds once: a second rule of the same is an InvalidPermission.Duplicate."""
    if not token.endswith("Rule"):
        return frozenset()
    ends = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
    words = ("securityGroupId", "ipProtocol", "fromPort", "toPort", *ends)
    return frozenset({(token, *(inputs.get(word) for word in words))})


def refuse_if_ec2_would(native: Any, quota: int = 60) -> None:
    """EC2's own checks, as far as they are documented; two equal permissions are a Duplicate error."""
    seen = set()
    for rule in native.rules:
        ends = rule.cidr_ipv4, rule.cidr_ipv6, rule.referenced_security_group_id, rule.prefix_list_id, rule.block
        assert [end is not None for end in ends].count(True) == 1, f"not exactly one source: {rule}"
        if rule.cidr_ipv4 is not None:
            assert str(ipaddress.IPv4Network(rule.cidr_ipv4)) == rule.cidr_ipv4, rule
        if rule.cidr_ipv6 is not None:
            assert str(ipaddress.IPv6Network(rule.cidr_ipv6)) == rule.cidr_ipv6, rule
        assert DESCRIPTION.fullmatch(rule.description), rule
        _refuse_ports(rule)
        permission = (rule.group, rule.direction, rule.ip_protocol, rule.from_port, rule.to_port, *ends)
        assert permission not in seen, f"InvalidPermission.Duplicate: {rule}"
        seen.add(permission)
    for group, direction in product(range(1, native.groups + 1), ("ingress", "egress")):
        mine = [rule for rule in native.rules if rule.group == group and rule.direction == direction]
        for other in ("cidr_ipv6", "cidr_ipv4"):
            count = sum(rule.entries for rule in mine if getattr(rule, other) is None)
            assert count <= quota, "RulesPerSecurityGroupLimitExceeded"
    assert {rule.group for rule in native.rules} <= set(range(1, native.groups + 1))
    assert native.groups * quota <= 1000, "RulesPerNetworkInterfaceLimitExceeded"


def _refuse_ports(rule: Any) -> None:
    if rule.ip_protocol == "-1":
        assert (rule.from_port, rule.to_port) == (None, None), rule
        return
    assert type(rule.from_port) is int, rule
    assert type(rule.to_port) is int, rule
    if rule.ip_protocol in ("tcp", "udp"):
        assert 0 <= rule.from_port <= rule.to_port <= 65535, rule
    elif rule.ip_protocol == "icmp":
        assert rule.cidr_ipv4 is not None, rule
        assert -1 <= rule.to_port <= 255, rule
    else:
        assert rule.ip_protocol == "icmpv6", f"any other protocol opens all ports: {rule}"
        assert rule.cidr_ipv6 is not None, rule

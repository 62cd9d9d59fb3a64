"""A rule set as Azure holds it: plain records with the fields of azure-native's `SecurityRuleArgs`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any

from ...effective.native_rule import Flow, NativeRule, RuleSource, block_source, flows_of
from ...effective.planned import planned
from ...effective.resources import Resource
from ...effective.syntax import block_of, protocols_of, range_of
from ...model.addresses import ANY_IPV4, ANY_IPV6, Cidr, Family, Peer
from ...model.packets import ALL_PORTS, EVERYBODY, PacketSet
from ...model.ports import MAX_PORT, Protocol
from ...model.services import Service
from ..platform import PLACEHOLDER
from .record import AZURE, SECURITY_RULE


class Priority(IntEnum):
    """Priorities of the baseline's rules. Lower is evaluated first; a number is never reused or changed."""

    ICMP = 100
    LOAD_BALANCER_PROBES = 110
    # The highest priority number that Azure takes.
    DENY_ALL = 4096


BAND = 25
"""Rules that one service can have for one protocol and family."""


def band(service: Service, protocol: Protocol, family: Family) -> int:
    """The first priority of a service's rules for one protocol and family: of the hundred that a service has, 25 are
    for TCP over IPv4, then TCP over IPv6, UDP over IPv4, UDP over IPv6. All of them allow, so their order has
    no effect, as long as each is below the last deny.
    """
    return service.record.band + BAND * (2 * (protocol is Protocol.UDP) + (family is Family.IPV6))


GROUPS = "source_application_security_groups"


@dataclass(frozen=True, slots=True)
class SecurityRule:
    """One inline rule. Singular and plural fields are Azure's; of each pair exactly one is set.

    Attributes:
        name: purpose, protocol and family; the ports too where the purpose needs several rules.
        priority: unique among the inbound rules.
        protocol: `Tcp`, `Udp`, `Icmp` or `*`.
        source_address_prefix: a block, which may be an output, `*` for every address of both families, or a service
            tag.
        source_application_security_groups: ids, or outputs, in place of prefixes.
        source_address_prefixes: two or more blocks of one family.
        destination_port_range: a port, `first-last`, or `*`.
        destination_port_ranges: two or more of them; each is a port or one `first-last` text, since two
            texts are two ports and not a range.
        description: the service and LiveKit's keys.
        peer: the audience or the named block that its source is; no argument of the rule.
    """

    name: str
    priority: int
    protocol: str
    description: str
    access: str = "Allow"
    direction: str = "Inbound"
    source_address_prefix: object = None
    source_address_prefixes: tuple[str, ...] = ()
    source_application_security_groups: tuple[object, ...] = ()
    source_port_range: str = "*"
    destination_address_prefix: str = "*"
    destination_port_range: str | None = None
    destination_port_ranges: tuple[str, ...] = ()
    peer: Peer | None = None

    def arguments(self) -> dict[str, object]:
        """The arguments of `SecurityRuleArgs`."""
        values = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in ("peer", GROUPS)}
        groups = {GROUPS: [{"id": one} for one in self.source_application_security_groups]}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in {**values, **groups}.items()
            if value is not None and value not in ((), [])
        }


@dataclass(frozen=True, slots=True)
class Native:
    """A rule set as Azure holds it: the rules of one network security group, by priority.

    Attributes:
        group_id: of an existing group, in which each rule is a resource of its own.
    """

    security_rules: tuple[SecurityRule, ...]
    resource_group_name: object = None
    location: object = None
    group_id: object = None

    def as_json(self) -> dict[str, object]:
        """What `render --to azure` prints; a name that is not known yet is the placeholder."""
        known = isinstance(self.resource_group_name, str)
        if self.group_id is not None:
            return {
                "network_security_group_id": self.group_id if isinstance(self.group_id, str) else PLACEHOLDER,
                "security_rules": [_known(rule.arguments()) for rule in self.security_rules],
            }
        return {
            "resource_group_name": self.resource_group_name if known else PLACEHOLDER,
            **({"location": self.location if isinstance(self.location, str) else PLACEHOLDER} if self.location else {}),
            "security_rules": [_known(rule.arguments()) for rule in self.security_rules],
        }

    def arguments(self) -> dict[str, object]:
        """Those of `NetworkSecurityGroup`, without its name and tags."""
        rules = [rule.arguments() for rule in self.security_rules]
        return {"resource_group_name": self.resource_group_name, "location": self.location, "security_rules": rules}

    def resources(self) -> Iterator[Resource]:
        """See `platform.Native`."""
        if self.group_id is None:
            yield planned(AZURE.made[0], "azure", self.arguments())
            return
        for rule in self.security_rules:
            yield planned(SECURITY_RULE, rule.name, {**rule_arguments(rule), **PLACE})


def rule_arguments(rule: SecurityRule) -> dict[str, object]:
    """Those of `SecurityRule`, without its group."""
    given = rule.arguments()
    return {"security_rule_name": given.pop("name"), **given}


PLACE = {"resource_group_name": PLACEHOLDER, "network_security_group_name": PLACEHOLDER}


def _known(value: Any) -> Any:
    """What is an output as the placeholder."""
    if isinstance(value, dict):
        return {key: _known(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_known(one) for one in value]
    return value if isinstance(value, str | int) else PLACEHOLDER


VNET, PROBES, INTERNET = "VirtualNetwork", "AzureLoadBalancer", "Internet"
PROBES_FROM = "168.63.129.16"
"""The one address of `AzureLoadBalancer`: health probes come from it, and no client ("Service tags")."""

PRIVATE = tuple(
    map(
        Cidr.parse,
        ("10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", f"{PROBES_FROM}/32"),
    )
)
"""Addresses that may be of a virtual network or of the platform; all others are `Internet` ("Service tags"). Those of
IPv6 in a virtual network are known by its own tag.
"""


PUBLIC = tuple(
    block
    for _, blocks in (PacketSet.box(ALL_PORTS[:1], EVERYBODY) - PacketSet.box(ALL_PORTS[:1], PRIVATE)).parts()
    for block in blocks
)


def native_rule(
    name: str,
    access: str,
    protocol: str,
    ports: Iterable[str],
    sources: tuple[RuleSource, ...],
    *,
    source_ports: Sequence[str] = (),
    destinations: Iterable[str] = (),
    groups: Iterable[object] = (),
) -> NativeRule:
    """One rule of a listing or of a resource.

    Args:
        destinations, groups: addresses, tags and application security groups that it is for; none for all.

    Raises:
        NotAFirewall: its ports or destinations are none.
    """
    allows = access.lower() != "deny"
    flows = dict.fromkeys(flow for text in ports for flow in _flows(protocol, text, name))
    families = None if any(True for _ in groups) else families_of(destinations, name)
    # nobody opens a flow from port 0
    is_narrow = [*source_ports] not in ([], ["*"], ["0-65535"], ["1-65535"])
    unread = ""
    if protocols_of(protocol) is None or access.lower() not in ("allow", "deny"):
        unread = "its protocol or access is not known"
    elif families is None:
        unread = "is for a destination that may be the node's or not"
    elif is_narrow and not allows:
        unread = "is for some source ports only"
    return NativeRule(
        name,
        tuple(flows),
        sources,
        allows=allows,
        unread=unread,
        partly=is_narrow,
        families=None if families in (None, EVERYBODY) else families,
    )


def _flows(protocol: str, text: str, where: str) -> tuple[Flow, ...]:
    """Of one text of ports. Two texts are two ports, not a range."""
    ranges = ((0, MAX_PORT) if one == "*" else range_of(one, where) for one in (text,))
    return flows_of(protocol, ranges, where)


def families_of(destinations: Iterable[str], where: str) -> tuple[Cidr, ...] | None:
    """Where the rule holds, by family; None if that depends on the node's own address. The node is in the
    virtual network.
    """
    found: list[Cidr] = []
    for text in [*destinations] or ["*"]:
        if text.lower() in ("*", "any", VNET.lower()):
            return EVERYBODY
        if text not in (str(ANY_IPV4), str(ANY_IPV6)):
            return None
        found.append(block_of(text, where))
    return tuple(found)


def source_of(text: str, where: str) -> RuleSource | None:
    """A block, or everywhere; None for a service tag. In an allow `Internet` is everywhere: it leaves out only
    addresses of the virtual network.

    Raises:
        NotAFirewall: no block, and no tag either.
    """
    word = text.lower()
    if word in ("*", "any", INTERNET.lower()):
        return RuleSource(text if word == INTERNET.lower() else "anywhere", Peer.anywhere(), text)
    return block_source(text, where) if text[:1].isdigit() or ":" in text else None

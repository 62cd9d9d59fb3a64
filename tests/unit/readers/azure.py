"""A network security group as Azure reads it: by priority, the first rule that matches decides.

Source: Azure's "Network security groups" overview, REST API SecurityRulePropertiesFormat, and
"IPv6 for Azure Virtual Network". The default rules are part of it: without a deny of our own, the
virtual network is let in.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from typing import Any

from livekit_firewall.model.addresses import Address, Cidr, Identity, NamedBlock, Packet
from livekit_firewall.model.packets import ALL_PORTS, EVERYBODY, PacketSet
from livekit_firewall.model.ports import PortRange

from .area import ADDRESSES, Area, ports_of

VIRTUAL_NETWORK = ("10.0.0.0/8", "fd00::/8")
"""A virtual network that the node is in, peers included: it has addresses of both families."""

TAGS = {
    "AzureLoadBalancer": ("168.63.129.16/32", "fe80::1234:5678:9abc/128"),
    "VirtualNetwork": VIRTUAL_NETWORK,
}

NAME = re.compile(r"(?=.{1,80}$)\w([\w.-]*\w)?", re.ASCII)

Default = tuple[int, str, str]
DEFAULTS: list[Default] = [
    (65000, "VirtualNetwork", "Allow"),
    (65001, "AzureLoadBalancer", "Allow"),
    (65500, "*", "Deny"),
]


def admits_native(native: Any, packet: Packet) -> bool:
    """Whether the group lets the packet open a flow to the node. An audience is what has a service tag, or is in an
    application security group, whose name begins with its own; a block that is not known is the text `cidrs.NAME`.
    """
    refuse_if_azure_would(native)
    inbound = sorted(
        (rule for rule in native.security_rules if rule.direction == "Inbound"),
        key=lambda rule: rule.priority,
    )
    for rule in inbound:
        if _matches(rule, packet.source, packet):
            return bool(rule.access == "Allow")
    for _, tag, access in sorted(DEFAULTS):
        if _is_one_of(packet.source, [tag]):
            return access == "Allow"
    raise AssertionError("the last default matches everything")


def area(token: str, inputs: Mapping[str, Any]) -> Area:
    """What a group lets in: the first rule that matches decides, then the defaults."""
    member = f"{inputs.get('resourceGroupName')} {inputs.get('networkSecurityGroupName', '')}"
    own = [rule for rule in inputs["securityRules"] if rule["direction"] == "Inbound"]
    decided, admitted, portless = PacketSet(), PacketSet(), Area()
    denies_icmp = False
    for rule in sorted(own, key=lambda rule: int(rule["priority"])):
        groups = [one["id"] for one in rule.get("sourceApplicationSecurityGroups", ())]
        sources = [] if groups else rule.get("sourceAddressPrefixes") or [rule["sourceAddressPrefix"]]
        allows = rule["access"] == "Allow"
        by_name = [*groups, *(one for one in sources if one[0].isalpha() and one not in TAGS and ":" not in one)]
        if by_name:  # nobody knows the addresses
            assert allows
            texts = rule.get("destinationPortRanges") or [rule["destinationPortRange"]]
            ports = _port_ranges(rule["protocol"], texts)
            portless |= Area.union(Area.of(member, name, ports) for name in by_name)
            continue
        if rule["protocol"] == "Icmp":
            assert not denies_icmp
            portless |= Area.union(Area.portless(member, f"icmp {source}") for source in sources if allows)
            continue
        denies_icmp |= rule["protocol"] == "*" and not allows
        texts = rule.get("destinationPortRanges") or [rule["destinationPortRange"]]
        mine = PacketSet.box(_port_ranges(rule["protocol"], texts), _blocks(sources)) - decided
        admitted, decided = (admitted | mine if allows else admitted), decided | mine
    for _, tag, access in sorted(DEFAULTS):
        mine = PacketSet.box(ALL_PORTS, _blocks([tag])) - decided
        admitted, decided = (admitted | mine if access == "Allow" else admitted), decided | mine
    return portless | Area({(member, ADDRESSES): admitted})


def _port_ranges(protocol: str, texts: Iterable[str]) -> list[PortRange]:
    protocols = ["tcp", "udp"] if protocol == "*" else [protocol.lower()]
    return [ports for one in protocols for text in texts for ports in ports_of(one, "1-65535" if text == "*" else text)]


def _blocks(prefixes: Iterable[str]) -> list[Cidr]:
    found: list[Cidr] = []
    for prefix in prefixes:
        found += EVERYBODY if prefix == "*" else map(Cidr.parse, TAGS.get(prefix, (prefix,)))
    return found


def _matches(rule: Any, source: Address, packet: Packet) -> bool:
    if rule.protocol != "*" and rule.protocol.lower() != packet.protocol.value:
        return False
    assert rule.source_port_range == "*"
    assert rule.destination_address_prefix == "*"
    return _is_one_of(source, _sources(rule)) and any(
        _in_ports(packet.port, text) for text in _one_or_many(rule, "destination_port_range", "destination_port_ranges")
    )


def _sources(rule: Any) -> list[str]:
    """Groups in place of prefixes, never both."""
    groups = [str(one) for one in rule.source_application_security_groups]
    if groups:
        assert not rule.source_address_prefix, rule
        assert not rule.source_address_prefixes, rule
    return groups or _one_or_many(rule, "source_address_prefix", "source_address_prefixes")


def _is_one_of(source: Any, names: list[str]) -> bool:
    """Whether it has one of the names, prefixes or tags."""
    if isinstance(source, NamedBlock):
        return "*" in names or str(source) in names
    if isinstance(source, Identity):
        beginnings = (f"{source}-", source.value.title().replace("-", ""))
        return "*" in names or any(name.rpartition("/")[2].startswith(beginnings) for name in names)
    return _within(source, [name for name in names if not _is_known_by_name(name)])


def _is_known_by_name(text: str) -> bool:
    return text not in TAGS and (text.startswith(("/", "cidrs.")) or text[:1].isupper())


def _one_or_many(rule: Any, singular: str, plural: str) -> list[str]:
    one, many = getattr(rule, singular), getattr(rule, plural)
    assert bool(one) != bool(many), f"{singular} and {plural}: exactly one of them ({rule.name})"
    return [one] if one else list(many)


def _within(source: Address, prefixes: Iterable[str]) -> bool:
    for prefix in prefixes:
        if prefix == "*":
            return True
        if any(source in ipaddress.ip_network(block) for block in TAGS.get(prefix, (prefix,))):
            return True
    return False


def _in_ports(port: int, text: str) -> bool:
    first, _, last = text.partition("-")
    return text == "*" or int(first) <= port <= int(last or first)


def refuse_if_azure_would(native: Any) -> None:
    """Azure's own checks, as far as they are documented."""
    rules = native.security_rules
    assert len(rules) <= 1000
    for unique in ("name", "priority"):
        values = [getattr(rule, unique) for rule in rules]
        assert len(set(values)) == len(values), f"a {unique} twice: {values}"
    for rule in rules:
        assert NAME.fullmatch(rule.name), rule.name
        assert 100 <= rule.priority <= 4096, rule
        assert rule.protocol in ("Tcp", "Udp", "Icmp", "Esp", "Ah", "*"), rule
        assert rule.access in ("Allow", "Deny"), rule
        assert len(rule.description) <= 140, rule
        prefixes = _sources(rule)
        assert len(prefixes) <= (10 if rule.source_application_security_groups else 4000), rule
        if prefixes == ["*"] or prefixes[0] in TAGS or _is_known_by_name(prefixes[0]):
            assert len(prefixes) == 1, f"tags stand alone: {rule}"
        else:
            blocks = [ipaddress.ip_network(prefix) for prefix in prefixes]
            assert len({block.version for block in blocks}) == 1, f"families mixed: {rule}"
            pairs = [(one, other) for one in blocks for other in blocks if one is not other]
            assert not any(one.overlaps(other) for one, other in pairs), f"blocks overlap: {rule}"
        _refuse_ports(_one_or_many(rule, "destination_port_range", "destination_port_ranges"))


def _refuse_ports(texts: list[str]) -> None:
    if texts == ["*"]:
        return
    for text in texts:
        found = re.fullmatch(r"(\d+)(?:-(\d+))?", text)
        assert found, text
        assert int(found[1]) <= int(found[2] or found[1]) <= 65535, text

"""A network security group as the Azure CLI prints it -> what it admits.

Reads `az network nsg show`, `az network nsg list`, and the REST API's form, where all but the names lies
under `properties`. Shape: Azure REST API, NetworkSecurityGroup and SecurityRulePropertiesFormat; the meaning
of service tags: "Virtual network service tags".
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from ...effective.evaluate import EffectiveRules, ParsedRule, Selection, evaluate
from ...effective.syntax import block_of, ports_of, protocols_of, range_of, refuse, shaped
from ...model.addresses import ANY_IPV4, ANY_IPV6, Cidr
from ...model.packets import ALL_PORTS, EVERYBODY, PacketSet
from ...model.ports import MAX_PORT, PortRange, Protocol


class Asg(Struct):
    id: str = ""


class Rule(Struct, rename="camel"):
    name: str
    priority: int
    access: str
    direction: str
    protocol: str
    source_address_prefix: str | None = None
    source_address_prefixes: list[str] | None = None
    source_application_security_groups: list[Asg] | None = None
    source_port_range: str | None = None
    source_port_ranges: list[str] | None = None
    destination_address_prefix: str | None = None
    destination_address_prefixes: list[str] | None = None
    destination_application_security_groups: list[Asg] | None = None
    destination_port_range: str | None = None
    destination_port_ranges: list[str] | None = None


class _Group(Struct, rename="camel"):
    name: str = ""
    security_rules: list[Any] | None = None
    default_security_rules: list[Any] | None = None


VNET, PROBES, INTERNET = "VirtualNetwork", "AzureLoadBalancer", "Internet"

DEFAULTS = [
    {
        "name": name,
        "priority": priority,
        "access": "Allow",
        "direction": "Inbound",
        "protocol": "*",
        "sourceAddressPrefix": source,
        "destinationAddressPrefix": "*",
        "destinationPortRange": "*",
    }
    for name, priority, source in (
        ("AllowVnetInBound", 65000, VNET),
        ("AllowAzureLoadBalancerInBound", 65001, PROBES),
    )
]
"""What every group has, should the file not say so: without a deny the virtual network is let in."""


def recognises(value: object) -> bool:
    groups = value if isinstance(value, list) else [value]
    return any(isinstance(one, dict) and "securityRules" in _flat(one) for one in groups)


def _flat(value: Any) -> Any:
    if isinstance(value, dict) and isinstance(value.get("properties"), dict):
        return {**value, **value["properties"]}
    return value


def read(value: object, asked: Selection) -> EffectiveRules:
    """What the group admits, its default rules included.

    Raises:
        NotAFirewall: another shape; several groups and none chosen; two chosen.
    """
    listed = value if isinstance(value, list) else [value]
    groups = [shaped(_flat(one), _Group, "network security group") for one in listed]
    names = ", ".join(group.name for group in groups)
    chosen = [group for group in groups if not asked.groups or group.name in asked.groups]
    if len(chosen) != 1:
        raise refuse("", names, "must be one network security group", "say which is meant: --group NAME")
    group = chosen[0]
    raw = [*(group.security_rules or ()), *(group.default_security_rules or DEFAULTS)]
    rules = [shaped(_flat(one), Rule, "securityRules") for one in raw]
    inbound = sorted((one for one in rules if one.direction.lower() == "inbound"), key=lambda one: one.priority)
    return evaluate(group.name or "network security group", [said_by(rule) for rule in inbound])


def said_by(rule: Rule) -> ParsedRule:
    allows = rule.access.lower() != "deny"
    protocols = protocols_of(rule.protocol)
    anything = PacketSet.box(ALL_PORTS, EVERYBODY)
    if protocols is None or rule.access.lower() not in ("allow", "deny"):
        return ParsedRule(rule.name, allows, anything, unread="its protocol or access is not known")
    ports = _ports(rule, protocols)
    blocks, named, unknown = _sources(rule)
    here = _destination(rule)
    region = PacketSet.box(ports, blocks)
    if here is None or unknown:
        why = (
            f"is from {unknown}, whose addresses are not in this JSON"
            if unknown
            else "is for a destination that may be the node's or not"
        )
        return (
            ParsedRule(rule.name, allows, PacketSet.box(ports, EVERYBODY), unread=why)
            if ports
            else ParsedRule(rule.name, allows)
        )
    region &= here
    named_regions = {name: PacketSet.box(ports, EVERYBODY) & here for name in named}
    if _some(rule.source_port_range, rule.source_port_ranges) not in ([], ["*"], ["0-65535"]):
        if allows:
            return ParsedRule(rule.name, allows, region, named_regions, partly=True)
        return ParsedRule(rule.name, allows, region, unread="is for some source ports only")
    return ParsedRule(rule.name, allows, region, named_regions)


def _some(one: str | None, many: list[str] | None) -> list[str]:
    """Singular and plural fields: Azure fills one of them, and prints the other as null, "" or []."""
    return [*([one] if one else []), *(many or ())]


def _ports(rule: Rule, protocols: tuple[Protocol, ...]) -> list[PortRange]:
    """Two texts are two ports, not a range."""
    found: list[PortRange] = []
    for text in _some(rule.destination_port_range, rule.destination_port_ranges) if protocols else ():
        first, last = (0, MAX_PORT) if text == "*" else range_of(text, rule.name)
        found += ports_of(protocols, first, last, rule.name)
    return found


def _sources(rule: Rule) -> tuple[list[Cidr], list[str], str]:
    """Blocks; names that are no blocks; the first of what is not known.

    `Internet` is everybody to an allow: whom it lacks are addresses of the virtual network. To a deny it is a
    name, since which addresses it does not deny is not known.
    """
    blocks: list[Cidr] = []
    named = [
        f"application security group {one.id.rpartition('/')[2]}"
        for one in rule.source_application_security_groups or ()
    ]
    for text in _some(rule.source_address_prefix, rule.source_address_prefixes):
        word = text.lower()
        if word in ("*", "any", INTERNET.lower()):
            if word == INTERNET.lower() and rule.access.lower() == "deny":
                named.append(INTERNET)
            else:
                blocks += [ANY_IPV4, ANY_IPV6]
        elif word == VNET.lower():
            named.append(VNET)
        elif word == PROBES.lower():
            continue  # the platform's own prober and nobody else: the baseline
        elif text[:1].isdigit() or ":" in text:
            blocks.append(block_of(text, rule.name))
        else:
            return [], [], f"the service tag {text}"
    return blocks, named, ""


def _destination(rule: Rule) -> PacketSet | None:
    """Where the rule holds, by family; None if that depends on the node's own address. The node is in the
    virtual network.
    """
    if rule.destination_application_security_groups:
        return None
    blocks: list[Cidr] = []
    for text in _some(rule.destination_address_prefix, rule.destination_address_prefixes) or ["*"]:
        if text.lower() in ("*", "any", VNET.lower()):
            blocks += EVERYBODY
        elif text in (str(ANY_IPV4), str(ANY_IPV6)):
            blocks.append(block_of(text, rule.name))
        else:
            return None
    return PacketSet.box(ALL_PORTS, blocks)

"""A network security group as the Azure CLI prints it -> what it admits.

Reads `az network nsg show`, `az network nsg list`, and the REST API's form, where all but the names lies
under `properties`. Shape: Azure REST API, NetworkSecurityGroup and SecurityRulePropertiesFormat; the meaning
of service tags: "Virtual network service tags".
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from ...effective.evaluate import EffectiveRules, ImportEntry, Selection, evaluate
from ...effective.native_rule import NativeRule, RuleSource
from ...effective.syntax import refuse, shaped
from .adopt import ID_PARTS, in_place
from .native import INTERNET, PROBES, VNET, native_rule, source_of
from .record import AZURE


class _ApplicationSecurityGroup(Struct):
    id: str = ""


class _ListedRule(Struct, rename="camel"):
    name: str
    priority: int
    access: str
    direction: str
    protocol: str
    source_address_prefix: str | None = None
    source_address_prefixes: list[str] | None = None
    source_application_security_groups: list[_ApplicationSecurityGroup] | None = None
    source_port_range: str | None = None
    source_port_ranges: list[str] | None = None
    destination_address_prefix: str | None = None
    destination_address_prefixes: list[str] | None = None
    destination_application_security_groups: list[_ApplicationSecurityGroup] | None = None
    destination_port_range: str | None = None
    destination_port_ranges: list[str] | None = None


class _ListedGroup(Struct, rename="camel"):
    name: str = ""
    id: str = ""
    location: str | None = None
    security_rules: list[object] | None = None
    default_security_rules: list[object] | None = None


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
"""Default rules of every group, for a file without them: the virtual network is let in unless it is denied."""


def recognises(value: object) -> bool:
    groups = value if isinstance(value, list) else [value]
    return any(isinstance(flat := _flat(one), dict) and "securityRules" in flat for one in groups)


def _flat(value: object) -> object:
    if isinstance(value, dict) and isinstance(value.get("properties"), dict):
        return {**value, **value["properties"]}
    return value


def read(value: object, asked: Selection) -> EffectiveRules:
    """What the group admits, its default rules included.

    Raises:
        NotAFirewall: another shape; several groups and none chosen; two chosen.
    """
    listed = value if isinstance(value, list) else [value]
    groups = [shaped(_flat(one), _ListedGroup, "network security group") for one in listed]
    names = ", ".join(group.name for group in groups)
    chosen = [group for group in groups if not asked.groups or group.name in asked.groups]
    if len(chosen) != 1:
        raise refuse("", names, "must be one network security group", "say which is meant: --group NAME")
    group = chosen[0]
    raw = [*(group.security_rules or ()), *(group.default_security_rules or DEFAULTS)]
    rules = [shaped(_flat(one), _ListedRule, "securityRules") for one in raw]
    inbound = sorted((one for one in rules if one.direction.lower() == "inbound"), key=lambda one: one.priority)
    adopted = (ImportEntry(type=AZURE.made[0], name=group.name, id=group.id, home=_home(group)),)
    return evaluate(group.name or "network security group", [_native(rule).parsed for rule in inbound], adopted=adopted)


def _home(group: _ListedGroup) -> dict[str, str]:
    """The resource group stands in the id, whose case Azure leaves to the caller (Azure Resource Manager, "Naming
    rules"): `/subscriptions/S/resourceGroups/G/providers/Microsoft.Network/networkSecurityGroups/N`.
    """
    parts = group.id.split("/")
    return in_place(parts[4] if len(parts) == ID_PARTS else None, group.location)


def _native(rule: _ListedRule) -> NativeRule:
    return native_rule(
        rule.name,
        rule.access,
        rule.protocol,
        _some(rule.destination_port_range, rule.destination_port_ranges),
        tuple(_sources(rule)),
        source_ports=_some(rule.source_port_range, rule.source_port_ranges),
        destinations=_some(rule.destination_address_prefix, rule.destination_address_prefixes),
        groups=rule.destination_application_security_groups or (),
    )


def _some(one: str | None, many: list[str] | None) -> list[str]:
    """Singular and plural fields: Azure fills one of them, and prints the other as null, "" or []."""
    return [*([one] if one else []), *(many or ())]


def _sources(rule: _ListedRule) -> Iterator[RuleSource]:
    """In a deny `Internet` is a name: which addresses it leaves out is not known."""
    for one in rule.source_application_security_groups or ():
        name = f"application security group {one.id.rpartition('/')[2]}"
        yield RuleSource(name, name=name)
    for text in _some(rule.source_address_prefix, rule.source_address_prefixes):
        word, source = text.lower(), source_of(text, rule.name)
        if word == INTERNET.lower() and rule.access.lower() == "deny":
            yield RuleSource(INTERNET, name=INTERNET)
        elif source is not None:
            yield source
        elif word == VNET.lower():
            yield RuleSource(VNET, name=VNET)
        elif word == PROBES.lower():
            yield RuleSource(PROBES)  # the platform's own prober only: part of the baseline
        else:
            yield RuleSource(text, unread=f"is from the service tag {text}, whose addresses are not in this JSON")

"""Network security groups as the Azure CLI and the REST API list them, in one form.

Shapes: Azure REST API, NetworkSecurityGroup, SecurityRulePropertiesFormat. What has a field that these do not name says
why it is not understood.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from ...effective.syntax import objects_in, refuse, shaped_whole, unwrapped
from .record import AZURE

EXPECTED = "must be network security groups with their rules, as az network nsg show and list print them"
HINT = "give what az network nsg show prints"


class _ApplicationSecurityGroup(Struct):
    id: str = ""


class ListedRule(Struct, rename="camel"):
    """Singular and plural fields: Azure fills one of them, and prints the other as null, "" or []."""

    name: str
    priority: int
    access: str
    direction: str
    protocol: str
    id: str = ""
    provisioning_state: str | None = None
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


class Rule(Struct, frozen=True):
    """A rule, and why it is not understood; "" if it is."""

    listed: ListedRule
    doubt: str = ""

    @property
    def is_inbound(self) -> bool:
        """Unless it says that it is for the other way."""
        return self.listed.direction.lower() != "outbound"

    @property
    def source_words(self) -> frozenset[str]:
        """Prefixes and service tags of its source in lower case."""
        return frozenset(one.lower() for one in self.sources)

    @property
    def sources(self) -> list[str]:
        return either(self.listed.source_address_prefix, self.listed.source_address_prefixes)


def either(one: str | None, many: list[str] | None) -> list[str]:
    """What a singular and a plural field say together."""
    return [*([one] if one else []), *(many or ())]


class Group(Struct, frozen=True):
    """A network security group, its default rules included."""

    id: str
    name: str
    rules: Sequence[Rule]
    doubt: str = ""
    location: str | None = None


class _ListedGroup(Struct, rename="camel"):
    security_rules: list[object]
    id: str = ""
    name: str = ""
    location: str | None = None
    default_security_rules: list[object] | None = None
    provisioning_state: str | None = None


OF_RULE = ("description", "etag", "resourceGroup", "type", "properties")
OF_GROUP = (
    *("etag", "flushConnection", "flowLogs", "kind", "networkInterfaces", "properties", "resourceGroup"),
    *("resourceGuid", "subnets", "systemData", "tags", "type"),
)
SETTLED = (None, "", "Succeeded")
"""States in which rules are in force. While one is set, or after that failed, they may be older ones."""


def is_rule(value: object) -> bool:
    flat = _flat(value)
    return isinstance(flat, Mapping) and {"access", "direction", "priority"} <= set(flat)


def groups_in(value: object, defaults: Sequence[object]) -> list[Group]:
    """The groups of a listing; of a listing of rules, the one that they are in.

    Raises:
        NotAFirewall: another shape, one page of several, one rule alone, rules of several groups.
    """
    listed = objects_in(unwrapped(value, AZURE.listing, ("value",), ("nextLink",), ("id",)), EXPECTED, HINT)
    if any("effectiveSecurityRules" in one for one in listed):
        raise refuse("", "effectiveSecurityRules", EXPECTED, f"rules of a network interface are not read: {HINT}")
    if not any(map(is_rule, listed)):
        return [_group(one, defaults) for one in listed]
    if isinstance(value, Mapping) and value is listed[0]:
        raise refuse("", "one rule", EXPECTED, HINT)
    return [_group_of(listed, defaults)]


def _group(value: Mapping[str, object], defaults: Sequence[object]) -> Group:
    one, doubt = shaped_whole(_flat(value), _ListedGroup, "network security group", OF_GROUP)
    unsettled = "" if one.provisioning_state in SETTLED else f"is in the state {one.provisioning_state}"
    given = [*one.security_rules, *(one.default_security_rules or defaults)]
    return Group(one.id, one.name or "network security group", [*map(_rule, given)], doubt or unsettled, one.location)


def _group_of(listed: Sequence[Mapping[str, object]], defaults: Sequence[object]) -> Group:
    """Rules name their group in their ids. Those of the defaults, where they are not listed, follow."""
    rules = [*map(_rule, listed)]
    links = {link[0].lower(): link for rule in rules if (link := GROUP_ID.match(rule.listed.id))}
    if len(links) > 1:
        names = ", ".join(sorted(link[1] for link in links.values()))
        raise refuse("", names, "must be the rules of one network security group", HINT)
    link = next(iter(links.values()), None)
    has_defaults = any(rule.listed.priority > LAST_OWN for rule in rules)
    every = rules if has_defaults else [*rules, *map(_rule, defaults)]
    return Group(link[0] if link else "", link[1] if link else "network security group", every)


GROUP_ID = re.compile(r".*/networkSecurityGroups/([^/]+)", re.IGNORECASE)
LAST_OWN = 4096
"""The highest number of a priority that a rule of one's own may have."""


def _rule(value: object) -> Rule:
    one, doubt = shaped_whole(_flat(value), ListedRule, "securityRules", OF_RULE)
    unsettled = "" if one.provisioning_state in SETTLED else f"is in the state {one.provisioning_state}"
    return Rule(one, doubt or unsettled)


def _flat(value: object) -> object:
    if isinstance(value, Mapping) and isinstance(value.get("properties"), Mapping):
        return {**value, **value["properties"]}
    return value

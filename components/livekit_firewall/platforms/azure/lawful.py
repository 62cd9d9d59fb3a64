"""What a network security group or a rule says that Azure refuses, though the provider's preview lets it pass."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...effective.property_values import is_hidden, listed, number_of
from ...effective.resources import Resource
from ...effective.syntax import has_both_families
from ...effective.update import Told
from .limits import LIMITS
from .native import Priority

NAME = re.compile(r"\w([\w.-]{0,78}\w)?", re.ASCII)
"""Resource name rules, Microsoft.Network/networkSecurityGroups and its securityRules: at most 80 characters."""

FIRST, LAST = 100, Priority.DENY_ALL
RANGES = ("destinationPortRange", "destinationPortRanges", "sourcePortRange", "sourcePortRanges")
PREFIXES = ("sourceAddressPrefixes", "destinationAddressPrefixes")
"""A rule's blocks are all of one family ("What is IPv6 for Azure Virtual Network?")."""

COUNTED = {
    "sourceAddressPrefixes": "prefixes per rule",
    "destinationAddressPrefixes": "prefixes per rule",
    "sourceApplicationSecurityGroups": "application security groups per rule",
    "destinationApplicationSecurityGroups": "application security groups per rule",
}


def unlawful(one: Resource) -> Iterator[Told]:
    """In the group's own name or its rules, or in a rule of its own."""
    if "securityRules" in one.inputs or "networkSecurityGroupName" not in one.inputs or "direction" not in one.inputs:
        rules, name = one.inputs.get("securityRules"), one.inputs.get("networkSecurityGroupName")
        if isinstance(name, str) and not is_hidden(name) and not NAME.fullmatch(name):
            yield Told(one.name, f"{one.name} has a name that Azure does not take")
        for rule in rules if isinstance(rules, list) else ():
            if isinstance(rule, Mapping):
                yield from (Told(one.name, text) for text in _problems(rule, rule.get("name"), "a rule"))
        return
    yield from (Told(one.name, text) for text in _problems(one.inputs, one.inputs.get("securityRuleName"), one.name))


def _problems(rule: Mapping[str, object], name: object, shown: str) -> Iterator[str]:
    if isinstance(name, str) and not is_hidden(name):
        shown = name[:60]
        if not NAME.fullmatch(name):
            yield f"{shown} is a name that Azure does not take"
    about, priority = rule.get("description"), number_of(rule.get("priority"))
    most = LIMITS["characters of a description"]
    if isinstance(about, str) and len(about) > most:
        yield f"the description of {shown} has {len(about)} characters, and Azure takes {most}"
    if priority is not None and not FIRST <= priority <= LAST:
        yield f"{shown} has the priority {priority:.0f}, and Azure takes {FIRST} to {LAST}"
    for field, limit in COUNTED.items():
        count, most = len(listed(rule.get(field))), LIMITS[limit]
        if count > most:
            yield f"{shown} has {count} {field}, and Azure takes {most}"
    for field in PREFIXES:
        if has_both_families(listed(rule.get(field))):
            yield f"{shown} has IPv4 and IPv6 in its {field}, and a rule of Azure is for one of them"
    for field in RANGES:
        for text in map(str, listed(rule.get(field))):
            if (found := re.fullmatch(r"\s*(\d{1,5})\s*-\s*(\d{1,5})\s*", text)) and int(found[1]) > int(found[2]):
                yield f"{shown} is for ports {found[1]}-{found[2]}, the first one above the last"

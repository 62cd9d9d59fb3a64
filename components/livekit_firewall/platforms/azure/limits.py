"""What Azure holds, and what its rules are called."""

from __future__ import annotations

from collections.abc import Iterable

from ...model.ports import Protocol
from ...model.rules import Rule
from ...model.services import Service
from .native import BAND

LIMITS = {
    # azure-virtual-network-limits: "Network security group rules per NSG".
    "rules": 1000,
    # The same page: "IP addresses and ranges specified for source or destination in a security group".
    "prefixes per rule": 4000,
    # The same page: application security groups of one rule's source or destination.
    "application security groups per rule": 10,
    # REST API, SecurityRulePropertiesFormat.description.
    "characters of a description": 140,
    # Ours: what `Priority` leaves to one service, protocol and family.
    "rules per service, protocol and family": BAND,
}

PROTOCOLS = {Protocol.TCP: "Tcp", Protocol.UDP: "Udp"}


def name_of(service: Service, protocol: Protocol) -> str:
    """The beginning of a rule's name."""
    return str(service) if service.value.endswith(f"-{protocol}") else f"{service}-{protocol}"


def description(service: Service, rules: Iterable[Rule]) -> str:
    """`ICE/UDP: rtc.port_range_start, rtc.port_range_end`, cut at Azure's limit."""
    keys = ", ".join(sorted({reason.key for rule in rules for reason in rule.reasons}))
    text = f"{service.label}: {keys}" if keys else service.label
    most = LIMITS["characters of a description"]
    return text if len(text) <= most else f"{text[: most - 3]}..."

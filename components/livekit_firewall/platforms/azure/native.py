"""A rule set as Azure holds it: plain records with the fields of azure-native's `SecurityRuleArgs`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any

from ...model.addresses import Family
from ...model.ports import Protocol
from ...model.services import Service
from ..platform import PLACEHOLDER


class Priority(IntEnum):
    """Where the baseline's rules stand. Lower goes first; a number is never reused or moved."""

    ICMP = 100
    LOAD_BALANCER_PROBES = 110
    # The last number there is.
    DENY_ALL = 4096


BAND = 25
"""Rules that one service can have for one protocol and family."""


def band(service: Service, protocol: Protocol, family: Family) -> int:
    """The first priority of a service's rules for one protocol and family: of the hundred that a service has, 25 are
    for TCP over IPv4, then TCP over IPv6, UDP over IPv4, UDP over IPv6. All of them allow, so their order decides
    nothing; what counts is that each is below the last deny.
    """
    return service.record.band + BAND * (2 * (protocol is Protocol.UDP) + (family is Family.IPV6))


@dataclass(frozen=True, slots=True)
class SecurityRule:
    """One inline rule. Singular and plural fields are Azure's; of each pair exactly one is set.

    Attributes:
        name: purpose, protocol and family; the ports too where the purpose needs several rules.
        priority: unique among the inbound rules.
        protocol: `Tcp`, `Udp`, `Icmp` or `*`.
        source_address_prefix: a block, `*` for every address of both families, or a service tag.
        source_address_prefixes: two or more blocks of one family.
        destination_port_range: a port, `first-last`, or `*`.
        destination_port_ranges: two or more of them; each is a port or one `first-last` text, since two
            texts are two ports and not a range.
        description: the service and LiveKit's keys.
    """

    name: str
    priority: int
    protocol: str
    description: str
    access: str = "Allow"
    direction: str = "Inbound"
    source_address_prefix: str | None = None
    source_address_prefixes: tuple[str, ...] = ()
    source_port_range: str = "*"
    destination_address_prefix: str = "*"
    destination_port_range: str | None = None
    destination_port_ranges: tuple[str, ...] = ()

    def arguments(self) -> dict[str, Any]:
        """The arguments of `SecurityRuleArgs`."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items() if value}


@dataclass(frozen=True, slots=True)
class Native:
    """A rule set as Azure holds it: the rules of one network security group, by priority."""

    security_rules: tuple[SecurityRule, ...]
    resource_group_name: Any = None
    location: str | None = None

    def as_json(self) -> dict[str, Any]:
        """What `render --to azure` prints; a name that is not known yet is the placeholder."""
        known = isinstance(self.resource_group_name, str)
        return {
            "resource_group_name": self.resource_group_name if known else PLACEHOLDER,
            **({"location": self.location} if self.location else {}),
            "security_rules": [rule.arguments() for rule in self.security_rules],
        }

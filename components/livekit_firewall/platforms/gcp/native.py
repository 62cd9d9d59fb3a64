"""What Google's VPC firewall is told: one `FirewallRule` per resource, in final strings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..platform import PLACEHOLDER

PRIORITY = 1000
"""Google's default. The implied deny of all ingress stands at 65535."""


@dataclass(frozen=True, slots=True)
class Allow:
    """A protocol and its ports, disjoint, ascending; no ports = the protocol has none."""

    protocol: str
    ports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FirewallRule:
    """One `compute.Firewall`. Exactly one kind of source is set, and at most one kind of target.

    Attributes:
        key: unique in the set, stable; the key of the output `firewall_ids`.
        name: lawful and unique; the logical name of the resource.
        source_service_accounts, target_service_accounts: texts, or outputs of other resources.
    """

    key: str
    name: str
    description: str
    allows: tuple[Allow, ...]
    source_ranges: tuple[str, ...] = ()
    source_tags: tuple[str, ...] = ()
    source_service_accounts: tuple[Any, ...] = ()
    target_tags: tuple[str, ...] = ()
    target_service_accounts: tuple[Any, ...] = ()
    direction: str = "INGRESS"
    priority: int = PRIORITY


@dataclass(frozen=True, slots=True)
class Native:
    """All rules, sorted by key, and the network that they belong to."""

    firewalls: tuple[FirewallRule, ...]
    network: Any
    project: str | None = None

    def __iter__(self) -> Iterator[FirewallRule]:
        return iter(self.firewalls)

    def __len__(self) -> int:
        return len(self.firewalls)

    def as_json(self) -> list[dict[str, object]]:
        """In the words of the API: bodies of `firewalls.insert`. An output of another resource is `TARGET`."""
        return [_as_json(rule, self.network) for rule in self.firewalls]


def _as_json(rule: FirewallRule, network: object) -> dict[str, object]:
    allowed = [{"IPProtocol": one.protocol, **({"ports": list(one.ports)} if one.ports else {})} for one in rule.allows]
    lists = {
        "sourceRanges": rule.source_ranges,
        "sourceTags": rule.source_tags,
        "sourceServiceAccounts": rule.source_service_accounts,
        "targetTags": rule.target_tags,
        "targetServiceAccounts": rule.target_service_accounts,
    }
    return {
        "name": rule.name,
        "description": rule.description,
        "network": _known(network),
        "direction": rule.direction,
        "priority": rule.priority,
        "allowed": allowed,
        **{field: [_known(one) for one in values] for field, values in lists.items() if values},
    }


def _known(value: object) -> str:
    return value if isinstance(value, str) else PLACEHOLDER

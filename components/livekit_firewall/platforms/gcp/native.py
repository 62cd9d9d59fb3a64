"""What Google's VPC firewall is told: one `FirewallRule` per resource, in final strings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ...effective.native_rule import Flow, block_source, flows_of
from ...effective.resources import Resource, planned
from ...effective.syntax import range_of
from ...model.ports import MAX_PORT
from ..platform import PLACEHOLDER
from .record import GCP

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

    @property
    def lists(self) -> dict[str, tuple[Any, ...]]:
        """Sources and targets, as the API and the bridge name them."""
        return {
            "sourceRanges": self.source_ranges,
            "sourceTags": self.source_tags,
            "sourceServiceAccounts": self.source_service_accounts,
            "targetTags": self.target_tags,
            "targetServiceAccounts": self.target_service_accounts,
        }


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

    def resources(self) -> Iterator[Resource]:
        """See `platform.Native`."""
        for rule in self:
            inputs = {
                "network": self.network,
                "project": self.project,
                "direction": rule.direction,
                "priority": rule.priority,
                "description": rule.description,
                "allows": [{"protocol": one.protocol, "ports": list(one.ports) or None} for one in rule.allows],
                **{field: list(values) or None for field, values in rule.lists.items()},
            }
            yield planned(GCP.made[0], rule.name, inputs)


def _as_json(rule: FirewallRule, network: object) -> dict[str, object]:
    allowed = [{"IPProtocol": one.protocol, **({"ports": list(one.ports)} if one.ports else {})} for one in rule.allows]
    return {
        "name": rule.name,
        "description": rule.description,
        "network": _known(network),
        "direction": rule.direction,
        "priority": rule.priority,
        "allowed": allowed,
        **{field: [_known(one) for one in values] for field, values in rule.lists.items() if values},
    }


def _known(value: object) -> str:
    return value if isinstance(value, str) else PLACEHOLDER


def flows_of_protocol(protocol: str, ports: Iterable[str], where: str) -> tuple[Flow, ...]:
    """One of a rule's `allowed` or `denied`; without ports it is all of them.

    Raises:
        NotAFirewall: they are no ports.
    """
    given = list(ports)
    ranges = (range_of(text, where) for text in given) if given else [(0, MAX_PORT)]
    return flows_of(protocol, ranges, where)


BY_DEFAULT = (block_source("0.0.0.0/0", ""),)
"""Whom a rule is for that names nobody."""


def for_some(destinations: Iterable[str]) -> str:
    """What cannot be told of a rule that is for some of the addresses that instances have."""
    some = ", ".join(list(destinations)[:3])
    return f"is for the destinations {some} only, and the node's is not known here" if some else ""

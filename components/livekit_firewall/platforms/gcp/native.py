"""The rules for Google's VPC firewall: one `FirewallRule` per resource, in final strings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...effective.native_rule import Flow, block_source, flows_of
from ...effective.planned import in_camel_case, planned
from ...effective.resources import Resource
from ...effective.syntax import range_of
from ...model.addresses import Cidr, NamedBlock, Peer
from ...model.packets import EVERYBODY
from ...model.ports import MAX_PORT
from ...model.text import few
from ..platform import PLACEHOLDER
from .record import GCP
from .target import GcpTarget

PRIORITY = GcpTarget().priority
"""Google's default."""


@dataclass(frozen=True, slots=True)
class Allow:
    """A protocol and its ports, disjoint, ascending; no ports = the protocol has none."""

    protocol: str
    ports: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FirewallRule:
    """One `compute.Firewall`. Exactly one kind of source is set, and at most one kind of target.

    Attributes:
        key: unique in the set, the same whatever its ports and blocks; the key of the output `firewall_ids`.
        name: lawful and unique; the logical name of the resource, the key and a digest of the ports (`partition`).
        source_tags, target_tags, source_service_accounts, target_service_accounts: texts, or outputs of others.
        source_ranges: texts, or the output that is the block of a name.
        also: names that it may have had up to version 0.1, which held no digest: aliases.
        ends: of `name` and of each in `also`, what follows the component's name (`names.lawful_name`).
        peer: the audience or the named block that its source is; None where it stands for blocks.
        shares: the blocks that other rules with a port of its own have: it is sent once they are judged.
    """

    key: str
    name: str
    description: str
    allows: tuple[Allow, ...]
    source_ranges: tuple[object, ...] = ()
    source_tags: tuple[object, ...] = ()
    source_service_accounts: tuple[object, ...] = ()
    target_tags: tuple[object, ...] = ()
    target_service_accounts: tuple[object, ...] = ()
    direction: str = "INGRESS"
    priority: int = PRIORITY
    also: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    peer: Peer | None = None
    shares: tuple[NamedBlock, ...] = ()

    def members(self) -> dict[str, tuple[object, ...]]:
        """Its sources and targets."""
        names = ("source_ranges", "source_tags", "source_service_accounts", "target_tags", "target_service_accounts")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Native:
    """All rules, sorted by key, and the network that they belong to.

    Attributes:
        log_metadata: what their log entries hold, as Google calls it; "" where nothing is logged.
    """

    firewalls: tuple[FirewallRule, ...]
    network: object
    project: object = None
    log_metadata: str = ""

    def __iter__(self) -> Iterator[FirewallRule]:
        return iter(self.firewalls)

    def __len__(self) -> int:
        return len(self.firewalls)

    def as_json(self) -> list[dict[str, object]]:
        """In the words of the API: bodies of `firewalls.insert`. An output of another resource is `TARGET`."""
        log = {"logConfig": {"enable": True, "metadata": self.log_metadata}} if self.log_metadata else {}
        return [{**_as_json(rule, self.network), **log} for rule in self.firewalls]

    def arguments(self, rule: FirewallRule) -> dict[str, object]:
        """Those of `compute.Firewall`, without `name`: Pulumi appends a random suffix to the logical one, which is
        lawful already.
        """
        return {
            "network": self.network,
            "project": self.project,
            "direction": rule.direction,
            "priority": rule.priority,
            "description": rule.description,
            "log_config": {"metadata": self.log_metadata} if self.log_metadata else None,
            "allows": [
                {"protocol": one.protocol, **({"ports": list(one.ports)} if one.ports else {})} for one in rule.allows
            ],
            **{field: list(values) or None for field, values in rule.members().items()},
        }

    def resources(self) -> Iterator[Resource]:
        """See `platform.Native`."""
        for rule in self:
            yield planned(GCP.made[0], rule.name, self.arguments(rule), rule.also)


def _as_json(rule: FirewallRule, network: object) -> dict[str, object]:
    allowed = [{"IPProtocol": one.protocol, **({"ports": list(one.ports)} if one.ports else {})} for one in rule.allows]
    return {
        "name": rule.name,
        "description": rule.description,
        "network": _known(network),
        "direction": rule.direction,
        "priority": rule.priority,
        "allowed": allowed,
        **{in_camel_case(name): [_known(one) for one in given] for name, given in rule.members().items() if given},
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
"""The source of a rule that names none."""


def families_of(destinations: Iterable[str]) -> tuple[Cidr, ...] | None:
    """Where a rule holds that is for whole families of destinations only: both for none. None where that depends on
    the node's address.
    """
    given = [*destinations]
    whole = {str(block): block for block in EVERYBODY}
    return (tuple(whole[text] for text in given) or EVERYBODY) if set(given) <= set(whole) else None


def for_some(destinations: Iterable[str]) -> str:
    """Why a rule for some destination addresses is not understood; "" if it is for all."""
    some = few(destinations, 3)
    return f"is for the destinations {some} only, and the node's is not known here" if some else ""

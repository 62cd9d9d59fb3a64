"""The rules of a firewall of Hetzner Cloud, in final strings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...effective.native_rule import NativeRule, RuleSource, flows_of
from ...effective.planned import planned
from ...effective.resources import Resource
from ...effective.syntax import range_of
from ...model.addresses import Direction
from ...model.ports import MAX_PORT, PortRange
from ..platform import PLACEHOLDER
from .record import FIREWALL

ANY_PORT = "any"
DIRECTIONS = {"in": Direction.INGRESS, "out": Direction.EGRESS}


@dataclass(frozen=True, slots=True)
class FirewallRule:
    """One inbound rule; `port` is "7881" or "50000-60000", None for ICMP.

    Attributes:
        source_ips: texts, or outputs of other resources; canonical, since the provider loses a rule with any other
            when something else of the firewall changes (terraform-provider-hcloud#931).
    """

    protocol: str
    port: str | None
    source_ips: tuple[object, ...]
    description: str


@dataclass(frozen=True, slots=True)
class Native:
    """The firewall, without a name and labels: those are the component's.

    Attributes:
        private: what a load balancer reaches by the private network, for which there is no rule.
    """

    rules: tuple[FirewallRule, ...]
    servers: tuple[object, ...] = ()
    selectors: tuple[object, ...] = ()
    private: tuple[PortRange, ...] = ()

    def as_json(self) -> dict[str, object]:
        """In the words of the API: the body of `POST /v1/firewalls`, without its `name`. An output of another resource
        is `TARGET`.
        """
        servers = [{"type": "server", "server": {"id": _known(one)}} for one in self.servers]
        selectors = [{"type": "label_selector", "label_selector": {"selector": _known(one)}} for one in self.selectors]
        return {"rules": [_rule_json(one) for one in self.rules], "apply_to": [*servers, *selectors]}

    def arguments(self) -> dict[str, object]:
        """Those of `Firewall`, without its `name` and `labels`."""
        return {
            "rules": [_arguments(one) for one in self.rules],
            "apply_tos": [
                *({"server": one} for one in self.servers),
                *({"label_selector": one} for one in self.selectors),
            ],
        }

    def resources(self) -> Iterator[Resource]:
        """See `platform.Native`."""
        yield planned(FIREWALL, "hetzner", self.arguments())


def _arguments(rule: FirewallRule) -> dict[str, object]:
    port = {"port": rule.port} if rule.port else {}
    return {
        "direction": "in",
        "protocol": rule.protocol,
        **port,
        "source_ips": list(rule.source_ips),
        "description": rule.description,
    }


def _rule_json(rule: FirewallRule) -> dict[str, object]:
    return {**_arguments(rule), "source_ips": [_known(one) for one in rule.source_ips]}


def _known(value: object) -> object:
    return value if isinstance(value, str | int) else PLACEHOLDER


def name_of(direction: object, protocol: object, port: object) -> str:
    """What a rule is called, which has no name: `in udp 50000-60000`."""
    return " ".join(str(part) for part in (direction, protocol, port) if part not in (None, ""))


def native_rule(
    name: str,
    direction: Direction,
    protocol: str,
    port: str | None,
    peers: tuple[RuleSource, ...],
    *,
    description: str = "",
    unread: str = "",
) -> NativeRule:
    """One rule of a listing or of a resource.

    Args:
        unread: why it is not understood.

    Raises:
        NotAFirewall: its ports are none.
    """
    text = port or ""
    ranges = ((0, MAX_PORT) if text in ("", ANY_PORT) else range_of(text, name),)
    flows = flows_of(protocol, ranges, name)
    lacks = "names no port" if not text and any(flow.ranges and not flow.unread for flow in flows) else ""
    return NativeRule(name, flows, peers, description, direction=direction, unread=unread or lacks)

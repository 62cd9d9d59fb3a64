"""The output `rules` of a LiveKitFirewall -> what the stack intends to open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from livekit_firewall.effective.labels import Label
from livekit_firewall.model.addresses import Direction, Peer
from livekit_firewall.model.ports import PortRange, Protocol
from livekit_firewall.model.rules import Reason, Rule
from livekit_firewall.model.services import Service
from livekit_firewall.reports.review.intent import SIP, Intent


def rules_of(given: object) -> tuple[Rule, ...] | None:
    """The rules of the JSON; None if they are not told, or not as the component writes them."""
    if not isinstance(given, list):
        return None
    try:
        return tuple(_rule(one) for one in given)
    except (KeyError, TypeError, ValueError):
        return None


def _rule(given: Mapping[str, Any]) -> Rule:
    ports = PortRange(Protocol(given["protocol"]), int(given["first"]), int(given["last"]))
    reason = Reason(str(given.get("key", ""))[:200], "")
    return Rule(
        ports, Peer.parse(str(given["peer"])), Service(given["service"]), (reason,), Direction(given["direction"])
    )


def intent_of_rules(rules: Iterable[Rule], internal: Iterable[PortRange] = ()) -> Intent:
    """What the rules mean to open, as `review` has it from a configuration.

    Args:
        internal: ports that are internal besides, whatever the rules say.
    """
    mine = [rule for rule in rules if rule.direction is Direction.INGRESS]
    own = [(rule.ports, rule.service) for rule in mine if rule.service in OWN]
    usual = [(ports, service) for ports, service in Intent().internal if not _any_overlaps(mine, ports)]
    found = dict.fromkeys([*own, *usual])
    named = [(ports, Service.INTERNAL) for ports in internal if ports not in {ports for ports, _ in found}]
    others = [rule for rule in mine if rule.service not in SIP]
    labels = [
        Label(rule.ports, rule.service, rule.key)
        for rule in mine
        # one node's telephone audio may be another's media
        if rule.service not in SIP or not _any_overlaps(others, rule.ports)
    ]
    ssh = next((rule.ports.first for rule in mine if rule.service is Service.SSH), Intent().ssh_port)
    return Intent(tuple(labels), (*found, *named), ssh)


OWN = frozenset(service for service in Service if service.is_internal and service is not Service.TURN_RELAY)


def _any_overlaps(rules: Iterable[Rule], ports: PortRange) -> bool:
    return any(rule.ports.overlaps(ports) for rule in rules)

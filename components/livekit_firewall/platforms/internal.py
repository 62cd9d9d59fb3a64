"""Which internal ports the internet reaches, over everything that opens them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from ..model.addresses import Cidr
from ..model.errors import Place, Problem
from ..model.internet import internet_blocks
from ..model.ports import PortRange
from ..model.rules import Rule
from ..model.services import Service
from .facts import Baseline

Baselines = Mapping[str, tuple[Baseline, ...]]


class _Opening(Struct, frozen=True):
    """One thing that opens a port.

    Attributes:
        label: what it is, for people.
        service: whose rule it is; None for a baseline.
        key: the argument that decides a baseline's ports.
    """

    label: str
    blocks: tuple[Cidr, ...]
    service: Service | None = None
    key: str = ""


def rules_made_public(rules: Iterable[Rule], baselines: Baselines) -> Iterator[Problem]:
    """Internal ports that a baseline opens to the internet, though the rule set does not.

    What the rules themselves open to the internet is the decision of whoever wrote them.
    """
    rules = tuple(rules)
    opened = [ports for items in baselines.values() for item in items for ports in item.ports]
    internal = [rule for rule in rules if rule.service.is_internal]
    touched = [rule for rule in internal if any(ports.overlaps(rule.ports) for ports in opened)]
    for service, ports, key in dict.fromkeys((rule.service, rule.ports, rule.key) for rule in touched):
        place = Place(key or "rules")
        problem = _problem(service, ports, place, rules, baselines)
        if problem and not _problem(service, ports, place, rules, {}):
            yield problem


def _problem(
    service: Service, ports: PortRange, place: Place, rules: tuple[Rule, ...], baselines: Baselines
) -> Problem | None:
    """The problem on the first target where the port is public; without targets, that of the rules alone."""
    own_only = service is Service.TURN_RELAY
    ways = [
        _Opening(
            f"{rule.service.label} ({rule.key})" if rule.key else rule.service.label, rule.peer.blocks, rule.service
        )
        for rule in rules
        if rule.ports.overlaps(ports) and (rule.service is service or not own_only)
    ]
    for target, items in baselines.items() or [("", ())]:
        besides = [
            _Opening(f"{item.what}, which {target} lets in besides the rules", item.blocks, key=item.key)
            for item in items
            if any(one.overlaps(ports) for one in item.ports) and not own_only
        ]
        if wide := internet_blocks(block for way in (*ways, *besides) for block in way.blocks):
            return _shared_port_problem(service, ports, place, [*ways, *besides], wide)
    return None


def _shared_port_problem(
    service: Service, ports: PortRange, place: Place, ways: list[_Opening], wide: list[str]
) -> Problem:
    """The problem; it names what opens the port alone, else everything that opens it together."""
    others = [way for way in ways if way.service is not service]
    alone = [label for label in dict.fromkeys(way.label for way in others) if internet_blocks(_blocks(others, label))]
    together = ", ".join(alone[:1] or dict.fromkeys(way.label for way in others))
    if not others:
        expected = f"must not open {service.label} on {ports} to the internet"
        return Problem(place, ", ".join(wide), expected, "name the real sources, in longer blocks")
    besides = [way for way in others if way.service is None and way.label in alone]
    if besides:
        is_ssh = any(way.key == "operators.ssh_port" for way in besides)
        hint = "move one of them, or name who may use it in operators.cidrs" if is_ssh else "move it"
        return Problem(place, str(ports), f"must not share its port with {together}", hint, id="internal-port-shared")
    ends = "which clients reach" if alone else "and all that opens the port is the internet together"
    if alone and any(way.label in alone and way.service is Service.SSH for way in others):
        ends = "which operators.cidrs opens to the internet"
    expected = f"must not share its port with {together}, {ends}"
    return Problem(place, str(ports), expected, "move one of them", id="internal-port-shared")


def _blocks(ways: Iterable[_Opening], label: str) -> list[Cidr]:
    return [block for way in ways if way.label == label for block in way.blocks]

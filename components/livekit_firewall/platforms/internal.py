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
from .platform import Baseline

Baselines = Mapping[str, tuple[Baseline, ...]]


class _Way(Struct, frozen=True):
    """One thing that opens a port.

    Attributes:
        told: what it is, for people.
        service: whose rule it is; None for a baseline.
        key: the argument that decides a baseline's ports.
    """

    told: str
    blocks: tuple[Cidr, ...]
    service: Service | None = None
    key: str = ""


def rules_made_public(rules: Iterable[Rule], baselines: Baselines) -> Iterator[Problem]:
    """The same of a bare rule set, where a baseline is what opens a port: its rules tell what is internal.

    What the rules open to the internet themselves is their author's matter.
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
    """The first target on which it is public tells the problem; without targets the rules alone do."""
    own_only = service is Service.TURN_RELAY
    ways = [
        _Way(f"{rule.service.label} ({rule.key})" if rule.key else rule.service.label, rule.peer.blocks, rule.service)
        for rule in rules
        if rule.ports.overlaps(ports) and (rule.service is service or not own_only)
    ]
    for target, items in baselines.items() or [("", ())]:
        besides = [
            _Way(f"{item.what}, which {target} lets in besides the rules", item.blocks, key=item.key)
            for item in items
            if any(one.overlaps(ports) for one in item.ports) and not own_only
        ]
        if wide := internet_blocks(block for way in (*ways, *besides) for block in way.blocks):
            return _told(service, ports, place, [*ways, *besides], wide)
    return None


def _told(service: Service, ports: PortRange, place: Place, ways: list[_Way], wide: list[str]) -> Problem:
    """Names whoever opens the port alone, else all of those that do together."""
    others = [way for way in ways if way.service is not service]
    alone = [told for told in dict.fromkeys(way.told for way in others) if internet_blocks(_blocks(others, told))]
    together = ", ".join(alone[:1] or dict.fromkeys(way.told for way in others))
    if not others:
        expected = f"must not open {service.label} on {ports} to the internet"
        return Problem(place, ", ".join(wide), expected, "name the real sources, in longer blocks")
    besides = [way for way in others if way.service is None and way.told in alone]
    if besides:
        is_ssh = any(way.key == "operators.ssh_port" for way in besides)
        hint = "move one of them, or name who may use it in operators.cidrs" if is_ssh else "move it"
        return Problem(place, str(ports), f"must not share its port with {together}", hint, id="internal-port-shared")
    ends = "which clients reach" if alone else "and all that opens the port is the internet together"
    if alone and any(way.told in alone and way.service is Service.SSH for way in others):
        ends = "which operators.cidrs opens to the internet"
    expected = f"must not share its port with {together}, {ends}"
    return Problem(place, str(ports), expected, "move one of them", id="internal-port-shared")


def _blocks(ways: Iterable[_Way], told: str) -> list[Cidr]:
    return [block for way in ways if way.told == told for block in way.blocks]

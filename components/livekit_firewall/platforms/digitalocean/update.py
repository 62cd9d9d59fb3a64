"""What DigitalOcean refuses in the middle of an update, though the provider's preview lets it pass: a name that another
firewall still has, unlawful names, reversed ports, blocks with host bits, duplicate names (the API's 409 and 422).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence

from ...effective.property_values import is_hidden, listed, whole
from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ...effective.update import Claim, Operation, Outcome, Told, clashes
from ...model.addresses import Direction
from ...model.ports import MAX_PORT
from ...model.text import printable
from .from_pulumi import LISTS
from .native import WHOLE

NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9.-]+")
"""`firewalls_create.yml` of digitalocean/openapi."""


def outcome(operations: Sequence[Operation], names: ResourceNames) -> Outcome:  # noqa: ARG001
    refused = [
        Told(one.name, text)
        for one in operations
        if one.writes and one.after
        for text in _problems(one.after, one.name)
    ]
    claims = []
    for one in operations:
        old, new = (
            frozenset({one_name}) if (one_name := _name(side)) else frozenset() for side in (one.before, one.after)
        )
        claims.append(Claim(one, old, new, new - old if one.writes else frozenset()))
    for clash in clashes(claims):
        other = clash.holding.by.name
        text = f"{clash.asking.by.name} has the name of {other}, and an account holds one firewall of a name"
        text += "" if clash.is_sure else f": refused if it comes before {other} is changed"
        refused.append(Told(clash.asking.by.name, text))
    return Outcome(refused=tuple(refused))


def _name(one: Resource | None) -> str:
    name = one.inputs.get("name") if one else None
    return name if isinstance(name, str) and not is_hidden(name) else ""


def _problems(one: Resource, shown: str) -> Iterator[str]:
    name = _name(one)
    if name and not NAME.fullmatch(name):
        lawful = "a letter or digit, then one or more letters, digits, dots and hyphens"
        yield f"{shown} is called {printable(name, 60)}, and a name is {lawful}"
    rules = [(way, rule) for way, field in LISTS.items() for rule in listed(one.inputs.get(field))]
    if all(one.inputs.get(field) in (None, []) for field in LISTS.values()):
        yield f"{shown} has no rule at all"
    for way, rule in rules:
        if isinstance(rule, Mapping):
            yield from _rule_problems(rule, way, shown)


def _rule_problems(rule: Mapping[str, object], way: Direction, shown: str) -> Iterator[str]:
    text = str(whole(rule.get("portRange")))
    if (
        rule.get("protocol") in ("tcp", "udp")
        and text not in WHOLE
        and (found := re.fullmatch(r"(\d+)(?:-(\d+))?", text))
    ):
        first, last = int(found[1]), int(found[2] or found[1])
        if not 1 <= first <= last <= MAX_PORT:
            yield f"{shown} has a rule for ports {printable(text, 40)}, which are none"
    side = "source" if way is Direction.INGRESS else "destination"
    for block in listed(rule.get(f"{side}Addresses")):
        if isinstance(block, str) and _has_host_bits(block):
            yield f"{shown} has a rule with {printable(block, 60)}, which has bits of a host"


def _has_host_bits(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        try:
            ipaddress.ip_network(text, strict=False)
        except ValueError:
            return False
        return True
    return False

"""Google's VPC firewall rules as gcloud prints them -> what they admit for one kind of instance.

Reads `gcloud compute firewall-rules list --format json`. Shape: Compute Engine API, the resource `firewalls`.
Hierarchical and network firewall policies are not in that list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from msgspec import Struct

from ...effective.evaluate import EffectiveRules, ImportEntry, ParsedRule, Selection, evaluate
from ...effective.syntax import block_of, ports_of, protocols_of, range_of, refuse, shaped
from ...model.addresses import ANY_IPV4
from ...model.packets import EVERYBODY, PacketSet
from ...model.ports import MAX_PORT, PortRange


class Flow(Struct):
    IPProtocol: str
    ports: list[str] | None = None


class Rule(Struct, rename="camel"):
    name: str
    network: str = ""
    self_link: str = ""
    direction: str = "INGRESS"
    priority: int = 1000
    disabled: bool = False
    allowed: list[Flow] | None = None
    denied: list[Flow] | None = None
    source_ranges: list[str] | None = None
    source_tags: list[str] | None = None
    source_service_accounts: list[str] | None = None
    destination_ranges: list[str] | None = None
    target_tags: list[str] | None = None
    target_service_accounts: list[str] | None = None

    @property
    def targets(self) -> frozenset[str]:
        return frozenset((*(self.target_tags or ()), *(self.target_service_accounts or ())))

    @property
    def network_name(self) -> str:
        return self.network.rpartition("/")[2]


def recognises(value: object) -> bool:
    if isinstance(value, dict):
        value = value.get("items")
    return isinstance(value, list) and any(
        isinstance(one, dict) and ({"allowed", "denied"} & set(one)) and "network" in one for one in value
    )


def read(value: object, asked: Selection) -> EffectiveRules:
    """What an instance with the tags (or service accounts) asked for admits.

    Raises:
        NotAFirewall: another shape; several networks or tags, and none chosen.
    """
    given = value.get("items") if isinstance(value, dict) else value
    rules = [rule for rule in shaped(given, list[Rule], "firewall rules") if rule.direction == "INGRESS"]
    rules = [rule for rule in _of_network(rules, asked) if not rule.disabled]
    known = frozenset(tag for rule in rules for tag in rule.targets)
    if known and not asked.target_tags and not asked.all_instances:
        tags = ", ".join(sorted(known))
        raise refuse("", tags, "are tags or accounts of instances", "say which yours has: --target-tag TAG")
    mine = [rule for rule in rules if not rule.targets or rule.targets & frozenset(asked.target_tags)]
    # at one priority a deny wins
    order = sorted(mine, key=lambda rule: (rule.priority, rule.denied is None, rule.name))
    members = tuple(map(_member, asked.target_tags))
    name = ", ".join(sorted({rule.network_name for rule in mine})) or "no rules"
    return evaluate(name, (said_by(rule) for rule in order), members=members, adopted=tuple(map(_adopted, mine)))


def _of_network(rules: list[Rule], asked: Selection) -> list[Rule]:
    networks = sorted({rule.network_name for rule in rules})
    if not asked.groups and len(networks) > 1:
        raise refuse("", ", ".join(networks), "must be one network", "say which is meant: --group NETWORK")
    if asked.groups and not set(asked.groups) <= set(networks):
        raise refuse(
            "--group", ", ".join(asked.groups), "must be a network of the file", f"it has {', '.join(networks)}"
        )
    return [rule for rule in rules if not asked.groups or rule.network_name in asked.groups]


def _member(text: str) -> str:
    return f"account {text}" if "@" in text else f"tag {text}"


def said_by(rule: Rule, called: Callable[[str], str] | None = None) -> ParsedRule:
    """What one rule says; `called` makes the name of a source of its tag, where that is not `tag TAG`."""
    call = called or (lambda tag: f"tag {tag}")
    allows = rule.denied is None
    ports: list[PortRange] = []
    for flow in (rule.allowed if allows else rule.denied) or ():
        found = _ports(flow, rule.name)
        if found is None:
            region = PacketSet.box(ports_of(protocols_of("all") or (), 0, MAX_PORT, rule.name), EVERYBODY)
            return ParsedRule(rule.name, allows, region, unread=f"the protocol {flow.IPProtocol} is not known")
        ports += found
    blocks = [block_of(text, rule.name) for text in rule.source_ranges or ()]
    names = [
        *(call(tag) for tag in rule.source_tags or ()),
        *(f"account {account}" for account in rule.source_service_accounts or ()),
    ]
    if not blocks and not names:
        blocks = [ANY_IPV4]  # the API's default
    if rule.destination_ranges:
        why = f"is for the destinations {', '.join(rule.destination_ranges[:3])} only, and the node's is not known here"
        return ParsedRule(rule.name, allows, PacketSet.box(ports, EVERYBODY), unread=why)
    return ParsedRule(
        rule.name, allows, PacketSet.box(ports, blocks), {name: PacketSet.box(ports, EVERYBODY) for name in names}
    )


def _ports(flow: Flow, where: str) -> Iterable[PortRange] | None:
    protocols = protocols_of(flow.IPProtocol)
    if not protocols:
        return None if protocols is None else ()
    ranges = [range_of(text, where) for text in flow.ports or ()] or [(0, MAX_PORT)]
    return [one for first, last in ranges for one in ports_of(protocols, first, last, where)]


def _adopted(rule: Rule) -> ImportEntry:
    """`PROJECT/NAME`, the name alone where the file does not tell the project."""
    project = re.search(r"/projects/([^/]+)/", rule.self_link)
    return ImportEntry(
        "gcp:compute/firewall:Firewall", rule.name, f"{project[1]}/{rule.name}" if project else rule.name
    )

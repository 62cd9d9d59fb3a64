"""Google's VPC firewall rules as gcloud prints them -> what they admit for one kind of instance.

Reads `gcloud compute firewall-rules list --format json`. Shape: Compute Engine API, the resource `firewalls`.
Hierarchical and network firewall policies are not in that list.
"""

from __future__ import annotations

import re
from shlex import quote

from msgspec import Struct

from ...effective.evaluate import EffectiveRules, ImportEntry, Selection, evaluate
from ...effective.native_rule import NativeRule, RuleSource, block_source
from ...effective.syntax import refuse, shaped
from .adopt import FIREWALL, content
from .native import BY_DEFAULT, flows_of_protocol, for_some


class _ProtocolPorts(Struct):
    IPProtocol: str
    ports: list[str] | None = None


class _ListedRule(Struct, rename="camel"):
    name: str
    network: str = ""
    self_link: str = ""
    direction: str = "INGRESS"
    priority: int = 1000
    disabled: bool = False
    allowed: list[_ProtocolPorts] | None = None
    denied: list[_ProtocolPorts] | None = None
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
    rules = [rule for rule in shaped(given, list[_ListedRule], "firewall rules") if rule.direction == "INGRESS"]
    in_network = _of_network(rules, asked)
    rules = [rule for rule in in_network if not rule.disabled]
    known = frozenset(tag for rule in rules for tag in rule.targets)
    if known and not asked.target_tags and not asked.all_instances:
        tags = ", ".join(sorted(known))
        raise refuse("", tags, "are tags or accounts of instances", "say which yours has: --target-tag TAG")
    here = [rule for rule in in_network if not rule.targets or rule.targets & frozenset(asked.target_tags)]
    mine = [rule for rule in here if not rule.disabled]
    # at one priority a deny wins
    order = sorted(mine, key=lambda rule: (rule.priority, rule.denied is None, rule.name))
    members = tuple(map(_member, asked.target_tags))
    name = ", ".join(sorted({rule.network_name for rule in mine})) or "no rules"
    return evaluate(name, (_native(rule).parsed for rule in order), members=members, adopted=tuple(map(_adopted, here)))


def _of_network(rules: list[_ListedRule], asked: Selection) -> list[_ListedRule]:
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


def _native(rule: _ListedRule) -> NativeRule:
    allows = rule.denied is None
    given = (rule.allowed if allows else rule.denied) or ()
    flows = tuple(flow for one in given for flow in flows_of_protocol(one.IPProtocol, one.ports or (), rule.name))
    names = [
        *(f"tag {tag}" for tag in rule.source_tags or ()),
        *(f"account {account}" for account in rule.source_service_accounts or ()),
    ]
    sources = (
        *(block_source(text, rule.name) for text in rule.source_ranges or ()),
        *(RuleSource(name, name=name) for name in names),
    )
    return NativeRule(
        rule.name, flows, sources or BY_DEFAULT, allows=allows, unread=for_some(rule.destination_ranges or ())
    )


def _adopted(rule: _ListedRule) -> ImportEntry:
    """The name alone as the id where the file does not tell the project."""
    project = re.search(r"/projects/([^/]+)/", rule.self_link)
    native = _native(rule)
    allowed = [(one.IPProtocol, one.ports or ()) for one in rule.allowed or ()]
    members = (rule.source_tags, rule.source_service_accounts, rule.target_tags, rule.target_service_accounts)
    says = content(rule.network, rule.priority, allowed, rule.source_ranges or (), (one or () for one in members))
    is_plain = not (rule.disabled or rule.denied or rule.destination_ranges) and rule.direction == "INGRESS"
    flows, sources = " ".join(native.flow_names), " ".join(one.shown for one in native.sources)
    where = f" --project {quote(project[1])}" if project else ""
    return ImportEntry(
        type=FIREWALL,
        name=rule.name,
        id=f"projects/{project[1]}/global/firewalls/{rule.name}" if project else rule.name,
        content=says if is_plain else (rule.name,),
        shown=f"{flows} from {sources}{', disabled' if rule.disabled else ''}",
        removal=f"gcloud compute firewall-rules delete {quote(rule.name)}{where}",
    )

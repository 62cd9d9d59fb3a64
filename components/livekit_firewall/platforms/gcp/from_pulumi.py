"""Google's VPC firewall rules as resources of Pulumi -> what they admit, for each kind of instance.

Reads `gcp.compute.Firewall` (schema of pulumi-gcp 10). A rule is for the instances of its network that have one of
its tags or service accounts, or for all of them. So there is one admission for each network and tag, made of the
rules that name the tag and of those for every instance; and one for instances without any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from ...effective.evaluate import ParsedRule
from ...effective.resources import Resource, ResourceNames, _resource, is_hidden, listed, number_of
from ...effective.snapshot import DENIED, EVERY, EVERYTHING, Snapshot, SnapshotRule, admission, told, unclear
from ...effective.syntax import shaped
from ...model.addresses import Direction
from ...model.packets import everything
from ...model.ports import PortRange
from .from_cli import Flow, Rule, said_by
from .native import Native
from .record import GCP

(FIREWALL,) = GCP.made
TYPES = frozenset({FIREWALL})
NETWORKS = ("gcp:compute/network:Network",)
EVERYBODY = "every instance"

OPEN = {Direction.EGRESS: ParsedRule("Google's own rule", True, everything())}
"""What decides after all rules of a network: egress is open, ingress is not."""

TARGETS = (("targetTags", "tag"), ("targetServiceAccounts", "account"))
SOURCES = (("sourceTags", "tag"), ("sourceServiceAccounts", "account"))


class _Placed:
    """One rule, where it stands and whom it is for."""

    def __init__(self, one: Resource, names: ResourceNames, projects: frozenset[str]) -> None:
        self.network = _network(one, names, projects)
        self.way = Direction.EGRESS if str(one.inputs.get("direction")).upper() == "EGRESS" else Direction.INGRESS
        self.targets = tuple(
            names.of(one, field, value, (), word) for field, word in TARGETS for value in listed(one.inputs.get(field))
        )
        self.entries = told(one, _entries(one, self.way, names), self.way)
        # at one priority a deny wins
        self.order = (_priority(one), not _denies(one.inputs), one.name)


def admissions(resources: Sequence[Resource], names: ResourceNames) -> Iterator[Snapshot]:
    """One for each network and tag (or account), and one for instances that have none."""
    projects = frozenset(filter(None, (_project(one) for one in names.everything if one.type == FIREWALL)))
    placed = sorted((_Placed(one, names, projects) for one in resources if not _is_off(one)), key=lambda one: one.order)
    scopes = dict.fromkeys((one.network, target) for one in placed for target in one.targets or (EVERYBODY,))
    for network, target in scopes:
        mine = [one for one in placed if one.network == network and (not one.targets or target in one.targets)]
        shown = EVERYBODY if target == EVERYBODY else names.shown.get(target, target)
        name = f"{names.shown.get(network, network)}: {shown}"
        found = admission(_key(network, target), name, "gcp", [e for one in mine for e in one.entries], last=OPEN)
        everybody = "" if target == EVERYBODY else _key(network, EVERYBODY)
        yield replace(found, absent={Direction.EGRESS: EVERYTHING}, otherwise=everybody)


def _priority(one: Resource) -> float:
    """The API's default where it is not said; where it cannot be read, the entries are unclear."""
    given = number_of(one.inputs.get("priority"))
    return DEFAULT_PRIORITY if given is None else given


DEFAULT_PRIORITY = 1000.0


def _key(network: str, target: str) -> str:
    return f"gcp {network} {target}"


def _is_off(one: Resource) -> bool:
    return str(one.inputs.get("disabled")).lower() == "true"


def _network(one: Resource, names: ResourceNames, projects: frozenset[str]) -> str:
    """A network by whatever it is called: its name, its id, its link; networks of two projects are two."""
    network = names.of(one, "network", one.inputs.get("network") or "default", NETWORKS, is_part=True)
    if network.startswith(("urn:", "unknown ", "secret ")):
        return network
    short = network.rpartition("/")[2]
    # a project that is not told is the provider's own, which may be the only one that is
    key = f"{_project(one)}/{short}" if len(projects) > 1 and _project(one) else short
    names.shown[key] = key
    return key


def _project(one: Resource) -> str:
    linked = re.search(r"projects/([^/]+)/", str(one.inputs.get("network")))
    project = linked[1] if linked else one.inputs.get("project")
    return project if isinstance(project, str) and not is_hidden(project) else ""


def _entries(one: Resource, way: Direction, names: ResourceNames) -> Iterator[SnapshotRule]:
    given = one.inputs
    hidden = [
        field for field in ("allows", "denies", "direction", "priority", "disabled") if is_hidden(given.get(field))
    ]
    if hidden:
        yield SnapshotRule(unclear(one, f"its {hidden[0]} are not told before the update"), way)
        return
    priority = given.get("priority")
    is_read = priority is None or number_of(priority) is not None
    if not is_read or (given.get("allows") is None and given.get("denies") is None):
        yield SnapshotRule(unclear(one, "has no action, or no priority, that can be read"), way)
        return
    peers = "sourceRanges" if way is Direction.INGRESS else "destinationRanges"
    blocks, named = [], [names.of(one, f, value, (), word) for f, word in SOURCES for value in listed(given.get(f))]
    for value in listed(given.get(peers)):
        if is_hidden(value):
            named.append(names.of(one, peers, value))
        else:
            blocks.append(str(value))
    rule = Rule(
        name=one.name,
        allowed=_flows(given.get("allows")),
        denied=_flows(given.get("denies")),
        source_ranges=blocks or None,
        source_tags=named or None,
        # an allow for some of the node's addresses may be for all of them; a deny may be for none
        destination_ranges=_texts(given.get("destinationRanges"))
        if way is Direction.INGRESS and _denies(given)
        else None,
    )
    said = said_by(rule, lambda name: name)
    # egress is open by default, for every protocol
    others = tuple(_others(rule, blocks, named)) if way is Direction.INGRESS else ()
    limit = ", ".join(sorted(_texts(given.get("destinationRanges")) or ())) if way is Direction.INGRESS else ""
    about = str(given.get("description") or "")
    yield SnapshotRule(said, way, _ports(said), about, others, "" if _denies(given) or limit in WHOLE else limit)


WHOLE = ("", "0.0.0.0/0", "::/0", "0.0.0.0/0, ::/0")


def _denies(given: Mapping[str, Any]) -> bool:
    return bool(given.get("denies"))


def _ports(said: ParsedRule) -> tuple[PortRange, ...]:
    return tuple(ports for region in (said.region, *said.named.values()) for ports, _ in region.parts())


def _others(rule: Rule, blocks: Sequence[str], named: Sequence[str]) -> Iterator[tuple[str, str]]:
    for flow in rule.denied or rule.allowed or ():
        word = PORTLESS.get(flow.IPProtocol.lower(), flow.IPProtocol.lower())
        if word not in ("tcp", "udp", "6", "17"):
            word = f"{DENIED}{word}" if rule.denied else word
            yield from ((word, who) for who in (*blocks, *named, *(() if blocks or named else ("0.0.0.0/0",))))


PORTLESS = {"1": "icmp", "58": "icmpv6", "ipv6-icmp": "icmpv6", "all": EVERY}


def _flows(given: object) -> list[Flow] | None:
    flows = [_flow(one) for one in listed(given)]
    return flows or None


def _flow(given: object) -> Flow:
    if (
        not isinstance(given, Mapping)
        or is_hidden(given.get("protocol"))
        or any(map(is_hidden, listed(given.get("ports"))))
    ):
        raise ValueError("its protocol or ports are not told before the update")
    return shaped({"IPProtocol": given.get("protocol"), "ports": _texts(given.get("ports"))}, Flow, "allows")


def _texts(given: object) -> list[str] | None:
    return [str(value) for value in listed(given)] or None


def made(native: Native) -> Iterator[Resource]:
    """The resources that the component makes of them, under names that are equal from one rendering to the next."""
    for rule in native:
        inputs = {
            "network": native.network,
            "project": native.project,
            "direction": rule.direction,
            "priority": rule.priority,
            "description": rule.description,
            "allows": [{"protocol": one.protocol, "ports": list(one.ports) or None} for one in rule.allows],
            **{
                key: list(value) or None
                for key, value in (
                    ("sourceRanges", rule.source_ranges),
                    ("sourceTags", rule.source_tags),
                    ("sourceServiceAccounts", rule.source_service_accounts),
                    ("targetTags", rule.target_tags),
                    ("targetServiceAccounts", rule.target_service_accounts),
                )
            },
        }
        yield _resource(FIREWALL, rule.name, inputs)

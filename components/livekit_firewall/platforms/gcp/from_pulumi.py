"""Google's VPC firewall rules as resources of Pulumi -> what they admit, for each kind of instance.

Reads `gcp.compute.Firewall` (schema of pulumi-gcp 10). A rule is for the instances of its network that have one of
its tags or service accounts, or for all of them. So there is one snapshot for each network and tag, made of the
rules that name the tag and of those for every instance; and one for instances without any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec.structs import replace

from ...effective.evaluate import ParsedRule
from ...effective.native_rule import (
    Flow,
    NativeRule,
    RuleSource,
    block_source,
    identity_source,
    rules_in,
    unclear,
    worded,
)
from ...effective.property_values import is_hidden, listed, number_of
from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ...effective.snapshot import EVERYTHING, Snapshot, snapshot_of
from ...effective.syntax import refuse
from ...model.addresses import Direction, Identity
from ...model.packets import everything
from .native import BY_DEFAULT, flows_of_protocol, for_some
from .record import GCP
from .render import GOOGLE_LOAD_BALANCERS

(FIREWALL,) = GCP.made
TYPES = frozenset({FIREWALL})
NETWORKS = ("gcp:compute/network:Network",)
EVERYBODY = "every instance"

OPEN = {Direction.EGRESS: ParsedRule("Google's own rule", True, everything())}
"""What decides after all rules of a network: egress is open, ingress is not."""

TARGETS = (("targetTags", "tag"), ("targetServiceAccounts", "account"))
SOURCES = (("sourceTags", "tag"), ("sourceServiceAccounts", "account"))


class _OrderedRule:
    """One rule with its network, its order and its targets."""

    def __init__(self, one: Resource, names: ResourceNames, projects: frozenset[str]) -> None:
        self.network = _network(one, names, projects)
        self.targets = tuple(
            names.of(one, field, value, (), word) for field, word in TARGETS for value in listed(one.inputs.get(field))
        )
        self.entries = [_entry(rule) for rule in rules(one, names)]
        # at one priority a deny wins
        self.order = (_priority(one), not _denies(one.inputs), one.name)


def _entry(rule: NativeRule) -> NativeRule:
    """Egress is open by default, for every protocol."""
    return rule if rule.direction is Direction.INGRESS else rule.without_others


def snapshots(resources: Sequence[Resource], names: ResourceNames) -> Iterator[Snapshot]:
    """One for each network and tag (or account), and one for instances that have none."""
    projects = frozenset(filter(None, (_project(one) for one in names.everything if one.type == FIREWALL)))
    placed = sorted(
        (_OrderedRule(one, names, projects) for one in resources if not _is_off(one)), key=lambda one: one.order
    )
    scopes = dict.fromkeys((one.network, target) for one in placed for target in one.targets or (EVERYBODY,))
    for network, target in scopes:
        mine = [one for one in placed if one.network == network and (not one.targets or target in one.targets)]
        shown = EVERYBODY if target == EVERYBODY else names.shown.get(target, target)
        name = f"{names.shown.get(network, network)}: {shown}"
        found = snapshot_of(_key(network, target), name, "gcp", [e for one in mine for e in one.entries], last=OPEN)
        everybody = "" if target == EVERYBODY else _key(network, EVERYBODY)
        yield replace(found, absent={Direction.EGRESS: EVERYTHING}, fallback=everybody)


def _priority(one: Resource) -> float:
    """The API's default where it is not given; where it cannot be read, the entries are unclear."""
    given = number_of(one.inputs.get("priority"))
    return DEFAULT_PRIORITY if given is None else given


DEFAULT_PRIORITY = 1000.0


def _key(network: str, target: str) -> str:
    return f"gcp {network} {target}"


def _is_off(one: Resource) -> bool:
    return str(one.inputs.get("disabled")).lower() == "true"


def _network(one: Resource, names: ResourceNames, projects: frozenset[str]) -> str:
    """The key of a network, from its name, its id or its link; networks of two projects have two keys."""
    network = names.of(one, "network", one.inputs.get("network") or "default", NETWORKS, is_part=True)
    if network.startswith(("urn:", "unknown ", "secret ")):
        return network
    short = network.rpartition("/")[2]
    # a project that is not given is the provider's default, which may be the only one there is
    key = f"{_project(one)}/{short}" if len(projects) > 1 and _project(one) else short
    names.shown[key] = key
    return key


def _project(one: Resource) -> str:
    linked = re.search(r"projects/([^/]+)/", str(one.inputs.get("network")))
    project = linked[1] if linked else one.inputs.get("project")
    return project if isinstance(project, str) and not is_hidden(project) else ""


def rules(one: Resource, names: ResourceNames) -> list[NativeRule]:
    way = _way(one)
    return rules_in(one, _native(one, way, names), way)


def _way(one: Resource) -> Direction:
    return Direction.EGRESS if str(one.inputs.get("direction")).upper() == "EGRESS" else Direction.INGRESS


def _native(one: Resource, way: Direction, names: ResourceNames) -> Iterator[NativeRule]:
    given = one.inputs
    hidden = [
        field for field in ("allows", "denies", "direction", "priority", "disabled") if is_hidden(given.get(field))
    ]
    if hidden:
        yield unclear(one, f"its {hidden[0]} are not known before the update", way)
        return
    priority = given.get("priority")
    is_read = priority is None or number_of(priority) is not None
    if not is_read or (given.get("allows") is None and given.get("denies") is None):
        yield unclear(one, "has no action, or no priority, that can be read", way)
        return
    denies = _denies(given)
    listed_flows = [] if _is_off(one) else listed(given.get("denies" if denies else "allows"))
    flows = tuple(flow for field in listed_flows for flow in _flows(field, one.name))
    places = _texts(given.get("destinationRanges")) if way is Direction.INGRESS else []
    limit = ", ".join(sorted(places))
    yield NativeRule(
        one.name,
        flows,
        tuple(_sources(one, way, names)) or BY_DEFAULT,
        worded(given.get("description")),
        allows=not denies,
        direction=way,
        # an allow for some of the node's addresses may be for all of them; a deny may be for none
        unread=for_some(places) if denies else "",
        limit="" if denies or limit in WHOLE else limit,
    )


def _sources(one: Resource, way: Direction, names: ResourceNames) -> Iterator[RuleSource]:
    peers = "sourceRanges" if way is Direction.INGRESS else "destinationRanges"
    ranges = listed(one.inputs.get(peers))
    is_balancer = bool(ranges) and all(isinstance(value, str) and value in GOOGLE for value in ranges)
    for value in ranges:
        if is_hidden(value):
            yield RuleSource(worded(value), name=names.of(one, peers, value))
            continue
        block = block_source(str(value), one.name)
        yield identity_source(Identity.LOAD_BALANCER, value, str(value), block.blocks) if is_balancer else block
    own = [value for field, _ in TARGETS for value in listed(one.inputs.get(field))]
    for field, word in SOURCES:
        for value in listed(one.inputs.get(field)):
            name = names.of(one, field, value, (), word)
            if value in own:
                yield identity_source(Identity.SAME_GROUP, value, name)
            else:
                yield RuleSource(f"{word} {worded(value)}", name=name)


GOOGLE = frozenset(block for blocks in GOOGLE_LOAD_BALANCERS.values() for block in blocks)
WHOLE = ("", "0.0.0.0/0", "::/0", "0.0.0.0/0, ::/0")


def _denies(given: Mapping[str, object]) -> bool:
    return bool(given.get("denies"))


def _flows(given: object, where: str) -> tuple[Flow, ...]:
    if (
        not isinstance(given, Mapping)
        or is_hidden(given.get("protocol"))
        or any(map(is_hidden, listed(given.get("ports"))))
    ):
        raise ValueError("its protocol or ports are not known before the update")
    protocol = given.get("protocol")
    if not isinstance(protocol, str):
        raise refuse(where, "", "must name its protocol")
    return flows_of_protocol(protocol, _texts(given.get("ports")), where)


def _texts(given: object) -> list[str]:
    return [str(value) for value in listed(given)]

"""RuleSet -> the inline rules of a network security group: final texts, nothing left to decide."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...model.addresses import Cidr, Family, Identity
from ...model.errors import Place, Problem, RenderError
from ...model.ports import MAX_PORT, PortRange, Protocol
from ...model.rules import Rule, RuleSet
from ...model.services import Service
from ..by_audience import unnamed_identities
from ..facts import Baseline
from ..tags import TagLimits, tag_problems
from ..target_values import ipv6_problems
from . import existing
from .by_name import rules_by_name, source_problems
from .limits import LIMITS, PROTOCOLS, description, name_of
from .native import BAND, Native, Priority, SecurityRule, band
from .target import AzureTarget

TAGS = TagLimits(50, 512, 256, r".*[<>%&\\?/]", "without < > % & \\ ? /")
"""azure-resource-manager/management/tag-resources, "Limitations"."""

PROBERS = (Cidr.parse("168.63.129.16/32"), Cidr.parse("fe80::1234:5678:9abc/128"))
"""What the tag AzureLoadBalancer stands for: the platform's prober, the same addresses in every virtual network.
Source: https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16"""

PROBES = Baseline(
    "Azure's load balancer probes (the tag AzureLoadBalancer), TCP, every port",
    "asked for by azure.load_balancer_probes: denied, a Load Balancer would mark the node unhealthy",
    (PortRange.tcp(1, MAX_PORT),),
    PROBERS,
    key="azure.load_balancer_probes",
)


EGRESS = Baseline(
    "Egress: Azure's default, every protocol to the internet and to the virtual network",
    "Redis, webhooks, DNS, STUN and ICE checks go out",
)


def baseline(target: AzureTarget) -> tuple[Baseline, ...]:
    """What the group lets pass besides the rules."""
    return (
        Baseline(
            "ICMP, every type, IPv4 only",
            "ping and path MTU discovery; Azure's rules have no ICMP types and no ICMPv6",
        ),
        *([PROBES] if target.load_balancer_probes else []),
        *(existing.baseline(target) if target.network_security_group_id is not None else [EGRESS]),
    )


Purpose = tuple[Service, Protocol, Family]


@dataclass(frozen=True, slots=True)
class _PortGroup:
    """Ports of one purpose that the same sources reach."""

    sources: tuple[Cidr, ...]
    ports: list[PortRange]
    rules: list[Rule]


def render(rules: RuleSet, target: AzureTarget, *, name: str = "livekit", ipv6: bool = True) -> Native:
    """The rules of the network security group, by priority, the last one denying all the rest.

    `name` is that of the component, after which rules in an existing group are named.

    `ipv6=False` changes nothing in the baseline, which has no IPv6; a rule set that admits an IPv6 block is
    then refused.

    Raises `RenderError` with every problem: no resource group, an identity, more than Azure holds.
    """
    purposes = _purposes(rules)
    problems = [
        *_target_problems(target),
        *tag_problems("azure.tags", target.tags, TAGS),
        *_identity_problems(rules, target),
        *([] if ipv6 else ipv6_problems(rules)),
        *_quota_problems(purposes, rules, target),
    ]
    if problems:
        raise RenderError("azure", problems)
    group = target.network_security_group_id
    made = [rule for purpose, groups in purposes.items() for rule in _service_rules(purpose, groups, group is not None)]
    made += rules_by_name(rules, target, [rule.priority for rule in made])
    made += _baseline(target)
    if group is not None:
        if problems := list(existing.priority_problems(made, target)):
            raise RenderError("azure", problems)
        made = list(existing.moved(made, target, name))
    ordered = tuple(sorted(made, key=lambda rule: rule.priority))
    return Native(ordered, target.resource_group_name, target.location, group)


# Services


def _purposes(rules: RuleSet) -> dict[Purpose, list[_PortGroup]]:
    """What each service needs over one protocol and family, with as few groups as say it exactly."""
    reach: dict[Purpose, dict[PortRange, list[tuple[Cidr, Rule]]]] = defaultdict(lambda: defaultdict(list))
    for rule in rules.ingress:
        for block in rule.peer.blocks:
            reach[rule.service, rule.ports.protocol, block.family][rule.ports].append((block, rule))
    return {purpose: _groups(by_ports) for purpose, by_ports in reach.items()}


def _groups(by_ports: dict[PortRange, list[tuple[Cidr, Rule]]]) -> list[_PortGroup]:
    groups: dict[tuple[Cidr, ...], _PortGroup] = {}
    for ports in sorted(by_ports):
        sources = _outermost(block for block, _ in by_ports[ports])
        group = groups.setdefault(sources, _PortGroup(sources, [], []))
        group.ports.append(ports)
        group.rules.extend(rule for _, rule in by_ports[ports])
    return list(groups.values())


def _outermost(blocks: Iterable[Cidr]) -> tuple[Cidr, ...]:
    """The blocks that lie in no other one: the same addresses, without the overlap."""
    kept: list[Cidr] = []
    for block in sorted(set(blocks), key=lambda block: block.order):  # what holds others comes before them
        if not kept or block.bounds[1] > kept[-1].bounds[1]:
            kept.append(block)
    return tuple(kept)


def _service_rules(purpose: Purpose, groups: list[_PortGroup], in_existing: bool) -> Iterator[SecurityRule]:
    service, protocol, family = purpose
    shown = name_of(service, protocol)
    ports_first = [group.ports[0].first for group in groups]
    places = existing.places(ports_first) if in_existing else range(len(groups))
    for place, group in zip(places, groups, strict=True):
        sources, ports = [str(block) for block in group.sources], [one.ports for one in group.ports]
        yield SecurityRule(
            # One rule, unless ports have different sources: then the first port tells the rules apart.
            name=f"{shown}-{family}" if len(groups) == 1 else f"{shown}-{family}-{ports[0]}",
            priority=band(service, protocol, family) + place,
            protocol=PROTOCOLS[protocol],
            description=description(service, group.rules),
            source_address_prefix=sources[0] if len(sources) == 1 else None,
            source_address_prefixes=tuple(sources) if len(sources) > 1 else (),
            destination_port_range=ports[0] if len(ports) == 1 else None,
            destination_port_ranges=tuple(ports) if len(ports) > 1 else (),
        )


# Baseline


def _baseline(target: AzureTarget) -> Iterator[SecurityRule]:
    # A block and not `*`, which would be both families.
    yield SecurityRule(
        name="icmp-ipv4",
        priority=Priority.ICMP,
        protocol="Icmp",
        description="ICMP: ping and path MTU discovery",
        source_address_prefix="0.0.0.0/0",
        destination_port_range="*",
    )
    if target.load_balancer_probes:
        # The load balancer decides which port is probed; the tag covers Azure's own prober only.
        yield SecurityRule(
            name="load-balancer-probes",
            priority=Priority.LOAD_BALANCER_PROBES,
            protocol="Tcp",
            description="Azure's load balancer probes: azure.load_balancer_probes",
            source_address_prefix="AzureLoadBalancer",
            destination_port_range="*",
        )
    yield SecurityRule(
        name="deny-all",
        priority=Priority.DENY_ALL,
        protocol="*",
        description="Everything else, since Azure's defaults would admit the whole virtual network",
        access="Deny",
        source_address_prefix="*",
        destination_port_range="*",
    )


# Problems

# By identity: the argument to use instead, what the identity is, and a hint to find its blocks.
_INSTEAD = {
    Identity.LOAD_BALANCER: (
        "load_balancer.cidrs",
        "the load balancer",
        "set it; an Application Gateway is its subnet's block, through a Load Balancer the source is the client",
    ),
    Identity.SAME_GROUP: ("cluster.cidrs", "the other nodes", "set it in place of cluster.same_group"),
}


def _target_problems(target: AzureTarget) -> Iterator[Problem]:
    yield from existing.problems(target)
    if target.resource_group_name is None and target.network_security_group_id is None:
        yield Problem(
            Place("azure.resource_group_name"),
            "",
            "the name of the resource group that the network security group is created in",
            "set it, or azure.network_security_group_id of an existing group",
        )


def _identity_problems(rules: RuleSet, target: AzureTarget) -> Iterator[Problem]:
    yield from unnamed_identities(rules, target.names | {*_INSTEAD}, "azure")
    for identity in sorted(rules.identities.intersection(_INSTEAD) - target.names):
        path, who, hint = _INSTEAD[identity]
        services = dict.fromkeys(rule.service.label for rule in rules.ingress if rule.peer.identity is identity)
        yield Problem(
            Place(path),
            "",
            f"the blocks of {who}, which may reach {', '.join(services)}: Azure's rules name blocks only",
            hint,
        )


def _quota_problems(
    purposes: dict[Purpose, list[_PortGroup]], rules: RuleSet, target: AzureTarget
) -> Iterator[Problem]:
    plain: Counter[tuple[Service, Protocol]] = Counter()
    for (service, protocol, _), groups in purposes.items():
        plain[service, protocol] += len(groups)
    yield from source_problems(rules, target, plain)
    own = plain.total() + len(rules_by_name(rules, target, ())) + len(list(_baseline(target)))
    count = own + target.existing_rules
    if count > LIMITS["rules"]:
        yield Problem(
            Place("azure"),
            str(count),
            f"at most {LIMITS['rules']} rules in one network security group",
            "give the ports of a service the same sources, so that they share a rule",
        )
    for (service, protocol, family), groups in purposes.items():
        what = f"{service.label} over {protocol} and {'IPv4' if family is Family.IPV4 else 'IPv6'}"
        if len(groups) > BAND:
            yield Problem(
                Place("azure"),
                str(len(groups)),
                f"at most {BAND} groups of ports with different sources for {what}",
                "give the ports of the service the same sources, so that they share a rule",
            )
        largest = max(len(group.sources) for group in groups)
        if largest > LIMITS["prefixes per rule"]:
            yield Problem(
                Place("azure"),
                str(largest),
                f"at most {LIMITS['prefixes per rule']} blocks for {what}",
                "name fewer, larger blocks",
            )

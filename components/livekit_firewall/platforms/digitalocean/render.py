"""RuleSet -> the entries of one `digitalocean.Firewall`. Pure: all strings are final.

An entry is a product of one protocol and range of ports with all of its sources: blocks of both families,
tags, Droplets and load balancers together. The API refuses a request with two entries of the same protocol
and ports, so the services that share them share the entry; overlapping ranges that differ are lawful. A block that is
an output is one source of its entry, whatever its family.

The firewall denies both directions by default, so outbound is always written. Tags, Droplets and load
balancers have no family: `ipv6=False` does not narrow them. No entry has an `action`, which providers before
4.80 do not know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from ...model.addresses import ANY_IPV4, Cidr, Identity, NamedBlock
from ...model.errors import Place, Problem, RenderError
from ...model.ports import PortRange
from ...model.rules import RuleSet
from ..by_audience import unnamed_identities
from ..facts import Baseline
from ..target_values import ipv6_problems
from .native import BOTH, OUTBOUND, InboundRule, Native
from .target import DigitalOceanTarget, TargetMembers, read_target

LIMITS: Mapping[str, int] = MappingProxyType(
    {
        "rules per firewall, in and out": 50,
        "droplets per firewall": 10,
        "tags per firewall": 5,
        "sources per rule": 1000,
    }
)
"""Source: https://docs.digitalocean.com/products/networking/firewalls/details/limits/"""


def baseline(*, ipv6: bool = True) -> tuple[Baseline, ...]:
    """What the firewall lets pass besides the rules."""
    families = "over IPv4 and IPv6" if ipv6 else "over IPv4 only"
    return (
        Baseline(
            f"ICMP from anywhere, {families}, all types (DigitalOcean's grain is the protocol)",
            "path MTU discovery and ping",
        ),
        Baseline(
            "outbound TCP, UDP and ICMP to anywhere, both families",
            "the firewall denies outbound by default; media, DNS, webhooks and updates need it",
        ),
    )


@dataclass(slots=True)
class _PortSources:
    """Who reaches one range of ports, while it is collected."""

    blocks: set[Cidr] = field(default_factory=set)
    named: set[NamedBlock] = field(default_factory=set)
    identities: set[Identity] = field(default_factory=set)


def render(rules: RuleSet, target: DigitalOceanTarget, *, ipv6: bool = True) -> Native:
    """The entries that admit what `rules` admit, and the `baseline`.

    Raises RenderError, with all problems: neither Droplets nor tags, an unlawful tag or Droplet id, a limit
    exceeded, an identity that the target cannot name, IPv6 sources though `ipv6` is false.
    """
    to, problems = read_target(target, LIMITS["droplets per firewall"], LIMITS["tags per firewall"])
    problems += _unnamed_identities(rules, target, to)
    problems += unnamed_identities(rules, target.names | {Identity.LOAD_BALANCER}, "digitalocean")
    if not ipv6:
        problems += ipv6_problems(rules)
    sources: dict[PortRange, _PortSources] = defaultdict(_PortSources)
    for rule in rules.ingress:
        sources[rule.ports].blocks.update(rule.peer.blocks)
        if rule.peer.identity is not None:
            sources[rule.ports].identities.add(rule.peer.identity)
        if rule.peer.named is not None:
            sources[rule.ports].named.add(rule.peer.named)
    icmp = InboundRule("icmp", None, BOTH if ipv6 else (str(ANY_IPV4),))
    inbound = (*(_entry(ports, sources[ports], target, to) for ports in sorted(sources)), icmp)
    problems += _beyond_limits(inbound)
    if problems:
        raise RenderError("digitalocean", problems)
    return Native(inbound, OUTBOUND, to.droplets, to.tags)


def _entry(ports: PortRange, sources: _PortSources, target: DigitalOceanTarget, to: TargetMembers) -> InboundRule:
    same_group = Identity.SAME_GROUP in sources.identities
    balancers = Identity.LOAD_BALANCER in sources.identities
    by_name = sorted(
        (name, identity, tag)
        for identity in sources.identities
        for name, tag in target.source_tags.of(identity).items()
    )
    tags = [*(to.tags if same_group else ()), *(tag for _, _, tag in by_name)]
    blocks = (str(block) for block in sorted(sources.blocks, key=lambda block: block.order))
    return InboundRule(
        str(ports.protocol),
        ports.ports,
        (*blocks, *(block.value for block in sorted(sources.named, key=str))),
        source_droplet_ids=to.droplets if same_group else (),
        source_tags=tuple({_same(tag): tag for tag in tags}.values()),
        source_load_balancer_uids=to.balancers if balancers else (),
        audiences=tuple((tag, identity) for _, identity, tag in by_name),
    )


def _same(tag: object) -> object:
    """Tags are compared ignoring case; two outputs are never known to be equal."""
    return tag.casefold() if isinstance(tag, str) else id(tag)


def _beyond_limits(inbound: tuple[InboundRule, ...]) -> Iterator[Problem]:
    most = LIMITS["rules per firewall, in and out"]
    count = len(inbound) + len(OUTBOUND)
    if count > most:
        yield Problem(
            Place("digitalocean"), f"{len(inbound)} inbound and {len(OUTBOUND)} outbound",
            f"at most {most} rules per firewall", "use ranges of ports instead of single ones",
        )  # fmt: skip
    most = LIMITS["sources per rule"]
    for entry in inbound:
        sources = (
            *entry.source_addresses, *entry.source_tags, *entry.source_droplet_ids, *entry.source_load_balancer_uids,
        )  # fmt: skip
        if len(sources) > most:
            yield Problem(
                Place("digitalocean"), f"{len(sources)} for {entry.protocol}/{entry.port_range}",
                f"at most {most} sources per rule", "name fewer, larger blocks",
            )  # fmt: skip


def _unnamed_identities(rules: RuleSet, target: DigitalOceanTarget, to: TargetMembers) -> Iterator[Problem]:
    if Identity.LOAD_BALANCER in rules.identities and not (to.balancers or target.source_tags.load_balancer):
        yield Problem(
            Place("digitalocean.load_balancer_uids"), "", "is needed for rules that admit a load balancer",
            "name DigitalOcean's load balancer, or give the addresses of another as load_balancer.cidrs",
        )  # fmt: skip
    if Identity.SAME_GROUP in rules.identities and not (to.tags or to.droplets):
        yield Problem(
            Place("digitalocean"), "", "droplet_ids or tags are needed to admit nodes of the same group",
            "name them, or give the nodes' addresses as cluster.cidrs",
        )  # fmt: skip

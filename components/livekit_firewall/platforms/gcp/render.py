"""RuleSet -> `compute.Firewall` rules. Pure: all strings are final.

A rule of Google's is a product: *every* source reaches *every* port in it. So ports share a rule only
if their sources are the same, and nothing is ever widened:

- what anywhere reaches: `public-ipv4`, `public-ipv6`;
- what Google's load balancers reach: `load-balancer-ipv4`, `load-balancer-ipv6`;
- what the target's own instances reach: `same-group-tags` or `same-group-accounts`;
- what blocks of addresses reach: one rule per purpose (`PURPOSES`) and family, `trunk-media-ipv4`. Where the
  services of a purpose have different sources, one per service (`sip-tls-ipv4`); where a service has
  different sources for its ports, one per range (`metrics-tcp-6789-ipv4`).

Keys hold neither addresses nor, but for that last case, ports: an edit is an update in place. The kind of
source is part of the key because the provider leaves old ranges behind when a rule changes to tags
(hashicorp/terraform-provider-google#8076).

Tags and service accounts name instances, not addresses: they have no family, and `ipv6=False` does not
narrow them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from ...model.addresses import ANY, Cidr, Family, Identity
from ...model.errors import Place, Problem, RenderError
from ...model.ports import PortRange, Protocol
from ...model.rules import Rule, RuleSet
from ...model.services import Service
from ..platform import Baseline, ipv6_problems
from .names import lawful_name
from .native import Allow, FirewallRule, Native
from .target import GcpTarget, TargetInstances, read_target

LIMITS: Mapping[str, int] = MappingProxyType(
    {
        # Provider schema, `MaxItems: 10` on both lists:
        # https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/compute_firewall
        "service accounts per rule": 10,
    }
)
"""Ceilings with a source. How many ranges, tags or ports a rule may hold is not documented."""

LONGEST_DESCRIPTION = 2048
"""Characters. Google's reference names no limit for a rule; longer ones are not risked."""

GOOGLE_LOAD_BALANCERS: Mapping[Family, tuple[str, ...]] = MappingProxyType(
    {
        Family.IPV4: ("35.191.0.0/16", "130.211.0.0/22"),
        Family.IPV6: ("2600:2d00:1:1::/64", "2600:2d00:1:b029::/64"),
    }
)
"""Where Google's global proxy load balancers and all health checks come from: any customer's, not only
this one's. Source: https://cloud.google.com/load-balancing/docs/firewall-rules"""


def baseline(rules: RuleSet, target: GcpTarget, *, ipv6: bool = True) -> tuple[Baseline, ...]:  # noqa: ARG001
    """What the rules of the network let pass besides these rules."""
    icmp = "ICMP and ICMPv6" if ipv6 else "ICMP, over IPv4 only,"
    what = f"{icmp} from anywhere, all types (Google's grain is the protocol)"
    return (Baseline(what, "path MTU discovery and ping"),)


ICMP = MappingProxyType({Family.IPV4: "icmp", Family.IPV6: "58"})
"""The API has no name for ICMPv6, only its number."""


def render(rules: RuleSet, target: GcpTarget, *, name: str = "livekit", ipv6: bool = True) -> Native:
    """The firewall rules that admit what `rules` admit, and the `baseline`.

    Raises RenderError, with all problems: no network or not exactly one kind of target, an unlawful tag,
    over 10 service accounts, an identity that the target cannot name, IPv6 sources though `ipv6` is false.
    """
    to, problems = read_target(target, LIMITS["service accounts per rule"])
    problems += _unnamed_identities(rules, target, to)
    problems += [] if ipv6 else ipv6_problems(rules)
    if problems:
        raise RenderError("gcp", problems)
    families = tuple(Family) if ipv6 else (Family.IPV4,)
    found = [
        *(_icmp(family) for family in families),
        *_from_blocks(rules, families),
        *_from_load_balancer(rules, families),
        *_from_same_group(rules, to),
    ]
    firewalls = (
        replace(one, name=lawful_name(name, one.key), target_tags=to.tags, target_service_accounts=to.accounts)
        for one in sorted(found, key=lambda one: one.key)
    )
    made = tuple(firewalls)
    if problems := list(_quota_problems(len(made), target)):
        raise RenderError("gcp", problems)
    return Native(made, target.network, target.project)


def _quota_problems(count: int, target: GcpTarget) -> Iterator[Problem]:
    """Rules of all networks of a project count ("VPC firewall rules" in Cloud NGFW's quotas); what a project has is not
    documented, so that only a number that is given is held against.
    """
    whole = count + target.existing_rules
    if target.rules_quota is not None and whole > target.rules_quota:
        yield Problem(
            Place("gcp"),
            f"{whole}, {target.existing_rules} of them existing" if target.existing_rules else str(whole),
            f"at most {target.rules_quota} firewall rules in the project",
            "set gcp.rules_quota to what Google has raised the quota to, or give services the same sources, so that "
            "they share a rule",
        )


def _icmp(family: Family) -> FirewallRule:
    about = f"{family.label} path MTU discovery and ping (livekit-firewall)"
    return FirewallRule(f"icmp-{family}", "", about, (Allow(ICMP[family]),), (str(ANY[family]),))


def _from_blocks(rules: RuleSet, families: Iterable[Family]) -> Iterator[FirewallRule]:
    for family in families:
        public = [_use(rule) for rule in rules.ingress if any(block.is_any for block in _sources(rule, family))]
        if public:
            yield _rule(f"public-{family}", rules, public, f"anywhere over {family.label}", [str(ANY[family])])
        sources: dict[Use, set[Cidr]] = defaultdict(set)
        for rule in rules.ingress:
            for block in _sources(rule, family):
                if not block.is_any:
                    sources[_use(rule)].add(block)
        fixed = {use: frozenset(blocks) for use, blocks in sources.items()}
        for purpose, uses in _with_equal_sources(fixed, GRAINS):
            blocks = sorted(fixed[uses[0]], key=lambda block: block.order)
            yield _rule(f"{purpose}-{family}", rules, uses, f"{family.label} blocks", map(str, blocks))


def _from_load_balancer(rules: RuleSet, families: Iterable[Family]) -> Iterator[FirewallRule]:
    reached = [_use(rule) for rule in rules.ingress if rule.peer.identity is Identity.LOAD_BALANCER]
    for family in families if reached else ():
        whom = f"Google's load balancers over {family.label}"
        yield _rule(f"load-balancer-{family}", rules, reached, whom, GOOGLE_LOAD_BALANCERS[family])


def _from_same_group(rules: RuleSet, to: TargetInstances) -> Iterator[FirewallRule]:
    reached = [_use(rule) for rule in rules.ingress if rule.peer.identity is Identity.SAME_GROUP]
    if reached and to.tags:
        rule = _rule("same-group-tags", rules, reached, "instances with the same tags")
        yield replace(rule, source_tags=to.tags)
    elif reached:
        whom = "instances with the same service accounts"
        yield replace(_rule("same-group-accounts", rules, reached, whom), source_service_accounts=to.accounts)


Use = tuple[Service, PortRange]
GRAINS: tuple[Callable[[Use], str], ...] = (
    lambda use: use[0].record.group,
    lambda use: str(use[0]),
    lambda use: f"{use[0]}-{use[1].protocol}-{use[1].ports}",
)
"""Names for a rule, from coarse to fine: purpose, service, ports. A use is alone in the finest."""


def _with_equal_sources(
    sources: Mapping[Use, frozenset[Cidr]], grains: tuple[Callable[[Use], str], ...]
) -> Iterator[tuple[str, list[Use]]]:
    """Parts by the coarsest grain at which all of a part have the same sources."""
    parts: dict[str, list[Use]] = defaultdict(list)
    for use in sources:
        parts[grains[0](use)].append(use)
    for grain, uses in parts.items():
        if len({sources[use] for use in uses}) == 1:
            yield grain, uses
        else:
            yield from _with_equal_sources({use: sources[use] for use in uses}, grains[1:])


def _use(rule: Rule) -> Use:
    return rule.service, rule.ports


def _rule(key: str, rules: RuleSet, uses: Iterable[Use], whom: str, ranges: Iterable[str] = ()) -> FirewallRule:
    """Without the name and the targets, which are those of all rules."""
    uses = frozenset(uses)
    about = _description([rule for rule in rules.ingress if _use(rule) in uses], whom)
    return FirewallRule(key, "", about, tuple(_allows(ports for _, ports in uses)), tuple(ranges))


def _description(rules: Iterable[Rule], whom: str) -> str:
    """`ICE/UDP: rtc.udp_port; ICE/TCP: rtc.tcp_port; from anywhere over IPv4 (livekit-firewall)`, cut at Google's
    limit before `from`. Keys may come from files of users: none is more than a text.
    """
    keys: dict[Service, set[str]] = defaultdict(set)
    for rule in rules:
        keys[rule.service].update(reason.key for reason in rule.reasons)
    labelled = [(service.label, sorted(keys[service])) for service in sorted(keys, key=lambda one: one.order)]
    about = re.sub(r"[^ -~]", "-", "; ".join(f"{label}: {', '.join(of)}" if of else label for label, of in labelled))
    end = f"; from {whom} (livekit-firewall)"
    most = LONGEST_DESCRIPTION - len(end)
    return (about if len(about) <= most else f"{about[: most - 3]}...") + end


def _allows(ranges: Iterable[PortRange]) -> Iterator[Allow]:
    """One entry per protocol; overlapping ranges become one."""
    merged: dict[Protocol, list[PortRange]] = {Protocol.TCP: [], Protocol.UDP: []}
    for ports in sorted(ranges):
        row = merged[ports.protocol]
        if row and ports.overlaps(row[-1]):
            row[-1] = PortRange(ports.protocol, row[-1].first, max(row[-1].last, ports.last))
        else:
            row.append(ports)
    return (Allow(str(protocol), tuple(one.ports for one in row)) for protocol, row in merged.items() if row)


def _sources(rule: Rule, family: Family) -> list[Cidr]:
    return [block for block in rule.peer.blocks if block.family is family]


def _unnamed_identities(rules: RuleSet, target: GcpTarget, to: TargetInstances) -> Iterator[Problem]:
    if Identity.LOAD_BALANCER in rules.identities and not target.google_load_balancer:
        yield Problem(
            Place("gcp.google_load_balancer"), "", "must be true for rules that admit a load balancer",
            "set it if one of Google's stands in front, otherwise give its addresses as load_balancer.cidrs",
        )  # fmt: skip
    if Identity.SAME_GROUP in rules.identities and not (to.tags or to.accounts):
        yield Problem(
            Place("gcp"), "", "target_tags or target_service_accounts are needed to admit nodes of the same group",
            "name one, or give the nodes' addresses as cluster.cidrs",
        )  # fmt: skip

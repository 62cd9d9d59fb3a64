"""RuleSet -> `compute.Firewall` rules. Pure: all strings are final.

A rule of Google's is a product: *every* source reaches *every* port in it. So ports share a rule only
if their sources are the same, and nothing is ever widened:

- what anywhere reaches: `public-ipv4`, `public-ipv6`;
- what Google's load balancers reach: `load-balancer-ipv4`, `load-balancer-ipv6`;
- what the target's own instances reach: `same-group-tags` or `same-group-accounts`;
- what an audience's tags and service accounts reach: one rule for each name of the user's, `operators-tag.bastion`;
- what blocks of addresses reach: one rule per kind of peer and family, `trunk-ipv4`. Where their services have
  different sources, one per purpose (`trunk-media-ipv4`), service (`sip-tls-ipv4`) or range of ports
  (`metrics-tcp-6789-ipv4`);
- what a block reaches that is an output: one rule per kind of peer and name, `trunk-cidrs.carrier`, as its family is
  not known, and a rule holds one.

An update writes rules in any order, and deletes last. So what may move from one rule to another is never changed in
place: the name is the key and a digest of the ports, and a rule for other ports is another one, there before the old
one goes. An update in place changes the blocks that the same ports are for, in one call however many there are; where
another rule has one of these ports, the digest holds the blocks, or the tag, too (`partition`). It cannot hold an
output: two outputs that exchange their values in one update are shut for its time. The kind of source is part of the
key because the provider leaves old ranges behind when a rule changes to tags
(hashicorp/terraform-provider-google#8076), and 0.0.0.0/0 when it changes to one block. What a release up to 0.1 made
keeps its place by aliases (`also`).

Tags and service accounts name instances, not addresses: they have no family, and `ipv6=False` does not
narrow them. They match what instances of the network send from their private addresses, and nothing else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from types import MappingProxyType

from ...model.addresses import ANY, Cidr, Family, Identity, Peer
from ...model.errors import Place, Problem, RenderError
from ...model.ports import PortRange, joined
from ...model.rules import Rule, RuleSet
from ...model.services import Service
from ..by_audience import ARGUMENTS, unnamed_identities
from ..facts import Baseline
from ..target_values import ipv6_problems
from .names import lawful_name, stem
from .native import PRIORITY, Allow, FirewallRule, Native
from .partition import Use, digest, former_names, sharing, with_equal_sources
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


def baseline(target: GcpTarget, *, ipv6: bool = True) -> tuple[Baseline, ...]:
    """What the rules of the network let pass besides these rules."""
    icmp = "ICMP and ICMPv6" if ipv6 else "ICMP, over IPv4 only,"
    what = f"{icmp} from anywhere, all types (Google's grain is the protocol)"
    own = Baseline(what, "path MTU discovery and ping")
    if target.priority == PRIORITY:
        return (own,)
    order = (
        f"Denies of the network's other rules win over these up to priority {target.priority}, and lose above it "
        f"(these are at {target.priority}, others at {PRIORITY} by default)"
    )
    return own, Baseline(order, "asked for by gcp.priority")


ICMP = MappingProxyType({Family.IPV4: "icmp", Family.IPV6: "58"})
"""The API has no name for ICMPv6, only its number."""


def render(rules: RuleSet, target: GcpTarget, *, name: str = "livekit", ipv6: bool = True) -> Native:
    """The firewall rules that admit what `rules` admit, and the `baseline`.

    Raises RenderError, with all problems: no network or not exactly one kind of target, an unlawful tag,
    over 10 service accounts, an identity that the target cannot name, IPv6 sources though `ipv6` is false.
    """
    to, problems = read_target(target, LIMITS["service accounts per rule"])
    problems += _unnamed_identities(rules, target, to)
    problems += unnamed_identities(rules, target.names | UNNAMED_OTHERWISE, "gcp")
    problems += [] if ipv6 else ipv6_problems(rules)
    if problems:
        raise RenderError("gcp", problems)
    families = tuple(Family) if ipv6 else (Family.IPV4,)
    found = [
        *(_icmp(family) for family in families),
        *(one for family in families for one in _of_family(rules, target, family)),
        *_from_same_group(rules, to),
        *_from_instances(rules, target),
        *_from_named(rules),
    ]
    firewalls = (
        replace(
            one,
            name=lawful_name(name, one.name),
            also=tuple(lawful_name(name, key) for key in one.also),
            ends=(one.name, *one.also),
            target_tags=to.tags,
            target_service_accounts=to.accounts,
            priority=target.priority,
        )
        for one in sorted(found, key=lambda one: one.key)
    )
    made = tuple(firewalls)
    if problems := list(_quota_problems(len(made), target)):
        raise RenderError("gcp", problems)
    logged = target.log_config.metadata if target.log_config else ""
    return Native(made, target.network, target.project, logged)


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
    return FirewallRule(f"icmp-{family}", f"icmp-{family}", about, (Allow(ICMP[family]),), (str(ANY[family]),))


def _of_family(rules: RuleSet, target: GcpTarget, family: Family) -> Iterator[FirewallRule]:
    public = {_use(rule) for rule in rules.ingress if any(block.is_any for block in _sources(rule, family))}
    if public:
        yield _rule(f"public-{family}", rules, public, f"anywhere over {family.label}", [str(ANY[family])])
    balanced = {_use(rule) for rule in rules.ingress if rule.peer.identity is Identity.LOAD_BALANCER}
    if balanced and target.google_load_balancer:
        whom = f"Google's load balancers over {family.label}"
        yield _rule(f"load-balancer-{family}", rules, balanced, whom, GOOGLE_LOAD_BALANCERS[family])
    by_name = {_use(rule) for rule in rules.ingress if not rule.peer.blocks}
    yield from _from_blocks(rules, family, public | by_name)


def _from_blocks(rules: RuleSet, family: Family, others: Iterable[Use]) -> Iterator[FirewallRule]:
    """Args:
    others: what is reached by other rules than those of blocks.
    """
    sources: dict[Use, set[Cidr]] = defaultdict(set)
    for rule in rules.ingress:
        for block in _sources(rule, family):
            if not block.is_any:
                sources[_use(rule)].add(block)
    fixed = {use: frozenset(blocks) for use, blocks in sources.items()}
    parts = dict(with_equal_sources(fixed))
    ports = {part: joined(ports for _, ports in uses) for part, uses in {"": others, **parts}.items()}
    shared = sharing(ports)
    for part, uses in parts.items():
        blocks = [str(block) for block in sorted(fixed[uses[0]], key=lambda block: block.order)]
        held = blocks if part in shared else ()
        made = _rule(f"{part}-{family}", rules, uses, f"{family.label} blocks", blocks, held)
        yield replace(made, also=tuple(f"{was}-{family}" for was in former_names(part, uses)))


def _from_same_group(rules: RuleSet, to: TargetInstances) -> Iterator[FirewallRule]:
    reached = [_use(rule) for rule in rules.ingress if rule.peer.identity is Identity.SAME_GROUP]
    if reached and to.tags:
        rule = _rule("same-group-tags", rules, reached, "instances with the same tags")
        yield replace(rule, source_tags=to.tags)
    elif reached:
        whom = "instances with the same service accounts"
        yield replace(_rule("same-group-accounts", rules, reached, whom), source_service_accounts=to.accounts)


def _from_instances(rules: RuleSet, target: GcpTarget) -> Iterator[FirewallRule]:
    """Of each audience, by names of the user's own."""
    made: dict[str, tuple[str, object, Peer, list[Use]]] = {}
    for identity, audience in ARGUMENTS.items():
        peer = Peer.of(identity)
        reached = [_use(rule) for rule in rules.ingress if rule.peer == peer]
        for kind, argument in (("tag", "source_tags"), ("account", "source_service_accounts")):
            for name, one in getattr(target, argument).of(identity).items() if reached else ():
                whom = f"gcp.{argument}.{audience}.{name}, by private addresses"
                made[f"{identity}-{kind}.{name}"] = (whom, one, peer, reached)
    by_address = target.google_load_balancer and Identity.LOAD_BALANCER
    others = [_use(rule) for rule in rules.ingress if rule.peer.identity not in {*ARGUMENTS} - {by_address}]
    of_all = {"": others, **{key: uses for key, (_, _, _, uses) in made.items()}}
    shared = sharing({key: joined(ports for _, ports in uses) for key, uses in of_all.items()})
    for key, (whom, one, peer, uses) in made.items():
        fixed = [one] if key in shared and isinstance(one, str) else []
        rule = replace(_rule(key, rules, uses, whom, fixed=fixed), also=(), peer=peer)
        if "-tag." in key:
            yield replace(rule, source_tags=(one,))
        else:
            yield replace(rule, source_service_accounts=(one,))


def _from_named(rules: RuleSet) -> Iterator[FirewallRule]:
    """Blocks that are not known yet, each by itself."""
    for block in rules.named:
        peer = Peer.of(block)
        reached = {_use(rule): frozenset([block]) for rule in rules.ingress if rule.peer == peer}
        for part, uses in with_equal_sources(reached):
            rule = _rule(f"{part}-{block}", rules, uses, f"the block {block.name}", [block.value])
            yield replace(rule, also=(), peer=peer)


def _use(rule: Rule) -> Use:
    return rule.service, rule.ports


def _sources(rule: Rule, family: Family) -> list[Cidr]:
    return [block for block in rule.peer.blocks if block.family is family]


def _rule(
    key: str,
    rules: RuleSet,
    uses: Collection[Use],
    whom: str,
    ranges: Iterable[object] = (),
    fixed: Iterable[str] = (),
) -> FirewallRule:
    """Without the targets, which are those of all rules, and with names that lack the component's.

    Args:
        fixed: what its name holds besides the ports.
    """
    about = _description([rule for rule in rules.ingress if _use(rule) in uses], whom)
    allows = _allows(ports for _, ports in uses)
    held = digest([*(f"{one.protocol} {' '.join(one.ports)}" for one in allows), *fixed])
    shares = rules.named_on(*(ports for _, ports in uses))
    return FirewallRule(key, f"{stem(key)}-{held}", about, allows, tuple(ranges), also=(key,), shares=shares)


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


def _allows(ranges: Iterable[PortRange]) -> tuple[Allow, ...]:
    """One entry per protocol, in as few ranges as possible."""
    found = groupby(joined(ranges), key=lambda ports: ports.protocol)
    return tuple(Allow(str(protocol), tuple(ports.ports for ports in some)) for protocol, some in found)


UNNAMED_OTHERWISE = frozenset({Identity.LOAD_BALANCER})


def _unnamed_identities(rules: RuleSet, target: GcpTarget, to: TargetInstances) -> Iterator[Problem]:
    if Identity.LOAD_BALANCER in rules.identities - target.names:
        yield Problem(
            Place("gcp.google_load_balancer"), "", "must be true for rules that admit a load balancer",
            "set it if one of Google's stands in front, otherwise give its addresses as load_balancer.cidrs",
        )  # fmt: skip
    if Identity.SAME_GROUP in rules.identities and not (to.tags or to.accounts):
        yield Problem(
            Place("gcp"), "", "target_tags or target_service_accounts are needed to admit nodes of the same group",
            "name one, or give the nodes' addresses as cluster.cidrs",
        )  # fmt: skip

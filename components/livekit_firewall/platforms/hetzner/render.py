"""RuleSet -> the rules of one `hcloud.Firewall`. Pure: all strings are final.

A rule is a product of one protocol and range of ports with all of its sources, of both families. The services that
share protocol and ports share the rule. A block that is an output is one source of its rule, whatever its family.

There are no outbound rules: without any, everything goes out, and the first one would close the rest. The rules hold
for the public interface alone; the private network passes whatever they say.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from ...model.addresses import ANY_IPV4, ANY_IPV6, Identity
from ...model.errors import Place, Problem, RenderError
from ...model.ports import PortRange
from ...model.rules import Rule, RuleSet
from ..by_audience import ARGUMENTS, addresses_of
from ..facts import Baseline
from ..target_values import ipv6_problems
from .limits import LIMITS
from .native import FirewallRule, Native
from .private import PRIVATE
from .target import HetznerTarget, read_target

ICMP = "ICMP: ping and path MTU discovery"


def baseline(*, ipv6: bool = True) -> tuple[Baseline, ...]:
    """What the firewall lets pass besides the rules."""
    families = "over IPv4 and IPv6" if ipv6 else "over IPv4 only"
    return (
        Baseline(
            f"ICMP from anywhere, {families}, all types (Hetzner's grain is the protocol)",
            "path MTU discovery and ping",
        ),
        Baseline(
            "everything from the private network, every protocol and port, Redis included (the firewall filters the "
            "public interface only)",
            "Hetzner's firewall does not see the private network; the host's own firewall can filter it",
            unfiltered=PRIVATE,
        ),
        Baseline(
            "Egress: Hetzner's default, everything to anywhere",
            "media, DNS, webhooks and updates go out; one outbound rule would close the rest",
        ),
    )


def render(rules: RuleSet, target: HetznerTarget, *, ipv6: bool = True) -> Native:
    """The rules that admit on the public interface what `rules` admit, and the `baseline`.

    A rule for a load balancer in the private network is none of the firewall's.

    Raises RenderError, with all problems: neither servers nor selectors, an unlawful id, selector or label, a limit
    exceeded, an identity that the target cannot name, IPv6 sources though `ipv6` is false.
    """
    to, problems = read_target(target)
    problems += _unnamed_identities(rules, target)
    if not ipv6:
        problems += ipv6_problems(rules)
    shared: dict[PortRange, list[Rule]] = defaultdict(list)
    for rule in rules.ingress:
        if rule.peer.identity is None:
            shared[rule.ports].append(rule)
    private = dict.fromkeys(rule.ports for rule in rules.ingress if rule.peer.identity is Identity.LOAD_BALANCER)
    icmp = FirewallRule("icmp", None, tuple(map(str, (ANY_IPV4, ANY_IPV6) if ipv6 else (ANY_IPV4,))), ICMP)
    made = (*(_rule(ports, shared[ports]) for ports in sorted(shared)), icmp)
    problems += _beyond_limits(made)
    if problems:
        raise RenderError("hetzner", problems)
    return Native(made, to.servers, to.selectors, tuple(private))


def _rule(ports: PortRange, rules: Iterable[Rule]) -> FirewallRule:
    rules = tuple(rules)
    blocks = sorted({block for rule in rules for block in rule.peer.blocks}, key=lambda block: block.order)
    named = sorted({rule.peer.named for rule in rules if rule.peer.named is not None}, key=str)
    sources = (*map(str, blocks), *(one.value for one in named))
    return FirewallRule(str(ports.protocol), ports.ports, sources, _description(rules))


def _description(rules: Iterable[Rule]) -> str:
    """`ICE/UDP: rtc.port_range_end, rtc.port_range_start`, a part for each service, cut at Hetzner's limit."""
    keys: dict[str, set[str]] = defaultdict(set)
    for rule in rules:
        keys[rule.service.label].update(reason.key for reason in rule.reasons)
    parts = (f"{label}: {', '.join(sorted(found))}" if found else label for label, found in sorted(keys.items()))
    text, most = "; ".join(parts), LIMITS["characters of a description"]
    return text if len(text) <= most else f"{text[: most - 3]}..."


def _beyond_limits(made: tuple[FirewallRule, ...]) -> Iterator[Problem]:
    most = LIMITS["rules per firewall"]
    if len(made) > most:
        yield Problem(
            Place("hetzner"), str(len(made)),
            f"at most {most} rules per firewall", "use ranges of ports instead of single ones",
        )  # fmt: skip
    most = LIMITS["sources per rule"]
    for rule in made:
        if len(rule.source_ips) > most:
            yield Problem(
                Place("hetzner"), f"{len(rule.source_ips)} for {rule.protocol}/{rule.port}",
                f"at most {most} sources per rule", "name fewer, larger blocks",
            )  # fmt: skip
    most, count = LIMITS["effective rules per firewall"], sum(len(rule.source_ips) for rule in made)
    if count > most:
        yield Problem(
            Place("hetzner"), f"{count} sources of all rules together",
            f"at most {most} effective rules per firewall", "name fewer, larger blocks",
        )  # fmt: skip


def _unnamed_identities(rules: RuleSet, target: HetznerTarget) -> Iterator[Problem]:
    """A firewall of Hetzner's has blocks as sources, and nothing else."""
    for identity in sorted(rules.identities - target.names):
        services = dict.fromkeys(rule.service.label for rule in rules.ingress if rule.peer.identity is identity)
        hint = f"give {addresses_of(identity)}"
        if identity is Identity.LOAD_BALANCER:
            hint += ", or say hetzner.private_load_balancer: true where it uses the private network"
        who = identity if identity in ARGUMENTS else "nodes of the same group"
        expected = f"must name the {who} by address, who may reach {', '.join(services)}"
        yield Problem(Place("hetzner"), "", expected, hint)

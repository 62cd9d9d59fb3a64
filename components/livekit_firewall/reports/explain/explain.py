"""Why a flow is admitted or denied: by which rule, from which key, and what would have to change.

    answer = explain(deployment, question("203.0.113.7", "udp/50008"))
    answer.verdict, answer.because

A question is a rule: these ports, from this peer. What the rule set leaves of it is denied, but where that depends on
addresses that are not known here: those of a block that is an output, or of whom a platform knows by its own means.
"""

from __future__ import annotations

from msgspec.structs import replace

from ...deployment.audiences import peers_at
from ...deployment.derive import Deployment
from ...deployment.listener import Listener
from ...model.addresses import Cidr, Family, Peer
from ...model.errors import ConfigurationError, Place, Problem
from ...model.ports import PortRange
from ...model.rules import Rule, RuleSet
from ...model.services import Service
from ...model.text import quoted
from ...platforms.registry import PLATFORMS
from .besides import baselines_of, besides_of, rules_of, unfiltered_of
from .explanation import Explanation
from .native_names import names_of
from .possible import closed, may_admit, not_admitted, overlap

LOOPBACK = tuple(map(Cidr.parse, ("127.0.0.0/8", "::1/128")))


def question(peer: str, ports: str) -> Rule:
    """The rule that `PEER PROTOCOL/PORT` asks for: an address, a block, `anywhere`, or an audience such as
    `operators`; `udp/50008` or `udp/50000-60000`.

    Raises:
        ConfigurationError: what is wrong with either.
    """
    problems: list[Problem] = []
    asked_peer, asked_ports = Peer.anywhere(), PortRange.tcp(1)
    try:
        asked_peer = Peer.parse(peer)
        if asked_peer.named:
            raise ValueError(f"must be an address, a block, anywhere or an audience (got {quoted(peer)})")
        if asked_peer.block and any(map(asked_peer.block.is_within, LOOPBACK)):
            raise ValueError(f"must be another machine (got {quoted(peer)}); to itself a node sends past every rule")
    except ValueError as error:
        problems.append(Problem(Place("PEER"), "", str(error)))
    try:
        asked_ports = PortRange.parse(ports)
    except ValueError as error:
        problems.append(Problem(Place("PROTOCOL/PORT"), "", f"{quoted(ports)}: {error}"))
    if problems:
        raise ConfigurationError(problems)
    return Rule(asked_ports, asked_peer, Service.INTERNAL)


def explain(deployment: Deployment, asked: Rule) -> Explanation:
    """What the deployment's rules, and what its targets let in besides, say of one question, and which native rules
    say so on each platform. Without a target, the host's ruleset is included: that is what `render` prints.
    """
    peers = (asked.peer,) if asked.peer.identity is None else peers_at(deployment, asked.peer.identity, asked.ports)
    wanted = RuleSet.of(replace(asked, peer=peer) for peer in peers)
    rules = tuple(rule for rule in deployment.rules.ingress if overlap(rule, wanted))
    others = tuple(rule for rule in deployment.rules.ingress if rule.ports.overlaps(asked.ports) and rule not in rules)
    listener = next((one for one in deployment.listeners if one.ports.overlaps(asked.ports)), None)
    past = besides_of(deployment.forwarded, wanted)
    besides = {target: besides_of(items, wanted) for target, items in baselines_of(deployment).items()}
    besides = {target: items for target, items in besides.items() if items}
    # a packet has to pass every one of the targets
    passed = [besides.get(one, ()) for one in deployment.targets] or [past]
    admitted = [(*deployment.rules.ingress, *rules_of(items)) for items in passed]
    unfiltered = [unfiltered_of(items, wanted) for items in passed]
    denied = RuleSet.of(
        rule for one, passes in zip(admitted, unfiltered, strict=True) for rule in closed(wanted, one).subtract(passes)
    )
    left = RuleSet.of(rule for one in admitted for rule in not_admitted(wanted, one))
    opened = tuple(rule for items in besides.values() for item in items if item not in past for rule in item.rules)
    seen = rules or opened
    platforms = {one.name: names_of(deployment, one, (*rules, *opened), wanted) for one in PLATFORMS} if seen else {}
    possible = tuple(rule for rule in others if any(may_admit(rule, one) for one in left))
    elsewhere = tuple(rule for rule in others if rule not in possible)
    shut = _shut_family(deployment, listener, wanted)
    return Explanation(
        asked, rules, denied, listener, platforms, wanted, left.subtract(denied), elsewhere, possible, besides, shut,
        past, deployment.in_front,
    )  # fmt: skip


def _shut_family(deployment: Deployment, listener: Listener | None, wanted: RuleSet) -> str:
    """Why nobody of the family that is asked about gets in, whoever may."""
    asked = {block.family for rule in wanted for block in rule.peer.blocks}
    if listener is None or not asked or any(not rule.peer.blocks for rule in wanted):
        return ""
    if asked == {Family.IPV6} and not deployment.access.ipv6:
        return "is open over IPv4 alone: ipv6 is false"
    if listener.families and not asked & listener.families:
        return f"listens over {' and '.join(sorted(one.label for one in listener.families))} alone"
    return ""

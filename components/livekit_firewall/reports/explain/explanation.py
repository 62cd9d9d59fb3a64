"""Why a flow is admitted or denied: by which rule, from which key, and what would have to change.

    answer = explain(deployment, question("203.0.113.7", "udp/50008"))
    answer.verdict, answer.because

A question is a rule: these ports, from this peer. What the rule set leaves of it is denied, but where that depends on
addresses that are not known here: those of a block that is an output, or of whom a platform knows by its own means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ...deployment.audiences import peers_at
from ...deployment.derive import Deployment
from ...deployment.listener import Listener
from ...deployment.rendering import render_for
from ...effective.native_rule import NativeRule
from ...model.addresses import Cidr, Family, Peer
from ...model.errors import ConfigurationError, Place, Problem, ProblemsError
from ...model.ports import PortRange, Protocol
from ...model.rules import Rule, RuleSet
from ...model.services import Audience, Service
from ...model.text import quoted
from ...platforms.facts import Baseline
from ...platforms.registry import PLATFORMS, AnyPlatform
from .possible import closed, may_admit, not_admitted


class Explanation(Struct, frozen=True):
    """Whether the flow may be opened, and why.

    Attributes:
        asked: the question.
        rules: the rules that admit it or a part of it.
        denied: the part that neither a rule admits nor the baseline of every target.
        not_known: the part that is admitted only to those whose addresses are not known here, or to all who come by a
            way that a target does not filter.
        besides: what a target's baseline admits of it, by target, rules apart.
        past: what Docker forwards of it past the host's rules.
        in_front: the targets that filter in front of the node.
        shut_family: why nothing of the peer's family gets to the listener; "" where its family is none of it.
        wanted: the question by each of the peers that it means.
        elsewhere: the rules on the ports for others, of whom it is known that this peer is none.
        possible: the rules on the ports for others, of whom this peer may be one.
        listener: what is bound on the ports, if the configuration tells.
        platforms: the native rules behind `rules`, by platform; a sentence where it cannot be expressed.
    """

    asked: Rule
    rules: tuple[Rule, ...]
    denied: RuleSet
    listener: Listener | None
    platforms: Mapping[str, tuple[str, ...]]
    wanted: RuleSet
    not_known: RuleSet = RuleSet()
    elsewhere: tuple[Rule, ...] = ()
    possible: tuple[Rule, ...] = ()
    besides: Mapping[str, tuple[Baseline, ...]] = {}
    shut_family: str = ""
    past: tuple[Baseline, ...] = ()
    in_front: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """`allowed`, `partly allowed`, `not known` or `denied`: the first of these that is true of any part."""
        left = RuleSet.of((*self.denied, *self.not_known))
        if not len(left):
            return "allowed"
        return "partly allowed" if left != self.wanted else "not known" if len(self.not_known) else "denied"

    @property
    def because(self) -> tuple[str, ...]:
        """A sentence for each rule that admits it, or why it is denied and what to do about it."""
        told = [f"{_title(rule)}: {rule.reason}; key {rule.key}" for rule in self.rules]
        is_let_in = self.verdict not in ("denied", "not known")
        if self.verdict == "denied":
            told += self._closed()
        if len(self.not_known):
            told += dict.fromkeys(_unless(rule) for rule in self.possible)
        for target, items in self.besides.items():
            lets_in = "lets it in" if is_let_in else "alone would let it in"
            own = (item for item in items if item not in self.past)
            told += [f"{target} {lets_in} besides the rules: {item.what}; {item.why}" for item in own]
        front = ", ".join(self.in_front)
        told += [f"{item.what}; {f'{front} in front closes it' if front else item.why}" for item in self.past]
        return tuple(told)

    def _closed(self) -> tuple[str, ...]:
        """Why no rule admits it."""
        if self.listener is None:
            ports = dict.fromkeys(f"{rule.service.label} on {rule.ports} ({rule.key})" for rule in self.elsewhere)
            told = tuple(f"{one} is open, and not to this peer" for one in ports)
            return told or ("no service of this configuration listens there",)
        name = f"{self.listener.service.label} ({self.listener.key})"
        if not self.listener.families:
            return (f"{name} is {self.listener.confined}",)
        return (f"{name} {self.shut_family or _CLOSED[_meant_for(self.listener)]}",)

    def text(self) -> str:
        lines = [f"{self.verdict}: {self.asked.ports} from {self.asked.peer}", *(f"  {line}" for line in self.because)]
        if self.verdict == "partly allowed" or (len(self.denied) and len(self.not_known)):
            lines += [f"  denied: {rule.ports} from {rule.peer}" for rule in self.denied]
            lines += [f"  not known: {rule.ports} from {rule.peer}" for rule in self.not_known]
        return "\n".join(
            [*lines, *(f"  on {name}: {', '.join(ids) or 'no rule'}" for name, ids in self.platforms.items())]
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "version": 1,
            "verdict": self.verdict,
            "peer": str(self.asked.peer),
            "protocol": str(self.asked.ports.protocol),
            "first": self.asked.ports.first,
            "last": self.asked.ports.last,
            "because": list(self.because),
            "rules": [rule.as_json() for rule in self.rules],
            "denied": _parts(self.denied),
            "not_known": _parts(self.not_known),
            "platforms": {name: list(ids) for name, ids in self.platforms.items()},
        }


_CLOSED = {
    Audience.PUBLIC: "is open to clients, and this peer is not among clients.cidrs",
    Audience.LOAD_BALANCER: "is open to the load balancer and the cluster alone: load_balancer, cluster",
    Audience.TRUNK: "is open to SIP trunks alone: trunks",
    Audience.OPERATOR: "is open to operators alone: operators.cidrs",
    Audience.CLUSTER: "is open to the cluster's nodes alone: cluster.cidrs",
    Audience.NOBODY: "is for this node alone and never opens",
}


def _meant_for(listener: Listener) -> Audience:
    return listener.awaits if listener.audience is Audience.NOBODY else listener.audience


def _unless(rule: Rule) -> str:
    who, means = rule.peer.label, ""
    if not rule.peer.blocks:
        means = "whose addresses are not known here, " if rule.peer.named else "whom a target names by its own means, "
    return f"{rule.service.label} on {rule.ports} is open to {who}, {means}and to this peer only if it is one of them"


def _title(rule: Rule) -> str:
    return f"{rule.service.label} on {rule.ports} from {rule.peer}"


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


LOOPBACK = tuple(map(Cidr.parse, ("127.0.0.0/8", "::1/128")))


def explain(deployment: Deployment, asked: Rule) -> Explanation:
    """What the deployment's rules, and what its targets let in besides, say of one question, and which native rules
    say so on each platform. Without a target, the host's ruleset is included: that is what `render` prints.
    """
    peers = (asked.peer,) if asked.peer.identity is None else peers_at(deployment, asked.peer.identity, asked.ports)
    wanted = RuleSet.of(replace(asked, peer=peer) for peer in peers)
    rules = tuple(rule for rule in deployment.rules.ingress if _overlap(rule, wanted))
    others = tuple(rule for rule in deployment.rules.ingress if rule.ports.overlaps(asked.ports) and rule not in rules)
    listener = next((one for one in deployment.listeners if one.ports.overlaps(asked.ports)), None)
    past = _besides(deployment.forwarded, wanted)
    besides = {target: _besides(items, wanted) for target, items in _baselines(deployment).items()}
    besides = {target: items for target, items in besides.items() if items}
    # a packet has to pass every one of the targets
    passed = [besides.get(one, ()) for one in deployment.targets] or [past]
    admitted = [(*deployment.rules.ingress, *_rules_of(items)) for items in passed]
    unfiltered = [_unfiltered(items, wanted) for items in passed]
    denied = RuleSet.of(
        rule for one, passes in zip(admitted, unfiltered, strict=True) for rule in closed(wanted, one).subtract(passes)
    )
    left = RuleSet.of(rule for one in admitted for rule in not_admitted(wanted, one))
    opened = tuple(rule for items in besides.values() for item in items if item not in past for rule in item.rules)
    seen = rules or opened
    platforms = {one.name: _names(deployment, one, (*rules, *opened), wanted) for one in PLATFORMS} if seen else {}
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


def _overlap(rule: Rule, wanted: RuleSet) -> bool:
    return not_admitted(wanted, [rule]) != wanted


def _parts(rules: RuleSet) -> list[dict[str, str]]:
    return [{"ports": str(rule.ports), "peer": str(rule.peer)} for rule in rules]


def _besides(items: tuple[Baseline, ...], wanted: RuleSet) -> tuple[Baseline, ...]:
    return tuple(
        item
        for item in items
        if any(_overlap(rule, wanted) for rule in (*item.rules, *item.unfiltered_rules))
        or len(_unfiltered([item], wanted))
    )


def _unfiltered(items: Iterable[Baseline], wanted: RuleSet) -> RuleSet:
    """What is asked by peers of whom nobody is filtered, if they come by the way that is not. A question that is about
    others as well, such as anywhere, is about those.
    """
    items = tuple(items)
    blocks = tuple(block for item in items if not item.ports for block in item.unfiltered)
    passes = RuleSet.of(replace(rule, peer=Peer.of(block)) for rule in wanted for block in blocks)
    whole = (rule for rule in wanted if not len(RuleSet.of([rule]).subtract(passes)))
    return RuleSet.of((*whole, *(rule for item in items for rule in item.unfiltered_rules)))


def _rules_of(items: Iterable[Baseline]) -> RuleSet:
    return RuleSet.of(rule for item in items for rule in item.rules)


def _baselines(deployment: Deployment) -> Mapping[str, tuple[Baseline, ...]]:
    found = deployment.baselines
    if not deployment.targets:
        with suppress(ProblemsError):  # no ruleset is printed then either
            for one in (one for one in PLATFORMS if one.is_on_node):
                items = deployment.baseline_of(one.argument, one.placeholder)
                found[one.argument] = (*items, *found.get(one.argument, ()))
    return found


def explain_rule(deployment: Deployment, text: str) -> tuple[Rule, ...]:
    """The rules behind a native rule, by its key, name or description as a console shows it. Pulumi may have
    put the component's name before it and a suffix behind it.
    """
    natives = [native for platform in PLATFORMS for native in _natives(deployment, platform)]
    plain = " ".join(text.lower().split())
    found = [native for native in natives if plain == " ".join(native.line.lower().split())]
    if not found:
        named = set(_named(plain, [native.name.lower() for native in natives]))
        found = [native for native in natives if native.name.lower() in named]
    said = _flows(plain)
    found = [native for native in found if not said or said & _flows(" ".join(native.flow_names))]
    past = deployment.forwarded
    besides = [item for items in _baselines(deployment).values() for item in items if item not in past]
    rules = (*deployment.rules.ingress, *_rules_of(besides))
    kept = [rule for rule in rules if any(native.is_for(rule) for native in found)]
    return tuple(rule for rule in kept if not said or str(rule.ports.protocol) in said)


def _flows(text: str) -> set[str]:
    """The protocols that a text names: one that is asked for over TCP is not answered with UDP."""
    return {str(one) for one in Protocol if re.search(rf"(?<![^\W_]){one}(?![^\W_])", text)}


def _named(asked: str, names: Iterable[str]) -> list[str]:
    """Those asked for: the same, else the longest in what is asked, else those that hold it."""
    names = list(names)
    if not asked or asked in names:
        return [asked]
    inside = [name for name in names if re.search(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", asked)]
    if inside:
        longest = max(map(len, inside))
        return [name for name in inside if len(name) == longest]
    return [name for name in names if asked in name]


def _names(deployment: Deployment, platform: AnyPlatform, rules: tuple[Rule, ...], asked: RuleSet) -> tuple[str, ...]:
    """What a platform calls the rules that let a part of what is asked through."""
    try:
        natives = _rendered(deployment, platform, rules)
    except ProblemsError as error:
        return tuple(dict.fromkeys(_CANNOT + problem.expected for problem in error.problems))
    # whoever has no addresses here is admitted by rules for everybody
    met = [
        one for rule in asked for one in (rule, *([] if rule.peer.blocks else [replace(rule, peer=Peer.anywhere())]))
    ]
    touched = [one for one in natives if any(one.touches(rule) for rule in met)]
    return tuple(one.name for one in touched if any(one.is_for(rule) for rule in rules))


_CANNOT = "cannot be expressed: "


def _rendered(deployment: Deployment, platform: AnyPlatform, rules: tuple[Rule, ...]) -> tuple[NativeRule, ...]:
    """The native rules of the whole rule set, or of these rules where the platform cannot hold all.

    Names depend on what else is there: services that share ports share a rule.
    """
    try:
        return platform.native_rules(render_for(deployment, platform))
    except ProblemsError:
        return platform.native_rules(render_for(deployment, platform, frozenset(rules).__contains__))


def _natives(deployment: Deployment, platform: AnyPlatform) -> tuple[NativeRule, ...]:
    """The native rules of the whole rule set, or of each rule by itself where the platform cannot hold all."""
    try:
        return platform.native_rules(render_for(deployment, platform))
    except ProblemsError:
        parts: list[NativeRule] = []
        for rule in deployment.rules.ingress:
            with suppress(ProblemsError):
                parts += platform.native_rules(render_for(deployment, platform, frozenset([rule]).__contains__))
        return tuple(dict.fromkeys(parts))

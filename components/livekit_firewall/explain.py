"""Why a flow gets in or does not: by which rule, from which key, and what would have to change.

    answer = explain(deployment, question("203.0.113.7", "udp/50008"))
    answer.verdict, answer.because

A question is a rule: these ports, from this peer. What the rule set leaves of it is denied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

from msgspec import Struct

from .clouds import PLATFORMS
from .deployment import Deployment
from .errors import ConfigurationError, Place, Problem, ProblemsError
from .listeners import Listener
from .native_rules import NativeRule, rendered
from .net import Cidr, Identity, Peer, PortRange, Protocol
from .render_for import render_for
from .rules import Rule, RuleSet
from .services import Audience, Service


class Answer(Struct, frozen=True):
    """Whether the flow may be opened, and why.

    Attributes:
        asked: the question.
        rules: the rules that admit it or a part of it.
        denied: the part that no rule admits.
        listener: what is bound on the ports, if the configuration tells.
        platforms: the native rules behind `rules`, by platform; a sentence where it cannot be expressed.
    """

    asked: Rule
    rules: tuple[Rule, ...]
    denied: RuleSet
    listener: Listener | None
    platforms: Mapping[str, tuple[str, ...]]

    @property
    def verdict(self) -> str:
        """`allowed`, `denied` or `partly allowed`."""
        return "allowed" if not len(self.denied) else "partly allowed" if self.rules else "denied"

    @property
    def because(self) -> tuple[str, ...]:
        """A sentence for each rule that admits it, or what stands in the way and what to do about it."""
        if self.rules:
            return tuple(f"{_title(rule)}: {rule.reason}; key {rule.key}" for rule in self.rules)
        if self.listener is None:
            return ("no service of this configuration listens there",)
        name = f"{self.listener.service.label} ({self.listener.key})"
        if not self.listener.families:
            return (f"{name} is bound to loopback",)
        return (f"{name} {_CLOSED[_meant_for(self.listener)]}",)

    def text(self) -> str:
        lines = [f"{self.verdict}: {self.asked.ports} from {self.asked.peer}", *(f"  {line}" for line in self.because)]
        if self.rules and len(self.denied):
            lines += [f"  denied: {rule.ports} from {rule.peer}" for rule in self.denied]
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
            "denied": [{"ports": str(rule.ports), "peer": str(rule.peer)} for rule in self.denied],
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


def _title(rule: Rule) -> str:
    return f"{rule.service.label} on {rule.ports} from {rule.peer}"


def question(peer: str, ports: str) -> Rule:
    """The rule that `PEER PROTOCOL/PORT` asks for: an address, a block, `anywhere`, `load-balancer` or
    `same-group`; `udp/50008` or `udp/50000-60000`.

    Raises:
        ConfigurationError: what is wrong with either.
    """
    problems: list[Problem] = []
    asked_peer, asked_ports = Peer.anywhere(), PortRange.tcp(1)
    try:
        asked_peer = _peer(peer)
    except ValueError as error:
        problems.append(Problem(Place("PEER"), "", str(error)))
    try:
        asked_ports = _ports(ports)
    except ValueError as error:
        problems.append(Problem(Place("PROTOCOL/PORT"), "", f"{ports!r}: {error}"))
    if problems:
        raise ConfigurationError(problems)
    return Rule(asked_ports, asked_peer, Service.INTERNAL)


def _peer(text: str) -> Peer:
    if text == "anywhere":
        return Peer.anywhere()
    if text in [identity.value for identity in Identity]:
        return Peer.of(Identity(text))
    try:
        address = ip_address(text)
    except ValueError:
        return Peer.of(Cidr.parse(text))
    return Peer.of(Cidr.parse(f"{address}/{address.max_prefixlen}"))


def _ports(text: str) -> PortRange:
    protocol, slash, ports = text.partition("/")
    first, dash, last = ports.partition("-")
    known = protocol in [one.value for one in Protocol]
    if not slash or not known or not (first.isdigit() and (last.isdigit() if dash else True)):
        raise ValueError("must be tcp/PORT or udp/PORT, or a range such as udp/50000-60000")
    return PortRange(Protocol(protocol), int(first), int(last or first))


def explain(deployment: Deployment, asked: Rule) -> Answer:
    """What the deployment's rules say of one question, and which native rules say so on each platform."""
    wanted = RuleSet.of([asked])
    rules = tuple(rule for rule in deployment.rules.ingress if wanted.subtract(RuleSet.of([rule])) != wanted)
    listener = next((one for one in deployment.listeners if one.ports.overlaps(asked.ports)), None)
    platforms = {name: _names(deployment, name, rules, asked) for name in PLATFORMS.values()} if rules else {}
    return Answer(asked, rules, wanted.subtract(deployment.rules), listener, platforms)


def explain_rule(deployment: Deployment, text: str) -> tuple[Rule, ...]:
    """The rules behind a native rule, by its key, name or description as a console shows it. Pulumi may have
    put the component's name before it and a suffix behind it.
    """
    natives = [native for platform in PLATFORMS.values() for native in _natives(deployment, platform)]
    named = set(_named(" ".join(text.lower().split()), [native.name.lower() for native in natives]))
    found = [native for native in natives if native.name.lower() in named]
    return tuple(rule for rule in deployment.rules.ingress if any(native.is_for(rule) for native in found))


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


def _names(deployment: Deployment, platform: str, rules: tuple[Rule, ...], asked: Rule) -> tuple[str, ...]:
    """What a platform calls the rules that let a part of what is asked through."""
    try:
        natives = _rendered(deployment, platform, rules)
    except ProblemsError as error:
        return (_CANNOT + error.problems[0].expected,)
    return tuple(one.name for one in natives if one.touches(asked) and any(one.is_for(rule) for rule in rules))


_CANNOT = "cannot be expressed: "


def _rendered(deployment: Deployment, platform: str, rules: tuple[Rule, ...]) -> tuple[NativeRule, ...]:
    """All that the platform is told, or where it cannot hold that, what it is told of these rules.

    Names depend on what else is there: services that share ports share a rule.
    """
    try:
        return rendered(platform, render_for(deployment, platform))
    except ProblemsError:
        return rendered(platform, render_for(deployment, platform, frozenset(rules).__contains__))


def _natives(deployment: Deployment, platform: str) -> tuple[NativeRule, ...]:
    """All that the platform is told, or where it cannot hold that, what it could be told of each rule."""
    try:
        return rendered(platform, render_for(deployment, platform))
    except ProblemsError:
        parts: list[NativeRule] = []
        for rule in deployment.rules.ingress:
            with suppress(ProblemsError):
                parts += rendered(platform, render_for(deployment, platform, frozenset([rule]).__contains__))
        return tuple(dict.fromkeys(parts))

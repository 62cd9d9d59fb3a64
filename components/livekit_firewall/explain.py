"""Why a flow gets in or does not: by which rule, from which key, and what would have to change.

    answer = explain(deployment, question("203.0.113.7", "udp/50008"))
    answer.verdict, answer.because

A question is a rule: these ports, from this peer. What the rule set leaves of it is denied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from typing import Any

from msgspec import Struct

from .cli_render import render_for
from .clouds import PLATFORMS
from .deployment import Deployment
from .errors import ConfigurationError, Place, Problem, ProblemsError
from .listeners import Listener
from .net import Cidr, Identity, Peer, PortRange, Protocol
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
    platforms = {name: _native_ids(deployment, name, rules) for name in PLATFORMS.values()} if rules else {}
    return Answer(asked, rules, wanted.subtract(deployment.rules), listener, platforms)


def explain_rule(deployment: Deployment, text: str) -> tuple[Rule, ...]:
    """The rules behind a native rule, by its id, name or description as a console shows it. Pulumi may have
    put the component's name before an id and a suffix behind it.
    """
    asked = text.strip().lower()
    return tuple(
        rule
        for rule in deployment.rules.ingress
        if any(
            known.lower() in asked or asked in known.lower()
            for name in PLATFORMS.values()
            for known in _native_ids(deployment, name, (rule,))
            if asked and not known.startswith(_CANNOT)
        )
    )


_CANNOT = "cannot be expressed: "


def _native_ids(deployment: Deployment, platform: str, rules: Iterable[Rule]) -> tuple[str, ...]:
    """What a platform calls the rules: those that rendering only them adds to its baseline."""
    only = frozenset(rules)
    try:
        some = render_for(deployment, platform, only.__contains__)
        none = render_for(deployment, platform, frozenset().__contains__)
    except ProblemsError as error:
        return (_CANNOT + error.problems[0].expected,)
    baseline = set(_IDS[platform](none))
    return tuple(one for one in _IDS[platform](some) if one not in baseline)


def _nft_ids(ruleset: str) -> list[str]:
    return re.findall(r' comment "([^"]*)"', ruleset)


def _inbound_ids(native: Any) -> list[str]:
    return [f"inbound {entry.protocol} {entry.port_range or ''}".strip() for entry in native.inbound]


_IDS = {
    "aws": lambda native: [rule.key for rule in native.rules],
    "gcp": lambda native: [rule.key for rule in native],
    "digitalocean": _inbound_ids,
    "azure": lambda native: [rule.name for rule in native.security_rules],
    "nftables": _nft_ids,
}
"""What names a native rule in its platform's console."""

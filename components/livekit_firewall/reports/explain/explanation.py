"""The answer to who may reach what: a verdict and its reasons, as text and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from ...deployment.listener import Listener
from ...model.rules import Rule, RuleSet
from ...model.services import Audience
from ...platforms.facts import Baseline


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


def _parts(rules: RuleSet) -> list[dict[str, str]]:
    return [{"ports": str(rule.ports), "peer": str(rule.peer)} for rule in rules]

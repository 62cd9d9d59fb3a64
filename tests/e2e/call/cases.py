"""Every rule of every scenario, in each of its families, with the need that it is there for."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.model.addresses import Family, Peer
from livekit_firewall.model.rules import Rule, RuleSet
from tests.sampling import sample

from . import RELEASE
from .lab import ROLES
from .needs import CLIENT, Need
from .scenarios import SCENARIOS, Scenario


@dataclass(frozen=True)
class Case:
    """One rule of a scenario in one family, and the need that it is there for; None if none is named."""

    scenario: Scenario
    rule: Rule
    family: Family
    need: Need | None

    def __str__(self) -> str:
        who = _role(self.rule.peer) or CLIENT
        return f"{self.scenario.name}: {self.rule.service} {self.rule.ports} from {who}, {self.family}"

    def without(self, rules: RuleSet) -> RuleSet:
        """All but this rule; of one for anywhere, the other family stays."""
        others = [Peer.of(one) for one in self.rule.peer.blocks if one.family is not self.family]
        rest = [Rule(self.rule.ports, peer, self.rule.service, self.rule.reasons) for peer in others]
        return RuleSet.of([*(one for one in rules if one != self.rule), *rest])


@cache
def rules_of(name: str) -> RuleSet:
    """Of the scenario of this name."""
    scenario = next(one for one in SCENARIOS if one.name == name)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "livekit.yaml").write_text(scenario.text, encoding="utf-8")
        file = {"livekit_config": "livekit.yaml", "versions": {"livekit": RELEASE}} if scenario.text else {}
        return read_deployment({**file, **scenario.given}, Path(folder)).rules


def cases(kinds: Sequence[str] = ()) -> Iterator[Case]:
    """Each rule of each scenario, in each of its families; those alone whose need is of one of these kinds."""
    for scenario in SCENARIOS:
        for rule in rules_of(scenario.name):
            for block in rule.peer.blocks:
                need = need_of(scenario, rule, block.family)
                if not kinds or (need and need.kind in kinds):
                    yield Case(scenario, rule, block.family, need)


def need_of(scenario: Scenario, rule: Rule, family: Family) -> Need | None:
    """The one that is named for this service and these sources."""
    who = _role(rule.peer) or CLIENT
    named = scenario.needs.get(rule.service, ())
    return next((one for one in named if one.who == who and one.family in (None, family)), None)


def some(found: Sequence[Case]) -> list[Case]:
    """Each scenario, each need of a service, and each service in each family; all of them in `make soak`."""
    return sample(found, lambda one: (one.scenario.name, (one.rule.service, one.need), (one.rule.service, one.family)))


def address(who: str, family: Family, server: Mapping[Family, str]) -> str:
    """Where somebody connects to reach the server as this one: see `ROLES`."""
    if who == CLIENT:
        return server[family]
    return who if family is Family.IPV4 else ROLES[who]


def _role(peer: Peer) -> str:
    """The IPv4 address of the role that the rule names, or "" for whole families."""
    block = peer.block
    if block is None or block.is_any:
        return ""
    named = str(block.network.network_address)
    return next(one for one, other in ROLES.items() if named in (one, other))

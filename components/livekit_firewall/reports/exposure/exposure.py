"""What actually is reachable, by whom and why, as text and as JSON: the page that a person reads before and after `up`.

The rule set says what is admitted; this adds what it leaves closed, what the platforms let pass
besides (their baseline), the forwards that a NAT in front needs, and the findings.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from ...deployment.listener import Listener
from ...deployment.outbound import Need
from ...model.addresses import Identity
from ...model.errors import Finding, finding_as_json, graver
from ...model.internet import internet_blocks
from ...model.rules import Rule, RuleSet
from ...model.services import Audience, Service
from ...model.text import few, plain
from ...platforms.facts import Baseline
from .origin import Origin

SHOWN_BLOCKS = 2
"""Blocks of one service that a picture shows."""

LISTED_BLOCKS = 10
"""Blocks of one service that the table of the text lists; `rules` and `--json` have all."""


class ReachableService(Struct, frozen=True):
    """One service on some ports, everybody who reaches it, and why.

    Attributes:
        not_known: identities that a target names by what holds addresses which are not known here.
        listeners: what listens there.
    """

    rules: tuple[Rule, ...]
    not_known: frozenset[Identity] = frozenset()
    listeners: tuple[Listener, ...] = ()

    @property
    def who(self) -> str:
        """`anywhere`, `load balancer`, the blocks; of many blocks the first two and how many more."""
        return few((rule.peer.label for rule in self.rules), SHOWN_BLOCKS)

    @property
    def key(self) -> str:
        return ", ".join(dict.fromkeys(rule.key for rule in self.rules))

    @property
    def purpose(self) -> str:
        """What it is for: what else runs on the node, in the user's own words."""
        service = self.rules[0].service
        if service is Service.EXTRA:
            return self.reason
        return "; ".join(dict.fromkeys(one.purpose for one in self.listeners)) or service.purpose

    @property
    def reason(self) -> str:
        return "; ".join(dict.fromkeys(rule.reason for rule in self.rules))

    @property
    def is_public(self) -> bool | None:
        """Whether the internet reaches it (a merged block shorter than /8 or /16); None where some of its sources have
        addresses that are not known here, and the others alone are not the internet.
        """
        if internet_blocks(block for rule in self.rules for block in rule.peer.blocks):
            return True
        own = {Identity.LOAD_BALANCER, Identity.SAME_GROUP} - self.not_known
        is_known = all(rule.peer.blocks or rule.peer.identity in own for rule in self.rules)
        return False if is_known else None

    def as_json(self) -> dict[str, Any]:
        first = self.rules[0]
        return {
            "service": str(first.service),
            "protocol": str(first.ports.protocol),
            "first": first.ports.first,
            "last": first.ports.last,
            "peers": [str(rule.peer) for rule in self.rules],
            "public": self.is_public,
            "key": self.key,
            "reason": self.reason,
        }


class Exposure(Struct, frozen=True):
    """The result, in words and as data.

    Attributes:
        reached: what somebody reaches from another machine.
        closed: listeners that nobody does.
        baselines: what each target lets pass besides, by target.
        outbound: what the services reach out to.
        notes: sentences worth knowing of this deployment.
        findings: as in the deployment.
        origin: what it was made from, and when.
        forwarded: what Docker forwards past the host's firewall beyond the rules.
        in_front: the targets that filter in front of the node.
    """

    reached: tuple[ReachableService, ...]
    closed: tuple[Listener, ...]
    baselines: Mapping[str, tuple[Baseline, ...]]
    outbound: tuple[Need, ...]
    notes: tuple[str, ...]
    findings: tuple[Finding, ...]
    origin: Origin = Origin()
    forwarded: RuleSet = RuleSet()
    in_front: tuple[str, ...] = ()

    def text(self, width: int | None = None) -> str:
        """The exposure; `width` is that of the terminal, None for as wide as it is."""
        nobody = "  nobody reaches anything"
        if self.open_besides:
            nobody += f" but {', '.join(self.open_besides)}, which passes besides the rules"
        parts = [self.origin.line, ""] if self.origin.is_known else []
        parts += ["Who can reach what", self._reached_table(width) or nobody]
        if self.closed:
            parts += ["", "Closed to every other machine by these rules", self._closed_table(width)]
        for target, baseline in self.baselines.items():
            parts += ["", f"Besides, on {target}", *(f"  {item.what}" for item in baseline)]
        if self.outbound:
            parts += ["", "Reaches out to", self._outbound_table(width)]
        if self.notes:
            parts += ["", "Worth knowing", *(f"  {note}" for note in self.notes)]
        # notes say what the table of closed ports shows already
        if said := list(graver(self.findings)):
            parts += ["", "Findings", *(f"  {finding}" for finding in said)]
        return "\n".join(parts)

    def _why_closed(self, listener: Listener) -> str:
        if not listener.families:
            return listener.confined
        if any(rule.ports.overlaps(listener.ports) for rule in self.forwarded):
            return f"published by Docker, and closed by {', '.join(self.in_front)}"
        return _NOT_NAMED.get(listener.awaits, "used on the node itself")

    @property
    def open_besides(self) -> tuple[str, ...]:
        """The services that the internet reaches though no rule says so: every target lets them in."""
        every = [{(one.service, one.ports) for one in items if one.service} for items in self.baselines.values()]
        common = set.intersection(*every) if every else set()
        items = [one for items in self.baselines.values() for one in items if (one.service, one.ports) in common]
        return tuple(dict.fromkeys(one.service.label for one in items if one.service and internet_blocks(one.blocks)))

    @property
    def besides(self) -> RuleSet:
        """What every target lets in besides the rules: a packet has to pass all of them."""
        every = [RuleSet.of(rule for item in items for rule in item.rules) for items in self.baselines.values()]
        if not every:
            return RuleSet.of([])
        common, *others = every
        for other in others:
            common = common.subtract(common.subtract(other))
        return common

    @property
    def not_filtered(self) -> RuleSet:
        """What may be reached though nothing is known to let it in: Docker forwards it, and nothing stands in front."""
        return RuleSet() if self.in_front else self.forwarded.subtract(self.besides)

    def _reached_table(self, width: int | None) -> str:
        rows = [
            (
                reach.rules[0].service.label,
                str(reach.rules[0].ports),
                few((rule.who for rule in reach.rules), LISTED_BLOCKS),
                reach.key,
                reach.purpose,
            )
            for reach in self.reached
        ]
        return plain(("service", "ports", "from", "key", "for"), rows, "  ", width) if rows else ""

    def _closed_table(self, width: int | None) -> str:
        rows = [(item.service.label, str(item.ports), item.key, self._why_closed(item)) for item in self.closed]
        return plain(("service", "ports", "key", "because"), rows, "  ", width)

    def _outbound_table(self, width: int | None) -> str:
        rows = [(str(need.ports), need.to, need.key, need.purpose) for need in self.outbound]
        return plain(("ports", "to", "key", "for"), rows, "  ", width)

    def as_json(self) -> dict[str, Any]:
        return {
            "version": 1,
            **({"origin": self.origin.as_json()} if self.origin.is_known else {}),
            "reachable": [reach.as_json() for reach in self.reached],
            "closed": [{**item.as_json(), "because": self._why_closed(item)} for item in self.closed],
            "baseline": {
                target: [{"what": item.what, "why": item.why} for item in items]
                for target, items in self.baselines.items()
            },
            "outbound": [need.as_json() for need in self.outbound],
            "notes": list(self.notes),
            "findings": [finding_as_json(finding) for finding in self.findings],
        }


_NOT_NAMED = {
    Audience.LOAD_BALANCER: "no load balancer is named",
    Audience.OPERATOR: "no operators are named",
    Audience.CLUSTER: "no other nodes are named",
}

"""What every platform shares: the placeholder for ids, its baseline, and how IPv6 is refused."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from ..model.addresses import ANY_IPV4, ANY_IPV6, Cidr, Family, Peer
from ..model.errors import Place, Problem
from ..model.ports import PortRange
from ..model.rules import Reason, Rule, RuleSet
from ..model.services import Service

PLACEHOLDER = "TARGET"
"""Stands for an id that is not known when rules are rendered without Pulumi (`render --to`)."""


class Baseline(Struct, frozen=True):
    """Something a platform lets pass outside the rule set, because a node cannot live without it.

    Attributes:
        what: in the platform's own grain ("ICMP echo and path MTU, IPv4 and IPv6"); so for this configuration.
        why: what breaks otherwise.
        ports, blocks: the TCP and UDP flows that it lets in, every port from every block; none for ICMP and egress.
        service: what these ports are for, where it is a service that people know; it is drawn and compared then.
        key: the argument that decides the ports.
    """

    what: str
    why: str
    ports: tuple[PortRange, ...] = ()
    blocks: tuple[Cidr, ...] = ()
    service: Service | None = None
    key: str = ""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """What it lets in, as rules: judged, explained and compared like any other."""
        whole = set(self.blocks) >= {ANY_IPV4, ANY_IPV6}
        peers = (Peer.anywhere(),) if whole else tuple(map(Peer.of, self.blocks))
        reasons = (Reason(self.key, self.why),) if self.key else ()
        service = self.service or Service.INTERNAL
        return tuple(Rule(ports, peer, service, reasons) for ports in self.ports for peer in peers)


def ipv6_problems(rules: RuleSet) -> Iterator[Problem]:
    """Rules for IPv6 where `ipv6: false` closed it: a platform refuses them, it never drops one."""
    for rule in rules.ingress:
        if any(block.family is Family.IPV6 for block in rule.peer.blocks):
            got = f"false, and {rule.service.label} {rule.ports} from {rule.peer}"
            hint = "restrict the rule to IPv4 blocks, or leave ipv6 out"
            yield Problem(Place("ipv6"), got, "no rule for IPv6 where ipv6 is false", hint)

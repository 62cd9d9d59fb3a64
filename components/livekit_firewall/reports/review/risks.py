"""The risks of a change; `risk_texts` has their texts.

What is a risk is decided by ports and sources alone: a description that calls a port something else hides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from ...effective.snapshot import NOTHING
from ...model.addresses import Cidr, Direction
from ...model.internet import holds_ipv4, internet_blocks
from ...model.packets import ALL_PORTS, PacketSet
from ...model.ports import PortRange, Protocol, joined
from ...model.services import Service
from ...platforms.registry import PLATFORMS
from .change import Risk
from .difference import Pair
from .intent import SIP, Intent
from .risk_facts import MEDIA, RiskFacts, ports_text
from .risk_texts import RISKS, risk
from .risks_on_the_way import halfway, interrupted
from .state_risks import state_risks

NEEDED = frozenset(service for service in Service if service.record.is_needed)
OF_MANY = frozenset(one.name for one in PLATFORMS if one.rules_are_resources)


def risks_of(facts: RiskFacts) -> Iterator[Risk]:
    """The risks of one stack, the gravest first, each once."""
    found = [one for pair in facts.pairs for one in _open(pair, facts.intent)]
    found += [one for pair in facts.pairs for one in _closed(pair, facts)]
    found += [*interrupted(facts), *halfway(facts), *facts.moved, *(risk(*told) for told in state_risks(facts.steps))]
    unique = dict.fromkeys(found)
    yield from sorted(
        unique, key=lambda one: (one.severity, not one.is_new, list(RISKS).index(one.id), one.where, one.text)
    )


class Opening(NamedTuple):
    """Ports that the internet reaches and should not.

    Attributes:
        id: the risk.
        asked: the ports that should be closed.
        ports: those of them that are open.
        text: the same for people.
    """

    id: str
    asked: tuple[PortRange, ...]
    ports: tuple[PortRange, ...]
    text: str


def openings(region: PacketSet, intent: Intent) -> Iterator[Opening]:
    """What the internet reaches of what it should not; nothing but `everything-public` where every port is open."""
    if public(region, ALL_PORTS) == ALL_PORTS:
        yield Opening("everything-public", ALL_PORTS, ALL_PORTS, "every port is open to the internet")
        return
    ssh = tuple(PortRange.tcp(port) for port in dict.fromkeys((22, intent.ssh_port)))
    asked: list[tuple[str, tuple[PortRange, ...], str]] = [
        ("internal-public", (ports,), service.label) for ports, service in intent.internal
    ]
    asked.append(("ssh-public", ssh, "SSH"))
    if not intent.sip_is_meant:
        asked.append(("sip-public", sip_ports(intent), "SIP"))
    for id_, ports, label in asked:
        if open_ := public(region, ports):
            yield Opening(id_, ports, open_, f"{label} on {ports_text(open_)} is open to the internet")


def sip_ports(intent: Intent) -> tuple[PortRange, ...]:
    """The ports of signalling alone: no other service has them, while those of the audio may be shared."""
    own = [label.ports for label in intent.labels if label.service in SIP]
    return joined([*own, PortRange.tcp(5060), PortRange.udp(5060), PortRange.tcp(5061)])


def _open(pair: Pair, intent: Intent) -> Iterator[Risk]:
    """What the internet reaches after the change."""
    if pair.new is None:
        return
    before, after = (side.get(Direction.INGRESS, NOTHING).reached for side in (pair.before, pair.after))
    for one in openings(after, intent):
        yield risk(one.id, pair.name, one.text, public(before, one.ports) != one.ports, one.ports)


def public(region: PacketSet, ports: Iterable[PortRange]) -> tuple[PortRange, ...]:
    """Which of the ports the internet reaches, whole ranges of them where all of a range is."""
    parts = list(region.within(joined(ports)).parts())
    if not parts:
        return ()
    if any(holds_ipv4(block) for _, blocks in parts for block in blocks):
        parts = list(_cut(parts))
    return joined(some for some, blocks in parts if internet_blocks(blocks))


def _cut(parts: list[tuple[PortRange, tuple[Cidr, ...]]]) -> Iterator[tuple[PortRange, tuple[Cidr, ...]]]:
    """The parts from edge to edge of their ports, both families together, since one may hold addresses of the other."""
    for protocol in Protocol:
        mine = [(ports, blocks) for ports, blocks in parts if ports.protocol is protocol]
        edges = sorted({edge for ports, _ in mine for edge in (ports.first, ports.last + 1)})
        for first, after in pairwise(edges):
            one = PortRange(protocol, first, after - 1)
            if found := [block for ports, blocks in mine if ports.overlaps(one) for block in blocks]:
                yield one, tuple(found)


def _closed(pair: Pair, facts: RiskFacts) -> Iterator[Risk]:
    """What is needed, was open, and is closed after the change."""
    if pair.new is None and pair.old is not None and pair.old.after_removal:
        yield risk("unprotected", pair.name, "no firewall is attached any more")
    before, after = (side.get(Direction.INGRESS, NOTHING).reached for side in (pair.before, pair.after))
    perhaps = pair.after.get(Direction.INGRESS, NOTHING).unknown
    lost, doubtful = before - after - perhaps, before & perhaps
    if not (lost or doubtful) or pair.new is None or pair.was_bare:
        return
    if facts.intent.needed is not None:
        if not facts.is_whole and pair.new.platform in OF_MANY:
            # a rule that is not shown may let it in all the same, but for what is denied
            lost &= pair.new.denied.get(Direction.INGRESS, PacketSet())
        for service in dict.fromkeys(rule.service for rule in facts.intent.needed):
            wanted = PacketSet.of(rule for rule in facts.intent.needed if rule.service is service)
            if gone := (lost & wanted).ports():
                text = f"{service.label} on {ports_text(joined(gone))} is closed to some who need it"
                yield risk("needed-port-lost", pair.name, text, ports=joined(gone))
            if gone := (doubtful & wanted).ports():
                text = f"{service.label} on {ports_text(joined(gone))} may be closed to some who need it"
                yield risk("needed-port-unknown", pair.name, text, ports=joined(gone))
        return
    mine = [one for one in facts.changes if pair.name in one.firewalls and one.direction is Direction.INGRESS]
    # without a configuration or a word of ours, HTTPS may be anybody's
    needed = NEEDED if pair.old and pair.old.labels.get(Direction.INGRESS) else NEEDED & MEDIA
    for service in dict.fromkeys(one.service for one in mine if one.kind == "removed" and one.service in needed):
        ports = joined(p for one in mine if one.service is service and one.lost for p in one.lost.ports)
        if service and ports:
            yield risk("needed-port-lost", pair.name, f"{service.label} on {ports_text(ports)} is closed", ports=ports)

"""The risks of a change. The table `RISKS` holds the texts; the policy pack uses the same.

What is a risk is decided by ports and sources alone: a description that calls a port something else hides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from msgspec import Struct

from ...effective.evaluate import EffectiveRules
from ...effective.labels import KNOWN
from ...effective.resources import WORDS, name_of, number_of
from ...effective.snapshot import NOTHING
from ...effective.syntax import protocols_of
from ...model.addresses import Cidr, Direction
from ...model.internet import holds_ipv4, internet_blocks
from ...model.packets import ALL_PORTS, PacketSet
from ...model.ports import MAX_PORT, PortRange, Protocol, joined
from ...model.services import Service
from ...platforms.registry import PLATFORMS
from .change import Change, Risk
from .difference import Pair, StackContext
from .intent import SIP, Intent
from .preview import Step

MEDIA = frozenset(service for service in Service if service.record.is_media)
NEEDED = frozenset(service for service in Service if service.record.is_needed)


class RiskText(Struct, frozen=True):
    severity: str
    why: str
    fix: str


RISKS = {
    "everything-public": RiskText(
        "error",
        "every port of the machine is reachable from the internet, databases and plain-text signalling included",
        "open the ports that are needed",
    ),
    "internal-public": RiskText(
        "error",
        "it has no protection of its own: what passes there is in plain text, or needs no password",
        "name who needs it, or leave it closed: livekit-firewall never opens it to the internet",
    ),
    "ssh-public": RiskText(
        "warning", "passwords and keys are tried there within minutes", "name the operators: operators.cidrs"
    ),
    "sip-public": RiskText(
        "warning",
        "scanners find it within minutes, and dial at your cost",
        'name the carriers in trunks, or say trunks: "anywhere" if that is meant',
    ),
    "needed-port-lost": RiskText(
        "error",
        "the configuration still needs it, or nothing else serves it",
        "leave it open, or take the service out of the configuration first",
    ),
    "needed-port-unknown": RiskText(
        "warning",
        "the configuration still needs it, and whether the firewall lets it in depends on what is not understood",
        "write the rule in a way that is read, or check with packets: livekit-firewall probe",
    ),
    "call-interrupted": RiskText(
        "warning",
        "AWS cuts untracked flows at once when the rule that enables them goes or is modified, and media that is open "
        "to anywhere is untracked; what Google and DigitalOcean do is not documented",
        "make the change when few calls run, or open the new ports first and close the old ones later",
    ),
    "unprotected": RiskText(
        "error",
        "a machine that no firewall is attached to is open to everybody on DigitalOcean",
        "attach another firewall before",
    ),
    "refused": RiskText(
        "error",
        "the platform cannot express or hold these rules, so that the update will stop before it begins",
        "correct what the message names",
    ),
    "quota": RiskText(
        "error",
        "the platform refuses the rules beyond it, in the middle of the update",
        "name fewer blocks, or merge them",
    ),
}
"""Each risk: how bad, what it means, what to do."""


class RiskFacts(NamedTuple):
    """What the risks of one stack are judged by."""

    pairs: Sequence[Pair]
    changes: Sequence[Change]
    steps: Sequence[Step]
    intent: Intent
    context: StackContext


def risks_of(facts: RiskFacts) -> Iterator[Risk]:
    """The risks of one stack, the gravest first, each once."""
    found = [risk for pair in facts.pairs for risk in _open(pair, facts.intent)]
    found += [risk for pair in facts.pairs for risk in _closed(pair, facts)]
    found += _interrupted(facts)
    found += [risk for pair in facts.pairs for risk in _sizes(pair)]
    unique = dict.fromkeys(found)
    yield from sorted(
        unique, key=lambda risk: (risk.severity, not risk.is_new, list(RISKS).index(risk.id), risk.where, risk.text)
    )


def _risk(id_: str, where: str, text: str, is_new: bool = True) -> Risk:
    about = RISKS[id_]
    return Risk(id_, about.severity, where, text, about.why, about.fix, is_new)


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
    before, after = (reached(side.get(Direction.INGRESS, NOTHING)) for side in (pair.before, pair.after))
    for one in openings(after, intent):
        yield _risk(one.id, pair.name, one.text, public(before, one.ports) != one.ports)


def reached(found: EffectiveRules) -> PacketSet:
    """What some packets reach, those included that only pass with a spoofed source port."""
    return found.admitted | found.partly


def public(region: PacketSet, ports: Iterable[PortRange]) -> tuple[PortRange, ...]:
    """Which of the ports the internet reaches, whole ranges of them where all of a range is."""
    parts = list(region.within(joined(ports)).parts())
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


def ports_text(ports: Sequence[PortRange]) -> str:
    """The first of them, and how many more there are."""
    return ", ".join(map(str, ports[:5])) + (f" and {len(ports) - 5} more" if len(ports) > 5 else "")


def _closed(pair: Pair, facts: RiskFacts) -> Iterator[Risk]:
    """What is needed, was open, and is closed after the change."""
    if pair.new is None and pair.old is not None and pair.old.after_removal:
        yield _risk("unprotected", pair.name, "no firewall is attached any more")
    before, after = (reached(side.get(Direction.INGRESS, NOTHING)) for side in (pair.before, pair.after))
    perhaps = pair.after.get(Direction.INGRESS, NOTHING).unknown
    lost, doubtful = before - after - perhaps, before & perhaps
    if not (lost or doubtful) or pair.new is None:
        return
    if facts.intent.needed is not None:
        for service in dict.fromkeys(rule.service for rule in facts.intent.needed):
            wanted = PacketSet.of(rule for rule in facts.intent.needed if rule.service is service)
            if gone := (lost & wanted).ports():
                text = f"{service.label} on {ports_text(joined(gone))} is closed to some who need it"
                yield _risk("needed-port-lost", pair.name, text)
            if gone := (doubtful & wanted).ports():
                text = f"{service.label} on {ports_text(joined(gone))} may be closed to some who need it"
                yield _risk("needed-port-unknown", pair.name, text)
        return
    mine = [one for one in facts.changes if pair.name in one.firewalls and one.direction is Direction.INGRESS]
    # without a configuration or a word of ours, HTTPS may be anybody's
    needed = NEEDED if pair.old and pair.old.labels.get(Direction.INGRESS) else NEEDED & MEDIA
    for service in dict.fromkeys(one.service for one in mine if one.kind == "removed" and one.service in needed):
        ports = joined(p for one in mine if one.service is service and one.lost for p in one.lost.ports)
        if service and ports:
            yield _risk("needed-port-lost", pair.name, f"{service.label} on {ports_text(ports)} is closed")


CUTS = frozenset(one.name for one in PLATFORMS if one.cuts_open_flows)


def _interrupted(facts: RiskFacts) -> Iterator[Risk]:
    platforms = {pair.name: one.platform for pair in facts.pairs if (one := pair.new or pair.old)}
    for change in facts.changes:
        if change.lost is None or change.service not in MEDIA or change.direction is not Direction.INGRESS:
            continue
        for name in change.firewalls:
            if platforms.get(name) in CUTS:
                text = f"calls on {change.service.label}, {ports_text(change.lost.ports)}, may be cut"
                yield _risk("call-interrupted", name, text)
    for step in facts.steps:
        # the rules inside a group that stays are told as lines
        what, ops = MODIFIED.get(step.type, ("", ()))
        if step.op in ops and set(step.changed) - HARMLESS and _carries_media(step, facts.context):
            text = f"{what} is {step.op}d, which may cut calls that it lets in"
            yield _risk("call-interrupted", name_of(step.urn), text)


def _carries_media(step: Step, context: StackContext) -> bool:
    """Whether a rule of AWS may be for media."""
    given = step.before.inputs if step.before else {}
    first, last = (number_of(given.get(name)) for name in ("fromPort", "toPort"))
    protocols = protocols_of(str(given.get("ipProtocol", given.get("protocol"))))
    if protocols == ():
        return False  # ICMP
    if protocols is None or first is None or last is None or not 0 <= first <= last <= MAX_PORT:
        return True
    ports = [PortRange(protocol, max(int(first), 1), max(int(last), 1)) for protocol in protocols]
    known = [*context.labels, *KNOWN]
    return any(label.service in MEDIA and label.ports.overlaps(one) for label in known for one in ports)


MODIFIED = {token: what for one in PLATFORMS for token, what in one.cut_by.items()}
"""What cuts flows when it is modified, and by which operations."""

HARMLESS = WORDS | {"revokeRulesOnDelete"}


def _sizes(pair: Pair) -> Iterator[Risk]:
    """On AWS the old rules and the new are there together while the update runs: what is new is made first."""
    if pair.new is None:
        return
    was = {size.what: size for size in pair.old.sizes} if pair.old else {}
    for size in pair.new.sizes:
        old = was.get(size.what)
        peak = size.count + len(old.rules - size.rules if old else ())
        if size.count > size.limit:
            text = f"{size.count} {size.what}, and the platform allows {size.limit} by default"
            yield _risk("quota", pair.name, text, old is None or old.count <= size.limit)
        elif peak > size.limit:
            text = f"{peak} {size.what} while the update runs, and the platform allows {size.limit} by default"
            yield _risk("quota", pair.name, text)

"""What is wrong with a stack, by the functions that `livekit-firewall review` uses on what is after a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from livekit_firewall.effective.resource_names import ResourceNames
from livekit_firewall.effective.resources import Resource
from livekit_firewall.effective.snapshot import NOTHING, Snapshot
from livekit_firewall.effective.urns import name_of
from livekit_firewall.model.addresses import ANY_IPV4, Cidr, Direction
from livekit_firewall.model.packets import PacketSet
from livekit_firewall.model.ports import PortRange, joined
from livekit_firewall.model.rules import Rule
from livekit_firewall.model.text import few, printable
from livekit_firewall.platforms.registry import is_firewall
from livekit_firewall.reports.review.risk_facts import MEDIA, ports_text
from livekit_firewall.reports.review.risks import openings, public, sip_ports
from livekit_firewall.reports.review.stack import snapshots

from .resources import Stack
from .stated import intent_of_rules


class PolicyFinding(NamedTuple):
    """One thing that is wrong.

    Attributes:
        urn: the resource to mend; "" for the stack.
        id: the risk, as in `RISKS` of `review`.
        text: what is so, on one line, as `review` says it; of the stack it holds ports only.
        by: the names of the resources that cause it; "" if none does alone.
        fix: what to do, if it is not what `RISKS` says.
    """

    urn: str
    id: str
    text: str
    by: str = ""
    fix: str = ""


class Firewalls:
    """What the firewalls of a stack admit, and which resources make each of them. Read when it is first asked for."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._names = ResourceNames((), stack.resources)

    @cached_property
    def all(self) -> tuple[Snapshot, ...]:
        return tuple(snapshots(self.stack.resources, self._names))

    @cached_property
    def _alone(self) -> dict[str, list[tuple[Resource, Snapshot]]]:
        found: dict[str, list[tuple[Resource, Snapshot]]] = {}
        for one in self.stack.resources:
            if is_firewall(one.type):
                for alone in snapshots([one], self._names):
                    found.setdefault(alone.key, []).append((one, alone))
        return found

    def parts(self, firewall: Snapshot) -> list[tuple[Resource, Snapshot]]:
        """The resources that a firewall is made of, each with what it would admit alone."""
        keys = dict.fromkeys([firewall.key, firewall.fallback])
        return [part for key in keys for part in self._alone.get(key, ())]

    def found(self, firewall: Snapshot, id_: str, text: str, asked: Iterable[PortRange] = ()) -> PolicyFinding:
        """A finding, at the resource that alone lets the internet to most of the ports asked for."""
        ports = tuple(asked)
        opened = {one.urn: sum(map(len, public(_reached(alone), ports))) for one, alone in self.parts(firewall)}
        guilty = [urn for urn, count in opened.items() if count] if ports else []
        if not guilty:
            urns = {one.urn for one in self.stack.resources}
            first = next((one.urn for one, _ in self.parts(firewall)), "")
            return PolicyFinding(firewall.key if firewall.key in urns else first, id_, text)
        shown = few((printable(name_of(urn), 60) for urn in guilty), 3)
        return PolicyFinding(max(guilty, key=lambda urn: opened[urn]), id_, text, shown)


class LastFirewalls:
    """Those of the stack that was asked about last, as the engine hands the same stack to one policy after another."""

    def __init__(self) -> None:
        self._stack = ""
        self._firewalls: Firewalls | None = None

    def of(self, stack: Stack) -> Firewalls:
        text = repr(stack)  # `==` takes True for 1
        if self._firewalls is None or text != self._stack:
            self._firewalls, self._stack = Firewalls(stack), text
        return self._firewalls


def _reached(firewall: Snapshot) -> PacketSet:
    return firewall.effective.get(Direction.INGRESS, NOTHING).reached


def opened(firewalls: Firewalls, ids: Iterable[str], internal: Iterable[PortRange] = ()) -> Iterator[PolicyFinding]:
    """What the internet reaches and should not, of the risks `ids`.

    Args:
        internal: ports that must not be public, besides those that `review` knows.
    """
    intent = intent_of_rules(_stated(firewalls.stack), internal)
    wanted = set(ids)
    for one in firewalls.all:
        for opening in openings(_reached(one), intent):
            if opening.id in wanted:
                yield firewalls.found(one, opening.id, opening.text, opening.asked)


def from_elsewhere(firewalls: Firewalls, trunks: Sequence[Cidr]) -> Iterator[PolicyFinding]:
    """What reaches SIP from blocks that are not the trunks'. Sources that only have a name are not counted."""
    ports = sip_ports(intent_of_rules(_stated(firewalls.stack)))
    allowed = PacketSet.box(ports, trunks)
    for one in firewalls.all:
        if more := _reached(one).within(ports) - allowed:
            open_ = joined(some for some, _ in more.parts())
            text = f"SIP on {ports_text(open_)} is open to others than the trunks"
            yield firewalls.found(one, "sip-public", text, open_)._replace(fix=NAME_TRUNKS)


NAME_TRUNKS = "open it to the carriers' blocks only, and name each of them in the `trunks` of this policy"


def closed(firewalls: Firewalls, media: Sequence[PortRange] = ()) -> Iterator[PolicyFinding]:
    """Media that a LiveKitFirewall is for and that its firewalls do not let in.

    Args:
        media: ports that must be open to the internet, in place of what the component says it opens.
    """
    for component, rules in firewalls.stack.stated.items():
        for one in firewalls.all:
            if any(_is_below(firewalls.stack, part.urn, component) for part, _ in firewalls.parts(one)):
                found = one.effective.get(Direction.INGRESS, NOTHING)
                # what is unknown may be open; livekit-rules-readable tells of it
                for label, lost in _lost(found.open_at_most, rules or (), media):
                    text = f"{label} on {ports_text(lost)} is closed to some who need it"
                    yield firewalls.found(one, "needed-port-lost", text)


def _lost(
    open_: PacketSet, rules: Sequence[Rule], media: Sequence[PortRange]
) -> Iterator[tuple[str, tuple[PortRange, ...]]]:
    if media:
        # one family is enough to count ports with
        lost = PacketSet.box(media, [ANY_IPV4]) - PacketSet.box(public(open_, media), [ANY_IPV4])
        if lost:
            yield "Media", joined(ports for ports, _ in lost.parts())
        return
    for service in dict.fromkeys(rule.service for rule in rules if rule.service in MEDIA):
        mine = [rule for rule in rules if rule.service is service and rule.direction is Direction.INGRESS]
        if missing := PacketSet.of(mine) - open_:
            yield service.label, joined(ports for ports, _ in missing.parts())


def _is_below(stack: Stack, urn: str, ancestor: str) -> bool:
    while urn:
        if urn == ancestor:
            return True
        urn = stack.parents.get(urn, "")
    return False


def _stated(stack: Stack) -> list[Rule]:
    return [rule for rules in stack.stated.values() for rule in rules or ()]

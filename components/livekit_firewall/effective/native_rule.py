"""One rule of a firewall in its platform's own words, and what it admits.

Every reader makes it: of a command's listing, of a resource's inputs, and so of what is rendered. All reports
on a rule use it: `parsed` is the input of `evaluate`, `flows` and `sources` are what people see.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from msgspec import Struct
from msgspec.structs import replace

from ..model.addresses import Cidr, Direction, Identity, Peer
from ..model.packets import ALL_PORTS, EVERYBODY, PacketSet
from ..model.ports import PortRange
from ..model.rules import Rule
from ..model.services import Service
from ..model.text import printable
from .evaluate import ParsedRule
from .property_values import is_hidden, is_secret
from .resources import Resource
from .syntax import NotAFirewall, block_of, ports_of, protocols_of

DENIED = "no "
"""Before the protocol of `NativeRule.others` that a rule denies."""

EVERY = "every other protocol"
"""The word of `NativeRule.others` for what a rule of every protocol admits besides TCP and UDP."""


class Flow(Struct, frozen=True):
    """A protocol and its ports.

    Attributes:
        shown: for people.
        ports: where it is TCP or UDP.
        every: the ports of both, where it is every protocol or one that is not known.
        other: the word for what it is besides TCP and UDP; "" for nothing.
        unread: why the protocol or its ports are not known; "" if they are.
    """

    shown: str
    ports: PortRange | None = None
    every: tuple[PortRange, ...] = ()
    other: str = ""
    unread: str = ""

    @property
    def ranges(self) -> tuple[PortRange, ...]:
        """The ports of TCP and UDP that it opens, or may open."""
        return (self.ports,) if self.ports else self.every


class RuleSource(Struct, frozen=True):
    """The remote end: the source of an ingress rule, the destination of an egress rule.

    Attributes:
        shown: for people, as the platform names it.
        peer: where that is a block or stands for an identity.
        name: its identifier, of a group or a tag whose addresses are not known. A source with neither a name nor
            addresses opens no TCP or UDP flow.
        known: the addresses of what has a name besides.
        unread: why its addresses are not known; "" if they are, or if it has a name.
        within: where they are not known, blocks that hold all of them; None if that is not known either.
    """

    shown: str
    peer: Peer | None = None
    name: str = ""
    known: tuple[Cidr, ...] = ()
    unread: str = ""
    within: tuple[Cidr, ...] | None = None

    @property
    def blocks(self) -> tuple[Cidr, ...]:
        """Its addresses, as far as they are known."""
        return self.known or (self.peer.blocks if self.peer else ())

    @property
    def at_most(self) -> tuple[Cidr, ...]:
        """Blocks that hold all addresses that it may have."""
        if self.unread or not self.blocks:
            return EVERYBODY if self.within is None and (self.unread or self.name) else self.within or ()
        return self.blocks


class NativeRule(Struct, frozen=True):
    """One rule.

    Attributes:
        name: its key, name, entry or comment; unique in its platform's rendering but for comments.
        flows, sources: every source reaches every flow.
        description: the platform's own text on it; "" if there is none.
        service: set where the rule is of one service alone, whose blocks may be merged in it.
        line: on a host, the line of the ruleset.
        allows: False for a deny.
        direction: of an egress rule, `sources` are the destinations.
        unread: what of the rule as a whole was not understood, besides its flows and sources.
        partly: see `ParsedRule`.
        families: those blocks of whole families that it is for; None for both.
        limit: the addresses of the machine that it is for; "" for all of them.
    """

    name: str
    flows: tuple[Flow, ...]
    sources: tuple[RuleSource, ...]
    description: str = ""
    service: Service | None = None
    line: str = ""
    allows: bool = True
    direction: Direction = Direction.INGRESS
    unread: str = ""
    partly: bool = False
    families: tuple[Cidr, ...] | None = None
    limit: str = ""

    @property
    def flow_names(self) -> tuple[str, ...]:
        """Its flows for people."""
        return tuple(flow.shown if self.allows else f"deny {flow.shown}" for flow in self.flows)

    @property
    def ranges(self) -> tuple[PortRange, ...]:
        """The ports that it is for."""
        return tuple(ports for flow in self.flows for ports in flow.ranges)

    @property
    def others(self) -> tuple[tuple[str, str], ...]:
        """Protocols without ports and from whom: ("icmp", "0.0.0.0/0")."""
        words = [flow.other if self.allows else f"{DENIED}{flow.other}" for flow in self.flows if flow.other]
        return tuple(product(words, (one.name or one.shown for one in self.sources)))

    @property
    def why(self) -> str:
        """Why it is not known what it admits or denies; "" if it is."""
        parts = (*(one.unread for one in self.flows), *(one.unread for one in self.sources))
        return self.unread or next(filter(None, parts), "")

    @property
    def parsed(self) -> ParsedRule:
        """Its packets. The one place where what was not understood becomes a rule that is not known: its region is then
        all packets that the rule may match.
        """
        ports = self.ranges
        if not ports:
            return ParsedRule(self.name, self.allows)
        here = PacketSet.box(ports, EVERYBODY if self.families is None else self.families)
        region = PacketSet.box(ports, (block for one in self.sources for block in one.blocks))
        region = region if self.families is None else region & here
        named = {
            one.name: PacketSet.box(ports, one.at_most) & here for one in self.sources if one.name and not one.blocks
        }
        if self.why:
            may = (
                PacketSet.box(ports, (block for one in self.sources for block in one.at_most)) if self.sources else here
            )
            return ParsedRule(self.name, self.allows, may & here, unread=self.why)
        return ParsedRule(self.name, self.allows, region, named, partly=self.partly)

    @property
    def parts(self) -> tuple[ParsedRule, ...]:
        """As `parsed`, with what is known of it apart from what is not: flows and sources add up."""
        if self.unread:
            return (self.parsed,)
        flows = [tuple(one for one in self.flows if bool(one.unread) is doubt) for doubt in (False, True)]
        sources = [tuple(one for one in self.sources if bool(one.unread) is doubt) for doubt in (False, True)]
        both = product(filter(None, flows), filter(None, sources))
        return tuple(replace(self, flows=some, sources=peers).parsed for some, peers in both)

    @property
    def either_way(self) -> tuple[ParsedRule, ParsedRule]:
        """As `parsed`, where its action is not known: it may deny, and it may allow."""
        return replace(self, allows=False).parsed, replace(self, allows=True).parsed

    @property
    def without_others(self) -> NativeRule:
        """The rule for TCP and UDP alone."""
        return replace(self, flows=tuple(replace(flow, other="") for flow in self.flows))

    @property
    def admitted(self) -> frozenset[tuple[str, str]]:
        """For comparing two rules: flows and blocks; an identity has another name on each side."""
        return frozenset(product(self.flow_names, (str(one.peer) if one.peer else one.shown for one in self.sources)))

    @property
    def _opens(self) -> tuple[PortRange, ...]:
        """The ports that it opens to ingress."""
        return self.ranges if self.allows and self.direction is Direction.INGRESS else ()

    def is_for(self, rule: Rule) -> bool:
        """Whether it was rendered from the rule, perhaps among others."""
        if self.service not in (None, rule.service):
            return False
        return self._has_ports(rule) and any(self._has_peer(rule, one.peer) for one in self.sources if one.peer)

    def _has_ports(self, rule: Rule) -> bool:
        return any(ports.covers(rule.ports) for ports in self._opens)

    def _has_peer(self, rule: Rule, peer: Peer) -> bool:
        if rule.peer == peer or any(Peer.of(block) == peer for block in rule.peer.blocks):
            return True
        return self.service is not None and peer.block is not None and _meet(rule.peer, peer)

    def touches(self, asked: Rule) -> bool:
        """Whether it admits a part of what is asked."""
        return any(ports.overlaps(asked.ports) for ports in self._opens) and any(
            _meet(asked.peer, one.peer) for one in self.sources if one.peer
        )


def _meet(one: Peer, other: Peer) -> bool:
    if one.identity or other.identity or one.named or other.named:
        return (one.identity, one.named) == (other.identity, other.named)
    return any(
        a.family is b.family and a.bounds[0] <= b.bounds[1] and b.bounds[0] <= a.bounds[1]
        for a, b in product(one.blocks, other.blocks)
    )


# What the platforms write, read in one way


WORDS = {"1": "icmp", "58": "icmpv6", "icmp6": "icmpv6", "ipv6-icmp": "icmpv6"}

UNKNOWN_FLOW = Flow("(unknown)", every=ALL_PORTS)


def flows_of(protocol: str, ranges: Iterable[tuple[int, int]], where: str) -> tuple[Flow, ...]:
    """What a protocol, by its name or its number, opens on ranges of ports. A protocol that has no ports, or that is
    not known, is shown without reading them.

    Raises:
        NotAFirewall: they are no ports.
    """
    known, word = protocols_of(protocol), protocol.strip().lower()
    if known is None:
        return (Flow(word, every=ALL_PORTS, unread=f"the protocol {protocol} is not known"),)
    if not known:
        return (Flow(word, other=WORDS.get(word, word)),)
    found = tuple(ports for first, last in ranges for ports in ports_of(known, first, last, where))
    if len(known) == 1:
        return tuple(Flow(str(ports), ports) for ports in found)
    if set(found) == set(ALL_PORTS):
        return (Flow("every protocol", every=ALL_PORTS, other=EVERY),)
    return (*(Flow(str(ports), ports) for ports in found), Flow(EVERY, other=EVERY))


def block_source(text: str, where: str) -> RuleSource:
    """A block as the platform writes it.

    Raises:
        NotAFirewall: it is none.
    """
    return RuleSource(text, Peer.of(block_of(text, where)))


def identity_source(identity: Identity, value: object, name: str, known: tuple[Cidr, ...] = ()) -> RuleSource:
    """A group, a tag or a load balancer, which an identity of the rules may stand for."""
    return RuleSource(f"{identity} {worded(value)}".strip(), Peer.of(identity), name, known)


def worded(value: object) -> str:
    """A value for people; a placeholder for a secret and for what is not known before the update."""
    if is_secret(value):
        return "(a secret)"
    if isinstance(value, str | int) and not is_hidden(value):
        return str(value)
    return "" if value is None else "(unknown)"


def unclear(one: Resource, why: str, direction: Direction, name: str = "") -> NativeRule:
    """A rule that was not understood."""
    return NativeRule(name or one.name, (UNKNOWN_FLOW,), (), direction=direction, unread=why)


def rules_in(one: Resource, make: Iterable[NativeRule], direction: Direction, name: str = "") -> list[NativeRule]:
    """The rules that are read from a resource, or one that is unclear if they are not as their platform writes them.

    Args:
        name: the rule, where the resource holds several.
    """
    try:
        found = list(make)
    except (NotAFirewall, ValueError, TypeError) as error:
        problem = error.problems[0].expected if isinstance(error, NotAFirewall) else NO_RULE
        found = [unclear(one, f"admits what cannot be read: {printable(problem)}", direction, name)]
    return [replace(rule, unread=changing(one, rule.why)) if rule.why else rule for rule in found]


def changing(one: Resource, why: str) -> str:
    """Why a rule is not understood, and that its resource changes: the rule may then differ from the one before."""
    return f"{why}, and it changes" if one.is_other else why


NO_RULE = "it is not as its platform writes it"

"""The rule set: who may open which flows, in the words of no platform. Every platform renders this, and nothing else.

    rules = RuleSet.of([
        Rule(PortRange.tcp(7881), Peer.anywhere(), Service.ICE_TCP, (Reason("tcp_port", "ICE over TCP"),)),
    ])
    rules.admits(Packet(ip_address("203.0.113.7"), Protocol.TCP, 7881))    # True

Allow-only: what no rule allows is denied. `admits` is the meaning of a set and is written apart from
`normalise` and from rendering, so that it can judge both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from .addresses import Cidr, Direction, Identity, NamedBlock, Packet, Peer
from .ports import PortRange
from .services import Service


class Reason(Struct, frozen=True, order=True, gc=False):
    """Why a rule is there.

    Attributes:
        key: what causes it, as the user wrote it: `rtc.tcp_port`.
        text: a phrase for people.
        whose: the names that the user has for the peer, fit to be printed; "" for none.
    """

    key: str
    text: str
    whose: str = ""


class Rule(Struct, frozen=True, gc=False):
    """One allow.

    Attributes:
        ports: protocol and ports at the node (ingress) or at the other end (egress).
        peer: the other end.
        service: what it is for.
        reasons: why, at least one when it comes from `authorise`; sorted, without duplicates.
        direction: ingress unless said otherwise.
    """

    ports: PortRange
    peer: Peer
    service: Service
    reasons: tuple[Reason, ...] = ()
    direction: Direction = Direction.INGRESS

    @property
    def key(self) -> str:
        """The configuration keys behind it, comma-separated."""
        return ", ".join(dict.fromkeys(reason.key for reason in self.reasons))

    @property
    def reason(self) -> str:
        """The reasons as one text."""
        return "; ".join(dict.fromkeys(reason.text for reason in self.reasons))

    @property
    def who(self) -> str:
        """The peer for people, with the user's names for it: `198.51.100.0/28 ('carrier')`."""
        names = ", ".join(dict.fromkeys(reason.whose for reason in self.reasons if reason.whose))
        return f"{self.peer.label} ({names})" if names else self.peer.label

    def admits(self, packet: Packet) -> bool:
        """Whether this rule lets the packet's flow be opened. Identities and named blocks are admitted by name only."""
        if packet.direction is not self.direction or packet.protocol is not self.ports.protocol:
            return False
        if not self.ports.first <= packet.port <= self.ports.last:
            return False
        if isinstance(packet.source, Identity | NamedBlock):
            return packet.source in (self.peer.identity, self.peer.named)
        return any(packet.source in block for block in self.peer.blocks)

    def as_json(self) -> dict[str, object]:
        """As in the output `rules` and in `docs/schemas/rules.json`."""
        return {
            "direction": str(self.direction),
            "protocol": str(self.ports.protocol),
            "first": self.ports.first,
            "last": self.ports.last,
            "peer": str(self.peer),
            "service": str(self.service),
            "key": self.key,
            "reason": self.reason,
        }


class RuleSet(Struct, frozen=True):
    """All allows, normalised and sorted. Make one with `RuleSet.of`; compare meanings with `subtract`.

    Attributes:
        rules: each needed, sorted by service, ports and peer.
    """

    rules: tuple[Rule, ...] = ()

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> RuleSet:
        """Normalised: duplicates go, ports of one service and peer that touch are joined."""
        return cls(normalise(rules))

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __len__(self) -> int:
        return len(self.rules)

    def admits(self, packet: Packet) -> bool:
        """The meaning of the set: whether any rule admits the packet."""
        return any(rule.admits(packet) for rule in self.rules)

    @property
    def ingress(self) -> tuple[Rule, ...]:
        """The rules that open flows to the node, which is what the platforms render."""
        return tuple(rule for rule in self.rules if rule.direction is Direction.INGRESS)

    @property
    def identities(self) -> frozenset[Identity]:
        """The identities that a platform must be able to name to render the set."""
        return frozenset(rule.peer.identity for rule in self.ingress if rule.peer.identity is not None)

    @property
    def named(self) -> tuple[NamedBlock, ...]:
        """The named blocks of the rules that open flows to the node, each once."""
        return tuple(dict.fromkeys(rule.peer.named for rule in self.ingress if rule.peer.named is not None))

    def named_on(self, *ports: PortRange) -> tuple[NamedBlock, ...]:
        """Those of rules that share a port with any of `ports`, sorted by name."""
        found = {
            rule.peer.named: None
            for rule in self.rules
            # most rules have none, and every rule of a platform asks
            if rule.peer.named is not None
            and rule.direction is Direction.INGRESS
            and any(rule.ports.overlaps(one) for one in ports)
        }
        return tuple(sorted(found, key=str))

    def with_blocks(self, known: Mapping[NamedBlock, Cidr]) -> RuleSet:
        """The set with these blocks in place of their names."""
        blocks = {Peer.of(named): Peer.of(block) for named, block in known.items()}
        return RuleSet.of(replace(rule, peer=blocks.get(rule.peer, rule.peer)) for rule in self)

    def where(self, keep: Callable[[Rule], bool]) -> RuleSet:
        """Those of its rules that are to be kept."""
        return RuleSet(tuple(rule for rule in self.rules if keep(rule)))

    def subtract(self, other: RuleSet) -> RuleSet:
        """What this set admits and `other` does not, whatever the services. Empty both ways: same meaning."""
        taken: dict[object, list[Piece]] = defaultdict(list)
        for rule in other:
            for who in _who(rule.peer):
                taken[_plane(rule, who)].append((who, rule.ports.first, rule.ports.last))
        left: list[Rule] = []
        for rule in self.rules:
            for who in _who(rule.peer):
                pieces = [(who, rule.ports.first, rule.ports.last)]
                for cut in taken[_plane(rule, who)]:
                    pieces = [rest for piece in pieces for rest in _cut(piece, cut)]
                left += [
                    replace(rule, peer=Peer.of(rest), ports=PortRange(rule.ports.protocol, first, last))
                    for rest, first, last in pieces
                ]
        return RuleSet.of(left)


Who = Cidr | Identity | NamedBlock


def _who(peer: Peer) -> tuple[Who, ...]:
    known_by_name = peer.identity or peer.named
    return peer.blocks if known_by_name is None else (known_by_name,)


def _plane(rule: Rule, who: Who) -> object:
    """Rules in different planes have no packet in common."""
    return rule.direction, rule.ports.protocol, who.family if isinstance(who, Cidr) else who


Piece = tuple[Who, int, int]


def _cut(piece: Piece, cut: Piece) -> Iterator[Piece]:
    """`piece` without `cut`. Blocks are nested or disjoint, so the rest is at most two port ranges and
    the blocks of one exclusion.
    """
    who, first, last = piece
    other, other_first, other_last = cut
    within = _nested(who, other)
    if within is None or last < other_first or other_last < first:
        yield piece
        return
    if first < other_first:
        yield who, first, other_first - 1
    if other_last < last:
        yield who, other_last + 1, last
    if not within and isinstance(who, Cidr) and isinstance(other, Cidr):
        for block in who.network.address_exclude(other.network):  # type: ignore[arg-type]
            yield Cidr(block), max(first, other_first), min(last, other_last)


def _nested(who: Who, other: Who) -> bool | None:
    """True: `who` lies in `other`; False: it strictly holds `other`; None: they are disjoint."""
    if not isinstance(who, Cidr) or not isinstance(other, Cidr):
        return True if who == other else None
    (low, high), (other_low, other_high) = who.bounds, other.bounds
    if other_low <= low and high <= other_high:
        return True
    return False if low <= other_low and other_high <= high else None


def normalise(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Sort, drop duplicates, and merge overlapping or adjacent ports within one service, direction and
    peer, keeping every reason. `0.0.0.0/0` and `::/0` with the same ports are `anywhere`.

    What is admitted does not change; the result does not depend on the order; a second time changes
    nothing. O(n log n).
    """
    apart = [one for rule in rules for one in _families_apart(rule)]
    merged: list[Rule] = []
    for rule in sorted(apart, key=_by_subject):
        if merged and _subject(merged[-1]) == _subject(rule) and rule.ports.first <= merged[-1].ports.last + 1:
            merged[-1] = _join(merged[-1], rule)
        else:
            merged.append(rule if len(rule.reasons) < 2 else replace(rule, reasons=tuple(sorted(set(rule.reasons)))))
    return tuple(sorted(_fold_families(merged), key=_for_people))


def _families_apart(rule: Rule) -> tuple[Rule, ...]:
    if not rule.peer.is_anywhere:
        return (rule,)
    return tuple(replace(rule, peer=Peer.of(block)) for block in rule.peer.blocks)


def _subject(rule: Rule) -> tuple[object, ...]:
    """What two rules must share for their ports to be merged."""
    return rule.direction, rule.service, rule.peer, rule.ports.protocol


def _by_subject(rule: Rule) -> tuple[object, ...]:
    """Flat and plain: records are compared by code, and nested keys keep the garbage collector busy."""
    ports = rule.ports
    return rule.direction.value, rule.service.value, *rule.peer.order, ports.protocol.value, ports.first, ports.last


def _for_people(rule: Rule) -> tuple[object, ...]:
    ports = rule.ports
    place = rule.direction is not Direction.INGRESS, rule.service.order
    return *place, ports.protocol.value, ports.first, ports.last, *rule.peer.order


def _join(one: Rule, other: Rule) -> Rule:
    ports = PortRange(
        one.ports.protocol, min(one.ports.first, other.ports.first), max(one.ports.last, other.ports.last)
    )
    return replace(one, ports=ports, reasons=tuple(sorted({*one.reasons, *other.reasons})))


def _fold_families(rules: list[Rule]) -> Iterator[Rule]:
    """Two rules that differ only in being for any IPv4 and any IPv6 address are one for anywhere."""
    halves: dict[tuple[object, ...], Rule] = {}
    for rule in rules:
        if rule.peer not in (Peer.any_ipv4(), Peer.any_ipv6()):
            yield rule
            continue
        twin = halves.pop((rule.direction, rule.service, rule.ports), None)
        if twin is None:
            halves[rule.direction, rule.service, rule.ports] = rule
        else:
            yield replace(_join(twin, rule), peer=Peer.anywhere())
    yield from halves.values()

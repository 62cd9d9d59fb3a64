"""What a firewall admits: its rules evaluated in order, and what is not known.

    everybody = PacketSet.box([PortRange.tcp(443)], EVERYBODY)
    found = evaluate("sg-0123", [ParsedRule("sgr-1", True, everybody)])
    found.admitted - everybody          # an empty set

The readers of the platforms make the rules: see `native_rule`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from ..model.packets import PacketSet, everything
from ..model.text import printable
from .syntax import refuse

MAX_RULES = 2_000
"""Too complex to compare: more than any platform's quota, and it would take long."""


class ParsedRule(Struct, frozen=True):
    """One rule of a firewall, in its platform's order.

    Attributes:
        name: the platform's own.
        allows: False for a deny.
        region: the packets that it matches, by address.
        named: the same for sources that are known by name only (a group, a tag): a region of whole families.
        unread: why it is not known which packets it matches; `region` is then all that it may match, whoever
            they are from.
        partly: it allows only some of the packets of `region`, which of them depends on the source port, and
            that can be spoofed: open to anybody who chooses it.
    """

    name: str
    allows: bool
    region: PacketSet = PacketSet()
    named: Mapping[str, PacketSet] = {}
    unread: str = ""
    partly: bool = False


class Unread(Struct, frozen=True):
    """A part of a firewall that was not understood, and what it may do."""

    name: str
    why: str

    def __str__(self) -> str:
        return f"{printable(self.name)}: {self.why}"


class ImportEntry(Struct, frozen=True, kw_only=True):
    """A resource as `pulumi import` needs it: one of a listing, or one that a component makes.

    Attributes:
        type: its type token.
        name: in a listing the platform's own, of a component the logical one.
        id: what its provider imports it by; "" where that is not known.
        content: what a rule says, equal where two say the same; () for what holds the rules.
        home: what it is in for as long as it exists, by what that is ("VPC"); without what is not known.
        members: the tags, accounts and Droplets that it is for, and of a rule the group that it is in.
        shown: for people, what it admits.
        removal: the command that removes it.
    """

    type: str
    name: str
    id: str = ""
    content: tuple[object, ...] = ()
    home: Mapping[str, str] = {}
    members: tuple[str, ...] = ()
    shown: str = ""
    removal: str = ""


class EffectiveRules(Struct, frozen=True):
    """What a firewall does with a packet that opens a flow: admitted, denied or unknown.

    Attributes:
        name: of the firewall.
        admitted: packets that it surely admits, by address.
        unknown: packets that it may admit and may deny. What is in neither, nor in `by_name`, it surely denies.
        by_name: packets that it admits from sources known by name only and denies from others: which addresses
            those are is not known.
        partly: packets that it admits from some source ports only.
        named: what sources known by name only may reach, besides `admitted`.
        allow_rules: its rules that allow, which tell what admits a packet.
        unread: what was not understood and makes packets unknown.
        members: the names of its own group, for what `cluster.same_group` means.
        adopted: the resources that pulumi can import; None where the platform has none.
        notes: what whoever asked should know besides: a tag that no rule has.
    """

    name: str
    admitted: PacketSet
    unknown: PacketSet = PacketSet()
    by_name: PacketSet = PacketSet()
    partly: PacketSet = PacketSet()
    named: Mapping[str, PacketSet] = {}
    allow_rules: tuple[ParsedRule, ...] = ()
    unread: tuple[Unread, ...] = ()
    members: tuple[str, ...] = ()
    adopted: tuple[ImportEntry, ...] | None = None
    notes: tuple[str, ...] = ()

    @property
    def reached(self) -> PacketSet:
        """What some packets surely reach, those included that pass from some source ports only."""
        return self.admitted | self.partly

    @property
    def open_at_most(self) -> PacketSet:
        """What may be open by address."""
        return self.admitted | self.unknown


MAY_ADMIT = "it may admit more than is shown"
MAY_DENY = "it may deny some of what is needed"


def evaluate(
    name: str,
    rules: Iterable[ParsedRule],
    members: tuple[str, ...] = (),
    adopted: tuple[ImportEntry, ...] | None = None,
) -> EffectiveRules:
    """What rules admit of which the first that matches decides, and what none matches is denied.

    Raises:
        NotAFirewall: there are more than `MAX_RULES`.
    """
    given = tuple(rules)
    if len(given) > MAX_RULES:
        raise refuse("", f"{len(given):,} rules", f"must hold at most {MAX_RULES:,} rules")
    walk = _Walk()
    for one in given:
        walk.take(one)
    surely, admits, denies = walk.decided_allow, PacketSet.union(walk.may_admit), PacketSet.union(walk.may_deny)
    admitted = surely - denies
    unknown = (admits - admitted) | (surely & denies)
    return EffectiveRules(
        name=name,
        admitted=admitted,
        unknown=unknown,
        by_name=PacketSet.union(walk.by_name) - admitted - unknown,
        partly=PacketSet.union(walk.partly),
        named={source: rest for source, region in walk.named.items() if (rest := region - admitted.whole)},
        allow_rules=tuple(one for one in given if one.allows and not one.unread),
        unread=tuple(dict.fromkeys(doubt for doubt, region in walk.doubts if region & unknown)),
        members=members,
        adopted=adopted,
    )


def in_doubt(name: str, why: str) -> list[ParsedRule]:
    """What is not understood at all: it may deny anything, and admit anything."""
    return [ParsedRule(name, allows, everything(), unread=why) for allows in (False, True)]


class _Walk:
    """What rules may do, one after the other. Each packet is decided by the first rule that surely matches it; those
    before it that may match it may decide it too.
    """

    def __init__(self) -> None:
        self.may_admit, self.may_deny, self.by_name = list[PacketSet](), list[PacketSet](), list[PacketSet]()
        self.partly, self.doubts = list[PacketSet](), list[tuple[Unread, PacketSet]]()
        self.named: dict[str, PacketSet] = {}
        self._allowed, self._denied = PacketSet(), PacketSet()
        self._since_deny: list[PacketSet] = []
        self._denied_by_name: dict[str, PacketSet] = {}

    @property
    def decided_allow(self) -> PacketSet:
        """What rules surely allow that nothing surely denies before. Joined when it is asked for: one after the other
        would cost the square.
        """
        if self._since_deny:
            self._allowed = PacketSet.union([self._allowed, *self._since_deny])
            self._since_deny = []
        return self._allowed

    def take(self, one: ParsedRule) -> None:
        if one.unread:
            self._doubt(one, one.region, one.unread)
        elif not one.allows:
            self._deny(one)
        else:
            self._allow(one)

    def _doubt(self, one: ParsedRule, region: PacketSet, why: str) -> None:
        open_ = region - self._denied if one.allows else region - self.decided_allow
        (self.may_admit if one.allows else self.may_deny).append(open_)
        self.doubts.append((Unread(one.name, f"{why}; {MAY_ADMIT if one.allows else MAY_DENY}"), open_))

    def _deny(self, one: ParsedRule) -> None:
        self._denied |= one.region - self.decided_allow
        for source, region in one.named.items():
            self._doubt(one, region, f"denies {printable(source)}, whose addresses are not known here")
            self._denied_by_name[source] = self._denied_by_name.get(source, PacketSet()) | region

    def _allow(self, one: ParsedRule) -> None:
        (self.partly if one.partly else self._since_deny).append(one.region - self._denied)
        decided = (self._denied | self.decided_allow).whole if one.named and self._denied else PacketSet()
        for source, region in one.named.items():
            self.by_name.append(region - self._denied)
            open_ = region - decided - self._denied_by_name.get(source, PacketSet())
            self.named[source] = self.named.get(source, PacketSet()) | open_


class Selection(Struct, frozen=True):
    """Which of several firewalls to read: groups, networks or firewalls by name or id; an instance's tags.

    Attributes:
        network: of the deployment's own target, where `groups` say nothing.
        all_instances: read what is for every instance, whatever its tags.
        most: how many groups the deployment's own firewall is, where `groups` say nothing.
        lists: lists of addresses that the deployment names as sources, whatever they hold.
    """

    groups: tuple[str, ...] = ()
    target_tags: tuple[str, ...] = ()
    all_instances: bool = False
    network: str = ""
    most: int = 1
    lists: tuple[str, ...] = ()

"""What a firewall admits: its rules evaluated in order, and what is not known.

    everybody = PacketSet.box([PortRange.tcp(443)], EVERYBODY)
    found = evaluate("sg-0123", [ParsedRule("sgr-1", True, everybody)])
    found.admitted - everybody          # an empty set

The readers of the platforms make the rules: see `native_rule`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from ..model.packets import PacketSet
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
        unread: why it is not known what it admits or denies; `region` is then what it may match.
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
        shown: a rule for people.
        removal: the command that removes it.
    """

    type: str
    name: str
    id: str = ""
    content: tuple[object, ...] = ()
    home: Mapping[str, str] = {}
    shown: str = ""
    removal: str = ""


class EffectiveRules(Struct, frozen=True):
    """What a firewall admits.

    Attributes:
        name: of the firewall.
        admitted: packets that open a flow, by address.
        partly: packets that open one from some source ports only.
        named: what sources known by name only may reach, besides `admitted`.
        allow_rules: its rules that allow, which tell what admits a packet.
        unread: what may admit or deny more than that.
        members: the names of its own group, for what `cluster.same_group` means.
        adopted: the resources that pulumi can import; None where the platform has none.
    """

    name: str
    admitted: PacketSet
    partly: PacketSet = PacketSet()
    named: Mapping[str, PacketSet] = {}
    allow_rules: tuple[ParsedRule, ...] = ()
    unread: tuple[Unread, ...] = ()
    members: tuple[str, ...] = ()
    adopted: tuple[ImportEntry, ...] | None = None


MAY_ADMIT = "it may admit more than is shown"
MAY_DENY = "it may deny some of what is needed"


def evaluate(
    name: str,
    rules: Iterable[ParsedRule],
    members: tuple[str, ...] = (),
    adopted: tuple[ImportEntry, ...] | None = None,
) -> EffectiveRules:
    """What rules admit of which the first that matches decides, and what none matches is denied.

    A deny of a source that is known by name only makes every later allow on its ports uncertain: which
    addresses it denies is not in the JSON.
    """
    given = tuple(rules)
    if len(given) > MAX_RULES:
        raise refuse("", f"{len(given):,} rules", f"must hold at most {MAX_RULES:,} rules")
    allowed: list[PacketSet] = []
    partly: list[PacketSet] = []
    named: dict[str, PacketSet] = {}
    denied, unread, doubts = PacketSet(), list[Unread](), list[ParsedRule]()
    denied_by_name: dict[str, PacketSet] = {}
    for one in given:
        if one.unread and one.allows:
            unread.append(Unread(one.name, f"{one.unread}; {MAY_ADMIT}"))
        elif one.unread:
            doubts.append(one)
        elif not one.allows:
            denied |= one.region
            for source, region in one.named.items():
                denied_by_name[source] = denied_by_name.get(source, PacketSet()) | region
                doubts.append(
                    ParsedRule(
                        one.name,
                        False,
                        region,
                        unread=f"denies {printable(source)}, whose addresses are not known here",
                    )
                )
        else:
            (partly if one.partly else allowed).append(one.region - denied if denied else one.region)
            for source, region in one.named.items():
                open_ = region - denied.whole - denied_by_name.get(source, PacketSet())
                named[source] = named.get(source, PacketSet()) | open_
            unread += [
                Unread(doubt.name, f"{doubt.unread}; {MAY_DENY}") for doubt in doubts if doubt.region & one.region
            ]
    admitted = PacketSet.union(allowed)
    return EffectiveRules(
        name=name,
        admitted=admitted,
        partly=PacketSet.union(partly),
        named={source: rest for source, region in named.items() if (rest := region - admitted.whole)},
        allow_rules=tuple(one for one in given if one.allows and not one.unread),
        unread=tuple(dict.fromkeys(unread)),
        members=members,
        adopted=adopted,
    )


class Selection(Struct, frozen=True):
    """Which of several firewalls to read: groups, networks or firewalls by name or id; an instance's tags."""

    groups: tuple[str, ...] = ()
    target_tags: tuple[str, ...] = ()
    all_instances: bool = False

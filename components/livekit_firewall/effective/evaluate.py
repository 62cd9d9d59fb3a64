"""What a firewall that somebody made admits: what its rules say, in order, and what is not known.

    everybody = Region.box([PortRange.tcp(443)], EVERYBODY)
    found = decide("sg-0123", [Said("sgr-1", True, everybody)])
    found.admitted - everybody          # an empty region

The readers of the platforms, `platforms/*/from_cli.py`, make it from JSON.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TypeVar

import msgspec
from msgspec import Struct

from ..model.addresses import MAX_PORT, Cidr, PortRange, Protocol
from ..model.errors import Place, Problem, ProblemsError
from ..model.packets import Region

MAX_RULES = 2_000
"""More in one firewall is not somebody's work; it would take long to compare."""


class NotAFirewall(ProblemsError):
    """The JSON is not a firewall that can be read. `str()` is one line."""

    def __str__(self) -> str:
        return str(self.problems[0])


def refuse(path: str, got: str, expected: str, hint: str = "") -> NotAFirewall:
    """The error for one place of the JSON; `got` may be hostile."""
    return NotAFirewall([Problem(Place(path), printable(got), expected, hint)])


def printable(text: object, most: int = 120) -> str:
    """A text of somebody else's on one line of a terminal."""
    shown = str(text)
    shown = shown if len(shown) <= most else f"{shown[: most - 3]}..."
    return shown if shown.isprintable() else shown.encode("unicode_escape").decode()


Shape = TypeVar("Shape")


def shaped(value: object, shape: type[Shape], where: str) -> Shape:
    """The JSON in a known shape; fields that the shape does not name are passed over."""
    try:
        return msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        raise refuse(where, "", f"is not as this platform writes it: {printable(error)}") from None


class Said(Struct, frozen=True):
    """One rule of a firewall, in its platform's order.

    Attributes:
        name: what the platform calls it.
        allows: False for a deny.
        region: the packets that it speaks of, by address.
        named: the same for sources that are known by name only (a group, a tag): a region of whole families.
        unread: why it cannot be told what it admits or denies; then `region` is where it may.
        partly: it allows only some of the packets of `region`, whose sender can choose to be among them (by
            the port that it sends from): open to whoever wants in, and no use to anybody else.
    """

    name: str
    allows: bool
    region: Region = Region()
    named: Mapping[str, Region] = {}
    unread: str = ""
    partly: bool = False


class Unread(Struct, frozen=True):
    """A part of a firewall that was not understood, and what it may do."""

    name: str
    why: str

    def __str__(self) -> str:
        return f"{printable(self.name)}: {self.why}"


class Adopted(Struct, frozen=True):
    """One resource of pulumi's import file."""

    type: str
    name: str
    id: str


class Found(Struct, frozen=True):
    """A firewall as it is.

    Attributes:
        name: what it is called.
        admitted: packets that open a flow, by address.
        partly: packets that open one if their sender chooses to.
        named: what sources reach that only have a name, besides what everybody does.
        said: its allows, to tell which of them admits a packet.
        unread: what may admit or deny more than that.
        members: the names of its own group, for what `cluster.same_group` means.
        adopted: the resources that pulumi can import; None where the platform has no import that is known.
    """

    name: str
    admitted: Region
    partly: Region = Region()
    named: Mapping[str, Region] = {}
    said: tuple[Said, ...] = ()
    unread: tuple[Unread, ...] = ()
    members: tuple[str, ...] = ()
    adopted: tuple[Adopted, ...] | None = None


MAY_ADMIT = "it may admit more than is shown"
MAY_DENY = "it may deny some of what is needed"


def decide(
    name: str,
    said: Iterable[Said],
    members: tuple[str, ...] = (),
    adopted: tuple[Adopted, ...] | None = None,
) -> Found:
    """What rules admit of which the first that matches decides, and what none matches is denied.

    What denies a source that is known by name only is a doubt for every later allow on its ports: which
    addresses it denies is not in the JSON.
    """
    given = tuple(said)
    if len(given) > MAX_RULES:
        raise refuse("", f"{len(given):,} rules", f"must hold at most {MAX_RULES:,} rules")
    allowed: list[Region] = []
    partly: list[Region] = []
    named: dict[str, Region] = {}
    denied, unread, doubts = Region(), list[Unread](), list[Said]()
    barred: dict[str, Region] = {}
    for one in given:
        if one.unread and one.allows:
            unread.append(Unread(one.name, f"{one.unread}; {MAY_ADMIT}"))
        elif one.unread:
            doubts.append(one)
        elif not one.allows:
            denied |= one.region
            for source, region in one.named.items():
                barred[source] = barred.get(source, Region()) | region
                doubts.append(
                    Said(
                        one.name,
                        False,
                        region,
                        unread=f"denies {printable(source)}, whose addresses are not known here",
                    )
                )
        else:
            (partly if one.partly else allowed).append(one.region - denied if denied else one.region)
            for source, region in one.named.items():
                open_ = region - denied.whole - barred.get(source, Region())
                named[source] = named.get(source, Region()) | open_
            unread += [
                Unread(doubt.name, f"{doubt.unread}; {MAY_DENY}") for doubt in doubts if doubt.region & one.region
            ]
    admitted = Region.union(allowed)
    return Found(
        name=name,
        admitted=admitted,
        partly=Region.union(partly),
        named={source: rest for source, region in named.items() if (rest := region - admitted.whole)},
        said=tuple(one for one in given if one.allows and not one.unread),
        unread=tuple(dict.fromkeys(unread)),
        members=members,
        adopted=adopted,
    )


class Asked(Struct, frozen=True):
    """Which of several firewalls is meant: groups, networks or firewalls by name or id; an instance's tags."""

    groups: tuple[str, ...] = ()
    target_tags: tuple[str, ...] = ()
    all_instances: bool = False


def block_of(text: str, where: str) -> Cidr:
    """A block as platforms write it: host bits and bare addresses are theirs to allow."""
    try:
        return _block(text)
    except ValueError:
        raise refuse(where, repr(text), "must be a block of addresses") from None


@lru_cache(maxsize=4096)
def _block(text: str) -> Cidr:
    return Cidr(ipaddress.ip_network(text, strict=False))


def ports_of(protocols: Iterable[Protocol], first: int, last: int, where: str) -> tuple[PortRange, ...]:
    """A range as platforms write it; port 0, which nobody listens on, is left out."""
    if not 0 <= first <= last <= MAX_PORT:
        raise refuse(where, f"{first}-{last}", f"must be ports from 0 to {MAX_PORT}, the first one not above the last")
    return tuple(PortRange(protocol, max(first, 1), last) for protocol in protocols) if last else ()


def range_of(text: str, where: str) -> tuple[int, int]:
    """`7881` or `50000-60000`."""
    first, dash, last = text.partition("-")
    numbers = (first.strip(), last.strip() if dash else first.strip())
    if not all(number.isascii() and number.isdigit() and len(number) <= 5 for number in numbers):
        raise refuse(where, repr(text), "must be a port or FIRST-LAST")
    return int(numbers[0]), int(numbers[1])


PROTOCOLS: Mapping[str, tuple[Protocol, ...]] = {
    "tcp": (Protocol.TCP,),
    "6": (Protocol.TCP,),
    "udp": (Protocol.UDP,),
    "17": (Protocol.UDP,),
    "-1": tuple(Protocol),
    "all": tuple(Protocol),
    "*": tuple(Protocol),
}
PORTLESS = frozenset({"icmp", "icmpv6", "icmp6", "ipv6-icmp", "esp", "ah", "sctp", "ipip", "gre", "igmp", "dccp"})


def protocols_of(text: str) -> tuple[Protocol, ...] | None:
    """TCP, UDP, both, or none of them for a protocol that opens no TCP or UDP flow; None if it is not known."""
    word = text.strip().lower()
    if word in PROTOCOLS:
        return PROTOCOLS[word]
    return () if word in PORTLESS or (word.isascii() and word.isdigit() and len(word) <= 3) else None

"""Our table in nft's language: one model of it, and the templates that the writer and the reader share.

`render` makes a `Table` of a rule set and `Table.text` writes it; `from_text` reads a text back, by patterns that are
made of the templates here, so that the reader understands what the writer writes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from ...effective.syntax import block_of, range_of
from ...model.addresses import Cidr, Family, Peer
from ...model.ports import PortRange, Protocol

LIMITS: Mapping[str, int] = MappingProxyType(
    {
        # NFTNL_UDATA_COMMENT_MAXLEN of libnftnl; nft 1.0.6 refuses 129: "128 characters maximum allowed".
        "characters of a comment": 128,
    }
)
SHORT = 60  # characters of a line that holds all elements of a set

HEADER = """\
# Who may reach this LiveKit host, written by livekit-firewall. Load it with: nft -f FILE
# Loading it again replaces the table; open connections go on, no other table is touched.
"""
TABLE = "table inet livekit"
FRAME = (TABLE, f"delete {TABLE}", f"{TABLE} {{")
SET = "\tset {name} {{\n\t\ttype {type}\n\t\tflags interval\n\t\telements = {{{elements}}}\n\t}}"
CHAIN = "\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n"
END = "\n\t}\n}\n"

COMMENT = ' comment "{comment}"'
OF_FAMILY = "meta nfproto {family} "
FROM_SET = "{header} saddr @{sources} "
ADMIT = "meta l4proto {protocol} ct original proto-dst {ports} accept"

PORTS_TYPE = "inet_service"
ADDRESS_TYPE = MappingProxyType({Family.IPV4: "ipv4_addr", Family.IPV6: "ipv6_addr"})
HEADERS = MappingProxyType({Family.IPV4: "ip", Family.IPV6: "ip6"})
SCOPES: Mapping[str, Peer] = MappingProxyType({"": Peer.anywhere(), "ipv4": Peer.any_ipv4(), "ipv6": Peer.any_ipv6()})
"""Peers of whole families, by `Accept.family`."""

FLOWS = "ct state established,related accept"
LOOPBACK = 'iifname "lo" accept'
ICMP = "icmp type {{ {types} }} accept"
ICMPV6 = "icmpv6 type {{ {types} }} accept"
INVALID = "ct state invalid drop"
DHCPV6 = "ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept"
BASELINE = (FLOWS, LOOPBACK, ICMP, ICMPV6, INVALID, DHCPV6)
"""Rules that admit no TCP or UDP flow of a service."""

SSH = "baseline: SSH from anywhere"
"""The comment of the baseline rule for SSH, which exists where no rule names the sources of SSH."""


class Element(Struct, frozen=True):
    """Of a set: ports (`50000-60000`) or a block, and what it is for."""

    text: str
    comment: str = ""

    def __str__(self) -> str:
        return self.text + commented(self.comment)


class Set(Struct, frozen=True):
    """A named set of intervals; `elements` is empty where one of them was not understood."""

    name: str
    type: str
    elements: tuple[Element, ...]

    def __str__(self) -> str:
        """On one line where that is short."""
        texts = [str(one) for one in self.elements]
        line = f" {', '.join(texts)} "
        is_short = len(f"\t\telements = {{{line}}}") <= SHORT
        elements = line if is_short else "\n\t\t\t" + ",\n\t\t\t".join(texts) + "\n\t\t"
        return SET.format(name=self.name, type=self.type, elements=elements)


class Accept(Struct, frozen=True):
    """A rule that admits flows to ports.

    Attributes:
        ports: `7881`, `50000-60000`, or `@` and the name of a set.
        family: `ipv4` or `ipv6` where it is for all addresses of one family only; "" for both.
        sources: the name of a set of blocks of addresses; "" for whole families.
        header: `ip` or `ip6`, of which the sources are; "" without them.
    """

    protocol: Protocol
    ports: str
    comment: str = ""
    family: str = ""
    sources: str = ""
    header: str = ""

    def __str__(self) -> str:
        return f"{self.text}{commented(self.comment)}"

    @property
    def text(self) -> str:
        """Without its comment."""
        family = OF_FAMILY.format(family=self.family) if self.family else ""
        sources = FROM_SET.format(header=self.header, sources=self.sources) if self.sources else ""
        return f"{family}{sources}{ADMIT.format(protocol=self.protocol, ports=self.ports)}"

    @property
    def set_of_ports(self) -> str:
        """Its name; "" if the rule names the ports itself."""
        return self.ports[1:] if self.ports.startswith("@") else ""


class Other(Struct, frozen=True):
    """A rule that admits no flow of a service, or a line that is not understood."""

    text: str
    comment: str = ""
    is_baseline: bool = True

    def __str__(self) -> str:
        return self.text + commented(self.comment)


class Table(Struct, frozen=True):
    """The table `inet livekit`.

    Attributes:
        rules: of the chain `input`, whose policy is drop.
        foreign: lines outside of sets and chain that were read and are none of ours.
        is_whole: whether the text that was read had all of the frame.
    """

    sets: tuple[Set, ...]
    rules: tuple[Accept | Other, ...]
    foreign: tuple[str, ...] = ()
    is_whole: bool = True

    @property
    def text(self) -> str:
        """What `nft -f` loads: in one transaction, and again without residue."""
        sets = "".join(f"\n{one}\n" for one in self.sets)
        rules = "\n".join(f"\t\t{rule}" for rule in self.rules)
        return "\n".join([HEADER, *FRAME[:2], "", FRAME[2]]) + sets + f"{CHAIN}\n{rules}{END}"

    def ports(self, rule: Accept) -> tuple[tuple[PortRange, Element], ...]:
        """What a rule opens, each with the element of its set, or what would be one.

        Raises NotAFirewall, ValueError: what it names are no ports.
        """
        named = self._elements(rule.set_of_ports) if rule.set_of_ports else (Element(rule.ports, rule.comment),)
        return tuple((PortRange(rule.protocol, *range_of(one.text, rule.ports)), one) for one in named)

    def blocks(self, rule: Accept) -> tuple[Cidr, ...]:
        """From where it opens them; none where its set is not known.

        Raises NotAFirewall: what the set holds are no blocks of addresses.
        """
        if not rule.sources:
            return SCOPES[rule.family].blocks
        return tuple(block_of(one.text, rule.sources) for one in self._elements(rule.sources))

    def _elements(self, name: str) -> tuple[Element, ...]:
        return next((one.elements for one in self.sets if one.name == name), ())


def commented(text: str) -> str:
    return COMMENT.format(comment=text) if text else ""


def comment(text: str) -> str:
    """A comment that nft reads as one whatever the text holds: keys come from files of users, and nft's
    quoted strings know no escapes. Cut at nft's limit.
    """
    safe = re.sub(r"[^A-Za-z0-9 _.,:;/()\[\]+=-]", "?", text)
    most = LIMITS["characters of a comment"]
    return safe if len(safe) <= most else safe[: most - 3] + "..."

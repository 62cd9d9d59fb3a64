"""The text of a ruleset as `render` writes it -> its rules. What it did not write is told as not understood.

For rulesets of somebody else, `read.py` reads nft's own JSON. Here only the text is at hand: a preview holds what
will be written to a file, on a machine that may have no nft.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...effective.evaluate import block_of, printable, range_of
from ...effective.resources import Resource
from ...effective.snapshot import Entry, said_of, unclear
from ...model.addresses import ANY_IPV4, ANY_IPV6, Cidr, Direction, PortRange, Protocol
from ...model.packets import EVERYBODY

SET = re.compile(r"\tset (\w+) \{\n\t\ttype (\w+)\n\t\tflags interval\n\t\telements = \{([^}]*)\}\n\t\}", re.ASCII)
ELEMENT = re.compile(r'\s*([0-9a-f.:/-]+)(?: comment "([^"]*)")?\s*', re.ASCII)
CHAIN = "\n\tchain input {\n\t\ttype filter hook input priority filter; policy drop;\n"
ACCEPT = re.compile(
    r"(?:meta nfproto (?P<family>ipv4|ipv6) )?(?:(?P<match>ip6? saddr) @(?P<sources>\w+) )?"
    r"meta l4proto (?P<protocol>tcp|udp) ct original proto-dst (?P<ports>@?\w+(?:-\d+)?) accept"
    r'(?: comment "(?P<comment>[^"]*)")?',
    re.ASCII,
)
BASELINE = re.compile(
    r'(ct state (established,related accept|invalid drop)|iifname "lo" accept|icmp(v6)? type \{[a-z0-9, -]+\} accept'
    r'|ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept)(?: comment "[^"]*")?',
    re.ASCII,
)
"""What lets no TCP or UDP flow in that the host does not need to live."""

FAMILY = {"ipv4": (ANY_IPV4,), "ipv6": (ANY_IPV6,), None: EVERYBODY}


def entries(text: str, one: Resource) -> Iterator[Entry]:
    """The rules of the `input` chain.

    Args:
        one: the resource that holds the text.
    """
    sets = {found[1]: _elements(found[3]) for found in SET.finditer(text)}
    head, chain, body = text.partition(CHAIN)
    if not chain or text.count("chain ") != 1 or not text.endswith(END):
        yield Entry(unclear(one, "is not a ruleset of livekit-firewall, or not a whole one"), Direction.INGRESS)
        return
    rest = SET.sub("", head)
    foreign = [line for line in rest.splitlines() if line.strip() and line not in FRAME and not line.startswith("#")]
    lines = [line.strip() for line in body.splitlines()]
    for line in [*foreign, *(line for line in lines if line and line != "}")]:
        yield from _rule(line, one, sets)


END = "\n\t}\n}\n"
FRAME = ("table inet livekit", "delete table inet livekit", "table inet livekit {")


def _elements(text: str) -> list[tuple[str, str]]:
    found = [ELEMENT.fullmatch(one) for one in _apart(text)]
    return [(one[1], one[2] or "") for one in found if one] if all(found) else []


def _apart(text: str) -> list[str]:
    """At the commas that are not inside a comment."""
    return re.findall(r'(?:[^,"]|"[^"]*")+', text)


def _rule(line: str, one: Resource, sets: Mapping[str, list[tuple[str, str]]]) -> Iterator[Entry]:
    if BASELINE.fullmatch(line):
        return
    found = ACCEPT.fullmatch(line)
    ports = _ports(found, sets) if found else []
    sources = _sources(found, sets) if found else ()
    if found is None or not ports or not sources:
        yield Entry(unclear(one, f"has a line that is not understood: {printable(line)}"), Direction.INGRESS)
        return
    for some, about in ports:
        said = said_of(one.name, True, (some,), sources, ())
        yield Entry(said, Direction.INGRESS, (some,), about.replace("baseline: SSH from anywhere", "SSH: host"))


def _ports(found: re.Match[str], sets: Mapping[str, list[tuple[str, str]]]) -> list[tuple[PortRange, str]]:
    protocol, text = Protocol(found["protocol"]), found["ports"]
    listed = sets.get(text[1:], []) if text.startswith("@") else [(text, found["comment"] or "")]
    return [(PortRange(protocol, *range_of(ports, text)), about) for ports, about in listed]


def _sources(found: re.Match[str], sets: Mapping[str, list[tuple[str, str]]]) -> tuple[Cidr, ...]:
    if found["match"] is None:
        return FAMILY[found["family"]]
    return tuple(block_of(text, found["sources"]) for text, _ in sets.get(found["sources"], []))

"""The text of a ruleset as `render` writes it -> its rules. What it did not write is told as not understood.

For rulesets of somebody else, `read.py` reads nft's own JSON. Here only the text is at hand: a preview holds what
will be written to a file, on a machine that may have no nft.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ...effective.native_rule import Flow, NativeRule, Source, _block, _flow
from ...effective.resources import Resource
from ...effective.snapshot import SnapshotRule, said_of, unclear
from ...effective.syntax import block_of, range_of
from ...model.addresses import ANY_IPV4, ANY_IPV6, Cidr, Direction, Peer
from ...model.packets import EVERYBODY
from ...model.ports import PortRange, Protocol
from ...model.services import Service
from ...model.text import printable

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
"""The baseline's rules, which admit no TCP or UDP flow of a service."""

FAMILY = {"ipv4": (ANY_IPV4,), "ipv6": (ANY_IPV6,), None: EVERYBODY}


def entries(text: str, one: Resource) -> Iterator[SnapshotRule]:
    """The rules of the `input` chain.

    Args:
        one: the resource that holds the text.
    """
    sets = {found[1]: _elements(found[3]) for found in SET.finditer(text)}
    head, chain, body = text.partition(CHAIN)
    if not chain or text.count("chain ") != 1 or not text.endswith(END):
        yield SnapshotRule(unclear(one, "is not a ruleset of livekit-firewall, or not a whole one"), Direction.INGRESS)
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


def _rule(line: str, one: Resource, sets: Mapping[str, list[tuple[str, str]]]) -> Iterator[SnapshotRule]:
    if BASELINE.fullmatch(line):
        return
    found = ACCEPT.fullmatch(line)
    ports = _ports(found, sets) if found else []
    sources = _sources(found, sets) if found else ()
    if found is None or not ports or not sources:
        yield SnapshotRule(unclear(one, f"has a line that is not understood: {printable(line)}"), Direction.INGRESS)
        return
    for some, about in ports:
        said = said_of(one.name, True, (some,), sources, ())
        yield SnapshotRule(said, Direction.INGRESS, (some,), about.replace("baseline: SSH from anywhere", "SSH: host"))


def _ports(found: re.Match[str], sets: Mapping[str, list[tuple[str, str]]]) -> list[tuple[PortRange, str]]:
    protocol, text = Protocol(found["protocol"]), found["ports"]
    listed = sets.get(text[1:], []) if text.startswith("@") else [(text, found["comment"] or "")]
    return [(PortRange(protocol, *range_of(ports, text)), about) for ports, about in listed]


def _sources(found: re.Match[str], sets: Mapping[str, list[tuple[str, str]]]) -> tuple[Cidr, ...]:
    if found["match"] is None:
        return FAMILY[found["family"]]
    return tuple(block_of(text, found["sources"]) for text, _ in sets.get(found["sources"], []))


_SET = re.compile(r"\tset (\w+) \{\n\t\ttype (\w+)\n\t\tflags interval\n\t\telements = \{(.*?)\}\n\t\}", re.DOTALL)


_ELEMENT = re.compile(r'([0-9a-f.:/-]+)(?: comment "([^"\n]*)")?\s*(?:,|$)')


_ACCEPT = re.compile(
    r"(?:ip6? saddr @(\w+) )?(?:meta nfproto ipv[46] )?meta l4proto (tcp|udp) ct original proto-dst (@?[\w-]+) "
    r'accept comment "([^"\n]*)"'
)


_SCOPE = {
    "from_anywhere": Source("anywhere", Peer.anywhere()),
    "from_any_ipv4": Source("0.0.0.0/0", Peer.any_ipv4()),
    "from_any_ipv6": Source("::/0", Peer.any_ipv6()),
}


def ruleset_rules(text: str) -> Iterator[NativeRule]:
    """The elements and rules of a ruleset that `nftables.render` wrote; each is called by its comment."""
    sets: dict[str, list[tuple[str, str]]] = {}
    for name, kind, elements in _SET.findall(text):
        sets[name] = _ELEMENT.findall(elements)
        protocol, _, scope = name.partition("_")
        if kind == "inet_service" and scope in _SCOPE:
            for ports, about in sets[name]:
                line = f'{ports} comment "{about}"'
                yield NativeRule(about, (_flow(protocol, ports),), (_SCOPE[scope],), about, line=line)
    chain = text.partition("\tchain input {")[2]
    for line in (one.strip() for one in chain.splitlines() if ' comment "' in one):
        yield _ruleset_line(line, sets)


def _ruleset_line(line: str, sets: Mapping[str, list[tuple[str, str]]]) -> NativeRule:
    about = line.partition(' comment "')[2].removesuffix('"')
    accept = _ACCEPT.fullmatch(line)
    if accept is None:
        return NativeRule(about, (Flow(line.partition(" comment ")[0]),), (), about, line=line)  # of the baseline
    if accept[1] is None and not accept[3].startswith("@"):
        scope = "from_any_ipv4" if "nfproto ipv4" in line else "from_anywhere"
        return NativeRule(about, (_flow(accept[2], accept[3]),), (_SCOPE[scope],), about, Service.SSH, line=line)
    if accept[1] is None:
        used = accept[3][1:]
        flows = tuple(_flow(accept[2], ports) for ports, _ in sets.get(used, ()))
        return NativeRule(about, flows, (_SCOPE.get(used.partition("_")[2], Source(used)),), about, line=line)
    sources = tuple(_block(block) for block, _ in sets.get(accept[1], ()))
    label = about.partition(":")[0]
    service = next((one for one in Service if one.label == label), None)
    return NativeRule(about, (_flow(accept[2], accept[3]),), sources, about, service, line=line)

"""Which packets the conditions of a line match, of the first packets of TCP and UDP flows to an address of the node.

A closed list: a condition that is not here makes it unknown whether the line matches. Facts: iptables-extensions(8) of
iptables 1.8.9, net/netfilter/xt_*.c of Linux 6.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby

from ....model.text import printable
from ..reach import ALWAYS, NEVER, Reach, perhaps
from .conditions import FirstPackets, NotUnderstood
from .words import Condition, Words

Understand = Callable[[FirstPackets, str], Reach]

CORE: Mapping[str, Understand] = {
    "-s": FirstPackets.source,
    "-d": FirstPackets.destination,
    "-i": FirstPackets.interface,
    "-o": FirstPackets.leaving,
    "-p": FirstPackets.protocol,
    "-f": FirstPackets.never,
}
UDP: Mapping[str, Understand] = {
    "--dport": FirstPackets.to_port,
    "--destination-port": FirstPackets.to_port,
    "--sport": FirstPackets.from_port,
    "--source-port": FirstPackets.from_port,
}
MODULES: Mapping[str, Mapping[str, Understand]] = {
    "udp": UDP,
    "tcp": {**UDP, "--tcp-flags": FirstPackets.flags, "--syn": FirstPackets.always},
    "multiport": {
        "--dports": FirstPackets.to_port,
        "--destination-ports": FirstPackets.to_port,
        "--sports": FirstPackets.from_port,
        "--source-ports": FirstPackets.from_port,
        "--ports": FirstPackets.either_port,
    },
    "state": {"--state": FirstPackets.state},
    "conntrack": {
        "--ctstate": FirstPackets.state,
        "--ctstatus": FirstPackets.status,
        "--ctproto": FirstPackets.connection_protocol,
        "--ctorigsrc": FirstPackets.original_source,
        "--ctorigdstport": FirstPackets.original_port,
        "--ctdir": FirstPackets.connection_direction,
    },
    "addrtype": {"--dst-type": FirstPackets.destination_type, "--src-type": FirstPackets.source_type},
    "iprange": {"--src-range": FirstPackets.source_range},
    "pkttype": {"--pkt-type": FirstPackets.frame},
    "comment": {"--comment": FirstPackets.always},
    # `--set` notes the sender and matches; the others say how
    "recent": dict.fromkeys(("--set", "--name", "--mask", "--rsource", "--rdest"), FirstPackets.always),
}
PASSED_BY = frozenset({"rt"})
"""Modules that match no such packet, negated or not: it has no routing header of IPv6."""

TOGETHER = frozenset({"addrtype", "recent"})
"""Modules of which one option changes what another means."""

DEPENDS: Mapping[str, str] = {
    "limit": "a rate",
    "hashlimit": "a rate",
    "recent": "packets that came before",
    "connlimit": "how many connections are open",
    "set": "what an ipset holds",
    "mark": "the mark of a packet",
    "connmark": "the mark of a connection",
    "mac": "the sender's hardware address",
    "time": "the time",
    "statistic": "chance",
    "geoip": "the country of an address",
    "string": "what a packet holds",
    "ttl": "the hops of a packet",
    "hl": "the hops of a packet",
    "length": "the length of a packet",
    "policy": "IPsec",
    "quota": "how much came before",
    "rpfilter": "the route back to the sender",
    "iprange": "the address that a packet is for",
}
"""What a match that is not understood depends on, for people."""


def reach(words: Words, packets: FirstPackets) -> Reach:
    """The packets that a line matches, of those that come to it."""
    if words.stray:
        return perhaps(f"the word {printable(words.stray)}")
    protocol = next((one.values[0].lower() for one in words.conditions if one.option == "-p"), "")
    found = ALWAYS
    for module, group in groupby(words.conditions, key=lambda one: "" if one.option in CORE else one.module):
        found &= _of_module(module, group, protocol, packets)
        if not found.may:
            return NEVER
    return found


def _of_module(module: str, conditions: Iterable[Condition], protocol: str, packets: FirstPackets) -> Reach:
    if module in PASSED_BY:
        return NEVER
    found, doubt = ALWAYS, perhaps(DEPENDS.get(module, f"the match {printable(module, 40)}"))
    for one in conditions:
        reach = _of(one, protocol, packets) or (doubt if one.module else perhaps(f"`{printable(one)}`"))
        if reach is doubt and module in TOGETHER:
            return doubt
        found &= reach
    return found


def _of(condition: Condition, protocol: str, packets: FirstPackets) -> Reach | None:
    """What the condition matches; None where that is not understood."""
    option, module = condition.option, condition.module
    if module and module not in MODULES:
        return None
    if not option:
        return None if condition.negated else ALWAYS
    of_protocol = MODULES[protocol] if protocol in ("tcp", "udp") else {}  # which need not be named
    understand = CORE.get(option) or MODULES.get(module, {}).get(option) or of_protocol.get(option)
    try:
        found = understand(packets, " ".join(condition.values)) if understand else None
    except NotUnderstood:
        return None
    return ~found if found and condition.negated else found

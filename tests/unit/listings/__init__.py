"""Judges of what the clouds' commands print: random listings, and what each does with one packet, in three values.

Each module has `listings()`, a strategy of listings with fields and values that nobody knows, and `judge(listing,
packet)`. They are written from the vendors' references and share no code with the readers of the package.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

ADDRESSES = [
    *("10.0.0.1", "10.0.0.9", "10.9.9.9", "192.168.1.1", "198.51.100.9", "203.0.113.7", "8.8.8.8"),
    *("2001:db8::1", "2600::9"),
]
PORTS = (22, 442, 443, 444, 500, 7880, 50000)
PACKETS = [(source, protocol, port) for source in ADDRESSES for protocol in ("tcp", "udp") for port in PORTS]
Packet = tuple[str, str, int]
BLOCKS = ["0.0.0.0/0", "::/0", "10.0.0.0/8", "10.0.0.0/24", "203.0.113.0/24", "198.51.100.9/32", "2001:db8::/32"]

YES, NO, MAYBE, NAMED = "yes", "no", "maybe", "named"
"""Whether a rule matches a packet. `NAMED`: if it is from somebody whose addresses are not in the listing."""


def within(source: str, blocks: Iterable[str]) -> bool:
    return any(ipaddress.ip_address(source) in ipaddress.ip_network(block, strict=False) for block in blocks)


def also(one: str, other: str) -> str:
    """Both must match: a protocol or a destination of which it is not known, and a source."""
    if NO in (one, other):
        return NO
    return MAYBE if MAYBE in (one, other) else NAMED if NAMED in (one, other) else YES


def either(some: Iterable[str]) -> str:
    """One is enough."""
    found = set(some)
    return next((word for word in (YES, MAYBE, NAMED) if word in found), NO)


def fate(walk: Iterable[tuple[str, bool]]) -> str:
    """The end of a packet: rules in order, each with whether it matches, and whether it allows."""
    ends, by_name = set[bool](), False
    for match, allows in walk:
        if match == YES:
            ends.add(allows)
            break
        if match == MAYBE or (match == NAMED and not allows):
            ends.add(allows)
        by_name = by_name or (match == NAMED and allows)
    else:
        ends.add(False)
    if len(ends) == 2:
        return "unknown"
    return "open" if ends == {True} else "by name" if by_name else "closed"


def said(found: Any, packet: Packet) -> str:
    """What the package makes of the packet."""
    source, protocol, port = packet
    where = ipaddress.ip_address(source), protocol, port
    words = {"open": found.admitted, "unknown": found.unknown, "by name": found.by_name}
    holding = [word for word, region in words.items() if region.holds(*where)]
    assert len(holding) < 2, holding
    return holding[0] if holding else "closed"


STRANGE: list[dict[str, Any]] = [{"networkTags": ["a"]}, {"priorityClass": 3}, {"extra": {"a": 1}}, {"isActive": False}]
EMPTY: list[dict[str, Any]] = [{"networkTags": []}, {"extra": None}, {"comment": ""}, {"more": {}}]


def besides() -> st.SearchStrategy[dict[str, Any]]:
    """Fields that nobody knows; most often none."""
    return st.sampled_from([{}] * 12 + STRANGE + EMPTY)


def is_strange(value: dict[str, Any], known: Iterable[str]) -> bool:
    return any(held not in (None, "", [], {}) for name, held in value.items() if name not in set(known))

"""What people take for the text of iptables-save: other commands of the same host, told by their first line."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

SAVED = "iptables-save and ip6tables-save print"
LISTED = "nft -j list ruleset prints"


class Mistaken(Struct, frozen=True):
    """A text of another command.

    Attributes:
        prints: what printed it.
        instead: what to give: a command, and its verb.
    """

    prints: str
    instead: str


_LINES: Mapping[str, Mistaken] = {
    r"-[PNA] \S": Mistaken("iptables -S", SAVED),
    r"Chain \S+ \(": Mistaken("iptables -L", SAVED),
    r"Status: (?:in)?active|Added user rules|IPV[46] \(raw\)": Mistaken("ufw", SAVED),
    r"create \S+ (?:hash|bitmap|list):|Name: \S+$": Mistaken("ipset", SAVED),
    r"<iptables-rules": Mistaken("iptables-xml", SAVED),
    r"(?:(?:add|create|delete|destroy) )?table (?:(?:ip6?|inet|arp|bridge|netdev) )?\S+(?: \{.*)?$|flush ruleset"
    r"|(?:add|create|insert) (?:chain|rule|set|map|element) ": Mistaken("nft", LISTED),
    r"\S+ \((?:default, )?active\)$|\S+ \(default\)$|<zone\b": Mistaken("firewalld", LISTED),
}


def mistaken(line: str) -> Mistaken | None:
    """The command that begins its text with the line."""
    return next((one for pattern, one in _LINES.items() if re.match(pattern, line, re.ASCII)), None)

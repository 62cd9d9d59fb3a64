"""What `nft monitor trace` says of a packet, as the one rule that ended it.

    dropped_by(text)    # {(True, 50001): "inet filter input: udp dport 50001-59999 drop"}

Keys are (is UDP, destination port). Pure. The lines are nft's own (doc/nft.txt, MONITOR).
"""

from __future__ import annotations

import re

_PACKET = re.compile(
    r"^trace id (?P<id>\S+) \S+ \S+ \S+ packet: (?P<interface>[io]if).*? "
    r"(?P<protocol>udp|tcp) sport (?P<from>\d+) (?P=protocol) dport (?P<to>\d+)"
)
_RULE = re.compile(
    r"^trace id (?P<id>\S+) (?P<chain>\S+ (?P<table>\S+) \S+) rule "
    r"(?P<rule>.*?)(?: \(verdict (?P<verdict>[^()]*)\))?\s*$"
)
_POLICY = re.compile(r"^trace id (?P<id>\S+) (?P<chain>\S+ \S+ \S+) (?:verdict \S+ )?policy drop\s*$")
_COMMENT = re.compile(r'"[^"]*"')
LONGEST = 4096
"""Characters of a line; nft's are a tenth of that, and what is longer is no trace."""


def dropped_by(text: str, ours: str = "", family: int | None = None) -> dict[tuple[bool, int], str]:
    """By what each traced packet was dropped or rejected; those that went through are not here.

    Args:
        text: lines of `nft monitor trace`; the last is left out until it has its end.
        ours: the name of our own table, whose chains drop nothing of the host's.
        family: 4 or 6, to leave out packets of the other; None: of both.
    """
    ports: dict[str, tuple[bool, int]] = {}
    found: dict[tuple[bool, int], str] = {}
    for line in text.split("\n")[:-1]:
        if len(line) > LONGEST:
            continue
        packet = _PACKET.match(line)
        if packet and family is not None and (" ip6 saddr " in line) != (family == 6):
            continue
        if packet:
            # a reply of ours is traced on its way out, with no incoming interface: its port is the one it comes from
            port = int(packet["from" if packet["interface"] == "oif" else "to"])
            ports[packet["id"]] = packet["protocol"] == "udp", port
            continue
        told = _dropping_rule(line, ours)
        if told and told[0] in ports:
            found[ports[told[0]]] = told[1]
    return found


def _dropping_rule(line: str, ours: str) -> tuple[str, str] | None:
    rule = _RULE.match(line)
    if rule:
        # a rejected packet's verdict is not printed by some versions
        ends = rule["verdict"] in ("drop", "reject") or (
            rule["verdict"] is None and re.search(r"\breject\b", _COMMENT.sub("", rule["rule"]))
        )
        return (rule["id"], f"{rule['chain']}: {_bare(rule['rule'])}") if ends and rule["table"] != ours else None
    policy = _POLICY.match(line)
    return (policy["id"], f"{policy['chain']}: policy drop") if policy else None


def _bare(rule: str) -> str:
    """Without counters, which say nothing of why."""
    return re.sub(r"counter packets \d+ bytes \d+ ?", "", rule).strip()

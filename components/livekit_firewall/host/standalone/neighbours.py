"""Other firewalls of the machine, and how the layers combine with the table inet livekit.

Read from the chains and tables that they make, which is what counts, and from ufw's own switch. nft lists the
chains of iptables-nft as well; those of iptables-legacy it does not see.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from .machine import Machine

CLOSED = "a packet must be let in by both: what it closes stays closed, whatever the table inet livekit admits"

NOTES: "Mapping[str, str]" = MappingProxyType(
    {
        "docker": (
            "Docker is here: ports that it publishes are forwarded and never pass `input`, so the table inet livekit "
            "does not cover them; run LiveKit with host networking, or filter published ports in DOCKER-USER"
        ),
        "ufw": f"ufw is on: {CLOSED}; open the same ports there (`ufw allow`), or turn it off (`ufw disable`)",
        "firewalld": f"firewalld is on: {CLOSED}; open the same ports there (`firewall-cmd --add-port`), or stop it",
        "fail2ban": "fail2ban is here: whom it bans stays out, also where the table inet livekit admits everybody",
        "nftables.service": (
            "/etc/nftables.conf begins with `flush ruleset`: loading it by hand (`nft -f`, `systemctl reload "
            "nftables`) removes the table inet livekit until livekit-firewall.service is restarted"
        ),
        "input": f"another table filters `input` ({{chains}}): {CLOSED}",
    }
)
"""By name, what to know."""

TABLE = re.compile(r"^table (\S+ \S+) \{$(.*?)^\}", re.MULTILINE | re.DOTALL)
CHAIN = re.compile(r"^\tchain (\S+) \{$(.*?)^\t\}", re.MULTILINE | re.DOTALL)
IDLE = re.compile(r"\s*type filter hook input priority [^;]+; policy accept;\s*")


def neighbours(machine: Machine) -> "dict[str, str]":
    """What is there, by name, each with its sentence. Raises Stopped if nft cannot list."""
    listed = machine.must("nft", "-s", "list", "ruleset")
    tables = {name: body for name, body in TABLE.findall(listed) if name != "inet livekit"}
    chains = {(table, chain): text for table, body in tables.items() for chain, text in CHAIN.findall(body)}
    names = {chain for _, chain in chains}
    signs: dict[str, Callable[[], bool]] = {
        "docker": lambda: bool(names & {"DOCKER", "DOCKER-USER"}) or machine.at("/sys/class/net/docker0").exists(),
        "ufw": lambda: any(name.startswith(("ufw-", "ufw6-")) for name in names) or _has(machine, *UFW),
        "firewalld": lambda: any(table.endswith(" firewalld") for table in tables),
        "fail2ban": lambda: any("f2b" in name for name in (*names, *tables)),
        "nftables.service": lambda: _has(machine, *FLUSHES),
    }
    found = {name: NOTES[name] for name, is_there in signs.items() if is_there()}
    others = sorted(
        f"{table} {chain}"
        for (table, chain), text in chains.items()
        if "hook input" in text and not IDLE.fullmatch(text) and not _is_named(table, text, found)
    )
    if others:
        found["input"] = NOTES["input"].format(chains=", ".join(others))
    return found


UFW = ("/etc/ufw/ufw.conf", re.compile(r"^ENABLED=[\"']?yes", re.MULTILINE | re.IGNORECASE))
FLUSHES = ("/etc/nftables.conf", re.compile(r"^\s*flush ruleset", re.MULTILINE))


def _has(machine: Machine, path: str, line: "re.Pattern[str]") -> bool:
    try:
        return bool(line.search(machine.at(path).read_text(encoding="utf-8", errors="replace")))
    except OSError:
        return False


def _is_named(table: str, chain: str, found: "Mapping[str, str]") -> bool:
    """Whether the chain is that of a neighbour who has a sentence of its own."""
    return (
        table.endswith(" firewalld")
        or ("fail2ban" in found and ("f2b" in table or "f2b" in chain))
        or ("ufw" in found and "jump ufw" in chain)
    )

"""What a check found, port by port, and what it was to find; and a host's own chain."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .program import Checked

FAMILIES = ("ipv4", "ipv6")


def each(*ports: str) -> list[str]:
    """ "udp/50000-50001" -> ["udp/50000", "udp/50001"]."""
    found = []
    for port in ports:
        protocol, _, numbers = port.partition("/")
        first, _, last = numbers.partition("-")
        found += [f"{protocol}/{number}" for number in range(int(first), int(last or first) + 1)]
    return found


def rows(checked: Checked, *ports: str, wanted: str = "open") -> dict[tuple[str, str], dict[str, Any]]:
    """The row of each port: {("ipv4", "udp/50000"): {...}}; of these ports alone, if any are named."""
    assert checked.code in (0, 1), checked
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in checked.found["ports"]:
        assert row["count"] == row["last"] - row["first"] + 1
        for number in range(row["first"], row["last"] + 1):
            key = (row["family"], f"{row['protocol']}/{number}")
            if row["wanted"] == wanted:
                assert key not in found, f"{key} has two verdicts"
                found[key] = row
    named = set(each(*ports))
    return {key: row for key, row in found.items() if not named or key[1] in named}


def verdicts(checked: Checked, *ports: str, wanted: str = "open") -> dict[tuple[str, str], str]:
    return {key: row["verdict"] for key, row in rows(checked, *ports, wanted=wanted).items()}


def expected(ports: Iterable[str], **of_family: str) -> dict[tuple[str, str], str]:
    return {(family, port): verdict for family, verdict in of_family.items() for port in each(*ports)}


def foreign(text: str, families: Iterable[str]) -> str:
    """A chain that accepts by default, with these rules for each of the families."""
    chain = "type filter hook input priority filter; policy accept;\n" + "\n".join(map(text.format, families))
    return f"table inet filter {{\nchain input {{\n{chain}\n}}\n}}"

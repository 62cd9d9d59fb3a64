"""Rulesets as people write them, from the folder `nft`: lines of an input chain, and whole rulesets.

`lines.txt` has a line for each; `;` separates rules. They stand in a table with the sets, maps and chains of
`sets.nft`. `whole.nft` has rulesets, each below its name (`### NAME`).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

FOLDER = Path(__file__).with_name("nft")
ALLOW_LIST = "tcp dport { 443, 7881 } accept\nudp dport 50000-60000 accept"

SETS = (FOLDER / "sets.nft").read_text(encoding="utf-8")
LINES = (FOLDER / "lines.txt").read_text(encoding="utf-8").splitlines()
INPUT_ONLY = ("reject", "synproxy")
"""Statements that the kernel does not load into chains of prerouting."""


def combined(chosen: random.Random) -> str:
    """Lines in any order, in an input chain, one that it leads to, and one before or after it."""

    def some(most: int, lines: Sequence[str] = LINES) -> str:
        return "\n".join(chosen.sample(lines, chosen.randint(0, most))).replace("; ", "\n")

    hook, priority = chosen.choice([("input", 5), ("prerouting", -300), ("prerouting", -150), ("prerouting", 50)])
    early = [line for line in LINES if not any(word in line for word in INPUT_ONLY) and "jump" not in line]
    policy, lead = chosen.choice(["drop", "accept"]), chosen.choice(["jump", "goto", "tcp dport 443 jump"])
    chains = [
        f"chain extra {{\n{some(3)}\n}}",
        f"chain input {{\ntype filter hook input priority 0; policy {policy};\n{some(6)}\n{lead} extra\n{some(1)}\n}}",
        f"chain other {{\ntype filter hook {hook} priority {priority}; policy accept;\n{some(2, early)}\n}}",
    ]
    return "\n".join([f"table inet filter {{\n{SETS}", *chains, "}\n"])


def idioms() -> dict[str, str]:
    """Every ruleset, by a name for people."""
    return {**dict(_of_lines()), **dict(_whole())}


def _of_lines() -> Iterator[tuple[str, str]]:
    """Each line before an allow-list and a drop, and alone in an open chain."""
    for line in LINES:
        rules = line.replace("; ", "\n")
        for policy, after in (("drop", ALLOW_LIST), ("accept", "")):
            chain = f"type filter hook input priority filter; policy {policy};\n{rules}\n{after}"
            yield f"{policy}: {line}", f"table inet filter {{\n{SETS}\nchain input {{\n{chain}\n}}\n}}\n"


def _whole() -> Iterator[tuple[str, str]]:
    for one in (FOLDER / "whole.nft").read_text(encoding="utf-8").split("### ")[1:]:
        name, _, text = one.partition("\n")
        yield name, text

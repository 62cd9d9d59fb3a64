"""Rulesets as people write them, from the folder `nft`: lines of an input chain, and whole rulesets.

`lines.txt` has a line for each; `;` separates rules. They stand in a table with the sets, maps and chains of
`sets.nft`. `whole.nft` has rulesets, each below its name (`### NAME`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).with_name("nft")
ALLOW_LIST = "tcp dport { 443, 7881 } accept\nudp dport 50000-60000 accept"


def idioms() -> dict[str, str]:
    """Every ruleset, by a name for people."""
    return {**dict(_of_lines()), **dict(_whole())}


def _of_lines() -> Iterator[tuple[str, str]]:
    """Each line before an allow-list and a drop, and alone in an open chain."""
    sets = (FOLDER / "sets.nft").read_text(encoding="utf-8")
    for line in (FOLDER / "lines.txt").read_text(encoding="utf-8").splitlines():
        rules = line.replace("; ", "\n")
        for policy, after in (("drop", ALLOW_LIST), ("accept", "")):
            chain = f"type filter hook input priority filter; policy {policy};\n{rules}\n{after}"
            yield f"{policy}: {line}", f"table inet filter {{\n{sets}\nchain input {{\n{chain}\n}}\n}}\n"


def _whole() -> Iterator[tuple[str, str]]:
    for one in (FOLDER / "whole.nft").read_text(encoding="utf-8").split("### ")[1:]:
        name, _, text = one.partition("\n")
        yield name, text

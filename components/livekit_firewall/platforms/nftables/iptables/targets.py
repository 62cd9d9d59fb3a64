"""What becomes of a packet that a line matches. A closed list: another target may accept it and may drop it.

Facts: iptables-extensions(8) of iptables 1.8.9, and xtables-addons(8) for TARPIT.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from msgspec import Struct

from ....model.text import printable
from ..chains import Verdict
from ..nft_rules import REDIRECTED, XT_GOES_ON
from .words import Words

ENDS: Mapping[str, Verdict] = {
    "ACCEPT": Verdict.ACCEPT,
    "DROP": Verdict.DROP,
    "REJECT": Verdict.DROP,
    "TARPIT": Verdict.DROP,  # answers, and leads to no service
    "RETURN": Verdict.RETURN,
    "MASQUERADE": Verdict.ACCEPT,  # of the sender's address, behind all that filters
    "SNAT": Verdict.ACCEPT,
}
OWN_OPTION = frozenset({"REJECT", "TARPIT"})
"""Targets of `ENDS` that have an option of one or two words."""

PASSING = frozenset(XT_GOES_ON) | {"HMARK"}
"""Targets behind which a packet goes on to the next line."""

DIVERTING = frozenset({"DNAT", "REDIRECT", "NETMAP", "TPROXY", "DNPT", "SNPT"})


class End(Struct, frozen=True):
    """What a line does.

    Attributes:
        chain: that JUMP and GOTO lead to.
        why: what the end of a packet depends on, for DIVERT and UNKNOWN.
    """

    verdict: Verdict
    chain: str = ""
    why: str = ""


def end(words: Words, chains: Container[str]) -> End | None:
    """What the line does; None where packets only go on to the next one."""
    target = words.target
    if words.stray or _has_more(words, chains):
        return End(Verdict.UNKNOWN, why="words that are not understood")
    if target in chains:
        return End(Verdict.GOTO if words.is_goto else Verdict.JUMP, target)
    if target in ENDS:
        return End(ENDS[target])
    if not target or target in PASSING:
        return None
    if target in DIVERTING:
        return End(Verdict.DIVERT, why=REDIRECTED)
    if target in ("QUEUE", "NFQUEUE"):
        return End(Verdict.UNKNOWN, why="the program that it hands them to")
    return End(Verdict.UNKNOWN, why=f"the target {printable(target, 40)}")


def _has_more(words: Words, chains: Container[str]) -> bool:
    """Whether words stand behind a target that has none: iptables takes conditions there too."""
    if words.target in chains:
        return bool(words.options)
    return words.target in ENDS and len(words.options) > (2 if words.target in OWN_OPTION else 0)


def leaves_tracking(words: Words) -> bool:
    return words.target == "NOTRACK" or (words.target == "CT" and "--notrack" in words.options)

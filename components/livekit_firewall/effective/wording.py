"""Sets of addresses in words."""

from __future__ import annotations

from ipaddress import ip_network

from ..model.addresses import Cidr
from ..model.packets import EVERYBODY, PacketSet
from ..model.ports import PortRange
from ..model.text import few, printable

MOST_NAMED = 3
"""Sources that a line of text names; the JSON has all."""


def people(sources: tuple[str, ...]) -> str:
    """Sources as text: `anywhere`, a few blocks, or a whole family except a few."""
    if set(sources) == {str(block) for block in EVERYBODY}:
        return "anywhere"
    if len(sources) <= MOST_NAMED:
        return " ".join(map(printable, sources))
    return "; ".join(
        _family(whole, [one for one in sources if (":" in one) == (":" in str(whole))]) for whole in EVERYBODY
    ).strip("; ")


def _family(whole: Cidr, sources: list[str]) -> str:
    port = [PortRange.tcp(1)]
    lacking = PacketSet.box(port, [whole]) - PacketSet.box(port, [Cidr(ip_network(source)) for source in sources])
    others = [str(block) for _, blocks in lacking.parts() for block in blocks]
    if len(others) < len(sources):
        return f"{whole} but {few(others, MOST_NAMED, ' ')}" if others else str(whole)
    return few(sources, MOST_NAMED, " ")

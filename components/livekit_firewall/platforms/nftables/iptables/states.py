"""Conditions on the state of a connection, for the first packet of a flow.

Such a packet is NEW: it belongs to no flow that was seen (ESTABLISHED), none that another announced (RELATED), and the
kernel calls INVALID what can begin no flow. It is UNTRACKED where a line of the table raw takes it out of tracking, and
has the state DNAT where one of the table nat sends it elsewhere. In the chains of raw it is not tracked yet, which
counts as INVALID. Facts: net/netfilter/xt_conntrack.c, xt_CT.c.
"""

from __future__ import annotations

from msgspec import Struct

from ....model.packets import PacketSet
from ..reach import ALWAYS, NEVER, Reach, either, perhaps

STATES = frozenset({"NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED", "SNAT", "DNAT"})
LATER = frozenset({"EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED"})
"""What the status of a connection has after its first packet has passed, or where another one announced it."""


class Connections(Struct, frozen=True):
    """What is known of the tracking of packets that come to a line.

    Attributes:
        are_tracked: false in the chains of raw.
        untracked: the packets that raw may take out of tracking.
        diverted: the packets that nat may send elsewhere.
    """

    are_tracked: bool = True
    untracked: PacketSet = PacketSet()
    diverted: PacketSet = PacketSet()


def in_state(names: frozenset[str], connections: Connections) -> Reach | None:
    """`--ctstate` and `--state`; None for a state that is not known."""
    if names - STATES:
        return None
    if not connections.are_tracked:
        return ALWAYS if "INVALID" in names else NEVER
    if {"NEW", "UNTRACKED"} <= names:
        return ALWAYS
    found, untracked = [NEVER], NEVER
    if connections.untracked:
        untracked = perhaps("what the table raw takes out of tracking", connections.untracked)
    if "NEW" in names:
        found.append(~untracked)
    if "UNTRACKED" in names:
        found.append(untracked)
    if "DNAT" in names and connections.diverted:
        found.append(perhaps("what the table nat sends elsewhere", connections.diverted))
    return either(found)


def in_status(names: frozenset[str]) -> Reach | None:
    """`--ctstatus`; None where it is not known."""
    return NEVER if names <= LATER else None

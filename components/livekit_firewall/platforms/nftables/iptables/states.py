"""Conditions on the state of a connection, for the first packet of a flow.

Such a packet is NEW: it belongs to no flow that was seen (ESTABLISHED), and the kernel calls INVALID what can begin no
flow. It is RELATED only where another flow announced it, which takes a helper (SIP, FTP) that a line of the table raw
names, and UNTRACKED where a line of raw takes it out of tracking. In the chains of raw it is not tracked yet, which
counts as INVALID. It has the state DNAT where a line of the table nat sends it elsewhere: what becomes of it then is
not known in any case, and no other packet has that state.

Facts: net/netfilter/xt_conntrack.c, xt_CT.c.
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
        are_announced: whether raw gives flows a helper.
    """

    are_tracked: bool = True
    untracked: PacketSet = PacketSet()
    are_announced: bool = False


def in_state(names: frozenset[str], connections: Connections) -> Reach | None:
    """`--ctstate` and `--state`; None for a state that is not known."""
    if names - STATES:
        return None
    tracked = "NEW" if connections.are_tracked else "INVALID"
    if {tracked, "UNTRACKED"} <= names:
        return ALWAYS
    found, untracked = [NEVER], NEVER
    if connections.untracked:
        untracked = perhaps("what the table raw takes out of tracking", connections.untracked)
    if tracked in names:
        found.append(~untracked)
    if "UNTRACKED" in names:
        found.append(untracked)
    if not connections.are_tracked:
        return either(found)
    if "RELATED" in names and connections.are_announced:
        found.append(perhaps("what a helper of connection tracking announces"))
    return either(found)


def in_status(names: frozenset[str], connections: Connections) -> Reach | None:
    """`--ctstatus`; None where it is not known."""
    return NEVER if names <= LATER and not connections.are_announced else None

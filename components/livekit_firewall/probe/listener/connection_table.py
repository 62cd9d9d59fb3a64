"""Whether the host's connection tracking has room for the flows of a run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...inputs.files import UnreadableError, read_bytes
from ...model.ports import PortRange, Protocol


class ConnectionTableFull(Exception):
    """The host's connection table is too full for the run, so that calls could lose their place in it."""


def check_room(ports: Sequence[PortRange], proc: Path = Path("/proc/sys/net/netfilter")) -> None:
    """Refuse a run that would take more than half of what the connection table has left, over both families.

    Raises:
        ConnectionTableFull: it would.

    Each UDP port that is tried is a flow to the host's connection tracking, for half a minute or two; a table that is
    full drops the first packets of everybody's new flows (nf_conntrack-sysctl in the kernel's documentation).
    """
    flows = 2 * sum(len(one) for one in ports if one.protocol is Protocol.UDP)
    try:
        most, taken = (int(read_bytes(proc / f"nf_conntrack_{name}", 100)) for name in ("max", "count"))
    except (UnreadableError, ValueError):  # no connection tracking, so nothing to fill
        return
    if flows > (most - taken) / 2:
        raise ConnectionTableFull(
            f"the run would open {flows:,} flows, and the host's connection table has room for {most - taken:,}: "
            "calls could lose theirs; raise net.netfilter.nf_conntrack_max, or test fewer ports at a time (--port)"
        )

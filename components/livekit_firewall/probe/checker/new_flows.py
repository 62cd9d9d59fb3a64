"""Whether something on the way limits new flows, so that silence after a sweep does not mean "blocked"."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .sweep import SweepResult, sweep
from .transport import Transport

RETRIED_PORTS, NEW_FLOW_TRIES = 16, 6
"""Ports that are tried once more to see whether new flows get through, and how often."""


def limit_of_new_flows(transport: Transport, wanted: Iterable[int], swept: SweepResult) -> str:
    """Why the silence of ports may come from a limit of new flows, as a phrase, or "".

    The sweep's beacons belong to open flows, so they cannot show it. Of ports that answered, some are tried from
    another source port, as new flows; of those that did not, some are tried again alone. Only the silence of ports
    that should be open is worth the packets.
    """
    silent = sorted(set(wanted) - swept.answered.keys())
    if not silent or not swept.answered:
        return ""
    if sweep(transport, _evenly(silent, RETRIED_PORTS), rounds=2).answered:
        return "ports that were silent among many answer when few are tried: something limits new flows; use --rate"
    answered = _evenly(sorted(swept.answered), RETRIED_PORTS)
    with Transport(transport.run, transport.family, transport.address) as fresh:
        again = sweep(fresh, answered, rounds=NEW_FLOW_TRIES).answered
    if len(again) * 4 < len(answered) * 3:
        return "new flows to ports that answered before no longer get through: something limits them; use --rate"
    return ""


def _evenly(ports: Sequence[int], most: int) -> list[int]:
    """At most `most` of the ports, evenly spread."""
    step = max(1, len(ports) // most)
    return list(ports[::step][:most])

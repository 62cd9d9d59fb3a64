"""`probe check`: tries a plan against a host, with a listener there or without, and says what was found.

    outcome = check("livekit.example.org", {Family.IPV4: "203.0.113.1"}, Job(planner, digest, token))

The order, for each family: say hello over whatever UDP port gets through, sweep the UDP ports, connect to the TCP
ports, ask the listener what became of those that did not answer, speak to the services. Plain sockets only.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack

from ...model.addresses import Family
from ...model.services import Service
from ..results.verdict import Outcome, ProbeTarget, Row, Traffic
from ..wire.messages import Keys
from .family_check import FamilyCheck
from .job import Job, Progress
from .sweep import MAX_TRIES
from .transport import Budget, ProbeRun

TALK_PACKETS = 8_000
"""For everything beside the ports themselves: control messages, beacons, service protocols."""


def most_packets(plan: Sequence[ProbeTarget]) -> int:
    """The most that a run sends: each port as often as loss can make necessary, and the talk."""
    return sum(len(target.ports) for target in plan) * (MAX_TRIES + 2) + TALK_PACKETS


def check(host: str, addresses: Mapping[Family, str], job: Job, progress: Progress | None = None) -> Outcome:
    """Try everything. `addresses` has one of the host's for each family to try."""
    began = time.monotonic()
    budget = Budget(job.rate, most_packets(job.planner(dict.fromkeys(addresses))))
    run = ProbeRun(Keys(job.token), budget) if job.token else None
    found: list[FamilyCheck] = []
    with ExitStack() as stack:
        for family, address in addresses.items():
            one = FamilyCheck(family, address, host, job, budget, progress or Progress())
            found.append(one)
            one.try_all(run, stack)
        for one in found:
            if one.client is not None and one.client.bye():
                break
    return Outcome(
        host,
        dict(addresses),
        tuple(sorted((row for one in found for row in one.rows()), key=_place)),
        tuple(answer for one in found for answer in one.answers),
        Traffic(budget.sent, time.monotonic() - began),
        any(one.welcome for one in found),
        tuple(dict.fromkeys(note for one in found for note in one.notes)),
    )


def _place(row: Row) -> tuple[object, ...]:
    target = row.target
    service = target.service.order if target.service else len(Service)
    return not target.wanted, service, target.ports, row.ports, target.family.value

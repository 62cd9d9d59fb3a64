"""Refuses every deployment in which the internet reaches a port of an internal service.

    refuse_public(listeners, rules, {"host": baseline}, report)

Each port is checked against the union of everything that opens it: the service's own sources, rules of other services
on the same port, and the target's baseline. A firewall matches ports, not services.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..model.errors import Report
from ..model.rules import Rule
from ..platforms.internal import Baselines, _problem
from .listener import Listener


def refuse_public(listeners: Iterable[Listener], rules: Iterable[Rule], baselines: Baselines, report: Report) -> None:
    """A problem in `report` for each internal listener that the internet reaches.

    Relay ports are checked by their own sources alone: media may share the range, and a packet to a relay port that
    is not allocated reaches no socket.

    Args:
        baselines: by target; each is checked separately, together with the rules.
    """
    rules = tuple(rules)
    for listener in listeners:
        if not listener.service.is_internal or not listener.families:
            continue
        problem = _problem(listener.service, listener.ports, listener.place, rules, baselines)
        if problem:
            report.problems.append(problem)

"""No packet from the internet reaches a port of an internal service, whatever opens it.

    refuse_public(listeners, rules, {"host": baseline}, report)

Judged is each port of the node, over the union of everything that opens it: the service's own sources, the rules of
others that share the port, and what a target lets in besides the rules. Whoever listens, the packet gets there.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..model.errors import Report
from ..model.rules import Rule
from ..platforms.internal import Baselines, _problem
from .listener import Listener


def refuse_public(listeners: Iterable[Listener], rules: Iterable[Rule], baselines: Baselines, report: Report) -> None:
    """A problem in `report` for each internal listener that the internet reaches.

    Relay ports are judged by their own sources alone: packets to one that is not allocated reach nothing, and media
    may share the range.

    Args:
        baselines: by target; each is judged on its own, with the rules.
    """
    rules = tuple(rules)
    for listener in listeners:
        if not listener.service.is_internal or not listener.families:
            continue
        problem = _problem(listener.service, listener.ports, listener.place, rules, baselines)
        if problem:
            report.problems.append(problem)

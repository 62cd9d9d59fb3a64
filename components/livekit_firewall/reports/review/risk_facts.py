"""What the risks of one stack are judged by."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ...effective.update import Outcome
from ...model.ports import PortRange
from ...model.services import Service
from ...model.text import few
from .change import Change, Risk
from .difference import Pair, StackContext
from .intent import Intent
from .preview import Step

MEDIA = frozenset(service for service in Service if service.record.is_media)


class RiskFacts(NamedTuple):
    """Pairs of firewalls, what changes, and how.

    Attributes:
        outcome: what the platforms make of the operations.
        is_whole: whether unchanged resources are among the pairs.
        moved: the risks of machines that move from one firewall to another, or are replaced.
    """

    pairs: Sequence[Pair]
    changes: Sequence[Change]
    steps: Sequence[Step]
    intent: Intent
    context: StackContext
    outcome: Outcome = Outcome()
    is_whole: bool = True
    moved: Sequence[Risk] = ()


def ports_text(ports: Sequence[PortRange]) -> str:
    """The first of them, and how many more there are."""
    return few(map(str, ports), 5)

"""The risks that a state brings along: an update that was refused before, and what an update leaves in the cloud."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...effective.urns import name_of
from ...model.text import few
from ...platforms.registry import is_firewall
from .operations import GONE
from .preview import Step

MOST = 3


def state_risks(steps: Iterable[Step]) -> Iterator[tuple[str, str, str]]:
    """The id of each risk, the resource, and what is so. A refresh takes the first away: the steps after it know."""
    for step in steps:
        if step.op == "refresh" or not is_firewall(step.type):
            continue
        if step.before and step.before.is_refused and step.op not in GONE:
            text = "its last update was refused or did not end, so that what this preview says of it may not be sent"
            yield "refused-update-behind", name_of(step.urn), text
        if step.after and step.after.left:
            blocks = few(step.after.left, MOST)
            yield "kept-open", name_of(step.urn), f"{blocks} stays, though the program no longer names it"

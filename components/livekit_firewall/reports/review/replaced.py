"""Machines that carry calls and that an update replaces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ...effective.labels import KNOWN
from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ...effective.snapshot import NOTHING
from ...effective.update import Operation, some
from ...effective.urns import name_of, type_of
from ...model.addresses import Direction
from ...model.ports import joined
from ...model.text import printable
from ...platforms.registry import PLATFORMS, is_firewall
from .attached import bearers, ends
from .change import Risk
from .difference import Pair, StackContext
from .risk_facts import MEDIA
from .risk_texts import risk


def replaced(
    operations: Iterable[Operation],
    before: Sequence[Resource],
    names: ResourceNames,
    pairs: Iterable[Pair],
    context: StackContext,
) -> Iterator[Risk]:
    """A risk for the machines that are replaced and have a firewall which lets media in, as far as the preview tells.

    A template is none: to replace it replaces no machine.
    """
    gone = {
        one.urn
        for one in operations
        if one.replaces and one.before and not is_firewall(one.type) and not type_of(one.urn).endswith("Template")
    }
    if not gone:
        return  # most updates replace nothing, and a stack may be large
    media = joined(label.ports for label in (*context.labels, *KNOWN) if label.service in MEDIA)
    walls = [
        pair.old.key for pair in pairs if pair.old and pair.before.get(Direction.INGRESS, NOTHING).reached.within(media)
    ]
    found: set[str] = set()
    for platform in PLATFORMS if walls else ():
        graph = bearers(platform.attachments(before, names)) or {}
        found |= {urn for wall in walls for urn in ends(graph, wall)} & gone
    if found:
        machines = some(sorted(printable(name_of(urn), 60) for urn in found))
        verb = (
            "are replaced, which ends the calls on them"
            if len(found) > 1
            else "is replaced, which ends the calls on it"
        )
        yield risk("machines-replaced", machines, f"{machines} {verb}")

"""What platforms make of the operations of an update: the steps of a preview, or what leads from one configuration to
another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ...effective.update import Operation, Outcome
from ...platforms.registry import PLATFORMS
from .preview import Step

MADE = frozenset({"create", "update", "replace", "create-replacement"})
"""Steps at which the platform is told something before the deletions; an import or a read tells it nothing."""

REPLACED = frozenset({"replace", "create-replacement", "delete-replaced"})


def operations_of(steps: Iterable[Step], after: Iterable[Resource]) -> Iterator[Operation]:
    """One for each resource: of a replacement that is told in three steps, too. `after` are the resources of after as
    the review reads them.
    """
    settled = {one.urn: one for one in after}
    groups: dict[tuple[str, str], list[Step]] = {}
    for step in steps:
        if step.op == "refresh":
            continue
        # what is left over from an update before has an id of its own
        is_left_over = step.op == "delete" and step.before and step.after is None and step.urn in settled
        groups.setdefault((step.urn, step.before.id if step.before and is_left_over else ""), []).append(step)
    for (urn, left_over), mine in groups.items():
        before = next((one.before for one in mine if one.before), None)
        ops = [one.op for one in mine]
        replaces = not left_over and bool(REPLACED & set(ops))
        first = None
        if {"create-replacement", "delete-replaced"} <= set(ops):
            first = ops.index("delete-replaced") < ops.index("create-replacement")
        writes = not left_over and bool(MADE & set(ops))
        yield Operation(urn, before, None if left_over else settled.get(urn), writes, replaces, first)


def outcome_of(operations: Sequence[Operation], names: ResourceNames) -> Outcome:
    """Of all platforms together."""
    found = Outcome()
    for platform in PLATFORMS:
        types = platform.from_pulumi().TYPES
        mine = [one for one in operations if one.type in types or one.type in platform.associations]
        if mine:
            found = found.joined(platform.outcome(mine, names))
    return found

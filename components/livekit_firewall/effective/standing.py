"""What is really there of a resource of a stack, and what an update makes of it.

A provider keeps a resource twice: `inputs`, what the program says, and `outputs`, what the cloud said when it was asked
last. Which of the two is there differs by provider, and after an update that the cloud refused. Whoever reads a
state or a preview asks here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from .property_values import listed
from .resources import Resource

INTERNAL = "__"
"""How the properties begin that a provider keeps for itself (`__meta`, `__defaults`)."""


class StateShape(Struct, frozen=True):
    """How a provider keeps its resources in a state.

    Attributes:
        is_bridged: a refresh leaves in inputs at most as many elements of a list as the program gave, and nothing that
            the program does not set; outputs are whole (pulumi-terraform-bridge, `extractInputs`). Otherwise a
            refresh puts into inputs what it found.
        computed: by type, the properties that stay as they are where the program does not set them.
        shared: by type, those of them that also hold what other resources of the stack make. They count where the
            program sets them.
        left_by_update: what an update in place leaves in lists although the program no longer has it, by property: each
            element by its text. Its arguments are the resource with what is there, and as the program wants it.
    """

    is_bridged: bool = False
    computed: Mapping[str, tuple[str, ...]] = {}
    shared: Mapping[str, tuple[str, ...]] = {}
    left_by_update: Callable[[Resource, Resource], Mapping[str, Mapping[str, object]]] = lambda _before, _planned: {}


PLAIN = StateShape()
"""A provider of which nothing is known, or a component."""


def standing(held: Resource, shape: StateShape, planned: Resource | None = None) -> Resource:
    """A resource with what is really there as its inputs.

    Args:
        held: as the state has it. Where an update was refused, its outputs are what was asked, and its inputs what the
            update before it had made.
        planned: what its update makes of it, where there is one.
    """
    if held.is_refused:
        return held
    if not shape.is_bridged:
        return _with_drift(held, planned)
    set_by = {*held.inputs, *(planned.inputs if planned else ())}
    left_out = {field for field in shape.shared.get(held.type, ()) if field not in set_by}
    found = {
        field: value
        for field, value in {**held.inputs, **held.outputs}.items()
        if value is not None and field not in left_out and not field.startswith(INTERNAL)
    }
    return replace(held, inputs=found, program=held.inputs)


def _with_drift(held: Resource, planned: Resource | None) -> Resource:
    """What differs as the provider says, though the program says the same as before, differs from the outputs."""
    named = planned.changed if planned else ()
    found = {
        field: held.outputs[field]
        for field in sorted(named)
        if planned and held.outputs.get(field) is not None and held.inputs.get(field) == planned.inputs.get(field)
    }
    return replace(held, inputs={**held.inputs, **found}, program=held.inputs) if found else held


def updated(held: Resource, planned: Resource, shape: StateShape) -> Resource:
    """A resource with what is there after an update in place as its inputs.

    What the provider names no difference of stays as it is, however the program writes it, unless the program itself
    changed it. Where the provider names no difference at all, a refused update stands behind it, or whoever
    wrote the preview left them out: then the program's word counts.

    Args:
        held: as the state has it, see `standing`.
        planned: as the program wants it; its `changed` are the differences that the provider names.
    """
    if not shape.is_bridged or held.is_refused:
        return planned
    computed = shape.computed.get(held.type, ())
    there = standing(held, shape, planned)
    kept = {field: value for field, value in there.inputs.items() if _stays(field, held.inputs, planned, computed)}
    left = shape.left_by_update(there, planned)
    beside = {field: [*some.values(), *listed(planned.inputs.get(field))] for field, some in left.items()}
    texts = tuple(text for some in left.values() for text in some)
    inputs = {**planned.inputs, **kept, **beside}
    return replace(planned, inputs=inputs, program=planned.inputs, left=texts)


def _stays(field: str, old: Mapping[str, object], planned: Resource, computed: tuple[str, ...]) -> bool:
    if field not in planned.inputs and field in computed:
        return True
    if not planned.changed:
        return field not in planned.inputs and field not in old
    is_as_before = field not in planned.inputs or (field in old and old[field] == planned.inputs[field])
    return is_as_before and field not in planned.changed

"""What the engine's operations do to a resource."""

from __future__ import annotations

from ...effective.resources import Resource
from ...platforms.registry import as_it_becomes, as_it_is, is_firewall

GONE = frozenset({"delete", "delete-replaced", "remove-pending-replace"})
"""Operations after which the resource no longer exists; a new state that they carry is not what follows."""

FORGOTTEN = frozenset({"discard", "discard-replaced"})
"""Operations after which the resource stays, but no longer in Pulumi's state; so does `retainOnDelete`."""

ADOPTED = frozenset({"import", "read", "import-replacement", "read-replacement"})
"""Operations on an existing resource, which is the same before and after."""


def sides_of_step(op: str, old: Resource | None, new: Resource | None) -> tuple[Resource | None, Resource | None]:
    """A resource before a step and after it, with what is really there as its inputs.

    Args:
        op: the engine's; `forget` for one after which the resource stays, but not in the state.
    """
    if op in ADOPTED:
        found = new and as_it_is(new)
        return (as_it_is(old) if old else found), found
    if old is None:
        return None, None if op in GONE else new
    before = as_it_is(old, new if op == "update" else None)
    if op == "forget" or (op == "same" and new):
        return before, before
    if op in GONE or new is None:
        return before, None
    if op == "update":
        return before, as_it_becomes(old, new)
    # of another resource than a firewall what the provider adds to it is no difference to the one that comes
    return before if is_firewall(old.type) else old, new

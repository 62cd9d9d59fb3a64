"""What a stack's state has of one LiveKitFirewall, on one platform."""

from __future__ import annotations

from ...effective.resources import OURS
from ...effective.syntax import refuse
from ...effective.urns import name_of, type_of
from ...model.text import few
from ...platforms.registry import AnyPlatform
from ..explain.stack_rules import StackState, StateResource

FIREWALL = f"{OURS}LiveKitFirewall"
STACK = "pulumi:pulumi:Stack"


def component_in(state: StackState) -> str | None:
    """The name of the LiveKitFirewall of a state; None if it has none.

    Raises:
        NotAFirewall: it has several.
    """
    names = sorted({name_of(one.urn) for one in state.resources if one.type == FIREWALL})
    if len(names) > 1:
        hint = "say which is meant: --component NAME"
        raise refuse("--component", "", "must be one LiveKitFirewall of the state", f"it has {few(names, 10)}; {hint}")
    return names[0] if names else None


class ComponentState:
    """What a state has of a component.

    Attributes:
        is_gone: whether the state has no LiveKitFirewall of that name, as after a destroy.
        parent: the URN of what holds it; "" for the stack.
        provider: the URN of a provider of the program's own; "" for the one that Pulumi makes by default.
        resources: those of the platform's component, without what is replaced and to be deleted still.
        names: their types and names.
        ids: how a listing may have their ids.
        holders: the ids of its groups, where rules are in groups.
        pending: the names of its resources, and what was under way with them when Pulumi was killed.
    """

    def __init__(self, state: StackState, component: str, platform: AnyPlatform) -> None:
        self._inner = f"{component}-{platform.argument}"
        outer = next((one for one in state.resources if (one.type, name_of(one.urn)) == (FIREWALL, component)), None)
        kind = platform.holder.type if platform.holder else ""
        self.is_gone = outer is None
        self.parent = outer.parent if outer and type_of(outer.parent) not in ("", STACK) else ""
        self.resources = [one for one in state.resources if self._has(one) and not one.delete]
        self.names = {(one.type, name_of(one.urn)) for one in self.resources}
        self.ids = {id_ for one in self.resources for id_ in ids_of(one)}
        self.provider = next(filter(None, map(_own_provider, self.resources)), "")
        self.holders = {one.id for one in self.resources if one.type == kind}
        self.pending = tuple((name_of(one.resource.urn), one.type) for one in state.pending if self._has(one.resource))

    def _has(self, one: StateResource) -> bool:
        return type_of(one.parent).startswith(OURS) and name_of(one.parent) == self._inner

    def named(self, kind: str) -> dict[str, str]:
        """The ids of its resources of a type, by their logical names."""
        return {name_of(one.urn): one.id for one in self.resources if one.type == kind}

    def missing(self, listed: set[str], types: set[str]) -> tuple[StateResource, ...]:
        """Those of the types that are not among the ids of a listing, in lower case."""
        return tuple(one for one in self.resources if one.type in types and one.id and listed.isdisjoint(ids_of(one)))


def ids_of(one: StateResource) -> set[str]:
    """How a listing may have its id, in lower case: Azure leaves the case to the caller, and a rule of Google's whose
    listing does not tell the project has its name only.
    """
    id_ = one.id.lower()
    return {id_, id_.rpartition("/")[2]}


def _own_provider(one: StateResource) -> str:
    urn = one.provider.rpartition("::")[0]
    return "" if not urn or name_of(urn).startswith("default") else urn

"""What the aliases of a component mean for the resources below it, whose names a platform has made lawful."""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime.resource import all_aliases

_former: WeakKeyDictionary[pulumi.Resource, list[pulumi.Input[str]]] = WeakKeyDictionary()
"""The URNs under which a state may have a component of ours."""


def remember_aliases(component: pulumi.Resource, opts: pulumi.ResourceOptions | None) -> None:
    """Keep for `former_names` the URNs under which a state may have the component: by its own aliases and its parent's.

    Those of a parent further up than the parent's own component are the engine's alone.
    """
    name, kind = component.pulumi_resource_name, component.pulumi_resource_type
    parent = opts.parent if opts else None
    if parent is not None and parent in _former:
        rest = name.removeprefix(parent.pulumi_resource_name)
        _former[component] = [
            pulumi.Output.from_input(one).apply(lambda urn: _below(urn, kind, _name(urn) + rest))
            for one in _former[parent]
        ]
        return
    own = component._aliases  # noqa: SLF001 - where the SDK has them as URNs
    has_aliases = hasattr(parent, "_aliases")  # that of a component which is hosted as a plugin has none
    _former[component] = all_aliases(own, name, kind, parent if has_aliases else None)


def former_names(
    component: pulumi.Resource, kind: str, called: Callable[[str], str]
) -> list[pulumi.Input[str | pulumi.Alias]]:
    """Aliases of a child whose name the engine cannot derive from an alias of the component, as it replaces the
    component's name at the beginning of the child's: a name that a platform accepts may begin otherwise.

    Args:
        component: whose aliases are remembered.
        kind: the child's type token.
        called: the child's name by that of the component.
    """
    name = component.pulumi_resource_name
    now = called(name)

    def child(known: list[str]) -> str:
        urn, own = known
        old = _name(urn)
        is_derived = now.startswith(name) and called(old) == old + now.removeprefix(name)
        # given as well, it would be multiplied with the component's: `ab` that becomes `a` would be looked for as `abb`
        return _below(own, kind, now) if is_derived else _below(urn, kind, called(old))

    return [pulumi.Output.all(urn, component.urn).apply(child) for urn in _former[component]]


def _name(urn: str) -> str:
    return urn.split("::", 3)[3]


def _below(urn: str, kind: str, name: str) -> str:
    """The URN of a child."""
    return f"{urn[: -len(_name(urn)) - 2]}${kind}::{name}"

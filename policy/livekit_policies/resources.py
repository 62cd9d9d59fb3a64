"""What the engine hands to a policy -> resources as `review` knows them.

The engine gives a resource's inputs when it is registered, to the policies for one resource, and its outputs at the
end, to those for the stack. Rules are judged by inputs: outputs of groups repeat rules that other resources hold, old
ones too, so that a change that closes a port would be refused for what it is about to close. So `RegisteredInputs`
keeps them until the end; a resource that was not seen then is judged by its outputs.

The SDK hands over secrets as plain values and does not say that they are. So nothing is ever shown but ports and
names of resources.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pulumi_policy import PolicyResource
from pulumi_policy.deserialize import serialize_properties
from pulumi_policy.proxy import UnknownValueError

from livekit_firewall.effective.resources import Resource
from livekit_firewall.model.rules import Rule
from livekit_firewall.platforms.registry import is_firewall
from livekit_firewall.reports.review.stack import COMPONENT

from .stated import rules_of

KNOWN_BY = ("id", "selfLink", "arn", "name")
"""Outputs that other resources refer to."""


class Stack(NamedTuple):
    """Every resource of a stack as it will be.

    Attributes:
        parents: of each URN, the URN of its parent; "" for none.
        stated: of each LiveKitFirewall, the rules that it says it makes; None where they are not told yet.
    """

    resources: tuple[Resource, ...]
    parents: Mapping[str, str]
    stated: Mapping[str, tuple[Rule, ...] | None]


class RegisteredInputs:
    """The inputs of the firewalls that were registered, by URN."""

    def __init__(self) -> None:
        self._seen: dict[str, Mapping[str, Any]] = {}

    def keep(self, urn: str, type_: str, props: Mapping[str, Any]) -> Resource | None:
        """The resource, if it is one that says what a firewall admits."""
        if not is_firewall(type_):
            return None
        self._seen[urn] = plain(props)
        return Resource(urn, type_, self._seen[urn])

    def stack(self, given: Iterable[PolicyResource]) -> Stack:
        """The stack that consists of these resources."""
        resources, parents, stated = [], {}, {}
        for one in given:
            parents[one.urn] = one.parent.urn if one.parent is not None else ""
            resources.append(self._resource(one))
            if one.resource_type == COMPONENT:
                stated[one.urn] = rules_of(plain(one.props).get("rules"))
        return Stack(tuple(resources), parents, stated)

    def _resource(self, one: PolicyResource) -> Resource:
        outputs = {key: value for key in KNOWN_BY if (value := _known_text(one.props, key))}
        inputs: Mapping[str, Any] = {}
        if is_firewall(one.resource_type):
            inputs = self._seen.get(one.urn) or plain(one.props)
        depends = {key: tuple(source.urn for source in found) for key, found in one.property_dependencies.items()}
        return Resource(one.urn, one.resource_type, inputs, outputs, outputs.get("id", ""), depends)


def plain(props: Mapping[str, Any]) -> dict[str, Any]:
    """Properties as JSON, without the SDK's guards; what is not known yet is one of `resources.UNKNOWN`."""
    found = _whole(serialize_properties(props))
    return found if isinstance(found, dict) else {}


def _whole(value: Any) -> Any:
    """On the wire every number is a float."""
    if isinstance(value, dict):
        return {key: _whole(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _known_text(props: Mapping[str, Any], key: str) -> str:
    try:
        value = props.get(key)
    except UnknownValueError:
        return ""
    return value if isinstance(value, str) else ""

"""A resource as a program would declare it: from the arguments of its class to the inputs of the engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .resources import Resource

PROJECT = "urn:pulumi:diff::livekit-firewall::"


def planned(token: str, name: str, arguments: Mapping[str, object], also: Iterable[str] = ()) -> Resource:
    """A resource that would be made with the arguments of its class, those left out that are None; `also` are names
    that it may have had.
    """
    urn, *aliases = (f"{PROJECT}{token}::{one}" for one in (name, *also))
    return Resource(urn, token, inputs_of(arguments), aliases=tuple(aliases))


def inputs_of(arguments: Mapping[str, object]) -> dict[str, object]:
    """The arguments of a resource's class as the engine takes them, those left out that are None."""
    return {in_camel_case(key): _as_input(value) for key, value in arguments.items() if value is not None}


def _as_input(value: object) -> object:
    if isinstance(value, dict):
        return {in_camel_case(name): _as_input(one) for name, one in value.items()}
    return [_as_input(one) for one in value] if isinstance(value, list) else value


def in_camel_case(name: str) -> str:
    """`cidr_ipv4` is `cidrIpv4`, as the bridge names properties."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)

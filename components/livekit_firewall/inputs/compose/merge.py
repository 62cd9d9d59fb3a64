"""Merges the same service of two files (compose-go override/merge.go)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from msgspec.structs import replace

from .model import Published, Service
from .part import TEXTS, Part

One = TypeVar("One")


def merged(below: Part, above: Part) -> Part:
    """Both merged: `above` wins, lists are joined, and of two entries with the same key the later one is kept."""
    if "" in above.replaced:
        return above
    low, high = _without(below.service, above.replaced), above.service
    texts = {key: getattr(high, key) or getattr(low, key) for key in TEXTS}
    service = replace(
        high,
        **texts,
        has_build=low.has_build or high.has_build,
        command=high.command if "command" in above.given else low.command,
        command_place=high.command_place or low.command_place,
        entrypoint=high.entrypoint if "entrypoint" in above.given else low.entrypoint,
        environment={**low.environment, **high.environment},
        sources={**low.sources, **high.sources},
        env_files=_unique([*low.env_files, *high.env_files], lambda one: one.path),
        ports=_unique([*low.ports, *high.ports], _port_key),
        mounts=_unique([*low.mounts, *high.mounts], lambda one: one.target),
        configs=_unique([*low.configs, *high.configs], lambda one: one.target),
        secrets=_unique([*low.secrets, *high.secrets], lambda one: one.target),
        networks=_unique([*low.networks, *high.networks], str),
        replicas=low.replicas if high.replicas is None else high.replicas,
        profiles=_unique([*low.profiles, *high.profiles], str),
        unset=_unique([*low.unset, *high.unset], str),
        unread={**{key: one for key, one in low.unread.items() if key not in above.given}, **high.unread},
    )
    return Part(service=service, given=below.given | above.given, replaced=below.replaced | above.replaced)


def settled(part: Part) -> Service:
    """The service with duplicate list entries removed, which a single file can hold too."""
    return merged(Part(service=Service(name=part.service.name, place=part.service.place)), part).service


def _without(service: Service, replaced: Iterable[str]) -> Service:
    """The service without attributes that another file resets or overrides."""
    empty = Service(name=service.name, place=service.place)
    fields = {"volumes": "mounts", "env_file": "env_files"}
    names = {fields.get(key, key) for key in replaced}
    gone = {name: getattr(empty, name) for name in names & set(Service.__struct_fields__) - {"name", "place"}}
    variables = {key.removeprefix("environment.") for key in names if key.startswith("environment.")}
    kept = {key: one for key, one in service.environment.items() if key not in variables}
    unread = {key: one for key, one in service.unread.items() if key not in names}
    return replace(service, **{"environment": kept, "unread": unread, **gone})


def _unique(entries: Iterable[One], key: Callable[[One], object]) -> tuple[One, ...]:
    """One entry per key: the last one, at the position of the first one."""
    found: dict[object, One] = {}
    for entry in entries:
        found[key(entry)] = entry
    return tuple(found.values())


def _port_key(one: Published) -> object:
    return one.target, one.first, one.last, one.address or "0.0.0.0"

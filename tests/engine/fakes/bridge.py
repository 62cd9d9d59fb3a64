"""What the bridge between Pulumi and a Terraform provider makes of a resource, as the real plugins do it.

    cut(old, now)            the inputs after a refresh: of a list as many elements as before, and nothing the program
                             does not set; `now` is what the cloud has, and stands whole in outputs
    differences(...)         the detailed diff between the outputs of the state and what the program wants

Seen with pulumi-digitalocean 4.76.0 and pulumi-gcp 9.35; `tests/unit/reports/review/providers` has what they wrote.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from .wire import is_all_known

EMPTY = (None, "", [], {}, False)


def cut(old: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """The inputs that a refresh leaves of `old`, where the cloud has `now`."""
    return {key: _cut(value, now[key]) for key, value in old.items() if now.get(key) is not None}


def _cut(old: Any, now: Any) -> Any:
    if isinstance(old, dict) and isinstance(now, dict):
        return cut(old, now)
    if not isinstance(old, list) or not isinstance(now, list):
        return now
    if not any(isinstance(one, dict) for one in (*old, *now)):
        return now[: len(old)]
    left = list(now)
    found: list[Any] = [_taken(one, left) for one in old]
    for at, one in enumerate(old):  # what is no longer there makes room for what is new
        if found[at] is None and left:
            found[at] = _cut(one, left.pop(0))
    return [one for one in found if one is not None]


def _taken(one: Any, left: list[Any]) -> Any:
    """The element of `left` that is `one`, which goes from there; None if there is none."""
    for other in left:
        if _cut(one, other) == one:
            left.remove(other)
            return one
    return None


def imported(now: dict[str, Any], shape: dict[str, Any], usual: dict[str, Any]) -> dict[str, Any]:
    """The inputs of a resource that no program has set: what the cloud has otherwise than by default."""
    return {key: now[key] for key in shape if key in now and now[key] not in (*EMPTY, usual.get(key))}


def differences(
    cloud: ModuleType, token: str, state: dict[str, Any], wanted: dict[str, Any]
) -> dict[str, dict[str, str]]:
    """By property, the paths that differ and how: `add`, `delete` or `update`.

    Args:
        cloud: its `COMPUTED` properties stay where the program leaves them out, its `USUAL` are those of the provider,
            and two values that are equal `plainly` are no difference.
    """
    found = {}
    for field in cloud.SHAPES[token]:
        had, want = state.get(field), wanted.get(field)
        if field in cloud.COMPUTED.get(token, ()) and want is None:
            continue
        if paths := dict(_paths(cloud, token, field, had, want)):
            found[field] = paths
    return found


def _paths(cloud: ModuleType, token: str, field: str, had: Any, want: Any) -> Iterator[tuple[str, str]]:
    usual = cloud.USUAL.get(token, {}).get(field)
    before, after = (_plainly(cloud, token, field, usual if one is None else one) for one in (had, want))
    if before == after:
        return
    if after is None or before is None:
        yield field, "delete" if after is None else "add"
    elif not isinstance(before, list) or not isinstance(after, list) or not is_all_known(want):
        yield field, "update"
    else:
        yield from ((f"{field}[{at}]", "delete") for at, one in enumerate(before) if one not in after)
        yield from ((f"{field}[{at}]", "add") for at, one in enumerate(after) if one not in before)


def _plainly(cloud: ModuleType, token: str, field: str, value: Any) -> Any:
    if value in EMPTY:
        return None
    found = cloud.plainly(token, field, value)
    return sorted(found, key=lambda one: json.dumps(one, sort_keys=True)) if isinstance(found, list) else found


def filled(entry: dict[str, Any], shape: dict[str, Any], **usual: Any) -> dict[str, Any]:
    """An entry as outputs have it: a value for each property of its shape."""
    empty = {name: [] if field.many else usual.get(name) for name, field in shape.items()}
    return {**empty, **entry}


def ordered(values: Any) -> list[Any]:
    """A set as outputs have it, in an order of its own."""
    return sorted(values or [], key=lambda one: json.dumps(one, sort_keys=True))

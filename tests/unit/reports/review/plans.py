"""Previews whose steps are given one by one: what the engine plans, with what the state has read of the cloud.

plan(step("update", GROUP, "media", {...}, {...}, read={...}, diffs=["ingress"]), step("same", ...))
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from .programs import UNKNOWN

STACK = "urn:pulumi:dev::net::pulumi:pulumi:Stack::net-dev"


def urn(token: str, name: str) -> str:
    return f"urn:pulumi:dev::net::{token}::{name}"


def step(
    op: str,
    token: str,
    name: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    *,
    read: Mapping[str, Any] | None = None,
    diffs: Iterable[str] = (),
    depends: Mapping[str, list[str]] | None = None,
    id_: str = "",
) -> dict[str, Any]:
    """One step; `read` are the outputs of before, the id is `NAME-id` unless it is given."""
    here = urn(token, name)
    told: dict[str, Any] = {"op": op, "urn": here}
    base = {"urn": here, "custom": True, "type": token}
    if before is not None:
        told["oldState"] = {**base, "inputs": dict(before), "outputs": dict(read or {}), "id": id_ or f"{name}-id"}
    if op == "same":
        after = before if after is None else after
    if after is not None:
        told["newState"] = {**base, "inputs": dict(after), "outputs": {}, "propertyDependencies": dict(depends or {})}
    if diffs:
        told["diffReasons"] = list(diffs)
    return told


def plan(*steps: Mapping[str, Any]) -> str:
    counts: dict[str, int] = {"same": 1}
    for one in steps:
        counts[one["op"]] = counts.get(one["op"], 0) + 1
    own = {"urn": STACK, "custom": False, "type": "pulumi:pulumi:Stack", "inputs": {}, "outputs": {}}
    first = {"op": "same", "urn": STACK, "oldState": own, "newState": own}
    return json.dumps({"config": {}, "steps": [first, *steps], "duration": 1, "changeSummary": counts})


__all__ = ["UNKNOWN", "plan", "step", "urn"]

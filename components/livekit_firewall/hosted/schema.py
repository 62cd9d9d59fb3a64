"""Makes schema.json, by which the code generators of other languages, and YAML, know the component.

Types are called without `Args`, which the generators add.
"""

from __future__ import annotations

import json
import re
from typing import Any

from pulumi.provider.experimental.component import ComponentProvider

from .component import LiveKitFirewall
from .names import spoken

NAME = "livekit"


def schema(version: str) -> dict[str, Any]:
    """The schema of the package in a version."""
    found = json.loads(ComponentProvider([LiveKitFirewall], NAME, version=version).schema or "")
    described: dict[str, Any] = _short(found)
    described |= {
        "displayName": "LiveKit firewall",
        "description": "The firewall of a LiveKit or plugNmeet node, derived from the configuration that it runs with.",
        "keywords": ["category/network", "kind/component", "livekit", "firewall"],
        "license": "Apache-2.0",
    }
    return described


def _short(value: Any, key: str = "") -> Any:
    if isinstance(value, list):
        return [_short(one) for one in value]
    if isinstance(value, str):
        renamed = re.sub(rf"(?<={NAME}:index:)(\w+?)(Args|Output)\b", r"\1", value) if key == "$ref" else value
        return spoken(" ".join(renamed.split())) if key == "description" else renamed
    if not isinstance(value, dict):
        return value
    # what is said of a list or a mapping is not said of its members again
    inner = {
        name: {part: said for part, said in one.items() if part != "description"}
        if name in ("items", "additionalProperties")
        else one
        for name, one in value.items()
    }
    return {_short(name, "$ref"): _short(one, name) for name, one in inner.items() if one != []}

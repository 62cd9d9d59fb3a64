"""A stack's configuration as arguments: Pulumi hands every value over as a text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

NAMESPACE = "livekit-firewall"

CONFIG_FILES = {
    "livekit": "livekit_config",
    "sip": "sip_config",
    "ingress": "ingress_config",
    "egress": "egress_config",
}
"""The services, and the argument that names the file that each runs with."""

TEXTS = tuple(CONFIG_FILES.values())


def arguments_from(config: Mapping[str, Any], namespace: str = NAMESPACE) -> dict[str, Any]:
    """The arguments in `config`, whose keys are `NAMESPACE:KEY`. Values are texts or JSON as Pulumi hands them
    over and writes them back, or what a stack's file holds.

    Keys of other namespaces are left out; unknown keys of ours stay, for the arguments' own check, and so
    does, whole, a key whose namespace is ours but for a slip.
    """
    found: dict[str, Any] = {}
    for key, value in config.items():
        owner, colon, name = str(key).rpartition(":")
        if colon and owner != namespace:
            if _is_slip(owner, namespace):
                found[str(key)] = value
            continue
        found[name] = _value(value) if isinstance(value, str) and name not in TEXTS else value
    return found


def _is_slip(owner: str, namespace: str) -> bool:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, owner, namespace).ratio() > LIKENESS


LIKENESS = 0.85
"""Above it a namespace is ours misspelt; `aws`, `azure-native` and the like are far below."""


def _value(text: str) -> Any:
    """What YAML had: a mapping, a list, a number or a switch, else the text itself."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text

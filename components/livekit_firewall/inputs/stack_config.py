"""A stack's configuration as arguments. Pulumi passes every value as a text."""

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
"""Service to the argument that names its configuration file."""

TEXTS = tuple(CONFIG_FILES.values())


def arguments_from(config: Mapping[str, Any], namespace: str = NAMESPACE) -> dict[str, Any]:
    """The arguments in `config`, whose keys are `NAMESPACE:KEY`. Values are texts or JSON, as Pulumi passes them, or
    the values of a stack's file.

    Keys of other namespaces are left out. Unknown keys in our namespace stay, and are checked with the arguments. A
    key whose namespace is a misspelling of ours stays with its namespace, so that the check reports it.
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
"""A namespace with a higher similarity ratio is a misspelling of ours; `aws` and `azure-native` are far below."""


def _value(text: str) -> Any:
    """The value of a JSON text (a mapping, a list, a number or a boolean), else the text itself."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text

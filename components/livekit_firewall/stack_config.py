"""A stack's configuration as arguments: Pulumi hands every value over as a text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

NAMESPACE = "livekit-firewall"

TEXTS = ("livekit_config", "sip_config", "ingress_config", "egress_config")


def arguments_from(config: Mapping[str, str], namespace: str = NAMESPACE) -> dict[str, Any]:
    """The arguments in `config`, whose keys are `NAMESPACE:KEY` and whose values are texts or JSON.

    Keys of other namespaces are left out; unknown keys of ours stay, for the arguments' own check.
    """
    ours = {
        key.removeprefix(f"{namespace}:"): value for key, value in config.items() if key.startswith(f"{namespace}:")
    }
    return {key: value if key in TEXTS else _value(value) for key, value in ours.items()}


def _value(text: str) -> Any:
    """What YAML had: a mapping, a list, a number or a switch, else the text itself."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text

"""Lawful names for security groups, whatever a Pulumi component is called."""

from __future__ import annotations

import re
from hashlib import sha256


def group_name(component: str, number: int = 1) -> str:
    """The logical name of one of the groups that a component makes; the first one's is the same for any number."""
    return f"{lawful(component)}-security-group" + (f"-{number}" if number > 1 else "")


def lawful(name: str) -> str:
    """`name` as the beginning of a group's name, which the provider completes with a random suffix.

    ASCII, short of the limit of 255, and not `sg-`, which AWS keeps for ids (EC2 API, CreateSecurityGroup).
    A name that has to be changed carries a digest of the original, so that two never become one.
    """
    kept = re.sub(r"[^a-zA-Z0-9._-]", "-", name)[:200]
    if kept == name and not name.lower().startswith("sg-"):
        return name
    return f"livekit-{kept}-{sha256(name.encode()).hexdigest()[:8]}"

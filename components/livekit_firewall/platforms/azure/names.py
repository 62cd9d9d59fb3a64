"""Lawful names for network security groups, whatever a Pulumi component is called."""

from __future__ import annotations

import re
from hashlib import sha256


def group_name(component: str) -> str:
    """The logical name of the group that a component makes."""
    return f"{lawful(component)}-network-security-group"


def lawful(name: str) -> str:
    """`name` as the beginning of a group's name, which the provider completes with a random suffix.

    Azure takes 80 characters of ASCII letters, digits, `.`, `_` and `-`, the first a letter or digit; 49 are
    left for the name. One that has to be changed carries a digest of the original, so that two never
    become one.
    """
    kept = re.sub(r"[^a-zA-Z0-9._-]", "-", name)
    if kept == name and len(name) <= 49 and name[:1].isalnum():
        return name
    return f"livekit-{kept[:32]}-{sha256(name.encode()).hexdigest()[:8]}"


MOST = 80
"""Characters of a rule's name: word characters, `.` and `-`, the first and the last a word character."""


def rule_name(name: str) -> str:
    """A name that holds one of the user's own. One that has to be cut or ends otherwise carries a digest of itself."""
    if len(name) <= MOST and re.fullmatch(r".*\w", name, re.ASCII):
        return name
    return f"{name[: MOST - 9].rstrip('.-')}.{sha256(name.encode()).hexdigest()[:8]}"

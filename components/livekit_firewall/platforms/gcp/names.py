"""Lawful names for Google's resources, whatever a Pulumi component is called."""

from __future__ import annotations

import re

LAWFUL = r"[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?"
"""RFC 1035 labels of 1 to 63 characters: names of firewall rules, and network tags.
Source: `Firewall.name` of the API, https://cloud.google.com/compute/docs/reference/rest/v1/firewalls."""

LONGEST = 55
"""The API takes 63 characters, of which Pulumi's auto-name appends 8 (a hyphen and 7 digits)."""


def lawful_name(name: str, key: str) -> str:
    """`{name}-{key}` where the API accepts that, otherwise a name made of its lawful part, a digest of the
    whole, and the key. Two names never give the same one, and a name always gives the same one.

    It is a *logical* name: Pulumi appends a random suffix to it, so that two stacks with a component of
    one name can live in one project, and a replacement can exist beside what it replaces.
    """
    plain = f"{name}-{key}"
    if re.fullmatch(LAWFUL, plain) and len(plain) <= LONGEST:
        return plain
    from hashlib import sha256  # takes as long to load as the platform's record

    digest = sha256(name.encode(errors="surrogatepass")).hexdigest()[:10]
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    slug = slug if slug[:1].isalpha() else f"lk-{slug}"
    room = LONGEST - len(digest) - len(key) - 2
    return f"{slug[:room].rstrip('-')}-{digest}-{key}"


LONGEST_STEM = 30
"""What leaves room for a digest of the content, and for one of the component's name."""


def stem(key: str) -> str:
    """A rule's key as a part of its name. A key that holds a name of the user's own, after a dot, may have to be cut
    and changed; it then carries a digest of itself, so that two never become one.
    """
    plain = key.replace(".", "-")
    if "." not in key or (re.fullmatch(LAWFUL, plain) and len(plain) <= LONGEST_STEM):
        return plain
    from hashlib import sha256  # takes as long to load as the platform's record

    digest = sha256(key.encode()).hexdigest()[:6]
    return f"{re.sub(r'[^a-z0-9]+', '-', plain.lower())[: LONGEST_STEM - 7].rstrip('-')}-{digest}"

"""Lawful names for firewalls, whatever a Pulumi component is called."""

from __future__ import annotations

import re
from hashlib import sha256

LAWFUL = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9.-]+")
"""Source: `name` of https://docs.digitalocean.com/reference/api/digitalocean/#tag/Firewalls"""

LONGEST = 200
"""The provider's auto-name stays within 255; no source names a limit of the API."""


def lawful_name(name: str) -> str:
    """`{name}-firewall` where the API accepts that, otherwise its lawful part, a digest of the whole, and
    `firewall`. It is a logical name: Pulumi appends a random suffix.
    """
    plain = f"{name}-firewall"
    if LAWFUL.fullmatch(plain) and len(plain) <= LONGEST:
        return plain
    digest = sha256(name.encode(errors="surrogatepass")).hexdigest()[:10]
    slug = re.sub(r"[^a-zA-Z0-9.]+", "-", name).strip("-.")[: LONGEST - 20]
    return f"{slug or 'lk'}-{digest}-firewall"

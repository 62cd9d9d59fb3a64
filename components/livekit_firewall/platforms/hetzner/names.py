"""Names for firewalls, whatever a Pulumi component is called."""

from __future__ import annotations

from hashlib import sha256

MOST = 128
"""Characters of a firewall's name. Source: `name` of https://docs.hetzner.cloud/reference/cloud#firewalls"""

LONGEST = MOST - len("-1a2b3c4")
"""Of a logical name: the provider appends a random suffix to it, and counts to 255 only."""


def lawful_name(name: str) -> str:
    """`{name}-firewall`, which is a logical name; one that is too long is cut and carries a digest of itself."""
    plain = f"{name}-firewall"
    if len(plain) <= LONGEST:
        return plain
    digest = sha256(name.encode(errors="surrogatepass")).hexdigest()[:10]
    return f"{name[: LONGEST - 20]}-{digest}-firewall"

"""What Hetzner holds."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LIMITS: Mapping[str, int] = MappingProxyType(
    {
        # API, `rules`: "Limited to 50 rules per Firewall".
        "rules per firewall": 50,
        # API, `source_ips`: "Array of up to 100 CIDR blocks".
        "sources per rule": 100,
        # docs.hetzner.com/cloud/firewalls/overview, "Limits": 500 effective rules. The page does not say what one is:
        # counted here as one for each rule and source, which is the most that it can be.
        "effective rules per firewall": 500,
        # The same page: firewalls of one server, those by label selectors included.
        "firewalls per server": 5,
        # API, `description`.
        "characters of a description": 255,
    }
)

"""The least that the arguments must say for each platform to have a firewall: a row for each, in the registry's order.

Whatever is true of every platform is tested with these; a test that wants more says it beside them.
"""

from __future__ import annotations

from typing import Any

from livekit_firewall.platforms.registry import PLATFORMS

TARGETS: dict[str, dict[str, Any]] = {
    "aws": {"vpc_id": "vpc-0123456789abcdef0"},
    "gcp": {"network": "default", "target_tags": ["livekit"]},
    "digitalocean": {"tags": ["livekit"]},
    "azure": {"resource_group_name": "media"},
    "hetzner": {"label_selectors": ["app=livekit"]},
    "host": {"path": "host.nft"},
}
assert [*TARGETS] == [one.argument for one in PLATFORMS]

CLOUDS = tuple(one.argument for one in PLATFORMS if not one.is_on_node)
"""The arguments of the platforms that are no firewall of the node's own."""

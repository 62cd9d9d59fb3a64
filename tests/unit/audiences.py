"""Targets that name every audience by their platform's own means, for tests over all of them.

What stands for an audience begins with its name, which is how the readers know it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from livekit_firewall.platforms.azure.target import AzureTarget, TagsByAudience
from livekit_firewall.platforms.by_audience import ARGUMENTS, ByAudience
from livekit_firewall.platforms.digitalocean.target import DigitalOceanTarget
from livekit_firewall.platforms.gcp.target import GcpTarget
from livekit_firewall.platforms.hetzner.target import HetznerTarget

from . import strategies

GROUPS = "/subscriptions/0/resourceGroups/media/providers/Microsoft.Network/applicationSecurityGroups"
BLOCKS = strategies.NAMED
"""Blocks whose values are not known, but told apart."""


def _each(make: Callable[[str], Any]) -> dict[str, Any]:
    return {argument: {"one": make(identity.value)} for identity, argument in ARGUMENTS.items()}


def _word(audience: str) -> str:
    return audience.title().replace("-", "")


GCP = GcpTarget(
    network="default",
    target_tags=("livekit",),
    google_load_balancer=True,
    source_tags=ByAudience(**_each(lambda audience: f"{audience}-one")),
)
GCP_ACCOUNTS = GcpTarget(
    network="default",
    target_service_accounts=("lk@example.iam.gserviceaccount.com",),
    source_service_accounts=ByAudience(**_each(lambda audience: f"{audience}-one@example.iam.gserviceaccount.com")),
)
DIGITALOCEAN = DigitalOceanTarget(
    tags=("livekit",), load_balancer_uids=("lb-1",), source_tags=ByAudience(**_each(lambda audience: f"{audience}-one"))
)
AZURE = AzureTarget(
    resource_group_name="media",
    service_tags=TagsByAudience(**_each(lambda audience: f"{_word(audience)}One")),
    application_security_groups=ByAudience(**_each(lambda audience: f"{GROUPS}/{audience}-one")),
)
HETZNER = HetznerTarget(label_selectors=("app=livekit",), private_load_balancer=True)
TARGETS: Mapping[str, Any] = {"gcp": GCP, "digitalocean": DIGITALOCEAN, "azure": AZURE, "hetzner": HETZNER}
"""By the names of the platforms."""

"""The rules for a platform without Pulumi: of the deployment's own target there, or of a placeholder for its ids."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..model.rules import Rule
from ..platforms.registry import PLACEHOLDER, PLATFORMS, render
from ..targets import AwsTarget, AzureTarget, DigitalOceanTarget, GcpTarget, HostTarget, Target
from .derive import Deployment

# what a target must name at least, for the platforms to have something to hold the rules
PLACEHOLDERS: dict[str, Target] = {
    "aws": AwsTarget(vpc_id=PLACEHOLDER),
    "gcp": GcpTarget(network=PLACEHOLDER, target_tags=(PLACEHOLDER,)),
    "digitalocean": DigitalOceanTarget(tags=(PLACEHOLDER,)),
    "azure": AzureTarget(resource_group_name=PLACEHOLDER),
    "host": HostTarget(),
}


def render_for(deployment: Deployment, platform: str, keep: Callable[[Rule], bool] | None = None) -> Any:
    """The native rules of the deployment's own target there, or of a placeholder; only for the rules to keep.

    Raises:
        ConfigurationError, RenderError: as the platform's `render`.
    """
    name = next(target for target, on in PLATFORMS.items() if on == platform)
    target = deployment.targets.get(name, PLACEHOLDERS[name])
    rules = deployment.rules_for(target)
    deployment.baseline_of(name, target)  # of a target that the arguments do not name nobody has judged it
    access = deployment.access
    return render(
        name,
        rules.where(keep) if keep else rules,
        target,
        name="livekit",
        ssh_port=access.ssh_port,
        ipv6=access.ipv6,
    )

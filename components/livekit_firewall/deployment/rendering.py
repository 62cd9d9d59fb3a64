"""The rules for a platform without Pulumi: of the deployment's own target there, or of a placeholder for its ids."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..effective.resources import Resource
from ..model.rules import Rule
from ..platforms.aws.target import AwsTarget
from ..platforms.azure.target import AzureTarget
from ..platforms.digitalocean.target import DigitalOceanTarget
from ..platforms.gcp.target import GcpTarget
from ..platforms.nftables.target import HostTarget
from ..platforms.platform import PLACEHOLDER
from ..platforms.registry import _MAKE, PLATFORMS, Target, render
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


def planned(deployment: Deployment, target: str) -> list[Resource]:
    """The resources of one target.

    Raises:
        ProblemsError: the platform cannot express or hold the rules.
    """
    native = render_for(deployment, PLATFORMS[target])
    return list(_MAKE[target](native, deployment.targets[target]))

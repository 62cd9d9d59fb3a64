"""Renders the rules for a platform without Pulumi, for the deployment's target there or a placeholder with fake ids."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from ..effective.resource_names import ResourceNames
from ..effective.resources import Resource
from ..effective.snapshot import Size
from ..model.rules import Rule
from ..platforms.platform import Native, Options, Target
from ..platforms.registry import BY_ARGUMENT, AnyPlatform
from .derive import Deployment


def target_of(deployment: Deployment, platform: AnyPlatform) -> Target:
    """The deployment's target on the platform, or a placeholder."""
    return deployment.targets.get(platform.argument) or platform.placeholder


def render_for(deployment: Deployment, platform: AnyPlatform, keep: Callable[[Rule], bool] | None = None) -> Native:
    """The native rules for the deployment's target on the platform, or for a placeholder.

    Args:
        keep: selects rules; by default all.

    Raises:
        ConfigurationError, RenderError: as the platform's `render`.
    """
    target = target_of(deployment, platform)
    rules = deployment.rules_for(target)
    # `read_deployment` checks only the baselines of targets in the arguments; this raises for any other
    deployment.baseline_of(platform.argument, target)
    access = deployment.access
    options = Options(ssh_port=access.ssh_port, ipv6=access.ipv6)
    return platform.render(rules.where(keep) if keep else rules, target, options)


def sizes_of(deployment: Deployment, platform: AnyPlatform, keep: Callable[[Rule], bool] | None = None) -> list[Size]:
    """The sizes of the rendered firewalls against the platform's limits, including rules that exist there already.

    Raises:
        ProblemsError: the platform cannot express or hold the rules.
    """
    resources = list(render_for(deployment, platform, keep).resources())
    found = platform.from_pulumi().snapshots(resources, ResourceNames((), resources))
    target = target_of(deployment, platform)
    sizes = (platform.limited(size, target) for one in found for size in one.sizes)
    return [replace(size, count=size.count + platform.besides(target)) for size in sizes]


def planned(deployment: Deployment, argument: str) -> list[Resource]:
    """The Pulumi resources of one target, by its argument.

    Raises:
        ProblemsError: the platform cannot express or hold the rules.
    """
    return list(render_for(deployment, BY_ARGUMENT[argument]).resources())

"""One folder per platform: `render()` and `baseline()` (pure), `LIMITS`, and the Pulumi component.

    from . import aws
    aws.render(rules, target)              # native rules, final strings; raises RenderError
    aws.baseline(rules, target)            # what the platform lets pass besides them

`import livekit_firewall.platforms.aws` loads neither Pulumi nor a cloud SDK; `platforms.aws.component` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from functools import cache
from importlib import import_module
from typing import Any

from ..effective.native_rule import NativeRule
from ..effective.resources import Resource, camel
from ..model.rules import RuleSet
from .aws.from_pulumi import _aws
from .aws.shown import aws_rule
from .aws.target import AwsTarget
from .azure.from_pulumi import _azure
from .azure.shown import azure_rule
from .azure.target import AzureTarget
from .digitalocean.from_pulumi import _digitalocean
from .digitalocean.shown import digitalocean_rule
from .digitalocean.target import DigitalOceanTarget
from .gcp.from_pulumi import _gcp
from .gcp.shown import gcp_rule
from .gcp.target import GcpTarget
from .nftables.from_pulumi import _host
from .nftables.from_text import ruleset_rules
from .nftables.target import HostTarget
from .platform import Baseline

PLATFORMS = {"aws": "aws", "gcp": "gcp", "digitalocean": "digitalocean", "azure": "azure", "host": "nftables"}
"""The platform that each target is on, by the target's name among the arguments."""


def platform(target: str) -> Any:
    """The module of a target's platform, loaded now: a user of one cloud never pays for the others."""
    return import_module(f".{PLATFORMS[target]}", __package__)


def states() -> Iterator[Any]:
    """Each platform's reader of Pulumi's resources, `from_pulumi`, loaded now."""
    yield from (import_module(f".{one}.from_pulumi", __package__) for one in PLATFORMS.values())


@cache
def is_firewall(token: str) -> bool:
    """Whether resources of the type token say what is admitted, on any platform."""
    return any(token in state.TYPES for state in states())


def render(target_name: str, rules: RuleSet, target: Any, *, name: str, ssh_port: int, ipv6: bool) -> Any:
    """The native rules of one target, whatever its platform; a text for the host.

    Args:
        name: what the component is called, where physical names come from it (Google Cloud).
        ssh_port: what the host keeps open unless a rule says who may use SSH.

    Raises:
        RenderError: the platform cannot express or hold the rules.
    """
    module = platform(target_name)
    options: dict[str, Any] = {"ipv6": ipv6}
    if target_name == "host":
        return module.render(rules, ssh_port=ssh_port, **options)
    if target_name == "gcp":
        options["name"] = name
    return module.render(rules, target, **options)


def baseline(target_name: str, rules: RuleSet, target: Any, *, ssh_port: int, ipv6: bool) -> tuple[Baseline, ...]:
    """What one target lets pass besides these rules, as `render` makes it so."""
    module = platform(target_name)
    options: dict[str, Any] = {"ssh_port": ssh_port} if target_name == "host" else {}
    found: tuple[Baseline, ...] = module.baseline(rules, target, ipv6=ipv6, **options)
    return found


def rendered(platform: str, native: Any) -> tuple[NativeRule, ...]:
    """What `render` of a platform made."""
    if platform == "nftables":
        return tuple(ruleset_rules(native))
    parts = {"aws": "rules", "gcp": "firewalls", "digitalocean": "inbound", "azure": "security_rules"}
    return tuple(_rendered(platform, one) for one in getattr(native, parts[platform]))


def _rendered(platform: str, native: Any) -> NativeRule:
    # not asdict, which would copy outputs of other resources
    fields = {camel(name): getattr(native, name) for name in native.__dataclass_fields__}
    if platform == "gcp":
        fields["allows"] = [asdict(one) for one in native.allows]
    read: Callable[..., NativeRule] = ONE[platform]
    return read(fields, name=fields["key"]) if "key" in fields else read(fields)


ONE: Mapping[str, Callable[..., NativeRule]] = {
    "aws": aws_rule,
    "gcp": gcp_rule,
    "digitalocean": digitalocean_rule,
    "azure": azure_rule,
}


_MAKE: Mapping[str, Callable[[Any, Any], Iterator[Resource]]] = {
    "aws": _aws,
    "gcp": _gcp,
    "digitalocean": _digitalocean,
    "azure": _azure,
    "host": _host,
}


Target = AwsTarget | GcpTarget | DigitalOceanTarget | AzureTarget | HostTarget


TARGETS: dict[str, type[Any]] = {
    "aws": AwsTarget,
    "gcp": GcpTarget,
    "digitalocean": DigitalOceanTarget,
    "azure": AzureTarget,
    "host": HostTarget,
}

"""The firewall of a LiveKit deployment, derived from the configuration that it really runs with.

    from livekit_firewall import LiveKitFirewall

The component and its parts load Pulumi when they are first asked for; everything else here is pure.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .deployment.derive import Deployment, read_deployment
    from .firewall import LiveKitFirewall
    from .firewall_args import LiveKitFirewallArgs
    from .host.component import HostFirewall
    from .model.addresses import Cidr, Direction, Family, Identity, Packet, Peer
    from .model.errors import ConfigurationError, Finding, FirewallError, Problem, RenderError
    from .model.ports import PortRange, Protocol
    from .model.rules import Reason, Rule, RuleSet
    from .model.services import Audience, Service
    from .platforms.aws.component import AwsFirewall
    from .platforms.aws.target import AwsTarget
    from .platforms.azure.component import AzureFirewall
    from .platforms.azure.target import AzureTarget
    from .platforms.digitalocean.component import DigitalOceanFirewall
    from .platforms.digitalocean.target import DigitalOceanTarget
    from .platforms.gcp.component import GcpFirewall
    from .platforms.gcp.target import GcpTarget
    from .platforms.hetzner.component import HetznerFirewall
    from .platforms.hetzner.target import HetznerTarget
    from .platforms.nftables.target import HostTarget
    from .platforms.running import InvalidArguments

_MODULES = {
    "Audience": ".model.services",
    "AwsFirewall": ".platforms.aws.component",
    "AwsTarget": ".platforms.aws.target",
    "AzureFirewall": ".platforms.azure.component",
    "AzureTarget": ".platforms.azure.target",
    "Cidr": ".model.addresses",
    "ConfigurationError": ".model.errors",
    "Deployment": ".deployment.derive",
    "DigitalOceanFirewall": ".platforms.digitalocean.component",
    "DigitalOceanTarget": ".platforms.digitalocean.target",
    "Direction": ".model.addresses",
    "Family": ".model.addresses",
    "Finding": ".model.errors",
    "FirewallError": ".model.errors",
    "GcpFirewall": ".platforms.gcp.component",
    "GcpTarget": ".platforms.gcp.target",
    "HetznerFirewall": ".platforms.hetzner.component",
    "HetznerTarget": ".platforms.hetzner.target",
    "HostFirewall": ".host.component",
    "HostTarget": ".platforms.nftables.target",
    "Identity": ".model.addresses",
    "InvalidArguments": ".platforms.running",
    "LiveKitFirewall": ".firewall",
    "LiveKitFirewallArgs": ".firewall_args",
    "Packet": ".model.addresses",
    "Peer": ".model.addresses",
    "PortRange": ".model.ports",
    "Problem": ".model.errors",
    "Protocol": ".model.ports",
    "Reason": ".model.rules",
    "RenderError": ".model.errors",
    "Rule": ".model.rules",
    "RuleSet": ".model.rules",
    "Service": ".model.services",
    "read_deployment": ".deployment.derive",
}

__all__ = [
    "Audience",
    "AwsFirewall",
    "AwsTarget",
    "AzureFirewall",
    "AzureTarget",
    "Cidr",
    "ConfigurationError",
    "Deployment",
    "DigitalOceanFirewall",
    "DigitalOceanTarget",
    "Direction",
    "Family",
    "Finding",
    "FirewallError",
    "GcpFirewall",
    "GcpTarget",
    "HetznerFirewall",
    "HetznerTarget",
    "HostFirewall",
    "HostTarget",
    "Identity",
    "InvalidArguments",
    "LiveKitFirewall",
    "LiveKitFirewallArgs",
    "Packet",
    "Peer",
    "PortRange",
    "Problem",
    "Protocol",
    "Reason",
    "RenderError",
    "Rule",
    "RuleSet",
    "Service",
    "read_deployment",
]


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        try:
            return getattr(import_module(_MODULES[name], __name__), name)
        except ModuleNotFoundError as error:
            if error.name != "pulumi":
                raise
            from .inputs.extras import install_line, lacking

            raise ImportError(
                f"{name} {lacking('pulumi', 'pulumi')}; {install_line('pulumi')}", name="pulumi"
            ) from None
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

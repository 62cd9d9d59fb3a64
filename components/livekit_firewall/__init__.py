"""The firewall of a LiveKit deployment, derived from the configuration that it really runs with.

    from livekit_firewall import LiveKitFirewall

The component and its parts load Pulumi when they are first asked for; everything else here is pure.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .deployment.derive import Deployment, read_deployment
from .model.addresses import Cidr, Direction, Family, Identity, Packet, Peer
from .model.errors import ConfigurationError, Finding, FirewallError, Problem, RenderError
from .model.ports import PortRange, Protocol
from .model.rules import Reason, Rule, RuleSet
from .model.services import Audience, Service
from .platforms.aws.target import AwsTarget
from .platforms.azure.target import AzureTarget
from .platforms.digitalocean.target import DigitalOceanTarget
from .platforms.gcp.target import GcpTarget
from .platforms.nftables.target import HostTarget

if TYPE_CHECKING:
    from .firewall import LiveKitFirewall
    from .firewall_args import LiveKitFirewallArgs
    from .host.component import HostFirewall
    from .platforms.aws.component import AwsFirewall
    from .platforms.azure.component import AzureFirewall
    from .platforms.digitalocean.component import DigitalOceanFirewall
    from .platforms.gcp.component import GcpFirewall
    from .platforms.running import InvalidArguments

_LOADED_LATER = {
    "AwsFirewall": ".platforms.aws.component",
    "AzureFirewall": ".platforms.azure.component",
    "DigitalOceanFirewall": ".platforms.digitalocean.component",
    "GcpFirewall": ".platforms.gcp.component",
    "HostFirewall": ".host.component",
    "InvalidArguments": ".platforms.running",
    "LiveKitFirewall": ".firewall",
    "LiveKitFirewallArgs": ".firewall_args",
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
    if name in _LOADED_LATER:
        try:
            return getattr(import_module(_LOADED_LATER[name], __name__), name)
        except ModuleNotFoundError as error:
            if error.name != "pulumi":
                raise
            from .inputs.extras import install_line, lacking

            raise ImportError(
                f"{name} {lacking('pulumi', 'pulumi')}; {install_line('pulumi')}", name="pulumi"
            ) from None
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

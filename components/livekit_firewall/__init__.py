"""The firewall of a LiveKit deployment, derived from the configuration that it really runs with.

    from livekit_firewall import LiveKitFirewall

The component and its parts load Pulumi when they are first asked for; everything else here is pure.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .deployment import Deployment, read_deployment
from .errors import ConfigurationError, Finding, FirewallError, Problem, RenderError
from .net import Cidr, Direction, Family, Identity, Packet, Peer, PortRange, Protocol
from .rules import Reason, Rule, RuleSet
from .services import Audience, Service
from .targets import AwsTarget, AzureTarget, DigitalOceanTarget, GcpTarget, HostTarget

if TYPE_CHECKING:
    from .clouds.aws.component import AwsFirewall
    from .clouds.azure.component import AzureFirewall
    from .clouds.digitalocean.component import DigitalOceanFirewall
    from .clouds.gcp.component import GcpFirewall
    from .clouds.nftables.component import HostFirewall
    from .clouds.running import InvalidArguments
    from .firewall import LiveKitFirewall
    from .firewall_args import LiveKitFirewallArgs

_LOADED_LATER = {
    "AwsFirewall": ".clouds.aws.component",
    "AzureFirewall": ".clouds.azure.component",
    "DigitalOceanFirewall": ".clouds.digitalocean.component",
    "GcpFirewall": ".clouds.gcp.component",
    "HostFirewall": ".clouds.nftables.component",
    "InvalidArguments": ".clouds.running",
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
        return getattr(import_module(_LOADED_LATER[name], __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

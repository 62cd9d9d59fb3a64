"""The arguments of `LiveKitFirewall` as types, for Python's checkers and editors and the schema of other languages.

Only descriptions and shapes are here and in what this imports: one module for each platform, for the services and for
the audiences. What each key accepts, its default and its checks are `deployment.arguments.Arguments`. A test holds the
two to the same keys. The schema knows no unions: `hosted.component` takes the last alternative of each, so the longest
form is written last.
"""

# no `from __future__ import annotations`: Pulumi's analyzer cannot read string annotations

from typing import Literal, TypedDict

from .audience_args import Block, ClientsArgs, ClusterArgs, ExtraRuleArgs, LoadBalancerArgs, OperatorsArgs, TrunkArgs
from .inputs.argument_types import FilePath, SequenceNotStr
from .platforms.aws.args import AwsArgs, PrefixListArgs, PrefixListsArgs
from .platforms.azure.args import AzureArgs, ServiceTagsArgs
from .platforms.by_audience_args import ByAudienceArgs
from .platforms.digitalocean.args import DigitalOceanArgs
from .platforms.gcp.args import GcpArgs, GcpLogConfigArgs
from .platforms.hetzner.args import HetznerArgs
from .platforms.nftables.args import HostArgs
from .service_args import (
    HttpsArgs,
    IngressArgs,
    IngressRtcArgs,
    PlugnmeetArgs,
    PrometheusArgs,
    SipArgs,
    SipTlsArgs,
    TurnArgs,
    VersionsArgs,
)


class LiveKitFirewallArgs(TypedDict, total=False):
    """What runs on the node, who may reach it, and which firewalls say so. Every key is optional but one target."""

    # None is as if the key were left out, here and in all sections. The types do not take it in place of a section,
    # since checkers would no longer name a wrong key in one.

    livekit: bool | None
    """Whether livekit-server runs on this node; true by default."""
    port: int | None
    """API and WebSocket, 7880 by default; opens to the load balancer and the cluster only."""
    tcp_port: int | None
    """ICE over TCP, 7881 by default; 0 is off."""
    udp_port: int | str | None
    """ICE over UDP on one port or a few ("7882" or "7882-7892"), in place of the range."""
    port_range_start: int | None
    """First UDP port of ICE, 50000 by default."""
    port_range_end: int | None
    """Last UDP port of ICE, 60000 by default."""
    turn: TurnArgs
    """The embedded TURN server; off by default."""
    prometheus: PrometheusArgs
    """Metrics; off by default."""
    sip: SipArgs
    """LiveKit SIP on this node."""
    ingress: IngressArgs
    """LiveKit ingress on this node."""
    https: bool | HttpsArgs | None
    """A TLS proxy on this node; `true` in Python and in stack config takes its defaults."""
    plugnmeet: bool | FilePath | PlugnmeetArgs | None
    """plugNmeet on this node; `true` or a folder in Python and in stack config."""
    livekit_config: FilePath | None
    """The livekit.yaml that the server runs with, relative to Pulumi.yaml, in place of the keys above."""
    sip_config: FilePath | None
    """The configuration that livekit-sip runs with, in place of `sip`."""
    ingress_config: FilePath | None
    """The configuration that livekit-ingress runs with, in place of `ingress`."""
    egress_config: FilePath | None
    """The configuration that livekit-egress runs with; opens nothing to the internet."""
    compose: FilePath | SequenceNotStr[FilePath] | None
    """The compose files that the services run by, in the order in which Compose merges them; in stack config also a
    single path."""
    helm: FilePath | SequenceNotStr[FilePath] | None
    """Values of LiveKit's Helm charts, each FILE or CHART=FILE; in stack config also a single one."""
    versions: VersionsArgs
    """Which releases of the services run."""
    clients: ClientsArgs
    """Who may reach ICE, TURN, HTTPS and RTMP; anywhere by default."""
    load_balancer: LoadBalancerArgs
    """Who may reach the API and TURN/TLS."""
    trunks: Literal["anywhere"] | SequenceNotStr[Block | TrunkArgs] | None
    """Who may reach SIP and its audio; in Python and in stack config also a list of blocks, or "anywhere"."""
    operators: OperatorsArgs
    """Who may reach SSH, metrics and health; nobody by default, so that no rule of a cloud opens SSH."""
    cluster: ClusterArgs
    """All nodes of the cluster."""
    extra_rules: SequenceNotStr[ExtraRuleArgs] | None
    """What else runs on the node, and who may reach it."""
    ipv6: bool | None
    """False closes IPv6 ingress; true by default."""
    aws: AwsArgs
    """The firewall on AWS."""
    gcp: GcpArgs
    """The firewall on Google Cloud."""
    digitalocean: DigitalOceanArgs
    """The firewall on DigitalOcean."""
    azure: AzureArgs
    """The firewall on Azure."""
    hetzner: HetznerArgs
    """The firewall on Hetzner Cloud."""
    host: HostArgs
    """The firewall on the host itself."""


class RuleOutput(TypedDict):
    """One allow of the rule set."""

    direction: str
    """`ingress`, to the node, or `egress`."""
    protocol: str
    """`tcp` or `udp`."""
    first: int
    """The first port."""
    last: int
    """The last port, which is the first where it is one."""
    peer: str
    """The other end: `anywhere`, a block, or a name such as `load-balancer`."""
    service: str
    """What it is for, such as `ice-udp`."""
    key: str
    """The keys of the configuration that cause it."""
    reason: str
    """Why it is there, for people."""


__all__ = [
    "AwsArgs",
    "AzureArgs",
    "ByAudienceArgs",
    "ClientsArgs",
    "ClusterArgs",
    "DigitalOceanArgs",
    "ExtraRuleArgs",
    "GcpArgs",
    "GcpLogConfigArgs",
    "HetznerArgs",
    "HostArgs",
    "HttpsArgs",
    "IngressArgs",
    "IngressRtcArgs",
    "LiveKitFirewallArgs",
    "LoadBalancerArgs",
    "OperatorsArgs",
    "PlugnmeetArgs",
    "PrefixListArgs",
    "PrefixListsArgs",
    "PrometheusArgs",
    "RuleOutput",
    "ServiceTagsArgs",
    "SipArgs",
    "SipTlsArgs",
    "TrunkArgs",
    "TurnArgs",
    "VersionsArgs",
]

"""The arguments of `LiveKitFirewall` as types, for Python's checkers and editors and the schema of other languages.

Only descriptions and shapes live here; what each key accepts, its default and its checks are
`deployment.arguments.Arguments`. A test holds the two to the same keys. The schema knows no unions: `hosted.component`
takes the last alternative of each, so the longest form is written last.
"""

# no `from __future__ import annotations`: Pulumi's analyzer cannot read string annotations

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network
from pathlib import PurePath
from typing import Literal, TypedDict

import pulumi

from .sequence_not_str import SequenceNotStr

Block = IPv4Network | IPv6Network | str
"""A block of addresses, such as 203.0.113.0/24."""
Blocks = SequenceNotStr[Block] | Mapping[str, pulumi.Input[Block]]
"""Blocks in a list, or by names of your own: one that is an output of another resource needs a name."""
FilePath = PurePath | str
"""A file or a folder; relative ones start from the folder of Pulumi.yaml."""


class TurnArgs(TypedDict, total=False):
    """The TURN server inside livekit-server."""

    enabled: bool | None
    """Whether it runs; off by default."""
    domain: str | None
    """The name that clients connect to; required with tls_port."""
    udp_port: int | None
    """TURN and STUN over UDP; 0 or absent is off."""
    tls_port: int | None
    """TURN over TLS; clients are always told 443, so another port needs a load balancer or https."""
    external_tls: bool | None
    """TLS ends before the node, which then expects plain TCP on tls_port."""
    bind_addresses: SequenceNotStr[str] | None
    """Where it listens; all interfaces by default."""
    relay_range_start: int | None
    """First relay port, 30000 by default; opens to the cluster only."""
    relay_range_end: int | None
    """Last relay port, 40000 by default."""


class PrometheusArgs(TypedDict, total=False):
    """Metrics of livekit-server."""

    port: int | None
    """Opens to operators only; 0 or absent is off."""


class SipTlsArgs(TypedDict, total=False):
    """SIP over TLS."""

    port: int | None
    """The announced port, 5061 by default."""
    port_listen: int | None
    """The bound port where it differs; this is the one that opens."""


class SipArgs(TypedDict, total=False):
    """LiveKit SIP on this node; an empty mapping takes all its defaults."""

    sip_port: int | None
    """The announced signalling port over UDP and TCP, 5060 by default."""
    sip_port_listen: int | None
    """The bound signalling port where it differs; this is the one that opens."""
    tls: SipTlsArgs
    """SIP over TLS, off without this section."""
    rtp_port: str | None
    """Audio ports, "10000-20000" by default."""
    listen_ip: str | None
    """Where signalling listens; all interfaces by default."""
    health_port: int | None
    """Health checks, for operators; 0 or absent is off."""
    prometheus_port: int | None
    """Metrics, for operators; 0 or absent is off."""
    pprof_port: int | None
    """Profiling; never opens."""


class IngressRtcArgs(TypedDict, total=False):
    """WHIP media of LiveKit ingress."""

    udp_port: int | str | None
    """One port or a range; 7885 by default."""
    port_range_start: int | None
    """First of a range of ports, which wins over udp_port."""
    port_range_end: int | None
    """Last of that range."""
    tcp_port: int | None
    """WHIP media over TCP; 0 or absent is off."""


class IngressArgs(TypedDict, total=False):
    """LiveKit ingress on this node; an empty mapping takes all its defaults."""

    rtmp_port: int | None
    """RTMP, 1935 by default; -1 is off."""
    whip_port: int | None
    """WHIP in plain HTTP, 8080 by default, for the load balancer; -1 is off."""
    rtc_config: IngressRtcArgs
    """WHIP media."""
    http_relay_port: int | None
    """Bound to loopback, 9090 by default; never opens."""
    health_port: int | None
    """Health checks, for operators; 0 or absent is off."""
    prometheus_port: int | None
    """Metrics, for operators; 0 or absent is off."""
    debug_handler_port: int | None
    """Debugging; never opens."""


class VersionsArgs(TypedDict, total=False):
    """Which releases run; a file is held against the keys, types and defaults of its own."""

    livekit: str | None
    """Of livekit-server, such as "1.9.11"; the newest known by default."""
    sip: str | None
    """Of livekit-sip; likewise."""
    ingress: str | None
    """Of livekit-ingress; likewise."""
    egress: str | None
    """Of livekit-egress; likewise."""
    chart: str | None
    """Of the Helm chart whose values are read; likewise."""


class HttpsArgs(TypedDict, total=False):
    """A TLS proxy on the node, which also passes TURN/TLS on by name."""

    port: int | None
    """443 by default."""
    acme: bool | None
    """Whether port 80 opens for certificates; true by default."""


class PlugnmeetArgs(TypedDict, total=False):
    """plugNmeet as its installer sets it up."""

    path: FilePath | None
    """The folder of an installation, whose livekit.yaml, ingress.yaml, sip.yaml and config.yaml are read."""
    sip: bool | None
    """Whether SIP is in use."""
    rtmp: bool | None
    """Whether RTMP ingest is in use."""
    whip: bool | None
    """Whether WHIP ingest is in use."""


class ClientsArgs(TypedDict, total=False):
    """Who may reach ICE, TURN, HTTPS and RTMP; anywhere by default."""

    cidrs: Blocks | None
    """Their blocks."""


class LoadBalancerArgs(TypedDict, total=False):
    """Who may reach the API and TURN/TLS in place of the clients."""

    cidrs: Blocks | None
    """Its blocks; a target can name its identity instead."""
    passthrough: bool | None
    """It keeps client addresses, so TURN/TLS opens to the clients, and where `clients` is not the whole internet also
    to cidrs, for health checks; the API stays with cidrs."""


class TrunkArgs(TypedDict, total=False):
    """A SIP carrier."""

    name: str | None
    """For people."""
    signaling: Blocks
    """The blocks that it signals from."""
    media: Blocks
    """The blocks that its audio comes from, often others."""


class OperatorsArgs(TypedDict, total=False):
    """Who may reach SSH, metrics and health; nobody by default."""

    cidrs: Blocks | None
    """Their blocks."""
    ssh_port: int | None
    """22 by default."""


class ClusterArgs(TypedDict, total=False):
    """All nodes of the cluster, this one included, by public address."""

    cidrs: Blocks | None
    """Their blocks."""
    same_group: bool | None
    """Members of this firewall's own group or tags, where the platform can name them."""
    services: SequenceNotStr[Literal["redis", "nats", "mariadb"]] | None
    """Which of redis, nats and mariadb on this node the cluster may use."""


class ExtraRuleArgs(TypedDict, total=False):
    """What else runs on the node, such as an exporter of metrics; never a port of LiveKit's own."""

    name: str
    """Of your own, once in a deployment; required."""
    protocol: Literal["tcp", "udp"]
    """tcp or udp; required."""
    ports: SequenceNotStr[int | str] | int | str
    """A port, a range such as "9100-9110", or a list of these; required."""
    cidrs: Blocks
    """Who may reach it; required."""
    reason: str | None
    """Why, for people, in one line of up to 200 characters."""


IdsByName = Mapping[str, pulumi.Input[str]]
"""Ids under names of your own, by which their rules are known."""


class ByAudienceArgs(TypedDict, total=False):
    """Sources that a platform knows by its own means, beside `cidrs`, for each audience."""

    clients: IdsByName | None
    """Who may reach ICE, TURN, HTTPS and RTMP, in place of anybody."""
    load_balancer: IdsByName | None
    """Who may reach the API and TURN/TLS."""
    trunks: IdsByName | None
    """Who may reach SIP and its audio."""
    operators: IdsByName | None
    """Who may reach SSH, metrics and health."""
    cluster: IdsByName | None
    """All nodes of the cluster."""


class PrefixListArgs(TypedDict):
    """A prefix list of EC2: your own, another account's, or one of AWS. Nothing here knows what it holds."""

    id: pulumi.Input[str]
    """Its id."""
    max_entries: int
    """The most entries that it may have, or the weight of a list of AWS: they count towards the quota of rules."""


ListsByName = Mapping[str, PrefixListArgs]
"""Prefix lists under names of your own, by which their rules are known."""


class PrefixListsArgs(TypedDict, total=False):
    """Prefix lists of EC2, beside `cidrs`, for each audience."""

    clients: ListsByName | None
    """Who may reach ICE, TURN, HTTPS and RTMP, in place of anybody."""
    load_balancer: ListsByName | None
    """Who may reach the API and TURN/TLS, such as CloudFront by its own list."""
    trunks: ListsByName | None
    """Who may reach SIP and its audio."""
    operators: ListsByName | None
    """Who may reach SSH, metrics and health."""
    cluster: ListsByName | None
    """All nodes of the cluster."""


class AwsArgs(TypedDict, total=False):
    """An EC2 security group."""

    vpc_id: pulumi.Input[str] | None
    """The VPC of a new group."""
    security_group_id: pulumi.Input[str] | None
    """An existing group instead, to which rules are added."""
    load_balancer_security_group_ids: SequenceNotStr[str] | Mapping[str, pulumi.Input[str]] | None
    """Groups of the load balancer by names of your own: the only ones that reach the API and TURN/TLS."""
    security_groups: ByAudienceArgs
    """Groups of each audience: the private addresses of whoever has them."""
    prefix_lists: PrefixListsArgs
    """Prefix lists of each audience."""
    egress: bool | None
    """Whether an existing group gets an egress rule to anywhere; a new one always does."""
    baseline: bool | None
    """False leaves ICMP and egress of an existing group to another component, or to whoever else writes them there."""
    exclusive: bool | None
    """Whether every rule of the group that is not of this component is removed, see docs/drift.md."""
    existing_rules: int | None
    """How many rules an existing group holds already, for the quota check."""
    rules_quota: int | None
    """The account's quota of rules in one group, for each direction and family; AWS raises it on request."""
    groups: int | None
    """Over how many new groups the rules are spread, all of which the node needs; above 5, AWS raises the quota."""
    merge_rules: bool | None
    """Whether rules of one source become one where their ports touch: fewer rules, exactly the same packets."""
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None
    """Tags of the group."""
    rule_tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None
    """Tags of each rule; a change of them is an update in place, which cuts no call."""
    region: pulumi.Input[str] | None
    """Another region than the provider's."""


class GcpLogConfigArgs(TypedDict, total=False):
    """Firewall Rules Logging: what is let in, of TCP and UDP."""

    metadata: Literal["INCLUDE_ALL_METADATA", "EXCLUDE_ALL_METADATA"] | None
    """INCLUDE_ALL_METADATA by default; without, entries are smaller and cost less."""


class GcpArgs(TypedDict, total=False):
    """VPC firewall rules of Google Cloud."""

    network: pulumi.Input[str] | None
    """The network."""
    project: pulumi.Input[str] | None
    """Another project than the provider's."""
    target_tags: SequenceNotStr[pulumi.Input[str]] | None
    """The instances, by network tag."""
    target_service_accounts: SequenceNotStr[pulumi.Input[str]] | None
    """The instances, by service account."""
    all_instances: bool | None
    """Every instance of the network; must be said."""
    priority: int | None
    """Of every rule, 1000 by default: denies of the same or a lower number win over them, others lose."""
    log_config: GcpLogConfigArgs
    """Whether connections are logged; an empty mapping takes its defaults."""
    google_load_balancer: bool | None
    """Google's global load balancers, and health checks, reach the API and TURN/TLS, by Google's published ranges."""
    source_tags: ByAudienceArgs
    """Instances that may reach the node, by network tag: what they send from private addresses."""
    source_service_accounts: ByAudienceArgs
    """As `source_tags`, by service account; a rule has tags or accounts, of sources and targets alike."""
    existing_rules: int | None
    """How many firewall rules the project holds already, for the quota check."""
    rules_quota: int | None
    """The project's quota of firewall rules, which Google raises on request; not checked without it."""


class DigitalOceanArgs(TypedDict, total=False):
    """A cloud firewall of DigitalOcean."""

    droplet_ids: SequenceNotStr[pulumi.Input[int] | pulumi.Input[str]] | None
    """The Droplets by id, at most 10."""
    tags: SequenceNotStr[pulumi.Input[str]] | None
    """The Droplets by tag, at most 5; the tags must exist."""
    load_balancer_uids: SequenceNotStr[pulumi.Input[str]] | None
    """The load balancers that reach the API and TURN/TLS."""
    source_tags: ByAudienceArgs
    """Droplets that may reach the node, by tag, as `gcp.source_tags`; the tags must exist."""


class ServiceTagsArgs(TypedDict, total=False):
    """Service tags of Azure, under names of your own, for each audience; never the internet."""

    clients: Mapping[str, str] | None
    """Who may reach ICE, TURN, HTTPS and RTMP, in place of anybody."""
    load_balancer: Mapping[str, str] | None
    """Who may reach the API and TURN/TLS."""
    trunks: Mapping[str, str] | None
    """Who may reach SIP and its audio."""
    operators: Mapping[str, str] | None
    """Who may reach SSH, metrics and health."""
    cluster: Mapping[str, str] | None
    """All nodes of the cluster."""


class AzureArgs(TypedDict, total=False):
    """A network security group of Azure, to be attached to a subnet or a network interface."""

    resource_group_name: pulumi.Input[str] | None
    """The resource group of a new one."""
    network_security_group_id: pulumi.Input[str] | None
    """An existing group instead, to which rules are added; those of others stay, and hold for its machines too."""
    first_priority: int | None
    """Where the rules in an existing group begin, 100 by default; the others keep their distance to the first."""
    deny_all: bool | None
    """False leaves the last deny out of an existing group, whose machines the virtual network then reaches; true by
    default."""
    existing_rules: int | None
    """How many rules an existing group holds already, for the check of its limit."""
    location: pulumi.Input[str] | None
    """Another location than the resource group's."""
    load_balancer_probes: bool | None
    """Whether Azure's load balancer probes are let in."""
    service_tags: ServiceTagsArgs
    """Sources by service tag, such as VirtualNetwork or AzureFrontDoor.Backend."""
    application_security_groups: ByAudienceArgs
    """Sources by application security group, as `service_tags`: what its members send from private addresses."""
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None
    """Tags of the group."""


class HetznerArgs(TypedDict, total=False):
    """A firewall of Hetzner Cloud, which filters the public interface of servers and no private network."""

    server_ids: SequenceNotStr[pulumi.Input[int] | pulumi.Input[str]] | None
    """The servers by id."""
    label_selectors: SequenceNotStr[pulumi.Input[str]] | None
    """The servers by label, such as app=livekit; one that selects none protects none."""
    private_load_balancer: bool | None
    """Whether the load balancer reaches the API and TURN/TLS by the private network, which needs no rule."""
    labels: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None
    """Labels of the firewall; those that are taken out of the program stay."""


class HostArgs(TypedDict, total=False):
    """The nftables ruleset of a Linux host."""

    path: FilePath | None
    """The file to write, relative to Pulumi.yaml; without it the ruleset is an output only."""
    apply: bool | None
    """Whether it is loaded on the machine that runs Pulumi, as root, and at each of its boots; see docs/host.md."""
    confirm: Literal["manual", "automatic"] | None
    """Manual waits for `livekit-firewall host confirm` in a new login, automatic tries a new connection to SSH."""
    confirm_timeout: int | None
    """Seconds until a ruleset that nobody confirmed is rolled back, 60 by default."""


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
    "PrometheusArgs",
    "RuleOutput",
    "SipArgs",
    "SipTlsArgs",
    "TrunkArgs",
    "TurnArgs",
    "VersionsArgs",
]

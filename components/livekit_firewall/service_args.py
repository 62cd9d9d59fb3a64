"""The arguments that say what runs on the node, as types."""

# no `from __future__ import annotations`: Pulumi's analyzer cannot read string annotations

from typing import TypedDict

from .inputs.argument_types import FilePath, SequenceNotStr


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

"""The configuration that plugNmeet's installer writes on a node, as values for the readers of LiveKit's settings.

Facts: mynaparrot/plugNmeet-install install-files/{livekit,ingress,sip,config}.yaml, haproxy_main.cfg at
358aa609. All its containers use the host's network and bind all interfaces: only the firewall limits access.
"""

from __future__ import annotations

from typing import Any

from ..model.ports import PortRange
from .tree import Tree

LIVEKIT: dict[str, Any] = {
    "port": 7880,
    "rtc": {"port_range_start": 50000, "port_range_end": 60000, "tcp_port": 7881, "use_external_ip": True},
    # 443/udp is announced to every client, so it is required, although plugNmeet's documentation calls it optional
    "turn": {"enabled": True, "udp_port": 443, "tls_port": 5349, "external_tls": True, "domain": "TURN_SERVER_DOMAIN"},
}
INGRESS: dict[str, Any] = {"rtmp_port": 1936, "whip_port": 8089, "health_port": 8088}
SIP: dict[str, Any] = {"sip_port": 5060, "rtp_port": "10000-20000", "health_port": 8090}

# HAProxy's inner frontend (accepts forged PROXY headers), plugnmeet-server, NATS WebSocket without TLS,
# etherpad, certbot during renewal; no other machine connects to any of them
INTERNAL_PORTS = (81, 8080, 8222, 9001, 9080)

# ports that the installer's `enable_ufw` opens to anywhere, besides SSH (install.sh:483-499), in use or not
UFW = (
    PortRange.tcp(80),
    PortRange.tcp(443),
    PortRange.tcp(1935),
    PortRange.tcp(7881),
    PortRange.tcp(5060, 5061),
    PortRange.udp(443),
    PortRange.udp(5060, 5061),
    PortRange.udp(10000, 20000),
    PortRange.udp(50000, 60000),
)


def has_sip(installation: Tree) -> bool:
    """Whether plugNmeet's own config.yaml enables its SIP service."""
    return installation["livekit_sip_info.enabled"].given is True

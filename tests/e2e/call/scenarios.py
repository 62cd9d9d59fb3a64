"""The deployments that are put to the test with real calls, and for every rule of theirs who it is there for.

A scenario is a livekit.yaml, the arguments beside it, and by service the needs that its rules serve:

    Scenario("TCP only", rtc("tcp_port: 7881, force_tcp: true"), {**API, **TCP}),

That is all it takes: test_scenarios.py holds a call for each need, test_each_rule.py takes the rule away and sees the
call fail. A rule that serves no need named here fails a test, and so does a need that no rule serves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from livekit_firewall.model.services import Service

from .lab import (
    BALANCER,
    BALANCER6,
    BALANCERS,
    HEAD,
    NODE,
    NODE6,
    NODE_IP,
    OPERATOR,
    OPERATOR6,
    SERVER,
    SERVER6,
    TRUNK,
    TRUNK6,
)
from .needs import (
    A_BALANCER,
    ACME,
    AN_OPERATOR,
    API,
    BY_HTTPS,
    DIRECT,
    ITS_METRICS,
    ITS_REDIS,
    MEDIA,
    ONLY_443,
    ONLY_443_AT_BALANCER,
    RELAYED,
    RELAYED_IPV4,
    RTMP_STREAMER,
    SECOND_NODE,
    SECOND_NODE_RELAY,
    STUN_IPV6_AT_BALANCER,
    TCP,
    THROUGH_BALANCER,
    TRUNK_RTP,
    TRUNK_SIP,
    TURN_UDP,
    UDP,
    WHIP_STREAMER,
    Needs,
)


@dataclass(frozen=True, eq=False)
class Scenario:
    """Attributes:
    name: for people.
    text: of livekit.yaml, or "": there is no livekit-server.
    needs: by service.
    arguments: beside livekit.yaml; the load balancer is ours unless told otherwise.
    port: that is joined at.
    proxy: whether that is one of a proxy on the node, instead of livekit-server's own at the load balancer.
    """

    name: str
    text: str
    needs: Needs
    arguments: Mapping[str, Any] = field(default_factory=dict)
    port: int = 7880
    proxy: bool = False

    @property
    def given(self) -> dict[str, Any]:
        """The arguments, complete but for livekit.yaml."""
        return {"load_balancer": {"cidrs": BALANCERS}, **self.arguments}

    def __str__(self) -> str:
        return self.name


def rtc(more: str, node_ip: str = NODE_IP) -> str:
    return f"{HEAD}rtc: {{{node_ip}, {more}}}\n"


def both(*addresses: str) -> list[str]:
    return [f"{one}/{128 if ':' in one else 32}" for one in addresses]


RANGE = rtc("tcp_port: 7881, port_range_start: 50000, port_range_end: 60000")
DOMAIN = "turn.example.com"
CERTIFICATE = "cert_file: turn.pem, key_file: turn.key"
"""Of DOMAIN, where the laboratory puts it."""
TURN = f"enabled: true, domain: {DOMAIN}"
BOTH_BOUND = f'bind_addresses: [{SERVER}, "{SERVER6}"]'

ONLY_IPV4 = {"ipv6": False, "load_balancer": {"cidrs": both(BALANCER)}}

SCENARIOS = [
    # Both families everywhere: each is a need of its own.
    Scenario("default range", HEAD + f"rtc: {{{NODE_IP}}}\n", DIRECT),
    Scenario("mux", rtc("tcp_port: 7881, udp_port: 7882"), DIRECT),
    Scenario("mux pool", rtc("tcp_port: 7881, udp_port: 7882-7892"), DIRECT),
    Scenario("TCP only", rtc("tcp_port: 7881, force_tcp: true"), {**API, **TCP}),
    Scenario("UDP only", rtc("tcp_port: 0, udp_port: 7882"), {**API, **UDP}, ONLY_IPV4),
    Scenario("TURN over UDP", f"{RANGE}turn: {{{TURN}, udp_port: 3478}}\n", {**DIRECT, **TURN_UDP}),
    Scenario(
        "TURN over UDP, relaying in both families",
        f"{RANGE}turn: {{{TURN}, udp_port: 3478, {BOTH_BOUND}}}\n",
        {**DIRECT, Service.TURN_UDP: [RELAYED]},
    ),
    Scenario(
        "TURN over TLS on 443",
        f"{RANGE}turn: {{{TURN}, tls_port: 443, {CERTIFICATE}, {BOTH_BOUND}}}\n",
        {**DIRECT, Service.TURN_TLS: [ONLY_443]},
        {"load_balancer": {"cidrs": BALANCERS, "passthrough": True}},
    ),
    Scenario(
        "TURN over TLS behind a load balancer",
        f"{RANGE}turn: {{{TURN}, tls_port: 443, {CERTIFICATE}}}\n",
        {**DIRECT, Service.TURN_TLS: [ONLY_443_AT_BALANCER, STUN_IPV6_AT_BALANCER]},
    ),
    Scenario(
        "IPv6 only",
        rtc("tcp_port: 7881, port_range_start: 50000, port_range_end: 60000", f'node_ip: "{SERVER6}"'),
        DIRECT,
        {"load_balancer": {"cidrs": both(BALANCER6)}, "clients": {"cidrs": ["::/0"]}},
    ),
    Scenario("IPv4 only", RANGE, DIRECT, ONLY_IPV4),
    Scenario(
        "custom ports",
        HEAD.replace("7880", "8880")
        + f"rtc: {{{NODE_IP}, tcp_port: 8881, port_range_start: 40000, port_range_end: 40100}}\n"
        + f"turn: {{{TURN}, udp_port: 443}}\n",
        {**DIRECT, Service.TURN_UDP: [RELAYED_IPV4]},
        ONLY_IPV4,
        port=8880,
    ),
    Scenario(
        "a TLS proxy on the node",
        rtc("tcp_port: 7881, udp_port: 7882"),
        {**MEDIA, Service.HTTPS: [BY_HTTPS], Service.HTTP: [ACME]},
        {"load_balancer": None, "https": True},
        port=443,
        proxy=True,
    ),
    Scenario(
        "a cluster and its operators",
        f"{RANGE}turn: {{{TURN}, udp_port: 3478}}\nprometheus: {{port: 6789}}\n",
        {
            **MEDIA, Service.TURN_UDP: [RELAYED_IPV4],
            Service.API: [THROUGH_BALANCER, SECOND_NODE], Service.TURN_RELAY: [SECOND_NODE_RELAY],
            Service.REDIS: [ITS_REDIS], Service.SSH: [AN_OPERATOR], Service.METRICS: [ITS_METRICS],
        },
        {
            "load_balancer": {"cidrs": both(BALANCER)}, "operators": {"cidrs": both(OPERATOR, OPERATOR6)},
            "cluster": {"cidrs": both(NODE, NODE6), "services": ["redis"]}, "clients": {"cidrs": ["0.0.0.0/0"]},
        },
    ),
    Scenario(
        "telephones and streams",
        "",
        {
            Service.SIP: [TRUNK_SIP], Service.SIP_RTP: [TRUNK_RTP], Service.RTMP: [RTMP_STREAMER],
            Service.WHIP: [A_BALANCER], Service.WHIP_ICE_UDP: [WHIP_STREAMER], Service.WHIP_ICE_TCP: [WHIP_STREAMER],
            Service.HEALTH: [AN_OPERATOR], Service.SSH: [AN_OPERATOR],
        },
        {
            "livekit": False, "sip": {"health_port": 8081}, "ingress": {"rtc_config": {"tcp_port": 7886}},
            "trunks": both(TRUNK, TRUNK6), "operators": {"cidrs": both(OPERATOR, OPERATOR6), "ssh_port": 2222},
        },
    ),
]  # fmt: skip

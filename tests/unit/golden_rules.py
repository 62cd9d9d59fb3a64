"""Small fixed rule sets, one per kind of deployment, that every platform renders into its goldens.

Written out by hand and not derived from settings: a change in what a deployment listens on must not
move the goldens of the platforms.
"""

from __future__ import annotations

from dataclasses import dataclass

from livekit_firewall.model.addresses import Cidr, Identity, Peer
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Reason, Rule, RuleSet
from livekit_firewall.model.services import Service

ANYWHERE = Peer.anywhere()
ANY_IPV4 = Peer.any_ipv4()
LOAD_BALANCER = Peer.of(Identity.LOAD_BALANCER)
SAME_GROUP = Peer.of(Identity.SAME_GROUP)


@dataclass(frozen=True)
class Scenario:
    """A rule set and the argument `ipv6` that it comes with."""

    rules: RuleSet
    ipv6: bool = True


def _rule(ports: PortRange, service: Service, *keys: str, to: Peer | str = ANYWHERE) -> Rule:
    peer = Peer.of(Cidr.parse(to)) if isinstance(to, str) else to
    reasons = (Reason(key, f"{service.label} listens here") for key in keys)
    return Rule(ports, peer, service, tuple(sorted(reasons)))


def _media(to: Peer = ANYWHERE) -> list[Rule]:
    """What clients of a default livekit-server need."""
    keys = "rtc.port_range_start", "rtc.port_range_end"
    return [
        _rule(PortRange.udp(50000, 60000), Service.ICE_UDP, *keys, to=to),
        _rule(PortRange.tcp(7881), Service.ICE_TCP, "rtc.tcp_port", to=to),
    ]


def _behind(*load_balancers: Peer | str) -> list[Rule]:
    return [
        rule
        for peer in load_balancers
        for rule in (
            _rule(PortRange.tcp(7880), Service.API, "port", to=peer),
            _rule(PortRange.tcp(5349), Service.TURN_TLS, "turn.tls_port", to=peer),
        )
    ]


def _sip(*blocks: str) -> list[Rule]:
    return [
        rule
        for block in blocks
        for rule in (
            _rule(PortRange.udp(5060), Service.SIP, "sip.sip_port", to=block),
            _rule(PortRange.tcp(5060), Service.SIP, "sip.sip_port", to=block),
            _rule(PortRange.tcp(5061), Service.SIP_TLS, "sip.tls.port", to=block),
            _rule(PortRange.udp(10000, 20000), Service.SIP_RTP, "sip.rtp_port", to=block),
        )
    ]


def _operators(*blocks: str) -> list[Rule]:
    return [
        rule
        for block in blocks
        for rule in (
            _rule(PortRange.tcp(22), Service.SSH, "operators.ssh_port", to=block),
            _rule(PortRange.tcp(6789), Service.METRICS, "prometheus.port", to=block),
        )
    ]


def _cluster(*peers: Peer | str) -> list[Rule]:
    relay = "turn.relay_range_start", "turn.relay_range_end"
    return [
        rule
        for peer in peers
        for rule in (
            _rule(PortRange.tcp(7880), Service.API, "port", to=peer),
            _rule(PortRange.udp(30000, 40000), Service.TURN_RELAY, *relay, to=peer),
            _rule(PortRange.tcp(6379), Service.REDIS, "cluster.services", to=peer),
        )
    ]


def _extra(name: str, ports: PortRange, *blocks: str) -> list[Rule]:
    return [_rule(ports, Service.EXTRA, f"extra_rules.{name}", to=block) for block in blocks]


_TURN_UDP = _rule(PortRange.udp(3478), Service.TURN_UDP, "turn.udp_port")
_BALANCERS = ("10.0.0.0/24", "10.0.1.0/24", "2001:db8:1::/64")

SCENARIOS: dict[str, Scenario] = {
    # livekit-server's defaults; only a load balancer that the platform knows reaches the API.
    "load-balancer-identity": Scenario(RuleSet.of([*_media(), *_behind(LOAD_BALANCER)])),
    # The same, the load balancer named by its addresses, TURN over UDP as well.
    "load-balancer-cidrs": Scenario(RuleSet.of([*_media(), _TURN_UDP, *_behind(*_BALANCERS)])),
    # `ipv6: false`: no rule for IPv6, and none in the baseline.
    "ipv4-only": Scenario(RuleSet.of([*_media(ANY_IPV4), *_behind("10.0.0.0/24")]), ipv6=False),
    # The plugNmeet preset: everything on one node behind its own proxy.
    "plugnmeet": Scenario(
        RuleSet.of([
            *_media(),
            _rule(PortRange.tcp(80), Service.HTTP, "plugnmeet"),
            _rule(PortRange.tcp(443), Service.HTTPS, "plugnmeet"),
            _rule(PortRange.udp(443), Service.TURN_UDP, "plugnmeet"),
        ])
    ),
    # SIP for two trunks, operators of both families, a cluster by addresses.
    "sip-operators-cluster": Scenario(
        RuleSet.of([
            *_sip("198.51.100.0/24", "2001:db8:5::/48"),
            *_operators("203.0.113.0/28", "2001:db8:7::/64"),
            *_cluster("192.0.2.0/29"),
        ])
    ),
    # What else runs on the node: two rules of different sources, and one of sources that both have.
    "extra-rules": Scenario(
        RuleSet.of([
            *_media(),
            *_extra("node-exporter", PortRange.tcp(9100), "203.0.113.0/28", "2001:db8:7::/64"),
            *_extra("process-exporter", PortRange.tcp(9256), "192.0.2.0/29", "203.0.113.0/28"),
            *_extra("statsd", PortRange.udp(8125, 8126), "192.0.2.0/29"),
        ])
    ),
    # Every service that has a port of its own, both identities.
    "everything": Scenario(
        RuleSet.of([
            *_media(),
            _TURN_UDP,
            *_behind(LOAD_BALANCER),
            *_sip("198.51.100.0/24", "198.51.101.0/24"),
            *_operators("203.0.113.0/28"),
            *_cluster(SAME_GROUP),
            _rule(PortRange.tcp(80), Service.HTTP, "https"),
            _rule(PortRange.tcp(443), Service.HTTPS, "https"),
            _rule(PortRange.tcp(1935), Service.RTMP, "ingress.rtmp_port"),
            _rule(PortRange.tcp(8080), Service.WHIP, "ingress.whip_port", to=LOAD_BALANCER),
            _rule(PortRange.udp(7885), Service.WHIP_ICE_UDP, "ingress.rtc_config.udp_port"),
            _rule(PortRange.tcp(4222), Service.NATS, "cluster.services", to=SAME_GROUP),
            _rule(PortRange.tcp(3306), Service.MARIADB, "cluster.services", to=SAME_GROUP),
        ])
    ),
}  # fmt: skip

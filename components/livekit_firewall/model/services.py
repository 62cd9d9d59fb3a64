"""What a port is for, and who should reach it: the words `Service` and `Audience`.

`SERVICES` is the one table of what each service is called for people and whether it is internal, that
is: must never be reachable from the internet (reference: LiveKit's "Ports and firewall" page, column
"Exposed", and what the services' code says of authentication).
"""

from __future__ import annotations

from enum import Enum

from msgspec import Struct


class Audience(str, Enum):
    """Who should reach a listener: intent, where `Exposure` is the result."""

    PUBLIC = "public"
    LOAD_BALANCER = "load-balancer"
    TRUNK = "trunk"
    CLUSTER = "cluster"
    OPERATOR = "operator"
    NOBODY = "nobody"

    def __str__(self) -> str:
        return self.value


class Service(str, Enum):
    """What a socket is for. The value is stable: it is part of resource names and of JSON."""

    HTTPS = "https"
    HTTP = "http"
    API = "api"
    WEBTRANSPORT = "webtransport"
    ICE_UDP = "ice-udp"
    ICE_TCP = "ice-tcp"
    TURN_UDP = "turn-udp"
    TURN_TLS = "turn-tls"
    TURN_RELAY = "turn-relay"
    SIP = "sip"
    SIP_TLS = "sip-tls"
    SIP_RTP = "sip-rtp"
    RTMP = "rtmp"
    WHIP = "whip"
    WHIP_ICE_UDP = "whip-ice-udp"
    WHIP_ICE_TCP = "whip-ice-tcp"
    SSH = "ssh"
    METRICS = "metrics"
    HEALTH = "health"
    REDIS = "redis"
    NATS = "nats"
    MARIADB = "mariadb"
    DEBUG = "debug"
    INTERNAL = "internal"

    def __str__(self) -> str:
        return self.value

    @property
    def label(self) -> str:
        """The name for people, within 16 characters of A-Z, a-z, 0-9, space and `/`."""
        return SERVICES[self].label

    @property
    def purpose(self) -> str:
        """What it is for, as a phrase without a full stop."""
        return SERVICES[self].purpose

    @property
    def is_internal(self) -> bool:
        """Whether opening it to the internet is an error, whatever the input says."""
        return SERVICES[self].is_internal

    @property
    def order(self) -> int:
        """Its place in every listing: what everybody reaches first, what nobody reaches last."""
        return _ORDER[self]


class About(Struct, frozen=True):
    label: str
    purpose: str
    is_internal: bool = False


SERVICES = {
    Service.HTTPS: About("HTTPS", "web, API and TURN/TLS through the TLS proxy"),
    Service.HTTP: About("HTTP", "certificates by ACME, and the redirect to HTTPS"),
    Service.API: About("API", "API and WebSocket signalling in plain text", is_internal=True),
    Service.WEBTRANSPORT: About("WebTransport", "agents over HTTP/3", is_internal=True),
    Service.ICE_UDP: About("ICE/UDP", "media over UDP"),
    Service.ICE_TCP: About("ICE/TCP", "media over TCP, when UDP is blocked"),
    Service.TURN_UDP: About("TURN/UDP", "TURN and STUN over UDP"),
    Service.TURN_TLS: About("TURN/TLS", "TURN over TLS, when nothing else gets through"),
    Service.TURN_RELAY: About("TURN relay", "relayed media between nodes", is_internal=True),
    Service.SIP: About("SIP", "SIP signalling"),
    Service.SIP_TLS: About("SIP/TLS", "SIP signalling over TLS"),
    Service.SIP_RTP: About("SIP RTP", "telephone audio"),
    Service.RTMP: About("RTMP", "RTMP ingest"),
    Service.WHIP: About("WHIP", "WHIP ingest in plain text", is_internal=True),
    Service.WHIP_ICE_UDP: About("WHIP ICE/UDP", "WHIP media over UDP"),
    Service.WHIP_ICE_TCP: About("WHIP ICE/TCP", "WHIP media over TCP"),
    Service.SSH: About("SSH", "administration"),
    Service.METRICS: About("Metrics", "Prometheus metrics", is_internal=True),
    Service.HEALTH: About("Health", "health checks", is_internal=True),
    Service.REDIS: About("Redis", "state shared by the nodes", is_internal=True),
    Service.NATS: About("NATS", "messages between plugNmeet's nodes", is_internal=True),
    Service.MARIADB: About("MariaDB", "plugNmeet's database", is_internal=True),
    Service.DEBUG: About("Debug", "pprof and debug pages without authentication", is_internal=True),
    Service.INTERNAL: About("Internal", "parts of plugNmeet behind its proxy", is_internal=True),
}
_ORDER = {service: place for place, service in enumerate(Service)}

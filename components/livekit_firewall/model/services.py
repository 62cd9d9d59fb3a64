"""What a port is for, and who should reach it: the words `Service` and `Audience`.

`SERVICES` is the one table of what each service is. Whether it is internal, that is: must never be reachable from the
internet, is by LiveKit's "Ports and firewall" page, column "Exposed", and by what the services' code says of
authentication.
"""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from .ports import PortRange, Protocol
from .text_enum import TextEnum


class Audience(TextEnum):
    """Who should reach a listener: intent, where `Exposure` is the result."""

    PUBLIC = "public"
    LOAD_BALANCER = "load-balancer"
    TRUNK = "trunk"
    CLUSTER = "cluster"
    OPERATOR = "operator"
    NOBODY = "nobody"


class Service(TextEnum):
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
    EXTRA = "extra"

    @property
    def record(self) -> ServiceRecord:
        """What it is."""
        return SERVICES[self]

    @property
    def label(self) -> str:
        """The name for people."""
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


class Question(str, Enum):
    """What a client of a service can ask it without credentials, and over what."""

    STUN_UDP = "stun over udp"
    STUN_TLS = "stun over tls"
    HTTP = "http over tcp"
    HTTPS = "http over tls"
    SIP_UDP = "sip over udp"
    SIP_TCP = "sip over tcp"
    SIP_TLS = "sip over tls"
    RTMP = "rtmp over tcp"

    @property
    def protocol(self) -> Protocol:
        return Protocol.UDP if self.value.endswith("udp") else Protocol.TCP


class ServiceRecord(Struct, frozen=True):
    """All that is to know of a service, whatever the deployment.

    Attributes:
        label: the name for people, within 16 characters of A-Z, a-z, 0-9, space and `/`.
        purpose: what it is for, as a phrase without a full stop.
        group: of services that usually have the same sources; the name of their rules on Google Cloud, `trunk/media`
            where `trunk` may stand for more than one group. A wrong guess costs a rule, never an opening.
        band: where its rules stand on Azure: the first of its hundred priorities. A number is never reused or moved,
            and a new service takes the next free hundred, so that no rule that exists gets another number.
        is_internal: whether it must never be reachable from the internet, whatever the input says.
        is_media: whether it carries a call.
        is_needed: whether clients or their load balancer cannot do without it.
        is_data: whether it is the nodes' common data, which `cluster.services` opens; its usual port is its default.
        has_range: whether it usually takes a range of UDP ports.
        usual_ports: what usually is it: defaults and samples of livekit-server, SIP, ingress and plugNmeet.
        closed_port: a TCP port that is closed on any node unless a rule says otherwise, whatever the configuration
            tells; 0 for none.
        reached_by: who it most likely is that some of the world reaches it for; None where nothing tells.
        questions: what a checker asks it.
        is_announced: whether clients are told the very port that it binds, so that nothing may forward another one.
        images: the names of container images that are it.
    """

    label: str
    purpose: str
    group: str
    band: int
    is_internal: bool = False
    is_media: bool = False
    is_needed: bool = False
    is_data: bool = False
    has_range: bool = False
    usual_ports: tuple[PortRange, ...] = ()
    closed_port: int = 0
    reached_by: Audience | None = None
    questions: tuple[Question, ...] = ()
    is_announced: bool = False
    images: tuple[str, ...] = ()


# fmt: off
# A row takes two to four lines, of which the formatter would make ten.
SERVICES = {
    Service.HTTPS: ServiceRecord(
        "HTTPS", "web through the TLS proxy", "clients", 200,
        is_needed=True, usual_ports=(PortRange.tcp(443),), questions=(Question.HTTPS,),
    ),
    Service.HTTP: ServiceRecord(
        "HTTP", "certificates by ACME, and the redirect to HTTPS", "clients", 300,
        usual_ports=(PortRange.tcp(80),), questions=(Question.HTTP,),
    ),
    Service.API: ServiceRecord(
        "API", "API and WebSocket signalling in plain text", "backend", 1400,
        is_internal=True, is_needed=True, usual_ports=(PortRange.tcp(7880),), closed_port=7880,
        reached_by=Audience.LOAD_BALANCER, questions=(Question.HTTP,),
    ),
    Service.WEBTRANSPORT: ServiceRecord(
        "WebTransport", "agents over HTTP/3", "backend", 1500,
        is_internal=True,
    ),
    Service.ICE_UDP: ServiceRecord(
        "ICE/UDP", "media over UDP", "clients", 400,
        is_media=True, is_needed=True, has_range=True, usual_ports=(PortRange.udp(7882), PortRange.udp(50000, 60000)),
        is_announced=True,
    ),
    Service.ICE_TCP: ServiceRecord(
        "ICE/TCP", "media over TCP, when UDP is blocked", "clients", 500,
        is_media=True, is_needed=True, usual_ports=(PortRange.tcp(7881),), is_announced=True,
    ),
    Service.TURN_UDP: ServiceRecord(
        "TURN/UDP", "TURN and STUN over UDP", "clients", 600,
        is_media=True, is_needed=True, usual_ports=(PortRange.udp(443), PortRange.udp(3478)),
        questions=(Question.STUN_UDP,), is_announced=True,
    ),
    # its group is alone: its sources are the load balancer or clients
    Service.TURN_TLS: ServiceRecord(
        "TURN/TLS", "TURN over TLS, when nothing else gets through", "turn-tls", 700,
        is_media=True, is_needed=True, usual_ports=(PortRange.tcp(5349),), questions=(Question.STUN_TLS,),
    ),
    Service.TURN_RELAY: ServiceRecord(
        "TURN relay", "relayed media between nodes", "cluster", 2100,
        is_internal=True, is_media=True, has_range=True, is_announced=True, reached_by=Audience.CLUSTER,
    ),
    Service.SIP: ServiceRecord(
        "SIP", "SIP signalling", "trunk/signaling", 1100,
        is_media=True, is_needed=True, usual_ports=(PortRange.tcp(5060), PortRange.udp(5060)),
        reached_by=Audience.TRUNK, questions=(Question.SIP_UDP, Question.SIP_TCP),
    ),
    Service.SIP_TLS: ServiceRecord(
        "SIP/TLS", "SIP signalling over TLS", "trunk/signaling", 1200,
        is_media=True, is_needed=True, usual_ports=(PortRange.tcp(5061),), reached_by=Audience.TRUNK,
        questions=(Question.SIP_TLS,),
    ),
    Service.SIP_RTP: ServiceRecord(
        "SIP RTP", "telephone audio", "trunk/media", 1300,
        is_media=True, is_needed=True, has_range=True, usual_ports=(PortRange.udp(10000, 20000),),
        reached_by=Audience.TRUNK, is_announced=True,
    ),
    Service.RTMP: ServiceRecord(
        "RTMP", "RTMP ingest", "clients", 800,
        is_media=True, is_needed=True, usual_ports=(PortRange.tcp(1935),), questions=(Question.RTMP,),
    ),
    Service.WHIP: ServiceRecord(
        "WHIP", "WHIP ingest in plain text", "backend", 1600,
        is_internal=True, is_needed=True, questions=(Question.HTTP,),
    ),
    Service.WHIP_ICE_UDP: ServiceRecord(
        "WHIP ICE/UDP", "WHIP media over UDP", "clients", 900,
        is_media=True, is_needed=True, has_range=True, usual_ports=(PortRange.udp(7885),), is_announced=True,
    ),
    Service.WHIP_ICE_TCP: ServiceRecord(
        "WHIP ICE/TCP", "WHIP media over TCP", "clients", 1000,
        is_media=True, is_needed=True, is_announced=True,
    ),
    Service.SSH: ServiceRecord(
        "SSH", "administration", "operators", 1700,
        usual_ports=(PortRange.tcp(22),), reached_by=Audience.OPERATOR,
    ),
    Service.METRICS: ServiceRecord(
        "Metrics", "Prometheus metrics", "operators", 1800,
        is_internal=True, usual_ports=(PortRange.tcp(6789),), closed_port=6789, reached_by=Audience.OPERATOR,
    ),
    Service.HEALTH: ServiceRecord(
        "Health", "health checks", "operators", 1900,
        is_internal=True, reached_by=Audience.OPERATOR, questions=(Question.HTTP,),
    ),
    Service.REDIS: ServiceRecord(
        "Redis", "state shared by the nodes", "cluster", 2200,
        is_internal=True, is_data=True, usual_ports=(PortRange.tcp(6379),), closed_port=6379,
        reached_by=Audience.CLUSTER, images=("redis", "valkey", "keydb", "dragonfly"),
    ),
    Service.NATS: ServiceRecord(
        "NATS", "messages between plugNmeet's nodes", "cluster", 2300,
        is_internal=True, is_data=True, usual_ports=(PortRange.tcp(4222), PortRange.tcp(8222)), closed_port=4222,
        reached_by=Audience.CLUSTER, images=("nats",),
    ),
    Service.MARIADB: ServiceRecord(
        "MariaDB", "plugNmeet's database", "cluster", 2400,
        is_internal=True, is_data=True, usual_ports=(PortRange.tcp(3306),), closed_port=3306,
        reached_by=Audience.CLUSTER, images=("mariadb", "mysql"),
    ),
    # the port where Go programs have pprof by habit
    Service.DEBUG: ServiceRecord(
        "Debug", "pprof and debug pages without authentication", "operators", 2000,
        is_internal=True, closed_port=6060,
    ),
    Service.INTERNAL: ServiceRecord(
        "Internal", "parts of plugNmeet behind its proxy", "cluster", 2500,
        is_internal=True,
    ),
    # its group is alone: the sources of each rule are its own
    Service.EXTRA: ServiceRecord(
        "Extra", "what else runs on the node", "extra", 2600,
    ),
}
# fmt: on
_ORDER = {service: place for place, service in enumerate(Service)}

DATA_SERVICES = tuple(service for service in Service if service.record.is_data)
"""What `cluster.services` may name."""

"""Settings to listeners: one for each socket that the deployment opens, whoever may reach it.

for listener in listen(settings):
    print(listener.service.label, listener.ports, listener.audience, listener.key)
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from ..model.addresses import BOTH_FAMILIES, Family
from ..model.errors import Place
from ..model.ports import PortRange
from ..model.services import Audience, Service
from ..settings import Configured, Https, Settings
from ..settings.here import Told, told_here
from ..settings.ingress import Egress, Ingress, whip_media
from ..settings.plugnmeet import INTERNAL_PORTS
from ..settings.refusals import own_ice_blocks
from ..settings.server import Server, ice_udp
from ..settings.sip import Sip, rtp_range
from ..settings.tree import Tree

LOOPBACK_ONLY: frozenset[Family] = frozenset()
RELAY_KEYS = "turn.relay_range_start, turn.relay_range_end"


class Listener(Struct, frozen=True):
    """A socket, or a range of them, that a service opens.

    Attributes:
        service, ports: what for, and where.
        families: in which it can be reached from another machine; empty when bound to loopback.
        key: the key that decides the ports, as the user writes it.
        is_default: whether the ports are the service's own default.
        audience: who should reach it; nobody also while those that it awaits are not named.
        place: where `key` stands.
        awaits: whom a listener for nobody would open to, once they are named; nobody else.
    """

    service: Service
    ports: PortRange
    families: frozenset[Family]
    key: str
    is_default: bool
    audience: Audience
    place: Place
    awaits: Audience = Audience.NOBODY

    def as_json(self) -> dict[str, object]:
        return {
            "service": str(self.service),
            "protocol": str(self.ports.protocol),
            "first": self.ports.first,
            "last": self.ports.last,
            "families": sorted(str(family) for family in self.families),
            "key": self.key,
            "is_default": self.is_default,
            "audience": str(self.audience),
        }


def listen(settings: Settings) -> tuple[Listener, ...]:
    """Every socket of the node, in the order of `Service`. The settings must be free of problems."""
    found = [
        *(_https(settings.https) if settings.https else ()),
        *(_server(settings.server, settings) if settings.server else ()),
        *(_sip(settings.sip) if settings.sip else ()),
        *(_ingress(settings.ingress, settings) if settings.ingress else ()),
        *(_egress(settings.egress) if settings.egress else ()),
        *_data(settings),
        *(_plugnmeet(settings) if settings.plugnmeet else ()),
    ]
    if settings.plugnmeet:
        found = [_behind_haproxy(listener) for listener in found]
    return tuple(sorted(found, key=lambda listener: (listener.service.order, listener.ports, listener.key)))


def _behind_haproxy(listener: Listener) -> Listener:
    """On a plugNmeet node every other part reaches these through HAProxy or on loopback."""
    if listener.service in (Service.API, Service.HEALTH, Service.WHIP):
        return replace(listener, audience=Audience.NOBODY)
    return listener


def bound_families(addresses: Iterable[str]) -> frozenset[Family]:
    """The families of a list of bind addresses, both for a wildcard (Go binds `0.0.0.0` as `[::]`), for
    none at all and for a host name; none for loopback alone.
    """
    given = tuple(addresses) or ("0.0.0.0",)
    families: set[Family] = set()
    for text in given:
        try:
            address = ipaddress.ip_address(text.strip("[]"))
        except ValueError:
            families |= BOTH_FAMILIES if text != "localhost" else LOOPBACK_ONLY
            continue
        if address.is_unspecified:
            families |= BOTH_FAMILIES
        elif not address.is_loopback:
            families.add(Family.IPV4 if address.version == 4 else Family.IPV6)
    return frozenset(families)


def _https(https: Https) -> Iterator[Listener]:
    place = Place("https")
    yield Listener(
        Service.HTTPS, PortRange.tcp(https.port), BOTH_FAMILIES, "https", https.port == 443, Audience.PUBLIC, place
    )
    if https.acme:
        yield Listener(Service.HTTP, PortRange.tcp(80), BOTH_FAMILIES, "https", True, Audience.PUBLIC, place)


class _Maker:
    """Makes listeners that tell the key in the words of where it comes from."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def __call__(
        self,
        service: Service,
        ports: PortRange,
        key: str,
        audience: Audience,
        families: frozenset[Family] = BOTH_FAMILIES,
    ) -> Listener:
        """`key` may be several, comma-separated: the two ends of a range."""
        keys = key.split(", ")
        names = ", ".join(self.tree[one].name for one in keys)
        is_default = not any(self.tree[one].is_set for one in keys)
        audience = audience if families else Audience.NOBODY
        return Listener(service, ports, families, names, is_default, audience, self.tree[keys[0]].place)


def _server(configured: Configured[Server], settings: Settings) -> Iterator[Listener]:
    server, make = configured.own, _Maker(configured.tree)
    rtc, families = server.rtc, _api_families(server, configured.tree)
    media = _media_families(rtc.ips) & _own_ice_families(server, configured.tree)
    is_bound = (
        bool(server.bind_addresses) or not configured.tree["bind_addresses"].is_set
    )  # an empty list binds nothing
    if is_bound:
        yield make(Service.API, PortRange.tcp(server.port), "port", Audience.LOAD_BALANCER, families)
    if rtc.tcp_port:
        yield make(Service.ICE_TCP, PortRange.tcp(rtc.tcp_port), "rtc.tcp_port", Audience.PUBLIC)
    udp = ice_udp(server)
    if udp:
        yield make(Service.ICE_UDP, udp[0], udp[1], Audience.PUBLIC, media)
        if rtc.use_stun_port_as_ice and udp[1] == "rtc.udp_port":
            yield make(Service.ICE_UDP, PortRange.udp(3478), "rtc.use_stun_port_as_ice", Audience.PUBLIC, media)
    yield from _turn(server, settings, make)
    if server.webtransport.port:
        ports = PortRange.udp(server.webtransport.port)
        yield make(Service.WEBTRANSPORT, ports, "webtransport.port", Audience.LOAD_BALANCER, families)
    # the deprecated key overwrites the other one (pkg/service/server.go)
    metrics, key = (
        (server.prometheus_port, "prometheus_port")
        if server.prometheus_port
        else (server.prometheus.port, "prometheus.port")
    )
    if metrics and is_bound:
        yield make(Service.METRICS, PortRange.tcp(metrics), key, Audience.OPERATOR, families)
    if server.debug_handler.port and is_bound:
        ports = PortRange.tcp(server.debug_handler.port)
        yield make(Service.DEBUG, ports, "debug_handler.port", Audience.NOBODY, families)


def _api_families(server: Server, tree: Tree) -> frozenset[Family]:
    """In development without keys and bind addresses the server binds loopback, also when `key_file` is to give
    the keys, which is read later (cmd/server/main.go).
    """
    if server.development and not server.bind_addresses and not tree["keys"].given:
        return LOOPBACK_ONLY
    return bound_families(server.bind_addresses)


def _own_ice_families(server: Server, tree: Tree) -> frozenset[Family]:
    blocks = own_ice_blocks(server, tree)
    return frozenset(Family.IPV6 if ":" in address else Family.IPV4 for address in blocks) or BOTH_FAMILIES


def _media_families(ips: object) -> frozenset[Family]:
    """ICE/UDP binds each local address of both families that `rtc.ips` lets through; includes beat excludes."""
    includes, excludes = (
        [str(block) for block in listed] if isinstance(listed, list) else []
        for listed in ((ips.get("includes"), ips.get("excludes")) if isinstance(ips, dict) else ((), ()))
    )
    if includes:
        return frozenset(Family.IPV6 if ":" in block else Family.IPV4 for block in includes)
    whole = {Family.IPV6 if ":" in block else Family.IPV4 for block in excludes if block.endswith("/0")}
    return BOTH_FAMILIES - whole


def _turn(server: Server, settings: Settings, make: _Maker) -> Iterator[Listener]:
    turn = server.turn
    if not turn.enabled:
        return
    families = bound_families(turn.bind_addresses)
    if turn.udp_port > 0:
        yield make(Service.TURN_UDP, PortRange.udp(turn.udp_port), "turn.udp_port", Audience.PUBLIC, families)
    if turn.tls_port > 0:
        audience = turn_tls_audience(server, settings.passes_turn_on)
        yield make(Service.TURN_TLS, PortRange.tcp(turn.tls_port), "turn.tls_port", audience, families)
    first, last = turn.relay_range_start or 30000, turn.relay_range_end or 40000
    if server.development and not turn.relay_range_start:
        last = 30002
    # a wildcard relays in IPv4 only, though it listens in both (pkg/service/turn.go)
    wildcard = any(address in ("0.0.0.0", "::", "") for address in turn.bind_addresses)
    relayed = frozenset({Family.IPV4}) if wildcard else families
    ports = PortRange.udp(first, last)
    yield make(Service.TURN_RELAY, ports, RELAY_KEYS, Audience.CLUSTER, relayed)


def turn_tls_audience(server: Server, has_proxy: bool) -> Audience:
    """Clients are always told port 443. So 443 is theirs, any other port is the load balancer's, and
    behind a proxy on the node nobody's; plain text (`external_tls`) is never the clients'.
    """
    if has_proxy:
        return Audience.NOBODY
    if server.turn.tls_port == 443 and not server.turn.external_tls:
        return Audience.PUBLIC
    return Audience.LOAD_BALANCER


def _sip(configured: Configured[Sip]) -> Iterator[Listener]:
    sip, make = configured.own, _Maker(configured.tree)
    families = bound_families([sip.listen_ip])
    key = "sip_port_listen" if sip.sip_port_listen else "sip_port"
    for ports in (PortRange.udp(sip.listens_on), PortRange.tcp(sip.listens_on)):
        yield make(Service.SIP, ports, key, Audience.TRUNK, families)
    if sip.tls:
        key = "tls.port_listen" if sip.tls.port_listen else "tls.port"
        ports = PortRange.tcp(sip.tls.port_listen or sip.tls.port)
        yield make(Service.SIP_TLS, ports, key, Audience.TRUNK, families)
    yield make(Service.SIP_RTP, rtp_range(sip), "rtp_port", Audience.TRUNK)  # listen_ip does not bind it
    if sip.health_port:
        yield make(Service.HEALTH, PortRange.tcp(sip.health_port), "health_port", Audience.OPERATOR)
    if sip.prometheus_port:
        yield make(Service.METRICS, PortRange.tcp(sip.prometheus_port), "prometheus_port", Audience.OPERATOR)
    if sip.pprof_port:
        yield make(Service.DEBUG, PortRange.tcp(sip.pprof_port), "pprof_port", Audience.NOBODY)


def _ingress(configured: Configured[Ingress], settings: Settings) -> Iterator[Listener]:
    ingress, make = configured.own, _Maker(configured.tree)
    pnm, rtc = settings.plugnmeet, ingress.rtc_config
    if ingress.rtmp_port > 0:
        audience, service = (Audience.NOBODY, Service.INTERNAL) if pnm else (Audience.PUBLIC, Service.RTMP)
        yield make(service, PortRange.tcp(ingress.rtmp_port), "rtmp_port", audience)
    if ingress.has_whip:
        behind = Audience.NOBODY if settings.https else Audience.LOAD_BALANCER
        yield make(Service.WHIP, PortRange.tcp(ingress.whip_port), "whip_port", behind)
        wanted = Audience.NOBODY if pnm and not pnm.whip else Audience.PUBLIC
        media = whip_media(ingress)
        if media:
            yield make(Service.WHIP_ICE_UDP, media[0], media[1], wanted, _media_families(rtc.ips))
        if rtc.tcp_port:
            yield make(Service.WHIP_ICE_TCP, PortRange.tcp(rtc.tcp_port), "rtc_config.tcp_port", wanted)
    relay = PortRange.tcp(ingress.http_relay_port)
    yield make(Service.INTERNAL, relay, "http_relay_port", Audience.NOBODY, LOOPBACK_ONLY)
    yield from _observed(ingress, make)


def _egress(configured: Configured[Egress]) -> Iterator[Listener]:
    egress, make = configured.own, _Maker(configured.tree)
    if egress.template_port:
        ports = PortRange.tcp(egress.template_port)
        yield make(Service.INTERNAL, ports, "template_port", Audience.NOBODY, LOOPBACK_ONLY)
    yield from _observed(egress, make)


def _observed(own: Ingress | Egress, make: _Maker) -> Iterator[Listener]:
    if own.health_port:
        yield make(Service.HEALTH, PortRange.tcp(own.health_port), "health_port", Audience.OPERATOR)
    if own.prometheus_port:
        yield make(Service.METRICS, PortRange.tcp(own.prometheus_port), "prometheus_port", Audience.OPERATOR)
    if own.debug_handler_port:
        yield make(Service.DEBUG, PortRange.tcp(own.debug_handler_port), "debug_handler_port", Audience.NOBODY)


DATA_PORTS = {"redis": (Service.REDIS, 6379), "nats": (Service.NATS, 4222), "mariadb": (Service.MARIADB, 3306)}


def _data(settings: Settings) -> Iterator[Listener]:
    """Data services, where a file says that they are or else on their usual ports, and the API that others ask for."""
    told = told_here(settings)
    for name, (service, port) in DATA_PORTS.items():
        here = [one for one in told if one.service is service]
        audience = Audience.CLUSTER if name in settings.data else Audience.NOBODY
        is_usual = not here or any(one.port == port for one in here)
        if (name in settings.data and is_usual) or settings.plugnmeet:
            key = "cluster.services" if name in settings.data else "plugnmeet"
            who = audience if is_usual else Audience.NOBODY
            yield Listener(service, PortRange.tcp(port), BOTH_FAMILIES, key, True, who, Place(key))
            here = [one for one in here if one.port != port]
        yield from (_told(one, audience) for one in here)
    server = settings.server.own.port if settings.server else None
    yield from (_told(one, Audience.NOBODY) for one in told if one.service is Service.API and one.port != server)


def _told(one: Told, audience: Audience) -> Listener:
    return Listener(one.service, PortRange.tcp(one.port), BOTH_FAMILIES, one.place.path, False, audience, one.place)


def _plugnmeet(settings: Settings) -> Iterator[Listener]:
    place, pnm = Place("plugnmeet"), settings.plugnmeet
    if pnm and pnm.rtmp:
        yield Listener(Service.RTMP, PortRange.tcp(1935), BOTH_FAMILIES, "plugnmeet.rtmp", True, Audience.PUBLIC, place)
    for port in INTERNAL_PORTS:
        yield Listener(Service.INTERNAL, PortRange.tcp(port), BOTH_FAMILIES, "plugnmeet", True, Audience.NOBODY, place)

"""Settings to listeners: one for each socket that the deployment opens, whoever may reach it.

for listener in listen(settings):
    print(listener.service.label, listener.ports, listener.audience, listener.key)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from ..model.addresses import BOTH_FAMILIES, Family
from ..model.errors import Place
from ..model.ports import PortRange
from ..model.services import DATA_SERVICES, Audience, Service
from ..settings import Configured, Https, Settings
from ..settings.here import told_here
from ..settings.ingress import Egress, Ingress, whip_media
from ..settings.networks import Told
from ..settings.plugnmeet import INTERNAL_PORTS
from ..settings.server import MUX_KEYS, Server, ice_udp
from ..settings.sip import Sip, rtp_range
from ..settings.tree import Tree, Value
from .families import LOOPBACK_ONLY, api_families, bound_families, media_families, own_ice_families, turn_families
from .listener import Listener
from .published import on_node


def listen(settings: Settings) -> tuple[Listener, ...]:
    """Every socket of the node, in the order of `Service`. The settings must be free of problems."""
    found = [
        *(_https(settings.https) if settings.https else ()),
        *(_of("livekit", _server(settings.server, settings), settings) if settings.server else ()),
        *(_of("sip", _sip(settings.sip), settings) if settings.sip else ()),
        *(_of("ingress", _ingress(settings.ingress, settings), settings) if settings.ingress else ()),
        *(_of("egress", _egress(settings.egress), settings) if settings.egress else ()),
        *_data(settings),
        *(_plugnmeet(settings) if settings.plugnmeet else ()),
    ]
    if settings.plugnmeet:
        is_sip_used = bool(settings.plugnmeet.sip)
        found = [_behind_haproxy(listener, is_sip_used=is_sip_used) for listener in found]
    return tuple(sorted(found, key=lambda listener: (listener.service.order, listener.ports, listener.key)))


def _of(owner: str, listeners: Iterable[Listener], settings: Settings) -> Iterator[Listener]:
    """A service's sockets, as the node has them where its container has a network of its own."""
    network = settings.networks.get(owner)
    for listener in (replace(one, owner=owner) for one in listeners):
        yield from on_node(listener, network) if network else (listener,)


def _behind_haproxy(listener: Listener, *, is_sip_used: bool) -> Listener:
    """On a plugNmeet node every other part reaches these through HAProxy or on loopback; its compose file runs
    livekit-sip also where SIP is off.
    """
    is_unused = listener.owner == "sip" and not is_sip_used
    if is_unused or listener.service in (Service.API, Service.HEALTH, Service.WHIP):
        return replace(listener, audience=Audience.NOBODY)
    return listener


def _https(https: Https) -> Iterator[Listener]:
    place = Place("https")
    yield Listener(
        Service.HTTPS, PortRange.tcp(https.port), BOTH_FAMILIES, "https", https.port == 443, Audience.PUBLIC, place
    )
    if https.acme:
        yield Listener(Service.HTTP, PortRange.tcp(80), BOTH_FAMILIES, "https", True, Audience.PUBLIC, place)


def _listener(
    service: Service, ports: PortRange, audience: Audience, *keys: Value, families: frozenset[Family] = BOTH_FAMILIES
) -> Listener:
    """One whose ports are what `keys` say: a port's own, or the two ends of a range."""
    names = ", ".join(key.name for key in keys)
    is_default = not any(key.is_set for key in keys)
    audience = audience if families else Audience.NOBODY
    return Listener(service, ports, families, names, is_default, audience, keys[0].place)


def _tcp(
    service: Service, port: int, audience: Audience, key: Value, families: frozenset[Family] = BOTH_FAMILIES
) -> Listener:
    return _listener(service, PortRange.tcp(port), audience, key, families=families)


def _server(configured: Configured[Server], settings: Settings) -> Iterator[Listener]:
    server, tree = configured.own, configured.tree
    rtc, families = server.rtc, api_families(server, tree)
    media = media_families(rtc.ips) & own_ice_families(server, tree)
    # an empty list binds nothing
    is_bound = bool(server.bind_addresses) or not tree["bind_addresses"].is_set
    if is_bound:
        yield _tcp(Service.API, server.port, Audience.LOAD_BALANCER, tree["port"], families)
    if rtc.tcp_port:
        yield _tcp(Service.ICE_TCP, rtc.tcp_port, Audience.PUBLIC, tree["rtc.tcp_port"])
    udp = ice_udp(rtc, is_development=server.development)
    if udp:
        yield _listener(
            Service.ICE_UDP, udp[0], Audience.PUBLIC, *(tree[f"rtc.{key}"] for key in udp[1]), families=media
        )
        if rtc.use_stun_port_as_ice and udp[1] == MUX_KEYS:
            yield _listener(
                Service.ICE_UDP, PortRange.udp(3478), Audience.PUBLIC, tree["rtc.use_stun_port_as_ice"], families=media
            )
    yield from _turn(server, settings, tree)
    if server.webtransport.port:
        ports = PortRange.udp(server.webtransport.port)
        yield _listener(
            Service.WEBTRANSPORT, ports, Audience.LOAD_BALANCER, tree["webtransport.port"], families=families
        )
    # the deprecated key overwrites the other one (pkg/service/server.go)
    metrics, key = (
        (server.prometheus_port, "prometheus_port")
        if server.prometheus_port
        else (server.prometheus.port, "prometheus.port")
    )
    if metrics and is_bound:
        yield _tcp(Service.METRICS, metrics, Audience.OPERATOR, tree[key], families)
    if server.debug_handler.port and is_bound:
        yield _tcp(Service.DEBUG, server.debug_handler.port, Audience.NOBODY, tree["debug_handler.port"], families)


def _turn(server: Server, settings: Settings, tree: Tree) -> Iterator[Listener]:
    turn = server.turn
    if not turn.enabled:
        return
    families = turn_families(server, tree)
    if turn.udp_port > 0:
        yield _listener(
            Service.TURN_UDP, PortRange.udp(turn.udp_port), Audience.PUBLIC, tree["turn.udp_port"], families=families
        )
    if turn.tls_port > 0:
        audience = turn_tls_audience(server, settings.passes_turn_on)
        yield _tcp(Service.TURN_TLS, turn.tls_port, audience, tree["turn.tls_port"], families)
    first, last = turn.relay_range_start or 30000, turn.relay_range_end or 40000
    if server.development and not turn.relay_range_start:
        last = 30002
    # a wildcard relays in IPv4 only, though it listens in both (pkg/service/turn.go)
    wildcard = any(address in ("0.0.0.0", "::", "") for address in turn.bind_addresses)
    relayed = frozenset({Family.IPV4}) if wildcard else families
    ports = PortRange.udp(first, last)
    yield _listener(
        Service.TURN_RELAY,
        ports,
        Audience.CLUSTER,
        tree["turn.relay_range_start"],
        tree["turn.relay_range_end"],
        families=relayed,
    )


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
    sip, tree = configured.own, configured.tree
    families = bound_families([sip.listen_ip])
    key = "sip_port_listen" if sip.sip_port_listen else "sip_port"
    for ports in (PortRange.udp(sip.listens_on), PortRange.tcp(sip.listens_on)):
        yield _listener(Service.SIP, ports, Audience.TRUNK, tree[key], families=families)
    if sip.tls:
        key = "tls.port_listen" if sip.tls.port_listen else "tls.port"
        yield _tcp(Service.SIP_TLS, sip.tls.port_listen or sip.tls.port, Audience.TRUNK, tree[key], families)
    yield _listener(Service.SIP_RTP, rtp_range(sip), Audience.TRUNK, tree["rtp_port"])  # listen_ip does not bind it
    if sip.health_port:
        yield _tcp(Service.HEALTH, sip.health_port, Audience.OPERATOR, tree["health_port"])
    if sip.prometheus_port:
        yield _tcp(Service.METRICS, sip.prometheus_port, Audience.OPERATOR, tree["prometheus_port"])
    if sip.pprof_port:
        yield _tcp(Service.DEBUG, sip.pprof_port, Audience.NOBODY, tree["pprof_port"])


def _ingress(configured: Configured[Ingress], settings: Settings) -> Iterator[Listener]:
    ingress, tree = configured.own, configured.tree
    pnm, rtc = settings.plugnmeet, ingress.rtc_config
    if ingress.rtmp_port > 0:
        audience, service = (Audience.NOBODY, Service.INTERNAL) if pnm else (Audience.PUBLIC, Service.RTMP)
        yield _tcp(service, ingress.rtmp_port, audience, tree["rtmp_port"])
    if ingress.has_whip:
        behind = Audience.NOBODY if settings.https else Audience.LOAD_BALANCER
        yield _tcp(Service.WHIP, ingress.whip_port, behind, tree["whip_port"])
        wanted = Audience.NOBODY if pnm and not pnm.whip else Audience.PUBLIC
        media = whip_media(ingress)
        if media:
            yield _listener(
                Service.WHIP_ICE_UDP,
                media[0],
                wanted,
                *(tree[f"rtc_config.{key}"] for key in media[1]),
                families=media_families(rtc.ips),
            )
        if rtc.tcp_port:
            yield _tcp(Service.WHIP_ICE_TCP, rtc.tcp_port, wanted, tree["rtc_config.tcp_port"])
    yield _tcp(Service.INTERNAL, ingress.http_relay_port, Audience.NOBODY, tree["http_relay_port"], LOOPBACK_ONLY)
    yield from _observed(ingress, tree)


def _egress(configured: Configured[Egress]) -> Iterator[Listener]:
    egress, tree = configured.own, configured.tree
    if egress.template_port:
        yield _tcp(Service.INTERNAL, egress.template_port, Audience.NOBODY, tree["template_port"], LOOPBACK_ONLY)
    yield from _observed(egress, tree)


def _observed(own: Ingress | Egress, tree: Tree) -> Iterator[Listener]:
    if own.health_port:
        yield _tcp(Service.HEALTH, own.health_port, Audience.OPERATOR, tree["health_port"])
    if own.prometheus_port:
        yield _tcp(Service.METRICS, own.prometheus_port, Audience.OPERATOR, tree["prometheus_port"])
    if own.debug_handler_port:
        yield _tcp(Service.DEBUG, own.debug_handler_port, Audience.NOBODY, tree["debug_handler_port"])


def _data(settings: Settings) -> Iterator[Listener]:
    """Data services, where a file says that they are or else on their usual ports, and the API that others ask for."""
    told = told_here(settings)
    for service in DATA_SERVICES:
        name, port = service.value, service.record.usual_ports[0].first
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

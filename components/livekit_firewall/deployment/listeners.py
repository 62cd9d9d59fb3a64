"""Settings to listeners: one for each socket that the deployment opens, with its intended audience.

for listener in listen(settings):
    print(listener.service.label, listener.ports, listener.audience, listener.key)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec.structs import replace

from ..model.addresses import BOTH_FAMILIES, Family
from ..model.errors import Place
from ..model.ports import PortRange
from ..model.services import DATA_SERVICES, Audience, Service
from ..settings import Configured, Https, Settings
from ..settings.ingress import Egress, Ingress, whip_media
from ..settings.local_services import data_elsewhere, local_services
from ..settings.networks import LocalService, Network
from ..settings.plugnmeet import INTERNAL_PORTS
from ..settings.server import MUX_KEYS, Rtc, Server, ice_udp
from ..settings.setting import Own, Setting
from ..settings.sip import Sip, rtp_range
from ..settings.tree import Value
from .families import LOOPBACK_ONLY, api_families, bound_families, media_families, own_ice_families, turn_families
from .listener import Listener
from .published import on_node


def listen(settings: Settings, *, is_inside: bool = False) -> tuple[Listener, ...]:
    """Every socket of the node, in the order of `Service`. The settings must be free of problems.

    Args:
        is_inside: whether a container's sockets have its own ports; by default they have the host's.
    """
    nodes = {} if is_inside else settings.networks
    found = [
        *(_https(settings.https, settings) if settings.https else ()),
        *(_of("livekit", _server(settings.server, settings), nodes) if settings.server else ()),
        *(_of("sip", _sip(settings.sip), nodes) if settings.sip else ()),
        *(_of("ingress", _ingress(settings.ingress, settings), nodes) if settings.ingress else ()),
        *(_of("egress", _egress(settings.egress), nodes) if settings.egress else ()),
        *_data(settings),
        *(_plugnmeet(settings) if settings.plugnmeet else ()),
    ]
    if settings.plugnmeet:
        is_sip_used = bool(settings.plugnmeet.sip)
        found = [_behind_haproxy(listener, is_sip_used=is_sip_used) for listener in found]
    return tuple(sorted(found, key=lambda listener: (listener.service.order, listener.ports, listener.key)))


def _of(owner: str, listeners: Iterable[Listener], networks: Mapping[str, Network]) -> Iterator[Listener]:
    """A service's sockets, with the ports of the node if its container has its own network."""
    network = networks.get(owner)
    for listener in (replace(one, owner=owner) for one in listeners):
        yield from on_node(listener, network) if network else (listener,)


def _behind_haproxy(listener: Listener, *, is_sip_used: bool) -> Listener:
    """On a plugNmeet node, the API, health and WHIP are reached through HAProxy or on loopback only. Its compose file
    runs livekit-sip even if SIP is off.
    """
    is_unused = listener.owner == "sip" and not is_sip_used
    if is_unused or listener.service in (Service.API, Service.HEALTH, Service.WHIP):
        return replace(listener, audience=Audience.NOBODY)
    return listener


def _https(https: Https, settings: Settings) -> Iterator[Listener]:
    place, ports, behind = Place("https"), PortRange.tcp(https.port), _behind_https(settings)
    yield Listener(
        Service.HTTPS, ports, BOTH_FAMILIES, "https", https.port == 443, Audience.PUBLIC, place, own_purpose=behind
    )
    if https.acme:
        yield Listener(Service.HTTP, PortRange.tcp(80), BOTH_FAMILIES, "https", True, Audience.PUBLIC, place)


def _behind_https(settings: Settings) -> str:
    """What the proxy on the node is for: a part that the deployment lacks is not named."""
    if settings.server is None:
        return Service.HTTPS.purpose
    turn = settings.server.own.turn
    has_turn = settings.passes_turn_on and turn.enabled and turn.tls_port > 0
    return f"web{', API and TURN/TLS' if has_turn else ' and API'} through the TLS proxy"


def _listener(
    service: Service, ports: PortRange, audience: Audience, *keys: Value, families: frozenset[Family] = BOTH_FAMILIES
) -> Listener:
    """A listener whose ports `keys` decide: one key of a port, or the keys of both ends of a range."""
    names = ", ".join(key.name for key in keys)
    is_default = not any(key.is_set for key in keys)
    audience = audience if families else Audience.NOBODY
    return Listener(service, ports, families, names, is_default, audience, keys[0].place)


def _tcp(
    service: Service, audience: Audience, port: Setting[int], families: frozenset[Family] = BOTH_FAMILIES
) -> Listener:
    return _listener(service, PortRange.tcp(port.own), audience, port, families=families)


def _ice(configured: Configured[Own], keys: tuple[str, ...], rtc: Callable[[Own], Rtc]) -> tuple[Value, ...]:
    """The settings that decide the UDP ports of ICE: the mux port, or both ends of the range."""
    if keys == MUX_KEYS:
        return (configured.at(lambda own: rtc(own).udp_port),)
    start, end = (lambda own: rtc(own).port_range_start), (lambda own: rtc(own).port_range_end)
    return configured.at(start), configured.at(end)


def _server(configured: Configured[Server], settings: Settings) -> Iterator[Listener]:
    server, at = configured.own, configured.at
    rtc, families = server.rtc, api_families(configured)
    media = media_families(rtc.ips) & own_ice_families(configured)
    # an empty list binds no address
    is_bound = bool(server.bind_addresses) or not at(lambda own: own.bind_addresses).is_set
    if is_bound:
        yield _tcp(Service.API, Audience.LOAD_BALANCER, at(lambda own: own.port), families)
    if rtc.tcp_port:
        yield _tcp(Service.ICE_TCP, Audience.PUBLIC, at(lambda own: own.rtc.tcp_port))
    udp = ice_udp(rtc, is_development=server.development)
    if udp:
        decide = _ice(configured, udp[1], lambda own: own.rtc)
        yield _listener(Service.ICE_UDP, udp[0], Audience.PUBLIC, *decide, families=media)
        if rtc.use_stun_port_as_ice and udp[1] == MUX_KEYS:
            switch = at(lambda own: own.rtc.use_stun_port_as_ice)
            yield _listener(Service.ICE_UDP, PortRange.udp(3478), Audience.PUBLIC, switch, families=media)
    yield from _turn(configured, settings)
    web = at(lambda own: own.webtransport.port)
    if web.own:
        yield _listener(Service.WEBTRANSPORT, PortRange.udp(web.own), Audience.LOAD_BALANCER, web, families=families)
    # the deprecated key overwrites the other one (pkg/service/server.go)
    metrics = at(lambda own: own.prometheus_port) if server.prometheus_port else at(lambda own: own.prometheus.port)
    if metrics.own and is_bound:
        yield _tcp(Service.METRICS, Audience.OPERATOR, metrics, families)
    if server.debug_handler.port and is_bound:
        yield _tcp(Service.DEBUG, Audience.NOBODY, at(lambda own: own.debug_handler.port), families)


def _turn(configured: Configured[Server], settings: Settings) -> Iterator[Listener]:
    server, at = configured.own, configured.at
    turn = server.turn
    if not turn.enabled:
        return
    families = turn_families(configured)
    udp = at(lambda own: own.turn.udp_port)
    if udp.own > 0:
        yield _listener(Service.TURN_UDP, PortRange.udp(udp.own), Audience.PUBLIC, udp, families=families)
    if turn.tls_port > 0:
        audience = turn_tls_audience(server, settings)
        yield _tcp(Service.TURN_TLS, audience, at(lambda own: own.turn.tls_port), families)
    start, end = at(lambda own: own.turn.relay_range_start), at(lambda own: own.turn.relay_range_end)
    first, last = start.own or 30000, end.own or 40000
    if server.development and not start.own:
        last = 30002
    # with a wildcard, TURN listens in both families and relays in IPv4 only (pkg/service/turn.go)
    wildcard = any(address in ("0.0.0.0", "::", "") for address in turn.bind_addresses)
    relayed = frozenset({Family.IPV4}) if wildcard else families
    yield _listener(Service.TURN_RELAY, PortRange.udp(first, last), Audience.CLUSTER, start, end, families=relayed)


def turn_tls_audience(server: Server, settings: Settings) -> Audience:
    """The audience of TURN/TLS. Clients always connect to 443: so 443 is public, another port is for the load balancer,
    and a port behind a proxy on the node is for nobody. A port in plain text (`external_tls`) is never public.
    """
    if settings.passes_turn_on:
        return Audience.NOBODY
    if settings.publishes_turn or (server.turn.tls_port == 443 and not server.turn.external_tls):
        return Audience.PUBLIC
    return Audience.LOAD_BALANCER


def _sip(configured: Configured[Sip]) -> Iterator[Listener]:
    sip, at = configured.own, configured.at
    families = bound_families([sip.listen_ip])
    port: Value = at(lambda own: own.sip_port_listen) if sip.sip_port_listen else at(lambda own: own.sip_port)
    for ports in (PortRange.udp(sip.listens_on), PortRange.tcp(sip.listens_on)):
        yield _listener(Service.SIP, ports, Audience.TRUNK, port, families=families)
    if sip.tls:
        bound, announced = at(lambda own: own.tls and own.tls.port_listen), at(lambda own: own.tls and own.tls.port)
        tls, key = PortRange.tcp(sip.tls.port_listen or sip.tls.port), bound if sip.tls.port_listen else announced
        yield _listener(Service.SIP_TLS, tls, Audience.TRUNK, key, families=families)
    # RTP binds every address, whatever listen_ip is
    yield _listener(Service.SIP_RTP, rtp_range(sip), Audience.TRUNK, at(lambda own: own.rtp_port))
    if sip.health_port:
        yield _tcp(Service.HEALTH, Audience.OPERATOR, at(lambda own: own.health_port))
    if sip.prometheus_port:
        yield _tcp(Service.METRICS, Audience.OPERATOR, at(lambda own: own.prometheus_port))
    if sip.pprof_port:
        yield _tcp(Service.DEBUG, Audience.NOBODY, at(lambda own: own.pprof_port))


def _ingress(configured: Configured[Ingress], settings: Settings) -> Iterator[Listener]:
    ingress, at = configured.own, configured.at
    pnm, rtc = settings.plugnmeet, ingress.rtc_config
    if ingress.rtmp_port > 0:
        audience, service = (Audience.NOBODY, Service.INTERNAL) if pnm else (Audience.PUBLIC, Service.RTMP)
        yield _tcp(service, audience, at(lambda own: own.rtmp_port))
    if ingress.has_whip:
        behind = Audience.NOBODY if settings.https else Audience.LOAD_BALANCER
        yield _tcp(Service.WHIP, behind, at(lambda own: own.whip_port))
        wanted = Audience.NOBODY if pnm and not pnm.whip else Audience.PUBLIC
        media = whip_media(ingress)
        if media:
            decide = _ice(configured, media[1], lambda own: own.rtc_config)
            yield _listener(Service.WHIP_ICE_UDP, media[0], wanted, *decide, families=media_families(rtc.ips))
        if rtc.tcp_port:
            yield _tcp(Service.WHIP_ICE_TCP, wanted, at(lambda own: own.rtc_config.tcp_port))
    yield _tcp(Service.INTERNAL, Audience.NOBODY, at(lambda own: own.http_relay_port), LOOPBACK_ONLY)
    yield from _observed(configured)


def _egress(configured: Configured[Egress]) -> Iterator[Listener]:
    if configured.own.template_port:
        yield _tcp(Service.INTERNAL, Audience.NOBODY, configured.at(lambda own: own.template_port), LOOPBACK_ONLY)
    yield from _observed(configured)


def _observed(configured: Configured[Ingress] | Configured[Egress]) -> Iterator[Listener]:
    health, metrics = configured.at(lambda own: own.health_port), configured.at(lambda own: own.prometheus_port)
    debug = configured.at(lambda own: own.debug_handler_port)
    if health.own:
        yield _tcp(Service.HEALTH, Audience.OPERATOR, health)
    if metrics.own:
        yield _tcp(Service.METRICS, Audience.OPERATOR, metrics)
    if debug.own:
        yield _tcp(Service.DEBUG, Audience.NOBODY, debug)


def _data(settings: Settings) -> Iterator[Listener]:
    """Data services, on the ports that files name or else on their usual ports, and a further API that files name.

    Of what `cluster.services` says is here, files may give the address that the other nodes use, too.
    """
    named = local_services(settings)
    elsewhere = data_elsewhere(settings) if settings.data else ()
    for service in DATA_SERVICES:
        name, port = service.value, service.record.usual_ports[0].first
        here = [one for one in named if one.service is service]
        if name in settings.data and not here:
            here = list({one.port: one for one in reversed(elsewhere) if one.service is service}.values())
        audience = Audience.CLUSTER if name in settings.data else Audience.NOBODY
        is_usual = not here or any(one.port == port for one in here)
        if (name in settings.data and is_usual) or settings.plugnmeet:
            key = "cluster.services" if name in settings.data else "plugnmeet"
            who = audience if is_usual else Audience.NOBODY
            yield Listener(service, PortRange.tcp(port), BOTH_FAMILIES, key, True, who, Place(key))
            here = [one for one in here if one.port != port]
        yield from (_local(one, audience) for one in here)
    server = settings.server.own.port if settings.server else None
    yield from (_local(one, Audience.NOBODY) for one in named if one.service is Service.API and one.port != server)


def _local(one: LocalService, audience: Audience) -> Listener:
    return Listener(one.service, PortRange.tcp(one.port), BOTH_FAMILIES, one.place.path, False, audience, one.place)


def _plugnmeet(settings: Settings) -> Iterator[Listener]:
    place, pnm = Place("plugnmeet"), settings.plugnmeet
    if pnm and pnm.rtmp:
        yield Listener(Service.RTMP, PortRange.tcp(1935), BOTH_FAMILIES, "plugnmeet.rtmp", True, Audience.PUBLIC, place)
    for port in INTERNAL_PORTS:
        yield Listener(Service.INTERNAL, PortRange.tcp(port), BOTH_FAMILIES, "plugnmeet", True, Audience.NOBODY, place)

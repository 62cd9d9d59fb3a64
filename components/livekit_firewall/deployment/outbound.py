"""The outbound flows that a node's services need. Egress is open on every platform by default; whoever restricts it
must allow these flows.

    for need in reach_out(settings):
        print(need.ports, need.to, need.key)

Facts: reference row ids LK14-LK18, SIP08-SIP10, EGR05, PNM25 and the servers' own code.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from msgspec import Struct

from ..model.ports import MAX_PORT, PortRange, Protocol
from ..settings import AnyConfigured, Configured, Settings, setting
from ..settings.addresses import host_and_port, split_address
from ..settings.ingress import Ingress
from ..settings.local_services import REDIS
from ..settings.server import Server
from ..settings.sip import Sip
from ..settings.tree import Value

STUN_SERVERS = ("global.stun.twilio.com:3478", "stun.l.google.com:19302", "stun1.l.google.com:19302")
"""livekit-server's default STUN servers, by which it finds its public address, if `rtc.stun_servers` is not set
(mediatransportutil pkg/rtcconfig/config.go)."""

URL_PORTS = {"https": 443, "wss": 443, "http": 80, "ws": 80}


class Need(Struct, frozen=True):
    """A flow that the node opens.

    Attributes:
        ports: of the destination.
        to: the destination: a host name or address from the configuration, or a description ("clients").
        key: the key that causes it, as the user writes it; "default" if it is not set.
        purpose: as a phrase.
    """

    ports: PortRange
    to: str
    key: str
    purpose: str

    def as_json(self) -> dict[str, object]:
        return {
            "protocol": str(self.ports.protocol),
            "first": self.ports.first,
            "last": self.ports.last,
            "to": self.to,
            "key": self.key,
            "purpose": self.purpose,
        }


def reach_out(settings: Settings) -> tuple[Need, ...]:
    """Every outbound flow that follows from the configuration, once each, sorted by ports, destination and key."""
    found: list[Need] = []
    if settings.server:
        found += [*_server(settings.server), *_redis(settings.server)]
    if settings.sip:
        found += [*_sip(settings.sip), *_worker(settings.sip, "SIP", settings.server)]
    if settings.ingress:
        found += [*_worker(settings.ingress, "ingress", settings.server), *_ingress(settings.ingress)]
    if settings.egress:
        other = settings.egress.other
        storage = Need(PortRange.tcp(443), "storage", _key(other(setting.STORAGE)), "recordings to storage")
        streams = Need(PortRange.tcp(1935), "streaming services", _key(other(setting.API_URL)), "RTMP streams")
        found += [*_worker(settings.egress, "egress", settings.server), storage, streams]
    return tuple(sorted(dict.fromkeys(found), key=lambda need: (need.ports, need.to, need.key)))


def _server(configured: Configured[Server]) -> Iterator[Need]:
    rtc, at, other = configured.own.rtc, configured.at, configured.other
    looked_up = at(lambda own: own.rtc.use_external_ip)
    if rtc.use_external_ip or (not rtc.node_ip and other(setting.ICE_LITE).given is not True):
        yield from _own_address(other(setting.STUN_SERVERS), looked_up)
    if rtc.use_external_ip:
        for_check = "its check that its public address reaches it"
        yield Need(_media(), "the node's own public address", _key(looked_up), for_check)
    yield Need(_media(), "clients", _key(at(lambda own: own.rtc.port_range_start)), "media to clients")
    urls = other(setting.WEBHOOK_URLS)
    for url in _texts(urls):
        if need := _url(url, _key(urls), "webhooks"):
            yield need


def _sip(configured: Configured[Sip]) -> Iterator[Need]:
    at = configured.at
    for protocol in Protocol:
        key = _key(at(lambda own: own.sip_port))
        yield Need(PortRange(protocol, 5060, 5061), "SIP trunks", key, "calls that go out")
    yield Need(_media(), "SIP trunks", _key(at(lambda own: own.rtp_port)), "telephone audio")
    looked_up, for_media = at(lambda own: own.use_external_ip), at(lambda own: own.media_use_external_ip)
    if looked_up.own or for_media.own:
        for server in STUN_SERVERS[1:]:
            yield from _stun(server, _key(looked_up if looked_up.own else for_media))


def _ingress(configured: Configured[Ingress]) -> Iterator[Need]:
    looked_up = configured.at(lambda own: own.rtc_config.use_external_ip)
    if configured.own.has_whip and looked_up.own:
        yield from _own_address(configured.other(setting.INGRESS_STUN_SERVERS), looked_up)


def _own_address(servers: Value, looked_up: Value) -> Iterator[Need]:
    """The configured STUN servers, or the services' default ones."""
    for server in _texts(servers) if servers.given else STUN_SERVERS:
        yield from _stun(server, _key(servers if servers.is_set else looked_up))


def _worker(configured: AnyConfigured, service: str, server: Configured[Server] | None) -> Iterator[Need]:
    """SIP, ingress and egress connect to Redis, to the API and, like a client, to every node's media ports.

    Args:
        server: livekit-server on this node; the other nodes are assumed to have the same settings. None: the defaults.
    """
    yield from _redis(configured)
    url = configured.other(setting.API_URL)
    if need := _url(str(url.given or ""), _key(url), f"the API, for {service}"):
        yield need
    yield Need(_media(), "LiveKit nodes", _key(url), f"media between {service} and the nodes")
    port = (server.own if server else Server()).rtc.tcp_port
    of_server = server.at(lambda own: own.rtc.tcp_port) if server else None
    cause = of_server if of_server and of_server.is_set else url
    if port:
        yield Need(PortRange.tcp(port), "LiveKit nodes", _key(cause), f"media over TCP, for {service}")


def _stun(server: str, key: str) -> Iterator[Need]:
    """The flow to a STUN server; none for an entry without a port, which the service cannot use."""
    if found := host_and_port(server):
        yield Need(PortRange.udp(found[1]), found[0], key, "the node's public address by STUN")


def _key(value: Value) -> str:
    """The key as the user writes it; "default" if it is not set."""
    return value.name if value.is_set else "default"


def _redis(configured: AnyConfigured) -> Iterator[Need]:
    for key, port in REDIS:
        value = configured.other(key)
        for address in _texts(value, is_list=key != setting.REDIS_ADDRESS):
            yield _need(Protocol.TCP, address, port, _key(value), "state shared by the services")


def _texts(value: Value, is_list: bool = True) -> list[str]:
    """The addresses of a key. A value of another type is left out: it may be a secret in the wrong place."""
    given = value.given if is_list else [value.given]
    return [one for one in given if isinstance(one, str) and one] if isinstance(given, list) else []


def _need(protocol: Protocol, address: str, default: int, key: str, purpose: str) -> Need:
    """The flow to an address that may be written as a URL. Only its host is kept: a password may precede it."""
    host, port = split_address(address, default)
    return Need(PortRange(protocol, port, port), host.rpartition("@")[2].rpartition("//")[2], key, purpose)


def _url(url: str, key: str, purpose: str) -> Need | None:
    """The flow to a URL, None without a port or a host. Only these are kept: the rest of a URL may be secret."""
    try:
        parts = urlsplit(url)
        port = parts.port or URL_PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    return Need(PortRange.tcp(port), parts.hostname or "", key, purpose) if port and parts.hostname else None


def _media() -> PortRange:
    return PortRange.udp(1024, MAX_PORT)

"""What the services of a node reach out to. Egress is open on every platform unless its owner narrows it;
these are then the flows that must stay.

    for need in reach_out(settings):
        print(need.ports, need.to, need.key)

Facts: reference row ids LK14-LK18, SIP08-SIP10, EGR05, PNM25 and the servers' own code.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from ..model.ports import MAX_PORT, PortRange, Protocol
from ..settings import Configured, Settings
from ..settings.addresses import host_and_port, split_address
from ..settings.server import Server
from ..settings.tree import Tree, Value

STUN_SERVERS = ("global.stun.twilio.com:3478", "stun.l.google.com:19302", "stun1.l.google.com:19302")
"""What livekit-server asks for its public address unless `rtc.stun_servers` says otherwise
(mediatransportutil pkg/rtcconfig/config.go)."""

URL_PORTS = {"https": 443, "wss": 443, "http": 80, "ws": 80}


class Need(Struct, frozen=True):
    """A flow that the node opens.

    Attributes:
        ports: at the other end.
        to: a host name or address from the configuration, or who it is.
        key: the key that causes it, as the user writes it.
        purpose: what for, as a phrase.
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
    """Every flow outwards that the configuration tells of, sorted, each once."""
    found: list[Need] = []
    if settings.server:
        found += [*_server(settings.server), *_redis(settings.server.tree)]
    if settings.sip:
        found += [*_sip(settings.sip), *_worker(settings.sip.tree, "SIP", settings.server)]
    if settings.ingress:
        found += [*_worker(settings.ingress.tree, "ingress", settings.server), *_ingress(settings.ingress)]
    if settings.egress:
        storage = Need(PortRange.tcp(443), "storage", _key(settings.egress.tree["s3"]), "recordings to storage")
        streams = Need(PortRange.tcp(1935), "streaming services", _key(settings.egress.tree["ws_url"]), "RTMP streams")
        found += [*_worker(settings.egress.tree, "egress", settings.server), storage, streams]
    return tuple(sorted(dict.fromkeys(found), key=lambda need: (need.ports, need.to, need.key)))


def _server(configured: Configured[Any]) -> Iterator[Need]:
    rtc, tree = configured.own.rtc, configured.tree
    ice_lite = tree["rtc.use_ice_lite"].given is True
    if rtc.use_external_ip or (not rtc.node_ip and not ice_lite):
        yield from _own_address(tree, "rtc")
    if rtc.use_external_ip:
        for_check = "its check that its public address reaches it"
        yield Need(_media(), "the node's own public address", _key(tree["rtc.use_external_ip"]), for_check)
    yield Need(_media(), "clients", _key(tree["rtc.port_range_start"]), "media to clients")
    urls = tree["webhook.urls"].given
    for url in urls if isinstance(urls, list) else ():
        if need := _url(str(url), _key(tree["webhook.urls"]), "webhooks"):
            yield need


def _sip(configured: Configured[Any]) -> Iterator[Need]:
    tree = configured.tree
    for protocol in Protocol:
        yield Need(PortRange(protocol, 5060, 5061), "SIP trunks", _key(tree["sip_port"]), "calls that go out")
    yield Need(_media(), "SIP trunks", _key(tree["rtp_port"]), "telephone audio")
    if configured.own.use_external_ip or configured.own.media_use_external_ip:
        key = "use_external_ip" if configured.own.use_external_ip else "media_use_external_ip"
        for server in STUN_SERVERS[1:]:
            yield from _stun(server, _key(tree[key]))


def _ingress(configured: Configured[Any]) -> Iterator[Need]:
    if configured.own.has_whip and configured.own.rtc_config.use_external_ip:
        yield from _own_address(configured.tree, "rtc_config")


def _own_address(tree: Tree, section: str) -> Iterator[Need]:
    """The STUN servers of a section, or those that the services come with."""
    servers, asks = tree[f"{section}.stun_servers"], tree[f"{section}.use_external_ip"]
    given = servers.given
    for server in given if isinstance(given, list) and given else STUN_SERVERS:
        yield from _stun(str(server), _key(servers if servers.is_set else asks))


def _worker(tree: Tree, service: str, server: Configured[Server] | None) -> Iterator[Need]:
    """SIP, ingress and egress speak to Redis, to the API and, like a client, to every node's media ports.

    Args:
        server: livekit-server on this node, as which the others are set.
    """
    yield from _redis(tree)
    if need := _url(str(tree["ws_url"].given or ""), _key(tree["ws_url"]), f"the API, for {service}"):
        yield need
    yield Need(_media(), "LiveKit nodes", _key(tree["ws_url"]), f"media between {service} and the nodes")
    port = (server.own if server else Server()).rtc.tcp_port
    cause = server.tree["rtc.tcp_port"] if server and server.tree["rtc.tcp_port"].is_set else tree["ws_url"]
    if port:
        yield Need(PortRange.tcp(port), "LiveKit nodes", _key(cause), f"media over TCP, for {service}")


def _stun(server: str, key: str) -> Iterator[Need]:
    """Nothing for an entry without a port, which nobody can dial."""
    if found := host_and_port(server):
        yield Need(PortRange.udp(found[1]), found[0], key, "the node's public address by STUN")


def _key(value: Value) -> str:
    """The key as the user writes it, or that it is a default."""
    return value.name if value.is_set else "default"


def _redis(tree: Tree) -> Iterator[Need]:
    for key, port in (("redis.address", 6379), ("redis.sentinel_addresses", 26379), ("redis.cluster_addresses", 6379)):
        given = tree[key].given
        for address in given if isinstance(given, list) else [given] if given else []:
            yield _need(Protocol.TCP, str(address), port, _key(tree[key]), "state shared by the services")


def _need(protocol: Protocol, address: str, default: int, key: str, purpose: str) -> Need:
    """The host alone of an address that may be written as a URL: a password may stand before it."""
    host, port = split_address(address, default)
    return Need(PortRange(protocol, port, port), host.rpartition("@")[2].rpartition("//")[2], key, purpose)


def _url(url: str, key: str, purpose: str) -> Need | None:
    """Host and port alone: the rest of a URL may be secret."""
    try:
        parts = urlsplit(url)
        port = parts.port or URL_PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    return Need(PortRange.tcp(port), parts.hostname or "", key, purpose) if port and parts.hostname else None


def _media() -> PortRange:
    return PortRange.udp(1024, MAX_PORT)

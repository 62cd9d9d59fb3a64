"""Further services on this node that configuration files name, above all Redis.

    for one in local_services(settings):
        print(one.service, one.port, one.place)

An address is this node's if it is loopback, a wildcard (a client that connects to a wildcard reaches its own machine),
or one of the node's addresses and names in the same files. A name that only a resolver knows counts as another machine.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from ..model.ports import MAX_PORT
from ..model.services import DATA_SERVICES, Service
from . import AnyConfigured, Settings
from .addresses import split_address
from .networks import LocalService
from .setting import API_URL, REDIS_ADDRESS, Key
from .tree import Value

HOST_NAMES = frozenset("host.docker.internal host.containers.internal".split())
"""Names of the host within a container."""

LOCAL_NAMES = HOST_NAMES | frozenset("localhost localhost.localdomain ip6-localhost ip6-loopback".split())

REDIS = ((REDIS_ADDRESS, 6379), (Key("redis.sentinel_addresses"), 26379), (Key("redis.cluster_addresses"), 6379))
"""Keys of livekit-server, SIP, ingress and egress, each with its default port (livekit/protocol redis/redis.go)."""

PLUGNMEET = (
    ("redis_info.host", Service.REDIS, 6379),
    ("redis_info.sentinel_addrs", Service.REDIS, 26379),
    ("nats_info.nats_urls", Service.NATS, 4222),
)
"""Keys of plugNmeet's config.yaml, each with its service and port (mynaparrot/plugNmeet-server config_sample.yaml)."""


def local_services(settings: Settings) -> tuple[LocalService, ...]:
    """Each service and port once, with the place of the first key that names it."""
    own = frozenset(_own(settings))
    found: dict[tuple[Service, int], LocalService] = {}
    for one in _named(settings, own):
        found.setdefault((one.service, one.port), one)
    return tuple(found.values())


def data_elsewhere(settings: Settings) -> tuple[LocalService, ...]:
    """The data services that the files name on whatever host, without Redis' sentinels, which hold no data."""
    found = _named(settings, None)
    return tuple(one for one in found if one.service in DATA_SERVICES and "sentinel" not in one.place.path)


def _named(settings: Settings, own: frozenset[str] | None) -> Iterator[LocalService]:
    """Those on the node, by its own names; on any host if `own` is None."""
    yield from settings.other_services
    files: dict[str, AnyConfigured | None] = {
        "livekit": settings.server,
        "sip": settings.sip,
        "ingress": settings.ingress,
        "egress": settings.egress,
    }
    others = {name: (one.other, _Node(own, name in settings.networks)) for name, one in files.items() if one}
    for other, node in others.values():
        for key, port in REDIS:
            yield from _addresses(other(key), Service.REDIS, port, node)
    for other, node in (one for name, one in others.items() if name != "livekit"):
        yield from _api(other(API_URL), node)
    if settings.installation:
        node = _Node(own)
        for name, service, port in PLUGNMEET:
            yield from _addresses(settings.installation[name], service, port, node)
        yield from _api(settings.installation["livekit_info.host"], node)
        database = (settings.installation["database_info.host"], settings.installation["database_info.port"])
        yield from _database(*database, node)


def _addresses(value: Value, service: Service, port: int, node: _Node) -> Iterator[LocalService]:
    for text in _texts(value.given):
        host, named = split_address(re.sub(r"^\w+://([^@/]*@)?", "", text).partition("/")[0], port)
        if _is_here(host, node):
            yield LocalService(service, named, value.place)


def _api(value: Value, node: _Node) -> Iterator[LocalService]:
    """livekit-server's API over plain HTTP. On 80, on 443 and with TLS, a proxy answers, not the server itself."""
    for text in _texts(value.given):
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            continue
        is_plain = parts.scheme in ("ws", "http") and bool(parts.hostname)
        if is_plain and port and port not in (80, 443) and _is_here(parts.hostname or "", node):
            yield LocalService(Service.API, port, value.place)


def _database(host: Value, port: Value, node: _Node) -> Iterator[LocalService]:
    if isinstance(host.given, str) and _is_here(host.given, node):
        known = port.given if type(port.given) is int and 1 <= port.given <= MAX_PORT else 3306
        yield LocalService(Service.MARIADB, known, (port if known == port.given else host).place)


class _Node(Struct, frozen=True):
    """The node as one service sees it.

    Attributes:
        names: the node's names and addresses; None: every host counts.
        is_contained: whether the service runs in a container, whose loopback is not the node's.
    """

    names: frozenset[str] | None
    is_contained: bool = False


def _is_here(host: str, node: _Node) -> bool:
    name = _plain(host)
    if node.names is None:
        return True
    if node.is_contained:
        return name in HOST_NAMES or name in node.names
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name in ("", *LOCAL_NAMES) or name.endswith(".localhost") or name in node.names
    mapped = getattr(address, "ipv4_mapped", None) or address
    return mapped.is_loopback or mapped.is_unspecified or str(mapped) in node.names


def _plain(host: str) -> str:
    """A name or an address in canonical form, for comparison."""
    name = host.strip().strip("[]").rstrip(".").partition("%")[0].lower()
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        return name


def _own(settings: Settings) -> Iterator[str]:
    """The node's addresses and names in its own configuration files."""
    for configured, keys in (
        (settings.server, ("rtc.node_ip", "bind_addresses", "turn.bind_addresses", "turn.domain")),
        (settings.sip, ("listen_ip", "nat_1_to_1_ip", "media_nat_1_to_1_ip", "sip_hostname")),
        (settings.ingress, ("rtc_config.node_ip",)),
    ):
        if configured:
            texts = [text for key in keys for text in _texts(configured.tree[key].given)]
            yield from (_plain(part) for text in texts for part in text.split(",") if part.strip())


def _texts(value: Any) -> list[str]:
    """The texts in a value: a text, a list or a mapping of texts. An empty text counts as unset and is left out."""
    given = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else [value]
    return [one for one in given if isinstance(one, str) and one.strip()]

"""What files say runs on this node besides the services that they are for: Redis, above all.

    for one in told_here(settings):
        print(one.service, one.port, one.place)

An address is this node's where it is loopback, a wildcard (a client that is sent there ends on its own machine), or one
of the addresses and names that the same files give the node. A name that only a resolver knows is another machine's.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from ..model.ports import MAX_PORT
from ..model.services import Service
from . import AnyConfigured, Settings
from .addresses import split_address
from .networks import Told
from .setting import API_URL, REDIS_ADDRESS, Key
from .tree import Value

HOST_NAMES = frozenset("host.docker.internal host.containers.internal".split())
"""What a container calls its host."""

LOCAL_NAMES = HOST_NAMES | frozenset("localhost localhost.localdomain ip6-localhost ip6-loopback".split())

REDIS = ((REDIS_ADDRESS, 6379), (Key("redis.sentinel_addresses"), 26379), (Key("redis.cluster_addresses"), 6379))
"""Keys of livekit-server, SIP, ingress and egress alike, and their usual ports (livekit/protocol redis/redis.go)."""

PLUGNMEET = (
    ("redis_info.host", Service.REDIS, 6379),
    ("redis_info.sentinel_addrs", Service.REDIS, 26379),
    ("nats_info.nats_urls", Service.NATS, 4222),
)
"""Keys of plugNmeet's config.yaml (mynaparrot/plugNmeet-server config_sample.yaml)."""


def told_here(settings: Settings) -> tuple[Told, ...]:
    """Each service and port once, the first key that tells it."""
    own = frozenset(_own(settings))
    found: dict[tuple[Service, int], Told] = {}
    for one in _told(settings, own):
        found.setdefault((one.service, one.port), one)
    return tuple(found.values())


def _told(settings: Settings, own: frozenset[str]) -> Iterator[Told]:
    yield from settings.beside
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


def _addresses(value: Value, service: Service, port: int, node: _Node) -> Iterator[Told]:
    for text in _texts(value.given):
        host, named = split_address(re.sub(r"^\w+://([^@/]*@)?", "", text).partition("/")[0], port)
        if _is_here(host, node):
            yield Told(service, named, value.place)


def _api(value: Value, node: _Node) -> Iterator[Told]:
    """livekit-server in plain text. On 80 and 443 a proxy answers, and what is encrypted is one's own."""
    for text in _texts(value.given):
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            continue
        is_plain = parts.scheme in ("ws", "http") and bool(parts.hostname)
        if is_plain and port and port not in (80, 443) and _is_here(parts.hostname or "", node):
            yield Told(Service.API, port, value.place)


def _database(host: Value, port: Value, node: _Node) -> Iterator[Told]:
    if isinstance(host.given, str) and _is_here(host.given, node):
        known = port.given if type(port.given) is int and 1 <= port.given <= MAX_PORT else 3306
        yield Told(Service.MARIADB, known, (port if known == port.given else host).place)


class _Node(Struct, frozen=True):
    """The names and addresses of the node, and whether who names one is in a container, whose loopback is its own."""

    names: frozenset[str]
    is_contained: bool = False


def _is_here(host: str, node: _Node) -> bool:
    name = _plain(host)
    if node.is_contained:
        return name in HOST_NAMES or name in node.names
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name in ("", *LOCAL_NAMES) or name.endswith(".localhost") or name in node.names
    mapped = getattr(address, "ipv4_mapped", None) or address
    return mapped.is_loopback or mapped.is_unspecified or str(mapped) in node.names


def _plain(host: str) -> str:
    """Names and addresses in one form, so that they can be compared."""
    name = host.strip().strip("[]").rstrip(".").partition("%")[0].lower()
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        return name


def _own(settings: Settings) -> Iterator[str]:
    """The node's addresses and names, as its files tell them."""
    for configured, keys in (
        (settings.server, ("rtc.node_ip", "bind_addresses", "turn.bind_addresses", "turn.domain")),
        (settings.sip, ("listen_ip", "nat_1_to_1_ip", "media_nat_1_to_1_ip", "sip_hostname")),
        (settings.ingress, ("rtc_config.node_ip",)),
    ):
        if configured:
            texts = [text for key in keys for text in _texts(configured.tree[key].given)]
            yield from (_plain(part) for text in texts for part in text.split(",") if part.strip())


def _texts(value: Any) -> list[str]:
    """The texts of a value that is one, a list of them or a mapping to them; an empty one is an unset key."""
    given = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else [value]
    return [one for one in given if isinstance(one, str) and one.strip()]

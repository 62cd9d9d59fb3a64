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

from ..model.ports import MAX_PORT
from ..model.services import Service
from . import Settings
from .addresses import split_address
from .networks import Told
from .tree import Value

LOCAL_NAMES = frozenset(
    "localhost localhost.localdomain ip6-localhost ip6-loopback host.docker.internal host.containers.internal".split()
)

REDIS = (("redis.address", 6379), ("redis.sentinel_addresses", 26379), ("redis.cluster_addresses", 6379))
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
    files = (settings.server, settings.sip, settings.ingress, settings.egress)
    for tree in (one.tree for one in files if one):
        for key, port in REDIS:
            yield from _addresses(tree[key], Service.REDIS, port, own)
    for tree in (one.tree for one in (settings.sip, settings.ingress, settings.egress) if one):
        yield from _api(tree["ws_url"], own)
    if settings.installation:
        for key, service, port in PLUGNMEET:
            yield from _addresses(settings.installation[key], service, port, own)
        yield from _api(settings.installation["livekit_info.host"], own)
        database = (settings.installation["database_info.host"], settings.installation["database_info.port"])
        yield from _database(*database, own)


def _addresses(value: Value, service: Service, port: int, own: frozenset[str]) -> Iterator[Told]:
    for text in _texts(value.given):
        host, named = split_address(re.sub(r"^\w+://([^@/]*@)?", "", text).partition("/")[0], port)
        if _is_here(host, own):
            yield Told(service, named, value.place)


def _api(value: Value, own: frozenset[str]) -> Iterator[Told]:
    """livekit-server in plain text. On 80 and 443 a proxy answers, and what is encrypted is one's own."""
    for text in _texts(value.given):
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError:
            continue
        is_plain = parts.scheme in ("ws", "http") and bool(parts.hostname)
        if is_plain and port and port not in (80, 443) and _is_here(parts.hostname or "", own):
            yield Told(Service.API, port, value.place)


def _database(host: Value, port: Value, own: frozenset[str]) -> Iterator[Told]:
    if isinstance(host.given, str) and _is_here(host.given, own):
        known = port.given if type(port.given) is int and 1 <= port.given <= MAX_PORT else 3306
        yield Told(Service.MARIADB, known, (port if known == port.given else host).place)


def _is_here(host: str, own: frozenset[str]) -> bool:
    name = _plain(host)
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name in ("", *LOCAL_NAMES) or name.endswith(".localhost") or name in own
    mapped = getattr(address, "ipv4_mapped", None) or address
    return mapped.is_loopback or mapped.is_unspecified or str(mapped) in own


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

"""A setting with its place and origin, looked up by a field of its record and not by a string.

configured.at(lambda own: own.rtc.tcp_port)     # own 7881, place livekit.yaml:4:3: rtc.tcp_port

So mypy finds a misspelt field. The few keys that no record has are constants here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, NewType, TypeVar

from msgspec import Struct

from ..model.errors import Place
from .tree import Tree, Value

Own = TypeVar("Own")
Kind = TypeVar("Kind")

Key = NewType("Key", str)
"""A dotted key that no record has: it opens no port, and its value is read as it was given, unchecked."""

WHOLE = Key("")
KEYS, KEY_FILE = Key("keys"), Key("key_file")
REDIS, REDIS_ADDRESS = Key("redis"), Key("redis.address")
REDIS_ADDRESSES = (REDIS_ADDRESS, Key("redis.sentinel_addresses"), Key("redis.cluster_addresses"))
WEBHOOK_URLS, WEBHOOK_KEY = Key("webhook.urls"), Key("webhook.api_key")
STUN_SERVERS, ICE_LITE = Key("rtc.stun_servers"), Key("rtc.use_ice_lite")
INGRESS_STUN_SERVERS = Key("rtc_config.stun_servers")
LOCAL_NET = Key("local_net")
TURN_SERVERS, PACER = Key("rtc.turn_servers"), Key("rtc.congestion_control.send_side_bwe_pacer")
BATCH_SIZE, BATCH_INTERVAL = Key("rtc.batch_io.batch_size"), Key("rtc.batch_io.max_flush_interval")
REGION, SELECTOR, REGIONS = Key("region"), Key("node_selector.kind"), Key("node_selector.regions")
WEBTRANSPORT_CERTIFICATE = (Key("webtransport.tls_cert_file"), Key("webtransport.tls_key_file"))
METRICS_LOGIN = (Key("prometheus.username"), Key("prometheus.password"))
PROXY_PROTOCOL = Key("turn.proxy_protocol")
PROXY_SOURCES = Key("turn.proxy_protocol_trusted_cidrs")
ALLOWED_PEERS, DENIED_PEERS = Key("turn.allow_restricted_peer_cidrs"), Key("turn.deny_peer_cidrs")
API_URL = Key("ws_url")
UDP_PULL = Key("enable_udp_url_pull")
STORAGE = Key("s3")


class Setting(Value, Generic[Kind], frozen=True):
    """The given value of one key, and the value that the service runs with.

    Attributes:
        own: the value, or the service's default if none is given.
    """

    own: Kind


class Configured(Struct, Generic[Own], frozen=True):
    """One service's settings, and the tree that they were read from, which has the place of each.

    Attributes:
        own: the settings, as a record of the service.
        is_sound: whether there was no problem; if there was one, `own` holds the service's defaults.
        refused: what was read all the same if there was one, for checks that need no other key than their own.
    """

    own: Own
    tree: Tree
    is_sound: bool = True
    refused: Configured[Own] | None = None

    @property
    def as_written(self) -> Configured[Own] | None:
        """What its file says, refused or not; None if it could not be read."""
        return self if self.is_sound else self.refused

    def at(self, get: Callable[[Own], Kind]) -> Setting[Kind]:
        """The setting in a field of the record.

        Args:
            get: the field, by attributes alone; `own.tls and own.tls.port` where a section may be absent.
        """
        found = self.tree[_path(get)]
        return Setting(found.given, found.place, found.is_set, get(self.own))

    def other(self, key: Key) -> Value:
        """The given value of a key that no record has."""
        return self.tree[key]

    def place(self, path: str) -> Place:
        """The place of a dotted key that was found in `tree.values`."""
        return self.tree.place(path)


class _Path:
    """Records the attributes that are read from it, as a dotted path."""

    def __init__(self, *names: str) -> None:
        self.__names = names

    def __getattr__(self, name: str) -> _Path:
        return _Path(*self.__names, name)

    def __str__(self) -> str:
        return ".".join(self.__names)


def _path(get: Callable[[Any], object]) -> str:
    return str(get(_Path()))

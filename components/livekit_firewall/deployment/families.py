"""The address families in which a service listens, by the addresses that it binds."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from ..model.addresses import BOTH_FAMILIES, Family
from ..settings.refusals import own_ice_blocks
from ..settings.schemas import schema_of
from ..settings.server import Server
from ..settings.setting import KEYS, Configured

LOOPBACK_ONLY: frozenset[Family] = frozenset()


def bound_families(addresses: Iterable[str]) -> frozenset[Family]:
    """The families of a list of bind addresses. Both for a wildcard (Go binds `0.0.0.0` as `[::]`), for an empty list
    and for a host name; empty for loopback alone.
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


def api_families(configured: Configured[Server]) -> frozenset[Family]:
    """The families of the API. In development without keys and bind addresses the server binds loopback, even with
    `key_file`, which it reads later (cmd/server/main.go).
    """
    server = configured.own
    if server.development and not server.bind_addresses and not configured.other(KEYS).given:
        return LOOPBACK_ONLY
    return bound_families(server.bind_addresses)


def own_ice_families(configured: Configured[Server]) -> frozenset[Family]:
    """The families to which development without keys limits ICE/UDP (`own_ice_blocks`); both without a limit."""
    blocks = own_ice_blocks(configured.own, configured.tree)
    return frozenset(Family.IPV6 if ":" in address else Family.IPV4 for address in blocks) or BOTH_FAMILIES


def turn_families(configured: Configured[Server]) -> frozenset[Family]:
    """The families of TURN. Releases without `turn.bind_addresses` bind IPv4 alone."""
    if schema_of("livekit", configured.tree.version).at("turn.bind_addresses") is None:
        return frozenset({Family.IPV4})
    return bound_families(configured.own.turn.bind_addresses)


def media_families(ips: object) -> frozenset[Family]:
    """The families of ICE/UDP, which binds each local address that `rtc.ips` allows; includes win over excludes."""
    includes, excludes = (
        [str(block) for block in listed] if isinstance(listed, list) else []
        for listed in ((ips.get("includes"), ips.get("excludes")) if isinstance(ips, dict) else ((), ()))
    )
    if includes:
        return frozenset(Family.IPV6 if ":" in block else Family.IPV4 for block in includes)
    whole = {Family.IPV6 if ":" in block else Family.IPV4 for block in excludes if block.endswith("/0")}
    return BOTH_FAMILIES - whole

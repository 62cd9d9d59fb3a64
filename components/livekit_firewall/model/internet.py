"""When a set of sources is the internet: the one judgement that access, exposure, review and policies share.

    internet_blocks(cidrs)      # the blocks that make it so, for people; none if it is not

IPv6 has blocks whose addresses stand for IPv4 ones: a packet from 198.51.100.7 that a NAT64 translates comes from
64:ff9b::c633:6407. Such blocks are judged as the IPv4 that they hold, together with the IPv4 blocks beside them.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from .addresses import ANY_IPV4, Cidr, Family, Network

INTERNET_PREFIX = {Family.IPV4: 8, Family.IPV6: 16}
"""A merged set of sources with a block shorter than this is the internet."""

INTERNET_ADDRESSES = {Family.IPV4: 1 << 26, Family.IPV6: 1 << 114}
"""So is one with more addresses than four such blocks: all private ones are fewer."""


class _Embedding(NamedTuple):
    """A block of IPv6 whose addresses hold an IPv4 address.

    Attributes:
        at: how many bits precede the IPv4 address.
        turned: whether its bits are inverted.
    """

    block: ipaddress.IPv6Network
    at: int
    turned: bool = False


EMBEDDINGS = (
    _Embedding(ipaddress.IPv6Network("::/96"), 96),  # IPv4-compatible, RFC 4291 2.5.5.1
    _Embedding(ipaddress.IPv6Network("::ffff:0:0/96"), 96),  # IPv4-mapped, RFC 4291 2.5.5.2
    _Embedding(ipaddress.IPv6Network("::ffff:0:0:0/96"), 96),  # IPv4-translated, RFC 2765
    _Embedding(ipaddress.IPv6Network("64:ff9b::/96"), 96),  # NAT64, RFC 6052
    # NAT64 of one's own choice, RFC 8215; where the IPv4 address stands in it is not told, its end is the least
    _Embedding(ipaddress.IPv6Network("64:ff9b:1::/48"), 96),
    _Embedding(ipaddress.IPv6Network("2001::/32"), 96, turned=True),  # Teredo, RFC 4380: the client, inverted
    _Embedding(ipaddress.IPv6Network("2002::/16"), 16),  # 6to4, RFC 3056
)


class _Source(NamedTuple):
    """A block as it is judged, and the IPv6 block that it was in; None for one given as it is."""

    network: Network
    inside: Cidr | None = None


def internet_blocks(blocks: Iterable[Cidr]) -> list[str]:
    """The blocks that make a set of sources the internet, once it is merged; none if it is not."""
    return list(_internet_blocks(tuple(dict.fromkeys(blocks))))


@lru_cache(maxsize=256)
def _internet_blocks(blocks: tuple[Cidr, ...]) -> list[str]:
    """Kept, since the same sources are asked about for one port after another."""
    sources = [source for block in blocks for source in _unwrapped(block)]
    wide = []
    for family, limit in INTERNET_PREFIX.items():
        mine = [one for one in sources if one.network.version == (4 if family is Family.IPV4 else 6)]
        merged = list(ipaddress.collapse_addresses([one.network for one in mine]))  # type: ignore[type-var]
        found = [_with_origin(net, mine) for net in merged if net.prefixlen < limit]
        # cut into pieces it is as large
        if not found and sum(net.num_addresses for net in merged) > INTERNET_ADDRESSES[family]:
            found = [_with_origin(merged[0], mine), f"and {len(merged) - 1} more"]
        wide += found
    return wide


def holds_ipv4(block: Cidr) -> bool:
    """Whether IPv4 addresses stand in the block."""
    return block.family is Family.IPV6 and any(
        _lies_in(block.network, one.block) or _lies_in(one.block, block.network) for one in EMBEDDINGS
    )


def _unwrapped(block: Cidr) -> Iterator[_Source]:
    """The block as it is, and every IPv4 block that it holds; of one that holds nothing else, only that."""
    is_whole = True
    for one in EMBEDDINGS if block.family is Family.IPV6 else ():
        network = block.network
        if _lies_in(network, one.block):
            is_whole = False
            yield _Source(_embedded(network, one), block)
        elif _lies_in(one.block, network):
            yield _Source(ANY_IPV4.network, block)
    if is_whole:
        yield _Source(block.network)


def _embedded(network: Network, one: _Embedding) -> ipaddress.IPv4Network:
    bits = int(network.network_address) >> (96 - one.at) & 0xFFFFFFFF
    prefix = min(max(network.prefixlen - one.at, 0), 32)
    return ipaddress.IPv4Network((bits ^ 0xFFFFFFFF if one.turned else bits, prefix), strict=False)


def _lies_in(one: Network, other: Network) -> bool:
    return one.version == other.version and one.subnet_of(other)  # type: ignore[arg-type]


def _with_origin(network: Network, sources: Iterable[_Source]) -> str:
    """`0.0.0.0/0`, or `0.0.0.0/0 (inside of 2002::/16)`: people look for what they wrote."""
    held = [str(one.inside) for one in sources if one.inside is not None and _lies_in(one.network, network)]
    return f"{network} (inside of {', '.join(dict.fromkeys(held))})" if held else str(network)

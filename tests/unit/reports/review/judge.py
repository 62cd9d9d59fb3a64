"""The judge of reviews: what is admitted, packet by packet, and what a review says of it, on every kind of packet.

Ports and addresses are cut where any rule or any line of the review begins or ends; between two cuts all packets are
alike, so that one of them stands for all. So the comparison is complete, and it shares no code with `region`.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

MAX_PORT = 65535
BITS = {4: 32, 6: 128}


class Box(NamedTuple):
    """Ports of a protocol, and addresses of a family; `allows` is False for a deny. The first that holds decides."""

    protocol: str
    first: int
    last: int
    block: ipaddress.IPv4Network | ipaddress.IPv6Network
    allows: bool = True

    @property
    def bounds(self) -> tuple[int, int]:
        return int(self.block.network_address), int(self.block.broadcast_address)

    def is_at(self, protocol: str, port: int, version: int) -> bool:
        return self.protocol == protocol and self.first <= port <= self.last and self.block.version == version


def box(ports: Any, block: object, allows: bool = True) -> Box:
    return Box(str(ports.protocol), ports.first, ports.last, ipaddress.ip_network(str(block)), allows)


def admits(boxes: Iterable[Box], protocol: str, port: int, version: int, address: int) -> bool:
    return _decided(_at(boxes, protocol, port, version), address)


Lane = list[tuple[int, int, bool]]
"""What decides at one port for one family, in order: from which address to which, and whether it allows."""


def _at(boxes: Iterable[Box], protocol: str, port: int, version: int) -> Lane:
    return [(*one.bounds, one.allows) for one in boxes if one.is_at(protocol, port, version)]


def _decided(lane: Lane, address: int) -> bool:
    for low, high, allows in lane:
        if low <= address <= high:
            return allows
    return False


class Column(NamedTuple):
    """Packets to ports that no rule distinguishes: one of the ports, how many there are, and every two addresses
    between which no rule distinguishes either.
    """

    protocol: str
    port: int
    version: int
    ports: int
    addresses: list[tuple[int, int]]


def columns(boxes: Iterable[Box]) -> Iterator[Column]:
    given = list(boxes)
    for protocol in ("tcp", "udp"):
        for version in (4, 6):
            mine = [one for one in given if one.protocol == protocol and one.block.version == version]
            if not mine:
                continue
            ports = {1, MAX_PORT + 1} | {edge for one in mine for edge in (one.first, one.last + 1)}
            addresses = {0, 2 ** BITS[version]}
            for one in mine:
                low, high = one.bounds
                addresses |= {low, high + 1}
            between = list(pairwise(sorted(addresses)))
            for port, next_port in pairwise(sorted(ports)):
                yield Column(protocol, port, version, next_port - port, between)


def boxes_of(reach: dict[str, Any] | None) -> list[Box]:
    """What one side of a line of the JSON names by address."""
    return [
        Box(one["protocol"], one["first"], one["last"], ipaddress.ip_network(block))
        for one in (reach or {}).get("ports", ())
        for block in (reach or {}).get("blocks", ())
    ]


def said(stacks: Iterable[dict[str, Any]], side: str, direction: str = "ingress") -> list[Box]:
    return [
        found
        for part in stacks
        for change in part["changes"]
        if change["direction"] == direction
        for found in boxes_of(change[side])
    ]


def verdict(gains: bool, loses: bool) -> str:
    return {(False, False): "no change", (False, True): "narrower", (True, False): "wider", (True, True): "moved"}[
        gains, loses
    ]


def assert_exact(
    page: dict[str, Any],
    before: list[Box],
    after: list[Box],
    direction: str = "ingress",
    besides: tuple[str, ...] = (),
) -> tuple[bool, bool]:
    """The lines hold what is admitted after and not before, and the other way round; nothing else, and nothing twice.

    Returns whether something is gained, and whether something is lost. Of the names `besides`, which the boxes do not
    tell of, the lines are believed.
    """
    gained, lost = (said(page["stacks"], side, direction) for side in ("gained", "lost"))
    sums = {"gained": 0, "lost": 0}
    for *where, ports, addresses in columns([*before, *after, *gained, *lost]):
        old, new, more, less = (_at(boxes, *where) for boxes in (before, after, gained, lost))
        for address, next_address in addresses:
            was, is_ = _decided(old, address), _decided(new, address)
            assert _decided(more, address) == (is_ and not was), ("gained", where, address)
            assert _decided(less, address) == (was and not is_), ("lost", where, address)
            size = ports * (next_address - address)
            sums["gained"] += size * (is_ and not was)
            sums["lost"] += size * (was and not is_)
    for side, expected in sums.items():
        changes = [
            change
            for part in page["stacks"]
            for change in part["changes"]
            if change["direction"] == direction and change[side]
        ]
        counted = sum(sum(one[side]["addresses"].values()) * one[side]["port_count"] for one in changes)
        assert counted == expected, (side, counted, expected)
    names = {
        side: {name for part in page["stacks"] for one in part["changes"] if one[side] for name in one[side]["names"]}
        for side in sums
    }
    assert all(any(known in name for known in besides) for found in names.values() for name in found), names
    return bool(sums["gained"] or names["gained"]), bool(sums["lost"] or names["lost"])

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

    def holds(self, protocol: str, port: int, version: int, address: int) -> bool:
        low, high = int(self.block.network_address), int(self.block.broadcast_address)
        return (
            self.protocol == protocol
            and self.block.version == version
            and self.first <= port <= self.last
            and low <= address <= high
        )


def box(ports: Any, block: object, allows: bool = True) -> Box:
    return Box(str(ports.protocol), ports.first, ports.last, ipaddress.ip_network(str(block)), allows)


def admits(boxes: Iterable[Box], *packet: Any) -> bool:
    return next((one.allows for one in boxes if one.holds(*packet)), False)


class Cell(NamedTuple):
    """Packets that no rule distinguishes: one of them, and how many ports and addresses they have."""

    protocol: str
    port: int
    version: int
    address: int
    size: int


def cells(boxes: Iterable[Box]) -> Iterator[Cell]:
    given = list(boxes)
    for protocol in ("tcp", "udp"):
        for version in (4, 6):
            mine = [one for one in given if one.protocol == protocol and one.block.version == version]
            if not mine:
                continue
            ports = {1, MAX_PORT + 1} | {edge for one in mine for edge in (one.first, one.last + 1)}
            addresses = {0, 2 ** BITS[version]}
            for one in mine:
                addresses |= {int(one.block.network_address), int(one.block.broadcast_address) + 1}
            for port, next_port in _pairs(ports):
                for address, next_address in _pairs(addresses):
                    size = (next_port - port) * (next_address - address)
                    yield Cell(protocol, port, version, address, size)


def _pairs(edges: set[int]) -> Iterator[tuple[int, int]]:
    ordered = sorted(edges)
    return pairwise(ordered)


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
    for protocol, port, version, address, size in cells([*before, *after, *gained, *lost]):
        packet = (protocol, port, version, address)
        was, is_ = admits(before, *packet), admits(after, *packet)
        assert admits(gained, *packet) == (is_ and not was), ("gained", packet)
        assert admits(lost, *packet) == (was and not is_), ("lost", packet)
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

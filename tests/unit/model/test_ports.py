"""Ranges of ports against the sets of their ports: all that there are of five ports, at both ends."""

from __future__ import annotations

from itertools import combinations_with_replacement, pairwise, product

import pytest

from livekit_firewall.model.ports import PortRange, Protocol


def ranges(low: int, *protocols: Protocol) -> list[PortRange]:
    ends = combinations_with_replacement(range(low, low + 5), 2)
    return [PortRange(protocol, *pair) for pair, protocol in product(list(ends), protocols)]


def members(*ranges: PortRange) -> set[tuple[Protocol, int]]:
    return {(one.protocol, port) for one in ranges for port in range(one.first, one.last + 1)}


@pytest.mark.parametrize("low", [1, 65531])
class TestAgainstSets:
    def test_two_ranges(self, low):
        for one, other in product(ranges(low, *Protocol), repeat=2):
            both = members(one) & members(other)
            assert one.overlaps(other) is bool(both)
            assert one.covers(other) is (members(other) <= members(one))
            if both:
                assert members(one.common(other)) == both

    def test_what_is_left(self, low):
        udp = PortRange(Protocol.UDP, low, low + 4)
        for one, *taken in product(ranges(low, Protocol.TCP), repeat=3):
            left = one.without([*taken, udp])
            assert members(*left) == members(one) - members(*taken)
            assert all(before.last + 1 < after.first for before, after in pairwise(left))

"""Ranges of ports against the sets of their ports."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.model.ports import PortRange, Protocol

RANGES = st.builds(
    lambda protocol, ends: PortRange(protocol, min(ends), max(ends)),
    st.sampled_from(Protocol),
    st.one_of(st.tuples(*[st.integers(low, high)] * 2) for low, high in ((1, 12), (65530, 65535))),
)


def members(*ranges: PortRange) -> set[tuple[Protocol, int]]:
    return {(one.protocol, port) for one in ranges for port in range(one.first, one.last + 1)}


@given(RANGES, RANGES)
def test_two_ranges(one, other):
    both = members(one) & members(other)
    assert one.overlaps(other) is bool(both)
    assert one.covers(other) is (members(other) <= members(one))
    if both:
        assert members(one.common(other)) == both


@given(RANGES, st.lists(RANGES, max_size=4))
def test_what_is_left(one, taken):
    left = one.without(taken)
    assert members(*left) == members(one) - members(*taken)
    assert list(left) == sorted(left)
    assert all(before.last + 1 < after.first for before, after in pairwise(left))

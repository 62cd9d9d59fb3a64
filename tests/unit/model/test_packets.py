"""Sets of packets: what they hold after each operation, packet by packet, and that equal sets are equal objects."""

from __future__ import annotations

import ipaddress
import itertools

from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.model.addresses import Cidr
from livekit_firewall.model.packets import PacketSet
from livekit_firewall.model.ports import PortRange, Protocol

BLOCKS = tuple(map(Cidr.parse, ("0.0.0.0/0", "10.0.0.0/8", "10.1.0.0/16", "198.51.100.0/24", "::/0", "2001:db8::/32")))
SOURCES = tuple(
    map(ipaddress.ip_address, ("10.0.0.1", "10.1.0.1", "198.51.100.9", "203.0.113.7", "2001:db8::1", "::2"))
)
PACKETS = tuple(itertools.product(SOURCES, Protocol, range(1, 9)))


@st.composite
def boxes(draw: st.DrawFn) -> PacketSet:
    first = draw(st.integers(1, 8))
    ports = PortRange(draw(st.sampled_from(Protocol)), first, draw(st.integers(first, 9)))
    return PacketSet.box([ports], draw(st.lists(st.sampled_from(BLOCKS), min_size=1, max_size=3)))


SETS = st.lists(boxes(), max_size=5).map(PacketSet.union)


def held(packets: PacketSet) -> set[object]:
    return {one for one in PACKETS if packets.holds(*one)}


@given(SETS, SETS)
def test_operations_are_those_of_sets(one, other):
    assert held(one & other) == held(one) & held(other)
    assert held(one - other) == held(one) - held(other)
    assert held(one | other) == held(one) | held(other)


@given(SETS, SETS)
def test_the_same_packets_are_the_same_object_however_they_came_about(one, other):
    assert (one & other) | (one - other) == one
    assert one - (one - other) == one & other == other & one
    assert (one | other) - other == one - other

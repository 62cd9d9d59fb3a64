"""The host forwards each port of a container, or not: compared port by port."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.deployment.listener import Listener
from livekit_firewall.deployment.published import families_of, on_node
from livekit_firewall.inputs.compose.model import Published
from livekit_firewall.model.addresses import BOTH_FAMILIES
from livekit_firewall.model.errors import Place
from livekit_firewall.model.ports import PortRange, Protocol
from livekit_firewall.model.services import Audience, Service
from livekit_firewall.settings.networks import Network

from ..strategies import few_examples, pick

PLACE = Place("x")
protocols = st.sampled_from(Protocol)


@st.composite
def ranges(draw: st.DrawFn) -> PortRange:
    first, size = draw(st.integers(1, 30)), draw(st.integers(0, 12))
    return PortRange(draw(protocols), first, first + size)


@st.composite
def entries(draw: st.DrawFn) -> Published:
    target, shift = draw(ranges()), pick(draw, [0, 0, 100, 7])
    address = pick(draw, ["", "127.0.0.1", "203.0.113.7", "::", "::1"])
    kind = pick(draw, ["fixed", "fixed", "fixed", "any", "chosen"])
    first = None if kind == "any" else target.first + shift
    last = None if kind == "any" else target.last + shift + (3 if kind == "chosen" else 0)
    return Published(target, first, last, address, "ingress", PLACE)


@few_examples
@given(ranges(), st.lists(entries(), max_size=4))
def test_each_port_is_on_the_host_if_an_entry_forwards_it_else_in_the_container(
    ports: PortRange, published: list[Published]
) -> None:
    listener = Listener(Service.ICE_UDP, ports, BOTH_FAMILIES, "k", False, Audience.PUBLIC, PLACE, owner="livekit")
    found = list(on_node(listener, Network("livekit", tuple(published))))
    reached = {
        (one.ports.protocol, port, family)
        for one in found
        if not one.network
        for port in range(one.ports.first, one.ports.last + 1)
        for family in one.families
    }
    expected = {
        (ports.protocol, entry.first + port - entry.target.first, family)
        for entry, port in itertools.product(published, range(ports.first, ports.last + 1))
        if entry.first is not None and entry.is_fixed and entry.target.protocol is ports.protocol
        and port in entry.target
        for family in families_of(entry.address)
    }  # fmt: skip
    assert reached == expected
    inside = {port for one in found if one.network for port in range(one.ports.first, one.ports.last + 1)}
    forwarded = {
        port for entry in published if entry.is_fixed and entry.target.protocol is ports.protocol
        for port in range(entry.target.first, entry.target.last + 1)
    }  # fmt: skip
    assert inside == set(range(ports.first, ports.last + 1)) - forwarded
    assert all(one.audience is Audience.NOBODY for one in found if not one.families)


@few_examples
@given(ranges())
def test_if_published_ports_are_unknown_each_port_counts_as_forwarded(ports: PortRange) -> None:
    listener = Listener(Service.ICE_UDP, ports, BOTH_FAMILIES, "k", False, Audience.PUBLIC, PLACE, owner="livekit")
    [one] = on_node(listener, Network("livekit"))
    assert (one.ports, one.families, one.audience, one.network) == (ports, BOTH_FAMILIES, Audience.PUBLIC, "livekit")

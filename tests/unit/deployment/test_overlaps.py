"""Two listeners conflict on a port only if they share the ports of a machine or of a container."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.deployment.listener import Listener
from livekit_firewall.deployment.overlaps import check_overlaps, overlaps
from livekit_firewall.model.addresses import BOTH_FAMILIES
from livekit_firewall.model.errors import Place, Report
from livekit_firewall.model.ports import PortRange, Protocol
from livekit_firewall.model.services import Audience, Service
from livekit_firewall.settings.schemas import NAMES

from ..strategies import few_examples, pick


@st.composite
def listeners(draw: st.DrawFn) -> Listener:
    first, owner = draw(st.integers(1, 12)), pick(draw, ["", *NAMES])
    ports = PortRange(draw(st.sampled_from(Protocol)), first, first + draw(st.integers(0, 2)))
    network = pick(draw, ["", "a", "b"])
    key = pick(draw, ["health_port", "port"])
    place = Place(key, f"{owner}.yaml" if owner else None)
    return Listener(
        Service.HEALTH, ports, BOTH_FAMILIES, key, False, Audience.NOBODY, place, owner=owner, network=network
    )


def is_one(one: Listener, other: Listener) -> bool:
    """Whether both are one socket that is published more than once."""
    return bool(one.owner) and (one.owner, one.place) == (other.owner, other.place)


@few_examples
@given(st.lists(listeners(), max_size=6))
def test_they_overlap_within_one_network_and_nowhere_else(given: list[Listener]) -> None:
    found = overlaps(given)
    assert all(one.network == other.network and one.ports.overlaps(other.ports) for one, other in found)
    expected = [
        (one, other)
        for index, one in enumerate(given)
        for other in given[index + 1 :]
        if one.network == other.network and one.ports.overlaps(other.ports) and not is_one(one, other)
    ]
    assert len(found) == len(expected)


@few_examples
@given(listeners(), listeners())
def test_an_overlap_of_two_services_names_both_and_their_files(one: Listener, other: Listener) -> None:
    report = Report()
    check_overlaps([one, other], report)
    for finding in report.findings:
        if one.owner and other.owner and one.owner != other.owner:
            assert f"of {NAMES[one.owner]} on {one.ports}" in finding.text
            assert f"of {NAMES[other.owner]} on {other.ports}" in finding.text
            message = f"{finding.place}: {finding.text}"
            assert all(f"{each.owner}.yaml" in message for each in (one, other))

"""A call that runs goes on while the host's rules change under it: nothing lost, no gap in what is heard."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from livekit_firewall.model.addresses import Peer
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.nftables import render as nftables

from .cases import Case, cases
from .lab import Lab, only
from .trial import come_first, joining, load, running

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns", "livekit-server")

LONGEST_GAP = 100.0
"""Milliseconds without the other's tone."""
TIMES, EVERY = 10, 0.1
"""How often each ruleset is loaded during the call, and seconds between."""

CALLS = {
    case.need.transport: case
    for case in cases(["call"])
    if case.need and case.scenario.name == "TURN over UDP" and case.need.transport and case.family == "ipv4"
}
MORE = [Rule(ports, Peer.anywhere(), Service.ICE_UDP) for ports in (PortRange.udp(40000, 40100), PortRange.udp(9000))]


def with_more_ports(rules: RuleSet) -> RuleSet:
    return RuleSet.of([*rules, *MORE])


UPDATES: dict[str, Callable[[RuleSet], RuleSet]] = {
    "the same again": lambda rules: rules,
    "with other ports as well": with_more_ports,
    "other ports instead": lambda rules: RuleSet.of([*only(Service.API)(rules), *MORE]),
    "back again": lambda rules: rules,
}


@pytest.fixture(scope="module")
def lab(livekit_server: Path) -> Iterator[Lab]:
    with Lab(livekit_server) as made:
        yield made


@pytest.mark.parametrize("transport", CALLS)
def test_a_running_call_survives_every_update(lab, transport):
    case: Case = CALLS[transport]
    with running(lab, case.scenario):
        rules = load(lab, case.scenario)
        with joining(lab, case, "alice", "bob") as clients:
            for one, other in zip(clients, ("bob", "alice"), strict=True):
                one.hears(other)
            come_first(lab, clients)
            for what, change in UPDATES.items():
                text = nftables.render(change(rules))
                for one in clients:
                    one.report()
                for _ in range(TIMES):
                    lab.nft(lab.server, text)  # nothing is flushed, and no flow is forgotten
                    time.sleep(EVERY)
                for one, other in zip(clients, ("bob", "alice"), strict=True):
                    report = one.report()
                    heard = report["heard"][other]
                    assert report["transports"] == [transport], what
                    assert min(heard["packets"], heard["frames"], heard["data"]) > TIMES, (what, heard)
                    assert (heard["lost"], heard["missing"]) == (0, 0), (what, heard)
                    assert heard["gap"] <= LONGEST_GAP, (what, heard)


def test_it_does_so_by_the_baseline_alone(lab):
    """A ruleset that closes the call's port, and does not admit what is open, ends it: the test above can fail."""
    case = CALLS["udp"]
    with running(lab, case.scenario):
        rules = load(lab, case.scenario)
        with joining(lab, case, "alice", "bob") as clients:
            for one, other in zip(clients, ("bob", "alice"), strict=True):
                one.hears(other)
            closed = nftables.render(only(Service.API)(rules))
            lines = [line for line in closed.splitlines() if "ct state established,related accept" not in line]
            assert len(lines) == len(closed.splitlines()) - 1
            lab.nft(lab.server, "\n".join(lines))
            time.sleep(2 * EVERY)  # what was on its way
            clients[0].report()
            time.sleep(1)
            heard = clients[0].report()["heard"]["bob"]
    assert (heard["packets"], heard["data"]) == (0, 0)
    assert heard["gap"] > LONGEST_GAP

"""Two participants in a real call, through the host firewall that is rendered for the server's livekit.yaml.

Each way that a call can take is proved twice: that the call takes it, and that nothing else is open which would let a
call through. That a join fails is the client's own word, after the 15 seconds that it gives ICE.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from livekit_firewall.model.addresses import Peer
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Rule, RuleSet
from livekit_firewall.model.services import Service
from tests.e2e.together import together

from .lab import BALANCER6, HEAD, NAT_TEXT, NO_NAT_TEXT, NODE_IP, SERVER6, Client, Lab, only

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns", "livekit-server")

RANGE = f"{HEAD}rtc: {{{NODE_IP}, tcp_port: 7881, port_range_start: 50000, port_range_end: 60000}}\n"
MUX = f"{HEAD}rtc: {{{NODE_IP}, tcp_port: 7881, udp_port: 7882}}\n"
FORCED = f"{HEAD}rtc: {{{NODE_IP}, tcp_port: 7881, force_tcp: true}}\n"
ONLY_IPV6 = f'{HEAD}rtc: {{node_ip: "{SERVER6}", tcp_port: 7881, port_range_start: 50000, port_range_end: 60000}}\n'
TURN = f"{RANGE}turn: {{enabled: true, domain: turn.example.com, udp_port: 3478}}\n"

Trial = Callable[[Lab], None]
SECONDS = 1.0
"""Of call that are looked at."""


@pytest.fixture(scope="module")
def shared(livekit_server: Path) -> Iterator[Lab]:
    with Lab(livekit_server) as made:
        yield made


@pytest.fixture
def lab(shared: Lab) -> Lab:
    shared.reset()
    return shared


@pytest.fixture(scope="module", autouse=True)
def failing(livekit_server: Path) -> Iterator[Mapping[Trial, Future[None]]]:
    """What waits for 15 seconds: begun before all else, each in a laboratory of its own."""
    works = {one: one for one in (only_the_api, only_relaying, only_the_ends)}
    with together(partial(Lab, livekit_server), len(works), works) as found:
        yield found


def assert_talks(lab: Lab, transport: str, option: str = "", **more: str) -> None:
    """A call between two runs in this way alone, tone and data in both directions."""
    with lab.call(f"alice {option}", f"bob {option}", **more) as clients:
        for one in clients:
            one.report()
        time.sleep(SECONDS)
        reports = [one.report() for one in clients]
    for report, other in zip(reports, ("bob", "alice"), strict=True):
        assert report["transports"] == [transport]
        assert list(report["heard"]) == [other]
        heard = report["heard"][other]
        assert min(heard["packets"], heard["frames"], heard["data"], report["sent"]) > 0, report


def assert_fails(*clients: Client) -> None:
    for client in clients:
        assert client.outcome()["event"] == "failed", client.stdout
        assert "timed out" in client.outcome()["why"]


@pytest.mark.parametrize("text", [pytest.param(RANGE, id="a range"), pytest.param(MUX, id="one port")])
def test_a_call_runs_over_udp_through_the_rules_for_it(lab, text):
    lab.firewall(text)
    with lab.livekit(text):
        assert_talks(lab, "udp")


def test_a_call_runs_over_ipv6_alone(lab):
    lab.cloud(ipv4=[], ipv6=["udp/1-65535", "tcp/1-65535"])
    lab.firewall(ONLY_IPV6)
    with lab.livekit(ONLY_IPV6):
        assert_talks(lab, "udp", host=BALANCER6)


def test_a_call_runs_over_tcp_where_the_server_has_nothing_else(lab):
    rules = lab.firewall(FORCED)
    assert Service.ICE_UDP not in {rule.service for rule in rules}
    with lab.livekit(FORCED):
        assert_talks(lab, "tcp")


def test_a_call_falls_back_to_tcp_where_media_over_udp_is_shut(lab):
    lab.firewall(RANGE, only(Service.API, Service.ICE_TCP))
    with lab.livekit(RANGE):
        assert_talks(lab, "tcp")


@pytest.mark.parametrize("option", ["--relay", ""], ids=["relay only", "by what works"])
def test_a_call_runs_by_the_relay_through_the_rule_for_turn_alone(lab, option):
    lab.firewall(TURN, only(Service.API, Service.TURN_UDP))
    with lab.livekit(TURN):
        assert_talks(lab, "relay/udp", option)


def only_the_api(lab: Lab) -> None:
    lab.firewall(TURN, only(Service.API))
    with lab.livekit(TURN), lab.join("alice") as alice, lab.join("carol", "--relay") as carol:
        assert_fails(alice, carol)


def only_relaying(lab: Lab) -> None:
    lab.firewall(TURN, only(Service.API, Service.ICE_UDP, Service.ICE_TCP))
    with lab.livekit(TURN), ExitStack() as leaving:
        carol = leaving.enter_context(lab.join("carol", "--relay"))
        assert_talks(lab, "udp")
        assert_fails(carol)
        lab.firewall(TURN)
        assert_talks(lab, "relay/udp", "--relay")


def two_ports(rules: RuleSet) -> RuleSet:
    ends = [Rule(PortRange.udp(port), Peer.anywhere(), Service.ICE_UDP) for port in (10000, 60000)]
    return RuleSet.of([*only(Service.API)(rules), *ends])


def only_the_ends(lab: Lab) -> None:
    text = RANGE.replace("50000", "10000")  # so wide that the server, which picks at random, picks neither end
    lab.firewall(text, two_ports)
    with lab.livekit(text), lab.join("alice") as alice:
        assert_fails(alice)


def test_nobody_joins_with_nothing_but_the_api_open(failing):
    """Neither directly nor by the relay: otherwise no call above would prove anything of the firewall."""
    failing[only_the_api].result()


def test_a_client_that_only_relays_needs_the_rule_for_turn(failing):
    """And joins as soon as it is there, the media ports still open for another that did not need it."""
    failing[only_relaying].result()


def test_the_two_ends_of_a_range_opened_as_two_ports_are_found_out(failing):
    """A fault seen in the field. Nothing of ours renders it; here it stands for any firewall that is wrong."""
    failing[only_the_ends].result()


def test_a_client_that_the_server_can_address_gets_through_any_firewall(lab):
    """Why there is a NAT in this laboratory."""
    lab.nft(lab.middle, NO_NAT_TEXT)
    try:
        lab.firewall(RANGE, only(Service.API), load_balancer={"cidrs": ["198.51.100.2/32"]})
        with lab.livekit(RANGE):
            assert_talks(lab, "udp", host="203.0.113.1")
    finally:
        lab.nft(lab.middle, NAT_TEXT)


def test_what_is_lost_on_the_way_is_counted(lab):
    """What tests of a running call rely on: a third of a second without packets, in both directions."""
    lab.firewall(RANGE)
    with lab.livekit(RANGE), lab.call("alice", "bob") as (_, bob):
        bob.report()
        lab.loss(99.999)
        time.sleep(0.3)
        lab.loss()
        time.sleep(SECONDS)
        report = bob.report()
    heard = report["heard"]["alice"]
    assert min(heard["lost"], heard["missing"]) > 0, report
    assert heard["concealed"] > heard["gap"] > 100, report

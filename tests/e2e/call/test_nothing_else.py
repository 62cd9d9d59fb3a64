"""From outside, nothing of the server is reachable but what the rules say: each port of both protocols is tried.

`RuleSet.admits` is the judge, which is written apart from the ruleset that it judges.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest

from livekit_firewall.model.addresses import Packet, Peer
from livekit_firewall.model.ports import PortRange, Protocol
from livekit_firewall.model.rules import Rule, RuleSet
from livekit_firewall.model.services import Service
from tests.e2e.probe.lab import probe
from tests.e2e.probe.program import Listening

from .lab import (
    BALANCER6,
    BALANCERS,
    NAT,
    NAT6,
    NODE,
    NODE6,
    OPERATOR,
    OPERATOR6,
    SERVER,
    SERVER6,
    TRUNK,
    TRUNK6,
    Lab,
)  # fmt: skip
from .scenarios import RANGE, Scenario, both
from .trial import load

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns", "livekit-server")

SCAN = Path(__file__).with_name("scan.py")
SCAN_PATIENCE = 120.0

ALL = Scenario(
    "a node with everything on it",
    f"{RANGE}turn: {{enabled: true, domain: turn.example.com, udp_port: 3478}}\nprometheus: {{port: 6789}}\n",
    {},
    {
        "load_balancer": {"cidrs": BALANCERS},
        "operators": {"cidrs": both(OPERATOR, OPERATOR6)},
        "cluster": {"cidrs": both(NODE, NODE6), "services": ["redis"]},
        "trunks": both(TRUNK, TRUNK6),
        "sip": {},
        "ingress": {},
    },
)
# Where they connect to, and who they are to the server then.
CLIENTS = {SERVER: NAT, SERVER6: NAT6}
OTHERS = {one: one for one in (BALANCER6, NODE, OPERATOR, TRUNK)}


@pytest.fixture(scope="module")
def lab(livekit_server: Path) -> Iterator[Lab]:
    with Lab(livekit_server) as made:
        yield made


def scanned(lab: Lab, where: str) -> dict[str, set[int]]:
    """The ports of each protocol that are reachable there."""
    listening: Listening = lab.start(lab.server, *probe("listen", "--port", "udp/9"), kind=Listening)
    try:
        listening.until(lambda: listening.command_to_copy)
        scan = lab.start(lab.client, sys.executable, str(SCAN), listening.token, where)
        assert scan.wait(SCAN_PATIENCE) == 0, scan.stderr
    finally:
        listening.kill()  # its report of so many ports takes longer than the scan
    found = json.loads(scan.stdout)
    return {protocol: {port for first, last in some for port in range(first, last + 1)}
            for protocol, some in found.items()}  # fmt: skip


def admitted(rules: RuleSet, source: str) -> dict[str, set[int]]:
    who = ip_address(source)
    return {
        protocol.value: {port for port in range(1, 65536) if rules.admits(Packet(who, protocol, port))}
        for protocol in Protocol
    }


@pytest.mark.parametrize(("where", "source"), [*CLIENTS.items(), *OTHERS.items()])
def test_exactly_what_the_rules_admit_is_reachable_of_all_ports(lab, where, source):
    rules = load(lab, ALL)
    found = scanned(lab, where)
    assert found == admitted(rules, source)
    assert (7880 in found["tcp"]) == (where in (BALANCER6, NODE)), "the API: load balancer and cluster alone"


def test_a_hole_in_the_firewall_is_found(lab):
    """By this very scan: a port of each protocol, that nothing lies beside."""
    hole = RuleSet.of([Rule(ports, Peer.anywhere(), Service.ICE_UDP)
                       for ports in (PortRange.udp(31337), PortRange.tcp(64999))])  # fmt: skip
    rules = load(lab, ALL)
    load(lab, ALL, lambda same: RuleSet.of([*same, *hole]))
    found = scanned(lab, SERVER)
    assert {protocol: some - admitted(rules, NAT)[protocol] for protocol, some in found.items()} == {
        "udp": {31337}, "tcp": {64999},
    }  # fmt: skip

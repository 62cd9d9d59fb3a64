"""The rendered ruleset in the kernel: two network namespaces with a wire between, real packets, and what the
rule set itself says of each packet as the judge.

Not proved here: other chains on a host (ufw, firewalld), other kernels and versions of nft.
"""

from __future__ import annotations

import ipaddress
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from livekit_firewall.model.addresses import Cidr, Packet, Peer
from livekit_firewall.model.ports import PortRange, Protocol
from livekit_firewall.model.rules import Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.nftables import render as nftables

from .probe.tracking import forget

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns")

PEERS = Path(__file__).with_name("peers.py")
ENV = {**os.environ, "PATH": f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin", "LC_ALL": "C"}

SERVER = {4: "203.0.113.1", 6: "2001:db8:113::1"}
# One client with the address of everybody that the rules speak of, and of neighbours just outside.
STRANGER, STRANGER6 = "203.0.113.50", "2001:db8:113::50"
BALANCER, BALANCER6 = "10.0.0.255", "2001:db8:10::1"
TRUNK, BESIDE_TRUNK = "198.51.100.128", "198.51.100.127"
OPERATOR, OPERATOR6 = "192.0.2.15", "2001:db8:7:0:ffff::1"
CLIENTS = [STRANGER, STRANGER6, BALANCER, BALANCER6, "10.0.1.0", TRUNK, BESIDE_TRUNK, OPERATOR, OPERATOR6, "192.0.2.16"]

PROBED = [
    "tcp/22", "tcp/443", "tcp/4443", "tcp/5060", "tcp/6379", "tcp/6789", "tcp/7880", "tcp/7881", "tcp/7882",
    "udp/443", "udp/5059", "udp/5060", "udp/7881", "udp/7882", "udp/9999", "udp/10000", "udp/20000", "udp/20001",
    "udp/49999", "udp/50000", "udp/55555", "udp/60000", "udp/60001",
]  # fmt: skip


def rule(ports: PortRange, service: Service, *peers: str) -> Iterator[Rule]:
    for peer in peers or ("anywhere",):
        yield Rule(ports, Peer.anywhere() if peer == "anywhere" else Peer.of(Cidr.parse(peer)), service)


TRUNKS = ["198.51.100.128/25"]
BALANCERS = ["10.0.0.0/24", "2001:db8:10::/64"]
OPERATORS = ["192.0.2.0/28", "2001:db8:7::/64"]
RULES = RuleSet.of([
    *rule(PortRange.tcp(7881), Service.ICE_TCP),
    *rule(PortRange.udp(443), Service.TURN_UDP),
    *rule(PortRange.udp(50000, 60000), Service.ICE_UDP),
    *rule(PortRange.tcp(443), Service.HTTPS, "0.0.0.0/0"),
    *rule(PortRange.tcp(7880), Service.API, *BALANCERS),
    *rule(PortRange.udp(5060), Service.SIP, *TRUNKS),
    *rule(PortRange.tcp(5060), Service.SIP, *TRUNKS),
    *rule(PortRange.udp(10000, 20000), Service.SIP_RTP, *TRUNKS),
    *rule(PortRange.tcp(22), Service.SSH, *OPERATORS),
    *rule(PortRange.tcp(6789), Service.METRICS, *OPERATORS),
])  # fmt: skip

IPV4_ONLY = RuleSet.of([*rule(PortRange.udp(50000, 60000), Service.ICE_UDP, "0.0.0.0/0")])

# Other tables of a host: one redirects as a TURN on 443 or a transparent proxy does, one has a like name.
OTHERS = """\
table inet other {
    chain nat {
        type nat hook prerouting priority dstnat; policy accept;
        udp dport 443 redirect to :7882
        tcp dport 4443 redirect to :7881
    }
}
table ip alien {
    chain livekit { counter; }
}
"""


def run(*command: str, stdin: str = "") -> str:
    ran = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=30, check=False, env=ENV)
    assert ran.returncode == 0, f"{' '.join(command)}: {ran.stderr}"
    return ran.stdout


class Wire:
    """A server and a client namespace, wired; the server listens on every port that is probed."""

    def __init__(self) -> None:
        self.server, self.client = f"lkfw-server-{os.getpid()}", f"lkfw-client-{os.getpid()}"
        self.started: list[subprocess.Popen[str]] = []

    def set_up(self) -> None:
        ends = {self.server: "lkfw0", self.client: "lkfw1"}
        for space in ends:
            run("ip", "netns", "add", space)
        # Made inside, so that the machine's own namespace never sees them.
        peer = ["peer", "name", "lkfw1", "netns", self.client]
        run("ip", "-n", self.server, "link", "add", "lkfw0", "type", "veth", *peer)
        for space, end in ends.items():
            run("ip", "-n", space, "link", "set", "lo", "up")
            run("ip", "-n", space, "link", "set", end, "up")
        mine, theirs = SERVER.values(), CLIENTS
        for space, here, there in ((self.server, mine, theirs), (self.client, theirs, mine)):
            for address in here:
                nodad = ["nodad"] if ":" in address else []
                run("ip", "-n", space, "addr", "add", single(address), "dev", ends[space], *nodad)
            for address in there:
                family = "-6" if ":" in address else "-4"
                run("ip", family, "-n", space, "route", "add", single(address), "dev", ends[space])
        self.start(self.server, "serve", " ".join(PROBED), expect="ready")
        self.start(self.client, "serve", "udp/9 tcp/9", expect="ready")
        self.load(OTHERS)

    def tear_down(self) -> None:
        for process in self.started:
            process.kill()
            process.communicate()
        for space in (self.server, self.client):
            subprocess.run(["ip", "netns", "delete", space], capture_output=True, check=False, env=ENV)

    def start(self, space: str, *arguments: str, expect: str) -> subprocess.Popen[str]:
        command = ["ip", "netns", "exec", space, sys.executable, str(PEERS), *arguments]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENV)
        self.started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == f"{expect}\n"
        return process

    def nft(self, *arguments: str, stdin: str = "") -> str:
        return run("ip", "netns", "exec", self.server, "nft", *arguments, stdin=stdin)

    def load(self, ruleset: str) -> None:
        self.nft("-f", "-", stdin=ruleset)
        # Neighbours are found anew, under the rules that were loaded.
        for space in (self.server, self.client):
            run("ip", "-n", space, "neigh", "flush", "all")

    def attempts(self, space: str, wanted: list[tuple[str, str, str, int]]) -> list[bool]:
        asked = json.dumps(wanted)
        answered = run("ip", "netns", "exec", space, sys.executable, str(PEERS), "try", stdin=asked)
        return json.loads(answered)  # type: ignore[no-any-return]

    def reachable(self) -> set[tuple[str, str]]:
        """From whom which of the probed ports answer, of new flows alone.

        The kernel chooses the port that a flow comes from, and now and then one that an earlier test had: what was
        admitted then would pass as a part of that flow.
        """
        forget(self.server)
        pairs = list(itertools.product(CLIENTS, PROBED))
        wanted = [(source, SERVER[version(source)], *port_of(port)) for source, port in pairs]
        return set(itertools.compress(pairs, self.attempts(self.client, wanted)))


def single(address: str) -> str:
    return f"{address}/{128 if ':' in address else 32}"


def version(address: str) -> int:
    return 6 if ":" in address else 4


def port_of(port: str) -> tuple[str, int]:
    protocol, _, number = port.partition("/")
    return protocol, int(number)


def admitted(rules: RuleSet) -> set[tuple[str, str]]:
    """The same, as the rule set itself says."""
    return {
        (source, port)
        for source, port in itertools.product(CLIENTS, PROBED)
        if rules.admits(Packet(ipaddress.ip_address(source), Protocol(port_of(port)[0]), port_of(port)[1]))
    }


@pytest.fixture(scope="module")
def wire() -> Iterator[Wire]:
    made = Wire()
    try:
        made.set_up()
        yield made
    finally:
        made.tear_down()


def test_without_the_ruleset_everything_answers(wire):
    """Otherwise what follows would prove nothing."""
    assert wire.reachable() == set(itertools.product(CLIENTS, PROBED))


def test_exactly_what_the_rule_set_admits_gets_through(wire):
    wire.load(nftables.render(RULES))
    reached, expected = wire.reachable(), admitted(RULES)
    assert reached == expected
    # The judge is not vacuous: of each kind, one inside and one just outside.
    assert {(STRANGER6, "udp/60000"), (TRUNK, "udp/20000"), (BALANCER, "tcp/7880"), (OPERATOR6, "tcp/22")} <= reached
    assert not {(STRANGER, "udp/60001"), (BESIDE_TRUNK, "udp/20000"), (STRANGER, "tcp/22")} & reached


def test_a_redirected_flow_is_judged_by_the_port_that_the_client_used(wire):
    wire.load(nftables.render(RULES))
    reached = wire.reachable()
    assert (STRANGER, "udp/443") in reached, "admitted, though the packet arrives at 7882, which is closed"
    assert (STRANGER, "udp/7882") not in reached
    assert (STRANGER, "tcp/4443") not in reached, "closed, though the packet arrives at 7881, which is open"
    assert (STRANGER, "tcp/7881") in reached


@pytest.mark.parametrize(("source", "family"), [(STRANGER, 4), (STRANGER6, 6)])
def test_ping_is_answered_over_both_families(wire, source, family):
    wire.load(nftables.render(RULES))
    asked = ("ip", "netns", "exec", wire.client, sys.executable, str(PEERS), "ping", source, SERVER[family])
    assert run(*asked) == "true\n"


def test_ssh_is_open_to_anybody_while_no_rule_names_its_users(wire):
    wire.load(nftables.render(RuleSet()))
    assert wire.reachable() == {(source, "tcp/22") for source in CLIENTS}


def test_without_ipv6_no_flow_over_it_comes_in_and_the_hosts_own_go_out(wire):
    wire.load(nftables.render(IPV4_ONLY, ipv6=False))
    ssh = {(source, "tcp/22") for source in CLIENTS if version(source) == 4}
    assert wire.reachable() == admitted(IPV4_ONLY) | ssh
    asked = ("ip", "netns", "exec", wire.client, sys.executable, str(PEERS), "ping", STRANGER6, SERVER[6])
    assert run(*asked) == "false\n"
    outward = [(SERVER[6], STRANGER6, protocol, 9) for protocol in ("udp", "tcp")]
    assert wire.attempts(wire.server, outward) == [True, True]


def test_the_host_talks_to_itself(wire):
    wire.load(nftables.render(RuleSet()))
    loopback = [(address, address, "tcp", 6379) for address in ("127.0.0.1", "::1")]
    assert wire.attempts(wire.server, loopback) == [True, True]


def test_an_open_flow_survives_a_reload_that_closes_its_port(wire):
    wire.load(nftables.render(RULES))
    flows = wire.start(wire.client, "hold", SERVER[4], "tcp/7881", "udp/55555", "udp/443", expect="open")
    wire.load(nftables.render(RuleSet()))
    flows.stdin.write("\n")
    flows.stdin.flush()
    assert flows.stdout.readline() == "alive\n"
    # And new ones do not get in.
    assert wire.attempts(wire.client, [(STRANGER, SERVER[4], "udp", 55555)]) == [False]


def test_loaded_twice_it_is_the_same_and_no_other_table_is_touched(wire):
    wire.nft("flush", "ruleset")
    wire.load(OTHERS)
    others = wire.nft("list", "ruleset")
    text = nftables.render(RULES)
    wire.load(text)
    once = wire.nft("list", "table", "inet", "livekit")
    wire.load(text)
    assert wire.nft("list", "table", "inet", "livekit") == once
    wire.nft("delete", "table", "inet", "livekit")
    assert wire.nft("list", "ruleset") == others


def test_what_nft_lists_can_be_loaded_again(wire):
    """People save a host's rules with `nft list ruleset > /etc/nftables.conf`."""
    wire.load(nftables.render(RULES))
    listed = wire.nft("list", "ruleset")
    wire.nft("flush", "ruleset")
    wire.nft("-f", "-", stdin=listed)
    assert wire.nft("list", "ruleset") == listed
    assert wire.reachable() == admitted(RULES)


def test_nothing_is_loaded_of_a_ruleset_with_a_mistake(wire):
    wire.load(nftables.render(RULES))
    before = wire.nft("list", "ruleset")
    with pytest.raises(AssertionError, match="syntax error"):
        wire.load(nftables.render(RuleSet()).replace("ct original", "ct oriignal"))
    assert wire.nft("list", "ruleset") == before

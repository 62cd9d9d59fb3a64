"""The laboratory does what it claims: each firewall blocks where it stands, each impairment impairs, nothing stays.

Without this, a test of the probe would prove nothing: a firewall that was never loaded blocks nothing.
"""

from __future__ import annotations

import json
import math
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from livekit_firewall.model.addresses import Peer
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.nftables import render as nftables

from .lab import CLIENT, CLIENT6, PEERS, SERVER, SERVER6, TRAFFIC, Lab
from .relay import AT_ONCE, Direction
from .remains import pids

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns")

SERVED = ("udp/50000", "udp/50001", "tcp/7881", "tcp/6379")
ALL = [(address, *one.split("/")) for address in (SERVER, SERVER6) for one in SERVED]

# Sees what arrives at a machine before that judges anything, and keeps the datagrams of port 9 from being answered.
COUNTERS = """
table inet seen
delete table inet seen
table inet seen {
    chain arrivals {
        type filter hook prerouting priority -500;
        udp dport 9 counter drop comment "datagrams"
        meta l4proto { tcp, udp } counter comment "others"
    }
}
"""
OURS = RuleSet.of([
    Rule(PortRange.udp(50000), Peer.anywhere(), Service.ICE_UDP),
    Rule(PortRange.tcp(7881), Peer.anywhere(), Service.ICE_TCP),
])  # fmt: skip
FOREIGN = """
table inet filter { chain input {
    type filter hook input priority filter; policy accept;
    udp dport 50001 drop
    tcp dport 6379 drop
}
}
"""
IPTABLES = """
table ip filter { chain INPUT {
    type filter hook input priority filter; policy accept;
    udp dport 50001 counter reject with icmp port-unreachable
    tcp dport 6379 counter reject with tcp reset
}
}
table ip6 filter { chain INPUT {
    type filter hook input priority filter; policy accept;
    udp dport 50001 counter reject with icmpv6 port-unreachable
    tcp dport 6379 counter reject with tcp reset
}
}
"""


@pytest.fixture(scope="module")
def shared() -> Iterator[Lab]:
    with Lab() as made, made.serve(*SERVED):
        yield made


@pytest.fixture
def lab(shared: Lab) -> Iterator[Lab]:
    shared.reset()
    yield shared
    for space in (shared.client, shared.server):
        shared.nft(space, "table inet seen\ndelete table inet seen")


def answering(lab: Lab) -> set[tuple[str, str]]:
    """(family, port) of what answers the client."""
    wanted = [(address, protocol, int(port)) for address, protocol, port in ALL]
    answered = zip(wanted, lab.attempts(wanted), strict=True)
    return {("ipv6" if ":" in one[0] else "ipv4", f"{one[1]}/{one[2]}") for one, yes in answered if yes}


def each(*ports: str, families: tuple[str, ...] = ("ipv4", "ipv6")) -> set[tuple[str, str]]:
    return {(family, port) for family in families for port in ports}


def arrived(lab: Lab, space: str, what: str = "datagrams") -> int:
    listed = lab.run(space, "nft", "list", "table", "inet", "seen")
    found = re.search(rf'counter packets (\d+) .*comment "{what}"', listed)
    assert found, listed
    return int(found[1])


def settled(lab: Lab, space: str, expected: int | None = None) -> int:
    """How many datagrams arrived, once `expected` did or no more come."""
    before, found = -1, arrived(lab, space)
    while found != expected and found != before:
        time.sleep(0.25)
        before, found = found, arrived(lab, space)
    return found


def send(lab: Lab, space: str, target: str, count: int, size: int = 52, per_second: int = 0) -> None:
    arguments = (target, "9", str(count), str(size), str(per_second))
    assert lab.run(space, sys.executable, "-I", "-S", str(TRAFFIC), "send", *arguments) == f"{count}\n"


def ways(lab: Lab) -> list[tuple[str, str, str]]:
    """Both directions, in both families: (sender, target, receiver)."""
    up = [(lab.client, target, lab.server) for target in (SERVER, SERVER6)]
    return up + [(lab.server, target, lab.client) for target in (CLIENT, CLIENT6)]


def test_without_firewalls_everything_answers(lab):
    assert answering(lab) == each(*SERVED)


@pytest.mark.parametrize(
    ("admitted", "expected"),
    [
        ({"open_ports": ["udp/50000-50010", "tcp/7881"]}, each("udp/50000", "udp/50001", "tcp/7881")),
        ({"open_ports": ["udp/50001"], "ipv6": ["tcp/6379"]}, {("ipv4", "udp/50001"), ("ipv6", "tcp/6379")}),
        ({"ipv4": ["tcp/7881"]}, each("tcp/7881", families=("ipv4",))),
        ({"open_ports": []}, set()),
        ({"text": "table inet cloud { chain forward { type filter hook forward priority 0; udp dport 50000 drop\n}\n}"},
         each("udp/50001", "tcp/7881", "tcp/6379")),
    ],
)  # fmt: skip
def test_the_cloud_admits_exactly_its_ports_in_each_family(lab, admitted, expected):
    lab.cloud(**admitted)
    assert answering(lab) == expected
    lab.cloud()
    assert answering(lab) == each(*SERVED), "without a cloud firewall again"


def test_what_the_cloud_blocks_does_not_arrive_at_the_server_and_what_the_host_blocks_does(lab):
    lab.cloud([])
    lab.host(COUNTERS)
    assert answering(lab) == set()
    assert arrived(lab, lab.server, "others") == 0
    lab.cloud()
    lab.host(COUNTERS + nftables.render(RuleSet()))
    assert answering(lab) == set()
    assert arrived(lab, lab.server, "others") >= len(ALL)


@pytest.mark.parametrize("text", [nftables.render(OURS), FOREIGN, IPTABLES], ids=["ours", "foreign", "iptables"])
def test_the_host_blocks_what_its_own_rules_say(lab, text):
    lab.host(text)
    assert answering(lab) == each("udp/50000", "tcp/7881")


@pytest.mark.parametrize("address", [SERVER, SERVER6])
def test_a_rejecting_host_is_heard_at_the_client_through_a_stateful_cloud(lab, address):
    lab.cloud(["udp/50001"])
    lab.host(IPTABLES)
    said = lab.start(lab.client, sys.executable, "-I", "-S", str(TRAFFIC), "trips", address, "50001", "1")
    assert said.wait() == 1
    assert "ConnectionRefusedError" in said.stderr


def test_what_the_server_begins_gets_out_of_a_shut_cloud_and_is_answered(lab):
    lab.cloud([])
    peer = lab.start(lab.client, sys.executable, str(PEERS), "serve", "udp/9999 tcp/9999")
    peer.until(lambda: "ready" in peer.stdout)
    outward = [[SERVER, CLIENT, "udp", 9999], [SERVER6, CLIENT6, "tcp", 9999]]
    assert json.loads(lab.run(lab.server, sys.executable, str(PEERS), "try", stdin=json.dumps(outward))) == [True, True]
    peer.kill()


@pytest.mark.parametrize("shut", [lambda lab: lab.cloud([]), lambda lab: lab.host(nftables.render(RuleSet()))])
def test_a_flow_of_an_earlier_test_does_not_pass_a_firewall_that_was_loaded_since(lab, shut):
    lab.cloud(["udp/50000"])
    lab.host(nftables.render(OURS))
    flow = lab.start(lab.client, sys.executable, str(PEERS), "hold", SERVER, "udp/50000")
    flow.until(lambda: "open" in flow.stdout)
    shut(lab)
    flow.process.stdin.write(b"\n")
    flow.process.stdin.flush()
    flow.until(lambda: "dead" in flow.stdout or "alive" in flow.stdout)
    flow.kill()
    assert flow.stdout.split() == ["open", "dead"]


@pytest.mark.parametrize("address", [SERVER, SERVER6])
def test_a_delay_delays_both_directions_and_goes_away_again(lab, address):
    def trips() -> list[float]:
        said = lab.run(lab.client, sys.executable, "-I", "-S", str(TRAFFIC), "trips", address, "50000", "20")
        return json.loads(said)

    lab.delay(20)
    assert min(trips()) >= 0.040
    assert answering(lab) == each(*SERVED)
    lab.delay(5)
    assert min(trips()) >= 0.010
    lab.delay()
    assert "late" not in lab.run(None, "ip", "-n", lab.client, "link") + lab.run(None, "ip", "-n", lab.middle, "link")
    assert answering(lab) == each(*SERVED)


def test_the_relay_hands_on_every_packet_in_order_and_exactly_when_it_is_due():
    now = 0.0
    (writer, source), (sink, reader) = (socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(2))
    with writer, source, sink, reader:
        for one in (source, reader):
            one.setblocking(False)
        direction = Direction(source.fileno(), sink.fileno(), 0.05, clock=lambda: now)
        assert direction.give() is None, "nothing is on its way"
        writer.send(b"first")
        writer.send(b"second")
        direction.take()
        now = 0.02
        writer.send(b"third")
        direction.take()
        assert direction.give() == pytest.approx(0.03)
        now = 0.0499
        assert direction.give() == pytest.approx(0.0001)
        with pytest.raises(BlockingIOError):
            reader.recv(100)
        now = 0.05
        assert direction.give() == pytest.approx(0.02)
        assert [reader.recv(100), reader.recv(100)] == [b"first", b"second"]
        now = 0.07
        assert direction.give() is None
        assert reader.recv(100) == b"third"
        for _ in range(AT_ONCE + 1):
            writer.send(b"more")
        direction.take()
        assert len(direction.under_way) == AT_ONCE, "then it looks whether something is due"


@pytest.mark.parametrize("per_second", [30_000, 0], ids=["20 Mbit/s", "all at once"])
def test_the_relay_loses_nothing_of_small_packets_each_way(lab, per_second):
    """A datagram of 52 bytes is a packet of 80; 20 Mbit/s are some 30,000 of them."""
    count = 15_000
    lab.delay(50)
    for space in (lab.client, lab.server):
        lab.nft(space, COUNTERS)
    arguments = ("9", str(count), "52", str(per_second))
    senders = [
        lab.start(space, sys.executable, "-I", "-S", str(TRAFFIC), "send", target, *arguments)
        for space, target in ((lab.client, SERVER), (lab.server, CLIENT))
    ]
    assert [sender.wait() for sender in senders] == [0, 0]
    assert [settled(lab, space, count) for space in (lab.client, lab.server)] == [count, count]


@pytest.mark.parametrize("percent", [0, 1, 10])
def test_loss_loses_that_share_of_the_packets_of_each_direction_and_family(lab, percent):
    count, share = 10_000, 1 - percent / 100
    lab.loss(percent)
    for sender, target, receiver in ways(lab):
        lab.nft(receiver, COUNTERS)
        send(lab, sender, target, count)
        # Six standard deviations: once in 500 million runs.
        spread = 6 * math.sqrt(count * share * (1 - share))
        assert settled(lab, receiver, count) == pytest.approx(count * share, abs=spread), (sender, target)


@pytest.mark.parametrize("delayed", [False, True])
def test_a_rate_bounds_what_gets_through_each_way(lab, delayed):
    """By the time it took, so a slow machine cannot fail it."""
    count, on_wire = 5_000, 1000 + 28 + 14
    lab.rate(20, patience=50)
    lab.delay(5 if delayed else 0)
    for sender, target, receiver in ways(lab)[::2]:
        lab.nft(receiver, COUNTERS)
        began = time.monotonic()
        send(lab, sender, target, count, 1000)
        waited = settled(lab, receiver, count)
        most = 16 * 1024 + 20e6 / 8 * (time.monotonic() - began)
        # A queue of 50 ms fills at once: 125 kB.
        assert 100 <= waited <= most / (on_wire - 14), (sender, target)
    lab.rate()
    lab.nft(lab.server, COUNTERS)
    send(lab, lab.client, SERVER, count, 1000)
    assert settled(lab, lab.server, count) == count


def test_leftovers_names_each_thing_that_is_new_or_gone(lab):
    assert lab.leftovers() == []
    lab.nft(lab.server, "table inet left {\n}")
    for family in ("-4", "-6"):
        lab.run(None, "ip", family, "-n", lab.server, "rule", "add", "fwmark", "7", "lookup", "77")
    lab.run(None, "ip", "-n", lab.server, "route", "add", "local", "default", "dev", "lo", "table", "77")
    lab.run(lab.server, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/conf/all/route_localnet")
    sleeper = lab.start(lab.server, "sleep", "60")
    assert lab.leftovers(patience=0.1) == [
        f"new process {sleeper.pid} sleep 60",
        "new route -4 local default dev lo table 77 scope host",
        "new rule -4 32765: from all fwmark 0x7 lookup 77",
        "new rule -6 32765: from all fwmark 0x7 lookup 77",
        "new switch net/ipv4/conf/all/route_localnet:1",
        "new table inet left",
        "gone switch net/ipv4/conf/all/route_localnet:0",
    ]
    sleeper.kill()
    for family in ("-4", "-6"):
        lab.run(None, "ip", family, "-n", lab.server, "rule", "delete", "fwmark", "7")
    lab.run(None, "ip", "-n", lab.server, "route", "flush", "table", "77")
    lab.run(lab.server, "sh", "-c", "echo 0 > /proc/sys/net/ipv4/conf/all/route_localnet")
    lab.nft(lab.server, "delete table inet left")
    assert lab.leftovers() == []


def test_leftovers_does_not_name_what_the_tests_themselves_loaded_and_serve(lab):
    lab.host(FOREIGN)
    with lab.serve("tcp/5432"):
        assert lab.leftovers() == []


def test_a_table_that_a_running_program_owns_outlives_a_change_of_the_host_and_is_a_leftover_until_it_ends(lab):
    owner = lab.start(lab.server, "nft", "-i")
    owner.process.stdin.write(b"table inet owned { flags owner; }\n")
    owner.process.stdin.flush()
    owner.until(lambda: "new table inet owned" in lab.leftovers(patience=0))
    lab.host(FOREIGN)
    assert "new table inet owned" in lab.leftovers(patience=0)
    owner.kill()
    assert lab.leftovers() == []


def test_a_program_that_ends_before_it_listens_shows_its_output(lab):
    with pytest.raises(AssertionError, match="No such"), lab.listen("--no-such-option"):
        pytest.fail("it does not listen")


def test_check_returns_exit_code_json_or_text_and_complaints(lab):
    code, found, stderr = lab.check("--no-such-option")
    assert (code, found) == (2, "")
    assert "No such" in stderr


def test_a_programs_peak_memory_is_its_own(lab):
    grows = "import time; kept = bytearray(60 << 20); print('grown', flush=True); time.sleep(60)"
    grown = lab.start(lab.server, sys.executable, "-I", "-S", "-c", grows)
    grown.until(lambda: "grown" in grown.stdout)
    grown.look()
    assert 60 <= grown.peak_mib < 90
    grown.kill()
    small = lab.start(lab.server, "sleep", "0.05")
    assert small.wait() == 0
    assert 0 < small.peak_mib < 20
    assert small.seconds >= 0.05


class Stopped(Exception):
    pass


def links() -> str:
    return subprocess.run(["ip", "-br", "link"], capture_output=True, text=True, check=True).stdout


def test_the_end_removes_everything_also_after_a_failure_and_the_machine_sees_no_link(lab):
    before = links()
    other, processes = Lab(), list[int]()

    def fill_and_fail() -> None:
        with other, other.serve("tcp/1"):
            other.delay(5)
            other.cloud([])
            # A program's own child, which outlives it.
            parent = other.start(other.server, "sh", "-c", "setsid sleep 61 & wait")
            parent.until(lambda: any(one.endswith(" sleep 61") for one in other.leftovers(patience=0)))
            processes.extend(pid for space in other.spaces for pid in pids(space))
            assert links() == before
            raise Stopped

    with pytest.raises(Stopped):
        fill_and_fail()
    assert len(processes) == 4, "the relay, the service, the parent, its child"
    left_nothing(other, processes)
    assert answering(lab) == each(*SERVED), "another laboratory goes on"


def test_a_laboratory_that_cannot_be_set_up_leaves_nothing(monkeypatch):
    made = Lab()

    def fail() -> None:
        raise Stopped

    monkeypatch.setattr(made._remains, "settle", fail)
    with pytest.raises(Stopped), made:
        pytest.fail("it was set up")
    left_nothing(made, [])


def left_nothing(lab: Lab, processes: list[int]) -> None:
    named = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True).stdout
    assert not [space for space in lab.spaces if space in named]
    assert not [pid for pid in processes if alive(pid)]
    assert not lab.folder.exists()


def alive(pid: int) -> bool:
    """A child of a dead parent may still be on its way out: killed, but its new parent has not looked."""
    try:
        os.kill(pid, 0)
        return " Z " not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (ProcessLookupError, FileNotFoundError):
        return False

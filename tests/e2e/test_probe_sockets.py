"""The probe's plain sockets against a kernel: two network namespaces with a wire between, nft rules that drop and
reject in every way, and what `connect` and `knock` make of what comes back.

Not proved here: macOS and Windows, other kernels, and ICMP errors of routers that are not Linux.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns")

ROOT = Path(__file__).resolve().parents[2]
PEERS = Path(__file__).with_name("peers.py")
ENV = {
    **os.environ,
    "PATH": f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin",
    "LC_ALL": "C",
    "PYTHONPATH": str(ROOT / "components"),
}
SERVER = {4: "203.0.113.1", 6: "2001:db8:113::1"}
CLIENT = {4: "203.0.113.2", 6: "2001:db8:113::2"}
NEIGHBOUR = {4: "203.0.113.77", 6: "2001:db8:113::77"}
"""In the net of the wire, and nobody has it."""
FAMILIES = [4, 6]
OPEN, CLOSED = 7881, 7999

# Reads one JSON object and prints one; `files`: a limit of open files; `expects`: whether the echo is ours.
PROGRAM = """
import asyncio, json, sys
from livekit_firewall.probe.checker.without_listener import probe_udp
from livekit_firewall.probe.checker.connect import Exchange, Pace, connect

asked = json.load(sys.stdin)
pace, connected = Pace(**asked["pace"]), []

def exchanges(port, attempt):
    connected.append(attempt)
    request = b"lkfw%d" % attempt
    answer = {"": None, "right": request, "wrong": b"other"}[asked.get("expects", "")]
    return answer and Exchange(request, len(answer), lambda got: got == answer)

async def run():
    if asked["protocol"] == "udp":
        return await probe_udp(asked["address"], asked["ports"], pace=pace)
    return await connect(asked["address"], asked["ports"], exchanges=exchanges, pace=pace)

if "files" in asked:
    import resource, _socket  # loaded while files can still be opened
    asyncio.run(asyncio.sleep(0))
async def limited():
    if "files" in asked:
        resource.setrlimit(resource.RLIMIT_NOFILE, (asked["files"],) * 2)
    return await run()
found = asyncio.run(limited())
print(json.dumps({"found": {port: word.name for port, word in found.items()}, "connected": connected}))
"""

# What the server's firewall does with ports, by family: (port, verdict of nft, word for TCP, word for UDP).
JUDGED = {
    4: [
        (1000, "drop", "SILENT", "SILENT"),
        (1001, "reject with tcp reset", "REFUSED", None),
        (1002, "reject", "PROHIBITED", "PORT_UNREACHABLE"),
        (1003, "reject with icmp port-unreachable", "PROHIBITED", "PORT_UNREACHABLE"),
        (1004, "reject with icmp admin-prohibited", "PROHIBITED", "PROHIBITED"),
        (1005, "reject with icmp host-prohibited", "PROHIBITED", "PROHIBITED"),
        (1006, "reject with icmp net-prohibited", "PROHIBITED", "PROHIBITED"),
        (1007, "reject with icmp host-unreachable", "HOST_UNREACHABLE", "HOST_UNREACHABLE"),
        (1008, "reject with icmp net-unreachable", "HOST_UNREACHABLE", "HOST_UNREACHABLE"),
        (1009, "reject with icmp prot-unreachable", "HOST_UNREACHABLE", "HOST_UNREACHABLE"),
        (OPEN, "accept", "ACCEPTED", "ANSWERED"),
        (CLOSED, "accept", "REFUSED", "PORT_UNREACHABLE"),
    ],
    6: [
        (1000, "drop", "SILENT", "SILENT"),
        (1001, "reject with tcp reset", "REFUSED", None),
        (1002, "reject", "PROHIBITED", "PORT_UNREACHABLE"),
        (1003, "reject with icmpv6 port-unreachable", "PROHIBITED", "PORT_UNREACHABLE"),
        (1004, "reject with icmpv6 admin-prohibited", "PROHIBITED", "PROHIBITED"),
        (1005, "reject with icmpv6 policy-fail", "PROHIBITED", "PROHIBITED"),
        (1006, "reject with icmpv6 reject-route", "PROHIBITED", "PROHIBITED"),
        (1007, "reject with icmpv6 addr-unreachable", "HOST_UNREACHABLE", "HOST_UNREACHABLE"),
        (1008, "reject with icmpv6 no-route", "HOST_UNREACHABLE", "HOST_UNREACHABLE"),
        (OPEN, "accept", "ACCEPTED", "ANSWERED"),
        (CLOSED, "accept", "REFUSED", "PORT_UNREACHABLE"),
    ],
}
# Of which this machine itself knows that it cannot send there.
NOWHERE = {
    "no route": "192.0.2.1", "no route, IPv6": "2001:db8:2::1", "link-local without an interface": "fe80::1",
    "unreachable": "198.51.100.1", "prohibit": "198.51.100.2", "blackhole": "198.51.100.3",
    "unreachable, IPv6": "2001:db8:51::1", "prohibit, IPv6": "2001:db8:51::2", "blackhole, IPv6": "2001:db8:51::3",
}  # fmt: skip


def run(*command: str, stdin: str = "") -> str:
    ran = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=60, check=False, env=ENV)
    assert ran.returncode == 0, f"{' '.join(command)}: {ran.stderr}"
    return ran.stdout


class Wire:
    """A client and a server namespace, wired; the server echoes on one TCP and one UDP port."""

    def __init__(self) -> None:
        self.server, self.client = f"lkfw-far-{os.getpid()}", f"lkfw-near-{os.getpid()}"
        self.echo: subprocess.Popen[str] | None = None

    def set_up(self) -> None:
        for space in (self.server, self.client):
            run("ip", "netns", "add", space)
        peer = ["peer", "name", "lkfw1", "netns", self.client]
        run("ip", "-n", self.server, "link", "add", "lkfw0", "type", "veth", *peer)
        for space, end, addresses in ((self.server, "lkfw0", SERVER), (self.client, "lkfw1", CLIENT)):
            run("ip", "-n", space, "link", "set", "lo", "up")
            run("ip", "-n", space, "link", "set", end, "up")
            run("ip", "-n", space, "addr", "add", f"{addresses[4]}/24", "dev", end)
            run("ip", "-n", space, "addr", "add", f"{addresses[6]}/64", "dev", end, "nodad")
        for kind, address in NOWHERE.items():
            if (route := kind.removesuffix(", IPv6")) in ("unreachable", "prohibit", "blackhole"):
                run("ip", "-6" if ":" in address else "-4", "-n", self.client, "route", "add", route, address)
        # A neighbour that does not answer is given up after 3 times 0.1 s instead of 1 s.
        for protocol in ("ipv4", "ipv6"):
            self.set(self.client, f"net.{protocol}.neigh.lkfw1.retrans_time_ms=100")
        command = ["ip", "netns", "exec", self.server, sys.executable, str(PEERS), "serve", f"tcp/{OPEN} udp/{OPEN}"]
        self.echo = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=ENV)
        assert self.echo.stdout is not None
        assert self.echo.stdout.readline() == "ready\n"

    def tear_down(self) -> None:
        if self.echo:
            self.echo.kill()
            self.echo.communicate()
        for space in (self.server, self.client):
            subprocess.run(["ip", "netns", "delete", space], capture_output=True, check=False, env=ENV)

    def set(self, space: str, *settings: str) -> None:
        run("ip", "netns", "exec", space, "sysctl", "-qw", *settings)

    def load(self, *rules: str, at: str = "input") -> None:
        """The rules, in the server; `output`: in the client, on the way out."""
        chain = f"type filter hook {at} priority filter; policy accept;"
        text = "\n".join(["flush ruleset", "table inet judge {", "chain judges {", chain, *rules, "}", "}"])
        run("ip", "netns", "exec", self.client, "nft", "flush", "ruleset")
        run("ip", "netns", "exec", self.server, "nft", "flush", "ruleset")
        run("ip", "netns", "exec", self.client if at == "output" else self.server, "nft", "-f", "-", stdin=text)

    def counted(self) -> int:
        """The packets that the only rule with a counter has seen."""
        listed = json.loads(run("ip", "netns", "exec", self.server, "nft", "-j", "list", "ruleset"))["nftables"]
        counters = [
            part["counter"] for entry in listed for part in entry.get("rule", {}).get("expr", []) if "counter" in part
        ]
        (counter,) = counters
        return int(counter["packets"])

    def ask(self, protocol: str, address: str, ports: list[int], attempts: int, interval: float, **rest: Any) -> Any:
        pace = {"attempts": attempts, "interval": interval}
        asked = json.dumps({"protocol": protocol, "address": address, "ports": ports, "pace": pace, **rest})
        answered = json.loads(run("ip", "netns", "exec", self.client, sys.executable, "-c", PROGRAM, stdin=asked))
        found = {int(port): word for port, word in answered["found"].items()}
        return (found, answered["connected"]) if "expects" in rest else found

    def sockets(self) -> list[str]:
        """The client's TCP sockets that are not merely waiting for late packets (TIME_WAIT, 06)."""
        tables = run("ip", "netns", "exec", self.client, "cat", "/proc/net/tcp", "/proc/net/tcp6").splitlines()
        return [line for line in tables if "local_address" not in line and line.split()[3] != "06"]


@pytest.fixture(scope="module")
def made() -> Iterator[Wire]:
    wire = Wire()
    try:
        wire.set_up()
        yield wire
    finally:
        wire.tear_down()


@pytest.fixture
def wire(made: Wire) -> Wire:
    made.load()
    # Linux is sparing with ICMP errors, which is tested on its own.
    made.set(made.server, "net.ipv4.icmp_ratelimit=0", "net.ipv6.icmp.ratelimit=0")
    return made


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("protocol", ["tcp", "udp"])
def test_each_way_to_drop_and_reject_has_its_word(wire, protocol, family):
    wire.load(
        *(
            f"meta nfproto ipv{family} {protocol} dport {port} {verdict}"
            for port, verdict, tcp, udp in JUDGED[family]
            if protocol == "tcp" or udp
        )
    )
    expected = {
        port: tcp if protocol == "tcp" else udp for port, _, tcp, udp in JUDGED[family] if protocol == "tcp" or udp
    }
    assert wire.ask(protocol, SERVER[family], list(expected), 2, 0.2) == expected
    assert wire.sockets() == []


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("protocol", ["tcp", "udp"])
def test_a_host_that_no_neighbour_answers_for_is_unreachable(wire, protocol, family):
    assert wire.ask(protocol, NEIGHBOUR[family], [443], 2, 0.5) == {443: "HOST_UNREACHABLE"}


@pytest.mark.parametrize("kind", NOWHERE)
@pytest.mark.parametrize("protocol", ["tcp", "udp"])
def test_where_this_machine_cannot_send_there_is_no_route(wire, protocol, kind):
    assert wire.ask(protocol, NOWHERE[kind], [443, 444], 5, 60) == {443: "NO_ROUTE", 444: "NO_ROUTE"}


def test_without_ipv6_there_is_no_route_over_it(wire):
    wire.set(wire.client, "net.ipv6.conf.all.disable_ipv6=1")
    try:
        assert wire.ask("tcp", SERVER[6], [OPEN], 5, 60) == {OPEN: "NO_ROUTE"}
        assert wire.ask("udp", SERVER[6], [OPEN], 5, 60) == {OPEN: "NO_ROUTE"}
    finally:
        wire.set(wire.client, "net.ipv6.conf.all.disable_ipv6=0")
        run("ip", "-n", wire.client, "addr", "add", f"{CLIENT[6]}/64", "dev", "lkfw1", "nodad")
        for kind in ("unreachable", "prohibit", "blackhole"):
            run("ip", "-6", "-n", wire.client, "route", "replace", kind, NOWHERE[f"{kind}, IPv6"])


@pytest.mark.parametrize("family", FAMILIES)
def test_lost_attempts_make_no_verdict(wire, family):
    wire.load(
        f"tcp dport {OPEN} tcp flags & (syn|ack) == syn numgen inc mod 1000 < 2 drop",
        f"udp dport {OPEN} numgen inc mod 1000 < 2 drop",
    )
    assert wire.ask("tcp", SERVER[family], [OPEN], 3, 0.1) == {OPEN: "ACCEPTED"}
    assert wire.ask("udp", SERVER[family], [OPEN], 3, 0.1) == {OPEN: "ANSWERED"}


def test_an_attempt_stays_open_until_the_last_interval_is_over(wire):
    """The first three SYNs are lost; the fourth is the first attempt's own, sent again after a second."""
    wire.load(f"tcp dport {OPEN} tcp flags & (syn|ack) == syn numgen inc mod 1000 < 3 drop")
    found, connected = wire.ask("tcp", SERVER[4], [OPEN], 4, 0.45, expects="right")
    assert (found, connected) == ({OPEN: "ANSWERED"}, [0])


@pytest.mark.parametrize("family", FAMILIES)
def test_icmp_errors_on_some_attempts_do_not_stop_the_others(wire, family):
    once = "numgen inc mod 1000 < 2 reject with icmpx admin-prohibited"
    wire.load(f"tcp dport {OPEN} tcp flags & (syn|ack) == syn {once}", f"udp dport {OPEN} {once}")
    assert wire.ask("tcp", SERVER[family], [OPEN], 3, 0.1) == {OPEN: "ACCEPTED"}
    assert wire.ask("udp", SERVER[family], [OPEN], 3, 0.1) == {OPEN: "ANSWERED"}


def test_one_icmp_error_among_silence_is_reported(wire):
    wire.load("tcp dport 1000 numgen inc mod 1000 < 1 reject with icmpx admin-prohibited", "tcp dport 1000 drop")
    assert wire.ask("tcp", SERVER[4], [1000], 3, 0.1) == {1000: "PROHIBITED"}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(("expects", "word"), [("right", "ANSWERED"), ("wrong", "ACCEPTED")])
def test_only_the_right_answer_is_our_responder(wire, expects, word, family):
    found, _ = wire.ask("tcp", SERVER[family], [OPEN, CLOSED], 2, 0.2, expects=expects)
    assert found == {OPEN: word, CLOSED: "REFUSED"}
    assert wire.sockets() == []


def test_a_request_that_was_not_delivered_is_not_sent_again_after_the_end(wire):
    wire.load(f"tcp dport {OPEN} tcp flags & psh == psh drop")
    assert wire.ask("tcp", SERVER[4], [OPEN], 1, 0.1, expects="right") == ({OPEN: "ACCEPTED"}, [0])
    assert wire.sockets() == []


def test_thirty_silent_ports_get_exactly_five_syns_each(wire):
    wire.load("tcp dport 2000-2029 counter drop")
    ports = list(range(2000, 2030))
    # The kernel repeats a SYN after a second, when the sockets must be closed.
    assert wire.ask("tcp", SERVER[4], ports, 5, 0.1) == dict.fromkeys(ports, "SILENT")
    assert wire.counted() == 150
    assert wire.sockets() == []


def test_out_of_descriptors_is_not_tested_rather_than_silent(wire):
    wire.load("meta l4proto { tcp, udp } th dport 1000-1001 drop")
    # The interpreter and its loop hold six: some attempts get a socket, and the last ones do not.
    for protocol in ("tcp", "udp"):
        found = wire.ask(protocol, SERVER[4], [1000, 1001], 4, 0.1, files=8)
        assert found == {1000: "EXHAUSTED", 1001: "EXHAUSTED"}


def test_what_this_machines_own_firewall_keeps_in_is_not_called_blocked(wire):
    wire.load(f"udp dport {OPEN} drop", "udp dport 1000 reject", f"tcp dport {OPEN} drop", at="output")
    assert wire.ask("udp", SERVER[4], [OPEN, 1000], 2, 0.1) == {OPEN: "EXHAUSTED", 1000: "EXHAUSTED"}
    # Of a SYN the kernel does not tell.
    assert wire.ask("tcp", SERVER[4], [OPEN], 2, 0.1) == {OPEN: "SILENT"}


def test_linux_reports_few_closed_udp_ports_at_a_time(wire):
    """Why a sample is at most 64 ports, and silence among refusals proves nothing."""
    wire.set(wire.server, "net.ipv4.icmp_ratelimit=1000")
    found = wire.ask("udp", SERVER[4], list(range(3000, 3064)), 1, 0.3)
    told = [port for port, word in found.items() if word == "PORT_UNREACHABLE"]
    assert set(found.values()) == {"PORT_UNREACHABLE", "SILENT"}
    assert len(told) < 32

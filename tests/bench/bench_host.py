"""What the generated ruleset costs a media server: UDP at saturation, and round trips, over a wire between namespaces.

Beside no ruleset (the floor), the least that a stateful firewall can be, and one rule per port, as ufw writes them, in
the same run. A throughput is shown as seconds of the sender's processor time for a million datagrams of 200 bytes that
got through: a veth hands each to the other side's stack within the sender's call, so that this is both sides' work
and no waiting. The rounds of all rulesets take turns, since shared cores drift.
"""

import itertools
import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.platforms.nftables import render as nftables

ROOT = Path(__file__).parents[2]
FLOOD = Path(__file__).with_name("udp_flood.py")
ENV = {**os.environ, "PATH": f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin", "LC_ALL": "C"}
SERVER, CLIENT = "10.255.0.1", "10.255.0.2"
PORT = 59_999
"""The last but one of the range: rules that are read in turn are read nearly all."""
SECONDS = 1.5
ROUNDS = 3
TRIPS = 4_000

OURS = nftables.render(read_deployment({"livekit_config": "examples/livekit.yaml", "https": True}, ROOT).rules)
HEAD = "table inet filter {\nchain input {\ntype filter hook input priority 0; policy drop;\n"
FLOWS = "ct state established,related accept"
ONE_BY_ONE = "".join(f"udp dport {port} accept\n" for port in range(50_000, 60_001)) + "}\n}\n"
UNTRACKED = """
table inet raw {
    chain prerouting {
        type filter hook prerouting priority raw; policy accept;
        udp dport 50000-60000 notrack
    }
    chain output {
        type filter hook output priority raw; policy accept;
        udp sport 50000-60000 notrack
    }
}
"""
RULESETS = {
    "none": "",
    "a chain without rules": HEAD.replace("drop", "accept") + "}\n}\n",
    "connection tracking, no chain": f"table inet filter {{\nchain unused {{\n{FLOWS}\n}}\n}}\n",
    "open flows accepted, nothing else": HEAD.replace("drop", "accept") + f"{FLOWS}\n}}\n}}\n",
    "ours": OURS,
    "ours, media not tracked": OURS.replace(
        FLOWS,
        "udp dport 50000-60000 ct state untracked accept\n\t\t" + FLOWS,
    )
    + UNTRACKED,
    "a rule per port, flows tracked": HEAD + f"{FLOWS}\n" + ONE_BY_ONE,
    "a rule per port": HEAD + ONE_BY_ONE,
}


def run(*command, stdin=""):
    return subprocess.run(command, input=stdin, env=ENV, check=True, capture_output=True, text=True).stdout


class Wire:
    """Two namespaces; the server's has a socket that nobody reads, and one that answers."""

    def __init__(self):
        self.server, self.client = (f"lkfw-bench-{name}-{os.getpid()}" for name in ("server", "client"))

    def set_up(self, stack):
        for space in (self.server, self.client):
            run("ip", "netns", "add", space)
            stack.callback(run, "ip", "netns", "delete", space)
        run("ip", "-n", self.server, "link", "add", "wire", "type", "veth", "peer", "wire", "netns", self.client)
        for space, address in ((self.server, SERVER), (self.client, CLIENT)):
            run("ip", "-n", space, "addr", "add", f"{address}/24", "dev", "wire")
            run("ip", "-n", space, "link", "set", "wire", "up")
        for what, port in (("sink", PORT), ("echo", PORT - 1)):
            command = ["ip", "netns", "exec", self.server, sys.executable, str(FLOOD), what, SERVER, str(port)]
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ENV)
            stack.callback(process.communicate)
            stack.callback(process.kill)
            assert process.stdout.readline() == "ready\n"

    def load(self, ruleset):
        run("ip", "netns", "exec", self.server, "nft", "-f", "-", stdin="flush ruleset\n" + ruleset)

    def received(self):
        """Datagrams that came to a socket, read from it or not (/proc/net/snmp, Udp)."""
        names, numbers = (
            line.split()
            for line in run("ip", "netns", "exec", self.server, "cat", "/proc/net/snmp").splitlines()
            if line.startswith("Udp:")
        )
        counts = dict(zip(names[1:], map(int, numbers[1:]), strict=True))
        return counts["InDatagrams"] + counts["RcvbufErrors"]

    def flood(self, flows):
        """Seconds of processor time for a million."""
        before = self.received()
        said = run(
            "ip", "netns", "exec", self.client, sys.executable, FLOOD, SERVER, str(PORT), str(SECONDS), str(flows)
        )
        return float(said.split()[1]) / (self.received() - before) * 1e6

    def trips(self):
        """Seconds for a round trip."""
        said = run(
            "ip", "netns", "exec", self.client, sys.executable, FLOOD, "trips", SERVER, str(PORT - 1), str(TRIPS)
        )
        return float(said) / 1e6


@pytest.fixture(scope="module")
def wire():
    with ExitStack() as stack:
        made = Wire()
        made.set_up(stack)
        yield made


@pytest.fixture(scope="module")
def seen(wire):
    """All figures, taken in turns: {(what, ruleset): [seconds]}."""
    found = {}
    for _, (name, ruleset) in itertools.product(range(ROUNDS), RULESETS.items()):
        wire.load(ruleset)
        for flows in (1, 200):
            found.setdefault((f"{flows} flows", name), []).append(wire.flood(flows))
        found.setdefault(("trips", name), []).append(wire.trips())
    return found


def show(benchmark, figures):
    """Have pytest-benchmark tell what was measured already."""
    taken = iter(itertools.accumulate(itertools.chain.from_iterable((0.0, one) for one in figures)))
    benchmark._timer = lambda: next(taken)
    benchmark.pedantic(lambda: None, rounds=len(figures))


@pytest.mark.parametrize("ruleset", RULESETS)
class BenchHost:
    @pytest.mark.benchmark(group="a million datagrams of one flow: ours at most 1.25 of none, aim for 1.11")
    def bench_one_flow(self, benchmark, seen, ruleset):
        show(benchmark, seen["1 flows", ruleset])

    @pytest.mark.benchmark(group="a million datagrams of 200 flows: ours at most 1.25 of none, aim for 1.11")
    def bench_200_flows(self, benchmark, seen, ruleset):
        show(benchmark, seen["200 flows", ruleset])

    @pytest.mark.benchmark(group="a round trip, median")
    def bench_trip(self, benchmark, seen, ruleset):
        show(benchmark, seen["trips", ruleset])

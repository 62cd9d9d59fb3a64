"""The probe in the laboratory of tests/e2e/probe: how long, how much memory, and over a bad wire how often wrong.

As in bench_speed.py nothing here can fail for being slow, and the aim of each group is in its name. What a run said
beside its time stands behind its name: the slowest, wrong verdicts, the peak of resident memory. Both sides and the
box between them share the machine's cores.
"""

from __future__ import annotations

import re
import shutil
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.e2e.probe.lab import SERVER, TRAFFIC, Lab
from tests.e2e.probe.program import checked

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns")

WIRES = Path(__file__).parent / "wires.py"
FIRST, LAST = 50000, 60000
PORTS = LAST - FIRST + 1
RANGE = f"udp/{FIRST}-{LAST}"
REDIRECT = (
    "table ip floor {\nchain prerouting {\ntype nat hook prerouting priority dstnat;\n"
    f"udp dport {FIRST}-{LAST} redirect to :40404\n}}\n}}"
)
NMAP_PORTS = 20
"""nmap takes a second for each, since Linux sends about one ICMP error a second."""

AT_ONCE = f"{PORTS:,} UDP ports over a veth"


class Run(NamedTuple):
    """One check: seconds of probing as it reports, of the whole process, and peak MiB of either side."""

    probing: float
    process: float
    check_mib: float
    listen_mib: float
    verdicts: dict[str, int]


@pytest.fixture(scope="module")
def shared():
    with Lab() as made:
        yield made


@pytest.fixture
def lab(shared):
    shared.reset()
    return shared


def show(benchmark, seconds, said=""):
    """Times that were measured elsewhere, in the table: the clock tells them, one a round."""
    passed, left = [], iter(seconds)
    benchmark._timer = lambda: sum(passed)
    benchmark.pedantic(lambda: passed.append(next(left)), rounds=len(seconds))
    benchmark.stats.name += f" ({said})" if said else ""


def forget(lab):
    lab.run(lab.server, sys.executable, "-I", "-S", str(TRAFFIC), "forget")


def runs(lab, ports, count):
    """So many checks, each with a listener of its own."""
    found = []
    for _ in range(count):
        forget(lab)  # or `listen` finds that the connection table is too full
        with lab.listen("--port", ports) as listening:
            program = lab.start_check(SERVER, "--token", listening.token, "--port", ports, "--json")
            code, said, stderr = checked(program, 300.0)
            listening.look()
            peak = listening.peak_mib
        assert code in (0, 1), stderr
        verdicts = {}
        for row in said["ports"]:
            if row["wanted"] == "open":
                verdicts[row["verdict"]] = verdicts.get(row["verdict"], 0) + row["count"]
        found.append(Run(said["seconds"], program.seconds, program.peak_mib, peak, verdicts))
    return found


def told(found, right):
    """What stands behind the name of runs that should have found `right`."""
    wrong = sum(sum((abs(one.verdicts.get(word, 0) - right.get(word, 0))) for word in one.verdicts | right) // 2
                for one in found)  # fmt: skip
    check, listen = max(one.check_mib for one in found), max(one.listen_mib for one in found)
    slowest = max(one.process for one in found)
    return f"{wrong} wrong verdicts, slowest process {slowest:.2f} s, memory {check:.0f} and {listen:.0f} MiB"


@cache
def open_range(lab, cloud):
    lab.cloud([RANGE] if cloud else None)
    return runs(lab, RANGE, 11)


def inside(lab, *arguments):
    return [float(line) for line in lab.run(lab.client, sys.executable, str(WIRES), *map(str, arguments)).split()]


@pytest.mark.benchmark(
    group=f"{AT_ONCE}, the sweep alone: at most 0.15 s; beside it, a loop that checks nothing, and nmap"
)
class BenchSweep:
    def bench_probe(self, benchmark, lab):
        with lab.listen("--port", RANGE) as listening:
            seconds = inside(lab, "sweep", SERVER, FIRST, LAST, 21, listening.token)
        show(benchmark, seconds, f"fastest {min(seconds):.3f} s")

    def bench_floor(self, benchmark, lab):
        lab.host(REDIRECT)
        program = lab.start(lab.server, sys.executable, str(WIRES), "serve")
        program.until(lambda: "ready" in program.stdout)
        seconds = []
        for _ in range(21):
            forget(lab)  # a run takes a sixth of the ports to which the kernel can map flows
            seconds += inside(lab, "floor", SERVER, FIRST, LAST, 1)
        program.kill()
        lab.host()
        show(benchmark, seconds, f"fastest {min(seconds):.3f} s")

    @pytest.mark.skipif(shutil.which("nmap") is None, reason="nmap is not installed")
    def bench_nmap(self, benchmark, lab):
        span = f"{FIRST}-{FIRST + NMAP_PORTS - 1}"
        said = lab.run(lab.client, "nmap", "-sU", "-Pn", "-n", "-p", span, SERVER)
        seconds = re.search(r"scanned in ([0-9.]+) seconds", said)
        assert seconds, said
        show(
            benchmark, [float(seconds[1]) * PORTS / NMAP_PORTS], f"{seconds[1]} s for {NMAP_PORTS} ports, extrapolated"
        )


@pytest.mark.benchmark(group=f"{AT_ONCE}, a check: 0.15 s of probing, 0.5 s with the start of the process")
@pytest.mark.parametrize("cloud", [False, True], ids=["nothing is shut", "what must be closed is shut"])
class BenchCheck:
    def bench_probing(self, benchmark, lab, cloud):
        show(benchmark, [one.probing for one in open_range(lab, cloud)])

    def bench_process(self, benchmark, lab, cloud):
        found = open_range(lab, cloud)
        show(benchmark, [one.process for one in found], told(found, {"reachable": PORTS}))


@pytest.mark.benchmark(group=f"two ports open of {PORTS:,}: at most 2 s")
def bench_two_open(benchmark, lab):
    lab.cloud([f"udp/{FIRST}", f"udp/{LAST}"])
    found = runs(lab, RANGE, 5)
    show(benchmark, [one.probing for one in found], told(found, {"reachable": 2, "blocked-before-host": PORTS - 2}))


@pytest.mark.benchmark(group="100 ms there and back, 1 % loss each way, 20 Mbit/s: at most 5 s")
@pytest.mark.parametrize("opened", ["all", "two", "half"])
def bench_far(benchmark, lab, opened):
    _far(lab, 1)
    show(benchmark, *_shut(lab, opened, 5))


@pytest.mark.benchmark(group="the same with 5 % loss each way: at most 15 s, no wrong verdict in 20 runs")
@pytest.mark.parametrize("opened", ["two", "half"])
def bench_farther(benchmark, lab, opened):
    _far(lab, 5)
    show(benchmark, *_shut(lab, opened, 10))


def _far(lab, loss):
    lab.delay(50)
    lab.rate(20)
    lab.loss(loss)


def _shut(lab, opened, count):
    """Seconds of probing, and the remark."""
    pieces = {
        "all": [RANGE], "two": [f"udp/{FIRST}", f"udp/{LAST}"], "half": [f"udp/{FIRST}-{FIRST + PORTS // 2 - 1}"],
    }[opened]  # fmt: skip
    lab.cloud(pieces)
    reachable = {"all": PORTS, "two": 2, "half": PORTS // 2}[opened]
    found = runs(lab, RANGE, count)
    right = {word: ports for word, ports in
             (("reachable", reachable), ("blocked-before-host", PORTS - reachable)) if ports}  # fmt: skip
    seconds = [one.probing for one in found]
    return seconds, f"{count} runs, slowest {max(seconds):.1f} s, {told(found, right)}"


@pytest.mark.benchmark(group="65,535 UDP ports over a veth: both sides under 100 MiB")
@pytest.mark.parametrize("shut", [False, True], ids=["all open", "all but one shut"])
def bench_every_port(benchmark, lab, shut):
    lab.cloud(["udp/443"] if shut else ["udp/1-65535"])
    found = runs(lab, "udp/1-65535", 3)
    right = {"reachable": 1, "blocked-before-host": 65_534} if shut else {"reachable": 65_535}
    show(benchmark, [one.probing for one in found], told(found, right))

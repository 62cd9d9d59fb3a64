"""A listener gives up root before it reads a packet: what is left is read from /proc, and it works all the same."""

from __future__ import annotations

import itertools
import re
import shutil
import signal
from pathlib import Path

import pytest

from .found import expected, foreign, verdicts
from .lab import COMPONENTS, SERVER, SERVER6, Lab
from .lab import probe as command
from .program import Listening, status
from .remains import pids, said

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns")

PORTS = ("udp/443", "udp/50000-50015", "tcp/7881")
OPTIONS = tuple(itertools.chain.from_iterable(("--port", port) for port in PORTS))
NET_ADMIN, NET_RAW = 1 << 12, 1 << 13
SETS = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
NOBODY = [65534] * 4


def capabilities(pid: int) -> dict[str, int]:
    return {name: int(value, 16) for name, value in re.findall(r"^(Cap\w+):\s+(\w+)$", status(pid), re.MULTILINE)}


def numbers(pid: int, name: str) -> list[int]:
    found = re.search(rf"^{name}:(.*)$", status(pid), re.MULTILINE)
    assert found
    return [int(one) for one in found[1].split()]


def confined(pid: int) -> bool:
    """Whether it is nobody, in no group, for good."""
    return (numbers(pid, "Uid"), numbers(pid, "Gid"), numbers(pid, "Groups"), numbers(pid, "NoNewPrivs")) == (
        NOBODY, NOBODY, [], [1],
    )  # fmt: skip


def test_it_keeps_two_capabilities_and_its_nft_one(lab):
    lab.cloud(PORTS)
    lab.host(foreign("udp dport 50003 drop", [""]))
    with lab.listen(*OPTIONS) as listening:
        before = capabilities(listening.pid)
        found = lab.check(SERVER, SERVER6, "--token", listening.token, *OPTIONS)
        processes = [pid for pid in pids(lab.server) if pid != listening.pid]
        assert sorted(said(pid).partition("nft ")[2] for pid in processes) == ["-i", "monitor trace"]
        both = NET_ADMIN | NET_RAW
        assert before == {"CapInh": NET_ADMIN, "CapPrm": both, "CapEff": both, "CapBnd": both, "CapAmb": NET_ADMIN}
        assert capabilities(listening.pid) == before
        assert confined(listening.pid)
        for pid in processes:
            assert capabilities(pid) == {**dict.fromkeys(SETS, NET_ADMIN), "CapBnd": both}, said(pid)
            assert confined(pid), said(pid)
    right = expected(PORTS, ipv4="reachable", ipv6="reachable")
    assert verdicts(found) == right | expected(["udp/50003"], ipv4="blocked-on-host", ipv6="blocked-on-host")
    assert any("udp dport 50003 drop" in row["detail"] for row in found.found["ports"])


def test_without_nft_it_keeps_none(lab):
    """Low ports are bound before, and the packet socket is open."""
    lab.cloud(PORTS)
    with lab.listen("--no-nft", *OPTIONS) as listening:
        found = lab.check(SERVER, "--token", listening.token, *OPTIONS)
        held = capabilities(listening.pid)
        assert held == {**dict.fromkeys(SETS, 0), "CapBnd": NET_ADMIN | NET_RAW}
        assert confined(listening.pid)
    assert verdicts(found) == expected(PORTS, ipv4="reachable"), listening.stderr


def test_who_has_no_privileges_cannot_get_any(lab):
    nobody = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all")
    listening = lab.start(lab.server, *nobody, *command("listen", *OPTIONS), kind=Listening)
    listening.until(lambda: listening.command_to_copy)
    assert capabilities(listening.pid) == dict.fromkeys(SETS, 0)
    assert confined(listening.pid)
    assert listening.stop() == 0


def test_where_nobody_is_not_mapped_it_stays_the_namespaces_root_without_its_privileges(lab):
    """As in some containers."""
    lab.cloud(PORTS)
    inside = ("unshare", "--user", "--map-root-user", "--net")
    listening = lab.start(lab.server, *inside, *command("listen", *OPTIONS), kind=Listening)
    listening.until(lambda: listening.command_to_copy)
    assert capabilities(listening.pid)["CapPrm"] & ~(NET_ADMIN | NET_RAW) == 0
    assert numbers(listening.pid, "NoNewPrivs") == [1]
    assert listening.stop() == 0


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_nothing_is_loaded_once_it_is_nobody_nor_left_behind(lab: Lab, by: signal.Signals) -> None:
    """Python may lie in root's home, where nobody can read."""
    lab.host(foreign("udp dport 50003 drop", [""]))
    env = ("env", "PYTHONPROFILEIMPORTTIME=1")
    listening = lab.start(lab.server, *env, *command("listen", *OPTIONS), kind=Listening)
    listening.until(lambda: listening.command_to_copy)
    loaded = listening.stderr.count("import time:")
    assert loaded > 100
    lab.check(SERVER, SERVER6, "--token", listening.token, *OPTIONS)
    listening.stop(by)
    later = [line for line in listening.stderr.splitlines() if "import time:" in line][loaded:]
    assert later == []
    assert lab.leftovers() == []


def test_it_runs_from_a_folder_that_root_alone_can_read(lab: Lab, tmp_path: Path) -> None:
    """As from a clone in root's home; what is loaded before its command is printed is loaded while it is root."""
    copy = tmp_path / "components"
    shutil.copytree(COMPONENTS, copy)
    copy.chmod(0o700)
    lab.cloud(PORTS)
    listening = lab.start(
        lab.server, "env", f"PYTHONPATH={copy}", *command("listen", "--no-nft", *OPTIONS), kind=Listening
    )
    listening.until(lambda: listening.command_to_copy)
    assert confined(listening.pid)
    found = lab.check(SERVER, "--token", listening.token, *OPTIONS)
    assert listening.stop() == 0
    assert verdicts(found) == expected(PORTS, ipv4="reachable"), listening.stderr


def test_nothing_is_loaded_where_its_table_is_lost_either(lab):
    env = ("env", "PYTHONPROFILEIMPORTTIME=1")
    listening = lab.start(lab.server, *env, *command("listen", *OPTIONS), kind=Listening)
    listening.until(lambda: listening.command_to_copy)
    loaded = listening.stderr.count("import time:")
    (nft,) = [pid for pid in pids(lab.server) if said(pid).endswith("nft -i")]
    lab.run(None, "kill", "-9", str(nft))
    assert listening.wait() == 2
    assert "nft has ended, and the table with it" in listening.stderr
    assert listening.stderr.count("import time:") == loaded

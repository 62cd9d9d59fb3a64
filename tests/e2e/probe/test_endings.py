"""However a listener ends, nothing of it is left on the server, and a checker still connected is informed."""

from __future__ import annotations

import itertools
import os
import shlex
import signal
import sys
from pathlib import Path

import pytest

from .found import expected, verdicts
from .lab import SERVER, SERVER6, Lab
from .lab import probe as command
from .packets import Datagram
from .program import Listening, Program, checked
from .remains import pids, said
from .test_safety import PACKETS

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns")

PORTS = ("udp/443", "udp/50000-50031", "tcp/7881")
OPTIONS = tuple(itertools.chain.from_iterable(("--port", port) for port in PORTS))
PATIENCE = 60.0


def tables(lab: Lab) -> list[str]:
    """Those of listeners."""
    return [line for line in lab.run(lab.server, "nft", "list", "tables").splitlines() if "livekit_probe" in line]


def nft_of(listening: Program) -> int:
    """The process that owns the table."""
    children = Path(f"/proc/{listening.pid}/task/{listening.pid}/children").read_text(encoding="utf-8").split()
    (found,) = [int(pid) for pid in children if said(int(pid)).endswith("nft -i")]
    return found


@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_ends_it_and_its_table(lab, by):
    with lab.listen(*OPTIONS) as listening:
        assert lab.check(SERVER, SERVER6, "--token", listening.token, *OPTIONS).found["listener"]
        assert len(tables(lab)) == 1
        code = listening.stop(by)
        # the two that a person or a supervisor sends end it in order, with the report
        assert code == (0 if by in (signal.SIGINT, signal.SIGTERM) else -by)
    assert lab.leftovers() == []
    assert tables(lab) == []


def test_its_table_is_gone_too_if_it_is_killed_while_rules_are_traced(lab):
    """`nft monitor` is a second process then."""
    drops = "type filter hook input priority filter; policy accept;\nudp dport 50003 drop"
    lab.host(f"table inet filter {{\nchain input {{\n{drops}\n}}\n}}")
    with lab.listen(*OPTIONS) as listening:
        found = lab.check(SERVER, "--token", listening.token, *OPTIONS)
        assert verdicts(found)["ipv4", "udp/50003"] == "blocked-on-host"
        assert any("monitor" in said(pid) for pid in pids(lab.server))
        listening.kill()
    assert lab.leftovers() == []


def test_it_ends_when_its_time_is_over(lab):
    with lab.listen("--duration", "1", *OPTIONS) as listening:
        assert listening.wait() == 0
        assert "nothing arrived" in listening.stdout
    assert lab.leftovers() == []


def test_with_once_it_ends_when_a_check_is_over(lab):
    with lab.listen("--once", *OPTIONS) as listening:
        assert lab.check(SERVER, "--token", listening.token, *OPTIONS).found["listener"]
        assert listening.wait() == 0
        assert "50000-50031/udp: arrived and answered" in listening.stdout


def test_it_ends_with_its_terminal(lab):
    """A closed laptop: the terminal's other end is gone, and the kernel sends SIGHUP."""
    line = shlex.join(command("listen", *OPTIONS))
    terminal = lab.start(lab.server, "script", "--quiet", "--command", line, "/dev/null", kind=Listening)
    terminal.until(lambda: terminal.command_to_copy)
    assert len(tables(lab)) == 1
    terminal.kill()
    assert lab.leftovers(patience=10.0) == []


def test_it_does_not_go_on_without_its_table(lab):
    """It would say of everything that it did not arrive."""
    with lab.listen(*OPTIONS) as listening:
        assert lab.check(SERVER, "--token", listening.token, *OPTIONS).found["listener"]
        os.kill(nft_of(listening), signal.SIGKILL)
        assert listening.wait() == 2
        assert "nft has ended, and the table with it" in listening.stderr
        assert "Traceback" not in listening.stderr


def test_a_listener_that_is_killed_during_a_check_makes_no_port_blocked(lab):
    options = ("--port", "udp/443", "--port", "udp/50000-50999")
    with lab.listen(*options) as listening:
        sniffing = lab.start(lab.middle, sys.executable, "-I", "-S", PACKETS, "sniff", "inside")
        sniffing.until(lambda: "ready" in sniffing.stdout)
        running = lab.start_check(SERVER, "--token", listening.token, "--json", "--rate", "300", *options)
        sniffing.until(lambda: answers(sniffing) >= 50, PATIENCE)
        listening.kill()
        sniffing.kill()
        found = checked(running, 2 * PATIENCE)
    seen = set(verdicts(found, "udp/50000-50999").values())
    assert "reachable" in seen
    assert "not-tested" in seen
    assert seen <= {"reachable", "not-tested", "nobody-listens"}
    assert any("the listener stopped answering" in note for note in found.found["notes"])
    assert found.code in (1, 2), "tcp ports that must be closed may be seen open before"


def answers(sniffing: Program) -> int:
    heard = [Datagram.of_line(line) for line in sniffing.stdout.split("\n")[1:-1]]
    return sum(one.source == SERVER and len(one.data) == 40 for one in heard)


@pytest.mark.parametrize("files", [8, 16, 47])
def test_without_file_descriptors_either_side_says_so_and_does_nothing(lab, files):
    few = ("prlimit", f"--nofile={files}:{files}")
    with lab.listen(*OPTIONS) as listening:
        other = lab.start(lab.server, *few, *command("listen", *OPTIONS))
        check = lab.start(lab.client, *few, *command("check", SERVER, "--token", listening.token, *OPTIONS))
        for one in (other, check):
            assert one.wait() == 2
            assert f"too few open files: the limit is {files}, and the probe needs 48 (ulimit -n 48)" in one.stderr
            assert one.stdout == ""
            assert "Traceback" not in one.stderr
        listening.stop()
        assert "nothing arrived" in listening.stdout


def test_with_as_few_file_descriptors_as_are_asked_for_both_sides_are_right(lab):
    lab.cloud(["udp/443", "udp/50000-50015", "tcp/7881"])
    few = ("prlimit", "--nofile=48:48")
    listening = lab.start(lab.server, *few, *command("listen", *OPTIONS), kind=Listening)
    listening.until(lambda: listening.command_to_copy)
    arguments = ("check", SERVER, SERVER6, "--token", listening.token, "--json", *OPTIONS)
    found = checked(lab.start(lab.client, *few, *command(*arguments)))
    right = expected(["udp/443", "udp/50000-50015", "tcp/7881"], ipv4="reachable", ipv6="reachable")
    assert verdicts(found) == right | expected(
        ["udp/50016-50031"], ipv4="blocked-before-host", ipv6="blocked-before-host"
    )
    assert listening.stop() == 0

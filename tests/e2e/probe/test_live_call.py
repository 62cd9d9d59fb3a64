"""The probe while people talk: livekit-server has its sockets, two participants a call, and neither side notices.

Alice's call goes straight to a port of the range that is swept, Carol's through the TURN port that is asked.
"""

from __future__ import annotations

import shlex
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.call.lab import HEAD, NODE_IP, Client, Lab

from .lab import SERVER, SERVER6, probe
from .program import Checked, Program, checked

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns", "ss", "livekit-server")

TEXT = f"""\
{HEAD}rtc: {{{NODE_IP}, tcp_port: 7881, port_range_start: 50000, port_range_end: 60000}}
turn: {{enabled: true, domain: turn.example.com, udp_port: 3478}}
"""
OPEN = {
    "udp/50000-60000": "ice-udp",
    "tcp/7881": "ice-tcp",
    "udp/3478": "turn-udp",
}
LONGEST_GAP = 100.0
"""Milliseconds without the other's tone that are the machine's own: its cores are shared."""


@pytest.fixture(scope="module")
def lab(livekit_server: Path) -> Iterator[Lab]:
    with Lab(livekit_server) as made:
        made.firewall(TEXT)
        yield made


@pytest.fixture
def clients(lab: Lab) -> Iterator[list[Client]]:
    with lab.livekit(TEXT), lab.call("alice", "carol --relay") as found:
        assert [one.report()["transports"] for one in found] == [["udp"], ["relay/udp"]]
        yield found


def run_probe(lab: Lab) -> Checked:
    with lab.listen(*lab.options(TEXT)) as listening:
        return lab.check(SERVER, SERVER6, "--token", listening.token, *lab.options(TEXT))


def rows(found: dict[str, Any], wanted: str) -> dict[tuple[str, str], dict[str, Any]]:
    """By family and ports: ("ipv4", "udp/50000-60000")."""
    return {
        (row["family"], f"{row['protocol']}/{row['first']}" + (f"-{row['last']}" if row["count"] > 1 else "")): row
        for row in found["ports"]
        if row["wanted"] == wanted
    }


def heard(clients: list[Client]) -> dict[str, dict[str, float]]:
    """By who was heard, since this was asked before."""
    reports = [one.report() for one in clients]
    assert [one.said("disconnected") for one in clients] == [[], []]
    return {name: of for report in reports for name, of in report["heard"].items()}


def media_sockets(lab: Lab) -> set[int]:
    """The ports of the range that livekit-server has bound."""
    lines = lab.run(lab.server, "ss", "-lunH").splitlines()
    return {port for line in lines if 50000 <= (port := int(line.split()[3].rpartition(":")[2])) <= 60000}


def test_a_running_call_loses_nothing_because_of_the_probe(lab, clients):
    assert media_sockets(lab)
    heard(clients)
    began = time.monotonic()
    runs = [run_probe(lab) for _ in range(2)]
    ended = time.monotonic()
    probed = heard(clients)
    time.sleep(ended - began)
    control = heard(clients)

    assert [(run.code, run.found["verdict"]) for run in runs] == [(0, "as-wanted")] * 2, runs
    assert set(probed) == set(control) == {"alice", "carol"}
    for name in ("alice", "carol"):
        assert min(probed[name][key] for key in ("packets", "frames", "data")) > 0, probed
        # Each RTP and each data packet has a number. What the end of a run lost is known only when the next ones come.
        faults = [(of[name]["lost"], of[name]["missing"], of[name]["late"]) for of in (probed, control)]
        assert faults == [(0, 0, 0), (0, 0, 0)], (probed, control)
        assert probed[name]["gap"] <= max(LONGEST_GAP, control[name]["gap"]), (probed, control)
    assert lab.leftovers() == []


def test_of_a_server_in_a_call_every_verdict_is_right(lab, clients):
    checked = run_probe(lab)
    families = ("ipv4", "ipv6")
    opened = rows(checked.found, "open")
    wanted = {(family, ports): service for family in families for ports, service in OPEN.items()}
    assert {key: row["service"] for key, row in opened.items()} == wanted, checked.found
    assert {row["verdict"] for row in opened.values()} == {"reachable"}, checked
    # Of the range it is ours that answers, on the ports that have sockets as well; ICE/TCP is livekit-server itself.
    assert {ports for (_, ports), row in opened.items() if not row["by_probe"]} == {"tcp/7881"}
    closed = rows(checked.found, "closed")
    assert {(family, port) for family in families for port in ("tcp/7880", "udp/49999", "udp/60001")} <= set(closed)
    assert {row["verdict"] for row in closed.values()} == {"blocked-on-host"}

    answers = {(one["service"], one["family"]): one for one in checked.found["answers"]}
    assert set(answers) == {("turn-udp", family) for family in families}
    for one in answers.values():
        assert one["ok"], one
        assert "STUN" in one["says"]
    assert checked.code == 0


def test_the_command_that_listen_prints_works_as_it_stands(lab, clients):
    with lab.listen(*lab.options(TEXT)) as listening:
        name, *words = shlex.split(listening.command_to_copy)
        assert (name, words[:2]) == ("livekit-firewall", ["probe", "check"])
        program: Program = lab.start(lab.client, *probe("check", *words[2:], "--json"))
        run = checked(program)
    assert run.code == 0, run
    assert run.found["addresses"] == {"ipv4": SERVER, "ipv6": SERVER6}

"""A call that runs goes on while `pulumi up` applies the host's rules under it: nothing lost, no gap in what is heard.

The machine of tests/e2e/host stands in the network of the server that holds the call: the engine and its provider run
there, and what they load is what the call's packets go through.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.e2e import test_host_up
from tests.e2e.host.lab import Lab as Machine
from tests.e2e.probe.lab import CLIENT
from tests.engine.fakes.faults import Fault, Order
from tests.engine.project import FAKES

from . import RELEASE
from .lab import Client, Lab
from .scenarios import SCENARIOS
from .test_update import LONGEST_GAP
from .trial import come_first, load, running

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns", "pulumi", "livekit-server")

SCENARIO = next(one for one in SCENARIOS if one.name == "TURN over UDP")
TRANSPORTS = {"alice": "udp", "bob": "relay/udp"}
AT_LEAST = 50
"""Packets, frames and data of one report: a second of the call, and every `up` takes longer."""
AFTER = 1.0
"""Seconds of the call after an `up` that count as well: long enough to hear that it ended."""
PATIENCE = 60.0
"""Seconds for the engine to start and to load, which the call and other tests leave little of the machine."""

project = test_host_up.project
"""Its machine is the `lab` of this file."""


@pytest.fixture
def calls(livekit_server: Path) -> Iterator[Lab]:
    with Lab(livekit_server) as made:
        yield made


@pytest.fixture
def lab(calls: Lab, tmp_path: Path) -> Iterator[Machine]:
    folder = tmp_path / "lab"
    folder.mkdir()
    made = Machine(folder, (calls.server, calls.client))
    try:
        yield made
    finally:
        made.close()
    assert calls.leftovers() == []


# The ups


def by_hand(lab: Machine, project: test_host_up.Here) -> None:
    """By somebody who is logged in, and confirms it in a new login."""
    first = lab.login(CLIENT)
    first.send(*project.by_login())
    lab.until(lambda: lab.status()["in_force"] == "waiting for confirmation", PATIENCE)
    assert lab.login(CLIENT).run(*lab.cli("host", "confirm")) == (0, "confirmed: the ruleset stays\n")
    code, told = first.ended()
    assert code == 0, told


def automatic(lab: Machine, project: test_host_up.Here) -> None:
    project.up()


def crashed(lab: Machine, project: test_host_up.Here) -> None:
    """The provider dies when it has loaded the rules, so that the state does not know of them; then once more."""
    order = Order(APPLIED, "", "Update", Fault.PLUGIN_KILLED_AFTER)
    project.account("host").order(order)
    assert "error reading from server: EOF" in project.up(fails=True).output
    project.up()


class Up(NamedTuple):
    """One `pulumi up`.

    Attributes:
        what: the rules that it brings, for people.
        text: of livekit.yaml.
        arguments: beside it and the host's.
        by: carries it out.
        ports: those of MARKS that it lets in.
        mode: of the host, in place of what `by` says.
    """

    what: str
    text: str
    arguments: dict[str, Any]
    by: Callable[[Machine, test_host_up.Here], None]
    ports: set[str]
    mode: dict[str, Any] | None = None


APPLIED = "pulumi-python:dynamic/livekit:AppliedRuleset"
MARKS = ("3478", "7880", "7881", "7886", "50000-60000", "50000-60100")
FEWER_AND_MORE = SCENARIO.text.replace("tcp_port: 7881", "tcp_port: 0").replace("60000", "60100")
OF_LIVEKIT = {"livekit_config": "livekit.yaml", "versions": {"livekit": RELEASE}, **SCENARIO.given}
OF_INGRESS = {"livekit": False, "ingress": {"rtc_config": {"tcp_port": 7886}}}
OLD_PORTS = {"3478", "7880", "7881", "50000-60000"}
UPS = [
    Up("those that stand there, now applied", SCENARIO.text, OF_LIVEKIT, by_hand, OLD_PORTS),
    Up("more for media, none for ICE/TCP", FEWER_AND_MORE, OF_LIVEKIT, automatic, {"3478", "7880", "50000-60100"}),
    Up("others instead of all that the call uses", "", OF_INGRESS, automatic, {"7886"}),
    Up("those, under another name", "", {**OF_INGRESS, "name": "renamed"}, automatic, {"7886"}),
    Up("the first ones", SCENARIO.text, {**OF_LIVEKIT, "name": "renamed"}, crashed, OLD_PORTS),
    Up("no longer applied", SCENARIO.text, {**OF_LIVEKIT, "name": "renamed"}, automatic, set(), {"path": "host.nft"}),
    Up("applied again", "", OF_INGRESS, automatic, {"7886"}),
]


def give(project: test_host_up.Here, up: Up) -> None:
    (project.folder / "livekit.yaml").write_text(up.text, encoding="utf-8")
    host = {"apply": True, "confirm": "manual" if up.by is by_hand else "automatic"}
    arguments = {**up.arguments, "host": up.mode or host}
    (project.folder / "arguments.json").write_text(json.dumps(arguments), encoding="utf-8")


# The call


def let_in(calls: Lab) -> set[str]:
    """Which of MARKS are in the table that the call's packets go through."""
    listed = calls.run(calls.server, "nft", "list", "ruleset")
    return {one for one in MARKS if one in listed}


def goes_on(clients: Sequence[Client], what: str) -> None:
    """All since the last report has come, and in time."""
    for one, (name, other) in zip(clients, (("alice", "bob"), ("bob", "alice")), strict=True):
        report = one.report()
        heard = report["heard"][other]
        assert report["transports"] == [TRANSPORTS[name]], (what, report)
        assert min(heard["packets"], heard["frames"], heard["data"]) > AT_LEAST, (what, heard)
        assert (heard["lost"], heard["missing"]) == (0, 0), (what, heard)
        assert heard["gap"] <= LONGEST_GAP, (what, heard)


def test_a_running_call_survives_every_up(calls: Lab, lab: Machine, project: test_host_up.Here) -> None:
    """In one test, since each ruleset replaces the one before."""
    project.environment["PATH"] = os.pathsep.join([str(FAKES.parent / "host"), project.environment["PATH"]])
    with running(calls, SCENARIO):
        load(calls, SCENARIO)
        assert let_in(calls) == OLD_PORTS
        assert lab.status()["in_force"] == "changed since", "what stands there is of nobody's `up`"
        assert "released: the table inet livekit" in lab.run(*lab.cli("host", "release"))
        with calls.call("alice", "bob --relay") as clients:
            come_first(calls, clients)
            for one in clients:
                one.report()
            for up in UPS:
                give(project, up)
                up.by(lab, project)
                time.sleep(AFTER)
                goes_on(clients, up.what)
                in_force = None if up.mode else "as applied"
                assert (let_in(calls), project.outputs().get("host_in_force")) == (up.ports, in_force), up.what
            assert all(not one.said("disconnected") for one in clients)

"""The host's ruleset applied by `pulumi up`: the real engine, the provider in its process, a real kernel."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from livekit_firewall.host.standalone import boot
from livekit_firewall.host.standalone.mark import bare

from ..engine.project import ROOT
from .host.here import Here
from .host.lab import Lab

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns", "pulumi")

PATIENCE = 60.0
"""Seconds for the engine to start and to load, which other tests leave little of the machine."""
PROGRAM = Path(__file__).with_name("host") / "program"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with closing(Lab(tmp_path / "lab")) as made:
        yield made


@pytest.fixture
def project(lab: Lab, tmp_path: Path, pulumi_root: Path) -> Here:
    folder = tmp_path / "project"
    shutil.copytree(PROGRAM, folder)
    (folder / ".venv").symlink_to(sys.prefix)
    path = f"{lab.folder}/bin"
    made = Here(folder, "dev", pulumi_root, PYTHONPATH=str(ROOT / "components"))
    made.environment["PATH"] = f"{path}:{made.environment['PATH']}:/usr/sbin:/sbin"
    made.stand(lab)
    return made


def test_its_whole_life(lab: Lab, project: Here) -> None:
    """In one test, since each step needs the one before."""
    lab.systemd()
    lab.run("nft", "add", "table", "inet", "other")
    before = lab.run("nft", "list", "ruleset")
    project.give(confirm="automatic")
    project.preview()
    assert lab.table() == ""

    project.up()
    outputs = project.outputs()
    assert bare(lab.read(boot.RULESET) or "") == outputs["host_ruleset"]
    assert (outputs["host_in_force"], outputs["host_persistence"]) == ("as applied", boot.PERSISTENT)
    assert outputs["host_ruleset_check"] == "accepted by nft -c"
    in_force = lab.table()
    assert "policy drop" in in_force
    project.up("--expect-no-changes")

    lab.run("nft", "delete", "table", "inet", "livekit")
    assert "not loaded" in project.refresh("--diff").output
    project.up()
    assert lab.table() == in_force
    lab.run(*"nft add rule inet livekit input tcp dport 6379 accept".split())
    project.up()  # without a refresh as well
    assert lab.table() == in_force
    lab.run(*"nft delete element inet livekit tcp_from_anywhere".split(), "{ 443 }")
    assert lab.table() != in_force
    project.up("--refresh")
    assert lab.table() == in_force

    lab.run("rm", boot.UNIT)
    assert f"not persistent: {boot.UNIT} is missing" in project.refresh("--diff").output
    project.up()
    assert lab.read(boot.UNIT) is not None
    assert project.outputs()["host_persistence"] == boot.PERSISTENT

    project.give(confirm="automatic", confirm_timeout=30)
    project.up()
    assert project.outputs()["host_in_force"] == "as applied"

    own = (lab.read("/etc/machine-id") or "").strip()
    lab.run("sh", "-c", "echo fedcba9876543210fedcba9876543210 >/etc/machine-id")
    assert "this ruleset was applied on another machine" in project.run("destroy", "--yes", fails=True).output
    lab.run("sh", "-c", f"echo {own} >/etc/machine-id")
    project.destroy()
    assert lab.run("nft", "list", "ruleset") == before
    assert lab.read(boot.RULESET) is None


def test_it_waits_for_a_new_login(lab: Lab, project: Here) -> None:
    project.give()
    first = lab.login()
    first.send(*project.by_login())
    lab.until(lambda: lab.status()["in_force"] == "waiting for confirmation", PATIENCE)
    assert lab.login().run(*lab.cli("host", "confirm")) == (0, "confirmed: the ruleset stays\n")
    code, told = first.ended()
    assert code == 0, told
    assert "within 60 s run `livekit-firewall host confirm` as root in a new login" in told
    assert project.outputs()["host_persistence"] == boot.NO_SYSTEMD


def test_it_fails_if_nobody_confirms_and_says_so_in_one_sentence(lab: Lab, project: Here) -> None:
    project.give(confirm_timeout=10)
    told = project.up(fails=True).output
    assert (
        "nobody confirmed the ruleset within 10 s; the ruleset was rolled back: what was in force before is in force "
        "again"
    ) in told
    assert "Traceback" not in told
    assert lab.table() == ""


def test_a_preview_reports_that_ssh_would_close(lab: Lab, project: Here) -> None:
    lab.stop(lab.ssh)
    lab.sshd(2222)
    project.give()
    told = project.preview(fails=True).output
    assert "the ruleset would close SSH to everybody: sshd listens on tcp/2222; set operators.ssh_port to 2222" in told


def test_a_neighbour_is_warned_of(lab: Lab, project: Here) -> None:
    chain = "type filter hook input priority 0; policy drop; accept"
    lab.run("nft", "-f", "-", stdin=f"table inet firewalld {{\nchain filter_INPUT {{\n{chain}\n}}\n}}\n")
    project.give(confirm="automatic")
    assert "firewalld is on: a packet must be let in by both" in project.preview().output

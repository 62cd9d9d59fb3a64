"""Whose the host's firewall is: the real engine, a real kernel, and packets after each step.

Wherever a name or a parent changes, Pulumi creates the new one first and deletes the old one last. What is deleted by
the code of the release before the marks is told by `first_release.json.gz`: what that release pickled into states.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.host.applied import ssh_admits
from livekit_firewall.host.standalone import boot
from livekit_firewall.host.standalone.mark import Mark, of_table, of_text
from livekit_firewall.model.addresses import Peer
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.nftables import render as nftables
from tests.sampling import is_soak, sample

from ..engine.project import ROOT
from .host.here import Here
from .host.lab import SERVER, STRANGER, Lab

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns", "pulumi")

ENGINE = ROOT / "tests" / "engine"
PROGRAM, FIRST_RELEASE = ENGINE / "programs" / "owners", ENGINE / "first_release.json.gz"
KNOCK = Path(__file__).with_name("host") / "knock.py"
REDIS = 6379
LISTEN = (
    "import socket\ns = socket.create_server(('0.0.0.0', 6379))\nprint('ready', flush=True)\nwhile True: s.accept()"
)
FEW = RuleSet()
MORE = RuleSet.of([Rule(PortRange.udp(50000, 60000), Peer.anywhere(), Service.ICE_UDP)])
NARROWER = {"port_range_start": 50000, "port_range_end": 59000}
APPLIED = {"apply": True, "confirm": "automatic"}


class Machine(Lab):
    """With a server of Redis, which no rule admits."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.systemd()
        redis = self.start(self.server, sys.executable, "-I", "-c", LISTEN)
        assert redis.stdout
        assert redis.stdout.readline() == "ready\n"
        self.stranger = self.start(self.client, sys.executable, "-I", str(KNOCK), SERVER, STRANGER, "22")

    def is_open(self, port: int) -> bool:
        """Whether a stranger can connect."""
        assert self.stranger.stdin
        assert self.stranger.stdout
        print(port, file=self.stranger.stdin, flush=True)
        said = self.stranger.stdout.readline()
        assert said in ("open\n", "shut\n"), said
        return said == "open\n"

    def holds(self) -> bool:
        """Whether strangers reach SSH alone, now and after the next boot."""
        return self.is_open(22) and not self.is_open(REDIS) and self._holds_at_boot()

    def _holds_at_boot(self) -> bool:
        text = self.read(boot.RULESET)
        return text is not None and "policy drop" in text and self.read(boot.UNIT) is not None

    def is_bare(self) -> bool:
        """Whether nothing of ours is there."""
        files = [self.read(path) for path in (boot.RULESET, boot.UNIT)]
        return self.is_open(REDIS) and self.table() == "" and files == [None, None]

    def owners(self) -> set[str]:
        """The components that table, file and unit are marked with."""
        found = [of_table(self.table()), *(of_text(self.read(path) or "") for path in (boot.RULESET, boot.UNIT))]
        return {one.component if one else "" for one in found}


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Machine]:
    with closing(Machine(tmp_path / "lab")) as made:
        yield made


@pytest.fixture
def project(lab: Machine, tmp_path: Path, pulumi_root: Path) -> Here:
    return made(lab, tmp_path / "project", pulumi_root, "dev")


def made(lab: Machine, folder: Path, pulumi_root: Path, stack: str) -> Here:
    shutil.copytree(PROGRAM, folder)
    (folder / ".venv").symlink_to(sys.prefix)
    one = Here(folder, stack, pulumi_root, PYTHONPATH=str(ROOT / "components"))
    one.environment["PATH"] = f"{lab.folder}/bin:{one.environment['PATH']}:/usr/sbin:/sbin"
    one.stand(lab)
    return one


def give(project: Here, *components: dict[str, Any]) -> None:
    (project.folder / "components.json").write_text(json.dumps(components), encoding="utf-8")


def one(name: str = "old", host: dict[str, Any] = APPLIED, **more: Any) -> dict[str, Any]:
    return {"name": name, "host": host, **more}


def of_the_first_release(project: Here, *components: dict[str, Any]) -> None:
    """A state, and a machine, as that release leaves them."""
    give(project, *components)
    project.environment["FIRST_RELEASE"] = str(FIRST_RELEASE)
    project.up()
    del project.environment["FIRST_RELEASE"]


def urn(name: str, parent: str = "") -> str:
    group = "test:index:Group$" if parent else ""
    return f"urn:pulumi:dev::host::{group}livekit:index:LiveKitFirewall$livekit:index:HostFirewall::{name}-host"


RENAMED = {
    "renamed": (one("new"), urn("new")),
    "renamed, with an alias": (one("new", was="old"), urn("new")),
    "moved": (one("old", parent="group"), urn("old", "group")),
    "moved, with an alias": (one("old", parent="group", was="old"), urn("old", "group")),
    "renamed, with other rules": (one("new", more=NARROWER), urn("new")),
}


@pytest.mark.parametrize("change", sample(RENAMED, lambda one: [word in one for word in ("moved", "alias", "rules")]))
def test_a_component_under_another_urn_keeps_the_firewall(lab: Machine, project: Here, change: str) -> None:
    after, new_urn = RENAMED[change]
    give(project, one())
    project.up()
    assert (lab.holds(), lab.owners()) == (True, {urn("old")})
    give(project, after)
    project.preview()
    assert lab.owners() == {urn("old")}
    told = project.up().output
    assert (lab.holds(), lab.owners()) == (True, {new_urn}), told
    assert ("nothing is removed: the table inet livekit" in told) == ("alias" not in change), told
    project.up("--expect-no-changes")
    project.destroy()
    assert lab.is_bare()


def test_nobody_has_to_confirm_what_is_in_force_already(lab: Machine, project: Here) -> None:
    give(project, one())
    project.up()
    give(project, one("new", {"apply": True, "confirm": "manual", "confirm_timeout": 10}))
    project.up()
    assert (lab.holds(), lab.owners()) == (True, {urn("new")})


def test_a_replacement_keeps_the_firewall(lab: Machine, project: Here) -> None:
    give(project, one())
    project.up()
    for _ in range(2):
        for resource in project.resources()["pulumi-python:dynamic/livekit:AppliedRuleset"]:
            told = project.up("--replace", resource["urn"]).output
            assert "replaced" in told
            assert (lab.holds(), lab.owners()) == (True, {urn("old")}), told
    project.destroy()
    assert lab.is_bare()


def test_two_in_one_program_are_refused_before_anything_is(lab: Machine, project: Here) -> None:
    give(project, one("one"), one("two"))
    told = project.preview(fails=True).output
    assert (
        "host.apply: of one component of the program only: 'one-host' in 'one' has the table inet livekit already, so "
        "'two-host' in 'two' cannot have it (got true); leave it out of one of them"
    ) in " ".join(told.split()), told
    assert "Traceback" not in told
    project.up(fails=True)


def test_another_stack_is_refused_and_named_and_changes_nothing(
    lab: Machine, project: Here, tmp_path: Path, pulumi_root: Path
) -> None:
    give(project, one())
    project.up()
    before = lab.run("nft", "-a", "list", "ruleset"), lab.read(boot.RULESET), lab.read(boot.UNIT)
    other = made(lab, tmp_path / "other", pulumi_root, "prod")
    give(other, one(more=NARROWER))
    for step in (other.preview, other.up):
        told = " ".join(step(fails=True).output.split())
        assert f"belong to the stack dev of the project host ({urn('old')}), so nothing was changed" in told
    assert (lab.run("nft", "-a", "list", "ruleset"), lab.read(boot.RULESET), lab.read(boot.UNIT)) == before
    other.destroy()
    assert (lab.holds(), lab.owners()) == (True, {urn("old")})
    assert "released: the table inet livekit, " in lab.run(*lab.cli("host", "release"))
    assert (lab.holds(), lab.owners()) == (True, {""})
    other.up()
    assert lab.holds()
    told = " ".join(project.up(fails=True).output.split())
    assert "belong to the stack prod of the project host" in told
    assert "nothing is removed: " in project.destroy().output
    assert lab.holds()
    other.destroy()
    assert lab.is_bare()


def test_what_nobody_confirmed_is_rolled_back_to_what_the_old_name_owns(lab: Machine, project: Here) -> None:
    give(project, one())
    project.up()
    give(project, one("new", {"apply": True, "confirm_timeout": 10}, more=NARROWER))
    assert "nobody confirmed" in project.up(fails=True).output
    assert (lab.holds(), lab.owners()) == (True, {urn("old")})
    project.destroy()
    assert lab.is_bare()


# of each step `test_whatever_step_the_new_one_fails_at` says what is left, without the engine
@pytest.mark.parametrize("step", ["owned", "kept", "staged"] if is_soak() else ["kept"])
def test_killed_on_the_way_from_one_name_to_the_other(lab: Machine, project: Here, step: str) -> None:
    """The create of the new name is killed by the fake of systemd or nft: the old one is deleted after it."""
    give(project, one())
    project.up()
    give(project, one("new"))
    killer = {"owned": "systemctl", "kept": "nft", "staged": "nft"}[step]
    real = lab.run("sh", "-c", f"command -v {killer}").strip()
    when = {"owned": "daemon-reload", "kept": "-f -", "staged": "-s list table inet livekit"}[step]
    wrapped = (lab.folder / "bin" / killer).read_text(encoding="utf-8") if killer == "systemctl" else ""
    body = wrapped.partition("\n")[2] if wrapped else f'exec {real} "$@"\n'
    armed = f'#!/bin/sh\n[ "$*" != "{when}" ] || [ ! -e /run/arm ] || {{ rm /run/arm; kill -9 $PPID; exit 1; }}\n{body}'
    (lab.folder / "bin" / killer).write_text(armed, encoding="utf-8")
    (lab.folder / "bin" / killer).chmod(0o755)
    lab.run("touch", "/run/arm")
    project.stays = False  # a plugin of the engine's own, which is killed
    project.up(fails=True)
    project.stays = True
    assert lab.ran("ls", "/run/arm").returncode != 0, "nobody was killed"
    assert lab.holds()
    project.run("refresh", "--yes", "--skip-preview", "--clear-pending-creates")
    assert lab.holds()
    project.up()
    assert (lab.holds(), lab.owners()) == (True, {urn("new")})
    project.up("--expect-no-changes")
    project.destroy()
    assert lab.is_bare()


OLD, NEW, ANOTHER = (Mark("voice", stack, f"urn:{name}", name) for stack, name in (("a", "x"), ("a", "y"), ("b", "z")))
STEPS = ("checked", "staged", "armed", "loaded", "confirmed", "kept", "owned")
REMOVE = (
    "import json, sys; from livekit_firewall.host.standalone import machine, mark, steps; "
    "print(json.dumps(steps.remove(machine.Machine(), mark.Mark(*json.loads(sys.argv[1])))))"
)


def put(lab: Machine, owner: Mark, rules: RuleSet, killed_at: str = "", timeout: int = 2) -> str:
    """What the provider does at a create. Returns its messages."""
    given = {
        "ruleset": nftables.render(rules), "ssh_admits": ssh_admits(rules, ssh_port=22, ipv6=True),
        "confirm": "automatic", "timeout": timeout, "owner": owner,
    }  # fmt: skip
    ran = lab.ran(*lab.command(given), **({"KILLED_AT": killed_at} if killed_at else {}))
    assert ran.returncode == (-9 if killed_at else 0) or "nothing was changed" in ran.stdout, ran.stdout + ran.stderr
    return ran.stdout


def remove(lab: Machine, owner: Mark) -> list[str]:
    told: list[str] = json.loads(lab.run(sys.executable, "-c", REMOVE, json.dumps(owner)))
    return told


@pytest.mark.parametrize(
    ("step", "rules"),
    [
        *[pytest.param(step, FEW, id=f"{step}, the same rules") for step in STEPS if step not in ("armed", "loaded")],
        *[pytest.param(step, MORE, id=f"{step}, other rules") for step in STEPS],
    ],
)
def test_whatever_step_the_new_one_fails_at(lab: Machine, step: str, rules: RuleSet) -> None:
    put(lab, OLD, FEW)
    assert lab.holds()
    put(lab, NEW, rules, killed_at=step)
    assert lab.is_open(22)
    assert not lab.is_open(REDIS)
    # Without a load the new one owns a file from `kept` on; with one it owns the table once that is confirmed.
    takes = STEPS.index(step) >= STEPS.index("kept" if rules is FEW else "confirmed")
    if step == "armed":
        lab.run("sleep", "3")  # its timer
    told = remove(lab, OLD)
    assert any("nothing is removed" in one for one in told) == takes, told
    if takes:
        assert not lab.is_open(REDIS)
        put(lab, OLD, FEW)  # as after an edit that was undone
        assert (lab.holds(), lab.owners()) == (True, {OLD.component})
    else:
        assert lab.is_bare()
    put(lab, NEW, rules)
    assert (lab.holds(), lab.owners()) == (True, {NEW.component})
    assert "belong to the stack a of the project voice (urn:y)" in put(lab, ANOTHER, rules)
    for other in (OLD, ANOTHER):
        assert "nothing is removed" in remove(lab, other)[0]
        assert (lab.holds(), lab.owners()) == (True, {NEW.component})
    assert remove(lab, NEW) == []
    assert lab.is_bare()


def test_a_destroy_of_the_old_name_alone_leaves_what_the_new_one_took(lab: Machine, project: Here) -> None:
    give(project, one())
    project.up()
    state = project.run("stack", "export").output
    give(project, one("new"))
    project.up()
    (project.folder / "state.json").write_text(state, encoding="utf-8")
    project.run("stack", "import", "--file", "state.json", "--force")
    told = project.destroy().output
    assert f"belong to the stack dev of the project host ({urn('new')})" in " ".join(told.split())
    assert (lab.holds(), lab.owners()) == (True, {urn("new")})


def test_a_renamed_stack_keeps_its_firewall_and_removes_it(lab: Machine, project: Here) -> None:
    give(project, one())
    project.up()
    project.run("stack", "rename", "later")
    project.stack = "later"
    project.up()
    assert lab.holds()
    assert lab.owners() == {urn("old").replace(":dev:", ":later:")}
    project.destroy()
    assert lab.is_bare()


GONE = {
    "": (False, False),
    "nft delete table inet livekit": (True, False),
    f"rm {boot.RULESET}": (False, True),
    "both": (True, True),
}
"""Whether the table is, and whether the file."""


class TestAStateOfTheFirstRelease:
    def test_takes_one_update_in_place_which_marks_it(self, lab: Machine, project: Here) -> None:
        of_the_first_release(project, one(host={**APPLIED, "path": "host.nft"}))
        assert (lab.holds(), lab.owners()) == (True, {""})
        handles = lab.run("nft", "-a", "list", "chain", "inet", "livekit", "input")
        told = project.up().output
        assert "2 updated" in told
        assert (lab.holds(), lab.owners()) == (True, {urn("old")})
        assert lab.run("nft", "-a", "list", "chain", "inet", "livekit", "input") == handles, "the rules were reloaded"
        project.up("--expect-no-changes")
        give(project, one("new", {**APPLIED, "path": "host.nft"}))
        project.up()
        assert (lab.holds(), lab.owners()) == (True, {urn("new")})
        assert (project.folder / "host.nft").exists()
        project.destroy()
        assert lab.is_bare()
        assert not (project.folder / "host.nft").exists()

    @pytest.mark.parametrize("gone", sample(GONE, GONE.get))
    def test_stops_under_another_name(self, lab: Machine, project: Here, gone: str) -> None:
        of_the_first_release(project, one())
        if gone:
            both = f"nft delete table inet livekit; rm {boot.RULESET} {boot.UNIT}"
            lab.run("sh", "-c", both if gone == "both" else gone)
        give(project, one("new"))
        for command in (("preview",), ("up", "--yes", "--skip-preview"), ("up", "--yes", "-f", "--continue-on-error")):
            told = " ".join(project.run(*command, fails=True).output.split())
            assert "no owner's mark, so nothing was changed" in told
            assert "run `pulumi up` once with the component under its old name and parent" in told
        if not gone:
            assert (lab.holds(), lab.owners()) == (True, {""})
        give(project, one())
        project.up()
        give(project, one("new"))
        project.up()
        assert (lab.holds(), lab.owners()) == (True, {urn("new")})

    def test_is_marked_under_another_name_with_an_alias(self, lab: Machine, project: Here) -> None:
        of_the_first_release(project, one())
        give(project, one("new", was="old"))
        project.up()
        assert (lab.holds(), lab.owners()) == (True, {urn("new")})

    def test_is_still_removed_by_a_destroy(self, lab: Machine, project: Here) -> None:
        of_the_first_release(project, one())
        project.destroy()
        assert lab.is_bare()


def test_a_ruleset_that_was_loaded_by_hand_is_taken_over_once_it_is_released(lab: Machine, project: Here) -> None:
    for _ in range(2):
        lab.run("nft", "-f", "-", stdin=nftables.render(RuleSet()))
    give(project, one())
    told = " ".join(project.preview(fails=True).output.split())
    assert "the table inet livekit of this machine carries no owner's mark" in told
    assert lab.run(*lab.cli("host", "release")).startswith("released: the table inet livekit. All stays in force")
    assert not lab.is_open(REDIS)
    project.up()
    assert (lab.holds(), lab.owners()) == (True, {urn("old")})
    assert f"owner:       the stack dev of the project host ({urn('old')})" in lab.run(*lab.cli("host", "status"))
    assert lab.status()["owner"] == {"project": "host", "stack": "dev", "component": urn("old")}


def test_killed_while_nft_is_given_the_ruleset(lab: Machine) -> None:
    """At a place where a pipe is full, which here is between the rules and the mark, nft would find them whole."""
    text = nftables.render(FEW)
    text += "#" * (65_536 - 1 - len(text)) + "\n"
    given = {"ruleset": text, "ssh_admits": ssh_admits(FEW, ssh_port=22, ipv6=True), "owner": NEW}
    nft = lab.run("sh", "-c", "command -v nft").strip()
    (lab.folder / "bin" / "nft").write_text(
        f'#!/bin/sh\n[ "$*" != "-f -" ] || {{ sleep 1; kill -9 $PPID; }}\nexec {nft} "$@"\n', encoding="utf-8"
    )
    (lab.folder / "bin" / "nft").chmod(0o755)
    assert lab.ran(*lab.command(given)).returncode == -9
    lab.until(lambda: "chain input" in lab.table())
    assert of_table(lab.table()) == NEW


def test_a_table_with_nothing_in_it_is_none(lab: Machine) -> None:
    empty = "nft", "add", "table", "inet", "livekit"
    lab.run(*empty)
    put(lab, NEW, FEW, timeout=60)
    assert (lab.holds(), lab.owners()) == (True, {NEW.component})
    assert remove(lab, NEW) == []
    lab.run(*empty)
    assert remove(lab, OLD) == []
    assert lab.is_bare()


def test_what_somebody_checks_meanwhile_is_not_in_force(lab: Machine) -> None:
    """As the resource of `host.path` does beside that of `host.apply`: for as long as nft checks a ruleset that begins
    with the removal of the table, and there is none, all see an empty one. Here each listing falls into that moment.
    """
    nft = lab.run("sh", "-c", "command -v nft").strip()
    moment = f'{nft} list table inet livekit >/dev/null 2>&1 || trap "{nft} delete table inet livekit" EXIT'
    (lab.folder / "bin" / "nft").write_text(
        f'#!/bin/sh\n[ "$1" = -s ] || exec {nft} "$@"\n{moment}\n{nft} add table inet livekit\n{nft} "$@"\n',
        encoding="utf-8",
    )
    (lab.folder / "bin" / "nft").chmod(0o755)
    assert lab.table() == "table inet livekit {\n}\n"
    assert lab.status()["in_force"] == "not loaded"
    put(lab, NEW, FEW, killed_at="loaded", timeout=1)
    lab.until(lambda: lab.ran(nft, "list", "table", "inet", "livekit").returncode)  # by the timer
    put(lab, NEW, FEW, timeout=60)
    assert (lab.holds(), lab.owners()) == (True, {NEW.component})
    assert remove(lab, NEW) == []
    (lab.folder / "bin" / "nft").unlink()
    assert lab.is_bare()

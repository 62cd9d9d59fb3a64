"""The commands of examples/host-over-ssh, as a shell runs them on a machine."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from livekit_firewall.host.standalone.boot import RULESET
from livekit_firewall.host.standalone.mark import NOBODY, Mark, marked, remarking
from livekit_firewall.model.rules import RuleSet
from livekit_firewall.platforms.nftables import render as nftables

from .host.lab import ROOT, Lab

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns")

TREE = ast.parse((ROOT / "examples" / "host-over-ssh" / "__main__.py").read_text(encoding="utf-8"))
TEXTS = {
    node.targets[0].id: ast.literal_eval(node.value)
    for node in TREE.body
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.Constant)
}
STATE = "/var/lib/livekit-firewall"
RULES = nftables.render(RuleSet())


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    made = Lab(tmp_path)
    try:
        made.systemd()
        yield made
    finally:
        made.close()


def shell(
    lab: Lab, name: str, stdin: str = "", seconds: str = "60", owner: str = ""
) -> subprocess.CompletedProcess[str]:
    text = (f"owner={owner}\n" if owner else "") + TEXTS[name]
    assert name != "CHECK_AND_LOAD" or "sleep 60" in text
    return lab.ran("sh", "-c", text.replace("sleep 60", f"sleep {seconds}"), stdin=stdin)


def test_it_is_loaded_kept_and_removed(lab: Lab) -> None:
    assert shell(lab, "CHECK_AND_LOAD", RULES).returncode == 0
    assert "policy drop" in lab.table()
    assert shell(lab, "CONFIRM_AND_KEEP", RULES).returncode == 0
    assert lab.read(RULESET) == RULES
    assert shell(lab, "REMOVE").returncode == 0
    assert (lab.table(), lab.read(RULESET)) == ("", None)


def test_what_nobody_confirmed_is_rolled_back_and_cannot_be_confirmed_any_more(lab: Lab) -> None:
    assert shell(lab, "CHECK_AND_LOAD", RULES).returncode == 0
    assert shell(lab, "CONFIRM_AND_KEEP", RULES).returncode == 0
    before = lab.table()
    other = nftables.render(RuleSet(), ssh_port=2222)
    assert shell(lab, "CHECK_AND_LOAD", other, seconds="1").returncode == 0
    assert lab.table() != before
    lab.until(lambda: lab.table() == before)
    late = shell(lab, "CONFIRM_AND_KEEP", other)
    assert (late.returncode, late.stderr.splitlines()[-1]) == (
        1,
        "too late: what was in force before is in force again",
    )
    assert lab.read(RULESET) == RULES


def test_a_full_disk_stops_neither_the_way_back_nor_lets_it_be_confirmed(lab: Lab) -> None:
    lab.run("sh", "-c", f"mkdir -p {STATE} && mount -t tmpfs -o nr_inodes=20 none {STATE}")
    assert shell(lab, "CHECK_AND_LOAD", RULES, seconds="3").returncode == 0
    lab.ran("sh", "-c", f"cd {STATE}; i=0; while : 2>/dev/null >x$i; do i=$((i+1)); done")
    ran = shell(lab, "CONFIRM_AND_KEEP", RULES)
    assert (ran.returncode, ran.stderr.splitlines()[-1]) == (1, "it cannot be confirmed, and will be rolled back")
    assert "policy drop" in lab.table()
    assert lab.read(RULESET) is None
    lab.until(lambda: lab.table() == "")


def test_what_cannot_be_kept_is_not_confirmed(lab: Lab) -> None:
    lab.run("sh", "-c", "mkdir /etc/livekit-firewall && mount -t tmpfs -o nr_inodes=1 none /etc/livekit-firewall")
    assert shell(lab, "CHECK_AND_LOAD", RULES, seconds="1").returncode == 0
    assert shell(lab, "CONFIRM_AND_KEEP", RULES).returncode != 0
    lab.until(lambda: lab.table() == "")


def test_putting_back_is_tried_again(lab: Lab) -> None:
    nft = lab.run("sh", "-c", "command -v nft").strip()
    stand_in = f'#!/bin/sh\n[ "$*" != "-f old.nft" ] || mkdir /run/once || exec {nft} "$@"\n'
    stand_in += f'[ "$*" != "-f old.nft" ] || exit 1\nexec {nft} "$@"\n'
    (lab.folder / "bin" / "nft").write_text(stand_in, encoding="utf-8")
    (lab.folder / "bin" / "nft").chmod(0o755)
    assert shell(lab, "CHECK_AND_LOAD", RULES, seconds="1").returncode == 0
    lab.until(lambda: lab.table() == "")
    assert lab.ran("ls", "/run/once").returncode == 0


def test_a_ruleset_that_nft_refuses_changes_nothing(lab: Lab) -> None:
    assert shell(lab, "CHECK_AND_LOAD", "table inet livekit { nonsense }").returncode == 1
    assert lab.table() == ""


def test_what_another_command_keeps_is_not_removed(lab: Lab) -> None:
    """Pulumi deletes the old one of a command that was renamed after it created the new one."""
    for name in ("old", "new"):
        assert shell(lab, "CHECK_AND_LOAD", RULES).returncode == 0
        assert shell(lab, "CONFIRM_AND_KEEP", RULES, owner=name).returncode == 0
    ran = shell(lab, "REMOVE", owner="old")
    assert (ran.returncode, "is left as it is: it is not this one's" in ran.stderr) == (0, True)
    assert "policy drop" in lab.table()
    assert lab.read(RULESET) == RULES
    assert shell(lab, "REMOVE", owner="new").returncode == 0
    assert (lab.table(), lab.read(RULESET)) == ("", None)


def test_what_a_stack_applied_is_not_replaced_until_it_is_released(lab: Lab) -> None:
    mark = Mark("voice", "prod", "urn", "token")
    lab.run("nft", "-f", "-", stdin=marked(RULES, mark))
    before = lab.table()
    ran = shell(lab, "CHECK_AND_LOAD", RULES)
    assert (ran.returncode, ran.stderr) == (
        1,
        "host.apply of some stack owns the firewall of this machine, so nothing was changed\n",
    )
    assert lab.table() == before
    lab.run("nft", "-f", "-", stdin=remarking(NOBODY))
    assert shell(lab, "CHECK_AND_LOAD", RULES).returncode == 0

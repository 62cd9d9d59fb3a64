"""The ruleset as user data of cloud-init: read by YAML, and carried out on files."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from livekit_firewall.host.standalone.boot import RULESET, UNIT, unit
from livekit_firewall.host.user_data import cloud_config
from livekit_firewall.model.addresses import Cidr, Peer
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Reason, Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.nftables import render as nftables

from ..golden_rules import SCENARIOS

NAMED = [name for name, scenario in SCENARIOS.items() if not scenario.rules.identities]
ODD = RuleSet.of(
    [Rule(PortRange.tcp(22), Peer.of(Cidr.parse("192.0.2.0/24")), Service.SSH, (Reason('a: "b" # c\n- d', "why"),))]
)


def read(ruleset: str) -> dict[str, Any]:
    text = cloud_config(ruleset)
    assert text.startswith("#cloud-config\n"), "how cloud-init tells what it is"
    found: dict[str, Any] = yaml.safe_load(text)
    return found


@pytest.mark.parametrize("rules", [*(SCENARIOS[name].rules for name in NAMED), ODD])
def test_the_files_arrive_as_they_were_rendered(rules: RuleSet) -> None:
    ruleset = nftables.render(rules)
    files = read(ruleset)["write_files"]
    assert [(one["path"], one["permissions"], one["content"]) for one in files] == [
        (RULESET, "0644", ruleset),
        (UNIT, "0644", unit()),
    ]


def test_it_holds_what_cloud_init_knows_and_nothing_else() -> None:
    """By the names and shapes of schema-cloud-config-v1.json of cloud-init 22.4."""
    found = read(nftables.render(RuleSet()))
    assert set(found) == {"packages", "write_files", "runcmd"}
    assert found["packages"] == ["nftables"]
    assert all(set(one) == {"path", "permissions", "content"} for one in found["write_files"])
    assert found["runcmd"] == [
        ["systemctl", "daemon-reload"],
        ["systemctl", "enable", "--now", "livekit-firewall.service"],
    ]


@pytest.mark.needs("nft", "unshare")
def test_what_the_unit_starts_loads_the_ruleset_and_what_it_stops_removes_it(tmp_path: Path) -> None:
    """The files are written below a folder, and the commands of the unit run in a network namespace."""
    ruleset = nftables.render(RuleSet())
    for one in read(ruleset)["write_files"]:
        file = tmp_path / one["path"].lstrip("/")
        file.parent.mkdir(parents=True)
        file.write_text(one["content"], encoding="utf-8")
    lines = (tmp_path / UNIT.lstrip("/")).read_text(encoding="utf-8").splitlines()
    run = {name: value for name, _, value in (line.partition("=") for line in lines) if name.startswith("Exec")}
    run = {
        name: value.replace("/usr/sbin/", "").replace(RULESET, str(tmp_path / RULESET[1:]))
        for name, value in run.items()
    }
    listing = "nft list tables"
    script = " && ".join([run["ExecStart"], run["ExecReload"], listing, run["ExecStop"], "echo --", listing])
    ran = subprocess.run(
        ["unshare", "-rn", "sh", "-c", f"PATH=$PATH:/usr/sbin:/sbin; {script}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ran.stdout, ran.stderr) == ("table inet livekit\n--\n", "")

"""The policy pack under the engine: what a preview says, and how it ends.

The engine starts an executable in place of the pack's folder here: the language host that builds from Go modules
cannot start packs. What it sends, in which order, and what it makes of the answers is the same.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from .accounts import furnish
from .project import ROOT, Deploy, Project

pytestmark = pytest.mark.needs("pulumi")

MANDATORY = "livekit-sip-from-trunks"
TRUNK = "198.51.100.0/24"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    executable = tmp_path / "pulumi-analyzer-livekit"
    executable.write_text(f'#!/bin/sh\nexec "{sys.executable}" -u "{ROOT}/policy/__main__.py" "$@"\n')
    executable.chmod(0o755)
    return executable


@pytest.fixture
def project(deploy: Deploy) -> Project:
    made = deploy("digitalocean-example")
    furnish(made, None)
    return made


def preview(project: Project, pack: Path, config: dict[str, Any], *, fails: bool) -> str:
    settings = pack.with_name("config.json")
    settings.write_text(json.dumps(config))
    flags = ["--policy-pack", str(pack), "--policy-pack-config", str(settings)]
    return project.preview(*flags, fails=fails).output


def test_a_preview_of_the_example_passes(project: Project, pack: Path) -> None:
    told = preview(project, pack, {}, fails=False)
    assert "livekit-firewall" in told
    assert "Policy Violations" not in told


def test_a_preview_that_breaks_a_mandatory_policy_fails_and_says_why(project: Project, pack: Path) -> None:
    project.configure({"sip": {}, "trunks": [TRUNK]})
    preview(project, pack, {MANDATORY: {"trunks": [TRUNK]}}, fails=False)
    told = preview(project, pack, {MANDATORY: {"trunks": ["203.0.113.0/24"]}}, fails=True)
    assert f"[mandatory]  {MANDATORY}  (digitalocean:index:Firewall: livekit-digitalocean-firewall)" in told
    assert "is open to others than the trunks" in told
    assert "Traceback" not in told


def test_one_that_breaks_an_advisory_policy_only_warns(project: Project, pack: Path) -> None:
    project.configure({"operators": {"cidrs": ["0.0.0.0/0"]}})
    told = preview(project, pack, {}, fails=False)
    assert "livekit-ssh-not-public" in told
    assert "SSH on tcp/22 is open to the internet" in told
    preview(project, pack, {"livekit-ssh-not-public": "mandatory"}, fails=True)


def test_the_configuration_is_held_against_the_pack_before_anything_is_judged(project: Project, pack: Path) -> None:
    told = preview(project, pack, {MANDATORY: {"trunks": "anywhere"}}, fails=True)
    assert "trunks" in told
    assert "array" in told

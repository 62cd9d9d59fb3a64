"""What the workflows say: least rights, every action pinned, no script that somebody else writes, inputs documented."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import click
import pytest

from livekit_firewall.cli.group import cli

from .fake_forge import STICKY
from .workflows import DOCUMENT, PARSED, ROOT, WORKFLOWS, blocks, read

JOBS = [(name, job) for name, workflow in PARSED.items() for job in workflow["jobs"]]
EVERY_JOB = pytest.mark.parametrize(("name", "job"), JOBS)
STEPS = [
    pytest.param(step, id=f"{name}-{job}-{number}")
    for name, job in JOBS
    for number, step in enumerate(PARSED[name]["jobs"][job].get("steps", []))
]
OURS = [step for job in PARSED["preview.yml"]["jobs"].values() for step in job["steps"]]
RIGHTS = {
    ("preview.yml", "comment"): {"contents": "read", "pull-requests": "write"},
    ("pull-request.yml", "reach"): {"contents": "read", "pull-requests": "write"},
    ("ci.yml", "done"): None,
    ("release.yml", "attest"): {"id-token": "write", "attestations": "write"},
    ("release.yml", "publish"): {"id-token": "write"},
}
"""Where they are more or less than reading the repository."""
PUBLISH = "pypa/gh-action-pypi-publish"


@pytest.mark.parametrize("name", sorted(WORKFLOWS))
def test_a_workflow_has_no_rights_unless_a_job_asks(name: str) -> None:
    assert PARSED[name]["permissions"] == {}
    assert set(read_on(name)) <= {"push", "pull_request", "workflow_call"}


def read_on(name: str) -> list[str]:
    on = PARSED[name]["on"]
    return [on] if isinstance(on, str) else list(on)


@EVERY_JOB
def test_a_job_has_only_the_rights_that_it_needs_and_an_end(name: str, job: str) -> None:
    given = PARSED[name]["jobs"][job]
    assert given.get("permissions") == RIGHTS.get((name, job), {"contents": "read"})
    if "uses" not in given:
        assert 1 <= int(given["timeout-minutes"]) <= 60
        assert given["runs-on"] == ("${{ matrix.system }}" if job == "elsewhere" else "ubuntu-24.04")


def test_what_needs_no_linux_is_tested_on_the_other_systems() -> None:
    job = PARSED["ci.yml"]["jobs"]["elsewhere"]
    assert job["strategy"]["matrix"] == {"system": ["macos-15", "windows-2025"]}
    assert [step["run"] for step in job["steps"] if "run" in step][-1] == "python -m pytest tests/portable"
    assert set(PARSED["ci.yml"]["jobs"]["done"]["needs"]) == set(PARSED["ci.yml"]["jobs"]) - {"done"}


def test_every_action_is_pinned_by_commit_and_the_same_everywhere() -> None:
    pins: dict[str, set[str]] = {}
    for path in WORKFLOWS.values():
        for line in path.read_text().splitlines():
            used = re.search(r"\buses:\s*(\S+)(.*)", line)
            if not used or used[1].startswith("./"):
                continue
            action, _, commit = used[1].partition("@")
            assert re.fullmatch(r"[0-9a-f]{40}", commit), line
            assert re.fullmatch(r" # v\d+\.\d+\.\d+", used[2]), line
            pins.setdefault(action, set()).add(commit + used[2])
    assert {action: len(commits) for action, commits in pins.items()} == {
        "actions/checkout": 1,
        "actions/setup-python": 1,
        "actions/upload-artifact": 1,
        "actions/download-artifact": 1,
        "actions/attest": 1,
        PUBLISH: 1,
        STICKY: 1,
    }
    local = {job["uses"] for workflow in PARSED.values() for job in workflow["jobs"].values() if "uses" in job}
    assert local == {"./.github/workflows/preview.yml", "./.github/workflows/ci.yml"}
    assert all((ROOT / path).is_file() for path in local)


@pytest.mark.parametrize("step", STEPS)
def test_a_step_leaves_no_credentials_and_lets_nobody_write_its_script(step: dict[str, Any]) -> None:
    if str(step.get("uses", "")).startswith("actions/checkout@"):
        assert step["with"]["persist-credentials"] == "false"
        assert step["with"].get("ref", "") in ("", "${{ github.event.pull_request.base.sha }}")
    if "run" in step:
        assert "${{" not in step["run"]
        assert step.get("shell", "bash") == "bash"
        if step in OURS:
            # -I: otherwise a module in the working folder, which the pull request wrote, comes before Python's own
            assert len(re.findall(r"\bpython\b", step["run"])) == step["run"].count("python -I ")
        subprocess.run(["bash", "-n"], input=step["run"], text=True, check=True, timeout=10)


def test_the_job_that_may_write_runs_nothing_of_the_pull_request() -> None:
    job = PARSED["preview.yml"]["jobs"]["comment"]
    checkouts = [step for step in job["steps"] if step.get("uses", "").startswith("actions/checkout@")]
    assert [step["with"]["ref"] for step in checkouts] == ["${{ github.event.pull_request.base.sha }}"]
    assert "needs.touched.outputs.trusted == 'true'" in job["if"]
    assert [step["uses"].partition("@")[0] for step in job["steps"] if "uses" in step][-1] == STICKY
    tools = {line.split()[0] for step in job["steps"] if "run" in step for line in step["run"].splitlines() if line}
    assert not {"pulumi", "make", "git"} & tools


def test_a_release_is_tested_built_attested_and_published_in_that_order() -> None:
    release = PARSED["release.yml"]
    assert release["on"] == {"push": {"tags": ["v*"]}}
    jobs = release["jobs"]
    assert [(name, job.get("needs")) for name, job in jobs.items()] == [
        ("tests", None), ("build", ["tests"]), ("attest", ["build"]), ("publish", ["attest"]),
    ]  # fmt: skip
    assert jobs["tests"]["uses"] == "./.github/workflows/ci.yml"
    assert "workflow_call" in PARSED["ci.yml"]["on"]
    assert not re.search(r"always\(\)|failure\(\)|cancelled\(\)|continue-on-error", json.dumps(jobs))
    # who may sign or publish runs nothing of the repository, and has no token
    for name in ("attest", "publish"):
        assert not [step for step in jobs[name]["steps"] if "run" in step or "checkout" in step["uses"]]
    assert jobs["publish"]["environment"] == "pypi"
    assert jobs["publish"]["steps"][-1]["uses"].startswith(f"{PUBLISH}@")
    assert "with" not in jobs["publish"]["steps"][-1]  # no password: the index asks for the workflow's identity
    built = {
        step["with"]["name"]: step["with"]["path"] for step in jobs["build"]["steps"] if "path" in step.get("with", {})
    }
    assert built == {"dist": "dist/", "bill-of-materials": "build/livekit-firewall.cdx.json"}


def test_every_supported_python_and_both_ends_of_the_ranges_are_tested() -> None:
    jobs = PARSED["ci.yml"]["jobs"]
    named = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', (ROOT / "pyproject.toml").read_text())
    assert jobs["run"]["strategy"]["matrix"]["python"] == named
    ends = jobs["ranges"]["strategy"]["matrix"]["include"]
    assert [(one["end"], one["python"]) for one in ends] == [("lowest-direct", named[0]), ("highest", named[-1])]
    others = [name for name in jobs if name != "done"]
    assert jobs["done"]["needs"] == others
    (verdict,) = jobs["done"]["steps"]
    assert verdict["run"] == f'test "$RESULTS" = "{" ".join(["success"] * len(others))}"'
    subprocess.run(["bash", "-n", ROOT / ".ci" / "ranges"], check=True, timeout=10)


@pytest.mark.parametrize("has_environment", [True, False])
def test_the_ranges_of_another_python_leave_the_environment_of_a_checkout(
    tmp_path: Path, has_environment: bool
) -> None:
    """tools/setup.py makes .venv anew for whatever Python runs it."""
    asked, own = tmp_path / "python3.12", tmp_path / ".venv" / "bin" / "python"
    ci, system_packages = tmp_path / ".ci" / "ranges", tmp_path / "tools" / "system-packages"
    for folder in (ci.parent, system_packages.parent, own.parent):
        folder.mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "ranges", ci)
    for stub in (asked, system_packages, *([own] if has_environment else [])):
        stub.write_text('#!/bin/sh\necho "$0 $*" >> ran\n[ $# = 0 ]\n', encoding="utf-8")
        stub.chmod(0o755)
    ended = subprocess.run([ci, "highest", asked], capture_output=True, check=False, timeout=10)
    assert ended.returncode == 1
    runs_setup = ".venv/bin/python" if has_environment else asked
    assert (tmp_path / "ran").read_text() == f"tools/system-packages \n{runs_setup} tools/setup.py check\n"


def test_only_the_preview_sees_secrets_and_only_where_they_are_given() -> None:
    for name, job in JOBS:
        text = json.dumps(PARSED[name]["jobs"][job])
        assert ("secrets." in text) is ((name, job) == ("preview.yml", "preview"))
    assert "needs.touched.outputs.trusted == 'true'" in PARSED["preview.yml"]["jobs"]["preview"]["if"]


def test_the_document_names_every_input_and_secret() -> None:
    called = PARSED["preview.yml"]["on"]["workflow_call"]
    text = DOCUMENT.read_text()
    rows = set(re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE))
    assert {*called["inputs"], *called["secrets"]} <= rows
    example = read(blocks(text)[0])["jobs"]["reach"]
    assert set(example["with"]) <= set(called["inputs"])
    assert set(example["secrets"]) <= set(called["secrets"])
    assert example["permissions"] == RIGHTS["preview.yml", "comment"]
    own = PARSED["pull-request.yml"]["jobs"]["reach"]
    assert set(own["with"]) <= set(called["inputs"])
    for name, default in re.findall(r"^\| `([a-z-]+)` \| `([^`]*)` \|", text, re.MULTILINE):
        if name in called["inputs"]:
            assert called["inputs"][name]["default"] == default, name


def command_of(name: str) -> click.Command:
    found = cli.get_command(click.Context(cli), name)
    assert found is not None
    return found


def test_every_option_that_is_used_is_one_of_the_command() -> None:
    text = WORKFLOWS["preview.yml"].read_text() + DOCUMENT.read_text()
    used = re.findall(r"livekit-firewall ([a-z]+)\b((?:[^\n]|\\\n)*)", text)
    assert {command for command, _ in used} == {"touched", "review", "diff"}
    for command, rest in used:
        known = {
            option
            for parameter in command_of(command).params
            for option in (*parameter.opts, *parameter.secondary_opts)
        }
        assert set(re.findall(r"(?<=\s)--[a-z-]+", rest)) <= known, command
    fails = next(parameter for parameter in command_of("review").params if parameter.name == "fail_on")
    assert list(fails.type.choices) == ["wider", "risk", "any"]

"""`make smoke`: what is made is destroyed whatever happens, and nothing is made unasked or beside what is there."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import smoke
from bootstrap.progress import SetupError


def run_of(monkeypatch: pytest.MonkeyPatch, codes: dict[str, int], host: str = "192.0.2.1") -> tuple[int, list[str]]:
    """The exit code where the steps end so, and the steps that were taken."""
    taken: list[str] = []

    def step(action: str, name: str, options: list[str]) -> int:
        assert (name, options) == ("mine", ["--yes"])
        taken.append(action)
        return codes.get(action, 0)

    def check(name: str, given: str) -> int:
        assert (name, given) == ("mine", host)
        taken.append("check")
        return codes.get("check", 0)

    monkeypatch.setattr(smoke, "check", check)
    return smoke.smoke("mine", host, step), taken


@pytest.mark.parametrize(
    ("codes", "code", "taken"),
    [
        ({}, 0, ["up", "check", "destroy"]),
        ({"check": 1}, 1, ["up", "check", "destroy"]),
        ({"up": 255}, 255, ["up", "destroy"]),
        ({"destroy": 7}, 7, ["up", "check", "destroy"]),
        ({"check": 1, "destroy": 7}, 7, ["up", "check", "destroy"]),
    ],
)
def test_it_destroys_whatever_comes_before(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    codes: dict[str, int],
    code: int,
    taken: list[str],
) -> None:
    assert run_of(monkeypatch, codes) == (code, taken)
    said = capsys.readouterr().err
    assert ("make destroy STACK=mine ARGS=--yes" in said) is ("destroy" in codes)


def test_without_a_host_no_machine_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_of(monkeypatch, {}, host="") == (0, ["up", "destroy"])


def test_it_destroys_after_an_interrupt(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []

    def interrupted(_name: str, _host: str) -> int:
        raise KeyboardInterrupt

    def step(action: str, _name: str, _options: list[str]) -> int:
        taken.append(action)
        return 0

    monkeypatch.setattr(smoke, "check", interrupted)
    with pytest.raises(KeyboardInterrupt):
        smoke.smoke("mine", "192.0.2.1", step)
    assert taken == ["up", "destroy"]


@pytest.mark.parametrize("given", ["", "yes", "other"])
def test_nothing_is_made_unasked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], given: str
) -> None:
    monkeypatch.setenv("SMOKE", given)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(SetupError, match="nothing was made: say that it is meant by make smoke STACK=mine SMOKE=mine"):
        smoke.refuse_unasked("mine", "192.0.2.1")
    assert "tries 192.0.2.1 from here" in capsys.readouterr().out


def test_its_own_name_is_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMOKE", "mine")
    smoke.refuse_unasked("mine", "")


def test_it_begins_as_an_update_does_once_the_plugins_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    monkeypatch.setenv("STACK", "aws-example")
    monkeypatch.setenv("SMOKE", "aws-example")

    def lacking(name: str) -> None:
        begun.append(f"plugins of {name}")
        raise SetupError("the plugin is not here")

    monkeypatch.setattr(smoke.stack, "get_ready", lambda name: begun.append(f"ready {name}"))
    monkeypatch.setattr(smoke.stack, "require_plugins", lacking)
    assert smoke.main() == 1
    assert begun == ["ready aws-example", "plugins of aws-example"]


@pytest.mark.parametrize(
    ("state", "is_used"),
    [
        ({}, False),
        ({"deployment": {"resources": [{"type": "pulumi:pulumi:Stack"}]}}, False),
        ({"deployment": {"resources": [{"type": "pulumi:pulumi:Stack"}, {"type": "aws:ec2/securityGroup"}]}}, True),
    ],
)
def test_a_stack_that_has_something_is_refused(state: dict[str, Any], is_used: bool) -> None:
    def told(*words: str) -> object:
        assert words == ("stack", "export")
        return state

    if not is_used:
        smoke.refuse_used("mine", told)
        return
    with pytest.raises(SetupError, match="mine has 1 resources, which the end of a smoke test would destroy"):
        smoke.refuse_used("mine", told)


def test_the_check_is_that_of_the_stack_and_ends(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[list[str]] = []

    def run(command: list[str], *, cwd: Path, check: bool, timeout: float) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        assert (cwd, check, timeout) == (smoke.ROOT, False, smoke.LONGEST_CHECK)
        if len(asked) == 2:
            raise subprocess.TimeoutExpired(command, timeout)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    assert [smoke.check("mine", "192.0.2.1"), smoke.check("mine", "192.0.2.1")] == [0, 1]
    assert asked[0][1:] == ["probe", "check", "192.0.2.1", "--stack", "mine"]

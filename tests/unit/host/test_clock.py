"""The time to confirm runs by the monotonic clock; what is shown of it fits the wall clock."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.cli import host as cli_host
from livekit_firewall.host.standalone import confirming, rollback
from livekit_firewall.host.standalone.machine import Machine, digest
from livekit_firewall.host.standalone.rollback import Run
from livekit_firewall.host.standalone.stopped import Stopped

pytestmark = pytest.mark.needs("linux")

TIMEOUT = 60
TABLE = "table inet livekit {\n}\n"


class Clocks:
    """The wall's clock, which can be set, and the kernel's, which only goes on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wall, self.kernel = 1_700_000_000.0, 5_000.0
        monkeypatch.setattr("time.time", lambda: self.wall)
        monkeypatch.setattr("time.monotonic", lambda: self.kernel)
        monkeypatch.setattr("time.monotonic_ns", lambda: int(self.kernel * 1e9))

    def pass_(self, seconds: float) -> None:
        self.wall += seconds
        self.kernel += seconds


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    return Clocks(monkeypatch)


class Loaded(Machine):
    """What the kernel holds is what was loaded; nothing lacks, and no program runs."""

    def lacks(self) -> list[str]:
        return []

    def in_force(self) -> str | None:
        return TABLE

    def refusal(self, _ruleset: str) -> str:
        return ""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setattr(confirming, "login", lambda _proc: None)
    return Loaded(tmp_path)


def begin(machine: Machine) -> Run:
    run = rollback.begin(machine, "new", by="", confirm="manual", timeout=TIMEOUT)
    run = replace(run, loaded=digest(TABLE))
    run.save()
    return run


STEPS = [-1e9, -86_400.0, -61.0, -0.5, 0.0, 0.5, 61.0, 86_400.0, 1e9]


@pytest.mark.parametrize("step", STEPS)
def test_a_clock_that_is_set_changes_nothing_of_the_time_to_confirm(
    clocks: Clocks, machine: Machine, step: float
) -> None:
    begin(machine)
    clocks.pass_(20)
    clocks.wall += step
    run = rollback.latest(machine)
    assert run is not None
    assert run.left == TIMEOUT - 20
    assert run.due == pytest.approx(clocks.wall + 40, abs=1)
    clocks.pass_(39.9)
    assert confirming.confirm(machine).startswith("confirmed: the ruleset stays")


@pytest.mark.parametrize("step", STEPS)
def test_nor_does_it_let_anybody_confirm_later(clocks: Clocks, machine: Machine, step: float) -> None:
    run = begin(machine)
    clocks.wall += step
    clocks.pass_(TIMEOUT)
    with pytest.raises(Stopped) as late:
        confirming.confirm(machine)
    assert str(late.value) == (
        "too late: the time to confirm it is over, and what was in force before is being put back"
    )
    assert run.decision == ""


def test_what_was_put_back_is_not_reported_as_in_progress(clocks: Clocks, machine: Machine) -> None:
    run = begin(machine)
    clocks.pass_(TIMEOUT)
    run.decide(rollback.ROLLED_BACK)
    with pytest.raises(Stopped, match=r"^no ruleset waits for confirmation; the last one is being rolled back$"):
        confirming.confirm(machine)
    run.end()
    with pytest.raises(Stopped, match=r"^no ruleset waits for confirmation; the last one was rolled back$"):
        confirming.confirm(machine)


def test_two_logins_that_confirm_at_once_are_both_informed_that_it_stays(
    clocks: Clocks, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def also(run: Run, decision: str) -> bool:
        assert first(run, decision)
        return first(run, decision)

    first = Run.decide
    begin(machine)
    monkeypatch.setattr(Run, "decide", also)
    assert confirming.confirm(machine).startswith("confirmed: the ruleset stays")


@pytest.mark.parametrize(("step", "says"), [(0.0, "try again in 55 s"), (1e6, "try again in 55 s"), (-1e6, "in 55 s")])
def test_a_run_that_was_killed_while_it_loaded_is_left_to_its_timer(
    clocks: Clocks, machine: Machine, step: float, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace(begin(machine), loaded="").save()
    monkeypatch.setattr(Loaded, "in_force", lambda _self: "another")
    clocks.pass_(20)
    clocks.wall += step
    with pytest.raises(Stopped, match=says):
        rollback.recover(machine)
    clocks.pass_(41)  # the timer may be late
    with pytest.raises(Stopped, match=r"try again in 14 s$"):
        rollback.recover(machine)
    clocks.pass_(14)
    assert "is not the one that it loaded" in rollback.recover(machine)


def test_the_latest_run_is_the_last_one_also_where_the_clock_was_set_back(clocks: Clocks, machine: Machine) -> None:
    for number in range(5):
        run = begin(machine)
        found = rollback.latest(machine)
        assert found is not None
        assert found.folder == run.folder, number
        clocks.pass_(1)
        clocks.wall -= 3600


# --- states of other releases


def older(run: Run, **changed: Any) -> None:
    """As releases before this one wrote it."""
    values = json.loads((run.folder / "run.json").read_text(encoding="utf-8"))
    del values["ends"]
    (run.folder / "run.json").write_text(json.dumps({**values, **changed}), encoding="utf-8")


@given(st.floats(-1e9, 1e9))
def test_a_run_of_an_older_release_has_never_more_time_than_it_was_given(step: float) -> None:
    with pytest.MonkeyPatch.context() as patch:
        clocks = Clocks(patch)
        run = Run(Path(), "", clocks.wall, clocks.wall + TIMEOUT, "manual", "", "")
        clocks.wall += step
        assert run.left <= TIMEOUT
        assert run.left == min(TIMEOUT, run.until - clocks.wall)


def test_a_run_of_an_older_release_is_confirmed_by_its_own_clock(clocks: Clocks, machine: Machine) -> None:
    older(begin(machine))
    clocks.pass_(59)
    assert confirming.confirm(machine).startswith("confirmed")


def test_and_not_after_it(clocks: Clocks, machine: Machine) -> None:
    older(begin(machine))
    clocks.pass_(61)
    with pytest.raises(Stopped, match=r"^too late"):
        confirming.confirm(machine)


def test_a_run_of_a_newer_release_is_understood_as_far_as_it_goes(clocks: Clocks, machine: Machine) -> None:
    run = begin(machine)
    values = json.loads((run.folder / "run.json").read_text(encoding="utf-8"))
    (run.folder / "run.json").write_text(json.dumps({**values, "more": 1}), encoding="utf-8")
    assert rollback.latest(machine) == run


@pytest.mark.parametrize("text", ["[]", "null", '"x"', "{", "1", "{}"])
def test_what_is_no_run_is_passed_over(clocks: Clocks, machine: Machine, text: str) -> None:
    run = begin(machine)
    clocks.pass_(1)
    spoiled = begin(machine)
    (spoiled.folder / "run.json").write_text(text, encoding="utf-8")
    assert rollback.latest(machine) == run


def test_after_the_next_boot_the_kernels_clock_means_nothing(
    clocks: Clocks, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It begins anew, so that the time would seem to be far off."""
    begin(machine)
    clocks.kernel = 1.0
    monkeypatch.setattr(Loaded, "boot", "another")
    with pytest.raises(Stopped, match="the machine was started again since it was loaded"):
        confirming.confirm(machine)


# --- what `host status` tells people

STATUS: dict[str, Any] = {
    "in_force": "waiting for confirmation", "by": "", "since": 1_700_000_000.0, "until": 1_700_000_060.0,
    "persistence": "loaded at boot by livekit-firewall.service", "last": "open", "neighbours": {}, "owner": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("passed", "says"),
    [
        (18.4, "2023-11-14 22:14:20 UTC (in 42 s) for `livekit-firewall host confirm` in a new login"),
        (59.0, "2023-11-14 22:14:20 UTC (in 1 s) for `livekit-firewall host confirm` in a new login"),
        (60.0, "2023-11-14 22:14:20 UTC, which is past: what was in force before is being put back"),
        (99.0, "2023-11-14 22:14:20 UTC, which is past: what was in force before is being put back"),
    ],
)
def test_status_shows_the_time_left(clocks: Clocks, passed: float, says: str) -> None:
    clocks.pass_(passed)
    tell: Callable[[dict[str, Any]], str] = cli_host._text
    assert f"waits until: {says}" in tell(STATUS).splitlines()

"""The clock is set while a ruleset waits for its confirmation: nothing of the rollback changes.

The machine's own clock stays as it is: what its programs take for the time is shifted by the number in a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from livekit_firewall.model.rules import RuleSet
from livekit_firewall.platforms.nftables import render as nftables

from .host.lab import Lab

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns")

HOUR = 3600.0
SHIFTED = """\
import pathlib, time
real, shift = time.time, pathlib.Path({file!r})
time.time = lambda: real() + float(shift.read_text())
"""


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    made = Lab(tmp_path)
    try:
        (tmp_path / "python").mkdir()
        (tmp_path / "python" / "sitecustomize.py").write_text(SHIFTED.format(file=str(tmp_path / "shift")))
        set_clock(made, 0)
        made.environment["PYTHONPATH"] = f"{tmp_path / 'python'}:{made.environment['PYTHONPATH']}"
        yield made
    finally:
        made.close()


def set_clock(lab: Lab, seconds: float) -> None:
    new = lab.folder / "shift.new"
    new.write_text(str(seconds))
    new.replace(lab.folder / "shift")


def wanted(timeout: int) -> dict[str, object]:
    anywhere = [{"cidr": block, "first": 22, "last": 22} for block in ("0.0.0.0/0", "::/0")]
    return {"ruleset": nftables.render(RuleSet()), "ssh_admits": anywhere, "confirm": "manual", "timeout": timeout}


@pytest.mark.parametrize("step", [HOUR, -HOUR])
def test_it_is_confirmed_in_its_time_whatever_the_clock_says(lab: Lab, step: float) -> None:
    first = lab.login()
    first.send(*lab.command(wanted(60)))
    lab.until(lambda: lab.status()["in_force"] == "waiting for confirmation")
    before = lab.status()["until"]
    set_clock(lab, step)
    now = lab.status()
    assert (now["in_force"], now["last"]) == ("waiting for confirmation", "open")
    assert now["until"] - before == pytest.approx(step, abs=1)
    assert " s) for `livekit-firewall host confirm`" in lab.run(*lab.cli("host", "status"))
    assert lab.login().run(*lab.cli("host", "confirm")) == (0, "confirmed: the ruleset stays\n")
    assert first.ended()[0] == 0
    assert lab.status()["in_force"] == "as applied"


@pytest.mark.parametrize("step", [HOUR, -HOUR])
def test_nobody_confirms_and_it_is_put_back_in_its_time(lab: Lab, step: float) -> None:
    first = lab.login()
    first.send(*lab.command(wanted(4)))
    lab.until(lambda: lab.status()["in_force"] == "waiting for confirmation")
    set_clock(lab, step)
    code, told = first.ended()
    assert code == 1
    assert told.splitlines()[-1] == (
        "nobody confirmed the ruleset within 4 s; the ruleset was rolled back: what was in force before is in force "
        "again"
    )
    assert lab.table() == ""
    late = lab.ran(*lab.cli("host", "confirm"))
    assert late.stderr == "Error: no ruleset waits for confirmation; the last one was rolled back\n"

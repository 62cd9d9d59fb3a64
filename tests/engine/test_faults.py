"""The fault matrix (`fault_rows.py`): a fixed sample with every fault on every platform; `make soak` runs it whole."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sampling import is_soak

from .accounts import furnish
from .admitted import GOOGLE
from .conftest import copy_program
from .fakes.faults import Fault, Order
from .fault_rows import PLATFORMS, Matrix, Row
from .inline import Inline

pytestmark = pytest.mark.needs("pulumi", "moto")

IS_SOAK = is_soak()
Sample = tuple[tuple[str, Fault], ...]
FAULTS = [one for one in Fault if one is not Fault.READ_REFUSED]


@pytest.fixture
def start(tmp_path: Path, cli: Path, emulator: str, amazon: Any) -> Iterator[Callable[[str], Inline]]:
    """A project with a platform's example, and an account that holds what it names."""
    made = []

    def start(platform: str) -> Inline:
        copy_program(tmp_path)
        (tmp_path / ".venv").symlink_to(sys.prefix)
        project = Inline(tmp_path, PLATFORMS[platform].stack, cli, AWS_ENDPOINT_URL_EC2=emulator)
        project.stays = True
        made.append(project)
        furnish(project, amazon)
        return project

    yield start
    for project in made:
        project.stop()


@pytest.fixture
def matrix(platform: str, start: Callable[[str], Inline], amazon: Any) -> Matrix:
    matrix = Matrix(start(platform), PLATFORMS[platform], amazon)
    matrix.observe()
    return matrix


# Two rounds of create, update and destroy, and a create: each fault once.
KILLED: Sample = (
    ("create", Fault.CLI_KILLED_AFTER),
    ("update", Fault.PLUGIN_KILLED_BEFORE),
    ("destroy", Fault.PLUGIN_KILLED_AFTER),
)
UNANSWERED: Sample = (
    ("create", Fault.ANSWER_LOST),
    ("update", Fault.REFUSED),
    ("destroy", Fault.CLI_KILLED_BEFORE),
)
CUT_OFF: Sample = (("create", Fault.CHECKPOINT_CUT_OFF),)
# Where a platform does with a fault what another does, the other is run.
SAMPLES = {
    "aws": (*KILLED, ("create", Fault.ANSWER_LOST)),
    "gcp": (*UNANSWERED, *CUT_OFF),
    "digitalocean": (("create", Fault.ANSWER_LOST), *KILLED[1:], *CUT_OFF),
    "azure": UNANSWERED[:2],
    "hetzner": UNANSWERED,
}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_of_each_kind_of_row_one(matrix: Matrix, platform: str) -> None:
    rows = sample(matrix, SAMPLES[platform])
    assert matrix.run_all(rows) == len(rows)


def sample(matrix: Matrix, faults: Sample) -> list[Row]:
    """A call in the middle, behind a group and before other rules; of an update the one that changes something."""
    places = {phase: len(calls) // 2 for phase, calls in matrix.calls.items()}
    places["update"] = len(matrix.calls["update"]) - 1
    assert matrix.calls["update"][-1].method == "Update"
    return [Row(phase, places[phase], fault) for phase, fault in faults]


def test_every_fault_is_in_a_sample() -> None:
    assert {fault for faults in SAMPLES.values() for _, fault in faults} == {*FAULTS}


def test_what_google_has_and_no_state_knows_goes_on_admitting(start: Callable[[str], Inline]) -> None:
    """A create whose answer is lost has a sibling after the next `up`; a delete answered by 404 leaves its rule."""
    project = start("gcp")
    made = lambda: sorted(one["name"] for one in project.account("gcp").all(GOOGLE).values())  # noqa: E731
    up = ("up", "--stack", project.stack, "--yes", "--skip-preview", "--skip-plugin-pre-install")
    project.account("gcp").order(Order(GOOGLE, "public-ipv4", "Create", Fault.ANSWER_LOST))
    assert "Error 409" in project.run(*up, fails=True).output
    (orphan,) = (one for one in made() if "public-ipv4" in one)
    project.run(*up)
    assert len([one for one in made() if "public-ipv4" in one]) == 2

    project.configure({"operators": None})
    project.account("gcp").order_refusal(GOOGLE, "operators-ipv4", "Error 404: was not found, notFound", "Delete")
    project.run(*up)
    (left,) = (one for one in made() if "operators-ipv4" in one)
    assert "203.0.113.0/24" in str(project.account("gcp").all(GOOGLE))
    matrix = Matrix(project, PLATFORMS["gcp"])
    found = {one["name"]: one["verdict"] for one in matrix.recovery()["orphans"]}
    assert found == {orphan: "likely", left: "unknown"}
    project.run("destroy", "--stack", project.stack, "--yes", "--skip-preview")
    assert made() == sorted([orphan, left])


if IS_SOAK:

    @pytest.mark.parametrize("fault", FAULTS)
    @pytest.mark.parametrize("platform", PLATFORMS)
    def test_each_fault_on_each_call(
        matrix: Matrix, platform: str, fault: Fault, record_property: pytest.RecordProperty
    ) -> None:
        record_property("rows", matrix.run_all(matrix.whole(fault)))

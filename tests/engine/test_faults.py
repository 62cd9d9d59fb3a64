"""The fault matrix (`fault_rows.py`): a fixed sample with every fault on every platform; `make soak` runs it whole."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from .accounts import furnish
from .conftest import copy_program
from .fakes.faults import Fault
from .fault_rows import PLATFORMS, Matrix, Row
from .inline import Inline, served

pytestmark = pytest.mark.needs("pulumi", "moto")

IS_SOAK = hypothesis.settings.get_current_profile_name() == "soak"
FAULTS = [one for one in Fault if one is not Fault.READ_REFUSED]


@pytest.fixture(scope="module")
def program() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture
def matrix(
    request: pytest.FixtureRequest, program: str, tmp_path: Path, cli: Path, emulator: str, amazon: Any
) -> Matrix:
    platform = PLATFORMS[request.getfixturevalue("platform")]
    copy_program(tmp_path)
    (tmp_path / ".venv").symlink_to(sys.prefix)
    project = Inline(tmp_path, platform.stack, cli, AWS_ENDPOINT_URL_EC2=emulator)
    project.program = program
    furnish(project, amazon)
    return Matrix(project, platform, amazon)


SAMPLE = (
    ("create", Fault.ANSWER_LOST),
    ("update", Fault.REFUSED),
    ("destroy", Fault.CLI_KILLED_BEFORE),
    ("create", Fault.CLI_KILLED_AFTER),
    ("update", Fault.PLUGIN_KILLED_BEFORE),
    ("destroy", Fault.PLUGIN_KILLED_AFTER),
)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_each_fault_once(matrix: Matrix, platform: str) -> None:
    rows = [Row(phase, len(matrix.calls[phase]) // 2, fault) for phase, fault in SAMPLE]
    assert {row.fault for row in rows} == {*FAULTS}
    assert matrix.run_all(rows) == len(rows)


if IS_SOAK:

    @pytest.mark.parametrize("fault", FAULTS)
    @pytest.mark.parametrize("platform", PLATFORMS)
    def test_each_fault_on_each_call(
        matrix: Matrix, platform: str, fault: Fault, record_property: pytest.RecordProperty
    ) -> None:
        record_property("rows", matrix.run_all(matrix.whole(fault)))

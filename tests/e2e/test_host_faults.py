"""The host's part of the fault matrix (`tests/engine/fault_rows.py`): what fails is a call of the provider that runs on
the machine, or Pulumi there. The machine has its ruleset at every moment of an update.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.host.standalone import boot
from livekit_firewall.host.standalone.mark import bare, bare_table
from tests.sampling import is_soak

from ..engine.conftest import copy_program
from ..engine.fault_rows import Matrix, Platform
from ..engine.inline import Inline, served
from ..engine.project import FAKES
from ..engine.test_faults import FAULTS, KILLED, sample
from .host.lab import Lab

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns", "pulumi")

IS_SOAK = is_soak()
FILE = "host.nft"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    with closing(Lab(tmp_path / "lab")) as made:
        made.systemd()
        yield made


@pytest.fixture
def matrix(lab: Lab, tmp_path: Path, pulumi_root: Path) -> Iterator[Matrix]:
    folder = tmp_path / "project"
    folder.mkdir()
    copy_program(folder)
    (folder / ".venv").symlink_to(sys.prefix)
    project = Inline(folder, "local", pulumi_root)
    path = [str(FAKES.parent / "host"), f"{lab.folder}/bin", project.environment["PATH"], "/usr/sbin", "/sbin"]
    project.environment["PATH"] = os.pathsep.join(path)
    project.within = [*lab.server, "env", f"--chdir={folder}"]
    host = {"path": FILE, "apply": True, "confirm": "automatic"}

    def stands(project: Inline, _: Any) -> dict[str, Any]:
        """What is in force, what is loaded at the next boot, and the file, without their marks.

        A table with nothing in it is none: who was killed may still have nft check a ruleset, see `Machine.in_force`.
        """
        file, table = project.folder / FILE, lab.table()
        texts = {
            "table": table if "chain" in table else "",
            "boot": lab.read(boot.RULESET),
            "file": file.read_text(encoding="utf-8") if file.exists() else "",
        }
        return {key: {key: (bare_table if key == "table" else bare)(text)} for key, text in texts.items() if text}

    platform = Platform("local", "host", {"livekit_config": None, "host": host}, {"tcp_port": 7900}, stands)
    with served(lab.server) as project.program:
        matrix = Matrix(project, platform)
        matrix.observe()
        yield matrix


def test_of_each_kind_of_row_one(matrix: Matrix) -> None:
    rows = sample(matrix, KILLED)
    assert matrix.run_all(rows) == len(rows)


if IS_SOAK:

    @pytest.mark.parametrize("fault", FAULTS)
    def test_each_fault_on_each_call(matrix: Matrix, fault: str, record_property: pytest.RecordProperty) -> None:
        record_property("rows", matrix.run_all(matrix.whole(fault)))

"""The folder of somebody who reads the pages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ..git_repository import Repository
from .pages import ROOT
from .shell import MACHINE


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone with a branch, and beside its own files those of somebody who runs LiveKit."""
    made = tmp_path_factory.mktemp("reader") / "livekit-firewall"
    repository = Repository(made)
    shutil.copytree(ROOT / "examples", made / "examples")
    shutil.copytree(ROOT / "stacks", made / "stacks")
    shutil.copy(ROOT / "Pulumi.yaml", made)
    shutil.copytree(MACHINE / "files", made, dirs_exist_ok=True)
    shutil.copy(MACHINE / "listings" / "aws.json", made / "firewall.json")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "one")
    repository.git("checkout", "--quiet", "-b", "change")
    repository.git("repack", "-a", "-d", "--quiet")  # into one file, as it is copied for each test
    return made


@pytest.fixture
def home(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it for one test, which runs there."""
    copy = shutil.copytree(folder, tmp_path / "livekit-firewall")
    monkeypatch.chdir(copy)
    return copy

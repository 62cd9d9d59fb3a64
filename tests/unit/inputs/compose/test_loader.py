"""Docker Compose's own loader judges how compose files are read: of each project it makes what we make of it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ...strategies import few_examples
from .judge import FILES, Answer, is_same, ours, theirs, write_project
from .samples import SAMPLES
from .strategies import command_projects, projects

PROJECTS = sorted(Path(__file__).with_name("projects").iterdir())
"""Whole projects, each as one would find it on a machine."""

pytestmark = pytest.mark.needs("compose-loader")


@pytest.fixture(scope="module")
def judged(compose_loader: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[object, object]]:
    """By sample, what we and what the loader make of it, each loaded by one process."""
    base = tmp_path_factory.mktemp("samples")
    written = {name: write_project(base / name, texts) for name, texts in SAMPLES.items()}
    answers = theirs(compose_loader, [(base / name, files) for name, files in written.items()])
    return {
        name: (ours(base / name, files), answer) for (name, files), answer in zip(written.items(), answers, strict=True)
    }


@pytest.mark.parametrize("name", SAMPLES)
def test_a_project_is_what_compose_makes_of_it(name: str, judged: dict[str, tuple[object, object]]) -> None:
    one, other = judged[name]
    assert is_same(one, other), (one, other)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def judged_projects(compose_loader: Path) -> dict[str, Answer]:
    asked = [(folder, [name for name in FILES if (folder / name).is_file()]) for folder in PROJECTS]
    return dict(zip((folder.name for folder in PROJECTS), theirs(compose_loader, asked), strict=True))


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda folder: folder.name)
def test_a_project_on_a_machine_is_what_compose_makes_of_it(folder: Path, judged_projects: dict[str, Answer]) -> None:
    one, other = ours(folder, [name for name in FILES if (folder / name).is_file()]), judged_projects[folder.name]
    assert is_same(one, other), (one, other)


@few_examples
@given(st.one_of(projects(), command_projects))
def test_any_project_is_what_compose_makes_of_it(compose_loader: Path, texts: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = write_project(Path(folder), texts)
        one, [other] = ours(Path(folder), files), theirs(compose_loader, [(Path(folder), files)])
    assert is_same(one, other), (one, other)

"""Fixtures of the engine tier: the CLI, Amazon's emulator, projects."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .emulator import emulator as started_emulator
from .fakes import ec2
from .project import REGION, ROOT, Deploy, Project

pytest.register_assert_rewrite(f"{__package__}.fault_rows")

PROGRAMS = Path(__file__).with_name("programs")


@pytest.fixture(scope="session")
def cli(request: pytest.FixtureRequest) -> Path:
    """The folder of the CLI: LIVEKIT_FIREWALL_PULUMI_ROOT, otherwise the one that the set-up found."""
    named = os.environ.get("LIVEKIT_FIREWALL_PULUMI_ROOT")
    return Path(named) if named else Path(request.getfixturevalue("pulumi_root"))


@pytest.fixture(scope="session")
def emulator() -> Iterator[str]:
    """The address of an emulator of EC2 on this machine."""
    pytest.importorskip("moto.server", reason="moto plays EC2")
    with started_emulator() as address:
        yield address


@pytest.fixture(scope="session")
def amazon(emulator: str) -> Any:
    """A client of the emulator, in the region that the projects use."""
    return ec2.client(emulator, REGION)


MADE: list[Project] = []


@pytest.fixture(scope="module", autouse=True)
def stopped() -> Iterator[None]:
    """What stays from command to command ends with the tests of a file: a hundred projects take gigabytes together."""
    yield
    while MADE:
        MADE.pop().stop()


@pytest.fixture(scope="session")
def deploy(cli: Path, emulator: str, tmp_path_factory: pytest.TempPathFactory) -> Deploy:
    """`deploy("aws-example")`: a project with this repository's own program and that stack's own file.

    `deploy("dev", program="embedded")` has the program of that name in `programs/` instead. With `stays=False` the
    engine starts program and plugins anew for each command, as it does for a user.
    """

    def make(stack: str, program: str | None = None, *, stays: bool = True, **environment: str) -> Project:
        folder = tmp_path_factory.mktemp(stack)
        if program:
            shutil.copytree(PROGRAMS / program, folder, dirs_exist_ok=True)
            environment["PYTHONPATH"] = str(ROOT / "components")
        else:
            copy_program(folder)
        # The current language host takes the environment from Pulumi.yaml, older ones take it from PATH.
        (folder / ".venv").symlink_to(sys.prefix)
        project = Project(folder, stack, cli, AWS_ENDPOINT_URL_EC2=emulator, **environment)
        project.stays = stays
        MADE.append(project)
        return project

    return make


def copy_program(folder: Path) -> None:
    """What `pulumi up` needs of this repository; the package itself is only pointed to."""
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copy(ROOT / name, folder)
    for name in ("stacks", "examples"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "components").symlink_to(ROOT / "components")

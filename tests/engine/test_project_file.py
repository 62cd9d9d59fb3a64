"""Our reader of Pulumi.yaml against the CLI: the same stack's file, the same values, the same refusals."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from livekit_firewall.cli.input import document_of
from livekit_firewall.inputs.project import find_project, read_project
from livekit_firewall.model.errors import ConfigurationError
from tests.unit.project_files import FOLDERS, NAME, READ, REFUSED, VALUES, port_of, project_text

from .project import GOGC

Ask = Callable[[], "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("project")
    for name in FOLDERS:
        (made / name).mkdir(parents=True, exist_ok=True)
    (made / "link").symlink_to("deep/stacks")
    (made / "state").mkdir()
    return made


@pytest.fixture(scope="module")
def pulumi(folder: Path, cli: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    own = {
        "PATH": f"{cli}{os.pathsep}{os.environ['PATH']}",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_BACKEND_URL": (folder / "state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "GOGC": GOGC,
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = ["pulumi", *arguments, "--non-interactive", "--stack=dev"]
        return subprocess.run(
            command, cwd=folder, env={**os.environ, **own}, capture_output=True, text=True, timeout=60, check=False
        )

    (folder / "Pulumi.yaml").write_text(project_text(""))
    made = run("stack", "init")
    assert made.returncode == 0, made.stderr
    return run


@pytest.fixture
def ask(folder: Path, pulumi: Callable[..., subprocess.CompletedProcess[str]]) -> Ask:
    """What the CLI says of `livekit-firewall:port`."""
    for name in FOLDERS:
        if name != "empty":
            (folder / name / "Pulumi.dev.yaml").write_text(f"config:\n  {NAME}:port: {port_of(name)}\n")
    return lambda: pulumi("config", "get", f"{NAME}:port")


def ours(folder: Path) -> object:
    file = find_project(folder)
    assert file is not None
    project = read_project(file)
    return project.arguments(document_of(project.stack_file("dev")))["port"]


@pytest.mark.parametrize("title", sorted(READ))
def test_a_stacks_file_is_looked_for_where_the_cli_does(folder: Path, ask: Ask, title: str) -> None:
    more, expected = READ[title]
    (folder / "Pulumi.yaml").write_text(project_text(more))
    said = ask()
    assert said.returncode == 0, said.stderr
    assert int(said.stdout) == port_of(expected) == ours(folder)


@pytest.mark.parametrize("title", sorted(REFUSED))
def test_what_the_cli_refuses_is_refused(folder: Path, ask: Ask, title: str) -> None:
    (folder / "Pulumi.yaml").write_text(project_text(REFUSED[title]))
    assert ask().returncode != 0
    with pytest.raises(ConfigurationError):
        ours(folder)


@pytest.mark.parametrize("title", sorted(VALUES))
def test_a_value_is_the_one_that_a_program_gets(
    folder: Path, ask: Ask, pulumi: Callable[..., subprocess.CompletedProcess[str]], title: str
) -> None:
    more, stack, expected = VALUES[title]
    (folder / "Pulumi.yaml").write_text(project_text(more))
    (folder / "Pulumi.dev.yaml").write_text(stack)
    said = ask()
    assert said.returncode == 0, said.stderr
    assert int(said.stdout) == expected == ours(folder)


def test_the_first_of_three_names_is_the_project(folder: Path, ask: Ask) -> None:
    (folder / "Pulumi.yaml").unlink()
    for suffix, port in ((".yml", 7801), (".yaml", 7802), (".json", 7803)):
        (folder / f"Pulumi{suffix}").write_text(f'{{"name": "{NAME}", "runtime": "python"}}')
        (folder / f"Pulumi.dev{suffix}").write_text(f'{{"config": {{"{NAME}:port": "{port}"}}}}')
        said = ask()
        assert said.returncode == 0, said.stderr
        assert int(said.stdout) == port == ours(folder)
    for suffix in (".yml", ".json"):
        (folder / f"Pulumi{suffix}").unlink()
        (folder / f"Pulumi.dev{suffix}").unlink()

"""tools/stack.py, and so `make up` and `make preview`, on stacks whose files are committed or one's own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.unit.git_repository import Repository

from .project import ROOT, _environment
from .running import Running

pytestmark = pytest.mark.needs("pulumi")

PROGRAM = """\
import pulumi

pulumi.export("port", pulumi.Config("livekit-firewall").require("port"))
pulumi.export("key", pulumi.Output.secret("a-secret"))
"""
PROJECT = f"""\
name: committed
runtime: {{name: python, options: {{virtualenv: "{Path(sys.executable).parents[1]}"}}}}
stackConfigDir: stacks
"""
FILE = "config:\n  livekit-firewall:port: {port}\n"
SALT = "encryptionsalt: "


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "repository")
    stacks = {f"stacks/Pulumi.{name}.yaml": FILE.format(port=7000) for name in ("example", "local")}
    made.write({"Pulumi.yaml": PROJECT, "__main__.py": PROGRAM, ".gitignore": ".state/\n__pycache__/\n", **stacks})
    made.git("add", ".")
    made.git("commit", "--quiet", "--message=all")
    return made


@pytest.fixture
def stack(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module, for that repository."""
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    module = import_module("stack")
    monkeypatch.setattr(module, "ROOT", repository.path)
    monkeypatch.setattr(module, "PROJECT", repository.path / ".state" / "project")
    return module


@pytest.fixture
def program(cli: Path, tmp_path: Path) -> Iterator[str]:
    """The option by which an engine finds the program in a process that stays."""
    folder = tmp_path / "program"
    folder.mkdir()
    (folder / "__main__.py").write_text(PROGRAM, encoding="utf-8")
    running = Running.start(folder, _environment(folder, cli))
    yield f"--client={running.program}"
    running.stop()


def updated(stack: Any, name: str, folder: Path, cli: Path, *program: str) -> tuple[list[str], Any]:
    """The options of a preview and an update, and the outputs."""
    pulumi = object.__new__(stack.Pulumi)
    environment = {**_environment(folder, cli), "PULUMI_CONFIG_PASSPHRASE": "a"}
    (folder / ".state").mkdir(exist_ok=True)
    pulumi.stack, pulumi._variables = name, environment
    options: list[str] = stack.prepare(pulumi)
    pulumi.told("stack", "history", "--json", "--page-size", "1")
    pulumi.run("preview", *options, *program, "--non-interactive")
    pulumi.run("up", "--yes", "--skip-preview", *options, *program, "--non-interactive")
    pulumi.told("stack", "export")
    return options, pulumi.told("stack", "output", "--json", "--show-secrets")


@pytest.mark.parametrize("name", ["example", "local"])
def test_a_committed_file_stays_as_it_is(
    stack: Any, repository: Repository, name: str, cli: Path, tmp_path: Path, program: str
) -> None:
    options, outputs = updated(stack, name, tmp_path, cli, program)
    copy = Path(options[1])
    salt = copy.read_text(encoding="utf-8").partition(SALT)[2]
    assert salt.startswith("v1:")
    assert outputs == {"port": "7000", "key": "a-secret"}
    assert repository.git("status", "--porcelain") == ""
    # what is written into it later goes for the next run, with the salt from before
    repository.write({f"stacks/Pulumi.{name}.yaml": FILE.format(port=7001)})
    assert updated(stack, name, tmp_path, cli, program) == (options, {"port": "7001", "key": "a-secret"})
    assert copy.read_text(encoding="utf-8").partition(SALT)[2] == salt
    assert repository.git("status", "--porcelain") == f"M stacks/Pulumi.{name}.yaml"
    copy.unlink()
    assert updated(stack, name, tmp_path, cli, program)[1]["key"] == "a-secret", "the state has the salt as well"


def test_a_file_of_ones_own_keeps_its_salt_itself(
    stack: Any, repository: Repository, cli: Path, tmp_path: Path
) -> None:
    repository.write({"stacks/Pulumi.mine.yaml": FILE.format(port=7002)})
    file = repository.path / "stacks" / "Pulumi.mine.yaml"
    options, outputs = updated(stack, "mine", tmp_path, cli)
    assert (options, outputs["port"]) == ([], "7002")
    salted = file.read_text(encoding="utf-8")
    assert SALT in salted
    repository.git("add", ".")
    repository.git("commit", "--quiet", "--message=mine")
    assert updated(stack, "mine", tmp_path, cli)[0] == []
    assert repository.git("status", "--porcelain") == ""

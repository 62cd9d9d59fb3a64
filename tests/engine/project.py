"""A Pulumi project of one's own: a copy of this repository's program, or a program of the tests.

    project.configure({"port_range_end": 59000})
    project.up()
    project.calls("Create")

Nothing leaves the folder: state in a file backend, plugins from PATH only, no look for updates.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import yaml

from . import vault
from .fakes.store import FOLDER, Store
from .running import PRINTED, Running

ROOT = Path(__file__).resolve().parents[2]
FAKES = Path(__file__).with_name("fakes") / "bin"
NAMESPACE = "livekit-firewall:"
REGION = "eu-central-1"

GOGC = "400"
"""For the CLI: at Go's own 100, to collect garbage takes a fifth of what a short command costs."""

# What a developer's shell may hold and an engine must not see.
FOREIGN = (
    "PULUMI_",
    "VAULT_",
    "AWS_",
    "GOOGLE_",
    "DIGITALOCEAN_",
    "HCLOUD_",
    "ARM_",
    "AZURE_",
    "PYTHONPATH",
    "PYTHONHOME",
    "LIVEKIT_",
)


@dataclass(frozen=True)
class Call:
    """One call that a fake answered, from its log.

    Attributes:
        method: `Check`, `Create`, `Update`, `Delete` or `Read`.
        type, name: the resource's type token and logical name.
        refused: why it was refused; "" if it was carried out.
        state: what is there after a create or an update that was carried out, as the cloud says it when it is asked.
    """

    cloud: str
    method: str
    type: str
    name: str
    urn: str
    inputs: dict[str, Any]
    preview: bool
    id: str
    refused: str
    state: dict[str, Any]

    @property
    def kind(self) -> str:
        """The last word of the type token: `Firewall`, `SecurityGroup`, ..."""
        return self.type.rpartition(":")[2]


@dataclass(frozen=True)
class Run:
    """How a command of the CLI ended, and what it printed on stdout and stderr together."""

    code: int
    output: str


PIP = ("list", "-v", "--format", "json")
"""What the language host asks pip for at every command, to find the plugins that a program needs."""

PIP_ONCE = '''\
"""pip, with its list at hand: it takes half a second to make, and the environment stays as it is."""

import runpy
import sys
from pathlib import Path

here = Path(__file__).parent
if tuple(sys.argv[1:]) == {asked!r}:
    sys.stdout.write((here / "listed.json").read_text(encoding="utf-8"))
else:
    sys.path[:] = [folder for folder in sys.path if Path(folder or ".").resolve() != here.resolve()]
    runpy.run_module("pip", run_name="__main__", alter_sys=True)
'''


@cache
def _listed() -> str:
    # without the folders that PYTHONPATH adds: no program's has packages
    asked = [sys.executable, "-I", "-m", "pip", *PIP]
    return subprocess.run(asked, check=True, text=True, capture_output=True, timeout=120).stdout


@dataclass(frozen=True)
class Stack:
    """What `pulumi stack init` makes.

    Attributes:
        state: the files of the backend's folder, by name.
        key: the lines of the stack's file that say what its secrets are sealed with.
    """

    state: dict[str, bytes]
    key: str


@cache
def _new_stack(cli: Path, project: str, name: str) -> Stack:
    """Made once for all projects of a name: it takes as long as a third of an update, and holds no path."""
    with TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "Pulumi.yaml").write_text(yaml.safe_dump({"name": project, "runtime": "python"}), encoding="utf-8")
        state = folder / ".state"
        state.mkdir()
        subprocess.run(
            [cli / "pulumi", "stack", "init", name, "--non-interactive", f"--secrets-provider={vault.PROVIDER}"],
            cwd=folder, env=_environment(folder, cli), check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        files = {str(file.relative_to(state)): file.read_bytes() for file in state.rglob("*") if file.is_file()}
        return Stack(files, (folder / f"Pulumi.{name}.yaml").read_text(encoding="utf-8"))


def _environment(folder: Path, cli: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)}
    path = [str(Path(sys.executable).parent), str(FAKES), str(cli), os.environ.get("PATH", os.defpath)]
    return {
        **kept,
        "PATH": os.pathsep.join(path),
        "PULUMI_HOME": str(folder / ".plugins"),
        "PULUMI_BACKEND_URL": f"file://{folder}/.state",
        "PULUMI_CONFIG_PASSPHRASE": "test",  # of states that are imported
        **vault.environment(),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "GOGC": GOGC,
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
    }


class Project:
    """A folder with a Pulumi program and one stack, and the clouds that its plugins play.

    Attributes:
        stays: whether program and plugins are one process for all commands (`running.py`), until `stop`. Otherwise the
            engine starts them for each command, the program by its language host.
        machine: a process of the machine on which the CLI runs, where that is not this one.
    """

    stays = False
    machine = 0
    _running: Running | None = None
    _heard = 0

    def __init__(self, folder: Path, stack: str, cli: Path, **environment: str) -> None:
        self.folder = folder
        self.stack = stack
        self.clouds = folder / ".clouds"
        pip = folder / ".pip"
        for made in (self.clouds, pip):
            made.mkdir(parents=True)
        (pip / "pip.py").write_text(PIP_ONCE.format(asked=PIP), encoding="utf-8")
        (pip / "listed.json").write_text(_listed(), encoding="utf-8")
        self.environment = {
            **_environment(folder, cli),
            FOLDER: str(self.clouds),
            **environment,
            "PYTHONPATH": os.pathsep.join([str(pip), *filter(None, [environment.get("PYTHONPATH")])]),
        }
        self._init(cli)

    def _init(self, cli: Path) -> None:
        """What `pulumi stack init` does, which selects the stack too."""
        program = self.folder / "Pulumi.yaml"
        name = yaml.safe_load(program.read_text(encoding="utf-8"))["name"]
        made = _new_stack(cli, name, self.stack)
        for file, content in made.state.items():
            path = self.folder / ".state" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        config = self.stack_file
        config.write_text(made.key + (config.read_text(encoding="utf-8") if config.exists() else ""), encoding="utf-8")
        workspaces = self.folder / ".plugins" / "workspaces"
        workspaces.mkdir(parents=True)
        selected = {"stacks": {self.environment["PULUMI_BACKEND_URL"]: f"organization/{name}/{self.stack}"}}
        of_this = hashlib.sha1(str(program.resolve()).encode(), usedforsecurity=False).hexdigest()
        (workspaces / f"{name}-{of_this}-workspace.json").write_text(json.dumps(selected), encoding="utf-8")

    # --- commands

    def run(self, *arguments: str, fails: bool = False) -> Run:
        """Run the CLI. Any other exit code than 0 is an error, and with `fails`, 0 is."""
        options, environment = self.beside(arguments[0])
        command = ["pulumi", *arguments, *options, "--non-interactive", "--color", "never"]
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            check=False,
            text=True,
            timeout=120,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        output = done.stdout + self.printed()
        assert (done.returncode != 0) == fails, f"{' '.join(command)}: exit {done.returncode}\n{output}"
        return Run(done.returncode, output)

    def printed(self) -> str:
        """What the process beside it has printed since this was asked last."""
        file = self.folder / PRINTED
        if not file.exists():
            return ""
        with file.open(encoding="utf-8") as lines:
            lines.seek(self._heard)
            said = lines.read()
            self._heard = lines.tell()
        return said

    def up(self, *more: str, fails: bool = False) -> Run:
        """`pulumi up`, without the preview before it: `preview` has its own tests."""
        return self._change("up", "--skip-plugin-pre-install", *more, fails=fails)

    def refresh(self, *more: str) -> Run:
        return self._change("refresh", *more)

    def destroy(self, *more: str, fails: bool = False) -> Run:
        return self._change("destroy", *more, fails=fails)

    def _change(self, command: str, *more: str, fails: bool = False) -> Run:
        return self.run(
            command, "--stack", self.stack, "--yes", "--skip-preview", "--suppress-outputs", *more, fails=fails
        )

    def preview(self, *more: str, fails: bool = False) -> Run:
        return self.run("preview", "--stack", self.stack, "--skip-plugin-pre-install", *more, fails=fails)

    def preview_json(self, *more: str) -> dict[str, Any]:
        """What `pulumi preview --json` prints, which must be JSON and nothing else."""
        options, environment = self.beside("preview")
        command = ["pulumi", "preview", "--json", "--stack", self.stack, "--skip-plugin-pre-install"]
        done = subprocess.run(
            [*command, *options, "--non-interactive", *more],
            cwd=self.folder,
            env=environment,
            check=False,
            text=True,
            timeout=120,
            capture_output=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        digest: dict[str, Any] = json.loads(done.stdout)
        return digest

    def beside(self, command: str) -> tuple[list[str], dict[str, str]]:
        """Options and environment of a command that finds program and plugins in a process that runs already."""
        if not self.stays or command not in ("up", "preview", "refresh", "destroy", "import"):
            return [], self.environment
        if self._running is None or self._running.environment != self.environment:
            self.stop()
            self._running = Running.start(self.folder, self.environment, self.machine)
        is_python = (self.folder / "__main__.py").exists()
        options = [f"--client={self._running.program}"] if is_python and command in ("up", "preview") else []
        if self.account("any").is_to_kill():  # a plugin of the engine's own
            return options, self.environment
        return options, {**self.environment, "PULUMI_DEBUG_PROVIDERS": self._running.plugins}

    def stop(self) -> None:
        """End the process beside it; the next command starts another."""
        if self._running is not None:
            self._running.stop()
        self._running = None

    # --- what came of it

    def outputs(self) -> dict[str, Any]:
        values: dict[str, Any] = self.resources()["pulumi:pulumi:Stack"][0].get("outputs", {})
        return values

    def resources(self) -> dict[str, list[dict[str, Any]]]:
        """The resources in the stack's state, by type token, providers left out."""
        found: dict[str, list[dict[str, Any]]] = {}
        for resource in self._state().get("resources", []):
            if not resource["type"].startswith("pulumi:providers:"):
                found.setdefault(resource["type"], []).append(resource)
        return found

    @property
    def is_locked(self) -> bool:
        return any((self.folder / ".state" / ".pulumi" / "locks").rglob("*.json"))

    @property
    def is_readable(self) -> bool:
        """Whether the state's file is whole, and that of its attributes."""
        attributes = self.checkpoint.with_name(f"{self.checkpoint.name}.attrs")
        try:
            for file in (self.checkpoint, *([attributes] if attributes.exists() else [])):
                json.loads(file.read_text(encoding="utf-8"))
        except ValueError:
            return False
        return True

    def pending(self) -> list[dict[str, Any]]:
        """The operations that were under way when the CLI was killed."""
        found: list[dict[str, Any]] = self._state().get("pending_operations") or []
        return found

    def exported(self) -> str:
        """What `pulumi stack export` prints: the resources of the checkpoint, in other words around them."""
        checkpoint = json.loads(self.checkpoint.read_text(encoding="utf-8"))
        return json.dumps({"version": checkpoint["version"], "deployment": self._state()})

    @property
    def checkpoint(self) -> Path:
        """The file of the backend that holds the stack's state."""
        return next((self.folder / ".state" / ".pulumi" / "stacks").rglob(f"{self.stack}.json"))

    def _state(self) -> dict[str, Any]:
        """Read from the backend's file, which spares a run of the CLI."""
        checkpoint: dict[str, Any] = json.loads(self.checkpoint.read_text(encoding="utf-8"))
        return checkpoint["checkpoint"].get("latest") or {}

    def calls(self, *methods: str) -> list[Call]:
        """The calls that the fakes answered, in order; Checks and previews only if asked for by name."""
        log = self.clouds / "calls.jsonl"
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        calls = [Call(**json.loads(line)) for line in lines]
        if methods:
            return [call for call in calls if call.method in methods]
        return [call for call in calls if call.method in ("Create", "Update", "Delete") and not call.preview]

    def forget_calls(self) -> None:
        (self.clouds / "calls.jsonl").unlink(missing_ok=True)

    def account(self, cloud: str) -> Store:
        """What a fake cloud remembers."""
        return Store(self.clouds, cloud)

    # --- its stack's configuration

    @property
    def stack_file(self) -> Path:
        """Pulumi.<stack>.yaml."""
        folder = self.folder / "stacks"
        return (folder if folder.is_dir() else self.folder) / f"Pulumi.{self.stack}.yaml"

    def config(self) -> dict[str, Any]:
        """The arguments of the stack, without their namespace."""
        document = yaml.safe_load(self.stack_file.read_text(encoding="utf-8"))
        return {key.removeprefix(NAMESPACE): value for key, value in document["config"].items()}

    def configure(self, changes: dict[str, Any]) -> None:
        """Set arguments in the stack's file; a dotted name reaches into one, None takes it away."""
        document = yaml.safe_load(self.stack_file.read_text(encoding="utf-8"))
        for path, value in changes.items():
            *outer, last = path.split(".")
            inside = document.setdefault("config", {})
            for key in [NAMESPACE + outer[0], *outer[1:]] if outer else []:
                inside = inside.setdefault(key, {})
            last = last if outer else NAMESPACE + last
            if value is None:
                inside.pop(last, None)
            else:
                inside[last] = value
        self.stack_file.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")


class Deploy(Protocol):
    """The fixture `deploy`, see conftest.py."""

    def __call__(
        self, stack: str, program: str | None = None, *, stays: bool = True, **environment: str
    ) -> Project: ...

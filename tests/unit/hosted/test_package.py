"""The folder of the package: which Python its executable takes, what it says where none will do, what it names."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from livekit_firewall.platforms.registry import PLATFORMS
from livekit_firewall.platforms.running import TESTED_PLUGINS

from .plugin import ROOT, package

COMPONENTS = ROOT / "components"
USABLE = '#!/bin/sh\n[ "$1" = -c ] && exit 0\necho "{name} $*"\n'
WITHOUT_PULUMI = "#!/bin/sh\nexit 1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With a space in its name, as a user's home may have."""
    made = tmp_path / "the clone" / "components"
    made.mkdir(parents=True)
    return package(made)


def python(environment: Path, text: str, name: str = "python") -> None:
    (environment / "bin").mkdir(parents=True, exist_ok=True)
    file = environment / "bin" / name
    below = environment.parts.index("the clone") + 1 if "the clone" in environment.parts else -1
    file.write_text(text.format(name="/".join(environment.parts[below:])), encoding="utf-8")
    file.chmod(0o755)


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    path = environment.pop("PATH", "")
    return subprocess.run(
        [folder / "pulumi-resource-livekit", *arguments], cwd=folder.parents[1], capture_output=True, text=True,
        check=False, timeout=60, env={"PATH": os.pathsep.join(filter(None, [path, "/usr/bin", "/bin"])), **environment},
    )  # fmt: skip


def test_the_executable_takes_the_nearest_environment_that_has_pulumi(folder: Path, tmp_path: Path) -> None:
    python(tmp_path / "of-the-path", USABLE, "python3")
    python(tmp_path / "active", USABLE)
    path, active = str(tmp_path / "of-the-path" / "bin"), str(tmp_path / "active")
    expected = f"-u {folder} --logtostderr 127.0.0.1:1\n"

    def taken(**environment: str) -> str:
        done = run(folder, "--logtostderr", "127.0.0.1:1", PATH=path, **environment)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.endswith(expected)
        return done.stdout.removesuffix(expected).strip()

    assert taken() == "of-the-path"
    assert taken(VIRTUAL_ENV=active) == "active"
    for environment in (folder.parent / ".venv", folder, folder / ".venv", folder / "venv"):
        before = taken(VIRTUAL_ENV=active)
        python(environment, WITHOUT_PULUMI)
        assert taken(VIRTUAL_ENV=active) == before
        python(environment, USABLE)
        assert taken(VIRTUAL_ENV=active) == environment.relative_to(folder.parent).as_posix()


def test_the_executable_says_what_to_run_where_there_is_none(folder: Path, tmp_path: Path) -> None:
    python(tmp_path / "bare", WITHOUT_PULUMI, "python3")
    python(folder / "venv", WITHOUT_PULUMI)
    done = run(folder, "127.0.0.1:1", PATH=str(tmp_path / "bare" / "bin"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "pulumi-resource-livekit: no Python environment here has Pulumi; run: "
        f"python3 -m venv '{folder}/venv' && '{folder}/venv/bin/pip' install -r '{folder}/requirements.txt'\n"
    )


def test_the_folder_serves_as_pulumis_language_host_starts_it(folder: Path) -> None:
    command = [sys.executable, "-u", folder, "--tracing", "file:./trace", "127.0.0.1:1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            assert process.stdout.readline().strip().isdigit()
        finally:
            process.terminate()


def test_the_folder_says_what_an_environment_lacks(folder: Path) -> None:
    python3 = Path(sys.executable).resolve()  # not of the tests' environment
    done = subprocess.run(
        [python3, "-I", "-S", folder, "127.0.0.1:1"], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1
    lacking = f"pulumi-resource-livekit: {python3} has no [a-z.]+"
    expected = f"{lacking}; run: {python3} -m pip install -r .*/requirements.txt"
    assert re.fullmatch(expected, done.stderr.strip()), done.stderr


def test_the_folder_tells_people_that_it_is_started_by_pulumi(folder: Path) -> None:
    done = subprocess.run([sys.executable, folder], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "This is a plugin, which Pulumi starts by itself: see docs/languages.md\n"


def pinned(folder: Path) -> dict[str, str]:
    """The versions in the folder's requirements.txt, which are not those of the environment where ranges are tested."""
    text = (folder / "requirements.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))


def test_its_environment_is_to_hold_pulumi_and_what_is_imported_alone() -> None:
    named, tested = pinned(COMPONENTS), pinned(ROOT)
    assert {name for name in named if name.startswith("pulumi")} == {"pulumi"}
    assert {"msgspec", "pyyaml", "grpcio", "protobuf"} < set(named)
    assert not {"click", "rich", "jinja2"} & set(named)
    assert {name: tested[name] for name in named} == named


def test_the_plugins_asked_for_are_those_of_the_sdks_that_are_tested() -> None:
    recorded = json.loads(TESTED_PLUGINS.read_text(encoding="utf-8"))
    assert set(recorded) == {platform.sdk for platform in PLATFORMS if platform.sdk}
    tested = pinned(ROOT)  # an SDK has the version of its plugin
    assert {sdk: plugin["version"] for sdk, plugin in recorded.items()} == {
        sdk: tested[sdk.replace("_", "-")] for sdk in recorded
    }


def test_what_make_docs_writes_is_up_to_date() -> None:
    """The schema among it: types of the arguments, or a version, have changed since. `make docs` writes it."""
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "plugin.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_pulumi_finds_the_package_and_no_project_in_its_folder() -> None:
    told = yaml.safe_load((COMPONENTS / "PulumiPlugin.yaml").read_text(encoding="utf-8"))
    assert told == {"runtime": {"name": "python", "options": {"toolchain": "pip", "virtualenv": "venv"}}}
    assert not (COMPONENTS / "Pulumi.yaml").exists()
    assert os.access(COMPONENTS / "pulumi-resource-livekit", os.X_OK)
    assert shutil.which("sh")

"""The wheel: what is in it, that the same tree gives the same bytes, and that it works where nothing of this tree is
read: an environment of its own, in which opening a file of `components/` is an error.
"""

from __future__ import annotations

import email
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

import dist
import livekit_firewall
from tests.unit.test_extras import PROJECT, ROOT

COMPONENTS = ROOT / "components"

GUARD = f"""
import sys

def refuse(event, arguments):
    if event in ("open", "os.listdir", "os.scandir") and str(arguments[0]).startswith({str(COMPONENTS)!r}):
        raise RuntimeError(f"the checkout is read: {{arguments[0]}}")

sys.addaudithook(refuse)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sdist and the wheel."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1767225600")
        sdist, wheel = dist.build(ROOT, tmp_path_factory.mktemp("dist"))
    return sdist, wheel


@pytest.fixture(scope="module")
def python(built: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with the wheel, and with the dependencies that this one has."""
    folder = tmp_path_factory.mktemp("installed") / "environment"
    venv.create(folder, symlinks=True)
    found = folder / "bin" / "python"
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        found,
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        built[1],
    ]
    subprocess.run(install, check=True, timeout=60)
    (site,) = folder.glob("lib/python*/site-packages")
    # no file .pth is read in a folder that one names: what leads to the checkout, if it is installed, stays behind
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (site / "sitecustomize.py").write_text(GUARD)
    return found


def run(python: Path, folder: Path, *words: str | Path) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [python.parent / words[0], *words[1:]], cwd=folder, env=clean,
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_every_file_of_the_package_and_no_other(built: tuple[Path, Path]) -> None:
    tracked = dist.git(COMPONENTS, "ls-files", "livekit_firewall").split()
    with zipfile.ZipFile(built[1]) as wheel:
        held = [name for name in wheel.namelist() if ".dist-info/" not in name]
        assert sorted(held) == sorted(tracked)
        assert "livekit_firewall/py.typed" in held
        (name,) = (name for name in wheel.namelist() if name.endswith("METADATA"))
        told = email.message_from_bytes(wheel.read(name))
    optional = PROJECT["optional-dependencies"]
    assert sorted(told.get_all("Provides-Extra")) == sorted(optional)
    assert len(told.get_all("Requires-Dist")) == len(PROJECT["dependencies"]) + sum(map(len, optional.values()))


def test_another_folder_with_other_times_and_modes_gives_the_same_bytes(
    built: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    elsewhere = tmp_path / "elsewhere" / "clone"
    for name in dist.git(ROOT, "ls-files", "-z", *dist.PARTS).split("\0")[:-1]:
        (elsewhere / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, elsewhere / name)
        (elsewhere / name).chmod(0o600)
    dist.git(tmp_path, "init", "--quiet", str(elsewhere))
    dist.git(elsewhere, "add", "--all")
    (elsewhere / "components" / "livekit_firewall" / "left_lying.py").write_text("")
    again = dist.build(elsewhere, tmp_path / "dist")
    assert [path.name for path in again] == [path.name for path in built]
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in built]


def test_everything_public_is_there_when_it_is_installed(python: Path, tmp_path: Path) -> None:
    program = (
        f"from livekit_firewall import {', '.join(livekit_firewall.__all__)}\n"
        "import livekit_firewall\n"
        "from livekit_firewall.inputs.extras import install_line\n"
        "print(livekit_firewall.__file__)\n"
        "print(install_line('aws'))\n"
    )
    place, line = run(python, tmp_path, "python", "-c", program).splitlines()
    assert Path(place).is_relative_to(python.parents[1])
    assert line.startswith("pip install 'livekit-firewall[aws] @ file:///")


def test_the_guard_refuses_what_is_in_the_checkout(python: Path, tmp_path: Path) -> None:
    place = COMPONENTS / "livekit_firewall" / "py.typed"
    program = f"try: open({str(place)!r})\nexcept RuntimeError as error: print(error)"
    assert run(python, tmp_path, "python", "-c", program) == f"the checkout is read: {place}\n"


def test_the_command_works_when_it_is_installed(python: Path, tmp_path: Path) -> None:
    (tmp_path / "livekit.yaml").write_text("port: 7880\nrtc: {tcp_port: 7881}\nkeys: {a: b}\n")
    given = ["--livekit", "livekit.yaml", "--https"]
    assert "udp/50000-60000" in run(python, tmp_path, "livekit-firewall", "rules", *given)
    assert run(python, tmp_path, "livekit-firewall", "lint", *given).startswith("0 errors, 0 warnings")
    assert "<style" in run(python, tmp_path, "livekit-firewall", "exposure", *given, "--html")
    for cloud in ("aws", "nftables"):
        assert "50000" in run(python, tmp_path, "livekit-firewall", "render", "--to", cloud, *given)


def test_tests_pass_with_what_is_installed(python: Path) -> None:
    """Some that need little time; `.ci/ranges` runs all of this tier so."""
    tests = ["tests/unit/deployment/test_derive.py", "tests/unit/test_firewall.py::TestWhatIsMade"]
    without = ["-p", "no:cacheprovider", "-o", "pythonpath=policy tools ."]
    assert " passed" in run(python, ROOT, "python", "-m", "pytest", "--quiet", *without, *tests)

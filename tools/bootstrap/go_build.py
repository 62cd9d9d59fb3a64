"""Builds the Pulumi CLI and its Python language host from Go modules: all that it needs is a module proxy.

The newest language host cannot be had as a module; tools/pulumi/host pins the last release that can. It is not
told which environment the program runs in, so that `.venv/bin` has to be first on PATH.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from bootstrap import versions
from bootstrap.go_program import BUILD, GO_ENV
from bootstrap.progress import Progress, SetupError, StepError, counted
from bootstrap.versions import MODULES, show

TIME_LIMIT = 1800.0

_SDK = "github.com/pulumi/pulumi/sdk/v3"
_CLI = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
_HOST = f"{_SDK}/python/cmd/pulumi-language-python"

TAGS = ("-tags", "osusergo,grpcnotrace")

# What the host starts beside itself: the executor of programs, and the shim of dynamic providers.
_SHIMS = ("cmd/pulumi-language-python-exec", "dist/pulumi-resource-pulumi-python")


def build(progress: Progress, go: str, binaries: Path) -> float:
    """Puts `pulumi` and what it needs for Python programs into the folder; returns the seconds it took."""
    _check_go(progress, go)
    cli, host = versions.cli_version(), versions.host_version()
    title = "building the Pulumi CLI from source"
    seconds = _compile(progress, title, go, "cli", _CLI, binaries / "pulumi", cli, *TAGS)
    title = "building the Python language host"
    seconds += _compile(progress, title, go, "host", _HOST, binaries / "pulumi-language-python", host)
    sdk = _folder_of(go, _SDK)
    for shim in _SHIMS:
        copy = Path(shutil.copyfile(sdk / "python" / shim, binaries / Path(shim).name))
        copy.chmod(0o755)
    return seconds


def _compile(
    progress: Progress,
    title: str,
    go: str,
    module: str,
    package: str,
    output: Path,
    version: str,
    *options: str,
) -> float:
    # Without the stamp the CLI calls itself a development build, which the Automation API refuses.
    stamp = f"-w -s -X {_SDK}/go/common/version.Version={version}"
    command = [go, *BUILD, "-v", *options, "-ldflags", stamp]
    command += ["-o", str(output), package]
    folder = MODULES / module
    how_far = counted("^(?!go: ).", "packages", _packages(progress, title, go, folder, package, *options))
    return progress.run(title, command, cwd=folder, env=GO_ENV, timeout=TIME_LIMIT, how_far=how_far)


def _packages(progress: Progress, title: str, go: str, folder: Path, package: str, *options: str) -> int:
    """How many packages are compiled at most. This is also what fetches them."""
    fetching = f"{title}: its modules"
    fetched = counted("^go: downloading ", "modules", len(_sums(folder)))
    command = [go, "list", "-deps", *options, package]
    progress.run(fetching, command, cwd=folder, env=GO_ENV, timeout=TIME_LIMIT, how_far=fetched)
    return len(re.findall("^(?!go: ).", progress.log_of(fetching).read_text(encoding="utf-8"), re.MULTILINE))


def _sums(folder: Path) -> list[str]:
    """The modules whose content go.sum pins, the part of them that is more than a go.mod."""
    return re.findall(r"^\S+ \S+(?<!/go\.mod) h1:", (folder / "go.sum").read_text(encoding="utf-8"), re.MULTILINE)


def _check_go(progress: Progress, go: str) -> None:
    """Fails with a sentence where Go is too old and cannot fetch the toolchain that go.mod asks for."""
    # Asked in the folder of the modules, an old Go would already switch to another toolchain, or refuse.
    asked = subprocess.run(
        [go, "env", "GOVERSION"], cwd=tempfile.gettempdir(), capture_output=True, text=True, check=False
    )
    have, need = versions.parse(asked.stdout), versions.go_needed()
    if have is None:
        raise SetupError(f"`{go} env GOVERSION` prints no version: {(asked.stdout + asked.stderr).strip()}")
    if have >= need:
        return
    progress.say(f"Go {show(have)} is older than {show(need)}, which the Pulumi CLI needs: it is asked to fetch that")
    try:
        progress.run("fetching a newer Go", [go, "version"], cwd=MODULES / "cli", env=GO_ENV, timeout=TIME_LIMIT)
    except StepError as error:
        raise SetupError(
            f"{error}\n\nInstall Go {show(need)} or newer, or the Pulumi CLI itself, and run this again."
        ) from error


def _folder_of(go: str, module: str) -> Path:
    command = [go, "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", module]
    asked = subprocess.run(
        command,
        cwd=MODULES / "cli",
        env={**os.environ, **GO_ENV},
        capture_output=True,
        text=True,
        check=False,
    )
    if asked.returncode != 0:
        raise SetupError(f"go does not say where {module} lies: {asked.stderr.strip()}")
    return Path(asked.stdout.strip())

"""Where the Pulumi CLI comes from: PATH, else its official installer, else a build from its Go modules.

What was fetched or built once lies in the user's cache, for every checkout.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bootstrap import go_build, versions
from bootstrap.environment import Environment
from bootstrap.progress import Progress, SetupError, StepError
from bootstrap.versions import OLDEST_CLI, Version, show

INSTALLER_SECONDS = 240.0

# The library's own installer. The socket's time-out lets an unreachable site fail soon, the time limit above
# a download that never ends. What the installer printed is inside the exception.
_INSTALL = """
import socket, subprocess, sys
from pulumi.automation import PulumiCommand
from semver import VersionInfo
socket.setdefaulttimeout(10)
try:
    PulumiCommand.install(root=sys.argv[1], version=VersionInfo.parse(sys.argv[2]))
except subprocess.CalledProcessError as error:
    sys.exit((error.output or b"").decode(errors="replace") + str(error))
except Exception as error:
    sys.exit(str(error))
"""


def cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "livekit-firewall")


def fetched_folder() -> Path:
    return cache_folder() / f"pulumi-{versions.cli_version()}-official-{_platform()}"


def built_folder() -> Path:
    """The host's version belongs to the name: another host is another tool, whatever `pulumi version` is."""
    return cache_folder() / f"pulumi-{versions.cli_version()}-host-{versions.host_version()}-{_platform()}"


def find() -> tuple[Path | None, str]:
    """The folder of a usable CLI, None if there is none; and a line for the user about what was found."""
    on_path = shutil.which("pulumi")
    remark = "there is no Pulumi CLI on PATH"
    if on_path is not None:
        version = version_of(Path(on_path))
        complaint = unusable(version, has_host=_has_host(Path(on_path)))
        if complaint is None and version is not None:
            return Path(on_path).parent, f"using the Pulumi CLI {show(version)} on PATH"
        remark = f"the Pulumi CLI on PATH {complaint}"
    for folder in (fetched_folder(), built_folder()):
        # The folder gets its name when it is complete and has been tried, so that its presence is enough.
        if (folder / "bin" / "pulumi").exists():
            return (
                folder / "bin",
                f"using the Pulumi CLI {versions.cli_version()} of an earlier run; {remark}",
            )
    return None, remark


def unusable(version: Version | None, *, has_host: bool) -> str | None:
    """Why a CLI will not do, None if it will."""
    if version is None:
        return "does not say its version"
    if version < OLDEST_CLI:
        return f"is {show(version)}, older than {show(OLDEST_CLI)}"
    if not has_host:
        return "comes without pulumi-language-python"
    return None


def obtain(progress: Progress, environment: Environment) -> Path:
    """The folder of a CLI that was fetched or built now. The installer is part of the section `pulumi`."""
    try:
        return _fetch(progress, environment)
    except StepError as error:
        reason = error.why if error.timed_out else last_line(error.log)
    go = shutil.which("go")
    if go is None:
        raise SetupError(no_way_out(reason))
    once = "building from source, once: about four minutes on two cores"
    progress.say(f"the official Pulumi installer could not be used ({reason}); {once}")
    return _build(progress, go)


def no_way_out(reason: str) -> str:
    return (
        f"There is no Pulumi CLI of version {show(OLDEST_CLI)} or newer on PATH, its installer could\n"
        f"not be used ({reason}), and Go, which could build it, is not on PATH either.\n"
        f"Install the Pulumi CLI, or Go {show(versions.go_needed())} or newer, so that it is on PATH, "
        "and run this again."
    )


def version_of(command: Path) -> Version | None:
    """What `pulumi version` says; None if it does not run."""
    env = {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "true"}
    try:
        said = subprocess.run([command, "version"], env=env, capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return versions.parse(said.stdout) if said.returncode == 0 else None


def last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1].strip() if lines else "it gave no reason"


def _fetch(progress: Progress, environment: Environment) -> Path:
    with _becoming(fetched_folder()) as new:
        command = [environment.python, "-c", _INSTALL, new, versions.cli_version().removeprefix("v")]
        title = "fetching the Pulumi CLI with its official installer"
        seconds = progress.run(title, command, timeout=INSTALLER_SECONDS)
    progress.say(f"fetched the Pulumi CLI {versions.cli_version()} in {seconds:.0f} s")
    return fetched_folder() / "bin"


def _build(progress: Progress, go: str) -> Path:
    with _becoming(built_folder()) as new:
        (new / "bin").mkdir()
        seconds = go_build.build(progress, go, new / "bin")
        if version_of(new / "bin" / "pulumi") != versions.parse(versions.cli_version()):
            raise SetupError(f"the Pulumi CLI built from source does not say that it is {versions.cli_version()}")
    progress.say(f"built the Pulumi CLI {versions.cli_version()} in {seconds:.0f} s, kept in {built_folder()}")
    return built_folder() / "bin"


@contextmanager
def _becoming(folder: Path) -> Iterator[Path]:
    """A new folder that takes its name only when all went well: nobody ever sees half a CLI."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new-", dir=folder.parent, ignore_cleanup_errors=True) as temporary:
        new = Path(temporary, folder.name)
        new.mkdir()
        yield new
        try:
            new.rename(folder)
        except OSError:
            if not (folder / "bin" / "pulumi").exists():  # another checkout may have been faster: that is as good
                raise


def _has_host(pulumi: Path) -> bool:
    beside = [pulumi.parent, pulumi.resolve().parent]
    return any((folder / "pulumi-language-python").exists() for folder in beside) or bool(
        shutil.which("pulumi-language-python")
    )


def _platform() -> str:
    return f"{platform.system()}-{platform.machine()}".lower()

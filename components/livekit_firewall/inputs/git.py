"""Runs the command `git`: fixed arguments, no shell, no prompt, failures as our own errors.

Its input is untrusted: the files of a pull request and any other files in the folder. So git runs no program that the
repository's configuration names (hooks, fsmonitor, filters, pagers), fetches nothing, and no environment variable can
select another repository.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, NoReturn

from ..model.errors import ConfigurationError, Place, Problem
from ..model.text import printable

SECONDS = 120

KEPT = frozenset(
    (
        "GIT_CONFIG_GLOBAL GIT_CONFIG_SYSTEM GIT_CONFIG_NOSYSTEM GIT_EXEC_PATH "
        "GIT_CEILING_DIRECTORIES GIT_DISCOVERY_ACROSS_FILESYSTEM"
    ).split()
)
"""Variables that are passed to git. All its other variables are removed: GIT_DIR, which hooks have, would select
another repository, GIT_OBJECT_DIRECTORY other objects, and GIT_CONFIG_PARAMETERS another configuration."""

SETTINGS = (
    "safe.bareRepository=explicit",
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    f"core.hooksPath={os.devnull}",
    "core.useReplaceRefs=false",
    "core.warnAmbiguousRefs=true",
    "protocol.allow=never",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "diff.external=",
)
"""Settings by `-c`, which win over every configuration file. A git that does not know one ignores it."""


def wrong(text: str, got: str, expected: str, hint: str = "") -> ConfigurationError:
    """An error about the revisions `text`."""
    return ConfigurationError([Problem(Place(text[:250]), got, expected, hint)])


class Git:
    """The command `git`, run in one folder of the repository.

    Args:
        text: the revisions as the user wrote them, for messages.
        folder: its working folder.

    Raises:
        ConfigurationError: from every method, if git is missing or takes longer than `SECONDS`; also if it fails,
            except from `run`.
    """

    def __init__(self, text: str, folder: Path) -> None:
        self.text, self.folder = text, folder

    def run(
        self, *arguments: str, stdin: IO[bytes] | None = None, stdout: IO[bytes] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """The finished process, whatever its exit code. By default standard input is empty, and output is captured."""
        settings = [part for setting in SETTINGS for part in ("-c", setting)]
        try:
            return subprocess.run(
                ["git", "--no-pager", "--no-replace-objects", *settings, *arguments],
                cwd=self.folder,
                env=environment(os.environ),
                stdin=stdin or subprocess.DEVNULL,
                stdout=stdout or subprocess.PIPE,
                stderr=subprocess.PIPE,
                timeout=SECONDS,
                check=False,
            )
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            if not self.folder.is_dir():
                raise wrong(self.text, str(self.folder), "must be a folder") from None
            raise wrong(self.text, "", "needs the command git, which is not on PATH", "install git") from None
        except subprocess.TimeoutExpired:
            raise wrong(self.text, f"nothing from git {arguments[0]} for {SECONDS} s", "must be read sooner") from None

    def read(self, *arguments: str) -> bytes:
        """The output of a command that must succeed."""
        done = self.run(*arguments)
        if done.returncode:
            self.fail(arguments, done)
        return done.stdout

    def line(self, *arguments: str) -> str:
        """The output of a command that must succeed, as text without its last line feed."""
        return os.fsdecode(self.read(*arguments)).removesuffix("\n")

    def fail(self, arguments: Sequence[str], done: subprocess.CompletedProcess[bytes]) -> NoReturn:
        """Raises the ConfigurationError for a command that failed, with the first line of its error output."""
        message = printable(done.stderr.decode(errors="replace").strip().partition("\n")[0], 300)
        if "not a git repository" in message:
            hint = "go into the clone, or compare two folders"
            raise wrong(self.text, str(self.folder), "must be in a git repository", hint)
        raise wrong(self.text, message or f"exit code {done.returncode}", f"git {arguments[0]} must succeed")


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """The environment for git, made of `given`: of git's own variables only `KEPT` and `safe.directory`."""
    found = {name: value for name, value in given.items() if not name.upper().startswith("GIT_") or name in KEPT}
    return {
        **found,
        **_trusted(given),
        # No lock and no prompt, so that reading changes nothing and never blocks; C for messages in English.
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
        # Git would fetch objects that a partial clone lacks, by a program that its configuration names. The second
        # variable is for a git without the first: unlike protocol.allow it wins over a file's protocol.NAME.allow.
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_ALLOW_PROTOCOL": "none",
        "GIT_GRAFT_FILE": os.devnull,
    }


def _trusted(given: Mapping[str, str]) -> dict[str, str]:
    """`safe.directory` from GIT_CONFIG_COUNT, as CI containers set it; all other settings there are dropped."""
    count = given.get("GIT_CONFIG_COUNT", "")
    pairs = [
        (given.get(f"GIT_CONFIG_KEY_{number}", ""), given.get(f"GIT_CONFIG_VALUE_{number}", ""))
        for number in range(int(count) if count.isdecimal() and len(count) < 4 else 0)
    ]
    found: dict[str, str] = {}
    kept = [pair for pair in pairs if pair[0].lower() == "safe.directory"]
    for number, (key, value) in enumerate(kept):
        found |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return {**found, "GIT_CONFIG_COUNT": str(len(kept))} if kept else {}

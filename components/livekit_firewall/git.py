"""The command `git`: fixed arguments, no shell, no prompt, and its failures in our words."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import IO, NoReturn

from .errors import ConfigurationError, Place, Problem

SECONDS = 120


def wrong(text: str, got: str, expected: str, hint: str = "") -> ConfigurationError:
    """The error about the revisions `text`."""
    return ConfigurationError([Problem(Place(text[:250]), got, expected, hint)])


class Git:
    """The command, in one folder of the repository.

    Args:
        text: the revisions as the user wrote them, for messages.
        folder: where it runs.

    Raises:
        ConfigurationError: from every method: git is missing, fails, or takes longer than two minutes.
    """

    def __init__(self, text: str, folder: Path) -> None:
        self.text, self.folder = text, folder

    def run(
        self, *arguments: str, stdin: IO[bytes] | None = None, stdout: IO[bytes] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        # No lock and no prompt, so that reading changes nothing and waits for nobody; C for messages we can quote.
        quiet = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
        try:
            return subprocess.run(
                ["git", "--no-pager", "--no-replace-objects", *arguments],
                cwd=self.folder,
                env={**os.environ, **quiet},
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
        done = self.run(*arguments)
        if done.returncode:
            self.fail(arguments, done)
        return done.stdout

    def line(self, *arguments: str) -> str:
        return os.fsdecode(self.read(*arguments)).removesuffix("\n")

    def fail(self, arguments: Sequence[str], done: subprocess.CompletedProcess[bytes]) -> NoReturn:
        said = done.stderr.decode(errors="replace").strip().partition("\n")[0]
        said = "".join(character if character.isprintable() else " " for character in said)[:300]
        if "not a git repository" in said:
            hint = "go into the clone, or compare two folders"
            raise wrong(self.text, str(self.folder), "must be in a git repository", hint)
        raise wrong(self.text, said or f"exit code {done.returncode}", f"git {arguments[0]} must succeed")

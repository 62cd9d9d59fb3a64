"""A git repository of the test's own, whatever the machine's git is configured to do."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

ALONE = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z",
    "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com", "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z",
}  # fmt: skip


QUICK = ("-c", "maintenance.auto=false", "-c", "gc.auto=0", "-c", "core.fsync=none")
"""No housekeeping and no waiting for the disk."""

EMPTY = {
    "HEAD": "ref: refs/heads/main\n",
    "config": ("[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n"),
}
"""What `git init` writes, as one process less for each repository."""


class Repository:
    def __init__(self, path: Path, *, cloned: bool = False) -> None:
        self.path = path
        if not cloned:
            for name in ("info", "objects/info", "refs"):
                (path / ".git" / name).mkdir(parents=True)
            for name, text in EMPTY.items():
                (path / ".git" / name).write_text(text)

    def copy(self, path: Path) -> Repository:
        """The same at `path`, which costs a tenth of making it there."""
        shutil.copytree(self.path, path, symlinks=True, dirs_exist_ok=True)
        return Repository(path, cloned=True)

    def git(self, *arguments: str, stdin: bytes = b"") -> str:
        done = subprocess.run(
            ["git", *QUICK, *arguments],
            cwd=self.path,
            env={**os.environ, **ALONE},
            input=stdin,
            capture_output=True,
            check=True,
            timeout=60,
        )
        return done.stdout.decode().strip()

    def write(self, files: Mapping[str, str | None]) -> None:
        """None removes a file; a text that begins with `-> ` is a link."""
        for name, text in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.is_symlink() or text is None:
                path.unlink()
            if text is not None and text.startswith("-> "):
                path.symlink_to(text[3:])
            elif text is not None:
                path.write_text(text)

    def commit(self, files: Mapping[str, str | None]) -> str:
        """The commit's hash."""
        self.write(files)
        self.git("add", "--all")
        said = self.git("-c", "core.abbrev=no", "commit", "--allow-empty", "--message", "a change")
        return re.findall(r"^\[.* ([0-9a-f]+)\] a change$", said, re.MULTILINE)[0]

"""Packages of npm that tests use, each set installed once into the user's cache."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from bootstrap.go_program import LOGS
from bootstrap.progress import Progress, SetupError

TIME_LIMIT = 300.0


class NpmPackages(NamedTuple):
    """What a package-lock.json pins, by version and content. No script of a package is run.

    Attributes:
        title: what people call it.
        pinned: the folder of package.json and package-lock.json.
        cache: where a folder named by the lock's content is made.
    """

    title: str
    pinned: Path
    cache: Path

    @property
    def output(self) -> Path:
        lock = (self.pinned / "package-lock.json").read_bytes()
        return self.cache / f"{self.pinned.name}-{hashlib.sha256(lock).hexdigest()[:12]}"

    def fetch_once(self, pick: Callable[[Path, Path], object]) -> None:
        """Fetches them unless they are there. Where they cannot be had the reason is printed, and nothing is raised:
        the tests then say what is missing.

        Args:
            pick: called with the folder of the packages and the one to be kept, which does not exist yet.
        """
        if self.output.is_dir():
            return
        npm = shutil.which("npm")
        if npm is None:
            print(f"not fetched: {self.title} (that needs npm)")
            return
        try:
            with Progress(LOGS) as progress:
                self._fetch(progress, npm, pick)
        except (SetupError, OSError) as error:
            print(f"not fetched: {self.title}: {error}")

    def _fetch(self, progress: Progress, npm: str, pick: Callable[[Path, Path], object]) -> None:
        """The folder appears when it is complete, so that nobody ever sees half of one."""
        self.cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=self.cache, ignore_cleanup_errors=True) as new:
            packages, kept = Path(new, "packages"), Path(new, "kept")
            shutil.copytree(self.pinned, packages, ignore=shutil.ignore_patterns("node_modules"))
            # what a package asks of Node's version does not matter for what is done with it here
            command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--engine-strict=false"]
            seconds = progress.run(f"fetching {self.title}", command, cwd=packages, timeout=TIME_LIMIT)
            pick(packages / "node_modules", kept)
            kept.replace(self.output)
        progress.say(f"fetched {self.title} in {seconds:.0f} s, kept in {self.output}")

"""Programs in Go that tests hold ours against, each built once into the user's cache."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bootstrap.progress import Progress, SetupError

LOGS = Path(__file__).resolve().parents[2] / ".state" / "logs"
TIME_LIMIT = 1200.0

GO_ENV: Mapping[str, str] = {
    "CGO_ENABLED": "0",
    "GOWORK": "off",  # no workspace above the checkout may replace these modules
    "GOTOOLCHAIN": "auto",  # fetches a newer Go where one is needed
    # The compiler spends a quarter of its time collecting garbage; it has memory to spare instead.
    "GOGC": "off",
    "GOMEMLIMIT": "1GiB",
}

FASTER = ("-gcflags=all=-dwarf=false -l", "-gcflags=std=-dwarf=false")
"""Without inlining and debug information a build takes a third less time. Go's own library keeps its inlining: it is
a small part of what is compiled, and so much of what runs that without it a command of Pulumi begins in 0.24 s of
processor time, and with it in 0.17.
"""

BUILD = ("build", "-trimpath", "-mod=readonly", "-buildvcs=false", *FASTER)


class GoProgram(NamedTuple):
    """One program.

    Attributes:
        output: where it lies once it is built; its name tells the version.
        module: the folder of the go.mod that pins what it is made of.
        package: what is built there.
        options: of the build.
    """

    output: Path
    module: Path
    package: str = "."
    options: Sequence[str] = ()

    def build_once(self) -> None:
        """Builds it unless it is there. Where it cannot be built the reason is printed, and nothing is raised: the
        tests then say what is missing.
        """
        if os.access(self.output, os.X_OK):
            return
        go = shutil.which("go")
        if go is None:
            print(f"not built: {self.output.name} (that needs Go)")
            return
        try:
            with Progress(LOGS) as progress:
                self._build(progress, go)
        except (SetupError, OSError) as error:
            print(f"not built: {self.output.name}: {error}")

    def _build(self, progress: Progress, go: str) -> None:
        """Its name appears when it is complete, so that nobody ever sees half of one."""
        folder, name = self.output.parent, self.output.name
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=folder, ignore_cleanup_errors=True) as new:
            made = Path(new, name)
            command = [go, *BUILD, *self.options, "-ldflags", "-w -s", "-o", str(made), self.package]
            title = f"building {name} from source"
            seconds = progress.run(title, command, cwd=self.module, env=GO_ENV, timeout=TIME_LIMIT)
            made.replace(self.output)
        progress.say(f"built {name} in {seconds:.0f} s, kept in {folder}")

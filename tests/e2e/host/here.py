"""A Pulumi project that runs on the machine of a laboratory."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from ...engine.project import Project, Run
from .lab import Lab


class Here(Project):
    """A project whose commands run on the machine of a laboratory."""

    lab: Lab | None = None

    def stand(self, lab: Lab) -> None:
        """The program stays there as well, and the plugin that applies the ruleset."""
        self.lab, self.stays, self.machine = lab, True, lab.process
        lab.ends.append(self.stop)

    def words(self, *arguments: str) -> list[str]:
        return ["pulumi", *arguments, "--non-interactive", "--color", "never"]

    def run(self, *arguments: str, fails: bool = False) -> Run:
        if self.lab is None:
            return super().run(*arguments, fails=fails)
        options, environment = self.beside(arguments[0])
        command = [*self.lab.server, "env", f"--chdir={self.folder}", *self.words(*arguments, *options)]
        done = subprocess.run(
            command, env=environment, check=False, text=True, timeout=120, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        output = done.stdout + self.printed()
        assert (done.returncode != 0) == fails, output
        return Run(done.returncode, output)

    def by_login(self) -> list[str]:
        """`pulumi up` as somebody runs it who is logged in over SSH."""
        values = [f"{key}={value}" for key, value in self.environment.items()]
        up = self.words("up", "--yes", "--skip-preview", "--skip-plugin-pre-install")
        return ["env", f"--chdir={self.folder}", *values, *up]

    def give(self, **host: Any) -> None:
        arguments = {"https": True, "host": {"apply": True, **host}}
        (self.folder / "arguments.json").write_text(json.dumps(arguments), encoding="utf-8")

"""The project's Python environment, `.venv`: the wanted sections of requirements.txt, and the project itself.

A stamp records what was installed by which Python at which place, so that a second run only reads files.
"""

from __future__ import annotations

import json
import platform
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from bootstrap import sections
from bootstrap.progress import HowFar, Progress, SetupError, StepError, counted


class Environment:
    """`.venv` of one checkout.

    Attributes:
        bin: the folder of its commands.
        python: its interpreter.
        cli_root: a file that names the folder of the Pulumi CLI; the engine tests and `make up` read it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self.bin = self.folder / "bin"
        self.python = self.bin / "python"
        self.cli_root = self.folder / "pulumi-root"
        self._stamp = self.folder / "livekit-firewall.json"

    def missing(self, wanted: Iterable[str]) -> dict[str, str]:
        """What is wanted and not installed: sections by their name, the project itself under `project`."""
        requirements = sections.split((self.root / "requirements.txt").read_text(encoding="utf-8"))
        whole = sections.complete(requirements)
        texts = {name: whole[name] for name in sections.select(requirements, wanted)}
        texts["project"] = (self.root / "pyproject.toml").read_text(encoding="utf-8")
        return outdated(texts, self._installed())

    def create(self, progress: Progress) -> None:
        """Makes an empty environment unless this Python made a usable one here before."""
        if self._recorded().get("made_by") == self._maker() and self.python.exists():
            return
        if self.folder.is_symlink():  # venv would empty the folder behind it, which is somebody else's
            raise SetupError(
                f".venv is a link to {self.folder.resolve()}, whose environment is not this checkout's; remove the link"
            )
        try:
            seconds = progress.run("creating .venv", [sys.executable, "-m", "venv", "--clear", self.folder])
        except StepError as error:
            raise SetupError(f"{error}\n\nOn Debian and Ubuntu the package python3-venv is needed.") from error
        self._record({})
        progress.say(f"created .venv with Python {platform.python_version()} in {seconds:.0f} s")

    def install(self, progress: Progress, missing: dict[str, str]) -> None:
        for name, text in missing.items():
            if name == "project":
                self._pip(
                    progress,
                    "the project itself",
                    "--no-build-isolation",
                    "--no-deps",
                    "--editable",
                    str(self.root),
                )
            else:
                wanted = self.folder / f"requirements-{name}.txt"
                wanted.write_text(text, encoding="utf-8")
                how_far = counted("^Collecting ", "distributions", len(re.findall(r"^[\w.-]+==", text, re.MULTILINE)))
                options = ("--require-hashes", "--requirement", str(wanted))
                self._pip(progress, f"requirements ({name})", *options, how_far=how_far)
            self._record({**self._installed(), name: sections.fingerprint(text)})

    def remember_cli(self, folder: Path) -> None:
        self.cli_root.write_text(f"{folder}\n", encoding="utf-8")

    def _pip(self, progress: Progress, what: str, *options: str, how_far: HowFar | None = None) -> None:
        command = [self.python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
        # Of an SDK's thousands of modules a program imports a few, and Python compiles those when it does.
        command += ["--no-compile", *options]
        # Run from anywhere else, pip would take a folder of the checkout for a distribution of that name.
        seconds = progress.run(f"installing {what}", command, cwd=self.folder, how_far=how_far)
        progress.say(f"installed {what} in {seconds:.0f} s")

    def _maker(self) -> str:
        """Scripts of an environment hold its absolute path, compiled modules the Python version."""
        return f"{platform.python_implementation()} {platform.python_version()} at {self.folder}"

    def _recorded(self) -> dict:
        try:
            return json.loads(self._stamp.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}

    def _installed(self) -> dict[str, str]:
        recorded = self._recorded()
        if recorded.get("made_by") != self._maker() or not self.python.exists():
            return {}
        return recorded.get("sections", {})

    def _record(self, installed: dict[str, str]) -> None:
        text = json.dumps({"made_by": self._maker(), "sections": installed}, indent=1)
        new = self._stamp.with_suffix(".new")
        new.write_text(text + "\n", encoding="utf-8")
        new.replace(self._stamp)


def outdated(texts: dict[str, str], installed: dict[str, str]) -> dict[str, str]:
    """Those texts whose fingerprint is not the one installed.

    The project comes last: it is built with the setuptools of the section base.
    """
    return {name: text for name, text in texts.items() if installed.get(name) != sections.fingerprint(text)}

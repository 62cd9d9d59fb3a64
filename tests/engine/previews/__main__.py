"""Write the fixtures in `tests/previews/` anew."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..project import ROOT
from .make import FIXTURES, write
from .tables import PLATFORMS

AT_ONCE = 2
"""Platforms at once: the CLI, the program and a plugin are busy at the same time anyway."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.engine.previews", description=__doc__)
    parser.add_argument("--on", choices=PLATFORMS, help="only this platform")
    parser.add_argument("--into", type=Path, default=FIXTURES, help="another folder than tests/previews")
    parser.add_argument("change", nargs="*", help="only these changes, by name; all otherwise")
    asked = parser.parse_args()
    into = asked.into.resolve()
    if asked.on:
        print(f"{asked.on}: {_make(asked.on, asked.change, into)} files")
        return
    # A process each, with an emulator of its own.
    command = [sys.executable, "-m", "tests.engine.previews", f"--into={into}"]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        made = [pool.submit(subprocess.run, [*command, "--on", one, *asked.change], check=True) for one in PLATFORMS]
        for one in made:
            one.result()


def _make(platform: str, only: list[str], into: Path) -> int:
    """How many files were written."""
    written = write(platform, only, into, _cli())
    for path in set() if only else set((into / platform).glob("*.json")) - written:
        path.unlink()  # of a change that is no longer in the tables
    return len(written)


def _cli() -> Path:
    """The folder of the CLI: LIVEKIT_FIREWALL_PULUMI_ROOT, otherwise the one that the set-up found."""
    named = os.environ.get("LIVEKIT_FIREWALL_PULUMI_ROOT")
    written = ROOT / ".venv" / "pulumi-root"
    if not named and not written.is_file():
        sys.exit("there is no Pulumi CLI: run `make previews`, which gets one")
    return Path(named or written.read_text(encoding="utf-8").strip())


main()

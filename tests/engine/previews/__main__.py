"""Write the fixtures in `tests/previews/` anew."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from ..emulator import emulator
from ..project import ROOT
from .make import FIXTURES, Maker, emptied
from .tables import CHANGES, PLATFORMS

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
    # A process each: programs run inside of it, and Pulumi's SDK keeps its state globally.
    command = [sys.executable, "-m", "tests.engine.previews", f"--into={into}"]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        made = [pool.submit(subprocess.run, [*command, "--on", one, *asked.change], check=True) for one in PLATFORMS]
        for one in made:
            one.result()


def _make(platform: str, only: list[str], into: Path) -> int:
    """How many files were written."""
    changes = [one for (where, name), one in CHANGES.items() if where == platform and (not only or name in only)]
    folder = into / platform
    folder.mkdir(parents=True, exist_ok=True)
    written = set()
    with tempfile.TemporaryDirectory() as place, emulator() if platform == "aws" else nullcontext("") as address:
        fresh = partial(emptied, address) if address else None
        for name, text in Maker(Path(place), _cli(), address, fresh).previews(changes):
            path = folder / f"{name}.json"
            path.write_text(text, encoding="utf-8")
            written.add(path)
    for path in set() if only else set(folder.glob("*.json")) - written:
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

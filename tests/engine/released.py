"""Write what this commit leaves behind as a fixture that every later one is previewed on: a step of each release.

    python -m tests.engine.released v1.2.0

`states/v1.2.0.json.gz` then holds, for each stack in `stacks/` after one `up` on the fakes of this tier, what `pulumi
stack export` prints without positions in the source, and the files that were written. test_older_states.py finds it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from .accounts import furnish
from .conftest import copy_program
from .emulator import emulator
from .fakes import ec2
from .project import REGION, ROOT, Project

STATES = Path(__file__).with_name("states")


def left_behind(stack: str, folder: Path, cli: Path, address: str) -> dict[str, Any]:
    """Files and state of a stack."""
    copy_program(folder)
    (folder / ".venv").symlink_to(sys.prefix)
    project = Project(folder, stack, cli, AWS_ENDPOINT_URL_EC2=address)
    before = {path for path in folder.rglob("*") if path.is_file()}
    furnish(project, ec2.client(address, REGION))
    project.up()
    project.run("stack", "export", "--stack", stack, "--file", str(folder / ".exported.json"))
    state = json.loads((folder / ".exported.json").read_text(encoding="utf-8"))
    for resource in state["deployment"]["resources"]:
        for key in ("sourcePosition", "stackTrace"):
            resource.pop(key, None)
    written = [path for path in folder.rglob("*") if path.is_file() and path not in before]
    names = {path.relative_to(folder): path for path in written}
    own = {str(name): path for name, path in names.items() if not name.parts[0].startswith(".")}
    return {"files": {name: path.read_text(encoding="utf-8") for name, path in own.items()}, "state": state}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.engine.released", description=__doc__)
    parser.add_argument("release", help="its tag")
    release = parser.parse_args().release
    cli = Path(os.environ.get("LIVEKIT_FIREWALL_PULUMI_ROOT") or (ROOT / ".venv" / "pulumi-root").read_text().strip())
    with tempfile.TemporaryDirectory() as place, emulator() as address:
        states = {}
        named = subprocess.run(["git", "ls-files", "stacks"], cwd=ROOT, check=True, capture_output=True, text=True)
        for stack in (name.split(".")[1] for name in named.stdout.split()):
            folder = Path(place, stack)
            folder.mkdir()
            states[stack] = left_behind(stack, folder, cli, address)
    text = json.dumps(states, sort_keys=True).encode()
    (STATES / f"{release}.json.gz").write_bytes(gzip.compress(text, mtime=0))


if __name__ == "__main__":
    main()

"""Walk through the changes of one platform: deploy what is before, preview what comes after.

Each state is deployed once, into a new stack over a new account, so that a preview depends on its change alone and
can be made anew alone. The program is in a process that stays: to start Python and to read an SDK takes longer than the
engine does.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import nullcontext
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from ..accounts import furnish
from ..emulator import emulator
from ..fakes import ec2
from ..project import REGION, ROOT, Project
from .change import Change
from .normal import normal
from .tables import CHANGES

PROGRAM = Path(__file__).parents[1] / "programs" / "previewed"
FIXTURES = ROOT / "tests" / "previews"
CHANGED_ONLY = ".changed-only"

ACCOUNT: dict[str, Any] = {
    "aws": {
        "vpc_id": "vpc-0123456789abcdef0",
        "load_balancer_security_group_ids": [f"sg-{digit * 17}" for digit in "abcd"],
    },
    "digitalocean": {
        "tags": ["livekit", "media", "web"],
        "droplet_ids": [1001, 1002],
        "load_balancer_uids": ["3f1c8e6a-0000-4000-8000-000000000000"],
    },
    "azure": {"resource_group_name": "media"},
    "hetzner": {"server_ids": [1001, 1002]},
}
"""What is there before any program runs, in the words of the arguments of LiveKitFirewall."""


class Maker:
    """Makes previews in one folder, one after another.

    Args:
        folder: empty; the project lies in it.
        cli: the folder of the Pulumi CLI.
        emulator: the address of an emulator of EC2, for Amazon.
        fresh: empties the emulator; without it, what earlier changes made stays there.
    """

    def __init__(self, folder: Path, cli: Path, emulator: str = "", fresh: Callable[[], None] | None = None) -> None:
        self.folder = folder / "project"
        self.pristine = folder / "pristine"
        shutil.copytree(PROGRAM, self.folder)
        # The current language host takes the environment from Pulumi.yaml, older ones take it from PATH.
        (self.folder / ".venv").symlink_to(sys.prefix)
        more = {"AWS_ENDPOINT_URL_EC2": emulator} if emulator else {}
        self.project = Project(self.folder, "dev", cli, PYTHONPATH=str(ROOT / "components"), **more)
        self.amazon = ec2.client(emulator, REGION) if emulator else None
        self.fresh = fresh
        self.project.stays = True
        shutil.copytree(self.folder, self.pristine, symlinks=True)

    def previews(self, changes: Sequence[Change]) -> Iterator[tuple[str, str]]:
        """The name of each file, without its ending, and its text."""
        for _, several in groupby(sorted(changes, key=_state_before), key=_state_before):
            alike = list(several)
            self._start_from(alike[0])
            for change in alike:
                yield from self._previewed(change)
        self.project.stop()

    def _start_from(self, change: Change) -> None:
        self.project.stop()
        shutil.rmtree(self.folder)
        shutil.copytree(self.pristine, self.folder, symlinks=True)
        if self.fresh:
            self.fresh()
        furnish(self.project, self.amazon, ACCOUNT)
        self._write(change, change.before)
        if change.before:
            self.project.up()

    def _write(self, change: Change, program: list[list[Any]]) -> None:
        (self.folder / "resources.json").write_text(json.dumps(program), encoding="utf-8")
        for name, text in change.files.items():
            (self.folder / name).write_text(text, encoding="utf-8")

    def _previewed(self, change: Change) -> Iterator[tuple[str, str]]:
        self._write(change, change.after)
        config = self.folder / "Pulumi.dev.yaml"
        before = config.read_text(encoding="utf-8")
        for key, value in change.secrets.items():
            self.project.run("config", "set", "--stack", "dev", "--secret", key, value)
        yield change.name, self._preview(change, "--show-sames")
        if change.changed_only:
            yield change.name + CHANGED_ONLY, self._preview(change)
        config.write_text(before, encoding="utf-8")

    def _preview(self, change: Change, *more: str) -> str:
        """What the CLI prints on stdout, normalised; of plugins of its own too, which a user's engine starts."""
        options, _ = self.project.beside("preview")
        command = ["pulumi", "preview", "--json", "--stack", "dev", "--skip-plugin-pre-install", "--non-interactive"]
        done = subprocess.run(
            [*command, *options, *more],
            cwd=self.folder,
            env=self.project.environment,
            check=False,
            text=True,
            timeout=120,
            capture_output=True,
        )
        where = f"{change.platform}/{change.name}"
        assert (done.returncode != 0) == change.fails, f"{where}: exit {done.returncode}\n{done.stdout}{done.stderr}"
        named = json.dumps([change.before, change.after, ACCOUNT])
        return normal(done.stdout, named, (str(self.folder.resolve()), str(self.folder), str(ROOT)))


def _state_before(change: Change) -> str:
    """Changes of the same text start from the same state."""
    return json.dumps([change.before, change.files], sort_keys=True)


def write(platform: str, only: Collection[str], into: Path, cli: Path) -> set[Path]:
    """Write the previews of a platform's changes, of those named if any are, into a folder of its own below `into`."""
    changes = [one for (where, name), one in CHANGES.items() if where == platform and (not only or name in only)]
    folder = into / platform
    folder.mkdir(parents=True, exist_ok=True)
    written = set()
    with tempfile.TemporaryDirectory() as place, emulator() if platform == "aws" else nullcontext("") as address:
        fresh = partial(_empty, address) if address else None
        for name, text in Maker(Path(place), cli, address, fresh).previews(changes):
            path = folder / f"{name}.json"
            path.write_text(text, encoding="utf-8")
            written.add(path)
    return written


def _empty(emulator: str) -> None:
    """It is then as it was when it started."""
    with urlopen(Request(f"{emulator}/moto-api/reset", method="POST"), timeout=60) as answer:  # noqa: S310 - loopback
        answer.read()

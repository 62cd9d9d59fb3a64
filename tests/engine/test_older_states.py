"""States that earlier releases wrote: what this commit would change in them, stack by stack, on the real engine.

Every file in `states/` is asked. `python -m tests.engine.released` writes one for a release; those named by a commit
were written before there was any.
"""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

from .project import Deploy, Project
from .released import STATES

pytestmark = pytest.mark.needs("pulumi", "moto")

RELEASES = sorted(path.name.partition(".json.gz")[0] for path in STATES.glob("*.json.gz"))


def states(release: str) -> dict[str, dict[str, Any]]:
    """By stack."""
    return dict(json.loads(gzip.decompress((STATES / f"{release}.json.gz").read_bytes())))


def restored(project: Project, release: str) -> list[dict[str, Any]]:
    """The stack as that release left it: its files and its state, whose resources are returned, without providers."""
    before = states(release)[project.stack]
    for name, text in before["files"].items():
        (project.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (project.folder / name).write_text(text, encoding="utf-8")
    exported = project.folder / "state.json"
    exported.write_text(json.dumps(before["state"]), encoding="utf-8")
    project.run("stack", "import", "--stack", project.stack, "--file", str(exported))
    resources = before["state"]["deployment"]["resources"]
    return [one for one in resources if "::pulumi:providers:" not in one["urn"]]


CHANGED = {("374aced", "local"): {"update": 1}}
"""What else is on purpose, by release and stack: the file of the host's rules gets its owner's mark."""


@pytest.mark.parametrize(("release", "stack"), [(release, stack) for release in RELEASES for stack in states(release)])
def test_an_upgrade_alone_changes_nothing(deploy: Deploy, release: str, stack: str) -> None:
    project = deploy(stack)
    kept = restored(project, release)
    told = project.preview_json()
    changed = CHANGED.get((release, stack), {})
    assert told["changeSummary"] == {"same": len(kept) - sum(changed.values()), **changed}
    # the engine lists the step of the stack alone where nothing changes
    listed = [(step["op"], step["urn"].split("::")[2]) for step in told["steps"] if step["op"] == "same"]
    assert changed or listed == [("same", "pulumi:pulumi:Stack")]

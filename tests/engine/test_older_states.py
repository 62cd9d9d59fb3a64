"""States that earlier commits wrote: what this one would change in them, stack by stack, on the real engine.

`states/COMMIT.json.gz` holds `pulumi stack export` of each stack in `stacks/` after one `up` by that commit on the
fakes of this tier, without the positions in the source, and the files that it wrote.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from .project import Deploy, Project

pytestmark = pytest.mark.needs("pulumi", "moto")

STATES = Path(__file__).with_name("states")
STACKS = ("local", "aws-example", "gcp-example", "digitalocean-example", "azure-example")


def of(commit: str, stack: str) -> dict[str, Any]:
    states = json.loads(gzip.decompress((STATES / f"{commit}.json.gz").read_bytes()))
    return dict(states[stack])


def restored(project: Project, commit: str) -> list[dict[str, Any]]:
    """The stack as that commit left it: its files and its state, whose resources are returned, without providers."""
    before = of(commit, project.stack)
    for name, text in before["files"].items():
        (project.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (project.folder / name).write_text(text, encoding="utf-8")
    exported = project.folder / "state.json"
    exported.write_text(json.dumps(before["state"]), encoding="utf-8")
    project.run("stack", "import", "--stack", project.stack, "--file", str(exported))
    resources = before["state"]["deployment"]["resources"]
    return [one for one in resources if "::pulumi:providers:" not in one["urn"]]


@pytest.mark.parametrize("stack", STACKS)
def test_neither_the_layout_in_folders_nor_new_names_change_a_state(deploy: Deploy, stack: str) -> None:
    project = deploy(stack)
    kept = restored(project, "0346e64")
    told = project.preview_json()
    assert told["changeSummary"] == {"same": len(kept)}
    # the engine lists the step of the stack alone where nothing changes
    assert [(step["op"], step["urn"].split("::")[2]) for step in told["steps"]] == [("same", "pulumi:pulumi:Stack")]

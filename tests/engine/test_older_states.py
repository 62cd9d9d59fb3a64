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

from .project import Deploy

pytestmark = pytest.mark.needs("pulumi", "moto")

STATES = Path(__file__).with_name("states")
STACKS = ("local", "aws-example", "gcp-example", "digitalocean-example", "azure-example")


def of(commit: str, stack: str) -> dict[str, Any]:
    states = json.loads(gzip.decompress((STATES / f"{commit}.json.gz").read_bytes()))
    return dict(states[stack])


@pytest.mark.parametrize("stack", STACKS)
def test_the_layout_in_folders_changes_no_state(deploy: Deploy, stack: str) -> None:
    before = of("0346e64", stack)
    project = deploy(stack)
    for name, text in before["files"].items():
        (project.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (project.folder / name).write_text(text, encoding="utf-8")
    exported = project.folder / "state.json"
    exported.write_text(json.dumps(before["state"]), encoding="utf-8")
    project.run("stack", "import", "--stack", stack, "--file", str(exported))
    told = project.preview_json()
    kept = [one["urn"] for one in before["state"]["deployment"]["resources"] if "::pulumi:providers:" not in one["urn"]]
    assert told["changeSummary"] == {"same": len(kept)}
    # the engine lists the step of the stack alone where nothing changes
    assert [(step["op"], step["urn"].split("::")[2]) for step in told["steps"]] == [("same", "pulumi:pulumi:Stack")]

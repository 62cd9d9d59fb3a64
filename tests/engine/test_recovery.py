"""`recover`: what an update that broke off left behind is found, imported or named, and the next preview is clean."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from typing import Any

import pytest

from . import listings
from .accounts import furnish
from .admitted import of_group
from .project import Call, Deploy, Project
from .test_adoption import LOST, create_in_silence

pytestmark = pytest.mark.needs("pulumi", "moto")


def recover(project: Project, listing: object, *more: str, code: int = 1) -> dict[str, Any]:
    """What the command prints as JSON; the file for the import is written."""
    path = listings.write(project, listing)
    done = subprocess.run(
        [sys.executable, "-m", "livekit_firewall.cli", "recover", path.name, "--stack", project.stack, "--json", *more],
        cwd=project.folder, env={**project.environment, "PYTHONPATH": "components"},
        check=False, text=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == code, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    (project.folder / "import.json").write_text(json.dumps(found["import"]), encoding="utf-8")
    return found


def follow(project: Project, found: dict[str, Any], *more: str) -> None:
    """Run the commands that were printed, without the questions that they would ask."""
    for step in found["steps"]:
        name, *arguments = shlex.split(step)
        if name == "pulumi":
            installs = [] if arguments[0] == "refresh" else ["--skip-plugin-pre-install"]
            project.run(*arguments, "--yes", "--skip-preview", "--suppress-outputs", *installs)


def test_a_rule_of_amazon_that_no_up_gets_past_is_imported(deploy: Deploy, amazon: Any) -> None:
    """Pulumi was killed while it was made; its note of that goes as well."""
    _, token, name = LOST["aws"]
    project = deploy("aws-example")
    furnish(project, amazon)
    project.account("aws").order_refusal(token, name, "read tcp: connection reset by peer")
    project.up(fails=True)
    (call,) = (call for call in project.calls("Create") if call.refused and not call.preview)
    create_in_silence(project, amazon, token, call.inputs)
    note_what_was_under_way(project, call)
    assert "InvalidPermission.Duplicate" in project.up(fails=True).output
    group = call.inputs["securityGroupId"]
    before = of_group(amazon, group)

    found = recover(project, listings.by_aws(amazon, group))
    assert [one["name"] for one in found["import"]["resources"] if "id" in one] == [call.name]
    assert (found["orphans"], found["missing"]) == ([], [])
    assert found["pending"] == [{"name": call.name, "operation": "creating"}]
    project.forget_calls()
    follow(project, found)
    left = {step["op"] for step in project.preview_json()["steps"]}
    assert left == {"same"}
    assert (project.calls(), of_group(amazon, group)) == ([], before)
    assert recover(project, listings.by_aws(amazon, group), code=0)["steps"] == []


def note_what_was_under_way(project: Project, call: Call) -> None:
    """What the engine writes into the checkpoint before each call, and a killed one leaves there."""
    content = json.loads(project.checkpoint.read_text(encoding="utf-8"))
    latest = content["checkpoint"]["latest"]
    parents = {one["urn"]: one.get("parent") for one in latest["resources"] if one["type"] == call.type}
    resource = {"urn": call.urn, "type": call.type, "custom": True, "inputs": call.inputs}
    resource["parent"] = next(iter(parents.values()))
    latest["pending_operations"] = [{"resource": resource, "type": "creating"}]
    project.checkpoint.write_text(json.dumps(content), encoding="utf-8")


def test_a_second_firewall_outlives_the_stack_and_is_named(deploy: Deploy, amazon: Any) -> None:
    """And a checkpoint that the engine cut off is that of the save before."""
    _, token, name = LOST["digitalocean"]
    project = deploy("digitalocean-example")
    furnish(project, amazon)
    project.account("digitalocean").order_refusal(token, name, "read tcp: connection reset by peer")
    project.up(fails=True)
    (call,) = (call for call in project.calls("Create") if call.refused and not call.preview)
    ((orphan,),) = ([one["id"]] for one in create_in_silence(project, amazon, token, call.inputs))
    project.up()
    removal = f"doctl compute firewall delete {orphan}"
    assert len(project.account("digitalocean").all(token)) == 2

    file = project.checkpoint
    file.write_bytes(file.read_bytes()[:1000])
    assert "unexpected end of JSON input" in project.preview(fails=True).output
    file.write_bytes(file.with_name(f"{file.name}.bak").read_bytes())
    found = recover(project, listings.by_doctl(project))
    assert [(one["verdict"], one["removal"]) for one in found["orphans"]] == [("likely", removal)]
    assert (found["import"], found["steps"]) == ({"resources": []}, [])

    project.destroy()
    assert [*project.account("digitalocean").all(token)] == [orphan]
    found = recover(project, listings.by_doctl(project))
    assert [one["id"] for one in found["import"]["resources"] if "id" in one] == [orphan]
    project.account("digitalocean").drop(token, orphan)
    recover(project, listings.by_doctl(project), code=0)

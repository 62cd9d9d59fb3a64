"""What docs/recovery.md says is run: after it the next preview is clean, and nothing is left that nobody knows of."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from . import listings
from .accounts import furnish
from .admitted import of_group
from .project import ROOT, Call, Deploy, Project
from .test_adoption import LOST, create_in_silence

pytestmark = pytest.mark.needs("pulumi", "moto")


def documented(heading: str) -> list[str]:
    """The commands of docs/recovery.md below a heading."""
    text = (ROOT / "docs" / "recovery.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(heading)}\n.*?^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert found, heading
    return found[1].splitlines()


def follow(project: Project, commands: list[str], listing: object) -> list[int]:
    """Run them as a user would, who says yes to each question; the exit codes. What a cloud prints is `listing`."""
    codes = []
    for line in commands:
        words, _, output = line.replace("prod", project.stack).partition(" > ")
        name, *arguments = shlex.split(words)
        if name == "pulumi":
            codes.append(project.run(*arguments, *ANSWERS[arguments[0]]).code)
        elif name == "livekit-firewall":
            codes.append(ran(project, *arguments, to=project.folder / output))
        elif name == "cp":
            state = project.folder / ".state"
            shutil.copyfile(*(state / one.replace("PROJECT", "livekit-firewall") for one in arguments))
        else:
            listings.write(project, listing)
    return codes


QUIET = ["--yes", "--skip-preview", "--suppress-outputs"]
ANSWERS = {
    "cancel": ["--yes"],
    "import": [*QUIET, "--skip-plugin-pre-install"],
    "refresh": QUIET,
    "up": [*QUIET, "--skip-plugin-pre-install"],
}


def ran(project: Project, *arguments: str, to: Path) -> int:
    with to.open("w", encoding="utf-8") as file:
        done = subprocess.run(
            [sys.executable, "-m", "livekit_firewall.cli", *arguments],
            cwd=project.folder, env={**project.environment, "PYTHONPATH": "components"},
            check=False, text=True, stdout=file, stderr=subprocess.PIPE, timeout=120,
        )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return done.returncode


def recover(project: Project, listing: object) -> dict[str, Any]:
    """What the command prints as JSON."""
    path, to = listings.write(project, listing), project.folder / "recovery.json"
    code = ran(project, "recover", path.name, "--stack", project.stack, "--json", to=to)
    found: dict[str, Any] = json.loads(to.read_text(encoding="utf-8"))
    assert code == int(bool(found["import"]["resources"] or found["orphans"] or found["steps"]))
    return found


def lose(project: Project, amazon: Any, lost: str) -> tuple[Call, object]:
    """A create that takes effect without an answer, and what the cloud lists then."""
    cloud, token, name = LOST[lost]
    project.account(cloud).order_refusal(token, name, "read tcp: connection reset by peer")
    project.up(fails=True)
    (call,) = (call for call in project.calls("Create") if call.refused and not call.preview)
    return call, create_in_silence(project, amazon, token, call.inputs)


def test_a_rule_of_amazon_that_no_up_gets_past_is_imported(deploy: Deploy, amazon: Any) -> None:
    """Pulumi was killed while it was made: its lock, and its note of what it did, go as well."""
    project = deploy("aws-example")
    furnish(project, amazon)
    call, _ = lose(project, amazon, "aws")
    assert "InvalidPermission.Duplicate" in project.up(fails=True).output
    group = call.inputs["securityGroupId"]
    lock = leave_as_a_killed_one(project, call)

    before, listing = of_group(amazon, group), listings.by_aws(amazon, group)
    found = recover(project, listing)
    assert [one["name"] for one in found["import"]["resources"] if "id" in one] == [call.name]
    assert (found["orphans"], found["missing"]) == ([], [])
    assert found["pending"] == [{"name": call.name, "operation": "creating"}]
    commands = documented("Pulumi was killed")
    assert [one for one in commands if one.replace("prod", project.stack) in found["steps"]] == commands[3:5]

    project.forget_calls()
    assert follow(project, commands[:-1], listing) == [0, 1, 0, 0]
    assert not lock.exists()
    assert {step["op"] for step in project.preview_json()["steps"]} == {"same"}
    assert (project.calls(), of_group(amazon, group)) == ([], before)
    assert recover(project, listing)["steps"] == []


def leave_as_a_killed_one(project: Project, call: Call) -> Path:
    """What the engine writes before each call: a lock, and in the checkpoint what it is about to do."""
    content = json.loads(project.checkpoint.read_text(encoding="utf-8"))
    latest = content["checkpoint"]["latest"]
    parent = next(one["parent"] for one in latest["resources"] if one["type"] == call.type)
    resource = {"urn": call.urn, "type": call.type, "custom": True, "inputs": call.inputs, "parent": parent}
    latest["pending_operations"] = [{"resource": resource, "type": "creating"}]
    project.checkpoint.write_text(json.dumps(content), encoding="utf-8")
    locks = project.folder / ".state" / ".pulumi" / "locks" / "organization" / "livekit-firewall" / project.stack
    locks.mkdir(parents=True, exist_ok=True)
    lock = locks / "ec452aa2-b9e3-4d28-a0c3-d19500d2babb.json"
    owner = {"pid": 1, "username": "root", "hostname": "vm", "timestamp": "2026-11-30T00:45:29Z"}
    lock.write_text(json.dumps(owner), encoding="utf-8")
    return lock


def test_a_second_firewall_outlives_the_stack_and_is_named(deploy: Deploy, amazon: Any) -> None:
    """And a checkpoint that was cut off is that of the save before."""
    project = deploy("digitalocean-example")
    furnish(project, amazon)
    call, listing = lose(project, amazon, "digitalocean")
    ((orphan,),) = ([one["id"]] for one in listing)  # type: ignore[attr-defined]
    project.up()
    removal, store = f"doctl compute firewall delete {orphan}", project.account("digitalocean")
    assert len(store.all(call.type)) == 2

    project.checkpoint.write_bytes(project.checkpoint.read_bytes()[:1000])
    assert "unexpected end of JSON input" in project.preview(fails=True).output
    follow(project, documented("The checkpoint is cut off"), [])
    found = recover(project, listings.by_doctl(project))
    assert [(one["verdict"], one["removal"]) for one in found["orphans"]] == [("likely", removal)]
    assert (found["import"], found["steps"]) == ({"resources": []}, [])

    project.destroy()
    assert [*store.all(call.type)] == [orphan]
    found = recover(project, listings.by_doctl(project))
    assert [one["id"] for one in found["import"]["resources"] if "id" in one] == [orphan]
    store.drop(call.type, orphan)
    assert recover(project, listings.by_doctl(project))["steps"] == []

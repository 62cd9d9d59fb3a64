"""examples/fleet on the engine: workers, one of them killed, a broken stack, and a state in S3 that all of them share.

One run after the other, as somebody would do it; the tests look at what each has left. `make soak` has 20 stacks, `make
test` has 6 of them.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.sampling import is_soak

from .accounts import furnish
from .fakes import azure, digitalocean, gcp
from .fakes.faults import Fault, Order
from .fleet import EXAMPLE, Ended, Fleet, keys, row, s3, s3_backend
from .project import ROOT, Project

pytestmark = pytest.mark.needs("pulumi", "moto")

SOUND = [f"node-{number}" for number in range(1, 17 if is_soak() else 3)]
KILLED, BROKEN, REFUSED, LATER = "killed", "broken", "refused", "later"
BUCKET = "states"


@dataclass
class Life:
    """What there was after each run.

    Attributes:
        wrong: with a stack of the last wave whose settings are wrong.
        first: with a stack whose CLI is killed, one whose tag is not there, and one that its cloud refuses.
        admitted: by the firewalls that the first run made.
        locks: the files of the bucket that lock a stack, after the first run.
        again: the first one resumed, with the settings corrected, while the lock is still there.
        last: after `pulumi cancel`, resumed.
        nothing: once more, resumed from the whole.
    """

    fleet: Fleet
    wrong: Ended
    first: Ended
    admitted: dict[str, list[str]]
    locks: list[str]
    again: Ended
    last: Ended
    nothing: Ended
    created: list[str]


@pytest.fixture(scope="module")
def bucket(emulator: str) -> Any:
    return s3(emulator)


@pytest.fixture(scope="module")
def fleet(emulator: str, cli: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    made = Fleet(tmp_path_factory.mktemp("fleet"), cli, s3_backend(emulator, BUCKET))
    for name in (*SOUND, BROKEN, LATER):
        made.account("digitalocean").put(digitalocean.TAG, name, {"name": name})
    made.account("gcp").put(gcp.NETWORK, "default", {"name": "default"})
    made.account("azure-native").put(azure.RESOURCES, "/subscriptions/fake/resourceGroups/media", {})
    yield made
    made.stop()


OWN_FILE = {"livekit_config": "node.yaml", "digitalocean": {"tags": [SOUND[0]]}}
"""A stack's own configuration, in the folder of the program as for any engine."""

ROWS = [
    row(KILLED, gcp={"network": "default", "target_tags": [KILLED]}) | {"provider": {"gcp": {"project": "acme-media"}}},
    row(SOUND[0], **OWN_FILE),
    *map(row, SOUND[1:]),
    row(BROKEN, digitalocean={"tags": ["nowhere"]}),
    row(REFUSED, azure={"resource_group_name": "media"}),
    row(LATER, wave=2),
]
CORRECTED = [*ROWS[:-3], row(BROKEN), *ROWS[-2:]]


@pytest.fixture(scope="module")
def life(fleet: Fleet, bucket: Any) -> Life:
    fleet.account("gcp").order(Order(gcp.FIREWALL, "", "Create", Fault.CLI_KILLED_BEFORE))
    fleet.account("azure-native").order_refusal(azure.GROUP, "", "Conflict: another operation is in progress")
    (fleet.folder / "program" / "node.yaml").write_text("rtc: {tcp_port: 7999}\n", encoding="utf-8")
    fleet.write([*ROWS[:-1], row(LATER, wave=2, digitalocean={"tags": [LATER]}, sip={"sip_port": 99999})])
    wrong = fleet.run("up")
    assert not (fleet.clouds / "calls.jsonl").exists()
    fleet.write(ROWS)
    first = fleet.run("up")
    admitted, locks = fleet.operators(), keys(bucket, BUCKET, "locks/")
    fleet.write(CORRECTED)
    again = fleet.run("up", "--resume", str(first.log))
    fleet.pulumi("cancel", "--stack", KILLED, "--yes")
    log = first.log.with_name("both.jsonl")
    log.write_text("".join(one.log.read_text(encoding="utf-8") for one in (first, again)), encoding="utf-8")
    last = fleet.run("up", "--refresh", "--resume", str(log))
    log.write_text(log.read_text(encoding="utf-8") + last.log.read_text(encoding="utf-8"), encoding="utf-8")
    calls = (fleet.clouds / "calls.jsonl").read_text(encoding="utf-8").splitlines()
    created = [
        call["urn"].split(":")[2] for call in map(json.loads, calls) if call["method"] == "Create" and call["id"]
    ]
    return Life(fleet, wrong, first, admitted, locks, again, last, fleet.run("up", "--resume", str(log)), created)


def test_a_row_that_no_firewall_can_be_stops_all_before_the_first_is_touched(life: Life) -> None:
    assert (life.wrong.code, life.wrong.lines) == (2, [])
    _, told = life.wrong.errors.splitlines()
    assert told == f"  - {LATER}: sip.sip_port: must be an integer from 1 to 65535 (got 99999)"


def test_what_is_counted_is_what_was_done_without_the_stack_itself(life: Life) -> None:
    counts = {name: line["changes"] for name, line in life.first.outcomes.items()}
    assert counts[SOUND[0]] == {"create": 3}
    assert counts[BROKEN] == {"create": 2}, "its component and what holds its target; the firewall was refused"


def test_one_that_is_killed_and_two_that_fail_leave_the_others_of_their_wave_alone(life: Life) -> None:
    sound = dict.fromkeys(SOUND, "changed")
    assert life.first.results() == {**sound, KILLED: "failed", BROKEN: "failed", REFUSED: "failed"}
    assert life.first.code == 1
    own = {one["name"]: one["settings"]["operators"]["cidrs"] for one in ROWS}
    assert life.admitted == {name: own[name] for name in SOUND}


def test_a_path_in_the_settings_begins_in_the_folder_of_the_program(life: Life) -> None:
    firewalls = life.fleet.account("digitalocean").all(digitalocean.FIREWALL).values()
    (own,) = (one for one in firewalls if one["tags"] == [SOUND[0]])
    assert "7999" in {rule.get("portRange") for rule in own["inboundRules"]}


def test_each_says_why_in_one_line(life: Life) -> None:
    errors = {name: line["error"] for name, line in life.first.outcomes.items() if line["error"]}
    assert errors.keys() == {KILLED, BROKEN, REFUSED}
    assert errors[KILLED] == "Pulumi was ended by signal 9; its lock may have stayed"
    assert errors[BROKEN] == "422 (request) Tag nowhere does not exist"
    assert "Conflict: another operation is in progress" in errors[REFUSED]


def test_no_more_are_begun_at_once_than_there_are_workers_and_no_wave_behind_a_failed_one(life: Life) -> None:
    at_once, most = 0, 0
    for line in life.first.lines:
        at_once += {"begun": 1, "ended": -1}[line["event"]]
        most = max(most, at_once)
    assert (at_once, most) == (0, 3)
    assert LATER not in {line["stack"] for line in life.first.lines}


def test_the_killed_one_is_locked_for_the_next_run_which_says_the_way_out(life: Life) -> None:
    assert [Path(lock).parts[-2] for lock in life.locks] == [KILLED]
    assert life.again.results() == {KILLED: "locked", BROKEN: "changed", REFUSED: "changed"}
    assert life.again.code == 1
    error = life.again.outcomes[KILLED]["error"]
    assert error.startswith("locked, created by ")
    assert f"`pulumi cancel --stack {KILLED} --yes`, then up --refresh" in error


def test_a_run_after_it_converges_and_does_nothing_twice(life: Life, bucket: Any) -> None:
    assert life.last.results() == {KILLED: "changed", LATER: "changed"}
    assert life.last.code == 0
    own = {one["name"]: one["settings"]["operators"]["cidrs"] for one in CORRECTED}
    assert life.fleet.operators() == {name: own[name] for name in (*SOUND, BROKEN, LATER)}
    assert keys(bucket, BUCKET, "locks/") == []
    for name in own:
        state = bucket.get_object(Bucket=BUCKET, Key=f".pulumi/stacks/livekit-fleet/{name}.json")["Body"].read()
        urns = {one["urn"] for one in json.loads(state)["checkpoint"]["latest"]["resources"]}
        assert {urn.split(":")[2] for urn in urns} == {name}


def test_what_is_done_and_unchanged_is_not_begun_again(life: Life) -> None:
    assert (life.nothing.code, life.nothing.lines) == (0, [])


def test_a_review_is_one_report_of_all_and_a_removal_leaves_the_others(life: Life) -> None:
    """Once more than `life` has it, since the review changes the table."""
    fewer = {"port_range_start": 50000, "port_range_end": 59000}
    changed = [{**one, "settings": {**one["settings"], **(fewer if one["name"] == LATER else {})}} for one in CORRECTED]
    life.fleet.write(changed)
    reviewed = life.fleet.run("review", "--fail-on", "any", "--only", LATER, SOUND[0])
    assert reviewed.results() == {LATER: "would change", SOUND[0]: "unchanged"}
    (report,) = (line for line in reviewed.lines if line["event"] == "review")
    assert {one["name"]: one["verdict"] for one in report["stacks"]} == {LATER: "narrower", SOUND[0]: "no change"}
    assert reviewed.code == 1
    before = life.fleet.operators()
    gone = life.fleet.run("destroy", "--only", LATER)
    assert (gone.code, gone.results()) == (0, {LATER: "changed"})
    assert life.fleet.operators() == {name: who for name, who in before.items() if name != LATER}
    life.fleet.write([one for one in changed if one["name"] not in (LATER, SOUND[1])])
    written = life.fleet.run("write")
    stands = f"its row is gone, its stack still stands: `pulumi destroy --stack {SOUND[1]}` in program/ first"
    assert written.errors.splitlines() == [
        f"fleet.py: Pulumi.{LATER}.yaml: removed, since its row is gone",
        f"fleet.py: Pulumi.{SOUND[1]}.yaml: {stands}",
    ]
    files = {path.name for path in (life.fleet.folder / "program" / "stacks").iterdir()}
    assert files == {f"Pulumi.{one['name']}.yaml" for one in changed if one["name"] != LATER}


def test_a_review_names_the_stack_that_it_could_not_read(life: Life) -> None:
    life.fleet.write([row(SOUND[0], **OWN_FILE), row(BROKEN)])
    program = life.fleet.folder / "program" / "firewall.py"
    stops = f'    if pulumi.get_stack() == "{BROKEN}":\n        raise pulumi.RunError("its own program stops")\n'
    text = program.read_text(encoding="utf-8")
    program.write_text(text.replace("    made = ", f"{stops}    made = "), encoding="utf-8")
    reviewed = life.fleet.run("review")
    assert reviewed.results() == {SOUND[0]: "unchanged", BROKEN: "failed"}
    assert reviewed.outcomes[BROKEN]["error"] == "its own program stops"
    assert reviewed.outcomes[BROKEN]["changes"] == {}
    assert reviewed.code == 1
    assert f"fleet.py: not in the report, since they have no preview: {BROKEN}\n" in reviewed.errors


STACKS = [path.name.split(".")[1] for path in sorted((EXAMPLE / "program" / "stacks").glob("Pulumi.*.yaml"))]


@pytest.mark.parametrize("stack", STACKS)
def test_each_stack_of_the_table_is_made_changed_and_removed(
    stack: str, cli: Path, emulator: str, amazon: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "program"
    shutil.copytree(EXAMPLE / "program", folder)
    project = Project(
        folder, stack, cli, AWS_ENDPOINT_URL_EC2=emulator, PYTHONPATH=str(ROOT / "components")
    )  # fmt: skip
    project.stays = True
    furnish(project, amazon)
    try:
        project.up()
        assert {call.method for call in project.calls()} == {"Create"}
        made = project.resources()
        project.configure({"operators.cidrs": ["203.0.113.128/25"]})
        project.up()
        assert project.resources().keys() == made.keys()
        assert "203.0.113.128/25" in json.dumps(project.resources())
        project.destroy()
        assert project.resources() == {}
    finally:
        project.stop()

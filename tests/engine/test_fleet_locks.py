"""A second run of examples/fleet while the first still updates a stack: with the states in S3, and in files."""

from __future__ import annotations

import fcntl
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from .fakes import digitalocean, gcp
from .fleet import Ended, Fleet, keys, row, s3, s3_backend

pytestmark = pytest.mark.needs("pulumi", "moto")

BUSY, OTHERS, LATER = "busy", ["one", "two"], "later"
BUCKET = "locked-states"
PATIENCE = 60.0


@dataclass
class Lives:
    """What came of two runs at once.

    Attributes:
        first: of the stack BUSY alone; its cloud answers only when the second run has ended.
        second: of all, while the first one runs.
        shown: what people see of the second one's lock.
        locks: the locks in between, and at the end.
        after: once more.
    """

    fleet: Fleet
    first: Ended
    second: Ended
    shown: str
    locks: tuple[list[str], list[str]]
    after: Ended
    states: dict[str, Any]


@dataclass
class State:
    """Where a fleet keeps its states: `files` reads those below a folder of it, by path."""

    backend: str
    files: Callable[[str], dict[str, str]]


def in_files(folder: Path) -> State:
    def files(below: str) -> dict[str, str]:
        found = {}
        for path in (folder / ".pulumi" / below).rglob("*.json"):
            with suppress(FileNotFoundError):
                found[path.relative_to(folder).as_posix()] = path.read_text(encoding="utf-8")
        return found

    folder.mkdir()
    return State(f"file://{folder}", files)


def in_s3(emulator: str) -> State:
    client = s3(emulator)

    def files(below: str) -> dict[str, str]:
        found = {}
        for key in keys(client, BUCKET, below):
            with suppress(client.exceptions.NoSuchKey):  # a command may take it away between the two calls
                found[key] = client.get_object(Bucket=BUCKET, Key=key)["Body"].read().decode()
        return found

    return State(s3_backend(emulator, BUCKET), files)


@pytest.fixture(scope="module", params=["s3", "files"])
def lives(request: pytest.FixtureRequest, emulator: str, cli: Path, tmp_path_factory: pytest.TempPathFactory) -> Lives:
    folder = tmp_path_factory.mktemp("locks")
    state = in_s3(emulator) if request.param == "s3" else in_files(folder / "state")
    fleet = Fleet(folder, cli, state.backend)
    for name in (*OTHERS, LATER):
        fleet.account("digitalocean").put(digitalocean.TAG, name, {"name": name})
    fleet.account("gcp").put(gcp.NETWORK, "default", {"name": "default"})
    own = row(BUSY, gcp={"network": "default", "target_tags": [BUSY]}) | {
        "provider": {"gcp": {"project": "acme-media"}}
    }
    fleet.write([own, *map(row, OTHERS), row(LATER, wave=2)])
    with ExitStack() as ends:
        ends.callback(fleet.stop)
        with (fleet.clouds / "gcp.lock").open("w") as cloud:
            fcntl.flock(cloud, fcntl.LOCK_EX)  # as long as this is held, Google Cloud makes nothing
            begun = fleet.begin("up", "--only", BUSY)
            ends.callback(begun.kill)
            until = time.monotonic() + PATIENCE
            # To make a stack takes its lock too, for a moment: the update has it when it waits for the cloud.
            while not any('"pending_operations"' in text for text in state.files("stacks/").values()):
                assert begun.poll() is None
                assert time.monotonic() < until
                time.sleep(0.1)
            second = fleet.run("up")
            words = [sys.executable, "fleet.py", "up", "--only", BUSY]
            shown = subprocess.run(
                words, cwd=fleet.folder, env={**fleet.environment, "COLUMNS": "400"}, check=False, capture_output=True,
                text=True, timeout=600,
            )  # fmt: skip
            between = list(state.files("locks/"))
            assert begun.poll() is None
        first = fleet.ended(begun)
        after = fleet.run("up")
        stacks = {Path(name).stem: json.loads(text) for name, text in state.files("stacks/").items()}
        return Lives(fleet, first, second, shown.stdout, (between, list(state.files("locks/"))), after, stacks)


def test_the_second_is_refused_and_named_and_the_others_go_on(lives: Lives) -> None:
    assert lives.second.results() == {BUSY: "locked", **dict.fromkeys(OTHERS, "changed")}
    assert lives.second.code == 1
    error = lives.second.outcomes[BUSY]["error"]
    assert error.startswith("locked, created by ")
    assert error.endswith(
        ": when that has ended, run again; if it no longer runs, `pulumi cancel --stack busy --yes`, then up --refresh"
    )


def test_the_table_says_what_to_do(lives: Lives) -> None:
    (line,) = (one for one in lives.shown.splitlines() if one.startswith("│ busy"))
    assert [cell.strip() for cell in line.split("│")[1:4]] == [BUSY, "1", "locked"]
    assert "when that has ended, run again" in line


def test_the_first_keeps_its_lock_and_comes_to_its_end(lives: Lives) -> None:
    assert [Path(lock).parts[-2] for lock in lives.locks[0]] == [BUSY]
    assert (lives.first.code, lives.first.results()) == (0, {BUSY: "changed"})


def test_nothing_is_made_twice_and_every_state_has_all_of_its_own(lives: Lives) -> None:
    assert lives.locks[1] == []
    assert lives.after.results() == {**dict.fromkeys((BUSY, *OTHERS), "unchanged"), LATER: "changed"}
    calls = map(json.loads, (lives.fleet.clouds / "calls.jsonl").read_text(encoding="utf-8").splitlines())
    made = Counter(call["urn"] for call in calls if call["method"] == "Create" and call["id"])
    assert set(made.values()) == {1}
    for name in (BUSY, *OTHERS, LATER):
        latest = lives.states[name]["checkpoint"]["latest"]
        urns = [one["urn"] for one in latest["resources"]]
        assert len(urns) == len(set(urns))
        assert {urn.split(":")[2] for urn in urns} == {name}
        assert latest.get("pending_operations", []) == []
        assert {urn for urn in made if urn.split(":")[2] == name} < set(urns)

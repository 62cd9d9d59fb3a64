"""Updates on Google Cloud whose ports move from one rule to another, on the real engine: each call is judged, and the
order in which they came is not trusted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.unit.readers.gcp_order import Sample, judge

from .accounts import furnish
from .admitted import GOOGLE
from .project import Deploy, Project
from .test_older_states import restored

pytestmark = pytest.mark.needs("pulumi", "moto")

Bodies = dict[str, dict[str, Any]]
STATEMENTS = ("sourceRanges", "sourceTags", "sourceServiceAccounts", "targetTags", "targetServiceAccounts")


def body(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """A rule in the words of the API."""
    allowed = [
        {"IPProtocol": one["protocol"], **({"ports": one["ports"]} if one.get("ports") else {})}
        for one in inputs["allows"]
    ]
    return {"allowed": allowed, **{key: inputs[key] for key in STATEMENTS if inputs.get(key)}}


def held(project: Project) -> Bodies:
    """What Google has, by its ids."""
    return {id_: body(rule) for id_, rule in project.account("gcp").all(GOOGLE).items()}


def named(project: Project) -> dict[str, str]:
    """The resources of the state, without the components' name, by their ids."""
    found = project.resources().get(GOOGLE, [])
    return {one["id"]: one["urn"].rpartition("::livekit-gcp-")[2] for one in found}


def update(project: Project) -> dict[str, list[str]]:
    """One `up`, judged; the keys by method."""
    before = held(project)
    project.forget_calls()
    project.up()
    after, calls = held(project), project.calls()
    methods = [call.method for call in calls]
    assert "Delete" not in methods[: len(methods) - methods.count("Delete")], "deletions come last"
    judge(before, after, Sample([*before.values(), *after.values()]))
    assert named(project).keys() == after.keys()
    project.up("--expect-no-changes")
    found: dict[str, list[str]] = {}
    for call in sorted(calls, key=lambda call: call.name):
        found.setdefault(call.method, []).append(call.name.rpartition("-")[0].removeprefix("livekit-gcp-"))
    return found


def test_ports_that_move_between_rules_stay_open(deploy: Deploy, amazon: Any) -> None:
    project = deploy("gcp-example")
    furnish(project, amazon)
    project.configure({"sip": {}, "ipv6": False})
    project.up()
    project.configure({"trunks": ["198.51.100.0/24"]})
    assert update(project) == {"Create": ["public-ipv4", "trunk-ipv4"], "Delete": ["public-ipv4"]}
    project.configure({"trunks": ["198.51.100.0/24", "192.0.2.0/24"]})
    assert update(project) == {"Update": ["trunk-ipv4"]}
    project.configure({"trunks": None, "clients": {"cidrs": ["192.0.2.0/24"]}})
    assert update(project) == {
        "Create": ["clients-ipv4", "public-ipv4"],
        "Delete": ["public-ipv4", "trunk-ipv4"],
    }


def test_rules_of_the_first_releases_get_their_names_without_a_call_but_for_descriptions(
    deploy: Deploy, amazon: Any
) -> None:
    project = deploy("gcp-example")
    furnish(project, amazon)
    rules = [one for one in restored(project, "374aced") if one["type"] == GOOGLE]
    for one in rules:
        project.account("gcp").put(GOOGLE, one["id"], one["inputs"])
    assert {one["urn"].rpartition("-")[2] for one in rules} == {"ipv4", "ipv6"}
    before = named(project)
    told = project.preview_json()["changeSummary"]
    assert told.keys() <= {"same", "update"}
    done = update(project)
    assert done.keys() <= {"Update"}
    assert len(done.get("Update", [])) == told.get("update", 0)
    after = named(project)
    assert after.keys() == before.keys()
    digests = {name.removeprefix(f"{before[id_]}") for id_, name in after.items()}
    assert {len(one) for one in digests} == {0, len("-1a2b3c4d")}

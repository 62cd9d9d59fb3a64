"""Each program of examples/ on the engine: previewed, made, made again, changed as its README.md says, and removed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from livekit_firewall.reports.review import review_texts

from .admitted import by_azure, by_digitalocean, by_google, by_hetzner, of_group
from .examples import EXAMPLES, EXPECTED, MORE, NEEDED, PROGRAMS, RENEW, STACK, Example, kept_by_clouds
from .fakes.ec2 import GROUP
from .fakes.wire import UNKNOWN
from .project import ROOT, Call, Deploy

WALLS = (":Firewall", ":NetworkSecurityGroup")
MACHINES = ("Instance", "Droplet", "VirtualMachine")


@dataclass
class Life:
    """What came of an example, from its first preview to its end.

    Attributes:
        previewed: the steps of `pulumi preview --json` before anything was there.
        made: the resources of the state after the first update, by type.
        admitted: what each group of a firewall admits after the first update, by the group's name, or a whole cloud.
        again, changed, renewed, replaced: the calls of the second update, of that after the documented change, of one
            after a certificate was renewed, and of one after a change of livekit.yaml, where the README has them.
        told: what `review` says of the machines that a change of livekit.yaml replaces.
        calls: all of the whole life, Checks included.
        printed: all that the CLI printed, and the state after the first update.
        left: what the state and the clouds have after the end.
    """

    example: Example
    previewed: list[dict[str, Any]]
    made: dict[str, list[dict[str, Any]]]
    outputs: dict[str, Any]
    admitted: dict[str, list[str]]
    again: list[Call]
    changed: list[Call]
    renewed: list[Call]
    replaced: list[Call]
    told: list[str]
    calls: list[Call]
    printed: str
    left: dict[str, list[str]]


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda one: one.name)
def life(request: pytest.FixtureRequest, deploy: Deploy, amazon: Any) -> Iterator[Life]:
    example: Example = request.param
    project = deploy(STACK, program=str(example.folder))
    example.find_package(project, lambda: request.getfixturevalue("languages"))
    example.type_in("Run", project)
    steps = project.preview_json()["steps"]
    printed = [str(steps), project.up().output, project.checkpoint.read_text(encoding="utf-8")]
    made, outputs = project.resources(), project.outputs()
    groups = {one["id"]: one["urn"].rpartition("::")[2] for one in made.get(GROUP, [])}
    admitted = {name: sorted(_named(of_group(amazon, id_), groups)) for id_, name in groups.items()}
    elsewhere = {
        "gcp": by_google(project), "digitalocean": by_digitalocean(project), "azure": by_azure(project),
        "hetzner": by_hetzner(project),
    }  # fmt: skip
    admitted |= {cloud: sorted(lines) for cloud, lines in elsewhere.items() if lines}
    before = len(project.calls())
    printed.append(project.up("--expect-no-changes").output)
    again = project.calls()[before:]
    example.type_in("Change", project)
    printed.append(project.up().output)
    changed = project.calls()[before:]
    later: dict[str, list[Call]] = {}
    told: list[str] = []
    for section in (RENEW, MORE):
        before = len(project.calls())
        if section in example.sections:
            example.type_in(section, project)
            if section == MORE:
                (part,) = review_texts([("p.json", json.dumps(project.preview_json("--show-sames")))]).parts
                told = [one.text for one in part.risks if one.id == "machines-replaced"]
            project.up()
        later[section] = project.calls()[before:]
    printed.append(project.destroy().output)
    left = {**{token: [] for token in project.resources()}, **kept_by_clouds(project)}
    calls = project.calls("Check", "Create", "Update", "Delete")
    after = (changed, later[RENEW], later[MORE], told)
    yield Life(example, steps, made, outputs, admitted, again, *after, calls, "\n".join(printed), left)
    project.stop()


def test_it_is_previewed_whole_though_no_id_is_known(life: Life) -> None:
    assert {step["op"] for step in life.previewed} == {"create"}
    made = [one["urn"] for several in life.made.values() for one in several]
    assert sorted(step["urn"] for step in life.previewed) == sorted(made)
    assert UNKNOWN in str(life.previewed)


def test_it_makes_what_it_is_to_make(life: Life) -> None:
    assert {token: len(several) for token, several in life.made.items()} == {
        "pulumi:pulumi:Stack": 1,
        **life.example.expected["made"],
    }


def test_no_call_is_refused_and_none_lacks_a_value(life: Life) -> None:
    assert [(call.name, call.refused) for call in life.calls if call.refused] == []
    assert [call.name for call in life.calls if "None" in str(list(_texts(call.inputs)))] == []
    assert [name for name, value in life.outputs.items() if value is None or "None" in str(value)] == []


def test_its_groups_admit_this(life: Life) -> None:
    assert life.admitted == {name: sorted(lines) for name, lines in life.example.expected.get("admitted", {}).items()}


def test_the_roles_of_its_machines_allow_this(life: Life) -> None:
    names = {
        one["outputs"]["arn"]: one["urn"].rpartition("::")[2]
        for several in life.made.values()
        for one in several
        if "arn" in one.get("outputs", {})
    }
    allowed = [
        f"{action} {names.get(resource, resource)}{_conditions(statement, names)}"
        for policy in life.made.get("aws:iam/rolePolicy:RolePolicy", [])
        for statement in json.loads(policy["inputs"]["policy"])["Statement"]
        for action in _several(statement["Action"])
        for resource in _several(statement["Resource"])
    ]
    assert allowed == life.example.expected.get("allowed", [])


def test_a_machine_comes_after_its_firewall(life: Life) -> None:
    """A Droplet without one is open."""
    made = [call.kind for call in life.calls if call.method == "Create" and not call.preview]
    first = next((at for at, kind in enumerate(made) if kind in MACHINES), len(made))
    walls = [token for token, several in life.made.items() for _ in several if token.endswith(WALLS)]
    assert [kind for kind in made[:first] if f":{kind}" in WALLS][: len(walls)] == [
        one.rpartition(":")[2] for one in walls
    ]


def test_a_second_update_changes_nothing(life: Life) -> None:
    assert life.again == []


@pytest.mark.parametrize("change", ["changed", "renewed"])
def test_the_documented_change_leads_to_these_calls(life: Life, change: str) -> None:
    calls = Counter(f"{call.method} {call.kind} {call.name}" for call in getattr(life, change))
    assert calls == Counter(life.example.expected.get(change, []))


def test_its_outputs(life: Life) -> None:
    assert sorted(life.outputs) == sorted(life.example.expected["outputs"])


def test_its_secrets_stand_nowhere(life: Life) -> None:
    users = [call for call in life.calls if not call.preview and {"userData", "metadata"} & call.inputs.keys()]
    for secret in life.example.expected["secrets"]:
        assert secret not in life.printed
        assert [call.name for call in users if secret in str(call.inputs)] == []


def test_nothing_is_left(life: Life) -> None:
    assert life.left == {}
    made, gone = ({(call.type, call.id) for call in life.calls if call.method == way} for way in ("Create", "Delete"))
    assert {one for one in made if one[1]} == gone


def test_machines_are_replaced_in_this_order(life: Life) -> None:
    machines = [f"{call.method} {call.name}" for call in life.replaced if call.kind == "Instance"]
    assert machines == life.example.expected.get("replaced", [])
    names = sorted({name for _, name in map(str.split, machines)})
    assert life.told == (
        [f"{', '.join(names[:-1])} and {names[-1]} are replaced, which ends the calls on them"] if names else []
    )


def test_a_machine_gets_the_file_that_the_firewall_is_made_from(life: Life) -> None:
    for call in life.calls:
        given = call.inputs.get("userData", UNKNOWN)
        if call.cloud == "aws" and call.kind == "Instance" and call.method == "Create" and given != UNKNOWN:
            assert len(given.encode()) <= 16_384, "AWS takes no more"
            written = (life.example.folder / "livekit.yaml").read_text("utf-8").replace("example.com", "example.org")
            head, _, document = given.partition("\n")
            files = {one["path"]: one["content"] for one in yaml.safe_load(document)["write_files"]}
            assert head == "#cloud-config"
            assert files["/etc/livekit/livekit.yaml"] in (written, written.replace("60000", "55000"))


@pytest.mark.parametrize("example", PROGRAMS, ids=lambda one: one.name)
def test_a_readme_has_what_people_ask(example: Example) -> None:
    assert [name for name in NEEDED if name not in example.sections] == []


def test_the_type_checkers_read_each_of_them() -> None:
    read = {path.name: path.resolve() for path in (ROOT / "tests" / "typing" / "examples").glob("*.py")}
    modules = {path for one in PROGRAMS for path in one.folder.glob("*.py")}
    names = {
        path: path.name if path.stem != "__main__" else f"{path.parent.name.replace('-', '_')}.py" for path in modules
    }
    assert read == {name: path for path, name in names.items()}


def test_what_is_expected_is_of_an_example() -> None:
    assert sorted(path.stem for path in EXPECTED.glob("*.yaml")) == [one.name for one in EXAMPLES]


def _named(lines: set[str], groups: dict[str, str]) -> Iterator[str]:
    """The lines with the names of groups in place of their ids."""
    for line in lines:
        *rest, source = line.split(" ")
        yield " ".join([*rest, groups.get(source, source)])


def _several(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _conditions(statement: dict[str, Any], names: dict[str, str]) -> str:
    """` if KEY is VALUE or VALUE and …`, with the names of resources in place of their ARNs."""
    equal = statement.get("Condition", {"StringEquals": {}})["StringEquals"]
    keys = [f"{key} is {' or '.join(names.get(one, one) for one in _several(given))}" for key, given in equal.items()]
    return f" if {' and '.join(keys)}" if keys else ""


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _texts(one)
    else:
        yield str(value)

"""Which stacks a change touches: never one too few, and none for a change of words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import jsonschema
import pytest

from livekit_firewall.cli.group import main

from ..git_repository import ALONE, Repository

SCHEMA = json.loads((Path(__file__).parents[3] / "docs/schemas/touched.json").read_text())

PROJECT = {
    "Pulumi.yaml": "name: firewall\nruntime: python\nstackConfigDir: stacks\n",
    "__main__.py": "1",
    "README.md": "1",
    "conf/a.yaml": "port: 7880\n",
    "conf/sip.yaml": "sip_port: 5060\n",
    "plugnmeet/livekit.yaml": "port: 7880\n",
    "stacks/Pulumi.a.yaml": "config:\n  livekit-firewall:livekit_config: conf/a.yaml\n",
    "stacks/Pulumi.b.yaml": (
        "config:\n  livekit_config: ./conf/../conf/a.yaml\n  livekit-firewall:sip_config: conf/sip.yaml\n"
    ),
    "stacks/Pulumi.c.yaml": "config:\n  livekit-firewall:plugnmeet: {path: plugnmeet}\n",
    "stacks/Pulumi.d.yaml": "config:\n  livekit-firewall:plugnmeet: plugnmeet/\n",
    "stacks/Pulumi.e.yaml": "config:\n  livekit-firewall:plugnmeet: true\n  aws:region: eu-central-1\n",
}
ALL = list("abcde")


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    made = Repository(tmp_path_factory.mktemp("repository"))
    made.commit(PROJECT)
    return made


@pytest.fixture
def repository(tmp_path: Path, unchanged: Repository, monkeypatch: pytest.MonkeyPatch) -> Repository:
    for name, value in ALONE.items():
        monkeypatch.setenv(name, value)
    made = unchanged.copy(tmp_path)
    monkeypatch.chdir(made.path)
    return made


def names(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    with pytest.raises(SystemExit) as stopped:
        main(["touched", *arguments])
    assert stopped.value.code == 0, capsys.readouterr().err
    return capsys.readouterr().out.splitlines()


CHANGES: dict[str, tuple[Mapping[str, str | None], list[str]]] = {
    "a stack's own file": ({"stacks/Pulumi.a.yaml": "config: {}"}, ["a"]),
    "a stack that is new": ({"stacks/Pulumi.f.yaml": "config: {}"}, ["f"]),
    "a stack that goes": ({"stacks/Pulumi.e.yaml": None}, ["e"]),
    "a file that two stacks name, one with detours": ({"conf/a.yaml": "port: 1"}, ["a", "b"]),
    "a file that one names": ({"conf/sip.yaml": "sip_port: 1"}, ["b"]),
    "a file in a folder that is named": ({"plugnmeet/sip.yaml": "1"}, ["c", "d"]),
    "a file that is named from now on": (
        {"docs/e.yaml": "1", "stacks/Pulumi.e.yaml": "config: {livekit-firewall:livekit_config: docs/e.yaml}"},
        ["e"],
    ),
    "values of a chart that are named from now on": (
        {
            "docs/e.yaml": "1",
            "stacks/Pulumi.e.yaml": "config: {livekit-firewall:helm: [livekit-server=docs/e.yaml]}",
        },
        ["e"],
    ),
    "a file that was named until now, and goes": (
        {"conf/sip.yaml": None, "stacks/Pulumi.b.yaml": "config: {}"},
        ["b"],
    ),
    "the program": ({"__main__.py": "2"}, ALL),
    "the program, beside a stack that goes": ({"__main__.py": "2", "stacks/Pulumi.a.yaml": None}, ALL),
    "the project": ({"Pulumi.yaml": PROJECT["Pulumi.yaml"] + "description: x\n"}, ALL),
    "what the program needs": ({"requirements.txt": "pulumi"}, ALL),
    "a component": ({"components/firewall.py": "1"}, ALL),
    "a file that the program may read": ({"rules.json": "{}"}, ALL),
    "a file of configuration that nobody names": ({"conf/other.yaml": "1"}, ALL),
    "documentation": ({"README.md": "2", "docs/a.md": "1", "docs/picture.py": "1", "LICENSE": "1"}, []),
    "tests": ({"tests/conftest.py": "1", "tests/unit/data.json": "1", "components/test_a.py": "1"}, []),
    "the workflow": ({".github/workflows/ci.yml": "1", ".gitlab-ci.yml": "1"}, []),
    "nothing": ({}, []),
    "a file whose name can be no stack's": ({"stacks/Pulumi.$(id)\nx.yaml": "config: {}"}, ALL),
    "a file that cannot be read any more": ({"stacks/Pulumi.a.yaml": "config: ["}, ["a"]),
    "a stack that claims the program as its own file": (
        {
            "__main__.py": "2",
            "stacks/Pulumi.f.yaml": "config: {livekit-firewall:livekit_config: __main__.py}",
        },
        [*ALL, "f"],
    ),
    "a stack that claims the whole project as its folder": (
        {"__main__.py": "2", "stacks/Pulumi.f.yaml": "config: {livekit-firewall:plugnmeet: .}"},
        [*ALL, "f"],
    ),
}


@pytest.mark.parametrize("title", sorted(CHANGES))
def test_a_change_touches_what_it_can_change(
    title: str, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    change, expected = CHANGES[title]
    repository.commit(change)
    assert names(capsys, "HEAD~1..HEAD") == expected


def test_the_working_tree_counts_when_one_revision_is_given(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.write({"conf/sip.yaml": "sip_port: 1", "stacks/Pulumi.f.yaml": "config: {}"})
    assert names(capsys, "HEAD") == ["b", "f"]


def test_the_json_has_reasons_and_what_became_of_the_stack(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({"stacks/Pulumi.a.yaml": None, "stacks/Pulumi.f.yaml": "config: {}", "conf/a.yaml": "port: 1"})
    value = json.loads("\n".join(names(capsys, "HEAD~1...HEAD", "--json")))
    jsonschema.Draft202012Validator(SCHEMA).validate(value)
    assert value == {
        "version": 1,
        "stacks": [
            {"name": "a", "state": "removed", "because": ["conf/a.yaml", "stacks/Pulumi.a.yaml"]},
            {"name": "b", "state": "changed", "because": ["conf/a.yaml"]},
            {"name": "f", "state": "added", "because": ["stacks/Pulumi.f.yaml"]},
        ],
    }


@pytest.mark.parametrize(("option", "expected"), [("--present", ["b", "f"]), ("--removed", ["a"])])
def test_stacks_that_have_a_file_after_the_change_and_those_that_have_none_are_distinguished(
    option: str, expected: list[str], repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({"stacks/Pulumi.a.yaml": None, "stacks/Pulumi.f.yaml": "config: {}", "conf/a.yaml": "port: 1"})
    assert names(capsys, "HEAD~1...HEAD") == ["a", "b", "f"]
    assert names(capsys, "HEAD~1...HEAD", option) == expected
    value = json.loads("\n".join(names(capsys, "HEAD~1...HEAD", "--json", option)))
    jsonschema.Draft202012Validator(SCHEMA).validate(value)
    assert [stack["name"] for stack in value["stacks"]] == expected


MAINS: dict[str, tuple[str, str, bool]] = {
    "a folder that is harmless otherwise": ("docs/app", "docs/app/lib/rules.py", True),
    "such a folder with a slash and a detour": ("./docs/x/../app/", "docs/app/rules.py", True),
    "a file in such a folder": ("examples/program.py", "examples/more.py", True),
    "what is built there, and not kept": ("build/index.js", "build/more.js", True),
    "a folder outside of the project's": ("../program", "../program/rules.py", True),
    "a link to such a folder": ("linked", "tests/app/rules.py", True),
    "its words": ("docs/app", "docs/app/README.md", False),
    "its tests": ("docs/app", "docs/app/tests/data.json", False),
    "what lies beside it": ("docs/app", "docs/picture.py", False),
    "the project's own folder": (".", "docs/app/rules.py", False),
    "none": ("", "docs/app/rules.py", False),
    "a folder outside of the repository": ("../../x", "docs/app/rules.py", False),
}


@pytest.mark.parametrize("title", sorted(MAINS))
def test_the_program_is_where_main_says(
    title: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    main_, changed, is_program = MAINS[title]
    made = Repository(tmp_path / "repository")
    made.commit({
        "lk/Pulumi.yaml": f"name: x\nruntime: python\nmain: '{main_}'\n",
        "lk/Pulumi.a.yaml": "config: {}\n",
        "lk/docs/app/__main__.py": "1",
        "lk/docs/x/y": "1",
        "lk/examples/program.py": "1",
        "lk/tests/app/__main__.py": "1",
        "lk/linked": "-> tests/app",
        "program/__main__.py": "1",
    })  # fmt: skip
    monkeypatch.chdir(made.path / "lk")
    made.commit({f"lk/{changed}": "2"})
    assert names(capsys, "HEAD~1..HEAD") == ["a"] * is_program


def test_the_program_is_where_main_named_it_before_the_change_as_well(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({"Pulumi.yaml": PROJECT["Pulumi.yaml"] + "main: docs\n", "docs/rules.py": "1"})
    repository.commit({"docs/rules.py": None, "Pulumi.yaml": PROJECT["Pulumi.yaml"]})
    value = json.loads("\n".join(names(capsys, "HEAD~1..HEAD", "--json")))
    assert [stack["because"] for stack in value["stacks"]] == [["Pulumi.yaml", "docs/rules.py"]] * 5
    repository.commit({"docs/rules.py": "2"})
    assert names(capsys, "HEAD~1..HEAD") == []


def test_a_stack_that_named_the_programs_folder_does_not_own_it(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    stack = "config: {livekit-firewall:plugnmeet: docs}"
    repository.commit({"Pulumi.yaml": PROJECT["Pulumi.yaml"] + "main: docs/app\n", "stacks/Pulumi.e.yaml": stack})
    repository.commit({"docs/app/rules.py": "1"})
    assert names(capsys, "HEAD~1..HEAD") == ALL


def test_stacks_behind_a_link_are_touched_by_their_own_files(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    project = "name: x\nruntime: python\nstackConfigDir: linked\n"
    repository.commit({"Pulumi.yaml": project, "linked": "-> docs/stacks", "docs/stacks/Pulumi.x.yaml": "config: {}"})
    repository.commit({"docs/stacks/Pulumi.x.yaml": "config: {livekit-firewall:https: true}"})
    assert names(capsys, "HEAD~1..HEAD") == ["x"]


UNSEEN = {
    "leaves the repository": ("stackConfigDir: ../../elsewhere\n", "must be a folder of the repository"),
    "leaves it by an absolute path": ("stackConfigDir: /etc\n", "must be a folder of the repository"),
    "leaves it by a link": ("stackConfigDir: out\n", "must hold"),
    "is no path": ('stackConfigDir: "a\\0b"\n', "must be a folder of the repository"),
    "is no text": ("stackConfigDir: [stacks]\n", "must be a folder of the repository"),
    "is missing": ("stackConfigDir: stack\n", "must hold the stacks' files Pulumi.NAME.yaml"),
    "holds none": ("stackConfigDir: conf\n", "must hold the stacks' files Pulumi.NAME.yaml"),
    "is not written": ("", "must hold the stacks' files Pulumi.NAME.yaml"),
    "cannot be read": ("a: [\n", "not valid YAML"),
}


@pytest.mark.parametrize("title", sorted(UNSEEN))
def test_stacks_that_cannot_be_seen_are_exit_2_and_not_silence(
    title: str, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    written, expected = UNSEEN[title]
    change = {"Pulumi.yaml": f"name: firewall\nruntime: python\n{written}", "__main__.py": "2", "out": "-> .."}
    repository.commit(change)
    repository.commit({"__main__.py": "3"})
    for revisions in ("HEAD~1..HEAD", "HEAD~2..HEAD", "HEAD~1"):
        with pytest.raises(SystemExit) as stopped:
            main(["touched", revisions])
        out, err = capsys.readouterr()
        assert (stopped.value.code, out) == (2, ""), revisions
        assert "Pulumi.yaml" in err
        assert "Traceback" not in err
        assert str(repository.path) not in err
        if title != "leaves it by a link" or revisions != "HEAD~1":
            assert expected in err


def test_the_last_stack_may_go(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.commit({f"stacks/Pulumi.{name}.yaml": None for name in ALL})
    assert names(capsys, "HEAD~1..HEAD", "--removed") == ALL
    assert names(capsys, "HEAD~1..HEAD", "--present") == []


def test_the_first_stacks_may_come(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    project = "name: x\nruntime: python\nstackConfigDir: live\n"
    before = repository.commit({"Pulumi.yaml": None, **{f"stacks/Pulumi.{name}.yaml": None for name in ALL}})
    repository.commit({"Pulumi.yaml": project, "live/Pulumi.x.yaml": "config: {}"})
    assert names(capsys, f"{before}..HEAD", "--present") == ["x"]


def test_a_stack_that_the_project_loses_out_of_sight_counts_as_removed(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    project = "name: x\nruntime: python\nstackConfigDir: live\n"
    repository.commit({"Pulumi.yaml": project, "live/Pulumi.a.yaml": PROJECT["stacks/Pulumi.a.yaml"]})
    assert names(capsys, "HEAD~1..HEAD", "--present") == ["a"]
    assert names(capsys, "HEAD~1..HEAD", "--removed") == list("bcde")


def test_the_schema_refuses_what_is_not_documented() -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    stack = {"name": "a", "state": "changed", "because": ["x"]}
    good = {"version": 1, "stacks": [stack]}
    assert validator.is_valid(good)
    for bad in (
        *({key: value for key, value in good.items() if key != gone} for gone in good),
        {**good, "more": 1},
        *({**good, "stacks": [{k: v for k, v in stack.items() if k != gone}]} for gone in stack),
        {**good, "stacks": [{**stack, "state": "moved"}]},
    ):
        assert not validator.is_valid(bad), bad


def test_a_project_in_a_folder_depends_only_on_its_own_and_what_it_names(
    repository: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.commit({
        "infra/lk/Pulumi.yaml": "name: lk\nruntime: python\n",
        "infra/lk/Pulumi.x.yaml": "config: {livekit-firewall:livekit_config: ../../servers/livekit.yaml}",
        "servers/livekit.yaml": "port: 7880\n",
    })  # fmt: skip
    monkeypatch.chdir(repository.path / "infra/lk")
    repository.commit({"__main__.py": "2"})
    assert names(capsys, "HEAD~1..HEAD") == []
    repository.commit({"servers/livekit.yaml": "port: 1\n"})
    assert names(capsys, "HEAD~1..HEAD") == ["x"]
    repository.commit({"infra/lk/__main__.py": "1"})
    assert names(capsys, "HEAD~1..HEAD") == ["x"]


def test_a_named_link_is_followed_to_the_file_that_changed(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({"conf/current.yaml": "-> live/livekit.yaml", "conf/live/livekit.yaml": "port: 7880\n"})
    repository.commit({"stacks/Pulumi.e.yaml": "config: {livekit-firewall:livekit_config: conf/current.yaml}"})
    repository.commit({"conf/live/livekit.yaml": "port: 1\n"})
    assert names(capsys, "HEAD~1..HEAD") == ["e"]


def test_a_named_folder_that_becomes_a_link_touches_who_names_it(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({"docs/livekit.yaml": "port: 1\n"})
    repository.git("rm", "-r", "--quiet", "plugnmeet")
    repository.commit({"plugnmeet": "-> docs"})
    assert names(capsys, "HEAD~1..HEAD") == ["c", "d"]
    repository.commit({"docs/livekit.yaml": "port: 2\n"})
    assert names(capsys, "HEAD~1..HEAD") == ["c", "d"]


def test_a_link_on_the_way_to_a_named_file_counts(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.commit({"docs/a/livekit.yaml": "1", "docs/b/livekit.yaml": "1", "docs/live": "-> a"})
    repository.commit({"stacks/Pulumi.e.yaml": "config: {livekit-firewall:livekit_config: docs/live/livekit.yaml}"})
    repository.commit({"docs/live": "-> b"})
    assert names(capsys, "HEAD~1..HEAD") == ["e"]


def test_a_stack_that_names_the_whole_project_does_not_own_the_program(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({"stacks/Pulumi.e.yaml": "config: {livekit-firewall:plugnmeet: .}"})
    repository.commit({"__main__.py": "2"})
    assert names(capsys, "HEAD~1..HEAD") == ALL
    repository.commit({"README.md": "2"})
    assert names(capsys, "HEAD~1..HEAD") == ["e"]


def test_a_stack_that_cannot_be_read_is_touched_by_every_change(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit({"stacks/Pulumi.e.yaml": "config: [1]"})
    repository.commit({"conf/sip.yaml": "1"})
    assert names(capsys, "HEAD~1..HEAD") == ["b", "e"]


def test_without_a_project_or_a_repository_it_is_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for files, expected in (((), "there is no Pulumi.yaml"), (("Pulumi.yaml",), "must be in a git repository")):
        for name in files:
            (tmp_path / name).write_text("name: x\n")
        with pytest.raises(SystemExit) as stopped:
            main(["touched", "HEAD"])
        out, err = capsys.readouterr()
        assert (stopped.value.code, out) == (2, "")
        assert expected in err


def test_what_lies_beside_a_compose_file_touches_the_stack_that_names_it(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    stacks = {
        "stacks/Pulumi.a.yaml": "config:\n  livekit-firewall:compose: deploy/compose.yaml\n",
        "stacks/Pulumi.b.yaml": 'config:\n  livekit-firewall:compose: ["other/one.yaml", "deploy/two.yaml"]\n',
    }
    beside = ("deploy/compose.yaml", "deploy/lk/livekit.yaml", "deploy/.env", "deploy/two.yaml", "other/.env")
    repository.commit({**stacks, **dict.fromkeys(beside, "1")})
    for name, touched in zip(beside, (["a"], ["a"], ["a"], ["a", "b"], ["b"]), strict=True):
        repository.commit({name: "2"})
        assert names(capsys, "HEAD~1..HEAD") == touched, name

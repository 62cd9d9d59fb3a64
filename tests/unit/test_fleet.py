"""examples/fleet without an engine: the table, the order of waves, and the files for other engines.

Judges: the models of Pulumi's own client of its REST API, pulumi-cloud-sdk; and for the operator's Stack its fields as
of version 2, below. The jobs of CI are in test_fleet_jobs.py.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import threading
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
import yaml

from .fleet_example import EXAMPLE, ROOT, loaded, table

TEXT, TRUTH = {"type": "string"}, {"type": "boolean"}
STACK_OF_OPERATOR = {
    "type": "object",
    "required": ["apiVersion", "kind", "metadata", "spec"],
    "additionalProperties": False,
    "properties": {
        "apiVersion": {"const": "pulumi.com/v1"},
        "kind": {"const": "Stack"},
        "metadata": {
            "type": "object",
            "properties": {"name": {"type": "string", "pattern": "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"}},
        },
        "spec": {
            "type": "object",
            "required": ["stack"],
            "additionalProperties": False,
            "properties": {
                **dict.fromkeys(("stack", "projectRepo", "branch", "commit", "repoDir", "backend"), TEXT),
                **dict.fromkeys(("secretsProvider", "serviceAccountName"), TEXT),
                **dict.fromkeys(("refresh", "shallow", "preview", "destroyOnFinalize", "useLocalStackOnly"), TRUTH),
                "prerequisites": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["name"],
                        "additionalProperties": False,
                        "properties": {
                            "name": TEXT,
                            "requirement": {
                                "type": "object",
                                "additionalProperties": False,
                                "properties": {
                                    "succeededWithinDuration": {"type": "string", "pattern": r"^(\d+[hms])+$"}
                                },
                            },
                        },
                    },
                },
                "envRefs": {
                    "type": "object",
                    "additionalProperties": {
                        "type": "object",
                        "required": ["type"],
                        "additionalProperties": False,
                        "properties": {
                            "type": {"enum": ["Env", "FS", "Secret", "Literal"]},
                            "secret": {
                                "type": "object",
                                "required": ["key", "name"],
                                "additionalProperties": False,
                                "properties": {"key": TEXT, "name": TEXT},
                            },
                        },
                    },
                },
            },
        },
    },
}
"""The fields that the example may use of stacks.pulumi.com/v1: pulumi/pulumi-kubernetes-operator at 0d34c847,
deploy/helm/pulumi-operator/crds/pulumi.com_stacks.yaml, read 2026-11-30. The operator is in no package registry."""


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    yield from loaded(monkeypatch, tmp_path)


# --- what is written from the table


def test_what_lies_in_the_folder_is_what_the_table_gives(example: Any, tmp_path: Path) -> None:
    example.write_stacks(table(example))
    example.elsewhere.write(table(example), tmp_path)
    made = {path.relative_to(tmp_path): path.read_text() for path in tmp_path.rglob("*") if path.is_file()}
    kept = [
        EXAMPLE / "workflow.yml",
        *(
            path
            for folder in ("deployments", "gitlab", "operator", "program/stacks")
            for path in (EXAMPLE / folder).rglob("*.*")
        ),
    ]
    assert made == {path.relative_to(EXAMPLE): path.read_text() for path in kept if path.is_file()}


def test_a_stack_file_keeps_what_pulumi_wrote_there(example: Any, tmp_path: Path) -> None:
    file = tmp_path / "program" / "stacks" / "Pulumi.staging.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("encryptionsalt: v1:abc\nconfig:\n  livekit-firewall:port: 7000\nenvironment: [clouds]\n")
    example.write_stacks(table(example))
    written = yaml.safe_load(file.read_text())
    assert (written["encryptionsalt"], written["environment"]) == ("v1:abc", ["clouds"])
    assert written["config"] == {
        "livekit-firewall:https": True,
        "livekit-firewall:operators": {"cidrs": ["203.0.113.0/24"]},
        "livekit-firewall:digitalocean": {"tags": ["livekit-staging"]},
    }


@pytest.mark.parametrize(
    ("resources", "told", "is_there"),
    [
        (
            [{"urn": "any"}],
            "its row is gone, its stack still stands: `pulumi destroy --stack gone` in program/ first",
            1,
        ),
        ([], "removed, since its row is gone", 0),
        (None, "removed, since its row is gone", 0),
        ("no Pulumi", "not removed: its row is gone, and Pulumi cannot say if its stack stands: no Pulumi", 1),
    ],
    ids=["it stands", "it is empty", "it was never there", "not logged in"],
)
def test_the_file_of_a_row_that_is_gone_goes_unless_its_stack_stands(
    example: Any,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    resources: Any,
    told: str,
    is_there: int,
) -> None:
    class Workspace:
        there = () if resources is None else ("acme/livekit-fleet/gone",)

        def export_stack(self, name: str) -> Any:
            assert name == "gone"
            return example.argparse.Namespace(deployment={"resources": resources})

    kind = example.Updates

    def updates(_: Any) -> Any:
        if resources == "no Pulumi":
            raise OSError(resources)
        made = object.__new__(kind)
        made.workspace = Workspace()
        return made

    folder = tmp_path / "program" / "stacks"
    example.write_stacks(table(example))
    head = (folder / "Pulumi.staging.yaml").read_text().splitlines()[0]
    assert head == "# Written by fleet.py from fleet.yaml"
    (folder / "Pulumi.gone.yaml").write_text(f"{head}\nconfig: {{}}\n")
    (folder / "Pulumi.own.yaml").write_text("config: {}\n")
    (folder / "Pulumi.other.yaml").write_text("# Written by fleet.py from other.yaml\nconfig: {}\n")
    monkeypatch.setattr(example, "Updates", updates)
    monkeypatch.setattr(example.elsewhere, "write", lambda _: None)
    kept = {path.name for path in folder.iterdir()}
    monkeypatch.setattr(sys, "argv", ["fleet.py", "write"])
    assert example.main() == 0
    assert {path.name for path in folder.iterdir()} == (kept if is_there else kept - {"Pulumi.gone.yaml"})
    own = "not removed: it has no row in fleet.yaml, but fleet.py did not write it from there"
    assert capsys.readouterr().err == f"fleet.py: Pulumi.gone.yaml: {told}\nfleet.py: Pulumi.own.yaml: {own}\n"


def test_each_stack_of_the_operator_has_the_fields_of_its_definition(example: Any) -> None:
    made = {row.name: example.elsewhere.custom_resource(table(example), row) for row in table(example).stacks}
    for one in made.values():
        jsonschema.validate(one, STACK_OF_OPERATOR)
    waits_for = {name: [two["name"] for two in one["spec"].get("prerequisites", [])] for name, one in made.items()}
    after = {
        "eu-aws": ["staging"],
        "eu-gcp": ["staging"],
        "us-azure": ["eu-aws", "eu-gcp"],
        "us-sip": ["eu-aws", "eu-gcp"],
    }
    assert waits_for == {"staging": [], **after}


def test_a_state_of_ones_own_needs_no_token(example: Any) -> None:
    own = msgspec.structs.replace(table(example), backend="s3://acme", secrets="awskms://alias/pulumi")
    spec = example.elsewhere.custom_resource(own, own.stacks[0])["spec"]
    jsonschema.validate(spec, STACK_OF_OPERATOR["properties"]["spec"])  # type: ignore[index]
    assert (spec["backend"], spec["secretsProvider"], "envRefs" in spec) == (
        "s3://acme",
        "awskms://alias/pulumi",
        False,
    )
    assert "PULUMI_BACKEND_URL: s3://acme\n" in example.elsewhere.jobs(own, "workflow.yml")


def test_the_settings_of_deployments_have_the_fields_of_the_rest_api(example: Any) -> None:
    models = import_module("pulumi_cloud_sdk.models")
    for row in table(example).stacks:
        assert wrong(models, "DeploymentSettingsRequest", example.elsewhere.deployment(table(example), row)) == []
    assert wrong(models, "DeploymentSettingsRequest", {"sourceContext": {"git": {"branches": "x", "branch": 1}}}) == [
        "SourceContextGitRequest.branches", "SourceContextGitRequest.branch",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("settings", "paths"),
    [
        ({"livekit_config": "eu/livekit.yaml"}, ["eu/livekit.yaml"]),
        ({"sip_config": "../shared/sip.yaml", "aws": {"vpc_id": "vpc-1"}}, ["../shared/sip.yaml"]),
        ({"helm": ["livekit-server=eu/livekit.yaml"]}, ["eu/livekit.yaml"]),
        ({"compose": "compose.yaml"}, ["**"]),
        ({"plugnmeet": {"folder": "opt"}}, ["**"]),
    ],
    ids=["its file", "outside", "CHART=FILE", "compose", "plugNmeet"],
)
def test_a_change_of_a_file_that_a_row_names_concerns_its_stack(
    example: Any, tmp_path: Path, settings: dict[str, Any], paths: list[str]
) -> None:
    for name in ("program/eu/livekit.yaml", "shared/sip.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    own = sys.modules["table"].Table(stacks=[row := sys.modules["table"].Row("a", 1, settings=settings)], folder="x/y")
    made = example.elsewhere.deployment(own, row)["gitHub"]["paths"]
    of_each = [f"x/y/{name}" for name in ("stacks/Pulumi.a.yaml", *example.elsewhere.PROGRAM)]
    assert made == [*of_each, *(os.path.normpath(f"x/y/{path}") for path in paths)]


def wrong(models: Any, model: str, value: dict[str, Any]) -> list[str]:
    """The fields that the model does not have, or not with such a value."""
    known = getattr(models, model)
    types = {key: known.__swagger_types__[name] for name, key in known.__attribute_map__.items()}
    plain = {"str": str, "bool": bool, "list[str]": list}
    found = []
    for key, inner in value.items():
        kind = types.get(key, "")
        if isinstance(inner, dict) and hasattr(models, kind):
            found += wrong(models, kind, inner)
        elif not (kind in plain and isinstance(inner, plain[kind])):
            found.append(f"{model}.{key}")
    return found


# --- the table


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("stacks: []", "at `$.stacks`"),
        ("stacks: [{name: a, wave: 0}]", "at `$.stacks[0].wave`"),
        ("stacks: [{name: a, wave: 1, setings: {}}]", "unknown field `setings` - at `$.stacks[0]`"),
        ("stacks: [{name: A_b, wave: 1}]", "at `$.stacks[0].name`"),
        ("stacks: [{name: a, wave: 1}, {name: a, wave: 2}]", "these are there twice: a"),
        ("stacks: [", "fleet.yaml"),
    ],
)
def test_a_table_that_is_wrong_stops_before_anything_is_done(
    example: Any,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    told: str,
) -> None:
    file = tmp_path / "fleet.yaml"
    file.write_text(text)
    monkeypatch.setattr(sys, "argv", ["fleet.py", "up", "--table", str(file)])
    assert example.main() == 2
    error = capsys.readouterr().err
    assert error.startswith(f"fleet.py: {file}: ")
    assert told in error
    assert not (tmp_path / "program").exists()


def test_what_the_rows_set_is_judged_before_the_first_stack_is_touched(
    example: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All rows at once, those of the last wave too; what is rendered as well as what is read."""
    file = tmp_path / "fleet.yaml"
    settings = {
        "sound": {"digitalocean": {"tags": ["a"]}},
        "bits": {"digitalocean": {"tags": ["b"]}, "operators": {"cidrs": ["198.51.100.7/24"]}},
        "key": {"digitalocean": {"tags": ["c"]}, "opertors": {}},
        "file": {"digitalocean": {"tags": ["d"]}, "livekit_config": "node.yaml"},
        "many": {"hetzner": {"label_selectors": ["role=livekit"]}, "extra_rules": [
            {"name": f"own-{number}", "protocol": "tcp", "ports": 9000 + number, "cidrs": ["198.51.100.0/24"]}
            for number in range(0, 200, 2)
        ]},
    }  # fmt: skip
    rows = [{"name": name, "wave": wave, "settings": one} for wave, (name, one) in enumerate(settings.items(), 1)]
    file.write_text(yaml.safe_dump({"stacks": rows}))
    (tmp_path / "program").mkdir()
    (tmp_path / "program" / "node.yaml").write_text("port: 78800\n")
    monkeypatch.setattr(example, "Updates", None)
    for action in ("review", "up", "write"):
        monkeypatch.setattr(sys, "argv", ["fleet.py", action, "--table", str(file)])
        assert example.main() == 2
        head, *told = capsys.readouterr().err.splitlines()
        assert head == f"fleet.py: {file}: 4 problems in what the rows set, nothing was done:"
        starts = (
            "bits: operators.cidrs[0]: ",
            "key: opertors: unknown key",
            "file: node.yaml:1:1: port: ",
            "many: hetzner",
        )
        assert [line.startswith(f"  - {start}") for line, start in zip(told, starts, strict=True)] == [True] * 4, told
        assert [path.name for path in (tmp_path / "program").iterdir()] == ["node.yaml"]
    assert not file.with_suffix(".jsonl").exists()
    monkeypatch.setattr(sys, "argv", ["fleet.py", "review", "--table", str(file), "--only", "sound"])
    with pytest.raises(TypeError, match="'NoneType' object is not callable"):  # it has come to Updates
        example.main()


@pytest.mark.parametrize(
    "words", ["up --workers 0", "up --fail-on risk", "review --resume run.jsonl", "write --only staging"]
)
def test_an_option_that_means_nothing_there_is_refused(
    example: Any, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["fleet.py", *words.split()])
    with pytest.raises(SystemExit) as ended:
        example.main()
    assert ended.value.code == 2


def test_without_pulumi_nothing_is_done(
    example: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["fleet.py", "up"])
    monkeypatch.setenv("PATH", str(tmp_path))
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        assert example.main() == 2
    finally:
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGTERM, before[1])
    assert capsys.readouterr().err.startswith("fleet.py: Pulumi: [Errno 2] No such file or directory: 'pulumi'")
    assert not (tmp_path / "program").exists()


def test_not_logged_in_is_one_line_of_the_cli(example: Any) -> None:
    told = "\n code: 255\n stdout: \n stderr: error: PULUMI_ACCESS_TOKEN must be set for login\n"
    assert example.first_line(told) == "PULUMI_ACCESS_TOKEN must be set for login"


# --- waves


def waves(example: Any, *several: str) -> list[list[Any]]:
    row = sys.modules["table"].Row
    return [[row(name=name, wave=number) for name in names.split()] for number, names in enumerate(several, 1)]


def outcome(example: Any, row: Any, result: str) -> Any:
    return example.Outcome(row.name, row.wave, result)


def display(example: Any, tmp_path: Path, stacks: int, as_json: bool = True, action: str = "up") -> Any:
    return example.Display(as_json, stacks, example.Journal(tmp_path / "fleet.jsonl", action, goes_on=False))


@pytest.mark.parametrize(
    ("stops", "results"), [(True, "changed failed changed not not"), (False, "changed failed changed changed changed")]
)
def test_a_failed_stack_ends_its_wave_for_nobody_and_the_next_for_all(
    example: Any, tmp_path: Path, stops: bool, results: str
) -> None:
    shown = display(example, tmp_path, 5)
    outcomes = example.run_waves(
        waves(example, "a bad c", "d", "e"),
        lambda row: outcome(example, row, "failed" if row.name == "bad" else "changed"), 2, shown, stops,
    )  # fmt: skip
    assert " ".join(one.result.split()[0] for one in outcomes) == results
    assert [one.stack for one in outcomes] == ["a", "bad", "c", "d", "e"]


def test_as_many_as_there_are_workers_run_at_once_and_none_of_the_next_wave(example: Any, tmp_path: Path) -> None:
    together = threading.Barrier(2, timeout=20)
    running, seen, lock = set[Any](), [], threading.Lock()

    def command(row: Any) -> Any:
        with lock:
            running.add((row.wave, row.name))
            seen.append({wave for wave, _ in running})
            assert len(running) <= 2
        together.wait()
        with lock:
            running.discard((row.wave, row.name))
        return outcome(example, row, "changed")

    example.run_waves(waves(example, "a b", "c d"), command, 2, display(example, tmp_path, 4), stops=True)
    assert seen == [{1}, {1}, {2}, {2}]


def test_an_interruption_begins_nothing_more_and_lets_what_runs_end(example: Any, tmp_path: Path) -> None:
    def command(row: Any) -> Any:
        example.INTERRUPTED.set()
        return outcome(example, row, "changed")

    outcomes = example.run_waves(waves(example, "a b", "c"), command, 1, display(example, tmp_path, 3), stops=True)
    assert [one.result for one in outcomes] == ["changed", "not started", "not started"]


def test_people_see_each_stack_when_it_is_done_and_a_table_at_the_end(
    example: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    shown = display(example, tmp_path, 1, as_json=False)
    one = example.Outcome("eu-aws", 2, "changed", {"create": 19, "delete": 1}, 4.56, "")
    example.run_waves(waves(example, "", "eu-aws")[1:], lambda row: one, 1, shown, stops=True)
    first, *grid = capsys.readouterr().out.splitlines()
    assert first == "1/1 eu-aws: changed in 4.6 s"
    assert [cell.strip() for cell in grid[3].split("│")[1:-1]] == [
        "eu-aws",
        "2",
        "changed",
        "create 19, delete 1",
        "4.6",
        "",
    ]


def test_the_page_shows_what_people_see(
    example: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """examples/fleet/README.md, with an end of each kind but those of a lock and of an interruption."""
    monkeypatch.setenv("COLUMNS", "110")
    seconds = {"staging": 2.8, "eu-aws": 4.6, "eu-gcp": 2.9, "us-azure": 2.7, "us-sip": 1.6}
    made = {"staging": 3, "eu-aws": 18, "eu-gcp": 7, "us-azure": 3}
    error = "404: tag livekit-sip was not found"

    def command(row: Any) -> Any:
        changes = {"create": made[row.name]} if row.name in made else {}
        result = ("changed", "") if changes else ("failed", error)
        return example.Outcome(row.name, row.wave, result[0], changes, seconds[row.name], result[1])

    example.run_waves(table(example).waves(), command, 1, display(example, tmp_path, 5, as_json=False), stops=True)
    shown = "\n".join(line.rstrip() for line in capsys.readouterr().out.splitlines())
    assert f"```\n{shown}\n```" in (EXAMPLE / "README.md").read_text(encoding="utf-8")


def test_every_command_of_the_pages_is_one(example: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """README.md and docs/fleet.md."""
    pages = (EXAMPLE / "README.md", ROOT / "docs" / "fleet.md")
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    commands = re.findall(r"python fleet\.py ([^`\n]+)", text)
    for command in commands:
        monkeypatch.setattr(sys, "argv", ["fleet.py", *command.split()])
        assert example.parse().action == command.split()[0]
    assert {command.split()[0] for command in commands} == {"review", "up", "destroy", "write"}
    monkeypatch.setattr(sys, "argv", ["fleet.py", "--help"])
    with pytest.raises(SystemExit):
        example.parse()
    options = set(re.findall(r"^\| `(--[a-z-]+)", text, re.MULTILINE)) | set(re.findall(r"`(--fail-on) ", text))
    assert options == {"--workers", "--only", "--json", "--resume", "--refresh", "--fail-on"}


def test_the_backend_and_the_lock_are_as_the_page_has_them(example: Any) -> None:
    page = (ROOT / "docs" / "fleet.md").read_text(encoding="utf-8")
    (given,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    read = msgspec.yaml.decode(f"{given}\nstacks: [{{name: a, wave: 1}}]", type=sys.modules["table"].Table)
    assert read.environment() == {"PULUMI_BACKEND_URL": "s3://acme-pulumi-state?region=eu-central-1"}
    by = "created by root@runner-7 (pid 4711) at 2026-11-30T07:19:47Z"
    assert sys.modules["updates"].LOCKED.format(name="eu-aws", by=by) in page.splitlines()


def lines(*several: tuple[str, str, str], action: str = "up") -> str:
    made = [{"event": "ended", "action": action, "stack": name, "result": result, "digest": digest}
            for name, result, digest in several]  # fmt: skip
    return "".join(json.dumps(line) + "\n" for line in made)


def test_a_log_that_was_cut_off_is_read_up_to_there(example: Any, tmp_path: Path) -> None:
    log = tmp_path / "run.jsonl"
    ended = (("a", "changed", "1"), ("b", "failed", "2"), ("c", "unchanged", "3"), ("d", "changed", ""))
    log.write_text(lines(*ended) + '{"event": "ended", "sta')
    assert example.done_in(log) == {"a": "1", "c": "3"}


def test_the_last_word_on_a_stack_counts(example: Any, tmp_path: Path) -> None:
    log = tmp_path / "run.jsonl"
    done = [(name, "changed", name) for name in ("failed", "gone", "kept", "reviewed")]
    later = lines(("failed", "failed", "x")) + lines(("gone", "changed", "gone"), action="destroy")
    log.write_text(lines(*done) + later)
    assert example.done_in(log) == {"kept": "kept", "reviewed": "reviewed"}
    log.write_text(lines(("reviewed", "unchanged", "reviewed"), action="review"))
    assert example.done_in(log) == {}


@pytest.mark.parametrize(
    "text", ["# a table\nstacks: []\n", "{}\n", "[1]\n", "no end", "\xff\n" + lines(("a", "changed", "1"))]
)
def test_a_log_of_another_kind_is_refused_before_anything_is_done(
    example: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    log = tmp_path / "other"
    log.write_bytes(text.encode("latin-1"))
    monkeypatch.setattr(sys, "argv", ["fleet.py", "up", "--resume", str(log)])
    assert example.main() == 2
    expected = "expected the lines of JSON that `up` writes, as in fleet.jsonl"
    assert capsys.readouterr().err == f"fleet.py: --resume: {log}, line 1: {expected}\n"


def test_each_run_that_changes_something_keeps_its_lines(example: Any, tmp_path: Path) -> None:
    log = tmp_path / "fleet.jsonl"
    for action, goes_on, kept in (
        ("up", False, ["up"]), ("up", True, ["up"] * 2), ("review", False, ["up"] * 2),
        ("destroy", False, ["up", "up", "destroy"]), ("up", False, ["up"]),
    ):  # fmt: skip
        line = example.Journal(log, action, goes_on).line("ended", stack="a")
        assert json.loads(line) == {"event": "ended", "action": action, "stack": "a"}
        assert [json.loads(one)["action"] for one in log.read_text().splitlines()] == kept


def test_what_an_earlier_run_has_done_is_in_the_table_and_not_begun(
    example: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = display(example, tmp_path, 1, as_json=False)
    outcomes = example.run_waves(
        waves(example, "a", "b"), lambda row: outcome(example, row, "changed"), 1, shown, stops=True, done={"a": "1"}
    )
    assert [(one.stack, one.result) for one in outcomes] == [("a", "done before"), ("b", "changed")]
    first, *grid = capsys.readouterr().out.splitlines()
    assert first == "1/1 b: changed in 0.0 s"
    assert [cell.strip() for cell in grid[3].split("│")[1:4]] == ["a", "1", "done before"]


def test_what_python_says_of_a_programs_leftover_is_not_shown_and_of_others_is(
    example: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run_pulumi_func() -> None: ...

    async def other() -> None: ...

    told: list[str] = []
    monkeypatch.setattr(sys, "__unraisablehook__", lambda one: told.append(one.object.__name__))
    for made in (run_pulumi_func(), other()):
        made.close()
        sys.unraisablehook(example.argparse.Namespace(object=made))
    assert told == ["other"]


def test_the_digest_follows_the_files_that_a_stack_names(
    example: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "program"
    program.mkdir()
    (program / "firewall.py").write_text("")
    (program / "livekit.yaml").write_text("port: 7880\n")
    for name in ("table", "updates"):
        monkeypatch.setattr(sys.modules[name], "PROJECT", program)
    tables = sys.modules["table"]
    row = tables.Row(name="a", wave=1, settings={"livekit_config": "livekit.yaml"})
    updates = object.__new__(example.Updates)
    updates.table = tables.Table(stacks=[row])
    before = updates.digest(row)
    assert before == updates.digest(row) != ""
    (program / "livekit.yaml").write_text("port: 7881\n")
    assert updates.digest(row) != before
    assert updates.digest(tables.Row(name="a", wave=1, settings={"compose": "compose.yaml"})) == ""


@pytest.mark.parametrize("text", ["a" * 300, "a" * 5000, "a\0b", "a/" * 300], ids=["name", "path", "NUL", "depth"])
def test_a_text_that_no_file_can_be_called_is_none(
    example: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    (tmp_path / "firewall.py").write_text("")
    for name in ("table", "updates"):
        monkeypatch.setattr(sys.modules[name], "PROJECT", tmp_path)
    tables = sys.modules["table"]
    row = tables.Row(name="a", wave=1, settings={"digitalocean": {"tags": [text]}})
    updates = object.__new__(example.Updates)
    updates.table = tables.Table(stacks=[row])
    assert updates.digest(row)

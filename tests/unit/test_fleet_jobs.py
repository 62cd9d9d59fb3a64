"""examples/fleet: the jobs of GitHub Actions and of GitLab.

Judges: SchemaStore's schema of GitHub's workflows and GitLab's own of its pipelines, which check-jsonschema holds.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
import yaml

from .fleet_example import EXAMPLE, ROOT, loaded, table
from .git_repository import ALONE, Repository

FOLDER = "examples/fleet"


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    yield from loaded(monkeypatch, tmp_path)


# --- the workflow


def test_the_workflow_is_one_by_the_published_schema_and_as_careful_as_our_own(example: Any) -> None:
    text = example.elsewhere.jobs(table(example), "workflow.yml")
    schema = json.loads(
        resources.files("check_jsonschema").joinpath("builtin_schemas/vendor/github-workflows.json").read_bytes()
    )
    document = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - `on` stays a text
    jsonschema.validate(yaml.safe_load(text.replace("\non:", '\n"on":')), schema)
    assert document["permissions"] == {}
    assert document["concurrency"] == {"group": "fleet", "queue": "max"}
    assert [job["permissions"] for job in document["jobs"].values()] == [{"contents": "read"}] * 4
    own = (ROOT / ".github" / "workflows" / "preview.yml").read_text()
    for job in document["jobs"].values():
        for step in job["steps"]:
            assert f"uses: {step['uses']} # v" in own if "uses" in step else "${{" not in step["run"]
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] == "false"
    needs = {name: job.get("needs") for name, job in document["jobs"].items()}
    assert needs == {
        "touched": None,
        "wave-1": ["touched"],
        "wave-2": ["touched", "wave-1"],
        "wave-3": ["touched", "wave-1", "wave-2"],
    }


TOUCHES = pytest.mark.parametrize(
    ("changed", "waves"),
    [
        ({"program/stacks/Pulumi.eu-gcp.yaml": "config: {livekit-firewall:https: true}\n"}, [[], ["eu-gcp"], []]),
        ({"program/firewall.py": "\n"}, [["staging"], ["eu-aws", "eu-gcp"], ["us-azure", "us-sip"]]),
        ({"fleet.yaml": "\n", "operator/staging.yaml": "\n"}, [[], [], []]),
        (None, [["staging"], ["eu-aws", "eu-gcp"], ["us-azure", "us-sip"]]),
    ],
    ids=["one stack", "the program", "the table alone", "by hand"],
)


def pushed(folder: Path, changed: dict[str, str] | None) -> tuple[Repository, str]:
    """A repository with the example, and the commit before a change of these files in it."""
    repository = Repository(folder / "repository")
    files = ("fleet.yaml", "program/Pulumi.yaml", "program/firewall.py", "operator/staging.yaml", "gitlab/child.yml")
    stacks = (path.relative_to(EXAMPLE).as_posix() for path in (EXAMPLE / "program" / "stacks").iterdir())
    repository.write({f"{FOLDER}/{name}": (EXAMPLE / name).read_text() for name in (*files, *stacks)})
    repository.git("add", ".")
    repository.git("commit", "--quiet", "--message=before")
    before = repository.git("rev-parse", "HEAD")
    repository.write({f"{FOLDER}/{name}": text for name, text in (changed or {}).items()})
    repository.git("commit", "--quiet", "--all", "--allow-empty", "--message=after")
    return repository, before


@TOUCHES
def test_its_matrix_is_what_a_push_touches(
    example: Any, tmp_path: Path, changed: dict[str, str] | None, waves: list[list[str]]
) -> None:
    repository, before = pushed(tmp_path, changed)
    (step,) = (
        one
        for one in yaml.safe_load(example.elsewhere.jobs(table(example), "workflow.yml"))["jobs"]["touched"]["steps"]
        if one.get("id")
    )
    output = tmp_path / "output"
    subprocess.run(
        ["bash", "-e", "-c", step["run"]], cwd=repository.path / FOLDER / "program", check=True, timeout=60,
        env={
            **ALONE, "BEFORE": before if changed is not None else "", "GITHUB_OUTPUT": str(output),
            "RUNNER_TEMP": str(tmp_path), "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        },
    )  # fmt: skip
    assert output.read_text().splitlines() == [
        f"wave-{number}={json.dumps(names, separators=(',', ':'))}" for number, names in enumerate(waves, 1)
    ]


# --- the jobs of GitLab


def pipeline(text: str) -> dict[str, Any]:
    """The jobs of a pipeline, which is one by GitLab's schema."""
    schema = json.loads(
        resources.files("check_jsonschema").joinpath("builtin_schemas/vendor/gitlab-ci.json").read_bytes()
    )
    found: dict[str, Any] = yaml.safe_load(text)
    jsonschema.Draft7Validator(schema).validate(found)
    return found


def test_the_pipeline_of_gitlab_runs_the_child_of_a_push_after_that_of_the_one_before(example: Any) -> None:
    parent = pipeline(example.elsewhere.jobs(table(example), "gitlab-parent.yml"))
    touched, waves = parent["touched"], parent["waves"]
    assert parent["stages"] == [touched["stage"], waves["stage"]]
    assert parent["workflow"] == {"auto_cancel": {"on_new_commit": "none"}}
    assert waves["resource_group"] == "fleet"
    assert waves["trigger"] == {"include": [{"artifact": "child.yml", "job": "touched"}], "strategy": "depend"}
    assert touched["artifacts"]["paths"] == ["child.yml"]
    assert touched["rules"] == waves["rules"]
    assert "environment" not in touched, "it needs no credentials"
    image = yaml.safe_load((EXAMPLE / "gitlab" / "child.yml").read_text())[".update"]["image"]
    page = (ROOT / "docs" / "preview-in-ci.md").read_text(encoding="utf-8")
    assert (touched["image"], f"image: {image}\n" in page) == (image, True)


def test_gitlab_too_finds_a_state_of_ones_own(example: Any) -> None:
    own = msgspec.structs.replace(table(example), backend="s3://acme", organization="")
    update = pipeline(example.elsewhere.jobs(own, "gitlab-child.yml"))[".update"]
    assert update["variables"]["PULUMI_BACKEND_URL"] == "s3://acme"
    assert update["script"][2] == 'pulumi stack select --create "$STACK"'


@TOUCHES
def test_the_child_pipeline_has_what_a_push_touches(
    example: Any, tmp_path: Path, changed: dict[str, str] | None, waves: list[list[str]]
) -> None:
    repository, before = pushed(tmp_path, changed)
    cd, install, *script = pipeline(example.elsewhere.jobs(table(example), "gitlab-parent.yml"))["touched"]["script"]
    assert install.startswith("python -I -m pip install ")
    subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", "\n".join([cd, *script])], cwd=repository.path, check=True, timeout=60,
        env={
            **ALONE, "CI_COMMIT_BEFORE_SHA": before if changed is not None else "0" * 40,
            "CI_PROJECT_DIR": str(repository.path), "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        },
    )  # fmt: skip
    child = pipeline((repository.path / "child.yml").read_text())
    stages, jobs = child.pop("stages"), {name: job for name, job in child.items() if not name.startswith(".")}
    if not any(waves):
        assert jobs == {"nothing": {"extends": ".nothing"}}
        return
    assert jobs == {
        f"update {name}": {"extends": ".update", "stage": stage, "variables": {"STACK": name}}
        for stage, names in zip(stages, waves, strict=True)
        for name in names
    }

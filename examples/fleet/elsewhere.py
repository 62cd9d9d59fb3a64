"""The files by which other engines run the stacks of the table: `python fleet.py write`, docs/fleet.md.

deployments/wave-N/NAME.json    settings of Pulumi Deployments
operator/NAME.yaml              a Stack of the Pulumi Kubernetes Operator
workflow.yml                    jobs of GitHub Actions
gitlab/parent.yml, child.yml    jobs of GitLab, and what a child pipeline of theirs begins with
"""

import json
import posixpath
import shutil
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, StrictUndefined
from table import HERE, PROJECT, Row, Table

NAME = yaml.safe_load((PROJECT / "Pulumi.yaml").read_text(encoding="utf-8"))["name"]
PROGRAM = ("Pulumi.yaml", "__main__.py", "firewall.py", "requirements.txt")


def deployment(table: Table, row: Row) -> dict[str, Any]:
    """The body of PATCH /api/stacks/ORGANIZATION/PROJECT/STACK/deployments/settings."""
    named = table.files(row)
    paths = (f"stacks/Pulumi.{row.name}.yaml", *PROGRAM, *(["**"] if named is None else named))
    return {
        "sourceContext": {"git": {"branch": f"refs/heads/{table.branch}", "repoDir": table.folder}},
        "gitHub": {
            "repository": table.repository,
            "previewPullRequests": True,
            "deployCommits": False,  # would begin all waves at once
            "paths": [posixpath.normpath(f"{table.folder}/{path}") for path in paths],
        },
    }


def custom_resource(table: Table, row: Row) -> dict[str, Any]:
    """A Stack of Kubernetes. Those of the wave before are its prerequisites."""
    waves = [wave for wave in table.waves() if wave[0].wave < row.wave]
    before = [{"name": other.name, "requirement": {"succeededWithinDuration": "1h"}} for other in (waves or [[]])[-1]]
    token = {"type": "Secret", "secret": {"name": "pulumi", "key": "accessToken"}}
    return {
        "apiVersion": "pulumi.com/v1",
        "kind": "Stack",
        "metadata": {"name": row.name, "labels": {"wave": str(row.wave)}},
        "spec": {
            "stack": f"{table.organization}/{NAME}/{row.name}",
            "projectRepo": f"https://github.com/{table.repository}",
            "branch": table.branch,
            "repoDir": table.folder,
            "serviceAccountName": "pulumi",
            "refresh": True,
            **({"prerequisites": before} if before else {}),
            **({"backend": table.backend} if table.backend else {"envRefs": {"PULUMI_ACCESS_TOKEN": token}}),
            **({"secretsProvider": table.secrets} if table.secrets else {}),
        },
    }


def jobs(table: Table, template: str) -> str:
    """A file for CI. In GitHub a job per wave, and in each a matrix of the stacks that the push touched; in GitLab a
    stage per wave, and in each a job for every such stack.
    """
    made = Environment(  # noqa: S701  it is no HTML
        variable_start_string="[[", variable_end_string="]]", block_start_string="[%", block_end_string="%]",
        trim_blocks=True, keep_trailing_newline=True, undefined=StrictUndefined,
    )  # fmt: skip
    waves = {wave[0].wave: [row.name for row in wave] for wave in table.waves()}
    organization = f"{table.organization}/" if table.organization else ""
    text = made.from_string((HERE / f"{template}.jinja").read_text(encoding="utf-8"))
    stages = [f"wave-{number}" for number in waves]
    return text.render(table=table, waves=waves, stages=stages, organization=organization)


def files(table: Table) -> dict[str, str]:
    """What `write` writes, by path in this folder."""
    made = {"workflow.yml": jobs(table, "workflow.yml")}
    made |= {f"gitlab/{name}.yml": jobs(table, f"gitlab-{name}.yml") for name in ("parent", "child")}
    for row in table.stacks:
        made[f"deployments/wave-{row.wave}/{row.name}.json"] = json.dumps(deployment(table, row), indent=2) + "\n"
        made[f"operator/{row.name}.yaml"] = yaml.safe_dump(custom_resource(table, row), sort_keys=False)
    return made


def write(table: Table, to: Path = HERE) -> None:
    """Anew: what belongs to a row that is gone goes as well."""
    for folder in ("deployments", "operator"):
        shutil.rmtree(to / folder, ignore_errors=True)
    for name, text in files(table).items():
        path = to / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

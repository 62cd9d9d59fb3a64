"""The JSON of every command is what docs/schemas says, whatever the input."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest

from livekit_firewall.cli.group import cli, main
from livekit_firewall.cli.host import host
from livekit_firewall.cli.probe import probe
from livekit_firewall.model.services import Audience, Service
from livekit_firewall.platforms.registry import NAMES
from livekit_firewall.reports.lint import CATALOGUE
from tests.sampling import sample

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "docs" / "schemas"
SHAPES = Path(__file__).with_name("configurations")

ARGUMENTS = """
livekit_config: {livekit}
sip: {{rtp_port: 12000-13000}}
ingress: {{}}
https: {{port: 443, acme: false}}
trunks: [{{name: carrier, signaling: [198.51.100.0/28], media: [198.51.100.64/26]}}]
operators: {{cidrs: [10.1.0.0/16, 10.2.0.0/16, 10.4.0.0/16]}}
cluster: {{cidrs: [203.0.113.0/28], same_group: true, services: [redis]}}
load_balancer: {{cidrs: [10.0.0.0/24]}}
aws: {{security_group_id: sg-1, load_balancer_security_group_ids: [sg-2], egress: true}}
gcp: {{network: livekit, target_tags: [livekit], google_load_balancer: true}}
digitalocean: {{droplet_ids: ["1"], load_balancer_uids: [lb]}}
host: {{}}
"""

INPUTS: dict[str, list[str]] = {
    "a file": ["--livekit", str(SHAPES / "generator/livekit.yaml"), "--https"],
    "a file alone": ["--livekit", str(SHAPES / "helm/livekit.yaml")],
    "several services": [
        *("--livekit", str(SHAPES / "distributed/livekit.yaml"), "--sip", str(SHAPES / "distributed/sip.yaml")),
        *("--egress", str(SHAPES / "generator/egress.yaml"), "--load-balancer", "10.0.0.0/24", "--no-ipv6"),
    ],
    "variables alone": ["--set", "UDP_PORT=7882", "--set", "NODE_IP=203.0.113.7"],
    "plugNmeet": ["--plugnmeet"],
    "a folder of plugNmeet": ["--plugnmeet", str(SHAPES / "plugnmeet"), "--operator", "10.1.0.0/16"],
    "arguments": ["--args", "arguments.yaml"],
    "arguments that name nobody": ["--args", "nobody.yaml"],
    "several groups of AWS": ["--args", "spread.yaml"],
}

COMMANDS: dict[str, list[list[str]]] = {
    "ports": [["ports"]],
    "rules": [["rules"]],
    "exposure": [["exposure"]],
    "lint": [["lint"], ["lint", "--ignore", "unknown-key=newer", "--ignore", "relay-default=a single node"]],
    "render": [["render", "--to", platform] for platform in NAMES],
    "explain": [
        ["explain", "203.0.113.7", "udp/50008"],
        ["explain", "192.0.2.1", "tcp/1-9"],
        ["explain", "--rule", "ice"],
    ],
    "compare": [["compare", str(Path(__file__).parent / "firewalls" / "nftables-hand-made.json")]],
}
"""By schema, the commands that print it."""

CASES = [(name, command, title) for name, commands in COMMANDS.items() for command in commands for title in INPUTS]


def schema(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
    return read


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "arguments.yaml").write_text(ARGUMENTS.format(livekit=ROOT / "examples/livekit.yaml"))
    (tmp_path / "nobody.yaml").write_text("port: 7880\naws: {vpc_id: vpc-1}\n")
    (tmp_path / "spread.yaml").write_text(
        "sip: {}\ntrunks: [198.51.100.0/24, 203.0.113.0/24]\naws: {vpc_id: vpc-1, groups: 3}\n"
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    with pytest.raises(SystemExit) as stopped:
        main([*arguments, "--json"])
    out, err = capsys.readouterr()
    assert stopped.value.code in (0, 1), err
    return json.loads(out)


@pytest.mark.parametrize(
    ("name", "command", "title"),
    sample(CASES, lambda case: (case[0], str(case[1]), case[2], (case[0], "arguments" in case[2]))),
    ids=lambda value: str(value),
)
def test_a_command_prints_what_its_schema_says(
    name: str, command: list[str], title: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    value = printed(capsys, *command, *INPUTS[title])
    jsonschema.Draft202012Validator(schema(name)).validate(value)


@pytest.mark.parametrize("path", sorted(SCHEMAS.glob("*.json")), ids=lambda path: path.stem)
def test_a_schema_is_one_and_belongs_to_a_command(path: Path) -> None:
    read = schema(path.stem)
    jsonschema.Draft202012Validator.check_schema(read)
    assert read["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert read["$id"] == f"urn:livekit-firewall:{path.stem}:1"
    assert path.stem in {
        *cli.list_commands(click.Context(cli)),
        *(f"{group.name}-{name}" for group in (host, probe) for name in group.commands),
    }


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_schema_refuses_what_is_not_documented(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """At every object of a real output: one key more, and each key less."""
    validator = jsonschema.Draft202012Validator(schema(name))
    value = printed(capsys, *COMMANDS[name][0], *INPUTS["a file"])
    assert validator.is_valid(value)
    for key in list(value):
        less = copy.deepcopy(value)
        del less[key]
        assert not validator.is_valid(less), key
    assert not validator.is_valid({**value, "more": 1})
    tables = [rows for rows in value.values() if isinstance(rows, list) and rows and isinstance(rows[0], dict)]
    rows = tables[0] if tables else None
    for key in list(rows[0]) if rows else ():
        less = copy.deepcopy(value)
        where = next(one for one, found in value.items() if found == rows)
        del less[where][0][key]
        assert not validator.is_valid(less), f"{where}[0].{key}"


@pytest.mark.parametrize("name", ["ports", "rules", "exposure"])
def test_the_words_of_the_schemas_are_those_of_the_code(name: str) -> None:
    assert schema(name)["$defs"]["service"]["enum"] == [str(service) for service in Service]
    if name == "ports":
        audience = schema(name)["properties"]["ports"]["items"]["properties"]["audience"]
        assert audience["enum"] == [str(audience) for audience in Audience]


def test_the_ids_of_all_findings_have_the_form_that_the_schemas_want() -> None:
    pattern = schema("ports")["$defs"]["finding"]["properties"]["id"]["pattern"]
    for name in CATALOGUE:
        jsonschema.validate(name, {"type": "string", "pattern": pattern})

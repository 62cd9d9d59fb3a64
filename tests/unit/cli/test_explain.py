"""The command `explain --rule`: the state of a stack from a file, from standard input or from Pulumi's CLI."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from livekit_firewall.cli import group as cli
from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.deployment.rendering import render_for
from livekit_firewall.platforms.nftables.record import NFTABLES
from livekit_firewall.reports.explain import stack_export as stack_state
from livekit_firewall.reports.explain.stack_export import exported_state
from livekit_firewall.reports.explain.stack_rules import StateError

from ..reports.test_stack_rules import FILE, MEDIA, export, resource


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with the stack dev, and a PATH without a Pulumi."""
    (tmp_path / "Pulumi.yaml").write_text("name: media\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  livekit-firewall:https: true\n  livekit-firewall:host: {}\n")
    inside = tmp_path / "inside"
    inside.mkdir()
    monkeypatch.chdir(inside)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return tmp_path


def install(project: Path, script: str) -> None:
    """A `pulumi` of one's own, which writes down what it was asked."""
    (project / "bin").mkdir()
    command = project / "bin" / "pulumi"
    told = f"json.dump([sys.argv[1:], os.getcwd(), sys.stdin.read()], open({str(project / 'asked')!r}, 'w'))"
    command.write_text(f"#!{sys.executable}\nimport json, os, sys\n{told}\n{script}\n")
    command.chmod(0o755)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[Any, str, str]:
    with pytest.raises(SystemExit) as ended:
        cli.main(["explain", *arguments])
    return (ended.value.code, *capsys.readouterr())


class TestTheCommand:
    def test_an_empty_text_names_no_rule(self, project, capsys):
        code, _out, err = run(capsys, "--stack", "dev", "--rule", " ")
        assert code == 2
        assert "--rule: must be the id, name or description of a rule (got an empty text)" in err

    def test_asks_the_cli_for_the_state_in_the_projects_folder_and_for_no_secret(self, project, capsys):
        ruleset = render_for(read_deployment({"https": True}, project), NFTABLES)
        made = resource(FILE, "lk-host-ruleset", "host.nft", {"content": ruleset}, "Host")
        install(project, f"print({export(made)!r})")
        code, out, err = run(capsys, "--stack", "dev", "--rule", "host.nft HTTPS: https")
        assert code == 0, err
        assert out.startswith("host.nft HTTPS: https\n")
        assert "key https" in out
        argv, cwd, stdin = json.loads((project / "asked").read_text())
        assert argv == ["stack", "export", "--stack=dev", "--non-interactive", "--color=never"]
        assert (os.path.realpath(cwd), stdin) == (os.path.realpath(project), "")

    @pytest.mark.parametrize(
        ("said", "told"),
        [
            ("error: no stack named 'dev' found", "no stack named 'dev' found; see pulumi stack ls"),
            (
                "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
                "run pulumi login",
            ),
            ("error: passphrase must be set with PULUMI_CONFIG_PASSPHRASE", "set PULUMI_CONFIG_PASSPHRASE"),
            ("panic: \x1b[31m" + "x" * 10_000, "see what pulumi stack export says"),
            ("", "it ended with 3; see what pulumi stack export says"),
        ],
    )
    def test_reports_what_the_cli_refuses_and_what_to_do(self, project, capsys, said, told):
        install(project, f"sys.stderr.write({said!r}); sys.exit(3)")
        code, out, err = run(capsys, "--stack", "dev", "--rule", "sgr-0a1b2c")
        assert (code, out) == (2, "")
        last = err.splitlines()[-1]
        assert last.startswith("livekit-firewall: the state of dev: pulumi stack export: ")
        assert told in last
        assert last.endswith("or give the state itself: pulumi stack export > state.json, then --state state.json")
        assert len(last) < 700
        assert last.isprintable()

    def test_stops_waiting_for_a_cli_that_does_not_answer(self, project, monkeypatch):
        install(project, "import time; time.sleep(60)")
        monkeypatch.setattr(stack_state, "SECONDS", 0.5)
        with pytest.raises(StateError, match=r"did not end within 0\.5 s: is its backend reachable\?"):
            exported_state("dev", project)

    def test_a_cli_that_cannot_be_run(self, project):
        install(project, "")
        (project / "bin" / "pulumi").write_text("#!/nowhere/at/all\n")
        with pytest.raises(StateError, match="pulumi cannot be run: No such file or directory"):
            exported_state("dev", project)

    def test_a_cli_that_prints_something_else(self, project, capsys):
        install(project, "print('hello')")
        code, out, err = run(capsys, "--stack", "dev", "--rule", "sgr-1")
        assert (code, out) == (2, "")
        assert err.splitlines()[-1].startswith("livekit-firewall: (pulumi stack export): must be JSON: ")

    def test_without_the_cli_the_configuration_is_looked_at_and_a_miss_says_how_to_ask(self, project, capsys):
        code, out, err = run(capsys, "--stack", "dev", "--rule", "lk-aws-tcp-443-any-ipv4")
        assert (code, out.count("key https")) == (0, 1)
        assert "the command pulumi, which is not installed" in err
        code, out, err = run(capsys, "--stack", "dev", "--rule", "sgr-0a1b2c")
        assert (code, out) == (2, "")
        assert err.splitlines()[-1] == (
            "livekit-firewall: the state of dev needs the command pulumi, which is not installed: install it, "
            "or give the state itself: pulumi stack export > state.json, then --state state.json"
        )

    def test_without_a_stack_a_miss_says_how_to_ask(self, capsys):
        code, out, _ = run(capsys, "--https", "--rule", "sgr-0a1b2c")
        assert code == 1
        assert out == (
            "no rule of this configuration has that name; ids that a console shows are in a stack's state: "
            "give --stack NAME, or --state FILE\n"
        )

    def test_reads_a_state_that_was_saved(self, project, capsys):
        (project / "state.json").write_text(export(MEDIA))
        state = ["--livekit", "../livekit.yaml", "--state", "../state.json"]
        (project / "livekit.yaml").write_text("port: 7880\nrtc: {port_range_start: 50000, port_range_end: 60000}\n")
        code, out, _ = run(capsys, *state, "--rule", "sgr-0a1b2c3d4e5f60718")
        assert (code, "key rtc.port_range_start, rtc.port_range_end" in out) == (0, True)
        assert run(capsys, *state, "--rule", "sgr-2")[:2] == (
            1, "no rule of this configuration has that name; nor is one in the stack's state\n",
        )  # fmt: skip
        code, out, _ = run(capsys, *state, "--rule", "public-ipv4")
        assert code == 0
        assert out.splitlines()[-1].startswith(
            "matched in the configuration: no rule of the stack's state has that name"
        )

    def test_reads_a_state_from_standard_input(self, project, capsys, monkeypatch):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(export(MEDIA).encode())))
        code, out, _ = run(capsys, "--stack", "dev", "--state", "-", "--rule", "sgr-0a1b2c3d4e5f60718")
        assert (code, "does not need it any more" in out) == (0, True)

    @pytest.mark.parametrize(
        ("file", "why"),
        [("../nothing.json", "No such file or directory"), ("..", "Is a directory"), ("a\0b", "NUL in the path")],
    )
    def test_a_file_that_cannot_be_read(self, project, capsys, file, why):
        code, out, err = run(capsys, "--stack", "dev", "--state", file, "--rule", "https")
        assert (code, out) == (2, "")
        assert err.splitlines()[-1].endswith(f"cannot be read: {why}")

    @pytest.mark.parametrize("shown", ["sgr-0a1b2c3d4e5f60718", "public-ipv4", "nothing", "i-0abc"])
    def test_prints_the_json_that_its_schema_says(self, project, capsys, shown):
        schema = json.loads((Path(__file__).resolve().parents[3] / "docs/schemas/explain.json").read_text())
        node = resource("aws:ec2/instance:Instance", "node", "i-0abc", {})
        (project / "state.json").write_text(export(MEDIA, node))
        code, out, _ = run(capsys, "--https", "--plugnmeet", "--state", "../state.json", "--rule", shown, "--json")
        answer = json.loads(out)
        jsonschema.validate(answer, schema)
        assert code == (1 if shown == "nothing" else 0)
        if shown.startswith("sgr"):
            (one,) = answer["state"]
            assert {key: one[key] for key in ("platform", "id", "entry", "ports", "peers", "standing")} == {
                "platform": "aws", "id": "sgr-0a1b2c3d4e5f60718", "entry": None, "ports": ["udp/50000-60000"],
                "peers": ["0.0.0.0/0"], "standing": "needed",
            }  # fmt: skip
            assert one["rules"] == answer["rules"]
            assert answer["rules"][0]["service"] == "ice-udp"

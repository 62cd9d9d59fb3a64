"""Pulumi.yaml has one reader for all commands; a stack whose file does not say what runs is refused.

tests/engine/test_project_file.py compares the reader with the Pulumi CLI itself.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from livekit_firewall.cli.group import main
from livekit_firewall.inputs.project import find_project, read_project
from livekit_firewall.model.errors import ConfigurationError
from livekit_firewall.probe.wire.token import Token

from ..git_repository import ALONE, Repository
from ..project_files import FOLDERS, READ, REFUSED, VALUES, port_of, project_text

TOKEN = Token.new(3600, time.time()).text()
Run = Callable[..., tuple[object, str, str]]

COMMANDS = {
    "ports": ["ports"],
    "rules": ["rules"],
    "render": ["render", "--to", "nftables"],
    "exposure": ["exposure"],
    "exposure as HTML": ["exposure", "--html"],
    "lint": ["lint"],
    "explain": ["explain", "anywhere", "tcp/443"],
    "explain a rule": ["explain", "--rule", "sgr-0a"],
    "probe check": ["probe", "check", "127.0.0.1", "--token", TOKEN],
    "probe listen": ["probe", "listen"],
    "compare": ["compare", "rules.json"],
    "recover": ["recover", "rules.json"],
    "diff": ["diff", "HEAD"],
    "diff of a commit": ["diff", "HEAD~1..HEAD"],
}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    for name, value in ALONE.items():
        monkeypatch.setenv(name, value)

    def call(*arguments: str) -> tuple[object, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(list(arguments))
        out, err = capsys.readouterr()
        return stopped.value.code, out, err

    return call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FOLDERS:
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
        if name != "empty":
            (tmp_path / name / "Pulumi.dev.yaml").write_text(f"config:\n  livekit-firewall:port: {port_of(name)}\n")
    (tmp_path / "link").symlink_to("deep/stacks")
    return tmp_path


@pytest.mark.parametrize("title", sorted(READ))
def test_every_command_finds_the_same_file(run: Run, folder: Path, title: str) -> None:
    more, expected = READ[title]
    made = Repository(folder)
    made.commit({"Pulumi.yaml": project_text(more)})
    file = next(name for name in FOLDERS if port_of(name) == port_of(expected))
    changed = f"{expected}/Pulumi.dev.yaml"
    made.commit({changed: f"config:\n  livekit-firewall:port: {port_of(file)}\n  livekit-firewall:https: true\n"})
    code, out, err = run("ports", "--stack", "dev", "--json")
    assert code == 0, err
    api = [one["first"] for one in json.loads(out)["ports"] if one["service"] == "api"]
    assert api == [port_of(expected)]
    assert run("touched", "HEAD~1..HEAD")[1] == "dev\n"
    code, out, err = run("diff", "HEAD~1..HEAD", "--stack", "dev", "--json")
    assert (code, json.loads(out)["verdict"]) == (0, "wider"), err


@pytest.mark.parametrize("title", sorted(REFUSED))
def test_every_command_refuses_the_same(run: Run, folder: Path, title: str) -> None:
    made = Repository(folder)
    made.commit({"Pulumi.yaml": project_text("")})
    made.commit({"Pulumi.yaml": project_text(REFUSED[title])})
    for command in (
        ["ports", "--stack", "dev"],
        ["lint", "--stack", "dev"],
        ["touched", "HEAD~1"],
        ["diff", "HEAD~1", "--stack", "dev"],
    ):
        code, out, err = run(*command)
        assert (code, out) == (2, ""), command
        assert "Pulumi.yaml" in err
        assert "Traceback" not in err


@pytest.mark.parametrize("title", sorted(VALUES))
def test_values_of_the_project_are_those_of_its_stacks(run: Run, tmp_path: Path, title: str) -> None:
    more, stack, expected = VALUES[title]
    (tmp_path / "Pulumi.yaml").write_text(project_text(more))
    (tmp_path / "Pulumi.dev.yaml").write_text(stack)
    code, out, err = run("ports", "--stack", "dev", "--json")
    assert code == 0, err
    assert expected in [one["first"] for one in json.loads(out)["ports"]]


def test_a_file_that_the_project_names_for_every_stack_touches_every_stack(run: Run, tmp_path: Path) -> None:
    made = Repository(tmp_path)
    config = "config: {livekit-firewall:livekit_config: docs/a.yaml}\n"
    made.commit({"Pulumi.yaml": project_text(config), "Pulumi.a.yaml": "config: {}", "Pulumi.b.yaml": "config: {}"})
    made.commit({"docs/a.yaml": "port: 7880\n"})
    assert run("touched", "HEAD~1..HEAD")[1] == "a\nb\n"


SILENT = {
    "empty": "",
    "no config": "encryptionsalt: v1:AAAA\n",
    "an empty config": "config: {}\n",
    "null as config": "config:\n",
    "keys of a provider": "config:\n  aws:region: eu-central-1\n",
    "encrypted keys of others": "config:\n  media:token: {secure: v1:AAAA}\nsecretsprovider: passphrase\n",
    "our words in another namespace": "config:\n  media:udp_port: 7882\n  media:livekit_config: livekit.yaml\n",
    "an environment of Pulumi ESC": "environment: [production]\n",
}


@pytest.mark.matrix
@pytest.mark.parametrize("command", sorted(COMMANDS))
@pytest.mark.parametrize("title", sorted(SILENT))
def test_a_stack_without_our_keys_is_refused(run: Run, tmp_path: Path, title: str, command: str) -> None:
    files = {"Pulumi.yaml": project_text(""), "Pulumi.dev.yaml": SILENT[title], "rules.json": "{}"}
    if "diff" in command:
        made = Repository(tmp_path)
        made.commit(files)
        made.commit({})
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    code, out, err = run(*COMMANDS[command], "--stack", "dev")
    assert (code, out) == (2, "")
    assert "Pulumi.dev.yaml" in err
    assert "must hold keys of livekit-firewall" in err
    assert "--args FILE" in err
    assert "AAAA" not in err
    assert "Traceback" not in err
    if title == "an environment of Pulumi ESC":
        assert "Pulumi ESC is not asked" in err


def test_bare_keys_of_another_program_are_not_ours(run: Run, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: media\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  udp_port: 7882\n")
    code, out, err = run("rules", "--stack", "dev")
    assert (code, out) == (2, "")
    assert "(got keys of media)" in err
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  udp_port: 7882\n  livekit-firewall:udp_port: 7883\n")
    assert "udp/7883" in run("rules", "--stack", "dev")[1]


def test_a_missing_stack_is_no_stack_with_defaults(run: Run, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text(project_text("config: {livekit-firewall:port: 7001}\n"))
    for command, arguments in COMMANDS.items():
        if "diff" not in command:
            code, out, err = run(*arguments, "--stack", "dev")
            assert (code, out) == (2, ""), command
            assert "Pulumi.dev.yaml: cannot be read" in err


def test_options_do_not_replace_the_keys_of_a_stack(run: Run, tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text(project_text(""))
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}\n")
    (tmp_path / "livekit.yaml").write_text("port: 7880\n")
    for more in (["--livekit", "livekit.yaml"], ["--https"], ["--plugnmeet"], ["--operator", "203.0.113.0/24"]):
        code, out, err = run("rules", "--stack", "dev", *more)
        assert (code, out) == (2, ""), more
        assert "must hold keys of livekit-firewall" in err


class TestADiff:
    SAYS = "config:\n  livekit-firewall:tcp_port: 7881\n"

    @pytest.fixture
    def repository(self, tmp_path: Path, run: Run) -> Repository:
        made = Repository(tmp_path)
        made.commit({"Pulumi.yaml": project_text(""), "README.md": "1"})
        return made

    @pytest.mark.parametrize("is_old", [True, False])
    def test_a_side_without_our_keys_is_refused_with_its_revision(
        self, run: Run, repository: Repository, is_old: bool
    ) -> None:
        """It counts neither as the defaults nor as an absent stack: which of the two ran is not known."""
        sides = ["config: {aws:region: x}\n", self.SAYS]
        hashes = [repository.commit({"Pulumi.dev.yaml": text}) for text in (sides if is_old else reversed(sides))]
        code, out, err = run("diff", "HEAD~1..HEAD", "--stack", "dev")
        assert (code, out) == (2, "")
        assert f"{hashes[0 if is_old else 1][:12]}:" in err
        assert "must hold keys of livekit-firewall" in err

    def test_an_added_and_a_removed_stack_are_compared(self, run: Run, repository: Repository) -> None:
        repository.commit({"Pulumi.dev.yaml": self.SAYS})
        assert run("diff", "HEAD~1..HEAD", "--stack", "dev")[1].startswith("wider")
        repository.commit({"Pulumi.dev.yaml": None})
        assert run("diff", "HEAD~1..HEAD", "--stack", "dev")[1].startswith("narrower")

    @pytest.mark.parametrize("names", [("one", "two"), ("Pulumi.one.yaml", "two"), ("two", "Pulumi.one.yaml")])
    def test_two_stacks_one_without_our_keys(self, run: Run, tmp_path: Path, names: tuple[str, str]) -> None:
        (tmp_path / "Pulumi.yaml").write_text(project_text(""))
        (tmp_path / "Pulumi.one.yaml").write_text("config: {aws:region: x}\n")
        (tmp_path / "Pulumi.two.yaml").write_text(self.SAYS)
        code, out, err = run("diff", *names)
        assert (code, out) == (2, "")
        assert "must hold keys of livekit-firewall" in err

    def test_bare_keys_of_a_file_without_a_project_are_refused(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "one.yaml").write_text("config: {tcp_port: 7881}\n")
        (tmp_path / "two.yaml").write_text(self.SAYS)
        code, out, err = run("diff", "one.yaml", "two.yaml")
        assert (code, out) == (2, "")
        assert "write livekit-firewall:tcp_port" in err


def test_the_nearest_project_upwards_is_read_and_a_folder_of_its_name_is_none(tmp_path: Path) -> None:
    (tmp_path / "a/b/Pulumi.yaml").mkdir(parents=True)
    (tmp_path / "Pulumi.yaml").write_text(project_text(""))
    assert find_project(tmp_path / "a/b") == tmp_path / "Pulumi.yaml"
    (tmp_path / "a/Pulumi.yml").write_text(project_text("stackConfigDir: s\n"))
    found = find_project(tmp_path / "a/b")
    assert found == tmp_path / "a/Pulumi.yml"
    assert read_project(found).stack_file("dev") == tmp_path / "a/s/Pulumi.dev.yml"
    (tmp_path / "a/Pulumi.json").write_text("[]")
    with pytest.raises(ConfigurationError, match=r"Pulumi\.json:1:1: must hold a mapping"):
        read_project(tmp_path / "a/Pulumi.json")

"""What is found in a configuration is told on stderr by every command that reads one: errors and warnings, no notes."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from livekit_firewall.cli.group import COMMANDS, cli
from livekit_firewall.cli.options import InputOptions
from livekit_firewall.cli.probe_input import read_ports

from .test_rules import Run, run  # noqa: F401 (a fixture)

GOOD = "port: 7880\nrtc: {use_external_ip: true}\n"
FOUND = """\
port: 7880
rtc:
  use_external_ip: true
  port_range_end: 55000
turn: {enabled: true, udp_port: 3478}
prometheus: {port: 6789}
prometheus_port: 6790
tcp_prot: 1
"""
IDS = ["error half-range", "error unknown-key", "warning prometheus-port"]
"""Those of `FOUND`; notes are no-cluster, no-operators and more."""

WORDS = {
    "rules": [("rules", "FILE"), ("rules", "--json", "FILE")],
    "ports": [("ports", "FILE"), ("ports", "--json", "FILE")],
    "render": [("render", "--to", "aws", "FILE"), ("render", "--to", "nftables", "FILE")],
    "exposure": [("exposure", *form, "FILE") for form in ((), ("--json",), ("--html",), ("--mermaid",))],
    "explain": [("explain", "203.0.113.7", "udp/50008", "FILE"), ("explain", "--rule", "udp", "FILE")],
    "compare": [("compare", "listing.json", "--from", "hetzner", "FILE")],
    "recover": [("recover", "listing.json", "--from", "hetzner", "--state", "state.json", "--args", "args.yaml")],
    "diff": [
        ("diff", "good.yaml", "livekit.yaml", "--https"),
        ("diff", "--json", "good.yaml", "livekit.yaml", "--https"),
    ],
}
OTHERS = {"lint", "probe", "review", "host", "touched"}
"""`lint` prints them, `probe` is below; the rest reads no configuration: `review` a preview, in which the component has
warned already.
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "good.yaml").write_text(GOOD)
    (tmp_path / "livekit.yaml").write_text(FOUND)
    (tmp_path / "listing.json").write_text("[]")
    given = {"livekit_config": "livekit.yaml", "https": True, "hetzner": {"server_ids": [1]}}
    (tmp_path / "args.yaml").write_text(json.dumps(given))
    state = {"version": 3, "deployment": {"resources": []}}
    (tmp_path / "state.json").write_text(json.dumps(state))
    return tmp_path


def ids(shown: str) -> list[str]:
    """Severity and id of each line that is a finding."""
    lines = [line for line in shown.splitlines() if line.startswith(("error: ", "warning: ", "note: ")) and "[" in line]
    return sorted(f"{line.partition(':')[0]} {line.rpartition('[')[2].rstrip(']')}" for line in lines)


def test_each_command_that_reads_a_configuration_has_a_row() -> None:
    context = click.Context(cli)
    reading = {
        name
        for name in COMMANDS
        if (command := cli.get_command(context, name)) and any(one.name == "livekit" for one in command.params)
    }
    assert reading - {"lint"} == set(WORDS)
    assert set(COMMANDS) == set(WORDS) | OTHERS


@pytest.mark.parametrize("words", [one for each in WORDS.values() for one in each])
def test_errors_and_warnings_are_told_whatever_is_printed(run: Run, folder: Path, words: tuple[str, ...]) -> None:  # noqa: F811
    given = [part for one in words for part in (["--livekit", "livekit.yaml", "--https"] if one == "FILE" else [one])]
    code, _, shown = run(*given)
    assert code in (0, 1), shown
    assert ids(shown) == IDS


def test_the_probe_tells_them(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    read_ports([], InputOptions(livekit="livekit.yaml", https=True))
    assert ids(capsys.readouterr().err) == IDS


def test_several_stacks_on_one_page_tell_each_once_with_their_names(run: Run, folder: Path) -> None:  # noqa: F811
    (folder / "Pulumi.yaml").write_text("name: calls\nruntime: python\n")
    for name in ("berlin", "oslo"):
        lines = [f"  livekit-firewall:{line}" for line in ("livekit_config: livekit.yaml", 'https: "true"')]
        (folder / f"Pulumi.{name}.yaml").write_text("\n".join(["config:", *lines, ""]))
    code, _, shown = run("exposure", "--all-stacks", "--html")
    prefix = "stack berlin, oslo: "
    assert code == 0, shown
    assert all(line.startswith(prefix) for line in shown.splitlines()), shown
    assert ids(shown.replace(prefix, "")) == IDS


def test_what_stops_a_command_comes_with_them(run: Run, folder: Path) -> None:  # noqa: F811
    (folder / "livekit.yaml").write_text(FOUND.replace("7880", "70000"))
    code, _, shown = run("rules", "--livekit", "livekit.yaml", "--https")
    assert code == 2
    assert ids("\n".join(line.removeprefix("  - ") for line in shown.splitlines())) == IDS

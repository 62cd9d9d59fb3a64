"""What is printed on a terminal fits it, and says all that it says to a file."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest

from livekit_firewall.cli import screen
from livekit_firewall.cli.group import main
from livekit_firewall.cli.options import PRESET, InputOptions
from tests.unit.reports.review.programs import AWS_GROUP, Thing, preview

ROOT = Path(__file__).parents[3]
COMMANDS = {
    "ports": "ports --livekit livekit.yaml --sip sip.yaml",
    "rules": "rules --livekit livekit.yaml --sip sip.yaml --load-balancer 10.0.0.0/24 --operator 2001:db8:1:2::/64",
    "exposure": "exposure --livekit livekit.yaml --sip sip.yaml",
    "explain": "explain 192.0.2.1 50008/udp --livekit livekit.yaml",
    "explain a rule": "explain --rule ice-udp-ipv4 --livekit livekit.yaml",
    "lint": "lint --livekit livekit.yaml --sip sip.yaml --notes",
    "review": "review preview.json --format text",
    "compare": "compare firewall.json --livekit livekit.yaml --load-balancer 10.0.0.0/24",
    "diff": "diff livekit.yaml wider.yaml --format text",
}


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "livekit.yaml").write_text("rtc: {port_range_start: 50000, port_range_end: 60000, tcp_port: 7881}\n")
    (tmp_path / "wider.yaml").write_text("rtc: {port_range_start: 40000, port_range_end: 60000, tcp_port: 7881}\n")
    (tmp_path / "sip.yaml").write_text("api_key: a\napi_secret: b\nws_url: wss://example.com\n")
    inside = [{"protocol": "udp", "fromPort": 50000, "toPort": 60000, "cidrBlocks": ["0.0.0.0/0"]}]
    groups = [Thing(AWS_GROUP, f"node-{place}", {"ingress": inside}) for place in range(5)]
    (tmp_path / "preview.json").write_text(preview([], groups))
    rule = {"SecurityGroupRuleId": "sgr-0a1b2c3d4e5f60718", "GroupId": "sg-1", "IsEgress": False}
    rules = [{**rule, "IpProtocol": "tcp", "FromPort": 6379, "ToPort": 6379, "CidrIpv4": "10.0.0.0/8"}]
    (tmp_path / "firewall.json").write_text(json.dumps({"SecurityGroupRules": rules}))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def printed(capsys: pytest.CaptureFixture[str], command: str) -> str:
    with pytest.raises(SystemExit):
        main(command.split())
    return capsys.readouterr().out


@pytest.mark.parametrize("name", COMMANDS)
def test_it_fits_any_terminal_and_keeps_each_word(
    name: str, files: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = printed(capsys, COMMANDS[name])
    assert "50000-60000" in whole or name == "lint"
    for width in (30, 40, 60, 80, 100, 120, 200):
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        monkeypatch.setenv("COLUMNS", str(width))
        shown = printed(capsys, COMMANDS[name])
        assert max(map(len, shown.splitlines())) <= width
        words = [one.removesuffix(":") for one in shown.split()]
        lost = [word for word in whole.split() if word.removesuffix(":") not in words and len(word) <= width - 6]
        assert lost == [], width
        assert shown.count("50000-60000") >= whole.count("50000-60000")


@pytest.mark.parametrize("width", [30, 40, 80])
@pytest.mark.parametrize(
    "command", [COMMANDS["rules"], "explain 10.0.0.0/8 udp/0 --https", "compare livekit.yaml --https"]
)
def test_findings_and_errors_fit_it_too(
    width: int, command: str, files: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def said() -> str:
        with pytest.raises(SystemExit):
            main(command.split())
        return capsys.readouterr().err

    whole = said()
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(width))
    shown = said()
    assert max(map(len, shown.splitlines())) <= width
    assert "".join(shown.split()) == "".join(whole.split())


@pytest.mark.needs("linux")
@pytest.mark.parametrize("width", [40, 80])
def test_a_real_terminal_says_how_wide_it_is(files: Path, width: int) -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "components")}
    environment.pop("COLUMNS", None)
    command = [sys.executable, "-m", "livekit_firewall.cli", *COMMANDS["rules"].split()]
    done = subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, env=environment, cwd=files)
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 65536):
            shown += part
    except OSError:  # the other side is closed
        pass
    os.close(ours)
    assert done.wait(timeout=60) == 0
    lines = shown.decode().replace("\r\n", "\n").splitlines()
    assert max(map(len, lines)) <= width
    assert any("udp/50000-60000" in line for line in lines)


def test_what_is_no_terminal_has_no_width() -> None:
    assert screen.columns() is None


@pytest.mark.parametrize(
    ("given", "subject"),
    [
        ({}, ""),
        ({"https": True}, ""),
        ({"livekit": "livekit.yaml", "sip": "sip.yaml"}, "livekit.yaml, sip.yaml"),
        ({"stack": "prod"}, "stack prod"),
        ({"args_file": "-"}, "standard input"),
        ({"helm": ("livekit-server=values.yaml",), "compose": ("a.yaml", "b.yaml")}, "a.yaml, b.yaml, values.yaml"),
        ({"plugnmeet": PRESET}, "plugNmeet"),
        ({"plugnmeet": "/opt/plugNmeet"}, "/opt/plugNmeet"),
    ],
)
def test_a_page_is_about_the_files_that_it_is_made_of(given: dict, subject: str) -> None:
    assert InputOptions(**given).subject == subject


def test_the_page_names_them(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = printed(capsys, "exposure --livekit livekit.yaml --html")
    assert "<title>Who can reach what: livekit.yaml</title>" in page
    assert '<p class="kicker">livekit-firewall: livekit.yaml</p>' in page

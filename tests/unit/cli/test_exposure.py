"""`exposure` as a command: its four forms, which exclude each other, and nothing secret in any of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest

from livekit_firewall.cli.group import main
from livekit_firewall.deployment.audiences import audiences_of
from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.reports.exposure.expose import expose
from livekit_firewall.reports.exposure.page import html

ROOT = Path(__file__).resolve().parents[3]
FORMS = ("--html", "--json", "--mermaid")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[object, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(["exposure", *arguments])
    return caught.value.code, *capsys.readouterr()


def test_html_prints_the_page_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    deployment = read_deployment({"https": True, "livekit": False}, Path())
    page = html(expose(deployment), deployment.rules, audiences=audiences_of(deployment))
    assert run(capsys, "--https", "--html") == (0, page, "")


def test_mermaid_prints_the_picture(capsys: pytest.CaptureFixture[str]) -> None:
    from livekit_firewall.reports.exposure.picture import mermaid_of

    deployment = read_deployment({"https": True, "livekit": False}, Path())
    assert run(capsys, "--https", "--mermaid") == (0, mermaid_of(deployment).rstrip("\n") + "\n", "")


def test_findings_are_on_stderr_in_every_form(capsys: pytest.CaptureFixture[str]) -> None:
    for form in FORMS:
        code, out, err = run(capsys, "--operator", "0.0.0.0/0", form)
        assert (code, out == "") == (0, False)
        assert err.startswith("warning: operators.cidrs: SSH on tcp/22 is open to the internet")


@pytest.mark.parametrize("forms", list(combinations(FORMS, 2)))
def test_two_forms_at_once_are_exit_2(capsys: pytest.CaptureFixture[str], forms: tuple[str, str]) -> None:
    code, out, err = run(capsys, "--https", *forms)
    assert (code, out) == (2, "")
    assert "--html, --json and --mermaid exclude each other" in err


def test_no_form_shows_a_secret(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "livekit.yaml"
    file.write_text(
        json.dumps({"keys": {"API": "s3cr3t-canary"}, "redis": {"address": "r:6379", "password": "canary"}})
    )
    for form in FORMS:
        code, out, err = run(capsys, f"--livekit={file}", form)
        assert code == 0
        assert "canary" not in out + err


def test_the_page_survives_a_terminal_that_knows_only_ascii(tmp_path: Path) -> None:
    file = tmp_path / "livekit.yaml"
    file.write_text("redis:\n  address: r\u00e9dis.example.com:6379\n", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "components"), "PYTHONIOENCODING": "ascii:strict"}
    done = subprocess.run(
        [sys.executable, "-m", "livekit_firewall.cli", "exposure", "--html", f"--livekit={file}"],
        env=environment, capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0
    assert b"r&#233;dis.example.com" in done.stdout


def test_importing_the_command_loads_neither_the_page_nor_the_picture() -> None:
    program = (
        "import sys, livekit_firewall.cli.group\n"
        "print([name for name in ('page', 'picture', 'exposure') if f'livekit_firewall.{name}' in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT / "components")},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout == "[]\n"

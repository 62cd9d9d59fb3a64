"""`exposure` as a command: its four forms, which exclude each other, and nothing secret in any of them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import datetime, timezone
from itertools import combinations
from pathlib import Path

import pytest

from livekit_firewall.cli.group import main
from livekit_firewall.deployment.audiences import audiences_of
from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.reports.exposure.expose import expose
from livekit_firewall.reports.exposure.origin import Origin
from livekit_firewall.reports.exposure.page import html

ROOT = Path(__file__).resolve().parents[3]
FORMS = ("--html", "--json", "--mermaid")
DATE = datetime(2026, 1, 1, tzinfo=timezone.utc)  # of SOURCE_DATE_EPOCH in tests/conftest.py


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[object, str, str]:
    with pytest.raises(SystemExit) as caught:
        main(["exposure", *arguments])
    return caught.value.code, *capsys.readouterr()


def test_html_prints_the_page_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    deployment = read_deployment({"https": True, "livekit": False}, Path())
    page = html(expose(deployment, origin=Origin(date=DATE)), deployment.rules, audiences_of(deployment))
    assert run(capsys, "--https", "--html") == (0, page, "")


def test_mermaid_prints_the_picture(capsys: pytest.CaptureFixture[str]) -> None:
    from livekit_firewall.reports.exposure.picture import mermaid_of

    deployment = read_deployment({"https": True, "livekit": False}, Path())
    assert run(capsys, "--https", "--mermaid") == (0, mermaid_of(deployment, "2026-01-01 00:00 UTC") + "\n", "")


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


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two stacks that can be read, and one of a file that is not there."""
    (tmp_path / "stacks").mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: calls\nruntime: python\nstackConfigDir: stacks\n")
    (tmp_path / "livekit.yaml").write_text("port: 7880\n")
    config = "config:\n  livekit-firewall:"
    (tmp_path / "stacks" / "Pulumi.berlin.yaml").write_text(f"{config}livekit_config: livekit.yaml\n")
    (tmp_path / "stacks" / "Pulumi.oslo.yaml").write_text(f"{config}https: true\n  livekit-firewall:host: {{}}\n")
    (tmp_path / "stacks" / "Pulumi.rome.yaml").write_text(f"{config}livekit_config: gone.yaml\n")
    monkeypatch.chdir(tmp_path / "stacks")
    return tmp_path


ORIGIN = "stack berlin; 2026-01-01 00:00 UTC; read from stacks/Pulumi.berlin.yaml, livekit.yaml"


def test_each_form_names_the_stack_the_files_that_were_read_and_the_date(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "--stack", "berlin")[1].splitlines()[:3] == [ORIGIN, "", "Who can reach what"]
    assert run(capsys, "--stack", "berlin", "--mermaid")[1].splitlines()[:3] == ["---", f'title: "{ORIGIN}"', "---"]
    assert json.loads(run(capsys, "--stack", "berlin", "--json")[1])["origin"] == {
        "subject": "stack berlin",
        "files": ["stacks/Pulumi.berlin.yaml", "livekit.yaml"],
        "date": "2026-01-01T00:00:00Z",
    }
    page = run(capsys, "--stack", "berlin", "--html")[1]
    assert f'<p class="made">{ORIGIN}</p>' in page
    assert "<title>Who can reach what: stack berlin</title>" in page


def test_the_page_is_the_same_wherever_the_project_lies(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = run(capsys, "--stack", "berlin", "--html")
    monkeypatch.chdir("/")
    project.rename(project.with_name("elsewhere"))
    monkeypatch.chdir(project.with_name("elsewhere"))
    assert run(capsys, "--stack", "berlin", "--html") == one


@pytest.mark.parametrize("given", ["soon", "1e9", "99999999999999999999"])
def test_a_source_date_epoch_that_is_no_time_is_exit_2(
    given: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    code, out, err = run(capsys, "--https")
    assert (code, out) == (2, "")
    assert f"SOURCE_DATE_EPOCH must be seconds since 1970 (got '{given}'); correct it or unset it" in err


def test_without_source_date_epoch_the_date_is_now(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    before = datetime.now(timezone.utc).replace(microsecond=0)
    date = json.loads(run(capsys, "--https", "--json")[1])["origin"]["date"]
    assert before <= datetime.fromisoformat(date.replace("Z", "+00:00")) <= datetime.now(timezone.utc)


UNREACHED = (
    "stack berlin: warning: livekit.yaml:1:1: port: API on tcp/7880 opens to the load balancer only, and none is named"
    ", so clients cannot reach it from another machine; name it in load_balancer (--load-balancer), or say that a TLS "
    "proxy runs on the node: https (--https) [no-load-balancer]\n"
)


class TestSeveralStacks:
    def test_one_page_has_those_that_can_be_read_and_names_the_others(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code, page, err = run(capsys, "--all-stacks", "--html")
        assert code == 2
        problem = "gone.yaml: cannot be read (got No such file or directory); check the path and its permissions"
        assert err == f"{UNREACHED}stack rome could not be read:\n  - {problem}\n"
        assert re.findall(r'<a href="#(stack-[0-9])">(\w+)</a>', page) == [
            ("stack-1", "berlin"),
            ("stack-2", "oslo"),
            ("stack-3", "rome"),
        ]
        assert "<h1>3 stacks, 1 with errors or warnings, 1 could not be read</h1>" in page
        assert f"<li>{problem}</li>" in page
        assert ORIGIN in page
        assert '<p class="made">project calls; 2026-01-01 00:00 UTC</p>' in page

    def test_problems_name_the_files_of_stacks_from_the_folder_of_the_project(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        stacks = project / "stacks"
        (stacks / "Pulumi.bern.yaml").write_text("config: {", encoding="utf-8")
        (stacks / "Pulumi.bonn.yaml").write_text("config: {}\n", encoding="utf-8")
        (stacks / "Pulumi.ulm.yaml").mkdir()
        code, page, err = run(capsys, "--html", *(f"--stack={one}" for one in ("bern", "bonn", "ulm", "nowhere")))
        assert code == 2
        told = re.findall(r"^  - (\S+?): ", err, re.MULTILINE)
        assert told == [
            "stacks/Pulumi.bern.yaml:2:1",
            *(f"stacks/Pulumi.{one}.yaml" for one in ("bonn", "ulm", "nowhere")),
        ]
        assert all(f"<li>{one}: " in page for one in told)
        assert str(project) not in page

    def test_those_that_are_named_in_their_order_each_once(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code, page, err = run(capsys, "--html", *(f"--stack={one}" for one in ("oslo", "berlin", "oslo")))
        assert (code, err) == (0, UNREACHED)
        assert re.findall(r'<a href="#stack-[0-9]">(\w+)</a>', page) == ["oslo", "berlin"]

    def test_what_options_say_of_who_goes_for_each(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        code, page, err = run(capsys, "--html", "--stack=oslo", "--stack=berlin", "--operator=192.0.2.0/28")
        assert (code, err) == (0, UNREACHED)
        assert page.count('"peer":"192.0.2.0/28"') == 2

    @pytest.mark.parametrize("form", [(), ("--json",), ("--mermaid",)])
    def test_other_forms_are_of_one_stack(
        self, project: Path, capsys: pytest.CaptureFixture[str], form: tuple[str, ...]
    ) -> None:
        code, out, err = run(capsys, "--all-stacks", *form)
        assert (code, out) == (2, "")
        assert "several stacks make one page: add --html, or name one stack" in err

    def test_a_name_and_all_exclude_each_other(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        code, out, err = run(capsys, "--all-stacks", "--stack", "oslo", "--html")
        assert (code, out) == (2, "")
        assert "--all-stacks and --stack exclude each other" in err

    def test_a_project_without_stacks_is_exit_2(self, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
        for file in (project / "stacks").iterdir():
            file.unlink()
        code, out, err = run(capsys, "--all-stacks", "--html")
        assert (code, out) == (2, "")
        assert f"there is no file Pulumi.NAME.yaml in {project / 'stacks'}" in err

    def test_a_name_that_none_can_have_does_not_stop_the_others(
        self, project: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        code, page, err = run(capsys, "--html", "--stack=<b>", "--stack=oslo")
        assert code == 2
        assert err == "stack <b> could not be read:\n  - '<b>' is no name of a stack\n"
        assert "<h3>&lt;b&gt;</h3>" in page
        assert "<b>" not in page

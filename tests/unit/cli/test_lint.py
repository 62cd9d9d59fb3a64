"""The command `lint`: exit codes, each output, and findings that are ignored."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from livekit_firewall.cli.group import main
from livekit_firewall.reports.lint.sarif import NO_FILE

from ..sarif_shape import SARIF

ROOT = Path(__file__).resolve().parents[3]
SHAPES = Path(__file__).parents[1] / "configurations"
Golden = Callable[[str, str, Any], None]
Result = tuple[int, str, str]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """`run("--strict")` on the tmp_path's livekit.yaml behind a proxy: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "livekit.yaml").write_text(BOTH)

    def command(*arguments: str) -> Result:
        with pytest.raises(SystemExit) as caught:
            main(["lint", "--livekit", "livekit.yaml", "--https", *arguments])
        code = caught.value.code
        assert type(code) is int
        return (code, *capsys.readouterr())

    return command


BOTH = """\
port: 7880
rtc:
  udp_port: 7882
  port_range_start: 50000
  port_range_end: 60000
  use_external_ip: true
  tcp_prot: 7881
keys: {canary-key: canary-secret}
"""
CLEAN = "rtc:\n  use_external_ip: true\n"
Run = Callable[..., Result]


@pytest.mark.parametrize(
    ("text", "flags", "code"),
    [
        (CLEAN, [], 0),
        (CLEAN, ["--strict"], 0),
        (CLEAN + "  udp_port: 7882\n  port_range_start: 50000\n  port_range_end: 60000\n", [], 0),
        (CLEAN + "  udp_port: 7882\n  port_range_start: 50000\n  port_range_end: 60000\n", ["--strict"], 1),
        (BOTH, [], 1),
        (BOTH, ["--ignore", "unknown-key=newer server"], 0),
        (BOTH, ["--ignore", "unknown-key=newer server", "--strict"], 1),
        ("rtc: {port_range_start: 60000, port_range_end: 50000}\n", [], 1),
        ("rtc: {port_range_start: 60000, port_range_end: 50000}\n", ["--operator", "10.0.0.1/8"], 2),
        ("rtc: [\n", [], 2),
        ("a: 1\na: 2\n", [], 2),
        (CLEAN, ["--ignore", "unknown-key"], 2),
        (CLEAN, ["--ignore", "unknown-key= "], 2),
        (CLEAN, ["--ignore", "no-such-finding=why"], 2),
        (CLEAN, ["--ignore", "range-reversed=why"], 2),
        (CLEAN, ["--operator", "10.0.0.1/8"], 2),
        (CLEAN, ["--participants", "0"], 2),
        (CLEAN, ["--json", "--format", "sarif"], 2),
        (CLEAN, ["--sip", "missing.yaml"], 2),
    ],
)
def test_exit_codes(text: str, flags: list[str], code: int, run: Run, tmp_path: Path) -> None:
    (tmp_path / "livekit.yaml").write_text(text)
    got, out, err = run(*flags)
    assert got == code, out + err
    assert ("Traceback" in out + err) is False
    assert bool(err) is (code == 2)
    assert bool(out) is (code != 2)


def test_the_text(run: Run, golden: Golden) -> None:
    code, out, err = run("--notes", "--ignore", "both-ice-modes=the range is meant")
    assert (code, err) == (1, "")
    golden("lint", "text", out)


def test_a_clean_file_is_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "livekit.yaml").write_text(CLEAN)
    assert run() == (0, "0 errors, 0 warnings, 3 notes (--notes shows them)\n", "")


def test_the_json(run: Run, golden: Golden) -> None:
    code, out, err = run("--json", "--ignore", "both-ice-modes=the range is meant")
    assert (code, err) == (1, "")
    assert run("--format", "json", "--ignore", "both-ice-modes=the range is meant")[1] == out
    golden("lint", "json", json.loads(out))


def test_what_the_server_refuses_is_a_finding_with_its_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "livekit.yaml").write_text("rtc:\n  port_range_start: 60000\n  port_range_end: 50000\n")
    code, out, _ = run("--json")
    (finding,) = json.loads(out)["findings"]
    assert code == 1
    assert (finding["id"], finding["severity"], finding["file"], finding["line"]) == (
        "range-reversed",
        "error",
        "livekit.yaml",
        3,
    )


@pytest.mark.parametrize("format_", ["text", "json", "sarif"])
def test_nothing_secret_is_printed(format_: str, capsys: pytest.CaptureFixture[str]) -> None:
    for livekit in SHAPES.glob("*/livekit.yaml"):
        with pytest.raises(SystemExit):
            main(["lint", "--livekit", str(livekit), "--notes", "--format", format_])
        assert "canary" not in "".join(capsys.readouterr())


# ignoring

IGNORE_FILE = "lint:\n  ignore:\n    - {id: unknown-key, reason: we run 1.14}\n"


def test_a_file_in_the_working_directory_ignores_for_everybody(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".livekit-firewall.yaml").write_text(IGNORE_FILE)
    code, out, _ = run("--json")
    ignored = json.loads(out)["ignored"]
    assert code == 0
    assert [(one["id"], one["reason"]) for one in ignored] == [("unknown-key", "we run 1.14")]
    assert run("--ignore", "unknown-key=another reason")[1].splitlines()[-2].endswith("another reason [unknown-key]")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lint: {ignore: [{id: unknown-key}]}\n", "must come with a reason"),
        ("lint: {ignore: [{id: unknown-kye, reason: x}]}\n", "did you mean unknown-key?"),
        ("lint: {ignore: [{id: range-reversed, reason: x}]}\n", "must be a finding that can be ignored"),
        ("lint: {ignore: [{id: overlap, reason: x}, {id: overlap, reason: y}]}\n", "must be named once"),
        ("lint: {ignored: []}\n", "did you mean ignore?"),
        ("lint: {ignore: unknown-key}\n", "must be a list of mappings with id and reason"),
        ("- a list\n", "must hold a mapping"),
    ],
)
def test_a_wrong_file_of_ignored_findings_stops(text: str, said: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / ".livekit-firewall.yaml").write_text(text)
    code, out, err = run()
    assert (code, out) == (2, "")
    assert said in err
    assert ".livekit-firewall.yaml:1" in err


def test_the_hook_of_pre_commit_runs_the_command(run: Run, tmp_path: Path) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert hook["id"] == "livekit-firewall-lint"
    assert hook["language"] == "python"
    assert hook["pass_filenames"] is False  # a file is named by its service's option
    assert hook["entry"].split() == ["livekit-firewall", "lint"]
    assert run()[0] == 1


# SARIF


def test_the_sarif_is_what_code_scanning_takes(run: Run, golden: Golden) -> None:
    code, out, err = run(
        "--format", "sarif", "--ignore", "both-ice-modes=the range is meant", "--trunk", "198.51.100.0/28"
    )
    log = json.loads(out)
    assert (code, err) == (1, "")
    jsonschema.Draft202012Validator(SARIF).validate(log)
    driver, results = log["runs"][0]["tool"]["driver"], log["runs"][0]["results"]
    assert [driver["rules"][one["ruleIndex"]]["id"] for one in results] == [one["ruleId"] for one in results]
    assert [one["ruleId"] for one in results if "suppressions" in one] == ["both-ice-modes"]
    places = [one["locations"][0]["physicalLocation"] for one in results]
    assert {place["artifactLocation"]["uri"] for place in places} == {"livekit.yaml", NO_FILE}
    golden("lint", "sarif", log)


@pytest.mark.parametrize("name", ["a b.yaml", "ümlaut.yaml", "sub/livekit.yaml", "100%.yaml"])
def test_the_sarif_of_any_file_name_holds_a_uri(name: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / name).write_text(BOTH)
    for given in (name, f"./{name}", str(tmp_path / name)):
        log = json.loads(run("--livekit", given, "--format", "sarif")[1])
        jsonschema.Draft202012Validator(SARIF).validate(log)


def test_a_finding_keeps_its_fingerprint_when_its_line_moves(run: Run, tmp_path: Path) -> None:
    def fingerprints() -> list[str]:
        results = json.loads(run("--format", "sarif")[1])["runs"][0]["results"]
        return [one["partialFingerprints"]["findingPlace/v1"] for one in results]

    before = fingerprints()
    (tmp_path / "livekit.yaml").write_text("# a comment\n" + BOTH)
    assert fingerprints() == before
    assert len(set(before)) == len(before)


MANY = """\
rtc: {port_range_start: 60000, port_range_end: 50000, use_external_ip: true, node_ip: 203.0.113.5}
webhook: {urls: ['https://example.com'], api_key: other}
keys: {name: canary}
turn: {enabled: true, tls_port: 443, domain: turn.example.com, cert_file: a.pem}
"""


def test_of_a_refused_file_all_is_told_that_keeps_the_service_from_starting(run: Run, tmp_path: Path) -> None:
    (tmp_path / "livekit.yaml").write_text(MANY)
    code, out, _ = run()
    heads = [line.partition(": ") for line in out.splitlines() if line.startswith("livekit.yaml")]
    assert [(place.split(":")[1], rest.rpartition("[")[2]) for place, _, rest in heads] == [
        ("1", "node-ip-ignored]"),
        ("1", "range-reversed]"),
        ("2", "webhook-no-key]"),
        ("4", "turn-no-certificate]"),
    ]
    assert ": without key_file livekit-server does not start" in out
    assert (code, out.splitlines()[-2:]) == (
        1,
        [
            "4 errors, 0 warnings",
            "Further checks were not run, as they need what a service refuses: mend that first, then lint again.",
        ],
    )
    assert json.loads(run("--json")[1])["refused"] is True

"""`--server-version`: which release runs, for every command that reads its file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .test_rules import COMMANDS, Run, run  # noqa: F401 (a fixture)

TEXT = 'turn: {enabled: true, udp_port: 3478}\nsignal_relay: {enabled: true}\nkeys: {a: "b"}\n'


@pytest.fixture(autouse=True)
def livekit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "livekit.yaml").write_text(TEXT)
    (tmp_path / "sip.yaml").write_text("redis: {address: r}\ntls: {certs: [{cert_file: a}]}\n")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_each_command_judges_the_file_by_the_release_given(command: list[str], run: Run) -> None:  # noqa: F811
    given = [*command, "--livekit", "livekit.yaml", "--load-balancer", "10.0.0.0/24"]
    code, _, err = run(*given)
    assert code == 0
    assert "livekit-server 1.13.11 (by its source, not run here) does not know this key" in err
    code, _, err = run(*given, "--server-version", "v1.5.2")
    assert code == 0
    assert "unknown-key" not in err


def test_lint_and_explain_too(run: Run) -> None:  # noqa: F811
    given = ["--livekit", "livekit.yaml", "--https"]
    assert run("lint", *given)[0] == 1
    assert run("lint", *given, "--server-version", "1.5.2")[0] == 0
    peer = ["explain", "2001:db8::1", "udp/3478", *given]
    assert run(*peer)[0] == 0
    assert run(*peer, "--server-version", "1.9.11")[0] == 1


def test_other_services_are_named(run: Run) -> None:  # noqa: F811
    def ports(*more: str) -> list[int]:
        return [one["first"] for one in json.loads(run("ports", "--json", "--sip", "sip.yaml", *more)[1])["ports"]]

    assert 5061 in ports("--server-version", "1.5.3")
    assert 5061 not in ports("--server-version", "sip:0.7.0", "--server-version", "livekit:1.5.3")


@pytest.mark.parametrize(
    ("versions", "said"),
    [
        (
            ["1.5.9"],
            "versions.livekit: must be a release of livekit-server that is known: 1.5.3 or 1.6.0 (got '1.5.9')",
        ),
        (["sip:1.0"], "versions.sip: must be a release of livekit-sip that is known: 0.10.0 or 1.0.0 (got '1.0')"),
        ([""], "--server-version takes VERSION, or SERVICE:VERSION of livekit, sip, ingress, egress, each once"),
        (["nats:2"], "--server-version takes VERSION, or SERVICE:VERSION of livekit, sip, ingress, egress, each once"),
        (
            ["1.5.3", "livekit:1.5.3"],
            "--server-version takes VERSION, or SERVICE:VERSION of livekit, sip, ingress, egress",
        ),
    ],
)
def test_what_is_no_release_is_refused(versions: list[str], said: str, run: Run) -> None:  # noqa: F811
    options = [word for text in versions for word in ("--server-version", text)]
    code, out, err = run("ports", "--livekit", "livekit.yaml", "--sip", "sip.yaml", *options)
    assert (code, out) == (2, "")
    assert said in err


def test_a_version_alone_says_nothing_of_what_runs(run: Run) -> None:  # noqa: F811
    code, _, err = run("ports", "--server-version", "1.9.11")
    assert code == 2
    assert "nothing says what runs on the node" in err


def test_the_option_and_a_file_of_arguments_exclude_each_other(run: Run, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "args.yaml").write_text("livekit_config: livekit.yaml\nversions: {livekit: 1.5.2}\n")
    assert run("ports", "--args", "args.yaml")[0] == 0
    code, _, err = run("ports", "--args", "args.yaml", "--server-version", "1.9.11")
    assert code == 2
    assert "versions: must not be given as an option and in the file of arguments" in err

"""`probe listen` and `probe check` as commands: options, the line to copy, exit codes, nothing secret."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner

from livekit_firewall.cli import probe_listen as cli_probe
from livekit_firewall.cli.group import cli, main
from livekit_firewall.probe.wire.token import Token

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = str(ROOT / "examples" / "livekit.yaml")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as caught:
            main(["probe", *arguments])
        code = caught.value.code
        assert type(code) is int
        return code, *capsys.readouterr()

    return command


class Listening:
    """`probe listen --no-nft` as a process; its lines to copy, and all that it says until it is told to stop.

    Attributes:
        hidden: the first line, with the token in the environment; of JSON the only one.
        line: the second, with the token as an argument.
    """

    def __init__(self, *options: str) -> None:
        command = [sys.executable, "-m", "livekit_firewall.cli", "probe", "listen", "--no-nft", *options]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT / "components"
        )
        assert self.process.stdout is not None
        self.hidden = self.process.stdout.readline()
        self.line = self.process.stdout.readline() if "--json" not in options else self.hidden

    def stop(self) -> tuple[int, str, str]:
        self.process.terminate()
        out, err = self.process.communicate(timeout=30)
        return self.process.returncode, out, err


@pytest.fixture
def listening() -> Iterator[Callable[..., Listening]]:
    started: list[Listening] = []

    def start(*options: str) -> Listening:
        started.append(Listening(*options))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.communicate()


# below those that systems hand out (net.ipv4.ip_local_port_range), which other tests may hold
PORTS = ("--port", "udp/27001-27003", "--port", "tcp/27010")


def token_in(line: str) -> str:
    found = re.search(r"--token (\S+)", line)
    assert found, line
    return found[1]


def test_a_listener_and_a_checker_find_what_loopback_lets_through_which_is_all(
    run: Run, listening: Callable[..., Listening]
) -> None:
    """Also what must be closed: nothing filters there."""
    server = listening(*PORTS, "--host", "127.0.0.1")
    words = shlex.split(server.line)
    assert words[:5] == ["livekit-firewall", "probe", "check", "127.0.0.1", "--token"]
    assert words[6:] == list(PORTS)
    assert server.hidden == f"LIVEKIT_FIREWALL_TOKEN={words[5]} {shlex.join([*words[:4], *words[6:]])}\n"
    code, out, err = run(*words[2:], "--json")
    found = json.loads(out)
    jsonschema.Draft202012Validator(
        json.loads((ROOT / "docs/schemas/probe-check.json").read_text(encoding="utf-8"))
    ).validate(found)
    assert (code, found["verdict"], found["listener"]) == (1, "not-as-wanted", True), (out, err)
    assert {row["verdict"] for row in found["ports"]} == {"reachable"}
    wanted = [(row["protocol"], row["first"], row["last"]) for row in found["ports"] if row["wanted"] == "open"]
    assert wanted == [("tcp", 27010, 27010), ("udp", 27001, 27003)]
    closed = {(row["protocol"], row["first"]) for row in found["ports"] if row["wanted"] == "closed"}
    assert {("udp", 27000), ("udp", 27004), ("tcp", 7880), ("tcp", 6379)} <= closed
    assert "at most 100,000 packets a second" in err
    assert "--token" not in out + err
    # the first line as a shell takes it, with this program in place of the installed one
    program = f"{shlex.quote(sys.executable)} -m livekit_firewall.cli"
    copied = server.hidden.replace("livekit-firewall", program, 1)
    ran = subprocess.run(
        ["sh", "-c", f"{copied.rstrip()} --json"], capture_output=True, text=True, check=False, cwd=ROOT / "components"
    )
    assert (ran.returncode, json.loads(ran.stdout)["listener"]) == (1, True), ran.stderr
    ended, said, _ = server.stop()
    assert ended == 0
    assert said.splitlines()[0] == "from 127.0.0.1 over IPv4:"
    assert "  27001-27003/udp: arrived and answered" in said.splitlines()


def test_a_listener_that_hears_nothing_says_so_and_ends_well(listening: Callable[..., Listening]) -> None:
    server = listening(*PORTS, "--duration", "1")
    out, err = server.process.communicate(timeout=30)
    assert server.process.returncode == 0
    assert out.startswith("nothing arrived: either no check was run, or it was stopped before this host")
    assert "warning: not tested: nothing is diverted: it was told not to use nft (--no-nft)" in err


def test_the_json_of_a_listener_is_two_documents_that_the_schema_describes(
    listening: Callable[..., Listening],
) -> None:
    server = listening(*PORTS, "--duration", "1", "--json", "--host", "2001:db8::1")
    out, _ = server.process.communicate(timeout=30)
    first, last = json.loads(server.line), json.loads(out)
    validator = jsonschema.Draft202012Validator(
        json.loads((ROOT / "docs/schemas/probe-listen.json").read_text(encoding="utf-8"))
    )
    validator.validate(first)
    validator.validate(last)
    words = shlex.split(first["command"])
    assert words[:5] == ["livekit-firewall", "probe", "check", "2001:db8::1", "--token"]
    hidden = shlex.split(first["command_with_environment"])
    assert hidden == [f"LIVEKIT_FIREWALL_TOKEN={words[5]}", *words[:4], *words[6:]]
    assert last["checkers"] == []
    assert not validator.is_valid({**last, "more": 1})
    assert not validator.is_valid({"version": 1})


def test_the_token_of_the_first_line_does_not_show_in_ps(listening: Callable[..., Listening]) -> None:
    server = listening(*PORTS, "--host", "127.0.0.1")
    command = server.hidden.split(" ", 1)
    assert command[0] == f"LIVEKIT_FIREWALL_TOKEN={token_in(server.line)}"
    assert "lkfw1-" not in command[1]


@pytest.mark.parametrize("lines", [0, 1])
def test_a_reader_that_has_enough_ends_it_without_a_word(lines: int) -> None:
    command = [sys.executable, "-m", "livekit_firewall.cli", "probe", "listen", "--no-nft", "--duration", "2", *PORTS]
    shell = f"{shlex.join([*command, '--host', '127.0.0.1'])}; echo $? >&3"
    ran = subprocess.run(
        ["sh", "-c", f"exec 3>&1; ({shell}) | head -{lines} >/dev/null"],
        capture_output=True, text=True, check=False, cwd=ROOT / "components", timeout=60,
    )  # fmt: skip
    assert ran.stdout == "0\n"
    assert [line for line in ran.stderr.splitlines() if "warning: not tested" not in line] == []


SURROUNDINGS = "tests/unit/surroundings"
PLUGNMEET = f"{SURROUNDINGS}/11-plugnmeet-node-ip-in-compose/docker-compose.yaml"
VARIABLES = f"{SURROUNDINGS}/18-set-by-the-variables-name/livekit.env"

GIVEN = [
    ["--livekit", EXAMPLE, "--https", "--operator", "203.0.113.0/24", "--operator", "198.51.100.7/32"],
    ["--plugnmeet", "--no-ipv6"],
    ["--plugnmeet", str(ROOT / "tests/unit/configurations/plugnmeet"), "--load-balancer", "10.0.0.0/24"],
    ["--livekit", EXAMPLE, "--set", "rtc.udp_port=7882", "--cluster", "192.0.2.0/29", "--trunk", "198.51.100.0/24"],
    ["--args", "a folder/it's.yaml"],
    ["--stack", "local"],
    ["--livekit", "examples/livekit.yaml", "--server-version", "1.13.5"],
    [*("--compose", PLUGNMEET, "--livekit", EXAMPLE, "--sip", f"{Path(PLUGNMEET).parent}/sip.yaml")],
    [*("--livekit", EXAMPLE, "--env-file", f"livekit:{VARIABLES}", "--docker", "--set", "UDP_PORT=7882")],
    ["--port", "udp/50000-60000", "--port", "7881/tcp"],
]


@pytest.mark.parametrize("given", GIVEN, ids=lambda given: given[0])
def test_the_line_to_copy_gives_check_what_listen_was_given(
    given: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both digests are the same, though the line went through a shell."""
    folder = tmp_path / "a folder"
    folder.mkdir()
    (folder / "it's.yaml").write_text("udp_port: 7882\nhttps: true\n")
    monkeypatch.chdir(tmp_path if given[0] == "--args" else ROOT)
    digests: list[bytes] = []
    line: list[str] = []

    def listener(_token: Token, _ports: object, digest: bytes, *_: object, **__: object) -> Any:
        digests.append(digest)
        raise OSError(0, "enough")

    def check(_host: str, _addresses: object, job: Any, _progress: object) -> Any:
        digests.append(job.digest)
        raise SystemExit(7)

    made = cli_probe._check_command

    def remember(*arguments: Any) -> str:
        line.append(made(*arguments))
        return line[-1]

    class Made:
        limits = ()

        def __init__(self, _token: Token, _ports: object, digest: bytes, *_: object, **__: object) -> None:
            digests.append(digest)

        def __enter__(self) -> Any:
            return self

        def __exit__(self, *_: object) -> None: ...
        def run(self, *_: object, **__: object) -> None: ...
        def reports(self) -> list[object]:
            return []

    monkeypatch.setattr("livekit_firewall.probe.listener.listen.ProbeListener", Made)
    monkeypatch.setattr("livekit_firewall.probe.checker.check.check", check)
    monkeypatch.setattr(cli_probe, "_check_command", remember)
    assert CliRunner().invoke(cli, ["probe", "listen", "--host", "127.0.0.1", *given]).exit_code == 0
    assert len(line) == 2
    for one in line:  # with the token, and without it: it stands before the command then
        assert shlex.split(one)[:4] == ["livekit-firewall", "probe", "check", "127.0.0.1"]
    words = shlex.split(line[0])
    assert words[:3] == ["livekit-firewall", "probe", "check"]
    assert CliRunner().invoke(cli, words[1:]).exit_code == 7
    assert len(digests) == 2
    assert digests[0] == digests[1]


def expired() -> str:
    return Token.new(-100_000, time.time()).text()


USAGE: dict[str, tuple[list[str], str]] = {
    "no host": (["check", "--port", "udp/1"], "Missing argument 'HOST...'"),
    "nothing to check": (["check", "127.0.0.1"], "nothing says what runs on the node"),
    "both": (["check", "127.0.0.1", "--port", "udp/1", "--https"], "--port and a configuration exclude each other"),
    "no port": (
        ["check", "127.0.0.1", "--port", "udp/0"],
        "--port: 'udp/0': a port must be an integer from 1 to 65535 (got 0)",
    ),
    "no protocol": (["listen", "--port", "50000-60000"], "--port: "),
    "no token": (["check", "127.0.0.1", "--port", "udp/1", "--token", "x"], "a token begins with lkfw1-"),
    "half a token": (
        ["check", "127.0.0.1", "--port", "udp/1", "--token", Token.new(9, time.time()).text()[:-1]],
        "the token is cut or mistyped",
    ),
    "an old token": (["check", "127.0.0.1", "--port", "udp/1", "--token", expired()], "--token: it expired "),
    "no such host": (["check", "no-such-host.invalid", "--port", "udp/1"], "there is no host called"),
    "many hosts": (["check", "224.0.0.1", "--port", "udp/1"], "224.0.0.1 is not the address of one host"),
    "any host": (["check", "0.0.0.0", "--port", "udp/1"], "is not the address of one host"),
    "two of a family": (["check", "127.0.0.1", "127.0.0.2", "--port", "udp/1"], "are both IPv4"),
    "too fast": (["check", "127.0.0.1", "--port", "udp/1", "--rate", "1000000"], "--rate"),
    "too long": (["listen", "--port", "udp/1", "--duration", "86400"], "--duration"),
}


@pytest.mark.parametrize("case", USAGE)
def test_a_mistake_is_exit_2_and_one_message_and_no_packet(
    run: Run, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_packet(*_: object, **__: object) -> None:
        raise AssertionError("a socket was made")

    monkeypatch.setattr("livekit_firewall.probe.checker.transport.Transport.__init__", no_packet)
    monkeypatch.setattr("livekit_firewall.probe.listener.listen.ProbeListener.__init__", no_packet)
    options, said = USAGE[case]
    code, out, err = run(*options)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
    assert "lkfw1-" not in err.replace("begins with lkfw1-", "")


def test_the_token_may_stand_in_the_environment(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where arguments are visible to all users of a machine."""
    monkeypatch.setenv("LIVEKIT_FIREWALL_TOKEN", expired())
    code, _, err = run("check", "127.0.0.1", "--port", "udp/1")
    assert code == 2
    assert re.search(r"it expired 100,0\d\d s ago", err)


def test_a_connection_table_without_room_stops_a_listener(tmp_path: Path) -> None:
    from livekit_firewall.model.ports import PortRange
    from livekit_firewall.probe.listener.connection_table import ConnectionTableFull, check_room

    (tmp_path / "nf_conntrack_max").write_text("65536\n")
    (tmp_path / "nf_conntrack_count").write_text("25532\n")
    check_room([PortRange.udp(50000, 60000), PortRange.tcp(1, 65535)], tmp_path)
    (tmp_path / "nf_conntrack_count").write_text("25533\n")
    with pytest.raises(ConnectionTableFull, match=r"would open 20,002 flows.*room for 40,003"):
        check_room([PortRange.udp(50000, 60000)], tmp_path)
    check_room([PortRange.udp(1, 65535)], tmp_path / "no-tracking")


def test_help_of_both_says_their_exit_codes_and_limits(run: Run) -> None:
    code, out, _ = run("check", "--help")
    assert code == 0
    assert "Exit code 0: all is as wanted; 1: it is not;" in " ".join(out.split())
    code, out, _ = run("listen", "--help")
    assert code == 0
    assert "default: 300" in out

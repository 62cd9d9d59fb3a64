"""The command: exit codes, what goes to stdout and what to stderr, its JSON, nothing secret, nothing heavy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.cli.group import main
from livekit_firewall.platforms.registry import NAMES

ROOT = Path(__file__).resolve().parents[3]
COMMANDS = (["ports"], ["rules"], ["exposure"], ["render", "--to", "aws"], ["render", "--to", "nftables"])
Result = tuple[int, str, str]
Run = Callable[..., Result]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """`run("rules", "--json")`: exit code, stdout, stderr, in this process."""

    def command(*arguments: str) -> Result:
        with pytest.raises(SystemExit) as caught:
            main(list(arguments))
        code = caught.value.code
        assert type(code) is int
        out, err = capsys.readouterr()
        return code, out, err

    return command


def process(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "components"), "PYTHONWARNINGS": "error"}
    return subprocess.run(
        [sys.executable, "-m", "livekit_firewall.cli", *arguments],
        check=False,
        **{"text": True, "capture_output": True, "env": environment, "timeout": 60, **options},
    )


@pytest.fixture
def livekit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "livekit.yaml"
    path.write_text("port: 7880\nrtc:\n  tcp_port: 7881\n  udp_port: 7882\nunknown: 1\nkeys: {API: s3cr3t-canary}\n")
    return path


def test_rules_are_a_table_and_findings_are_on_stderr(run: Run, livekit: Path) -> None:
    assert run("rules", "--livekit", "livekit.yaml", "--load-balancer", "10.0.0.0/24", "--no-ipv6") == (
        0,
        (
            "PORTS     FROM         SERVICE  KEY           REASON\n"
            "tcp/7880  10.0.0.0/24  API      port          API and WebSocket signalling in plain text, "
            "for the load balancer (load_balancer.cidrs)\n"
            "udp/7882  0.0.0.0/0    ICE/UDP  rtc.udp_port  media over UDP, for clients (clients)\n"
            "tcp/7881  0.0.0.0/0    ICE/TCP  rtc.tcp_port  media over TCP, when UDP is blocked, for clients (clients)\n"
        ),
        (
            "error: livekit.yaml:5:1: unknown: livekit-server 1.13.11 (by its source, not run here) "
            "does not know this key and refuses to start; "
            "correct its spelling, or remove it [unknown-key]\n"
        ),
    )


def test_ports_list_what_is_bound_whoever_may_reach_it(run: Run, livekit: Path) -> None:
    code, out, err = run("ports", "--livekit", "livekit.yaml")
    assert (code, out) == (
        0,
        (
            "SERVICE  PORTS     FAMILIES   FOR                        KEY           VALUE\n"
            "API      tcp/7880  ipv4 ipv6  load-balancer, none named  port          set\n"
            "ICE/UDP  udp/7882  ipv4 ipv6  public                     rtc.udp_port  set\n"
            "ICE/TCP  tcp/7881  ipv4 ipv6  public                     rtc.tcp_port  set\n"
        ),
    )
    assert "[no-load-balancer]" in err


def test_the_json_of_rules_has_the_documented_shape(run: Run, livekit: Path) -> None:
    code, out, _ = run("rules", "--livekit", "livekit.yaml", "--load-balancer", "10.0.0.0/24", "--json")
    data = json.loads(out)
    assert code == 0
    assert list(data) == ["version", "rules", "findings"]
    assert data["version"] == 1
    assert data["rules"][0] == {
        "direction": "ingress",
        "protocol": "tcp",
        "first": 7880,
        "last": 7880,
        "peer": "10.0.0.0/24",
        "service": "api",
        "key": "port",
        "reason": "API and WebSocket signalling in plain text, for the load balancer (load_balancer.cidrs)",
    }
    assert [list(rule) for rule in data["rules"]] == [list(data["rules"][0])] * 3
    assert data["findings"] == [
        {
            "id": "unknown-key",
            "severity": "error",
            "path": "unknown",
            "file": "livekit.yaml",
            "line": 5,
            "text": "livekit-server 1.13.11 (by its source, not run here) does not know this key and refuses to start",
            "fix": "correct its spelling, or remove it",
        }
    ]


def test_the_json_of_ports_has_the_documented_shape(run: Run, livekit: Path) -> None:
    code, out, _ = run("ports", "--livekit", "livekit.yaml", "--json")
    data = json.loads(out)
    assert code == 0
    assert list(data) == ["version", "ports", "findings"]
    assert data["ports"][0] == {
        "service": "api",
        "protocol": "tcp",
        "first": 7880,
        "last": 7880,
        "families": ["ipv4", "ipv6"],
        "key": "port",
        "is_default": False,
        "audience": "nobody",
    }


def test_the_json_of_exposure_is_that_of_the_core(run: Run) -> None:
    code, out, err = run("exposure", "--https", "--json")
    data = json.loads(out)
    assert (code, err) == (0, "")
    assert list(data) == ["version", "origin", "reachable", "closed", "baseline", "outbound", "notes", "findings"]
    assert data["origin"] == {"subject": "", "files": [], "date": "2026-01-01T00:00:00Z"}
    assert [(one["service"], one["first"], one["public"]) for one in data["reachable"]] == [
        ("https", 443, True),
        ("http", 80, True),
    ]


def test_json_on_stdout_can_be_piped_although_there_are_findings(livekit: Path) -> None:
    done = process("rules", "--livekit", "livekit.yaml", "--json")
    assert done.returncode == 0
    assert len(json.loads(done.stdout)["rules"]) == 2
    assert len(done.stderr.splitlines()) == 2
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize("platform", NAMES)
def test_rules_are_rendered_for_every_platform_without_its_ids(run: Run, platform: str) -> None:
    code, out, err = run("render", "--to", platform, "--plugnmeet", "--operator", "203.0.113.0/24")
    assert (code, "error" in err) == (0, False)
    if platform == "nftables":
        assert "policy drop" in out
        assert out.endswith("\n")
    else:
        data = json.loads(out)
        assert list(data) == ["version", "platform", "native"]
        assert (data["version"], data["platform"]) == (1, platform)
        assert data["native"]
    code, out, _ = run("render", "--to", platform, "--plugnmeet", "--json")
    assert code == 0
    assert json.loads(out)["platform"] == platform


@pytest.mark.parametrize("platform", NAMES)
def test_a_platform_that_cannot_name_a_source_is_exit_2_and_names_the_argument(
    run: Run, platform: str, tmp_path: Path
) -> None:
    (tmp_path / "a.yaml").write_text("aws: {vpc_id: v, load_balancer_security_group_ids: [sg-0123456789abcdef0]}\n")
    code, out, err = run("render", "--to", platform, "--args", str(tmp_path / "a.yaml"))
    if platform == "aws":
        assert (code, err) == (0, "")
    else:
        assert (code, out) == (2, "")
        assert "load_balancer.cidrs" in err


STACKS = {
    "local": {"tcp/443", "tcp/80", "udp/50000-60000", "tcp/7881", "udp/3478"},
    "aws-example": {"tcp/7880", "udp/50000-60000", "tcp/7881", "udp/3478", "tcp/5349", "tcp/22"},
    "gcp-example": {"tcp/7880", "udp/7882-7892", "tcp/7881", "tcp/22"},
    "digitalocean-example": {"tcp/443", "tcp/80", "udp/50000-60000", "tcp/7881", "udp/443", "tcp/22"},
    "azure-example": {
        "tcp/443", "tcp/80", "udp/50000-60000", "tcp/7881", "tcp/5060", "udp/5060", "udp/10000-20000", "tcp/22",
    },
    "hetzner-example": {"tcp/7880", "udp/50000-60000", "tcp/7881", "udp/3478", "tcp/5349", "tcp/22"},
}  # fmt: skip


@pytest.mark.parametrize("stack", STACKS)
def test_the_projects_own_stacks_are_read(run: Run, stack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "tests" / "unit")  # the project is the nearest folder upwards
    code, out, _ = run("rules", "--stack", stack, "--json")
    assert code == 0
    rules = json.loads(out)["rules"]
    ports = {f"{one['protocol']}/{one['first']}-{one['last']}" for one in rules}
    assert ports == {f"{text}-{text.partition('/')[2]}" if "-" not in text else text for text in STACKS[stack]}


def test_every_stack_file_is_one_that_is_read_here() -> None:
    found = {
        path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in (ROOT / "stacks").glob("Pulumi.*.yaml")
    }
    assert found == set(STACKS)


def test_arguments_come_from_a_file_whose_paths_start_from_its_folder(
    run: Run, livekit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (livekit.parent / "args.yaml").write_text("livekit_config: livekit.yaml\nhttps: {acme: false}\n")
    monkeypatch.chdir("/")
    code, out, _ = run("rules", "--args", str(livekit.parent / "args.yaml"), "--trunk", "192.0.2.0/24", "--json")
    assert code == 0
    assert [rule["first"] for rule in json.loads(out)["rules"]] == [443, 7882, 7881]


def test_plugnmeet_is_a_switch_or_a_folder(run: Run, tmp_path: Path) -> None:
    code, preset, _ = run("rules", "--plugnmeet", "--json")
    assert code == 0
    folder = tmp_path / "plugnmeet"
    folder.mkdir()
    (folder / "livekit.yaml").write_text("rtc: {udp_port: 7882}\nturn: {enabled: true, udp_port: 443}\n")
    (folder / "ingress.yaml").write_text("rtmp_port: 1936\nwhip_port: 8089\n")
    code, own, _ = run("rules", "--plugnmeet", str(folder), "--json")
    assert code == 0
    first = [[rule["first"] for rule in json.loads(out)["rules"]] for out in (preset, own)]
    assert first == [[443, 80, 50000, 7881, 443], [443, 80, 7882, 7881, 443]]


def test_a_service_is_on_the_node_if_its_file_is_given(run: Run, tmp_path: Path) -> None:
    for name in ("sip", "ingress", "egress"):
        (tmp_path / f"{name}.yaml").write_text("health_port: 8090\n")
    services = {}
    for name in ("sip", "ingress", "egress"):
        _, out, _ = run("ports", f"--{name}", str(tmp_path / f"{name}.yaml"), "--json")
        services[name] = [port["service"] for port in json.loads(out)["ports"]]
    assert services == {
        "sip": ["sip", "sip", "sip-rtp", "health"],
        "ingress": ["rtmp", "whip", "whip-ice-udp", "health", "internal"],
        "egress": ["health", "internal"],
    }


def test_flags_name_who_may_reach_what(run: Run, tmp_path: Path) -> None:
    (tmp_path / "livekit.yaml").write_text("turn: {enabled: true, udp_port: 3478}\nprometheus: {port: 6789}\n")
    (tmp_path / "sip.yaml").write_text("{}\n")
    code, out, err = run(
        *["rules", "--json", "--livekit", str(tmp_path / "livekit.yaml"), "--sip", str(tmp_path / "sip.yaml")],
        *["--load-balancer", "10.0.0.0/24", "--load-balancer", "10.0.1.0/24", "--trunk", "198.51.100.0/24"],
        *["--operator", "203.0.113.0/28", "--cluster", "192.0.2.0/29", "--no-ipv6"],
    )
    assert (code, err) == (0, "")
    assert {(f"{one['protocol']}/{one['first']}", one["peer"]) for one in json.loads(out)["rules"]} == {
        ("tcp/7880", "10.0.0.0/24"), ("tcp/7880", "10.0.1.0/24"), ("tcp/7880", "192.0.2.0/29"),
        ("udp/50000", "0.0.0.0/0"), ("tcp/7881", "0.0.0.0/0"), ("udp/3478", "0.0.0.0/0"),
        ("udp/30000", "192.0.2.0/29"), ("tcp/6789", "203.0.113.0/28"), ("tcp/22", "203.0.113.0/28"),
        ("tcp/5060", "198.51.100.0/24"), ("udp/5060", "198.51.100.0/24"), ("udp/10000", "198.51.100.0/24"),
    }  # fmt: skip


BAD: dict[str, tuple[list[str], str]] = {
    "no input": ([], "Error: nothing says what runs on the node: give --livekit FILE, --plugnmeet or --stack NAME"),
    "an unknown option": (["--livkit", "x"], "Error: No such option"),
    "a file that is not there": (
        ["--livekit", "no-such.yaml"],
        "  - no-such.yaml: cannot be read (got No such file or directory); check the path and its permissions",
    ),
    "a folder for a file": (["--livekit", "."], "  - .: must be a file that can be read (got a directory)"),
    "a bad block": (
        ["--https", "--load-balancer", "10.0.0.1/24"],
        (
            "  - load_balancer.cidrs[0]: must have no host bits set (got '10.0.0.1/24'); "
            "write 10.0.0.0/24 for the block or 10.0.0.1/32 for that one address"
        ),
    ),
    "the internet for the load balancer": (
        ["--livekit", "livekit.yaml", "--load-balancer", "0.0.0.0/0"],
        (
            "  - load_balancer.cidrs: must not open API on tcp/7880 to the internet (got 0.0.0.0/0); "
            "name the real sources, in blocks of /8 or longer (IPv4) and /16 or longer (IPv6), also when merged"
        ),
    ),
    "an option and the same in the file of arguments": (
        ["--args", "args.yaml", "--https", "--no-ipv6"],
        (
            "livekit-firewall: 2 problems in the configuration:\n"
            "  - https: must not be given as an option and in the file of arguments; remove one\n"
            "  - ipv6: must not be given as an option and in the file of arguments; remove one"
        ),
    ),
    "both files of arguments": (
        ["--args", "args.yaml", "--stack", "local"],
        "Error: --stack and --args exclude each other",
    ),
    "a stack outside a project": (["--stack", "local"], "Error: --stack needs a Pulumi project: "),
    "arguments that are a list": (["--args", "list.yaml"], "  - list.yaml:1:1: must hold a mapping of keys to values"),
    "arguments that are no YAML": (["--args", "tab.yaml"], "  - tab.yaml:2:1: not valid YAML: "),
    "an unknown argument": (["--args", "unknown.yaml"], "  - htps: unknown key; did you mean https?"),
}


@pytest.mark.matrix
@pytest.mark.parametrize("case", BAD)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[-1])
def test_bad_input_is_exit_2_and_one_message(
    run: Run, livekit: Path, command: list[str], case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (livekit.parent / "args.yaml").write_text("https: true\nipv6: false\n")
    (livekit.parent / "list.yaml").write_text("- https\n")
    (livekit.parent / "tab.yaml").write_text("https:\n\tport: 443\n")
    (livekit.parent / "unknown.yaml").write_text("htps: true\n")
    options, said = BAD[case]
    code, out, err = run(*command, *options)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


@pytest.mark.parametrize("name", ["no-such-stack", "../local", "a/b", "", "x\0y", "-"])
def test_a_stack_that_is_none_is_exit_2(run: Run, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    code, out, err = run("rules", "--stack", name)
    assert (code, out) == (2, "")
    assert err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("config:\n  - a\n", "config"),
        ("config: 5\n", "config"),
        ("config:\n  livekit-firewall:prot: 7880\n", "prot: unknown key; did you mean port?"),
        ("config:\n  livekit-firewall:azure: {subnet_id: s}\n", "azure.subnet_id: cannot be had: azure-native sets"),
        ("config:\n  livekit-firewall:port: {secure: AAAB}\n", "port: must be an integer from 1 to 65535"),
    ],
)
def test_a_stack_file_that_is_wrong_is_exit_2(
    run: Run, text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: livekit-firewall\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    code, out, err = run("rules", "--stack", "dev")
    assert (code, out) == (2, "")
    assert said in err


def test_a_stack_file_without_config_has_the_defaults(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: livekit-firewall\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(
        "config:\n  aws:region: x\n  livekit-firewall:udp_port: 7882\n  tcp_port: 0\n"
    )
    monkeypatch.chdir(tmp_path)
    code, out, _ = run("rules", "--stack", "dev")
    assert (code, [line.split()[0] for line in out.splitlines()]) == (0, ["PORTS", "udp/7882"])


def test_no_command_says_a_secret(run: Run, tmp_path: Path) -> None:
    canary = "s3cr3t-canary"
    secrets = {
        "keys": {"API": canary}, "redis": {"password": canary}, "api_secret": canary, "api_key": canary,
        "webhook": {"api_key": canary}, "key_file": canary,
    }  # fmt: skip
    for name in ("livekit", "sip", "ingress", "egress"):
        (tmp_path / f"{name}.yaml").write_text(json.dumps(secrets))
    files = [f"--{name}={tmp_path / name}.yaml" for name in ("livekit", "sip", "ingress", "egress")]
    for command in COMMANDS:
        for more in ([], ["--json"]):
            code, out, err = run(*command, *files, *more)
            assert code == 0
            assert canary not in out + err


def test_help_is_exit_0_and_lists_every_option(run: Run) -> None:
    code, out, _ = run("--help")
    assert code == 0
    assert [line.split()[0] for line in out.partition("Commands:\n")[2].splitlines()] == [
        "compare", "diff", "explain", "exposure", "host", "lint", "ports", "probe", "recover", "render", "review",
        "rules", "touched",
    ]  # fmt: skip
    code, out, _ = run("rules", "-h")
    assert code == 0
    for option in (
        "--livekit",
        "--sip",
        "--ingress",
        "--egress",
        "--plugnmeet",
        "--stack",
        "--args",
        "--load-balancer",
        "--trunk",
        "--operator",
        "--cluster",
        "--https",
        "--no-ipv6",
        "--json",
    ):
        assert option in out


def test_the_version_is_told_also_from_a_clone(run: Run) -> None:
    code, out, _ = run("--version")
    assert code == 0
    assert out.startswith("livekit-firewall ")


def test_a_command_or_a_platform_that_is_none_is_exit_2(run: Run) -> None:
    assert run("prots")[0] == 2
    code, out, err = run("render", "--to", "oracle", "--https")
    assert (code, out) == (2, "")
    assert ", ".join(f"'{name}'" for name in NAMES) in err


def test_the_command_loads_neither_pulumi_nor_an_sdk_nor_rich() -> None:
    program = (
        "import contextlib, sys\n"
        "from livekit_firewall.cli.group import main\n"
        "for command in ('rules', 'ports --json', 'exposure', 'render --to gcp', 'render --to nftables'):\n"
        "    with contextlib.suppress(SystemExit):\n"
        "        main([*command.split(), '--plugnmeet'])\n"
        "print('LOADED', *sorted({name.partition('.')[0] for name in sys.modules}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT / "components")},
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    loaded = set(done.stdout.splitlines()[-1].split()[1:])
    heavy = {
        "pulumi",
        "pulumi_aws",
        "pulumi_gcp",
        "pulumi_digitalocean",
        "pulumi_azure_native",
        "grpc",
        "google",
        "rich",
        "asyncio",
        "ssl",
        "pytest",
    }
    assert "livekit_firewall" in loaded
    assert loaded & heavy == set()


@pytest.mark.needs("linux")
def test_whoever_stops_reading_the_output_gets_no_traceback() -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    with open(write_end, "w") as closed:  # noqa: PTH123 (a descriptor, not a path)
        done = process("rules", "--https", capture_output=False, stdout=closed, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.needs("linux")
def test_output_that_cannot_be_written_is_exit_2() -> None:
    with Path("/dev/full").open("w") as full:
        done = process("rules", "--https", "--json", capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (2, "livekit-firewall: the output: No space left on device\n")


@pytest.mark.needs("linux")
def test_closed_streams_are_no_reason_to_fail() -> None:
    python = [sys.executable, "-m", "livekit_firewall.cli", "rules", "--https"]
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" >&- 2>&-', "sh", *python],
        env={**os.environ, "PYTHONPATH": str(ROOT / "components")}, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0


@pytest.mark.needs("linux")
def test_ranges_are_printed_whole_on_a_terminal_of_80_columns() -> None:
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES", "NO_COLOR")}
    environment |= {"PYTHONPATH": str(ROOT / "components"), "TERM": "xterm-256color"}
    for command in ("rules", "ports"):
        done = process(
            command,
            "--plugnmeet",
            "--operator",
            "203.0.113.0/28",
            "--operator",
            "2001:db8:1234:5678::/64",
            capture_output=False,
            stdout=theirs,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        assert done.returncode == 0
    os.close(theirs)
    shown = b""
    while True:
        try:
            some = os.read(ours, 65536)
        except OSError:
            break
        if not some:
            break
        shown += some
    os.close(ours)
    plain = _without_escapes(shown.decode())
    assert max(len(line) for line in plain.splitlines()) <= 80
    assert plain.count("udp/50000-60000") == 2
    assert plain.count("udp/30000-40000") == 1
    assert "203.0.113.0/28" in plain


def _without_escapes(text: str) -> str:
    import re

    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_errors_and_warnings_go_to_stderr_and_notes_are_for_lint(run, tmp_path):
    file = tmp_path / "livekit.yaml"
    file.write_text("port: 7880\nturn: {enabled: true, udp_port: 3478}\n")
    _, _, shown = run("rules", "--livekit", str(file))
    assert [line.partition(": ")[0] for line in shown.splitlines()] == ["warning"]
    assert shown.endswith("[no-load-balancer]\n")
    assert "[no-cluster]" in run("lint", "--notes", "--livekit", str(file))[1]

"""What surrounds a configuration: containers, variables and compose files, as people who run them asked about it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from livekit_firewall.cli.group import main

CASES = Path(__file__).parent / "surroundings"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the command in the folder of a case."""

    def run(case: str, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.chdir(next(CASES.glob(f"{case}-*")))
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    return run


def ids(out: str) -> list[str]:
    """Severity and id of each finding that `lint` shows."""
    heads = [line for line in out.splitlines() if line.endswith("]") and not line.startswith(" ")]
    return [f"{line.split(': ')[2]} {line.rpartition('[')[2].rstrip(']')}" for line in heads]


def test_05_a_private_address_on_a_bridge_is_a_warning_that_is_shown(run: Run) -> None:
    code, out, _ = run("05", "lint", "--livekit", "livekit.yaml", "--docker", "--https")
    assert (code, ids(out)) == (0, ["warning private-address-announced"])
    assert "the container's own interface, which no other machine reaches" in out
    assert ids(run("05", "lint", "--livekit", "livekit.yaml", "--https")[1]) == []


def test_06_turn_on_a_bridge_relays_nothing(run: Run) -> None:
    _, out, _ = run("06", "lint", "--livekit", "livekit.yaml", "--docker", "--https")
    assert ids(out) == ["warning turn-relay-bridge"]
    assert "network_mode: host" in out
    assert ids(run("06", "lint", "--livekit", "livekit.yaml", "--https")[1]) == []


def test_11_the_compose_file_of_plugnmeet_sets_a_node_ip_that_is_overwritten(run: Run) -> None:
    code, out, _ = run("11", "lint", "--plugnmeet", ".")
    assert code == 1
    assert "docker-compose.yaml:5:5: rtc.node_ip (flag --node-ip): error: the address that STUN finds" in out
    assert "error node-ip-ignored" in ids(out)
    assert not [one for one in ids(out) if "sip" in one or "media-address" in one]


def test_11_livekit_sip_always_runs_beside_plugnmeet_for_nobody(run: Run) -> None:
    code, out, err = run("11", "ports", "--plugnmeet", ".")
    rows = [line.split() for line in out.splitlines()]
    sip = {row[-7]: " ".join(row[-4:-2]) for row in rows if row[-2] in ("sip_port", "rtp_port") or "tcp/8090" in row}
    assert (code, sip) == (
        0,
        dict.fromkeys(("tcp/5060", "udp/5060", "udp/10000-20000", "tcp/8090"), "this node"),
    )
    assert "sip-public" not in err
    assert "5060" not in run("11", "rules", "--plugnmeet", ".")[1]


def test_12_containers_of_a_bridge_do_not_share_ports(run: Run) -> None:
    files = ("--ingress", "ingress.yaml", "--egress", "egress.yaml", "--https")
    code, out, _ = run("12", "lint", *files, "--docker")
    assert (code, ids(out)) == (0, [])
    code, out, _ = run("12", "lint", *files)
    assert (code, ids(out)) == (1, ["error overlap"])
    assert "egress.yaml:3:1: health_port" in out
    assert "Health of livekit-egress on tcp/9091 and Health of livekit-ingress on tcp/9091 (ingress.yaml:3:1" in out


def test_13_no_advice_for_the_host_is_given_to_a_container(run: Run) -> None:
    _, out, _ = run("13", "lint", "--livekit", "livekit.yaml", "--docker", "--https", "--notes")
    assert ids(out) == ["note no-way-on-443", "note api-all-interfaces"]
    assert 'publish it on loopback, "127.0.0.1:7880:7880", or not at all' in out
    assert "bind_addresses" not in out
    assert "bind_addresses" in run("13", "lint", "--livekit", "livekit.yaml", "--https", "--notes")[1]


@pytest.mark.parametrize(
    ("text", "port"),
    [("LIVEKIT_RTC_TCP_PORT=7999", "tcp/7999"), ("UDP_PORT=7999", "udp/7999"), ("rtc.tcp_port=7999", "tcp/7999")],
)
def test_18_a_variable_is_set_by_its_name(run: Run, text: str, port: str) -> None:
    code, out, err = run("18", "ports", "--livekit", "livekit.yaml", "--set", text, "--https")
    assert (code, port in out, err) == (0, True, "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("LIVEKIT_RTC_TCP_PROT=7999", "did you mean LIVEKIT_RTC_TCP_PORT, which is --set rtc.tcp_port=VALUE?"),
        ("rtc.tcp_prot=7999", "must be a key that livekit-server has; did you mean rtc.tcp_port?"),
        ("PORT=7999", "must be a variable that a service reads"),
        ("LIVEKIT_WS_URL=ws://x", "must say which service it is for: sip, ingress, egress read it"),
        ("LIVEKIT_KEYS=a:canary", 'must be "KEY: SECRET", with a space behind the colon'),
    ],
)
def test_18_an_override_that_no_service_reads_is_refused(run: Run, text: str, said: str) -> None:
    code, out, err = run("18", "ports", "--livekit", "livekit.yaml", "--set", text)
    assert (code, out) == (2, "")
    assert said in err
    assert "canary" not in err


def test_18_variables_alone_say_what_runs(run: Run) -> None:
    code, out, _ = run("18", "ports", "--set", "UDP_PORT=7999", "--set", "NODE_IP=203.0.113.5")
    assert (code, [line.split()[1] for line in out.splitlines()[1:]]) == (0, ["tcp/7880", "udp/7999", "tcp/7881"])

"""Flags, environment variables and Helm values change a server's configuration."""

from __future__ import annotations

import pytest

from livekit_firewall.cli import group as cli


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        cli.main(list(arguments))
    output = capsys.readouterr()
    return ended.value.code, [line.split()[0] for line in output.out.splitlines()[1:]], output.err


@pytest.fixture
def livekit(tmp_path):
    path = tmp_path / "livekit.yaml"
    path.write_text("port: 7880\nrtc: {port_range_start: 50000, port_range_end: 60000}\n")
    return str(path)


def test_what_a_flag_sets_wins_over_the_file(livekit, capsys):
    code, ports, _ = run(
        capsys, "rules", "--livekit", livekit, "--set", "rtc.tcp_port=7999", "--set", "rtc.port_range_end=50100"
    )
    assert (code, ports) == (0, ["udp/50000-50100", "tcp/7999"])


def test_a_mux_by_flag_beside_the_range_of_the_file_is_read_as_the_server_does(livekit, capsys):
    code, ports, output = run(capsys, "rules", "--livekit", livekit, "--set", "rtc.udp_port=7882")
    assert (code, ports) == (0, ["udp/50000-60000", "tcp/7881"])
    assert "[both-ice-modes]" in output


def test_another_service_is_named_before_its_key(tmp_path, capsys):
    path = tmp_path / "sip.yaml"
    path.write_text("sip_port: 5060\n")
    code, ports, _ = run(
        capsys, "rules", "--sip", str(path), "--set", "sip:sip_port_listen=5070", "--trunk", "192.0.2.0/24"
    )
    assert (code, ports) == (0, ["tcp/5070", "udp/5070", "udp/10000-20000"])


@pytest.mark.parametrize("text", ["rtc.tcp_port", "=5", "turn:port=5", "rtc.tcp_port=[", "rtc.tcp_port=70000"])
def test_an_invalid_set_is_exit_2_and_one_message(livekit, capsys, text):
    code, ports, output = run(capsys, "rules", "--livekit", livekit, "--set", text)
    assert (code, ports) == (2, [])
    assert output.startswith("livekit-firewall: 1 problem")


def test_an_override_for_a_preset_is_refused(capsys):
    code, ports, output = run(capsys, "rules", "--plugnmeet", "--set", "rtc.tcp_port=7999")
    assert (code, ports) == (2, [])
    assert "--set: must be for a service whose file is given" in output


@pytest.mark.parametrize(
    ("arguments", "rules"),
    [
        (["--set", "rtc.udp_port=7882"], ["udp/7882", "tcp/7881"]),
        (["--https", "--set", "sip:sip_port=5070"], ["tcp/80", "tcp/443", "tcp/5070", "udp/5070", "udp/10000-20000"]),
    ],
)
def test_without_a_file_overrides_say_which_services_run(arguments, rules, capsys):
    code, ports, _ = run(capsys, "rules", *arguments)
    assert (code, sorted(ports)) == (0, sorted(rules))

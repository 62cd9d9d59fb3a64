"""Flags, environment variables and Helm's values, as what they make of a server's configuration."""

from __future__ import annotations

import pytest

from livekit_firewall.cli import group as cli


def run(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        cli.main(list(arguments))
    said = capsys.readouterr()
    return ended.value.code, [line.split()[0] for line in said.out.splitlines()[1:]], said.err


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
    code, ports, said = run(capsys, "rules", "--livekit", livekit, "--set", "rtc.udp_port=7882")
    assert (code, ports) == (0, ["udp/50000-60000", "tcp/7881"])
    assert "[both-ice-modes]" in said


def test_another_service_is_named_before_its_key(tmp_path, capsys):
    path = tmp_path / "sip.yaml"
    path.write_text("sip_port: 5060\n")
    code, ports, _ = run(
        capsys, "rules", "--sip", str(path), "--set", "sip:sip_port_listen=5070", "--trunk", "192.0.2.0/24"
    )
    assert (code, ports) == (0, ["tcp/5070", "udp/5070", "udp/10000-20000"])


@pytest.mark.parametrize("text", ["rtc.tcp_port", "=5", "turn:port=5", "rtc.tcp_port=[", "rtc.tcp_port=70000"])
def test_what_cannot_be_set_is_exit_2_and_one_message(livekit, capsys, text):
    code, ports, said = run(capsys, "rules", "--livekit", livekit, "--set", text)
    assert (code, ports) == (2, [])
    assert said.startswith("livekit-firewall: 1 problem")


VALUES = """
replicaCount: 1
livekit:
  rtc: {udp_port: 7882-7892, tcp_port: 7881}
  turn: {enabled: true, tls_port: 5349, domain: t.example.com, secretName: t-tls, serviceType: NodePort}
"""


def test_helm_values_are_the_configuration_under_livekit_and_further_keys_in_it_are_no_mistake(tmp_path, capsys):
    path = tmp_path / "values.yaml"
    path.write_text(VALUES)
    code, ports, said = run(capsys, "rules", "--helm", str(path), "--load-balancer", "10.0.0.0/24")
    assert (code, ports) == (0, ["tcp/7880", "udp/7882-7892", "tcp/7881", "tcp/5349"])
    assert "unknown-key" not in said


def test_a_problem_in_helm_values_is_placed_in_their_file(tmp_path, capsys):
    path = tmp_path / "values.yaml"
    path.write_text("livekit:\n  rtc:\n    tcp_port: 70000\n")
    code, _, said = run(capsys, "rules", "--helm", str(path))
    assert code == 2
    assert f"{path}:3:5: rtc.tcp_port: must be an integer from 1 to 65535, or 0 = off (got 70000)" in said


@pytest.mark.parametrize(
    ("values", "finding"),
    [
        ("loadBalancer: {type: alb}\nlivekit: {port: 7880}\n", "helm-node-port"),
        ("loadBalancer: {type: aws}\nlivekit: {prometheus_port: 6789}\n", "helm-metrics-public"),
        ("podHostNetwork: false\nlivekit: {port: 7880}\n", "helm-pod-network"),
    ],
)
def test_what_the_chart_makes_of_its_values_is_a_finding(tmp_path, capsys, values, finding):
    path = tmp_path / "values.yaml"
    path.write_text(values)
    code, _, said = run(capsys, "rules", "--helm", str(path))
    assert code == 0
    assert f"[{finding}]" in said


def test_values_of_another_chart_are_refused(tmp_path, capsys):
    path = tmp_path / "values.yaml"
    path.write_text("image: nginx\n")
    code, _, said = run(capsys, "rules", "--helm", str(path))
    assert code == 2
    assert "livekit: must be a mapping in the values of" in said


def test_a_chart_and_its_file_exclude_each_other(livekit, capsys):
    code, _, said = run(capsys, "rules", "--helm", livekit, "--livekit", livekit)
    assert code == 2
    assert "--helm and --livekit exclude each other" in said


def test_what_is_set_for_a_preset_is_refused_and_never_lost(capsys):
    code, ports, said = run(capsys, "rules", "--plugnmeet", "--set", "rtc.tcp_port=7999")
    assert (code, ports) == (2, [])
    assert "--set: must be for a service whose file is given" in said


@pytest.mark.parametrize(
    ("arguments", "rules"),
    [
        (["--set", "rtc.udp_port=7882"], ["udp/7882", "tcp/7881"]),
        (["--https", "--set", "sip:sip_port=5070"], ["tcp/80", "tcp/443", "tcp/5070", "udp/5070", "udp/10000-20000"]),
    ],
)
def test_without_a_file_what_is_set_says_what_runs(arguments, rules, capsys):
    code, ports, _ = run(capsys, "rules", *arguments)
    assert (code, sorted(ports)) == (0, sorted(rules))

"""What a compose file publishes passes the host's input chain by: no report calls it closed, but where a cloud's
firewall stands in front.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from livekit_firewall.cli.group import main
from livekit_firewall.deployment.derive import Deployment, read_deployment
from livekit_firewall.reports.explain.explain import explain, question
from livekit_firewall.reports.exposure.expose import expose
from livekit_firewall.reports.exposure.picture import mermaid_of
from livekit_firewall.reports.lint import lint

REDIS = "Redis on tcp/6379, published by Docker past the host's input chain (services.redis.ports[0])"
STRANGER, STRANGER6 = "198.51.100.1", "2001:db8::1"
HOST: Mapping[str, object] = {"host": {}}
AWS: Mapping[str, object] = {"aws": {"vpc_id": "vpc-0a1b2c3d4e5f60718"}}
SERVER = "  livekit: {image: livekit/livekit-server, network_mode: host, environment: {UDP_PORT: 7882}}\n"
RELAY = "turn: {enabled: true, udp_port: 3478, relay_range_start: 30000, relay_range_end: 30010}"
KINDS = {
    "redis": "redis: {image: 'redis:7', %s}",
    "postgres": "db: {image: postgres, %s}",
    "grafana": "grafana: {image: grafana/grafana, %s}",
    "nats": "bus: {image: nats, %s}",
    "metrics": "livekit: {image: livekit/livekit-server, environment: {LIVEKIT_CONFIG: 'prometheus_port: 6789'}, %s}",
    "api": "livekit: {image: livekit/livekit-server, environment: {LIVEKIT_CONFIG: 'port: 7880'}, %s}",
    "relay": f"livekit: {{image: livekit/livekit-server, environment: {{LIVEKIT_CONFIG: '{RELAY}'}}, %s}}",
    "sip": "sip: {image: livekit/sip, environment: {SIP_CONFIG_BODY: 'redis: {address: r}'}, %s}",
    "health": "ingress: {image: livekit/ingress, environment: {INGRESS_CONFIG_BODY: 'health_port: 7888'}, %s}",
}


def deployed(folder: Path, text: str, **given: object) -> Deployment:
    service = "" if "livekit:" in text else SERVER
    (folder / "compose.yaml").write_text(f"services:\n{service}  {text}\n", encoding="utf-8")
    return read_deployment({"compose": "compose.yaml", **given}, folder)


def published(folder: Path, kind: str, ports: str, **given: object) -> Deployment:
    return deployed(folder, KINDS[kind] % f"ports: [{ports}]", **given)


def verdicts(deployment: Deployment, ports: str) -> list[str]:
    return [explain(deployment, question(who, ports)).verdict for who in (STRANGER, STRANGER6)]


@pytest.mark.parametrize("given", [{}, HOST], ids=["no-target", "host"])
@pytest.mark.parametrize(
    ("kind", "published_as", "asked", "expected"),
    [
        ("redis", '"6379:6379"', "tcp/6379", ["allowed", "not known"]),
        ("redis", '"6380:6379"', "tcp/6380", ["allowed", "not known"]),
        ("redis", '"6380:6379"', "tcp/6379", ["denied", "denied"]),
        ("redis", '"6378-6380:6378-6380"', "tcp/6379", ["allowed", "not known"]),
        ("redis", '"6390-6399:6379"', "tcp/6395", ["not known", "not known"]),
        ("redis", '"0.0.0.0:6379:6379"', "tcp/6379", ["allowed", "denied"]),
        ("redis", '"[::]:6379:6379"', "tcp/6379", ["denied", "not known"]),
        ("redis", '"192.168.1.7:6379:6379"', "tcp/6379", ["not known", "denied"]),
        ("redis", '"127.0.0.1:6379:6379"', "tcp/6379", ["denied", "denied"]),
        ("redis", '"[::1]:6379:6379"', "tcp/6379", ["denied", "denied"]),
        ("redis", "", "tcp/6379", ["denied", "denied"]),
        ("grafana", '"3000:3000"', "tcp/3000", ["allowed", "not known"]),
        ("grafana", '"127.0.0.1:3000:3000"', "tcp/3000", ["denied", "denied"]),
        ("postgres", '"5432:5432"', "tcp/5432", ["allowed", "not known"]),
        ("nats", '"4222:4222"', "tcp/4222", ["allowed", "not known"]),
        ("metrics", '"6789:6789"', "tcp/6789", ["allowed", "not known"]),
        ("api", '"7880:7880"', "tcp/7880", ["allowed", "not known"]),
        ("api", '"127.0.0.1:7880:7880"', "tcp/7880", ["denied", "denied"]),
        ("relay", '"30000-30010:30000-30010/udp"', "udp/30003", ["allowed", "not known"]),
        ("sip", '"5060:5060/udp"', "udp/5060", ["allowed", "not known"]),
        ("sip", '"5060:5060/udp"', "tcp/5060", ["denied", "denied"]),
        ("health", '"7888:7888"', "tcp/7888", ["allowed", "not known"]),
    ],
)
def test_the_host_does_not_close_what_docker_forwards(
    tmp_path: Path, kind: str, published_as: str, asked: str, expected: list[str], given: Mapping[str, object]
) -> None:
    trunks = {"trunks": ["203.0.113.0/24"]} if kind == "sip" else {}
    assert verdicts(published(tmp_path, kind, published_as, **given, **trunks), asked) == expected


def test_ports_that_are_exposed_or_on_the_host_s_network_are_not_forwarded(tmp_path: Path) -> None:
    assert verdicts(deployed(tmp_path, KINDS["redis"] % 'expose: ["6379"]', **HOST), "tcp/6379") == ["denied"] * 2
    host = KINDS["api"] % 'network_mode: host, ports: ["7880:7880"]'
    assert verdicts(deployed(tmp_path, host, **HOST), "tcp/7880") == ["denied"] * 2


def test_whoever_shares_the_network_of_a_service_is_published_with_it(tmp_path: Path) -> None:
    text = "edge: {image: nginx, ports: ['7880:7880']}\n  " + KINDS["api"] % "network_mode: 'service:edge'"
    assert verdicts(deployed(tmp_path, text, **HOST), "tcp/7880") == ["allowed", "not known"]


@pytest.mark.parametrize("given", [AWS, {**AWS, **HOST}], ids=["aws", "aws-and-host"])
def test_a_cloud_s_firewall_in_front_closes_it_and_is_named(tmp_path: Path, given: Mapping[str, object]) -> None:
    deployment = published(tmp_path, "redis", '"6379:6379"', **given)
    answer = explain(deployment, question(STRANGER, "tcp/6379"))
    assert (answer.verdict, answer.because) == (
        "denied",
        (
            "Redis (services.redis.ports[0]) is for this node alone and never opens",
            f"{REDIS}; aws in front closes it",
        ),
    )
    [closed] = [one for one in expose(deployment).as_json()["closed"] if one["service"] == "redis"]
    assert closed["because"] == "published by Docker, and closed by aws"


def test_what_is_assumed_of_docker_is_said_with_the_verdict(tmp_path: Path) -> None:
    """`iptables: false` and `ip` of the daemon, and lines in DOCKER-USER, close what is published."""
    deployment = published(tmp_path, "redis", '"6379:6379"', **HOST)
    [said] = explain(deployment, question(STRANGER, "tcp/6379")).because
    assert said.removeprefix(REDIS) == (
        "; by Docker's defaults no rule of the host limits who gets there, and a firewall in front of it does; over "
        "IPv6 that holds where the container's network has IPv6; DOCKER-USER, and options of the daemon and of its "
        "networks, are not read"
    )


@pytest.mark.parametrize("given", [{}, HOST], ids=["no-target", "host"])
def test_no_report_calls_it_closed(tmp_path: Path, given: Mapping[str, object]) -> None:
    deployment = published(tmp_path, "redis", '"6379:6379"', **given)
    exposed = expose(deployment)
    assert "redis" not in [one["service"] for one in exposed.as_json()["closed"]]
    assert exposed.as_json()["baseline"]["host"][-1]["what"] == REDIS
    assert "Redis" in exposed.open_besides
    picture = mermaid_of(deployment)
    assert '["Redis, internal"]' in picture
    assert "tcp/6379 Redis" not in picture


def test_what_the_rules_admit_already_is_not_said_again(tmp_path: Path) -> None:
    public = deployed(tmp_path, KINDS["api"] % 'ports: ["7881:7881"]', **HOST)
    assert public.forwarded == ()
    few = deployed(tmp_path, KINDS["api"] % 'ports: ["7881:7881"]', **HOST, clients={"cidrs": ["10.0.0.0/8"]})
    assert [item.what.partition(",")[0] for item in few.forwarded] == ["ICE/TCP on tcp/7881"]


def test_the_commands_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    published(tmp_path, "redis", '"6379:6379"')
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[object, list[str]]:
        with pytest.raises(SystemExit) as caught:
            main([*arguments, "--compose", "compose.yaml"])
        return caught.value.code, capsys.readouterr().out.splitlines()

    code, told = run("explain", STRANGER, "tcp/6379")
    assert (code, told[0]) == (0, f"allowed: tcp/6379 from {STRANGER}/32")
    [row] = [line for line in run("ports")[1] if line.startswith("Redis")]
    assert row.split()[4:7] == ["this", "node,", "published"]
    assert "\n".join(run("ports", "--json")[1]).count('"forwarded": true') == 1


PROXY = "\n  edge: {image: caddy, ports: ['443:443']%s}"


@pytest.mark.parametrize(
    ("server", "edge", "given", "expected"),
    [
        ("port: 7880", "", {}, ["note proxy-in-bridge"]),
        ("port: 7880", "", HOST, ["warning proxy-in-bridge"]),
        ("port: 7880", "", {**HOST, **AWS}, ["warning proxy-in-bridge"]),
        ("port: 7880", "", AWS, []),
        ("port: 7880", "", {**HOST, "load_balancer": {"cidrs": ["172.28.0.0/24"]}}, []),
        ("bind_addresses: ['127.0.0.1']", "", AWS, ["warning proxy-in-bridge"]),
        ("port: 7880", ", network_mode: host", HOST, ["note api-all-interfaces"]),
    ],
)
def test_a_proxy_in_a_bridge_is_not_on_the_host_s_loopback(
    tmp_path: Path, server: str, edge: str, given: Mapping[str, object], expected: list[str]
) -> None:
    (tmp_path / "livekit.yaml").write_text(server + "\n", encoding="utf-8")
    text = "livekit: {image: livekit/livekit-server, command: --config /l.yaml, network_mode: host, "
    deployment = deployed(tmp_path, text + "volumes: ['./livekit.yaml:/l.yaml']}" + PROXY % edge, https=True, **given)
    ids = ("proxy-in-bridge", "api-all-interfaces")
    assert [f"{one.severity} {one.id}" for one in lint(deployment) if one.id in ids] == expected

"""`no-way-on-443`: said of a running deployment that tells clients of no way over TCP 443, and of no other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.reports.lint import lint

from ..lint_examples import HOST, SERVER, Example
from .test_lint import linted

TLS = "turn: {enabled: true, domain: turn.example.com, cert_file: a, key_file: b, tls_port: 443"
PLAIN = "turn: {enabled: true, domain: turn.example.com, tls_port: 5349, external_tls: true"
OTHER = "rtc: {turn_servers: [{host: turn.example.com, secret: a, port: %s, protocol: %s}]}"
NONE = "clients are told of no way for media over tcp/443: "
OFF = NONE + "TURN is off, and ICE/TCP is on 7881"
BOUND = NONE + "TURN/TLS on tcp/443 is bound to loopback, and nothing is named that hands it on, and ICE/TCP is on 7881"


def said(example: Example, folder: Path) -> list[str]:
    return [one.text for one in linted(example, folder) if one.id == "no-way-on-443"]


@pytest.mark.parametrize(
    ("example", "text"),
    [
        (Example("port: 7880"), OFF),
        (Example("port: 7880", given={"https": True}), OFF),
        # whatever the balancer listens on, clients are not told of it
        (Example("port: 7880", given={"load_balancer": {"cidrs": ["10.0.0.0/24"]}}), OFF),
        (Example(PLAIN.replace("enabled: true", "enabled: false") + "}"), OFF),
        (Example("rtc: {tcp_port: 0}"), NONE + "TURN is off, and ICE/TCP is off"),
        (
            Example("turn: {enabled: true, udp_port: 3478}"),
            NONE + "TURN is on without tls_port, and ICE/TCP is on 7881",
        ),
        (
            Example("turn: {enabled: true, udp_port: 443}"),
            NONE + "TURN is on without tls_port, and ICE/TCP is on 7881; "
            "TURN/UDP on udp/443 helps only where UDP is let out too",
        ),
        (Example("rtc: {udp_port: 443}"), OFF + "; ICE/UDP on udp/443 helps only where UDP is let out too"),
        (Example(TLS + ", bind_addresses: ['127.0.0.1']}"), BOUND),
        (Example(OTHER % (443, "udp")), OFF),
        (Example(OTHER % (5349, "tls")), OFF),
        (Example(compose=HOST), OFF),
        (Example(helm="livekit: {port: 7880}"), OFF),
        # clients are told 7881, wherever it is published
        (Example(compose=SERVER + 'ports: ["443:7881"]}'), OFF),
    ],
)
def test_it_is_said_with_what_is_missing(example: Example, text: str, tmp_path: Path) -> None:
    assert said(example, tmp_path) == [text]


@pytest.mark.parametrize(
    "example",
    [
        Example(TLS + "}"),
        Example(TLS + ", bind_addresses: ['127.0.0.1']}", given={"https": True}),
        Example(TLS + ", bind_addresses: ['127.0.0.1']}", given={"load_balancer": {"cidrs": ["10.0.0.0/24"]}}),
        Example(PLAIN + "}", given={"https": True}),
        Example(PLAIN + "}", given={"load_balancer": {"cidrs": ["10.0.0.0/24"]}}),
        # turn-tls-unreachable and published-missing are said of these
        Example(PLAIN + "}"),
        Example(TLS + "}", is_docker=True),
        Example("rtc: {tcp_port: 443}"),
        Example(OTHER % (443, "tls")),
        Example(OTHER % (443, "tcp")),
        # not known
        Example(OTHER % ("'${PORT}'", "tls")),
        Example("rtc: {turn_servers: '${SERVERS}'}"),
        Example("rtc: {turn_servers: [text]}"),
        # on a machine of a developer
        Example("development: true"),
        Example(given={"plugnmeet": {"whip": False}}),
        Example(sip="redis: {address: localhost}", given={"livekit": False}),
    ],
)
def test_it_is_not_said_where_there_is_a_way_or_none_can_be_known(example: Example, tmp_path: Path) -> None:
    assert said(example, tmp_path) == []


@pytest.mark.parametrize("given", [{}, {"https": True}, {"turn": {"enabled": True, "udp_port": 3478}}])
def test_arguments_do_not_say_which_other_servers_clients_are_told_of(given: dict[str, Any], tmp_path: Path) -> None:
    assert "no-way-on-443" not in {one.id for one in lint(read_deployment(given, tmp_path))}

"""The rules of the settings: the UDP ports of ICE, and the problems in arguments and in a running deployment's file.

The tables record LiveKit's behaviour as measured on livekit-server 1.13.5, written by hand.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from livekit_firewall.deployment.derive import Deployment, read_deployment
from livekit_firewall.inputs.shown import show
from livekit_firewall.model.errors import ConfigurationError, Place, Report
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.registry import BY_ARGUMENT
from livekit_firewall.settings.server import Rtc, udp_mux
from livekit_firewall.settings.server_checks import read_server
from livekit_firewall.settings.sip import Sip, rtp_range
from livekit_firewall.settings.tree import Tree

from ..strategies import LENGTH

HERE = Path()
OWN = {"livekit": "livekit_config", "sip": "sip_config", "ingress": "ingress_config", "egress": "egress_config"}


def arguments(**given: Any) -> tuple[Deployment | None, list[str]]:
    """The deployment, or the texts of its problems."""
    try:
        return read_deployment(given, HERE), []
    except ConfigurationError as error:
        return None, [str(problem) for problem in error.problems]


def running(tmp_path: Path, service: str, given: Any, **access: Any) -> tuple[Deployment | None, list[str], list[str]]:
    """The same for a running deployment's file (JSON is YAML), and its findings as (severity, place, id)."""
    (tmp_path / f"{service}.yaml").write_text(json.dumps(given))
    options = {OWN[service]: f"{service}.yaml", "livekit": service == "livekit", **access}
    try:
        deployment = read_deployment(options, tmp_path)
    except ConfigurationError as error:
        return None, [str(problem) for problem in error.problems], []
    reported = [f"{one.severity} {one.place.path} {one.id}" for one in deployment.findings]
    return (
        deployment,
        [],
        [text for text in reported if not text.endswith(("no-load-balancer", "no-cluster", "no-operators"))],
    )


def udp(deployment: Deployment | None) -> list[str]:
    assert deployment is not None
    return [str(one.ports) for one in deployment.listeners if one.service is Service.ICE_UDP]


# ports.md 1.2, each line: livekit.yaml, the UDP to allow, the findings of a file
ICE_IN_A_FILE: list[tuple[dict[str, Any], list[str], list[str]]] = [
    ({}, ["udp/50000-60000"], []),
    ({"keys": {"a": "b"}, "development": True}, ["udp/7882"], ["warning development development"]),
    ({"rtc": {"udp_port": "7882-7892"}}, ["udp/7882-7892"], []),
    ({"rtc": {"udp_port": 7882}}, ["udp/7882"], []),
    ({"rtc": {"udp_port": "7882"}}, ["udp/7882"], []),
    ({"rtc": {"udp_port": " 7882 - 7892 "}}, ["udp/7882-7892"], []),
    (
        {"rtc": {"udp_port": 7882, "port_range_start": 50000, "port_range_end": 50010}},
        ["udp/50000-50010"],
        ["warning rtc.udp_port both-ice-modes"],
    ),
    (
        {"rtc": {"udp_port": 7882, "port_range_start": 50000}},
        ["udp/7882"],
        ["warning rtc.port_range_start half-range"],
    ),
    ({"rtc": {"udp_port": 7882, "port_range_end": 50000}}, ["udp/7882"], ["warning rtc.port_range_end half-range"]),
    ({"rtc": {"port_range_end": 50000}}, ["udp/50000-60000"], ["error rtc.port_range_end half-range"]),
    ({"rtc": {"udp_port": 0}}, ["udp/50000-60000"], ["error rtc.udp_port udp-port-ignored"]),
    ({"rtc": {"udp_port": [7882, 7892]}}, ["udp/50000-60000"], ["error rtc.udp_port udp-port-ignored"]),
    ({"rtc": {"udp_port": {"start": 7882, "end": 7892}}}, ["udp/50000-60000"], ["error rtc.udp_port udp-port-ignored"]),
    ({"rtc": {"port_range_start": 0, "port_range_end": 0}}, ["udp/50000-60000"], []),
    ({"rtc": {"port_range_start": 40000, "port_range_end": 40000}}, ["udp/40000"], []),
    ({"rtc": {"force_tcp": True}}, [], []),
    ({"rtc": {"udp_port": 7882, "use_stun_port_as_ice": True}}, ["udp/3478", "udp/7882"], []),
    ({"rtc": {"use_stun_port_as_ice": True}}, ["udp/50000-60000"], []),
]


@pytest.mark.parametrize(("given", "expected", "reported"), ICE_IN_A_FILE, ids=lambda value: json.dumps(value)[:60])
def test_ice_over_udp_is_resolved_as_the_server_does(
    given: dict[str, Any], expected: list[str], reported: list[str], tmp_path: Path
) -> None:
    deployment, problems, findings = running(tmp_path, "livekit", given)
    assert problems == []
    assert udp(deployment) == expected
    assert findings == reported


ICE_IN_ARGUMENTS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["udp/50000-60000"]),
    ({"udp_port": 7882}, ["udp/7882"]),
    ({"udp_port": 7882.0}, ["udp/7882"]),
    ({"udp_port": "7882"}, ["udp/7882"]),
    ({"udp_port": "7882-7892"}, ["udp/7882-7892"]),
    ({"port_range_start": 40000, "port_range_end": 40100}, ["udp/40000-40100"]),
    ({"port_range_start": 40000.0, "port_range_end": 40000.0}, ["udp/40000"]),
]


@pytest.mark.parametrize(("given", "expected"), ICE_IN_ARGUMENTS, ids=str)
def test_ice_over_udp_in_arguments(given: dict[str, Any], expected: list[str]) -> None:
    deployment, problems = arguments(**given)
    assert problems == []
    assert udp(deployment) == expected


# ports.md 13, by number: what stops whoever wrote it, as an argument and in a running file
TURN = {"enabled": True, "domain": "t.example.com"}
STOPS: dict[str, tuple[str, dict[str, Any], str, dict[str, Any] | None, str]] = {
    "2: the start of a range alone": (
        "livekit",
        {"rtc": {"port_range_start": 50000}},
        ("livekit.yaml:1:COLUMN: rtc.port_range_start: must come with rtc.port_range_end (got 50000); "
        "set rtc.port_range_end too; with the start alone livekit-server takes any free port"),
        {"port_range_start": 50000},
        ("port_range_start: must come with port_range_end (got 50000); "
        "set port_range_end too; with the start alone livekit-server takes any free port"),
    ),
    "6: a reversed range": (
        "livekit",
        {"rtc": {"port_range_start": 50010, "port_range_end": 50000}},
        ("livekit.yaml:1:COLUMN: rtc.port_range_end: must be >= rtc.port_range_start (got 50010 > 50000); "
        "swap them, or remove both"),
        {"port_range_start": 50010, "port_range_end": 50000},
        "port_range_end: must be >= port_range_start (got 50010 > 50000); swap them, or remove both",
    ),
    "6: a port over 65535": (
        "livekit",
        {"rtc": {"port_range_end": 70000}},
        "livekit.yaml:1:COLUMN: rtc.port_range_end: must be an integer from 1 to 65535, or 0 = not set (got 70000)",
        {"port_range_end": 70000},
        "port_range_end: must be an integer from 1 to 65535, or 0 = not set (got 70000)",
    ),
    "6: port 0": (
        "livekit",
        {"port": 0},
        "livekit.yaml:1:COLUMN: port: must be an integer from 1 to 65535 (got 0)",
        {"port": 0},
        "port: must be an integer from 1 to 65535 (got 0)",
    ),
    "6: a port below 0": (
        "livekit",
        {"rtc": {"tcp_port": -1}},
        "livekit.yaml:1:COLUMN: rtc.tcp_port: must be an integer from 1 to 65535, or 0 = off (got -1)",
        {"tcp_port": -1},
        "tcp_port: must be an integer from 1 to 65535, or 0 = off (got -1)",
    ),
    "6: a mux over 65535": (
        "livekit",
        {"rtc": {"udp_port": 65536}},
        "livekit.yaml:1:COLUMN: rtc.udp_port: must be within 1 to 65535 (got 65536)",
        {"udp_port": 65536},
        "udp_port: must be within 1 to 65535 (got 65536)",
    ),
    "6: a reversed mux": (
        "livekit",
        {"rtc": {"udp_port": "7892-7882"}},
        "livekit.yaml:1:COLUMN: rtc.udp_port: the end of a range must be greater than its start (got '7892-7882')",
        {"udp_port": "7892-7882"},
        "udp_port: the end of a range must be greater than its start (got '7892-7882')",
    ),
    "6: a mux of three": (
        "livekit",
        {"rtc": {"udp_port": "1-2-3"}},
        "livekit.yaml:1:COLUMN: rtc.udp_port: must be a port or a range such as 7882-7892 (got '1-2-3')",
        {"udp_port": "1-2-3"},
        "udp_port: must be a port or a range such as 7882-7892 (got '1-2-3')",
    ),
    "6: a mux that is not trimmed": (
        "livekit",
        {"rtc": {"udp_port": " 7882"}},
        "livekit.yaml:1:COLUMN: rtc.udp_port: must be a port or a range such as 7882-7892 (got ' 7882')",
        {"udp_port": " 7882"},
        "udp_port: must be a port or a range such as 7882-7892 (got ' 7882')",
    ),
    "6: a mux that is a switch": (
        "livekit",
        {"rtc": {"udp_port": False}},
        "livekit.yaml:1:COLUMN: rtc.udp_port: must be a port or a range such as 7882-7892 (got false)",
        {"udp_port": False},
        "udp_port: must be a port or a range such as 7882-7892 (got false)",
    ),
    "7: a reversed relay range": (
        "livekit",
        {"turn": {**TURN, "udp_port": 3478, "relay_range_start": 40000, "relay_range_end": 30000}},
        "livekit.yaml:1:COLUMN: turn.relay_range_end: must be >= turn.relay_range_start (got 40000 > 30000); swap them",
        {"turn": {**TURN, "udp_port": 3478, "relay_range_start": 40000, "relay_range_end": 30000}},
        "turn.relay_range_end: must be >= turn.relay_range_start (got 40000 > 30000); swap them",
    ),
    "7: the start of a relay range alone": (
        "livekit",
        {"turn": {**TURN, "udp_port": 3478, "relay_range_start": 40000}},
        ("livekit.yaml:1:COLUMN: turn.relay_range_start: must come with its other end (got 40000); "
        "set both, or neither for 30000-40000"),
        {"turn": {**TURN, "udp_port": 3478, "relay_range_start": 40000}},
        "turn.relay_range_start: must come with its other end (got 40000); set both, or neither for 30000-40000",
    ),
    "7: the end of a relay range alone": (
        "livekit",
        {"turn": {**TURN, "udp_port": 3478, "relay_range_end": 40000}},
        ("livekit.yaml:1:COLUMN: turn.relay_range_end: must come with its other end (got 40000); "
        "set both, or neither for 30000-40000"),
        {"turn": {**TURN, "udp_port": 3478, "relay_range_end": 40000}},
        "turn.relay_range_end: must come with its other end (got 40000); set both, or neither for 30000-40000",
    ),
    "8: TURN without a port": (
        "livekit",
        {"turn": {"enabled": True, "udp_port": -1}},
        ("livekit.yaml:1:COLUMN: turn.enabled: must come with turn.udp_port or turn.tls_port (got true); "
        "both are off by default; set 3478 and/or 443"),
        {"turn": {"enabled": True}},
        ("turn.enabled: must come with turn.udp_port or turn.tls_port (got true); "
        "both are off by default; set 3478 and/or 443"),
    ),
    "9: TURN/TLS without a domain": (
        "livekit",
        {"turn": {"enabled": True, "tls_port": 443}},
        ("livekit.yaml:1:COLUMN: turn.tls_port: must come with turn.domain (got 443); "
        "clients are told the domain, not the address"),
        {"turn": {"enabled": True, "tls_port": 443}},
        "turn.tls_port: must come with turn.domain (got 443); clients are told the domain, not the address",
    ),
    "12: STUN and TURN on one port": (
        "livekit",
        {"rtc": {"udp_port": 7882, "use_stun_port_as_ice": True}, "turn": {**TURN, "udp_port": 3478}},
        "livekit.yaml:1:COLUMN: turn.udp_port: must differ from 3478 while rtc.use_stun_port_as_ice is true (got 3478)",
        None,
        "",
    ),
    "13: both wildcards for TURN": (
        "livekit",
        {"turn": {**TURN, "udp_port": 3478, "bind_addresses": ["0.0.0.0", "::"]}},
        ("livekit.yaml:1:COLUMN: turn.bind_addresses: must hold one wildcard at most (got both 0.0.0.0 and ::); "
        "keep one: either of them listens in both families"),
        {"turn": {**TURN, "udp_port": 3478, "bind_addresses": ["0.0.0.0", "::"]}},
        ("turn.bind_addresses: must hold one wildcard at most (got both 0.0.0.0 and ::); "
        "keep one: either of them listens in both families"),
    ),
    "13: both wildcards": (
        "livekit",
        {"bind_addresses": ["::", "0.0.0.0"]},
        ("livekit.yaml:1:COLUMN: bind_addresses: must hold one wildcard at most (got both 0.0.0.0 and ::); "
        "keep one: either of them listens in both families"),
        None,
        "",
    ),
    "14: TCP only, without TCP": (
        "livekit",
        {"rtc": {"force_tcp": True, "tcp_port": 0}},
        "livekit.yaml:1:COLUMN: rtc.tcp_port: must be a port while rtc.force_tcp is true (got 0)",
        None,
        "",
    ),
    "21: one RTP port": (
        "sip",
        {"rtp_port": 15000},
        ("sip.yaml:1:COLUMN: rtp_port: must be a range such as 10000-20000, a single port means from there to 20000 "
        "(got 15000)"),
        {"sip": {"rtp_port": 15000}},
        "sip.rtp_port: must be a range such as 10000-20000, a single port means from there to 20000 (got 15000)",
    ),
    "21: a reversed range of RTP ports": (
        "sip",
        {"rtp_port": "20000-10000"},
        "sip.yaml:1:COLUMN: rtp_port: the end of a range must be greater than its start (got '20000-10000')",
        {"sip": {"rtp_port": "20000-10000"}},
        "sip.rtp_port: the end of a range must be greater than its start (got '20000-10000')",
    ),
    "21: RTP ports without an even one": (
        "sip",
        {"rtp_port": "10001-10001"},
        "sip.yaml:1:COLUMN: rtp_port: the end of a range must be greater than its start (got '10001-10001')",
        {"sip": {"rtp_port": "10001-10001"}},
        "sip.rtp_port: the end of a range must be greater than its start (got '10001-10001')",
    ),
    "22: SIP over TLS without certificates": (
        "sip",
        {"tls": {"port": 5061}},
        "sip.yaml:1:COLUMN: tls: must hold certs (got no certs); without them livekit-sip does not start",
        None,
        "",
    ),
    "23: two ways to an external address": (
        "sip",
        {"use_external_ip": True, "nat_1_to_1_ip": "203.0.113.1"},
        ("sip.yaml:1:COLUMN: nat_1_to_1_ip: must not be set together with use_external_ip (got '203.0.113.1'); "
        "remove one of the two"),
        {"sip": {"use_external_ip": True, "nat_1_to_1_ip": "203.0.113.1"}},
        ("sip.nat_1_to_1_ip: must not be set together with sip.use_external_ip (got '203.0.113.1'); "
        "remove one of the two"),
    ),
    "23: two ways to an external address of media": (
        "sip",
        {"media_use_external_ip": True, "media_nat_1_to_1_ip": "203.0.113.1"},
        ("sip.yaml:1:COLUMN: media_nat_1_to_1_ip: must not be set together with media_use_external_ip "
        "(got '203.0.113.1'); remove one of the two"),
        {"sip": {"media_use_external_ip": True, "media_nat_1_to_1_ip": "203.0.113.1"}},
        ("sip.media_nat_1_to_1_ip: must not be set together with sip.media_use_external_ip "
        "(got '203.0.113.1'); remove one of the two"),
    ),
    "2: the start of WHIP's range alone": (
        "ingress",
        {"rtc_config": {"port_range_start": 2000}},
        ("ingress.yaml:1:COLUMN: rtc_config.port_range_start: must come with rtc_config.port_range_end (got 2000); "
        "set rtc_config.port_range_end too; with the start alone livekit-ingress takes any free port"),
        {"ingress": {"rtc_config": {"port_range_start": 2000}}},
        ("ingress.rtc_config.port_range_start: must come with ingress.rtc_config.port_range_end (got 2000); "
        "set ingress.rtc_config.port_range_end too; with the start alone livekit-ingress takes any free port"),
    ),
    "6: WHIP's reversed range": (
        "ingress",
        {"rtc_config": {"port_range_start": 4000, "port_range_end": 2000}},
        ("ingress.yaml:1:COLUMN: rtc_config.port_range_end: must be >= rtc_config.port_range_start (got 4000 > 2000); "
        "swap them, or remove both"),
        {"ingress": {"rtc_config": {"port_range_start": 4000, "port_range_end": 2000}}},
        ("ingress.rtc_config.port_range_end: must be >= ingress.rtc_config.port_range_start (got 4000 > 2000); "
        "swap them, or remove both"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", STOPS)
def test_what_leaves_ports_undetermined_or_stops_the_server_stops_a_file(case: str, tmp_path: Path) -> None:
    service, given, message, _, _ = STOPS[case]
    key = message.split(": ")[1].rpartition(".")[2]
    column = json.dumps(given).rindex(f'"{key}"') + 1
    assert running(tmp_path, service, given)[1] == [message.replace("COLUMN", str(column))]


@pytest.mark.parametrize("case", [case for case, row in STOPS.items() if row[3] is not None])
def test_what_stops_a_file_stops_arguments(case: str) -> None:
    assert arguments(**(STOPS[case][3] or {}))[1] == [STOPS[case][4]]


# ports.md 13 again: a running file is a fact, and the same among arguments is a mistake
FINDINGS: dict[str, tuple[str, dict[str, Any], list[str], dict[str, Any] | None, str]] = {
    "1: a mux and a range": (
        "livekit",
        {"rtc": {"udp_port": 7882, "port_range_start": 50000, "port_range_end": 50010}},
        ["warning rtc.udp_port both-ice-modes"],
        {"udp_port": 7882, "port_range_start": 50000, "port_range_end": 50010},
        ("udp_port: must not be set together with port_range_start and port_range_end (got 7882); "
        "remove it to use the range, or the range to use one port"),
    ),
    "1: a mux and half a range": (
        "livekit",
        {"rtc": {"udp_port": 7882, "port_range_start": 50000}},
        ["warning rtc.port_range_start half-range"],
        {"udp_port": 7882, "port_range_start": 50000},
        "port_range_start: must not be set together with udp_port; remove one of the two",
    ),
    "3: the end of a range alone": (
        "livekit",
        {"rtc": {"port_range_end": 60000}},
        ["error rtc.port_range_end half-range"],
        {"port_range_end": 60000},
        "port_range_end: must come with port_range_start (got 60000); set both, or neither for 50000-60000",
    ),
    "4: a mux of 0": (
        "livekit",
        {"rtc": {"udp_port": 0}},
        ["error rtc.udp_port udp-port-ignored"],
        {"udp_port": 0},
        "udp_port: must be a port or a range such as 7882-7892 (got 0); remove the key to use 50000-60000",
    ),
    "4: a mux that is a list": (
        "livekit",
        {"rtc": {"udp_port": [7882, 7892]}},
        ["error rtc.udp_port udp-port-ignored"],
        {"udp_port": [7882, 7892]},
        ("udp_port: must be a port or a range such as 7882-7892 (got [7882, 7892]); "
        "remove the key to use 50000-60000"),
    ),
    "10: TURN/TLS beside 443": (
        "livekit",
        {"turn": {**TURN, "tls_port": 5349, "cert_file": "turn.pem", "key_file": "turn.key"}},
        ["error turn.tls_port turn-tls-unreachable"],
        {"turn": {**TURN, "tls_port": 5349}},
        ("turn.tls_port: must be 443 without a load balancer or a proxy on 443, since clients are told 443 (got 5349); "
        "set 443, or name the load balancer (load_balancer) or the TLS proxy on the node (https)"),
    ),
    "11: TURN/TLS that somebody else ends": (
        "livekit",
        {"turn": {**TURN, "tls_port": 443, "external_tls": True}},
        ["error turn.external_tls turn-tls-unreachable"],
        {"turn": {**TURN, "tls_port": 443, "external_tls": True}},
        ("turn.external_tls: must not be true without a load balancer or a proxy that ends TLS (got true); "
        "name the load balancer (load_balancer) or the TLS proxy on the node (https)"),
    ),
    "17: development": (
        "livekit",
        {"development": True, "keys": {"a": "b"}},
        ["warning development development"],
        None,
        "",
    ),
    "18: two keys for metrics": (
        "livekit",
        {"prometheus": {"port": 6789}, "prometheus_port": 6790},
        ["warning prometheus_port prometheus-port"],
        None,
        "",
    ),
    "24: an unknown key of SIP": (
        "sip",
        {"sip_prot": 5060, "rtp_port": "10000-20000"},
        ["warning sip_prot unknown-key", "warning sip_port sip-public"],
        {"sip": {"sip_prot": 5060}},
        "sip.sip_prot: unknown key; did you mean sip_port?",
    ),
    "24: an unknown key of ingress": (
        "ingress",
        {"whip_port": 8080, "rtmp_prot": 1935},
        ["warning rtmp_prot unknown-key"],
        {"ingress": {"rtmp_prot": 1935}},
        "ingress.rtmp_prot: unknown key; did you mean rtmp_port?",
    ),
    "24: an unknown key of egress": (
        "egress", {"health_port": 1, "template": 1}, ["warning template unknown-key"], None, ""
    ),
    "an unknown key of livekit-server": (
        "livekit",
        {"rtc": {"tcp_prot": 7881}},
        ["error rtc.tcp_prot unknown-key"],
        {"tcp_prot": 7881},
        "tcp_prot: unknown key; did you mean tcp_port?",
    ),
    "25: media on the ports of ICE": (
        "livekit",
        {"turn": {**TURN, "udp_port": 3478, "relay_range_start": 30000, "relay_range_end": 55000}},
        ["error rtc.port_range_start overlap"],
        {"turn": {**TURN, "udp_port": 3478, "relay_range_start": 30000, "relay_range_end": 55000}},
        ("port_range_start: must not overlap udp/30000-55000 of turn.relay_range_start, turn.relay_range_end "
        "(got udp/50000-60000); move one of them"),
    ),
    "WHIP's end of a range alone": (
        "ingress",
        {"rtc_config": {"port_range_end": 4000}},
        ["error rtc_config.port_range_end half-range"],
        {"ingress": {"rtc_config": {"port_range_end": 4000}}},
        ("ingress.rtc_config.port_range_end: must come with ingress.rtc_config.port_range_start (got 4000); "
        "set both, or neither for 7885"),
    ),
    "WHIP's mux and range": (
        "ingress",
        {"rtc_config": {"udp_port": 7885, "port_range_start": 2000, "port_range_end": 4000}},
        ["warning rtc_config.udp_port both-ice-modes"],
        {"ingress": {"rtc_config": {"udp_port": 7885, "port_range_start": 2000, "port_range_end": 4000}}},
        ("ingress.rtc_config.udp_port: must not be set together with ingress.rtc_config.port_range_start and "
        "ingress.rtc_config.port_range_end (got 7885); remove it to use the range, or the range to use one port"),
    ),
    "WHIP's mux of 0": (
        "ingress",
        {"rtc_config": {"udp_port": 0}},
        ["error rtc_config.udp_port udp-port-ignored"],
        {"ingress": {"rtc_config": {"udp_port": 0}}},
        "ingress.rtc_config.udp_port: must be a port or a range such as 7882-7892 (got 0); remove the key to use 7885",
    ),
    "RTP ports of 0": (
        "sip",
        {"rtp_port": 0},
        ["error rtp_port rtp-port-ignored", "warning sip_port sip-public"],
        {"sip": {"rtp_port": 0}},
        "sip.rtp_port: must be a range such as 10000-20000 (got 0)",
    ),
    "RTP ports that are a mapping": (
        "sip",
        {"rtp_port": {"start": 10000, "end": 20000}},
        ["error rtp_port rtp-port-ignored", "warning sip_port sip-public"],
        {"sip": {"rtp_port": {"start": 10000, "end": 20000}}},
        "sip.rtp_port: must be a range such as 10000-20000 (got a mapping)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FINDINGS)
def test_what_a_running_file_may_hold_is_a_finding(case: str, tmp_path: Path) -> None:
    service, given, reported, _, _ = FINDINGS[case]
    _, problems, findings = running(tmp_path, service, given)
    assert problems == []
    assert sorted(findings) == sorted(reported)


@pytest.mark.parametrize("case", [case for case, row in FINDINGS.items() if row[3] is not None])
def test_what_a_running_file_may_hold_stops_arguments(case: str) -> None:
    assert arguments(**(FINDINGS[case][3] or {}))[1] == [FINDINGS[case][4]]


@pytest.mark.parametrize(
    ("service", "given"),
    [
        ("livekit", {"redis": {"address": "localhost:6379", "password": "x"}, "keys": {"a": "b"}, "room": {}}),
        ("livekit", {"rtc": {"stun_servers": ["a:1"], "use_external_ip": True, "node_ip": "1.2.3.4"}}),
        ("livekit", {"rtc": {"turn_servers": [{"host": "a", "port": 443, "credential": "x"}]}}),
        ("livekit", {"turn": {**TURN, "udp_port": 3478, "cert_file": "a", "key_file": "b", "ttl_seconds": 5}}),
        ("livekit", {"webhook": {"urls": []}, "limit": {}, "logging": {}, "region": "x", "signal_relay": {}}),
        ("livekit", {"prometheus": {"username": "a", "password": "b"}}),
        ("livekit", {"rtc": None, "turn": None, "port": None}),
        ("ingress", {"redis": {}, "ws_url": "ws://x", "api_key": "a", "cpu_cost": {}}),
        ("egress", {"redis": {}, "ws_url": "ws://x", "api_secret": "a", "storage": {"s3": {}}, "session_limits": {}}),
    ],
    ids=str,
)
def test_keys_that_open_no_port_are_no_findings(service: str, given: dict[str, Any], tmp_path: Path) -> None:
    _, problems, findings = running(tmp_path, service, given)
    assert (problems, findings) == ([], [])


def test_a_port_of_0_is_the_default_in_files_of_sip_and_ingress(tmp_path: Path) -> None:
    sip, _, _ = running(
        tmp_path, "sip", {"sip_port": 0, "sip_port_listen": 0, "tls": {"port": 0, "certs": [{"cert_file": "a"}]}}
    )
    assert sip is not None
    assert [str(one.ports) for one in sip.listeners] == ["tcp/5060", "udp/5060", "tcp/5061", "udp/10000-20000"]
    ingress, _, _ = running(tmp_path, "ingress", {"rtmp_port": 0, "whip_port": 0, "http_relay_port": 0})
    assert ingress is not None
    assert [str(one.ports) for one in ingress.listeners] == ["tcp/1935", "tcp/8080", "udp/7885", "tcp/9090"]


@given(st.integers(-5, 70000), st.integers(-5, 70000))
def test_the_grammar_of_a_mux_is_the_servers(first: int, last: int) -> None:
    """Two integers, the second greater; a single one; from 1 to 65535."""
    fits = 1 <= first < last <= 65535
    text = f"{first}-{last}"
    if fits:
        assert udp_mux(Rtc(udp_port=text)) == PortRange.udp(first, last)
        assert rtp_range(Sip(rtp_port=text)) == PortRange.udp(first, last)
    else:
        for wrong in (lambda: udp_mux(Rtc(udp_port=text)), lambda: rtp_range(Sip(rtp_port=text))):
            with pytest.raises(ValueError, match="must be"):
                wrong()
    if 1 <= first <= 65535:
        assert udp_mux(Rtc(udp_port=first)) == udp_mux(Rtc(udp_port=str(first))) == PortRange.udp(first)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
SERVER_KEYS = [
    "port",
    "tcp_port",
    "udp_port",
    "port_range_start",
    "port_range_end",
    "turn",
    "prometheus",
    "rtc",
    "enabled",
    "tls_port",
    "relay_range_start",
    "bind_addresses",
    "sip",
    "ingress",
    "rtp_port",
    "tls",
    "rtc_config",
    "https",
    "clients",
    "cidrs",
    "trunks",
    "operators",
    "cluster",
    "load_balancer",
    "plugnmeet",
    "ipv6",
    "livekit",
    *BY_ARGUMENT,
]
ODD = st.dictionaries(
    st.sampled_from(SERVER_KEYS) | st.text(max_size=5),
    JUNK | st.dictionaries(st.sampled_from(SERVER_KEYS), JUNK, max_size=3),
    max_size=4,
)


@settings(max_examples=20 * LENGTH)
@example({"plugnmeet": True, "port": {"\x1f": None}})
@example({"plugnmeet": {}, "udp_port": -1})  # refused beside plugnmeet, and so not told twice
@given(ODD)
def test_no_arguments_raise_anything_but_problems_of_one_line(given: dict[str, Any]) -> None:
    given.pop("plugnmeet", None) if isinstance(given.get("plugnmeet"), str) else None
    _, problems = arguments(**given)
    assert all(text.isprintable() and len(text) < 1200 for text in problems)


@settings(max_examples=20 * LENGTH)
@given(ODD)
def test_no_values_of_a_file_raise(given: dict[str, Any]) -> None:
    report = Report()
    read_server(Tree(given), report)
    assert all(str(problem).isprintable() for problem in report.problems)


@pytest.mark.parametrize(
    ("path", "value", "shown"),
    [
        ("keys.API", "s3cr3t", "a value that is not shown"),
        ("keys[0]", "s3cr3t", "a value that is not shown"),
        ("redis.password", "s3cr3t", "a value that is not shown"),
        ("api_secret", "s3cr3t", "a value that is not shown"),
        ("webhook.api_key", "s3cr3t", "a value that is not shown"),
        ("rtc.turn_servers[0].credential", "s3cr3t", "a value that is not shown"),
        ("port", "7880", "'7880'"),
        ("port", None, "nothing"),
        ("port", {}, "a mapping"),
        ("port", [1, 2, 3, 4, 5], "a list of 5 values"),
        ("port", (1, 2), "[1, 2]"),
    ],
)
def test_a_value_is_shown_short_and_a_secret_not_at_all(path: str, value: object, shown: str) -> None:
    assert show(path, value) == shown
    assert len(show("port", "x" * 10_000)) < 100


def test_a_place_prints_as_file_line_column_and_key() -> None:
    assert str(Place("rtc.tcp_port", "livekit.yaml", 3, 5)) == "livekit.yaml:3:5: rtc.tcp_port"
    assert str(Place("", "livekit.yaml", 3, 5)) == "livekit.yaml:3:5"
    assert str(Place("a\x1b[31m\nb", "livekit\n.yaml")) == r"livekit\n.yaml: a\x1b[31m\nb"
    assert str(Place("turn.tls_port")) == "turn.tls_port"


@pytest.mark.parametrize(("written", "port"), [("07777", 7777), ("+7882", 7882)])
def test_a_mux_port_is_read_from_its_text_as_the_server_does(tmp_path, written, port):
    """The server parses the text of udp_port in base ten, where YAML would read an octal number."""
    (tmp_path / "livekit.yaml").write_text(f"rtc: {{udp_port: {written}}}\n")
    deployment = read_deployment({"livekit_config": "livekit.yaml", "https": True}, tmp_path)
    assert [rule.ports.first for rule in deployment.rules if rule.service is Service.ICE_UDP] == [port]


@pytest.mark.parametrize("written", ["0x1ECA", "7_882"])
def test_a_mux_port_in_another_notation_stops_as_the_server_does(tmp_path, written):
    (tmp_path / "livekit.yaml").write_text(f"rtc: {{udp_port: {written}}}\n")
    with pytest.raises(ConfigurationError, match=r"rtc\.udp_port: must be a port or a range"):
        read_deployment({"livekit_config": "livekit.yaml", "https": True}, tmp_path)


@pytest.mark.parametrize("service", ["livekit", "sip", "ingress", "egress"])
def test_a_key_of_a_file_with_a_dot_in_its_name_is_an_unknown_one(service: str, tmp_path: Path) -> None:
    """It is a top-level key, although it looks like a key of a section."""
    (tmp_path / "file.yaml").write_text("rtc.tcp_port: 7881\nredis: {}\n", encoding="utf-8")
    found = read_deployment({"livekit": service == "livekit", f"{service}_config": "file.yaml"}, tmp_path).findings
    assert [str(one.place) for one in found if one.id == "unknown-key"] == ["file.yaml:1:1: rtc.tcp_port"]

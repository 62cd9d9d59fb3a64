"""The sockets of a deployment: one row for each port that LiveKit's and plugNmeet's services can open.

The rows are facts from the services' code and documents, each with a minimal configuration.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.deployment.families import bound_families
from livekit_firewall.deployment.listener import Listener
from livekit_firewall.deployment.listeners import listen
from livekit_firewall.model.addresses import BOTH_FAMILIES, Family, Packet
from livekit_firewall.model.ports import Protocol
from livekit_firewall.model.services import Service

OWN = {"livekit": "livekit_config", "sip": "sip_config", "ingress": "ingress_config", "egress": "egress_config"}
BOTH, IPV4, IPV6, LOOPBACK = "ipv4 ipv6", "ipv4", "ipv6", ""
TURN = {"enabled": True, "domain": "t.example.com"}
Row = tuple[str, str, str, str, bool, str]


def opened(tmp_path: Path, **files_and_arguments: Any) -> list[Row]:
    """The ports that files (`livekit`, `sip`, `ingress`, `egress`) and other arguments open, for any audience."""
    return [as_row(one) for one in listeners(tmp_path, **files_and_arguments)]


def listeners(tmp_path: Path, **files_and_arguments: Any) -> tuple[Listener, ...]:
    given = {"livekit": "livekit" in files_and_arguments}
    for name, content in files_and_arguments.items():
        if name in OWN and isinstance(content, dict):
            (tmp_path / f"{name}.yaml").write_text(json.dumps(content))
            given[OWN[name]] = f"{name}.yaml"
        else:
            given[name] = content
    return listen(read_deployment(given, tmp_path).settings)


def as_row(one: Listener) -> Row:
    families = " ".join(sorted(str(family) for family in one.families))
    return (str(one.service), str(one.ports), families, str(one.audience), one.is_default, one.key)


RANGE = "rtc.port_range_start, rtc.port_range_end"
RELAY = "turn.relay_range_start, turn.relay_range_end"
PNM = {"livekit": True, "plugnmeet": True}

ROWS: dict[str, tuple[dict[str, Any], Row]] = {
    # livekit-server
    "LK01": ({"livekit": {}}, ("api", "tcp/7880", BOTH, "load-balancer", True, "port")),
    "LK01 set": ({"livekit": {"port": 80}}, ("api", "tcp/80", BOTH, "load-balancer", False, "port")),
    "LK01 bound": (
        {"livekit": {"bind_addresses": ["10.0.0.5"]}},
        ("api", "tcp/7880", IPV4, "load-balancer", True, "port"),
    ),
    "LK01 on loopback": (
        {"livekit": {"bind_addresses": ["127.0.0.1", "::1"]}},
        ("api", "tcp/7880", LOOPBACK, "nobody", True, "port"),
    ),
    "LK02": ({"livekit": {}}, ("ice-tcp", "tcp/7881", BOTH, "public", True, "rtc.tcp_port")),
    "LK02 whatever is bound": (
        {"livekit": {"bind_addresses": ["127.0.0.1"], "rtc": {"tcp_port": 7890, "allow_tcp_fallback": False}}},
        ("ice-tcp", "tcp/7890", BOTH, "public", False, "rtc.tcp_port"),
    ),
    "LK03": ({"livekit": {}}, ("ice-udp", "udp/50000-60000", BOTH, "public", True, RANGE)),
    "LK03 set": (
        {"livekit": {"rtc": {"port_range_start": 40000, "port_range_end": 40100}}},
        ("ice-udp", "udp/40000-40100", BOTH, "public", False, RANGE),
    ),
    "LK03 on chosen addresses": (
        {"livekit": {"rtc": {"ips": {"includes": ["203.0.113.0/24"]}}}},
        ("ice-udp", "udp/50000-60000", IPV4, "public", True, RANGE),
    ),
    "LK04": (
        {"livekit": {"rtc": {"udp_port": "7882-7892"}}},
        ("ice-udp", "udp/7882-7892", BOTH, "public", False, "rtc.udp_port"),
    ),
    "LK04 in development": (
        {"livekit": {"development": True}},
        ("ice-udp", "udp/7882", BOTH, "public", True, "rtc.udp_port"),
    ),
    "LK05": (
        {"livekit": {"rtc": {"udp_port": 7882, "use_stun_port_as_ice": True}}},
        ("ice-udp", "udp/3478", BOTH, "public", False, "rtc.use_stun_port_as_ice"),
    ),
    "LK06": (
        {"livekit": {"turn": {**TURN, "udp_port": 3478}}},
        ("turn-udp", "udp/3478", BOTH, "public", False, "turn.udp_port"),
    ),
    "LK06 bound": (
        {"livekit": {"turn": {**TURN, "udp_port": 3478, "bind_addresses": ["2001:db8::1"]}}},
        ("turn-udp", "udp/3478", IPV6, "public", False, "turn.udp_port"),
    ),
    "LK07": (
        {"livekit": {"turn": {**TURN, "tls_port": 5349}}},
        ("turn-tls", "tcp/5349", BOTH, "load-balancer", False, "turn.tls_port"),
    ),
    "LK07 that somebody else ends": (
        {"livekit": {"turn": {**TURN, "tls_port": 443, "external_tls": True}}},
        ("turn-tls", "tcp/443", BOTH, "load-balancer", False, "turn.tls_port"),
    ),
    "LK07 behind a proxy on the node": (
        {"livekit": {"turn": {**TURN, "tls_port": 5349}}, "https": True},
        ("turn-tls", "tcp/5349", BOTH, "nobody", False, "turn.tls_port"),
    ),
    "LK08 on the node": (
        {"livekit": {"turn": {**TURN, "tls_port": 443}}},
        ("turn-tls", "tcp/443", BOTH, "public", False, "turn.tls_port"),
    ),
    "LK08 at a proxy": (
        {"livekit": {"turn": {**TURN, "tls_port": 5349}}, "https": True},
        ("https", "tcp/443", BOTH, "public", True, "https"),
    ),
    "LK09": (
        {"livekit": {"turn": {**TURN, "udp_port": 3478}}},
        ("turn-relay", "udp/30000-40000", IPV4, "cluster", True, RELAY),
    ),
    "LK09 in development": (
        {"livekit": {"development": True, "turn": {**TURN, "udp_port": 3478}}},
        ("turn-relay", "udp/30000-30002", IPV4, "cluster", True, RELAY),
    ),
    "LK09 bound in both families": (
        {
            "livekit": {
                "turn": {
                    **TURN,
                    "udp_port": 3478,
                    "bind_addresses": ["192.0.2.1", "2001:db8::1"],
                    "relay_range_start": 20000,
                    "relay_range_end": 20100,
                }
            }
        },
        ("turn-relay", "udp/20000-20100", BOTH, "cluster", False, RELAY),
    ),
    "LK10": (
        {"livekit": {"prometheus": {"port": 6789}}},
        ("metrics", "tcp/6789", BOTH, "operator", False, "prometheus.port"),
    ),
    "LK11": (
        {"livekit": {"prometheus_port": 6790, "prometheus": {"port": 6789}}},
        ("metrics", "tcp/6790", BOTH, "operator", False, "prometheus_port"),
    ),
    "LK12": (
        {"livekit": {"debug_handler": {"port": 6060}}},
        ("debug", "tcp/6060", BOTH, "nobody", False, "debug_handler.port"),
    ),
    "LK13": ({"livekit": {"development": True}}, ("api", "tcp/7880", LOOPBACK, "nobody", True, "port")),
    "LK13 with keys": (
        {"livekit": {"development": True, "keys": {"a": "b"}}},
        ("api", "tcp/7880", BOTH, "load-balancer", True, "port"),
    ),
    "LK19": (
        {"livekit": {"webtransport": {"port": 4433}}},
        ("webtransport", "udp/4433", BOTH, "load-balancer", False, "webtransport.port"),
    ),
    # livekit-sip
    "SIP01": ({"sip": {}}, ("sip", "udp/5060", BOTH, "trunk", True, "sip_port")),
    "SIP01 bound elsewhere": (
        {"sip": {"sip_port": 5060, "sip_port_listen": 5070}},
        ("sip", "udp/5070", BOTH, "trunk", False, "sip_port_listen"),
    ),
    "SIP01 bound": ({"sip": {"listen_ip": "192.0.2.1"}}, ("sip", "udp/5060", IPV4, "trunk", True, "sip_port")),
    "SIP02": ({"sip": {}}, ("sip", "tcp/5060", BOTH, "trunk", True, "sip_port")),
    "SIP02 announced": ({"sip": {"sip_port": 5080}}, ("sip", "tcp/5080", BOTH, "trunk", False, "sip_port")),
    "SIP03": ({"sip": {"tls": {"certs": [{}]}}}, ("sip-tls", "tcp/5061", BOTH, "trunk", True, "tls.port")),
    "SIP03 bound elsewhere": (
        {"sip": {"tls": {"port": 5061, "port_listen": 5071, "certs": [{}]}}},
        ("sip-tls", "tcp/5071", BOTH, "trunk", False, "tls.port_listen"),
    ),
    "SIP04": ({"sip": {}}, ("sip-rtp", "udp/10000-20000", BOTH, "trunk", True, "rtp_port")),
    "SIP04 whatever is bound": (
        {"sip": {"rtp_port": "12000-13000", "listen_ip": "192.0.2.1"}},
        ("sip-rtp", "udp/12000-13000", BOTH, "trunk", False, "rtp_port"),
    ),
    "SIP05": ({"sip": {"health_port": 8090}}, ("health", "tcp/8090", BOTH, "operator", False, "health_port")),
    "SIP06": (
        {"sip": {"prometheus_port": 6791}},
        ("metrics", "tcp/6791", BOTH, "operator", False, "prometheus_port"),
    ),
    "SIP07": ({"sip": {"pprof_port": 6061}}, ("debug", "tcp/6061", BOTH, "nobody", False, "pprof_port")),
    # livekit-ingress
    "ING01": ({"ingress": {}}, ("rtmp", "tcp/1935", BOTH, "public", True, "rtmp_port")),
    "ING02": ({"ingress": {}}, ("whip", "tcp/8080", BOTH, "load-balancer", True, "whip_port")),
    "ING02 behind a proxy on the node": (
        {"ingress": {"whip_port": 8081}, "https": True},
        ("whip", "tcp/8081", BOTH, "nobody", False, "whip_port"),
    ),
    "ING03": ({"ingress": {}}, ("whip-ice-udp", "udp/7885", BOTH, "public", True, "rtc_config.udp_port")),
    "ING03 set": (
        {"ingress": {"rtc_config": {"udp_port": "7885-7895"}}},
        ("whip-ice-udp", "udp/7885-7895", BOTH, "public", False, "rtc_config.udp_port"),
    ),
    "ING04": (
        {"ingress": {"rtc_config": {"port_range_start": 2000, "port_range_end": 4000, "udp_port": 7885}}},
        (
            "whip-ice-udp",
            "udp/2000-4000",
            BOTH,
            "public",
            False,
            "rtc_config.port_range_start, rtc_config.port_range_end",
        ),
    ),
    "ING05": (
        {"ingress": {"rtc_config": {"tcp_port": 7886}}},
        ("whip-ice-tcp", "tcp/7886", BOTH, "public", False, "rtc_config.tcp_port"),
    ),
    "ING06": ({"ingress": {}}, ("internal", "tcp/9090", LOOPBACK, "nobody", True, "http_relay_port")),
    "ING07": (
        {"ingress": {"health_port": 7888}},
        ("health", "tcp/7888", BOTH, "operator", False, "health_port"),
    ),
    "ING08": (
        {"ingress": {"prometheus_port": 7889}},
        ("metrics", "tcp/7889", BOTH, "operator", False, "prometheus_port"),
    ),
    "ING09": (
        {"ingress": {"debug_handler_port": 6062}},
        ("debug", "tcp/6062", BOTH, "nobody", False, "debug_handler_port"),
    ),
    # livekit-egress
    "EGR01": ({"egress": {}}, ("internal", "tcp/7980", LOOPBACK, "nobody", True, "template_port")),
    "EGR02": ({"egress": {"health_port": 8080}}, ("health", "tcp/8080", BOTH, "operator", False, "health_port")),
    "EGR03": (
        {"egress": {"prometheus_port": 9090}},
        ("metrics", "tcp/9090", BOTH, "operator", False, "prometheus_port"),
    ),
    "EGR04": (
        {"egress": {"debug_handler_port": 6063}},
        ("debug", "tcp/6063", BOTH, "nobody", False, "debug_handler_port"),
    ),
    # a TLS proxy on the node
    "PXY01": ({"https": True}, ("https", "tcp/443", BOTH, "public", True, "https")),
    "PXY01 elsewhere": ({"https": {"port": 8443}}, ("https", "tcp/8443", BOTH, "public", False, "https")),
    "PXY02": ({"https": True}, ("http", "tcp/80", BOTH, "public", True, "https")),
    # plugNmeet as installed
    "PNM01": (PNM, ("http", "tcp/80", BOTH, "public", True, "https")),
    "PNM02": (PNM, ("https", "tcp/443", BOTH, "public", True, "https")),
    "PNM03": (PNM, ("turn-udp", "udp/443", BOTH, "public", True, "turn.udp_port")),
    "PNM04": (PNM, ("ice-tcp", "tcp/7881", BOTH, "public", True, "tcp_port")),
    "PNM05": (PNM, ("ice-udp", "udp/50000-60000", BOTH, "public", True, "port_range_start, port_range_end")),
    "PNM06": (
        {**PNM, "plugnmeet": {"rtmp": True}},
        ("rtmp", "tcp/1935", BOTH, "public", True, "plugnmeet.rtmp"),
    ),
    "PNM07": (
        {**PNM, "plugnmeet": {"whip": True}},
        ("whip-ice-udp", "udp/7885", BOTH, "public", True, "ingress.rtc_config.udp_port"),
    ),
    "PNM07 not in use": (PNM, ("whip-ice-udp", "udp/7885", BOTH, "nobody", True, "ingress.rtc_config.udp_port")),
    "PNM08 udp": (
        {**PNM, "plugnmeet": {"sip": True}},
        ("sip", "udp/5060", BOTH, "trunk", True, "sip.sip_port"),
    ),
    "PNM08 tcp": (
        {**PNM, "plugnmeet": {"sip": True}},
        ("sip", "tcp/5060", BOTH, "trunk", True, "sip.sip_port"),
    ),
    "PNM09": (
        {**PNM, "plugnmeet": {"sip": True}},
        ("sip-rtp", "udp/10000-20000", BOTH, "trunk", True, "sip.rtp_port"),
    ),
    "PNM10": (PNM, ("internal", "tcp/81", BOTH, "nobody", True, "plugnmeet")),
    "PNM11": (PNM, ("internal", "tcp/1936", BOTH, "nobody", True, "ingress.rtmp_port")),
    "PNM12": (PNM, ("turn-tls", "tcp/5349", BOTH, "nobody", True, "turn.tls_port")),
    "PNM13": (PNM, ("api", "tcp/7880", BOTH, "nobody", True, "port")),
    "PNM14": (PNM, ("internal", "tcp/8080", BOTH, "nobody", True, "plugnmeet")),
    "PNM15": (PNM, ("health", "tcp/8088", BOTH, "nobody", True, "ingress.health_port")),
    "PNM16": (PNM, ("whip", "tcp/8089", BOTH, "nobody", True, "ingress.whip_port")),
    "PNM17": (
        {**PNM, "plugnmeet": {"sip": True}},
        ("health", "tcp/8090", BOTH, "nobody", True, "sip.health_port"),
    ),
    "PNM18": (PNM, ("internal", "tcp/8222", BOTH, "nobody", True, "plugnmeet")),
    "PNM19": (PNM, ("nats", "tcp/4222", BOTH, "nobody", True, "plugnmeet")),
    "PNM19 shared": (
        {**PNM, "cluster": {"cidrs": ["192.0.2.0/24"], "services": ["nats"]}},
        ("nats", "tcp/4222", BOTH, "cluster", True, "cluster.services"),
    ),
    "PNM20": (PNM, ("internal", "tcp/9001", BOTH, "nobody", True, "plugnmeet")),
    "PNM21": (PNM, ("redis", "tcp/6379", BOTH, "nobody", True, "plugnmeet")),
    "PNM22": (PNM, ("mariadb", "tcp/3306", BOTH, "nobody", True, "plugnmeet")),
    "PNM23": (PNM, ("internal", "tcp/9080", BOTH, "nobody", True, "plugnmeet")),
    "PNM24": (PNM, ("turn-relay", "udp/30000-40000", IPV4, "cluster", True, RELAY)),
}


@pytest.mark.parametrize("row", ROWS)
def test_a_service_opens_its_port(row: str, tmp_path: Path) -> None:
    given, expected = ROWS[row]
    assert expected in opened(tmp_path, **given)


# keys that open no port, and the ports of the same configuration
NOTHING_MORE: dict[str, tuple[dict[str, Any], list[str]]] = {
    "LK02 off": ({"livekit": {"rtc": {"tcp_port": 0}}}, ["tcp/7880", "udp/50000-60000"]),
    "LK04 beside a range": (
        {"livekit": {"rtc": {"udp_port": 7882, "port_range_start": 50000, "port_range_end": 50010}}},
        ["tcp/7880", "udp/50000-50010", "tcp/7881"],
    ),
    "LK05 beside a range": (
        {"livekit": {"rtc": {"use_stun_port_as_ice": True}}},
        ["tcp/7880", "udp/50000-60000", "tcp/7881"],
    ),
    "LK06, LK07, LK09 off": (
        {"livekit": {"turn": {"udp_port": 3478, "tls_port": 5349, "domain": "a"}}},
        ["tcp/7880", "udp/50000-60000", "tcp/7881"],
    ),
    "LK14 to LK18": (
        {
            "livekit": {
                "redis": {"address": "10.0.0.1:6379", "sentinel_addresses": ["10.0.0.1:26379"]},
                "rtc": {"stun_servers": ["a:3478"], "turn_servers": [{"host": "b", "port": 443, "protocol": "tls"}]},
                "webhook": {"urls": ["https://c"]},
            }
        },
        ["tcp/7880", "udp/50000-60000", "tcp/7881"],
    ),
    "SIP03 without the section": ({"sip": {}}, ["tcp/5060", "udp/5060", "udp/10000-20000"]),
    "SIP08, SIP09, SIP10": (
        {"sip": {"tcp": {"dial_port": "30000-31000"}, "sip_port": 5060, "sip_port_listen": 5070, "redis": {}}},
        ["tcp/5070", "udp/5070", "udp/10000-20000"],
    ),
    "ING01 off": ({"ingress": {"rtmp_port": -1}}, ["tcp/8080", "udp/7885", "tcp/9090"]),
    "ING02 off": (
        {"ingress": {"whip_port": -1, "rtc_config": {"udp_port": 7885, "tcp_port": 7886}}},
        ["tcp/1935", "tcp/9090"],
    ),
    "ING05 off": ({"ingress": {"rtc_config": {"udp_port": 7885}}}, ["tcp/1935", "tcp/8080", "udp/7885", "tcp/9090"]),
    "EGR05": ({"egress": {"ws_url": "ws://10.0.0.1:7880", "redis": {}}}, ["tcp/7980"]),
    "PXY02 without certificates by HTTP": ({"https": {"acme": False}}, ["tcp/443"]),
    "no livekit-server": ({"sip": {}, "livekit": False}, ["tcp/5060", "udp/5060", "udp/10000-20000"]),
}


@pytest.mark.parametrize("case", NOTHING_MORE)
def test_what_opens_no_port_is_no_listener(case: str, tmp_path: Path) -> None:
    given, expected = NOTHING_MORE[case]
    if given.get("livekit") is False:
        (tmp_path / "sip.yaml").write_text("{}")
        found = listen(read_deployment({"livekit": False, "sip_config": "sip.yaml"}, tmp_path).settings)
        assert [str(one.ports) for one in found] == expected
        return
    assert [ports for _, ports, *_ in opened(tmp_path, **given)] == expected


def test_listeners_have_the_shape_of_the_json_of_ports(tmp_path: Path) -> None:
    (tmp_path / "livekit.yaml").write_text("rtc: {tcp_port: 7890}\n")
    deployment = read_deployment({"livekit_config": "livekit.yaml"}, tmp_path)
    assert [one.as_json() for one in deployment.listeners][2] == {
        "service": "ice-tcp",
        "protocol": "tcp",
        "first": 7890,
        "last": 7890,
        "families": ["ipv4", "ipv6"],
        "key": "rtc.tcp_port",
        "is_default": False,
        "audience": "public",
    }


@pytest.mark.parametrize(
    ("addresses", "families"),
    [
        ([], BOTH_FAMILIES),
        (["0.0.0.0"], BOTH_FAMILIES),  # Go binds it as [::]
        (["::"], BOTH_FAMILIES),
        (["[::]"], BOTH_FAMILIES),
        ([""], BOTH_FAMILIES),
        (["192.0.2.1"], {Family.IPV4}),
        (["2001:db8::1"], {Family.IPV6}),
        (["192.0.2.1", "2001:db8::1"], BOTH_FAMILIES),
        (["127.0.0.1", "::1", "localhost"], set()),
        (["127.0.0.1", "192.0.2.1"], {Family.IPV4}),
        (["node.example.com"], BOTH_FAMILIES),
    ],
)
def test_a_wildcard_is_bound_in_both_families_and_an_address_in_its_own(
    addresses: list[str], families: set[Family]
) -> None:
    assert bound_families(addresses) == families


def admitted(given: dict[str, Any], protocol: str, port: int, *sources: str) -> list[bool]:
    from ipaddress import ip_address

    rules = read_deployment(given, Path()).rules
    return [rules.admits(Packet(ip_address(source), Protocol(protocol), port)) for source in sources]


ANYBODY = ("203.0.113.77", "2001:db8:77::1")
SERVER = {"turn": {**TURN, "udp_port": 3478, "tls_port": 443}, "sip": {"tls": {}}}
# LiveKit's page "Ports and firewall": port, protocol, our arguments for the row, column "Exposed"
LIVEKIT_DOCUMENT: list[tuple[str, str, int, dict[str, Any], bool]] = [
    ("API, WebSocket", "tcp", 7880, {}, False),
    ("ICE/UDP, first", "udp", 50000, {}, True),
    ("ICE/UDP, last", "udp", 60000, {}, True),
    ("below ICE/UDP", "udp", 49999, {}, False),
    ("above ICE/UDP", "udp", 60001, {}, False),
    ("ICE/TCP", "tcp", 7881, {}, True),
    ("ICE/UDP mux", "udp", 7882, {"udp_port": 7882}, True),
    ("ICE/UDP mux in place of the range", "udp", 50000, {"udp_port": 7882}, False),
    ("no mux", "udp", 7882, {}, False),
    (
        "TURN/TLS behind a load balancer",
        "tcp",
        5349,
        {"turn": {**TURN, "tls_port": 5349}, "load_balancer": {"cidrs": ["10.0.0.0/24"]}},
        False,
    ),
    ("TURN/TLS without one", "tcp", 443, SERVER, True),
    ("TURN/UDP", "udp", 3478, SERVER, True),
    ("SIP/UDP", "udp", 5060, SERVER, True),
    ("SIP/TCP", "tcp", 5060, SERVER, True),
    ("SIP/TLS", "tcp", 5061, SERVER, True),
    ("SIP/TLS is not UDP", "udp", 5061, SERVER, False),
    ("SIP RTP, first", "udp", 10000, SERVER, True),
    ("SIP RTP, last", "udp", 20000, SERVER, True),
    ("no SIP", "udp", 5060, {}, False),
]
PLUGNMEET_DOCUMENT: list[tuple[str, str, int, dict[str, Any], bool]] = [
    ("certificates", "tcp", 80, {"plugnmeet": True}, True),
    ("HTTPS", "tcp", 443, {"plugnmeet": True}, True),
    ("ICE/TCP", "tcp", 7881, {"plugnmeet": True}, True),
    ("ICE/UDP, first", "udp", 50000, {"plugnmeet": True}, True),
    ("ICE/UDP, the port of the manual test", "udp", 50008, {"plugnmeet": True}, True),
    ("ICE/UDP, last", "udp", 60000, {"plugnmeet": True}, True),
    ("443/udp, which the server advertises", "udp", 443, {"plugnmeet": True}, True),
    *(
        (f"{port} is internal", "tcp", port, {"plugnmeet": {"sip": True, "rtmp": True, "whip": True}}, False)
        for port in (81, 1936, 3306, 4222, 5349, 6379, 7880, 8080, 8088, 8089, 8090, 8222, 9001, 9080, 9090)
    ),
    ("RTMP unless in use", "tcp", 1935, {"plugnmeet": True}, False),
    ("RTMP", "tcp", 1935, {"plugnmeet": {"rtmp": True}}, True),
    ("WHIP media unless in use", "udp", 7885, {"plugnmeet": True}, False),
    ("WHIP media", "udp", 7885, {"plugnmeet": {"whip": True}}, True),
    ("SIP unless in use", "udp", 5060, {"plugnmeet": True}, False),
    ("SIP", "udp", 5060, {"plugnmeet": {"sip": True}}, True),
    ("SIP/TLS has no listener", "tcp", 5061, {"plugnmeet": {"sip": True}}, False),
    ("TURN relay", "udp", 30000, {"plugnmeet": True}, False),
]


@pytest.mark.parametrize(
    ("row", "protocol", "port", "given", "exposed"),
    [*LIVEKIT_DOCUMENT, *PLUGNMEET_DOCUMENT],
    ids=[row[0] for row in LIVEKIT_DOCUMENT] + [f"plugNmeet: {row[0]}" for row in PLUGNMEET_DOCUMENT],
)
def test_the_internet_reaches_what_the_documents_call_exposed(
    row: str, protocol: str, port: int, given: dict[str, Any], exposed: bool
) -> None:
    assert admitted(given, protocol, port, *ANYBODY) == [exposed, exposed]


def test_the_plugnmeet_preset_opens_exactly_the_table_of_its_document() -> None:
    rules = read_deployment({"plugnmeet": True}, Path()).rules
    assert [(str(rule.ports), str(rule.peer)) for rule in rules] == [
        ("tcp/443", "anywhere"),
        ("tcp/80", "anywhere"),
        ("udp/50000-60000", "anywhere"),
        ("tcp/7881", "anywhere"),
        ("udp/443", "anywhere"),
    ]


def test_a_plugnmeet_folder_says_itself_what_is_in_use(tmp_path: Path) -> None:
    files = {
        "livekit.yaml": "port: 7880\nrtc: {udp_port: 7882}\nturn: {enabled: true, domain: t, udp_port: 3478}\n",
        "ingress.yaml": "rtmp_port: 1936\nwhip_port: 8089\n",
        "sip.yaml": "sip_port: 5060\nrtp_port: 12000-13000\n",
        "config.yaml": "livekit_sip_info:\n  enabled: true\n",
    }
    folder = tmp_path / "plugnmeet"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    on = read_deployment({"plugnmeet": "plugnmeet"}, tmp_path)
    public = {str(rule.ports) for rule in on.rules}
    assert public == {
        "tcp/443",
        "tcp/80",
        "udp/7882",
        "tcp/7881",
        "udp/3478",
        "udp/5060",
        "tcp/5060",
        "udp/12000-13000",
    }
    (folder / "config.yaml").write_text("livekit_sip_info: {enabled: false}\n")
    off = read_deployment({"plugnmeet": {"path": "plugnmeet", "rtmp": True}}, tmp_path)
    assert {str(rule.ports) for rule in off.rules} - public == {"tcp/1935"}
    assert public - {str(rule.ports) for rule in off.rules} == {"udp/5060", "tcp/5060", "udp/12000-13000"}


TLS = {**TURN, "tls_port": 5349}


@pytest.mark.parametrize(
    ("given", "purpose"),
    [
        ({"livekit": {"turn": TLS}, "https": True}, "web, API and TURN/TLS through the TLS proxy"),
        ({**PNM, "https": True}, "web, API and TURN/TLS through the TLS proxy"),
        ({"livekit": {}, "https": True}, "web and API through the TLS proxy"),
        ({"livekit": {"turn": {**TURN, "udp_port": 3478}}, "https": True}, "web and API through the TLS proxy"),
        ({"livekit": {"turn": {**TLS, "enabled": False}}, "https": True}, "web and API through the TLS proxy"),
        ({"sip": {}, "https": True}, "web through the TLS proxy"),
    ],
)
def test_a_proxy_is_for_what_this_deployment_has_behind_it(tmp_path, given, purpose):
    """Clients are told 443 for TURN/TLS, and a deployment without it has nothing there that relays."""
    found = listeners(tmp_path, **given)
    assert [one.purpose for one in found if one.service is Service.HTTPS] == [purpose]


def test_a_proxy_on_another_port_than_clients_are_told_is_not_for_turn(tmp_path):
    given = {"livekit": {"turn": {**TLS, "external_tls": True}}, "https": {"port": 8443}}
    found = listeners(tmp_path, **given, load_balancer={"cidrs": ["10.0.0.0/24"]})
    assert [one.purpose for one in found if one.service is Service.HTTPS] == ["web and API through the TLS proxy"]


def test_what_its_service_says_is_a_listeners_purpose_where_the_deployment_adds_nothing(tmp_path):
    found = {one.service: one.purpose for one in listeners(tmp_path, livekit={})}
    assert found[Service.ICE_TCP] == "media over TCP, when UDP is blocked"

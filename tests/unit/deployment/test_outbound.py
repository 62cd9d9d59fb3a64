"""Outbound flows of the services: one row for each outbound flow in the reference."""

from __future__ import annotations

import pytest

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.deployment.outbound import reach_out

ROWS = [
    ("LK14", "livekit", "redis: {address: 'redis.internal:6380'}", ("tcp/6380", "redis.internal", "redis.address")),
    ("LK14", "livekit", "redis: {address: '[2001:db8::5]:6379'}", ("tcp/6379", "2001:db8::5", "redis.address")),
    (
        "LK15",
        "livekit",
        "redis: {sentinel_addresses: ['one:26379', two]}",
        ("tcp/26379", "two", "redis.sentinel_addresses"),
    ),
    ("LK15", "livekit", "redis: {cluster_addresses: ['one:6379']}", ("tcp/6379", "one", "redis.cluster_addresses")),
    ("LK16", "livekit", "rtc: {use_external_ip: true}", ("udp/3478", "global.stun.twilio.com", "rtc.use_external_ip")),
    (
        "LK16",
        "livekit",
        "rtc: {use_external_ip: true, stun_servers: ['stun.example.com:19302']}",
        ("udp/19302", "stun.example.com", "rtc.stun_servers"),
    ),
    (
        "ING07",
        "ingress",
        "rtc_config: {use_external_ip: true, stun_servers: ['stun.example.com:19302']}",
        ("udp/19302", "stun.example.com", "rtc_config.stun_servers"),
    ),
    (
        "LK18",
        "livekit",
        "webhook: {urls: ['https://u:p@app.example.com/hook?k=s']}",
        ("tcp/443", "app.example.com", "webhook.urls"),
    ),
    ("SIP08", "sip", "sip_port: 5060", ("tcp/5060-5061", "SIP trunks", "sip_port")),
    ("SIP10", "sip", "ws_url: 'ws://livekit:7880'", ("tcp/7880", "livekit", "ws_url")),
    ("SIP10", "sip", "redis: {address: 'r:6379'}", ("tcp/6379", "r", "redis.address")),
    ("EGR05", "egress", "ws_url: 'wss://lk.example.com'", ("tcp/443", "lk.example.com", "ws_url")),
    ("EGR05", "egress", "health_port: 8080", ("tcp/443", "storage", "default")),
]


def needs(tmp_path, service, text):
    (tmp_path / "file.yaml").write_text(text + "\n")
    given = {f"{service}_config": "file.yaml", "livekit": service == "livekit"}
    return [(str(need.ports), need.to, need.key) for need in reach_out(read_deployment(given, tmp_path).settings)]


@pytest.mark.parametrize(("row", "service", "text", "expected"), ROWS, ids=lambda value: str(value)[:30])
def test_a_row_of_the_reference_is_a_need(tmp_path, row, service, text, expected):
    assert expected in needs(tmp_path, service, text)


def test_a_turn_server_elsewhere_is_advertised_and_needs_nothing_of_this_node(tmp_path):
    """LK17: clients connect to it, the node does not."""
    found = needs(tmp_path, "livekit", "rtc: {node_ip: 192.0.2.1, turn_servers: [{host: turn.example.com, port: 443}]}")
    assert [to for _, to, _ in found] == ["clients"]


def test_a_node_that_knows_its_address_asks_no_stun_server(tmp_path):
    found = needs(tmp_path, "livekit", "rtc: {node_ip: 192.0.2.1}")
    assert found == [("udp/1024-65535", "clients", "default")]


@pytest.mark.parametrize("url", ["http://[", "https://host:99999/", "", "mailto:x"])
def test_a_broken_url_is_no_need_and_no_traceback(tmp_path, url):
    assert "webhook.urls" not in [key for _, _, key in needs(tmp_path, "livekit", f"webhook: {{urls: ['{url}']}}")]


def test_a_recorder_listens_nowhere_and_reaches_nats_where_the_cluster_may(tmp_path):
    """PNM25: it runs on another machine, and connects to 4222 and HTTPS of this one."""
    given = {"plugnmeet": True, "cluster": {"cidrs": ["192.0.2.0/29"], "services": ["nats"]}}
    rules = [(str(rule.ports), str(rule.peer)) for rule in read_deployment(given, tmp_path).rules]
    assert ("tcp/4222", "192.0.2.0/29") in rules
    assert ("tcp/443", "anywhere") in rules


@pytest.mark.parametrize(
    ("rtc", "expected"),
    [
        ("tcp_port: 7891", {("tcp/7891", "LiveKit nodes", "rtc.tcp_port")}),
        ("tcp_port: 0", set()),
        ("udp_port: 7882", {("tcp/7881", "LiveKit nodes", "default")}),
    ],
)
def test_media_over_tcp_uses_the_servers_tcp_port(tmp_path, rtc, expected):
    (tmp_path / "livekit.yaml").write_text(f"rtc: {{{rtc}}}\n")
    for service in ("sip", "ingress", "egress"):
        (tmp_path / f"{service}.yaml").write_text("redis: {address: 'localhost:6379'}\n")
        given = {"livekit_config": "livekit.yaml", f"{service}_config": f"{service}.yaml"}
        found = reach_out(read_deployment(given, tmp_path).settings)
        tcp = {(str(need.ports), need.to, need.key) for need in found if need.to == "LiveKit nodes"}
        assert {need for need in tcp if need[0].startswith("tcp")} == expected

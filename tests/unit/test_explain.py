"""Whether a peer reaches a port, by which rule, from which key; and back from a platform's rule to its key."""

from __future__ import annotations

import ipaddress
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall import cli
from livekit_firewall.deployment import read_deployment
from livekit_firewall.errors import ConfigurationError
from livekit_firewall.explain import explain, explain_rule, question
from livekit_firewall.net import Packet, Protocol

from .strategies import few_examples

GIVEN = {
    "https": True,
    "sip": {},
    "trunks": ["198.51.100.0/24"],
    "operators": {"cidrs": ["203.0.113.0/28"]},
    "prometheus": {"port": 6789},
}


@pytest.fixture
def deployment(tmp_path):
    return read_deployment(GIVEN, tmp_path)


def test_an_allowed_flow_names_its_rule_its_key_and_each_platforms_own_rule(deployment):
    expected = """\
allowed: udp/50008 from 192.0.2.9/32
  ICE/UDP on udp/50000-60000 from anywhere: media over UDP, for clients (clients); key port_range_start, port_range_end
  on aws: ice-udp-50000-60000-any-ipv4, ice-udp-50000-60000-any-ipv6
  on gcp: public-ipv4, public-ipv6
  on digitalocean: inbound udp 50000-60000
  on azure: ice-udp-ipv4, ice-udp-ipv6
  on nftables: ICE/UDP: port_range_start, port_range_end, ICE/UDP"""
    assert explain(deployment, question("192.0.2.9", "udp/50008")).text() == expected


@pytest.mark.parametrize(
    ("peer", "ports", "because"),
    [
        ("192.0.2.9", "tcp/7880", "API (port) is for this node alone and never opens"),
        ("192.0.2.9", "tcp/6789", "Metrics (prometheus.port) is open to operators alone: operators.cidrs"),
        ("192.0.2.9", "udp/5060", "SIP (sip.sip_port) is open to SIP trunks alone: trunks"),
        ("192.0.2.9", "tcp/6379", "no service of this configuration listens there"),
        ("load-balancer", "tcp/7880", "API (port) is for this node alone and never opens"),
    ],
)
def test_a_denied_flow_says_who_it_is_for(deployment, peer, ports, because):
    answer = explain(deployment, question(peer, ports))
    assert (answer.verdict, answer.because, answer.platforms) == ("denied", (because,), {})


def test_a_range_of_which_a_part_is_open_names_the_rest(deployment):
    answer = explain(deployment, question("anywhere", "tcp/79-81"))
    assert answer.verdict == "partly allowed"
    assert [(str(rule.ports), str(rule.peer)) for rule in answer.denied] == [
        ("tcp/79", "anywhere"),
        ("tcp/81", "anywhere"),
    ]


@few_examples
@given(st.sampled_from(["198.51.100.7", "203.0.113.9", "192.0.2.1", "2001:db8::1"]), st.integers(1, 65535))
def test_the_verdict_on_one_packet_is_that_of_the_rule_set(address, port):
    deployment = read_deployment(GIVEN, cli.Path())
    for protocol in Protocol:
        packet = Packet(ipaddress.ip_address(address), protocol, port)
        answer = explain(deployment, question(address, f"{protocol}/{port}"))
        assert (answer.verdict == "allowed") is deployment.rules.admits(packet)


@pytest.mark.parametrize(
    "shown",
    [
        "livekit-aws-sip-rtp-udp-10000-20000-198.51.100.0-24",
        "livekit-gcp-trunk-media-ipv4-1a2b3c4",
        "sip-rtp-udp-ipv4",
        "SIP RTP: sip.rtp_port",
        "inbound udp 10000-20000",
    ],
)
def test_a_rule_is_found_by_what_a_console_shows(deployment, shown):
    assert [rule.key for rule in explain_rule(deployment, shown)] == ["sip.rtp_port"]


def test_a_rule_that_is_not_of_this_configuration_is_not_found(deployment):
    assert explain_rule(deployment, "allow-postgres") == ()


def test_what_cannot_be_asked_is_told_at_once():
    with pytest.raises(ConfigurationError) as caught:
        question("10.0.0.1/8", "sctp/5")
    block = "write 10.0.0.0/8 for the block or 10.0.0.1/32 for that one address"
    assert [str(problem) for problem in caught.value.problems] == [
        f"PEER: must have no host bits set (got '10.0.0.1/8'); {block}",
        "PROTOCOL/PORT: 'sctp/5': must be tcp/PORT or udp/PORT, or a range such as udp/50000-60000",
    ]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["192.0.2.9", "tcp/443"], 0),
        (["192.0.2.9", "tcp/7880"], 1),
        (["192.0.2.9", "tcp/0"], 2),
        (["192.0.2.9"], 2),
        (["--rule", "https-tcp-443-any-ipv4"], 0),
        (["--rule", "nothing-like-it"], 1),
    ],
)
def test_the_exit_code_says_whether_it_is_allowed(arguments, code, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["explain", *arguments, "--https"])
    assert ended.value.code == code


def test_the_answer_as_json_holds_the_verdict_and_the_rules(capsys):
    with pytest.raises(SystemExit):
        cli.main(["explain", "192.0.2.9", "tcp/443", "--https", "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert (answer["version"], answer["verdict"], answer["rules"][0]["key"]) == (1, "allowed", "https")

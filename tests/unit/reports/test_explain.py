"""Whether a peer reaches a port, by which rule, from which key; and back from a platform's rule to its key."""

from __future__ import annotations

import ipaddress
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from livekit_firewall.cli import group as cli
from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.deployment.rendering import render_for
from livekit_firewall.model.addresses import Cidr, Packet, Peer
from livekit_firewall.model.errors import ConfigurationError, ProblemsError
from livekit_firewall.model.ports import PortRange, Protocol
from livekit_firewall.model.rules import Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.platform import Options
from livekit_firewall.platforms.registry import BY_NAME, NAMES
from livekit_firewall.reports.explain.explain import explain, question
from livekit_firewall.reports.explain.native_names import explain_rule

from ..strategies import few_examples, rule_sets

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
  on aws: udp-50000-60000-any-ipv4
  on gcp: public-ipv4
  on digitalocean: inbound udp 50000-60000
  on azure: ice-udp-ipv4
  on hetzner: in udp 50000-60000
  on nftables: ICE/UDP: port_range_start, port_range_end, ICE/UDP"""
    assert explain(deployment, question("192.0.2.9", "udp/50008")).text() == expected


@pytest.mark.parametrize(
    ("peer", "families"),
    [
        ("192.0.2.9", ["ipv4"]),
        ("2001:db8::7", ["ipv6"]),
        ("::/0", ["ipv6"]),
        ("anywhere", ["ipv4", "ipv6"]),
    ],
)
def test_only_the_families_asked_for_are_named(deployment, peer, families):
    platforms = explain(deployment, question(peer, "udp/50008")).platforms
    assert platforms["aws"] == tuple(f"udp-50000-60000-any-{family}" for family in families)
    assert platforms["gcp"] == tuple(f"public-{family}" for family in families)
    assert platforms["azure"] == tuple(f"ice-udp-{family}" for family in families)


def test_a_name_is_the_one_that_the_whole_configuration_gives(tmp_path):
    """Alone, what admits the load balancer to 7880 would be `backend-ipv4`, as long as WHIP has the same sources."""
    given = {"ingress": {}, "load_balancer": {"cidrs": ["10.0.0.0/24"]}, "cluster": {"cidrs": ["203.0.113.64/28"]}}
    deployment = read_deployment(given, tmp_path)
    assert explain(deployment, question("10.0.0.7", "tcp/7880")).platforms["gcp"] == ("api-ipv4",)
    assert {rule.key for rule in explain_rule(deployment, "lk-api-ipv4-1a2b3c4")} == {"port"}


def test_a_port_that_begins_like_another_is_not_taken_for_it(tmp_path):
    deployment = read_deployment({"https": {"port": 443, "acme": False}, "tcp_port": 4430}, tmp_path)
    assert [str(rule.ports) for rule in explain_rule(deployment, "fw-1 inbound tcp 4430")] == ["tcp/4430"]
    assert [str(rule.ports) for rule in explain_rule(deployment, "fw-1 inbound tcp 443")] == ["tcp/443"]


def test_a_name_that_ends_like_another_is_not_taken_for_it(tmp_path):
    deployment = read_deployment({"ingress": {}}, tmp_path)
    assert {str(rule.service) for rule in explain_rule(deployment, "nsg-whip-ice-udp-ipv4")} == {"whip-ice-udp"}


@pytest.mark.parametrize("platform", ["aws", "azure", "gcp", "nftables"])
def test_a_port_of_two_services_is_distinguished_where_the_platform_does(platform):
    one = Rule(PortRange.tcp(443), Peer.anywhere(), Service.HTTPS)
    other = Rule(PortRange.tcp(443), Peer.of(Cidr.parse("10.0.0.0/8")), Service.TURN_TLS)
    on = BY_NAME[platform]
    made = on.native_rules(on.render(RuleSet.of([one, other]), on.placeholder, Options("lk")))
    behind = [[rule for rule in (one, other) if native.is_for(rule)] for native in made]
    assert {tuple(rules) for rules in behind} == {(), (one,), (other,)}


@pytest.mark.parametrize("platform", ["aws", "azure", "gcp", "nftables"])
def test_where_a_platform_has_descriptions_they_carry_the_service_and_every_key(deployment, platform):
    """On Google Cloud per resource; DigitalOcean has none, which is what the state of a stack is asked for."""
    found = 0
    for native in BY_NAME[platform].native_rules(render_for(deployment, BY_NAME[platform])):
        for rule in (rule for rule in deployment.rules.ingress if native.is_for(rule)):
            found += 1
            assert rule.service.label in native.description
            is_list_of_services = platform == "nftables" and native.line.startswith("meta l4proto")
            assert is_list_of_services or all(reason.key in native.description for reason in rule.reasons)
    assert found >= len(deployment.rules.ingress)


INSIDE = RuleSet((
    Rule(PortRange.tcp(443), Peer.any_ipv4(), Service.ICE_UDP),
    Rule(PortRange.tcp(443), Peer.of(Cidr.parse("0.0.0.0/1")), Service.ICE_UDP),
))  # fmt: skip


@pytest.mark.parametrize("platform", NAMES)
@few_examples
@given(rules=rule_sets(max_size=6))
@example(rules=INSIDE)
def test_every_rule_is_behind_a_native_rule_and_every_native_rule_has_one(platform, rules):
    """Except the baseline: what a platform renders without any rule."""
    given = rules.where(lambda rule: rule.peer.identity is None)
    on = BY_NAME[platform]

    def native(of):
        return on.native_rules(on.render(of, on.placeholder, Options("lk")))

    try:
        made = native(given)
    except ProblemsError:
        return  # more than the platform holds
    baseline = {one.name for one in native(RuleSet())}
    for rule in given.ingress:
        assert any(one.is_for(rule) for one in made), rule
    for one in made:
        assert one.name in baseline or any(one.is_for(rule) for rule in given.ingress), one


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
        "livekit-aws-udp-10000-20000-198.51.100.0-24",
        "sip-rtp-udp-ipv4",
        "SIP RTP: sip.rtp_port",
        "inbound udp 10000-20000",
    ],
)
def test_a_rule_is_found_by_what_a_console_shows(deployment, shown):
    assert [rule.key for rule in explain_rule(deployment, shown)] == ["sip.rtp_port"]


def test_a_rule_of_google_is_found_whatever_its_digest(deployment):
    asked = ("livekit-gcp-trunk-ipv4-297caf62-1a2b3c4", "livekit-gcp-trunk-ipv4-1a2b3c4")
    told = [{rule.key for rule in explain_rule(deployment, shown)} for shown in asked]
    assert told == [{"sip.rtp_port", "sip.sip_port"}] * 2


def test_a_rule_that_is_not_of_this_configuration_is_not_found(deployment):
    assert explain_rule(deployment, "allow-postgres") == ()


@pytest.mark.parametrize(
    ("written", "meant"), [("50008/udp", "udp/50008"), ("443/tcp", "tcp/443"), ("50000-60000/udp", "udp/50000-60000")]
)
def test_ports_are_taken_as_other_tools_write_them_too(written, meant):
    assert question("10.0.0.1", written) == question("10.0.0.1", meant)


@pytest.mark.parametrize(
    "wrong", ["50008/sctp", "/udp", "443-/tcp", "udp", "5/udp/6", "udp/5/udp", "\u00b2/udp", "udp/\u00b2"]
)
def test_what_is_no_port_either_way_is_refused(wrong):
    with pytest.raises(ConfigurationError, match="PROTOCOL/PORT"):
        question("10.0.0.1", wrong)


def test_what_cannot_be_asked_is_reported_at_once():
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
        (["--rule", "tcp-443-any-ipv4"], 0),
        (["--rule", "nothing-like-it"], 1),
        (["--rule", "tcp-443-any-ipv4", "192.0.2.9"], 2),
        (["192.0.2.9", "tcp/443", "--state", "state.json"], 2),
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


def test_the_hosts_ssh_is_explained_as_a_rule_is(tmp_path):
    answer = explain(read_deployment({"https": True, "host": {}}, tmp_path), question("203.0.113.7", "tcp/22"))
    assert answer.verdict == "allowed"
    assert answer.because == (
        (
            "host lets it in besides the rules: SSH on tcp/22 from anywhere, as operators.cidrs names nobody; "
            "loading the ruleset must not lock its operator out"
        ),
    )
    assert answer.platforms["nftables"] == ("baseline: SSH from anywhere",)
    assert answer.platforms["aws"] == ()


@pytest.mark.parametrize(
    ("given", "peer", "ports", "verdict"),
    [
        ({"host": {}, "operators": {"ssh_port": 2222}}, "203.0.113.7", "tcp/22", "denied"),
        ({"host": {}, "operators": {"ssh_port": 2222}}, "203.0.113.7", "tcp/2222", "allowed"),
        ({"host": {}, "operators": {"cidrs": ["192.0.2.0/24"]}}, "203.0.113.7", "tcp/22", "denied"),
        ({"host": {}, "ipv6": False}, "anywhere", "tcp/22", "partly allowed"),
        ({"host": {}, "ipv6": False}, "2001:db8::7", "tcp/22", "denied"),
        ({"host": {}}, "fe80::1", "udp/546", "allowed"),
        ({"host": {}}, "2001:db8::7", "udp/546", "denied"),
        ({"host": {}, "aws": {"vpc_id": "v"}}, "203.0.113.7", "tcp/22", "denied"),
        ({}, "203.0.113.7", "tcp/22", "denied"),
        ({"azure": {"resource_group_name": "r", "load_balancer_probes": True}}, "168.63.129.16", "tcp/80", "allowed"),
        ({"azure": {"resource_group_name": "r"}}, "168.63.129.16", "tcp/80", "denied"),
    ],
)
def test_what_a_baseline_lets_in_counts_where_every_target_does(tmp_path, given, peer, ports, verdict):
    """A packet has to pass the cloud's firewall and the host's."""
    assert explain(read_deployment(given, tmp_path), question(peer, ports)).verdict == verdict


@pytest.mark.parametrize(
    ("given", "peer", "ports", "because"),
    [
        ({"ipv6": False}, "2001:db8::7", "tcp/7881", "ICE/TCP (tcp_port) is open over IPv4 alone: ipv6 is false"),
        ({"ipv6": False}, "203.0.113.7", "tcp/7881", None),
        (
            {"turn": {"enabled": True, "udp_port": 3478, "bind_addresses": ["203.0.113.5"]}},
            "2001:db8::7",
            "udp/3478",
            "TURN/UDP (turn.udp_port) listens over IPv4 alone",
        ),
        (
            {"ipv6": False, "clients": {"cidrs": ["192.0.2.0/24"]}},
            "203.0.113.7",
            "tcp/7881",
            "ICE/TCP (tcp_port) is open to clients, and this peer is not among clients.cidrs",
        ),
        (
            {"cluster": {"cidrs": ["10.0.0.0/24"]}},
            "203.0.113.7",
            "tcp/7880",
            "API (port) is open to the load balancer and the cluster alone: load_balancer, cluster",
        ),
    ],
)
def test_the_reason_is_the_family_where_that_shuts_it_out(tmp_path, given, peer, ports, because):
    answer = explain(read_deployment(given, tmp_path), question(peer, ports))
    assert answer.verdict == ("denied" if because else "allowed")
    assert because is None or answer.because == (because,)


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.0.0.0/8", "::1"])
def test_the_node_itself_is_nobody_to_ask_about(peer):
    """No firewall of a cloud sees what it sends to itself, and the host's ruleset admits it."""
    with pytest.raises(ConfigurationError, match="must be another machine"):
        question(peer, "tcp/7880")
    assert str(question("126.0.0.0/7", "tcp/7880").peer) == "126.0.0.0/7"


def test_without_a_target_the_ruleset_that_would_be_printed_is_explained(tmp_path):
    answer = explain(read_deployment({}, tmp_path), question("203.0.113.7", "tcp/22"))
    assert answer.because[-1].startswith("host alone would let it in besides the rules: SSH on tcp/22 from anywhere")


LINE = 'ip saddr @sip_ipv4 meta l4proto {} ct original proto-dst 5060 accept comment "SIP: sip.sip_port"'


@pytest.mark.parametrize(
    ("asked", "ports"),
    [
        (LINE.format("tcp"), ["tcp/5060"]),
        (LINE.format("udp"), ["udp/5060"]),
        ("udp SIP: sip.sip_port", ["udp/5060"]),
        ("tcp SIP: sip.sip_port", ["tcp/5060"]),
        ("SIP: sip.sip_port", ["tcp/5060", "udp/5060"]),
    ],
)
def test_what_is_asked_for_over_one_protocol_is_not_answered_with_the_other(deployment, asked, ports):
    assert [str(rule.ports) for rule in explain_rule(deployment, asked)] == ports


def test_the_baselines_own_line_leads_to_the_argument_behind_it(tmp_path):
    deployment = read_deployment({"host": {}}, tmp_path)
    (rule,) = explain_rule(deployment, "baseline: SSH from anywhere")
    assert (str(rule.ports), str(rule.peer), rule.key) == ("tcp/22", "anywhere", "operators.ssh_port")


CARRIERS = {
    "livekit": False,
    "sip": {},
    "trunks": [
        "192.0.2.0/28",
        {"name": "carrier", "signaling": ["198.51.100.0/28"], "media": ["203.0.113.128/25"]},
        {"name": "office", "signaling": ["198.51.100.0/28"], "media": ["198.51.100.16/32"]},
        {"signaling": ["198.51.100.32/32"], "media": ["198.51.100.32/32"]},
    ],
}


@pytest.mark.parametrize(
    ("peer", "ports", "because"),
    [
        ("192.0.2.1", "tcp/5060", "SIP signalling, for SIP trunks (trunks)"),
        ("198.51.100.1", "tcp/5060", "SIP signalling, for the SIP trunks 'carrier', 'office' (trunks)"),
        ("203.0.113.130", "udp/10000", "telephone audio, for the SIP trunk 'carrier' (trunks)"),
        ("198.51.100.16", "udp/10000", "telephone audio, for the SIP trunk 'office' (trunks)"),
        ("198.51.100.32", "udp/10000", "telephone audio, for SIP trunks (trunks)"),
    ],
)
def test_a_carrier_is_named_of_its_own_blocks(tmp_path, peer, ports, because):
    [said] = explain(read_deployment(CARRIERS, tmp_path), question(peer, ports)).because
    assert said.partition(": ")[2].partition("; key ")[0] == because


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("x'), for all\x1b[2J\u202e", r"""for the SIP trunk "x'), for all\x1b[2J\u202e" (trunks); key"""),
        ("y" * 200, f"for the SIP trunk '{'y' * 17}...{'y' * 18}' (trunks); key"),
    ],
)
def test_a_carriers_name_is_no_more_than_a_text(tmp_path, name, shown):
    given = {**CARRIERS, "trunks": [{**CARRIERS["trunks"][1], "name": name}]}
    [said] = explain(read_deployment(given, tmp_path), question("203.0.113.130", "udp/10000")).because
    assert shown in said


def test_a_carriers_name_reaches_no_native_rule(tmp_path):
    """An upgrade, or another name, would change the rules of a firewall that is in use."""
    plain = [{key: value for key, value in one.items() if key != "name"} for one in CARRIERS["trunks"][1:]]
    deployments = [read_deployment({**CARRIERS, "trunks": some}, tmp_path) for some in (CARRIERS["trunks"][1:], plain)]
    for platform in BY_NAME.values():
        named, unnamed = (platform.native_rules(render_for(one, platform)) for one in deployments)
        assert named == unnamed

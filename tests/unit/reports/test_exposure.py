"""The exposure: pages and data as goldens, and what every one of them must say, for arbitrary deployments.

What a golden cannot show, a property does: nothing that is reachable is missing, nothing is listed twice.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.model.rules import RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.facts import Baseline
from livekit_firewall.reports.exposure.expose import expose
from livekit_firewall.reports.exposure.exposure import Exposure
from livekit_firewall.reports.exposure.page import html
from tests.targets import TARGETS

from ..argument_strategies import valid_arguments
from ..strategies import few_examples

HERE = Path()
# of our own, so that a platform's better wording moves no golden here
BASELINE = (Baseline("echo and path MTU", "large packets vanish otherwise"),)
TURN = {"enabled": True, "domain": "turn.example.com", "udp_port": 3478}

SCENARIOS: dict[str, dict[str, Any]] = {
    "proxy-on-the-node": {
        "https": True,
        "turn": {**TURN, "tls_port": 5349, "external_tls": True},
        "operators": {"cidrs": ["203.0.113.0/28", "2001:db8:7::/64"]},
        "prometheus": {"port": 6789},
        "host": {},
    },
    "aws-load-balancer": {
        "turn": {**TURN, "tls_port": 5349},
        "aws": {"vpc_id": "vpc-1", "load_balancer_security_group_ids": ["sg-1"]},
    },
    "aws-restricted-clients": {
        "udp_port": 7882,
        "clients": {"cidrs": ["198.51.100.0/24", "198.51.101.0/24", "203.0.113.0/24", "2001:db8::/32"]},
        "aws": {"vpc_id": "vpc-1"},
    },
    "plugnmeet": {"plugnmeet": {"sip": True, "rtmp": True, "whip": True}, "digitalocean": {"tags": ["plugnmeet"]}},
    "sip-for-everybody": {"livekit": False, "sip": {"tls": {}, "health_port": 8090}, "ipv6": False, "host": {}},
    "cluster": {
        "turn": TURN,
        "load_balancer": {"cidrs": ["10.0.0.0/24"]},
        "cluster": {"cidrs": ["192.0.2.0/29"], "same_group": True, "services": ["redis"]},
        "operators": {"cidrs": ["0.0.0.0/0"], "ssh_port": 2222},
        "ingress": {},
        "gcp": {"network": "default", "target_tags": ["livekit"]},
    },
}


def exposed(given: dict[str, Any]) -> Exposure:
    deployment = read_deployment(given, HERE)
    return expose(deployment, dict.fromkeys(deployment.targets, BASELINE))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_page_and_the_data_of_a_deployment(scenario: str, golden: Callable[[str, str, Any], None]) -> None:
    exposure = exposed(SCENARIOS[scenario])
    golden("exposure", scenario, exposure.text())
    golden("exposure", scenario, exposure.as_json())


@few_examples
@given(valid_arguments())
def test_a_page_shows_every_rule_and_every_closed_port_once(arguments: dict[str, Any]) -> None:
    deployment = read_deployment(arguments, HERE)
    exposure = expose(deployment)
    assert sorted((rule for reach in exposure.reached for rule in reach.rules), key=str) == sorted(
        deployment.rules, key=str
    )
    reached = {(reach.rules[0].service, reach.rules[0].ports) for reach in exposure.reached}
    assert len(reached) == len(exposure.reached)
    closed = {(one.service, one.ports) for one in exposure.closed}
    assert not reached & closed
    assert {(one.service, one.ports) for one in deployment.listeners} <= reached | closed | {
        (one.service, one.ports)
        for one in deployment.listeners
        if any(service is one.service and ports.overlaps(one.ports) for service, ports in reached)
    }
    for reach in exposure.reached:
        assert str(reach.rules[0].ports) in exposure.text()


@few_examples
@given(valid_arguments())
def test_the_data_of_any_deployment_has_the_documented_shape(arguments: dict[str, Any]) -> None:
    data = json.loads(json.dumps(exposed(arguments).as_json()))
    assert list(data) == ["version", "reachable", "closed", "baseline", "outbound", "notes", "findings"]
    assert data["version"] == 1
    for reach in data["reachable"]:
        assert list(reach) == ["service", "protocol", "first", "last", "peers", "public", "key", "reason"]
        assert 1 <= reach["first"] <= reach["last"] <= 65535
        assert reach["peers"]
        assert type(reach["public"]) is bool
    for one in data["closed"]:
        assert list(one) == [
            "service", "protocol", "first", "last", "families", "key", "is_default", "audience", "because",
        ]  # fmt: skip
        assert one["because"]
    for need in data["outbound"]:
        assert list(need) == ["protocol", "first", "last", "to", "key", "purpose"]
    for finding in data["findings"]:
        assert list(finding) == ["id", "severity", "path", "file", "line", "text", "fix"]
        assert finding["severity"] in ("error", "warning", "note")


@pytest.mark.parametrize(
    ("cidrs", "public"),
    [
        (["0.0.0.0/0"], True),
        (["10.0.0.0/8"], False),
        (["10.0.0.0/8", "11.0.0.0/8"], True),
        (["2001:db8::/32"], False),
        (["2600::/15"], True),
    ],
)
def test_public_is_what_the_internet_reaches_once_sources_are_merged(cidrs: list[str], public: bool) -> None:
    given = {"livekit": False, "https": {"acme": False}, "clients": {"cidrs": cidrs}}
    (reach,) = exposed(given).as_json()["reachable"]
    assert reach["public"] is public


def test_of_many_blocks_two_are_shown_and_the_others_counted() -> None:
    given = {"livekit": False, "https": {"acme": False}, "clients": {"cidrs": [f"10.{n}.0.0/16" for n in range(9)]}}
    (reach,) = exposed(given).reached
    assert reach.who == "10.0.0.0/16, 10.1.0.0/16 and 7 more"
    assert len(reach.as_json()["peers"]) == 9


def test_a_node_that_nobody_reaches_says_so() -> None:
    assert exposed({"livekit": False}).text() == "Who can reach what\n  nobody reaches anything"


def test_the_ports_that_a_nat_must_forward_are_those_that_somebody_reaches() -> None:
    notes = exposed({"udp_port": 7882, "https": {"acme": False}}).notes
    assert notes == ("Behind a NAT, forward these ports unchanged: tcp/443, udp/7882, tcp/7881.",)


@pytest.mark.parametrize(
    ("given", "tracked"),
    [
        ({}, False),
        ({"clients": {"cidrs": ["0.0.0.0/0", "::/0"]}}, False),
        ({"ipv6": False}, False),
        ({"clients": {"cidrs": ["198.51.100.0/24"]}}, True),
    ],
)
def test_aws_says_whether_it_tracks_media(given: dict[str, Any], tracked: bool) -> None:
    notes = " ".join(exposed({**given, "aws": {"vpc_id": "v"}}).notes)
    assert ("AWS tracks media flows" in notes, "AWS does not track media flows" in notes) == (tracked, not tracked)


AWS = {"aws": {"vpc_id": "v"}}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (AWS, "tcp/22) on aws"),
        ({**AWS, "operators": {"ssh_port": 2222}}, "tcp/2222) on aws"),
        ({**AWS, "host": {}}, "tcp/22) on aws"),  # the host's own ruleset leaves it open, and the cloud's is in front
        ({**AWS, "digitalocean": {"tags": ["t"]}}, "tcp/22) on aws, digitalocean"),
        ({**AWS, "operators": {"cidrs": ["203.0.113.0/24"]}}, ""),
        ({**AWS, "tcp_port": 22}, ""),  # whatever listens there, the port is open
        ({"host": {}}, ""),
        ({}, ""),
    ],
)
def test_a_cloud_whose_rules_open_no_ssh_says_so(given: dict[str, Any], said: str) -> None:
    text = f"These rules do not open SSH ({said}: operators names nobody. Rules of others there may."
    assert [note for note in exposed(given).notes if "SSH" in note] == ([text] if said else [])


MORE = "ufw as plugNmeet's installer sets it opens more to everybody"


@pytest.mark.parametrize(
    ("switches", "notes"),
    [
        (
            {},
            [
                f"{MORE}: tcp/1935, tcp/5060-5061, udp/5060-5061, udp/10000-20000.",
            ],
        ),
        (
            {"sip": True, "rtmp": True, "whip": True},
            [
                f"{MORE}: tcp/5061, udp/5061.",
                "ufw as plugNmeet's installer sets it does not open udp/7885.",
            ],
        ),
    ],
)
def test_a_plugnmeet_node_page_shows_where_its_installers_ufw_differs(
    switches: dict[str, bool], notes: list[str]
) -> None:
    deployment = read_deployment({"plugnmeet": switches}, HERE)
    assert [note for note in expose(deployment).notes if "ufw" in note] == notes


def besides(given: dict[str, Any]) -> dict[str, list[str]]:
    return {
        target: [str(item["what"]) for item in items]
        for target, items in expose(read_deployment(given, HERE)).as_json()["baseline"].items()
    }


EVERY: dict[str, Any] = {**TARGETS, "host": {}}


def test_a_baseline_states_what_is_so_for_this_configuration() -> None:
    told = besides({**EVERY, "operators": {"ssh_port": 2222}})
    assert told["host"][-1] == "SSH on tcp/2222 from anywhere, as operators.cidrs names nobody"
    assert told["host"][2] == "ICMP and ICMPv6 errors and echo requests"
    assert told["aws"][0] == "ICMP echo request, IPv4 and IPv6"
    assert told["gcp"] == ["ICMP and ICMPv6 from anywhere, all types (Google's grain is the protocol)"]
    assert told["digitalocean"][0].startswith("ICMP from anywhere, over IPv4 and IPv6, all types")
    assert told["hetzner"][0].startswith("ICMP from anywhere, over IPv4 and IPv6, all types")
    assert not any("probes" in line for line in told["azure"])

    named = {"operators": {"cidrs": ["203.0.113.0/28"]}, "ipv6": False}
    targets = {"aws": {"security_group_id": "sg-1"}, "azure": {**EVERY["azure"], "load_balancer_probes": True}}
    told = besides({**EVERY, **targets, **named})
    assert not any("SSH" in line for line in told["host"])
    assert told["host"][2] == "ICMP errors and echo requests; over IPv6 errors only"
    assert told["aws"][0] == "ICMP echo request, IPv4 only"
    assert told["aws"][2] == "Egress: what the rules of the existing group say, and nothing of ours"
    assert told["gcp"] == ["ICMP, over IPv4 only, from anywhere, all types (Google's grain is the protocol)"]
    assert told["digitalocean"][0].startswith("ICMP from anywhere, over IPv4 only")
    assert "Azure's load balancer probes (the tag AzureLoadBalancer), TCP, every port" in told["azure"]


@pytest.mark.parametrize("ipv6", [True, False])
@pytest.mark.parametrize("operators", [{}, {"cidrs": ["203.0.113.0/28"]}])
def test_no_baseline_states_a_condition_in_place_of_a_fact(ipv6: bool, operators: dict[str, Any]) -> None:
    lines = [one for lines in besides({**EVERY, "ipv6": ipv6, "operators": operators}).values() for one in lines]
    assert not [line for line in lines if re.search(r"\bif\b|\bunless\b|`", line)]


def relayed(tmp_path: Path, first: int) -> Exposure:
    (tmp_path / "livekit.yaml").write_text(
        f"rtc: {{port_range_start: {first}, port_range_end: 60000}}\n"
        "turn: {enabled: true, domain: turn.example.com, udp_port: 3478}\n"
    )
    return expose(read_deployment({"livekit_config": "livekit.yaml", "https": True}, tmp_path))


def test_relay_ports_that_ice_opens_are_not_shown_as_closed(tmp_path: Path) -> None:
    exposure = relayed(tmp_path, 30000)
    assert Service.TURN_RELAY not in {one.service for one in exposure.closed}
    assert exposure.notes[0] == (
        "TURN relay (turn.relay_range_start, turn.relay_range_end) on udp/30000-40000 is open to anywhere: "
        "ICE/UDP (rtc.port_range_start, rtc.port_range_end) has the same ports."
    )


def test_of_relay_ports_only_those_that_nobody_opens_are_closed(tmp_path: Path) -> None:
    exposure = relayed(tmp_path, 35000)
    assert [str(one.ports) for one in exposure.closed if one.service is Service.TURN_RELAY] == ["udp/30000-34999"]
    assert " on udp/35000-40000 is open to anywhere" in exposure.notes[0]


@few_examples
@given(st.integers(1024, 40000))
def test_no_page_calls_a_port_open_and_closed(first: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        exposure = relayed(Path(folder), first)
    opened = [rule.ports for reach in exposure.reached for rule in reach.rules]
    assert not [one for one in exposure.closed if one.families and any(one.ports.overlaps(ports) for ports in opened)]


def test_a_host_that_no_rule_opens_says_that_ssh_is_open() -> None:
    alone = expose(read_deployment({"livekit": False, "host": {}}, HERE))
    assert alone.text().splitlines()[1] == "  nobody reaches anything but SSH, which passes besides the rules"
    assert "No rule lets anybody in; besides the rules SSH is open to the internet</h1>" in html(alone, RuleSet())
    behind = expose(read_deployment({"livekit": False, "host": {}, "aws": {"vpc_id": "v"}}, HERE))
    assert behind.text().splitlines()[1] == "  nobody reaches anything"


def test_the_text_lists_ten_blocks_and_counts_the_rest_which_the_data_has() -> None:
    for number, more in ((10, ""), (11, " and 1 more")):
        blocks = [f"10.0.{third}.0/28" for third in range(number)]
        exposure = exposed({"https": False, "operators": {"cidrs": blocks}})
        (line,) = (line for line in exposure.text().splitlines() if line.startswith("  SSH "))
        assert f"  {', '.join(blocks[:10])}{more}  " in line
        (ssh,) = (one for one in exposure.as_json()["reachable"] if one["service"] == "ssh")
        assert ssh["peers"] == blocks


def test_a_block_is_listed_with_the_carrier_that_has_it(tmp_path):
    office = {"name": "office", "signaling": ["198.51.100.16/32"], "media": ["198.51.100.16/32"]}
    given = {"livekit": False, "sip": {}, "trunks": ["192.0.2.0/28", office]}
    shown = expose(read_deployment(given, tmp_path))
    [line] = [line for line in shown.text().splitlines() if line.startswith("  SIP RTP ")]
    assert "  192.0.2.0/28, 198.51.100.16/32 ('office')  " in line
    assert {one["peers"][-1]: one["reason"] for one in shown.as_json()["reachable"]}["198.51.100.16/32"] == (
        "telephone audio, for SIP trunks (trunks); telephone audio, for the SIP trunk 'office' (trunks)"
    )

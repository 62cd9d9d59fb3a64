"""The command `compare`: firewalls made by hand, what is said of them, exit codes, and hostile listings."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.cli.group import main
from livekit_firewall.model.addresses import Cidr, Peer
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.gcp import render as gcp

from .. import audiences, exports
from ..hand_made import TCP_443, aws_rule, azure_rule, gcp_rule

LIVEKIT = (
    "port: 7880\nrtc: {tcp_port: 7881, port_range_start: 50000, port_range_end: 60000}\nkeys: {API: s3cr3t-canary}\n"
)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`run(value, "--json")`: exit code, stdout, stderr of comparing the value with livekit.yaml."""
    monkeypatch.chdir(tmp_path)
    Path("livekit.yaml").write_text(LIVEKIT)

    def command(value: Any, *options: str, configured: bool = True) -> tuple[int, str, str]:
        given = ["--livekit", "livekit.yaml", "--load-balancer", "10.0.0.0/24"] if configured else []
        if value is not None:
            raw = value if isinstance(value, bytes) else json.dumps(value).encode()
            Path("firewall.json").write_bytes(raw)
        with pytest.raises(SystemExit) as caught:
            main(["compare", "firewall.json", *given, *options])
        out, err = capsys.readouterr()
        assert "s3cr3t" not in out + err
        assert isinstance(caught.value.code, int)
        return caught.value.code, out, err

    return command


def two_ports(*, separator: str = ",") -> list[str]:
    """What OpenVidu's templates for Azure have for 50000 to 60000: two texts are two ports."""
    return f"50000{separator}60000".split(",")


HAND_MADE = {
    "aws": {"SecurityGroupRules": [
        {"SecurityGroupRuleId": f"sgr-{place}", "GroupId": "sg-0a1b2c3d", "IsEgress": False, "IpProtocol": protocol,
         "FromPort": first, "ToPort": last, **source}
        for place, (protocol, first, last, source) in enumerate([
            ("tcp", 22, 22, {"CidrIpv4": "0.0.0.0/0"}),
            ("tcp", 7880, 7881, {"CidrIpv4": "0.0.0.0/0"}),
            ("udp", 50000, 50000, {"CidrIpv4": "0.0.0.0/0"}),
            ("udp", 60000, 60000, {"CidrIpv4": "0.0.0.0/0"}),
            ("tcp", 6379, 6379, {"CidrIpv4": "172.31.0.0/16"}),
            ("tcp", 7880, 7880, {"ReferencedGroupInfo": {"GroupId": "sg-0bada1", "UserId": "1"}}),
            ("tcp", 9090, 9090, {"PrefixListId": "pl-0123"}),
            ("icmp", -1, -1, {"CidrIpv4": "0.0.0.0/0"}),
        ])
    ]},
    "azure": {"name": "openvidu", "securityRules": [
        azure_rule("media", 100, protocol="Udp", destinationPortRange=None, destinationPortRanges=two_ports()),
        azure_rule("media-tcp", 110, destinationPortRange="7881"),
        azure_rule("https", 120),
    ]},
    "gcp": [
        gcp_rule("media", allowed=[{"IPProtocol": "udp", "ports": ["50000-60000"]}], sourceRanges=["0.0.0.0/0"]),
        gcp_rule("media-six", allowed=[{"IPProtocol": "udp"}], sourceRanges=["::/0"], targetSecureTags=["tagValues/1"]),
        gcp_rule("tcp", allowed=[{"IPProtocol": "tcp", "ports": ["7881"]}], destinationRanges=["10.0.0.4/32"]),
        gcp_rule("api", allowed=[{"IPProtocol": "tcp", "ports": ["7880"]}], sourceTags=["proxy"]),
    ],
    "hetzner": [{"id": 7, "name": "media", "applied_to": [{"type": "server", "server": {"id": 1}}], "rules": [
        {"direction": "in", "protocol": "udp", "port": "50000", "source_ips": ["0.0.0.0/0", "::/0"]},
        {"direction": "in", "protocol": "udp", "port": "60000", "source_ips": ["0.0.0.0/0", "::/0"]},
        {"direction": "in", "protocol": "tcp", "port": "7881", "source_ips": ["0.0.0.0/0"], "schedule": "night"},
        {"direction": "in", "protocol": "tcp", "port": "any", "source_ips": ["203.0.113.0/24"], "destination_ips": []},
        {"direction": "out", "protocol": "tcp", "port": "443", "destination_ips": ["0.0.0.0/0"]},
    ]}],
    "digitalocean": [{"name": "media", "status": "succeeded", "inbound_rules": [
        {"protocol": "udp", "ports": "50000-60000", "sources": {"addresses": ["0.0.0.0/0", "::/0"]}},
        {"protocol": "udp", "ports": "59000-60000", "sources": {"addresses": ["203.0.113.0/24"]}, "action": "limit"},
        {"protocol": "tcp", "ports": "7881", "sources": {"vpc_uuids": ["5a4981aa"]}},
        {"protocol": "tcp", "ports": "7880", "sources": {"load_balancer_uids": ["4de7ac8b"]}},
    ]}],
}  # fmt: skip


@pytest.mark.parametrize("name", HAND_MADE)
def test_a_firewall_made_by_hand_as_people_read_it(run, golden, name):
    code, out, err = run(HAND_MADE[name])
    assert (code, err) == (1, "")
    golden("compare", f"{name}-hand-made", out)


def test_its_json_has_every_block_and_the_packet(run):
    code, out, _ = run(HAND_MADE["azure"], "--json")
    said = json.loads(out)
    assert (code, sorted(said)) == (
        1, ["firewall", "missing", "not_understood", "superfluous", "too_wide", "unknown", "version"],
    )  # fmt: skip
    assert said["missing"][-1] == {
        "protocol": "udp", "first": 50001, "last": 59999, "sources": ["0.0.0.0/0", "::/0"], "service": "ice-udp",
        "key": "rtc.port_range_start, rtc.port_range_end",
        "packet": None, "by": [], "names": ["VirtualNetwork"],
    }  # fmt: skip
    assert said["unknown"] == [{
        "protocol": "tcp", "first": 7880, "last": 7880, "sources": ["10.0.0.0/24"], "service": "api", "key": "port",
        "packet": None, "by": [], "names": ["VirtualNetwork"],
    }]  # fmt: skip
    assert said["superfluous"][0]["packet"] == {"source": "VirtualNetwork", "protocol": "tcp", "port": 1}


def test_what_is_the_same_is_exit_code_0(run):
    needed = RuleSet.of([
        Rule(PortRange.udp(50000, 60000), Peer.anywhere(), Service.ICE_UDP),
        Rule(PortRange.tcp(7881), Peer.anywhere(), Service.ICE_TCP),
        Rule(PortRange.tcp(7880), Peer.of(Cidr.parse("10.0.0.0/24")), Service.API),
    ])  # fmt: skip
    value = exports.gcp_rules(gcp.render(needed, audiences.GCP))
    assert run(value, "--target-tag", "livekit") == (0, "default admits exactly what the configuration needs\n", "")
    code, _, err = run(value)
    assert code == 2
    text = "are tags or accounts of instances (got livekit); say which yours has: --target-tag TAG"
    text = f"firewall.json: {text}; or that it has none: --no-target-tag"
    assert err == f"livekit-firewall: {text}\n"


WEB, MEDIA = (
    gcp_rule("http", allowed=[{"IPProtocol": "tcp", "ports": ["80"]}], sourceRanges=["0.0.0.0/0"], targetTags=["web"]),
    gcp_rule("media", allowed=[{"IPProtocol": "udp", "ports": ["50000-60000"]}], sourceRanges=["0.0.0.0/0"]),
)


@pytest.mark.parametrize("options", [["--no-target-tag"], ["--target-tag", ""]])
def test_an_instance_without_tags_can_be_said(run, options):
    code, out, err = run([WEB, MEDIA], *options)
    assert (code, err, out.splitlines()[0], "tcp/80" in out) == (1, "", "default: 3 missing", False)
    assert run([WEB, MEDIA])[2].endswith(
        "say which yours has: --target-tag TAG; or that it has none: --no-target-tag\n"
    )
    assert "give one of the two" in run([WEB, MEDIA], *options, "--target-tag", "web")[2]


def test_a_tag_that_no_rule_has_is_told(run):
    note = "note: no rule for ingress is for the tag htp; there are rules for web\n"
    code, out, err = run([WEB, MEDIA], "--target-tag", "htp")
    assert (code, err, "tcp/80" in out) == (1, note, False)
    assert run([WEB, MEDIA], "--target-tag", "htp", "--json")[2] == note
    assert "tcp/80" in run([WEB, MEDIA], "--target-tag", "web")[1]
    assert run([MEDIA], "--target-tag", "a@b.c")[2] == "note: no rule for ingress is for the account a@b.c\n"


def test_firewalls_of_digitalocean_that_no_droplet_has_are_told(run):
    entry = {"protocol": "tcp", "ports": "443", "sources": {"addresses": ["0.0.0.0/0"]}}

    def told(*attached: dict[str, Any]) -> str:
        some = [
            {"id": f"f{place}", "name": f"f{place}", "inbound_rules": [entry], **one}
            for place, one in enumerate(attached)
        ]
        return run(some, *(text for one in some for text in ("--group", one["name"])))[2]

    assert told({"droplet_ids": [], "tags": []}) == (
        "note: f0 is attached to no Droplet and no tag, so that it protects nothing\n"
    )
    assert told({"droplet_ids": [1], "tags": []}, {"droplet_ids": [2], "tags": None}) == (
        "note: no Droplet has all of these firewalls, so that no Droplet admits what they admit together\n"
    )
    assert told({"droplet_ids": [1, 2]}, {"droplet_ids": [2]}) == ""
    assert told({"droplet_ids": [1]}, {"droplet_ids": [2], "tags": ["a"]}) == ""
    assert told({}) == ""


def test_the_network_of_the_configuration_selects_the_rules(run):
    arguments = "livekit_config: livekit.yaml\nload_balancer: {{cidrs: [10.0.0.0/24]}}\n"
    arguments += "gcp: {{network: {}, target_tags: [web]}}\n"
    both = [WEB, {**MEDIA, "network": "x/networks/prod"}]

    def compared(network: str, *options: str) -> tuple[int, str, str]:
        Path("arguments.yaml").write_text(arguments.format(network))
        Path("firewall.json").write_text(json.dumps(both))
        return run(None, "--args", "arguments.yaml", *options, configured=False)

    assert compared("prod")[1].splitlines()[0] == "prod: 3 missing"
    assert compared("projects/p/global/networks/default")[1].splitlines()[0] == "default: 3 missing, 1 superfluous"
    assert compared("prod", "--group", "default")[1].splitlines()[0] == "default: 3 missing, 1 superfluous"
    expected = (
        "gcp.network: must be a network of the file (got other); it has default, prod; say which is meant: --group"
    )
    assert (compared("other")[0], expected in compared("other")[2]) == (2, True)


def test_no_firewall_is_what_its_platform_does_without_one(run):
    first = {platform: run([], "--from", platform)[1].splitlines()[0] for platform in ("aws", "azure", "digitalocean")}
    assert first == {
        "aws": "no firewall: 3 missing",
        "azure": "no firewall: 3 not known, 1 not understood",
        "digitalocean": "no firewall: 5 superfluous, 2 too wide",
    }
    note = "note: the listing is empty: this is what AWS admits to a machine without a firewall\n"
    assert run({"SecurityGroups": []})[2] == note


def test_a_host_has_nothing_to_import(run):
    code, out, err = run({"nftables": [{"metainfo": {}}]}, "--import", "import.json")
    assert (code, out, Path("import.json").exists()) == (2, "", False)
    assert "a host's ruleset is no resource" in err


def many(count: int) -> dict[str, Any]:
    return {"SecurityGroupRules": [
        {"GroupId": "sg-1", "IsEgress": False, "IpProtocol": "tcp", "FromPort": 1 + place, "ToPort": 2 * (1 + place),
         "CidrIpv4": f"{1 + place % 200}.{place // 200}.0.0/16"} for place in range(count)
    ]}  # fmt: skip


HOSTILE = {
    "not JSON": b"rules: []",
    "truncated": b'{"SecurityGroupRules": [',
    "empty": b"",
    "not UTF-8": b'{"a": "\xff"}',
    "a number": b"7",
    "other JSON": b'{"version": 3}',
    "an empty list": b"[]",
    "null": b"null",
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "rather deep": b"[" * 101 + b"]" * 101,
    "big": b'"' + b"x" * 10_000_001 + b'"',
    "a huge number": b"1" * 10_000,
    "too many rules": json.dumps(many(2001)).encode(),
    "an escape in a name": json.dumps(
        aws_rule(GroupId="\x1b[2J", IpProtocol="tcp", CidrIpv4="\x1b[2J", FromPort=1, ToPort=1)
    ).encode(),
    "several groups": json.dumps({"SecurityGroupRules": [{"GroupId": g, "IpProtocol": "-1"} for g in "ab"]}).encode(),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_is_one_line_and_exit_code_2(run, name):
    code, out, err = run(HOSTILE[name])
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("livekit-firewall: firewall.json")
    assert err[:-1].isprintable()


HIDING = {
    "a field": aws_rule(IpProtocol="tcp", FromPort=1, ToPort=1, CidrIpv4="0.0.0.0/0", **{"\x1b[2J": 1}),
    "a protocol": aws_rule(IpProtocol="\x1b[2J", FromPort=1, ToPort=1, CidrIpv4="0.0.0.0/0"),
    "a direction": [gcp_rule("a", allowed=TCP_443, direction="\x1b[2J")],
    "a peering": aws_rule(IpProtocol="-1", ReferencedGroupInfo={"GroupId": "sg-2", "PeeringStatus": "\x1b[2J"}),
    "an action": [{"inbound_rules": [
        {"protocol": "tcp", "ports": "all", "sources": {"addresses": ["0.0.0.0/0"]}, "action": "\x1b[2J"}]}],
    "a service tag": {"securityRules": [azure_rule("a", 200, sourceAddressPrefix="\x1b[2J")]},
    "a state": {"securityRules": [azure_rule("a", 200, provisioningState="\x1b[2J")]},
}  # fmt: skip


@pytest.mark.parametrize("name", HIDING)
def test_what_is_not_understood_is_shown_printable(run, name):
    code, out, _ = run(HIDING[name])
    assert (code, "not understood: so that" in out) == (1, True)
    assert out.replace("\n", "").isprintable()


def test_no_file_is_one_line_and_exit_code_2(run):
    code, out, err = run(None)
    assert (code, out) == (2, "")
    assert err.startswith("livekit-firewall: firewall.json: cannot be read")


def test_rules_that_cut_each_other_into_too_many_pieces_are_refused_in_time(run):
    started = time.process_time()
    code, out, err = run(many(2000))
    assert (code, out, "pairs of ports and sources" in err, err.count("\n")) == (2, "", True, 1)
    assert time.process_time() - started < 5


def test_a_thousand_sources_are_compared_in_time(run):
    addresses = [f"{1 + place % 200}.{place // 200}.7.9/32" for place in range(1000)]
    rules_ = [{"protocol": "udp", "ports": "50000-60000", "sources": {"addresses": addresses}}]
    started = time.process_time()
    code, out, _ = run([{"name": "media", "inbound_rules": rules_}])
    assert (code, out.splitlines()[0]) == (1, "media: 3 missing")
    assert time.process_time() - started < 5

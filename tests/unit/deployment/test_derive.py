"""Bad input: one error has all problems, each with what to do. The golden files hold whole errors."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.inputs.stack_config import arguments_from
from livekit_firewall.model.errors import ConfigurationError, FirewallError, Place, Problem, RenderError
from tests.targets import CLOUDS

HERE = Path()
Golden = Callable[[str, str, Any], None]
TURN = {"enabled": True, "domain": "t.example.com"}


def refused(given: Any, base: Path = HERE, needs_target: bool = False) -> str:
    with pytest.raises(ConfigurationError) as caught:
        read_deployment(given, base, needs_target)
    return str(caught.value)


NO_SUBNET = (
    "cannot be had: azure-native sets a subnet's group only by writing the whole subnet, with its routes and "
    "delegations; name the output azure_network_security_group_id as its group where the subnet is made; "
    "docs/azure.md says what to do where it is not in Pulumi"
)

# one error each: all mistakes in arguments that the issue and the design name
ONE: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown key": ({"tcp_prot": 7881}, "tcp_prot: unknown key; did you mean tcp_port?"),
    "an unknown key like no other": (
        {"clients": {"xyzzy": 1}},
        "clients.xyzzy: unknown key; known keys: cidrs",
    ),
    "an unknown key of a target": ({"aws": {"vpcid": "x"}}, "aws.vpcid: unknown key; did you mean vpc_id?"),
    "the subnet of Azure's group": (
        {"azure": {"subnet_id": object()}},
        f"azure.subnet_id: {NO_SUBNET}",
    ),
    "a key of livekit.yaml that is called otherwise here": (
        {"turn": {"tls_prot": 443}},
        "turn.tls_prot: unknown key; did you mean tls_port?",
    ),
    "a text for a port": ({"port": "7880"}, "port: must be an integer from 1 to 65535 (got '7880')"),
    "a switch for a port": ({"tcp_port": True}, "tcp_port: must be an integer from 1 to 65535, or 0 = off (got true)"),
    "half a port": ({"port": 7880.5}, "port: must be an integer from 1 to 65535 (got 7880.5)"),
    "a number that is none": ({"port": float("nan")}, "port: must be an integer from 1 to 65535 (got nan)"),
    "a number of no sense": ({"port": 1e300}, "port: must be an integer from 1 to 65535 (got 1e+300)"),
    "a list for a section": ({"turn": []}, "turn: must be a mapping (got [])"),
    "a text for a switch": ({"ipv6": "no"}, "ipv6: must be true or false (got 'no')"),
    "a text for a section": ({"sip": "yes"}, "sip: must be a mapping of keys to values (got a text)"),
    "a switch for SIP": ({"sip": True}, "sip: must be a mapping of keys to values (got true)"),
    "a switch for ingress": ({"ingress": True}, "ingress: must be a mapping of keys to values (got true)"),
    "a number for https": (
        {"https": 443},
        "https: must be true, false or a mapping with port and acme (got 443)",
    ),
    "port 0": ({"port": 0}, "port: must be an integer from 1 to 65535 (got 0)"),
    "port 65536": ({"port": 65536}, "port: must be an integer from 1 to 65535 (got 65536)"),
    "an SSH port of 0": (
        {"operators": {"ssh_port": 0}},
        "operators.ssh_port: must be an integer from 1 to 65535 (got 0)",
    ),
    "no sources": (
        {"clients": {"cidrs": []}},
        ("clients.cidrs: must name at least one block (got []); "
        "leave the key out for its default; an empty list could mean nobody or everybody"),
    ),
    "no trunks": (
        {"sip": {}, "trunks": []},
        ("trunks: must name at least one block (got []); "
        "leave the key out for its default; an empty list could mean nobody or everybody"),
    ),
    "a text for sources": (
        {"operators": {"cidrs": "10.0.0.0/8"}},
        ("operators.cidrs: must be a list of blocks such as 203.0.113.0/24, or a mapping from names of your own to "
        "blocks (got '10.0.0.0/8')"),
    ),
    "host bits": (
        {"clients": {"cidrs": ["10.0.0.0/8", "198.51.100.7/24"]}},
        ("clients.cidrs[1]: must have no host bits set (got '198.51.100.7/24'); "
        "write 198.51.100.0/24 for the block or 198.51.100.7/32 for that one address"),
    ),
    "a bare address": (
        {"load_balancer": {"cidrs": ["10.0.0.7"]}},
        "load_balancer.cidrs[0]: must have a prefix length (got '10.0.0.7'); write 10.0.0.7/32 for that one address",
    ),
    "a family that is closed": (
        {"ipv6": False, "clients": {"cidrs": ["2001:db8::/32"]}},
        ("clients.cidrs[0]: must be an IPv4 block while ipv6 is false (got '2001:db8::/32'); "
        "remove the block, or ipv6: false"),
    ),
    "a family in the words of the other": (
        {"clients": {"cidrs": ["::ffff:10.0.0.0/104"]}},
        "clients.cidrs[0]: must not be an IPv4-mapped IPv6 block (got '::ffff:10.0.0.0/104'); write 10.0.0.0/8",
    ),
    "a load balancer without sources": (
        {"load_balancer": {}},
        "load_balancer: must name sources in load_balancer.cidrs; or give the identity in a target",
    ),
    "another word than anywhere": (
        {"sip": {}, "trunks": "everywhere"},
        ('trunks: must be a list of blocks, a list of mappings with name, signaling and media, or "anywhere" '
        "(got 'everywhere')"),
    ),
    "a trunk without audio": (
        {"sip": {}, "trunks": [{"signaling": ["198.51.100.0/24"]}]},
        ("trunks[0]: must name media; carriers often send audio from other addresses than they signal from; "
        "repeat them where they do not"),
    ),
    "a trunk that is a number": (
        {"sip": {}, "trunks": [{"signaling": ["198.51.100.0/24"], "media": ["198.51.100.0/24"]}, 5]},
        "trunks[1]: must be a text or a mapping (got 5)",
    ),
    "a service that no cluster shares": (
        {"cluster": {"cidrs": ["192.0.2.0/24"], "services": ["postgres"]}},
        "cluster.services[0]: must be one of redis, nats, mariadb (got 'postgres')",
    ),
    "a service shared with nobody": (
        {"cluster": {"services": ["redis"]}},
        "cluster.services: must come with cluster.cidrs, cluster.same_group, or what a target names the cluster by",
    ),
    "a key of a server that is not there": (
        {"livekit": False, "port": 7880},
        "port: must not be set while livekit is false; remove it, or livekit: false",
    ),
    "an API port for everybody": (
        {"load_balancer": {"cidrs": ["0.0.0.0/0"]}},
        ("load_balancer.cidrs: must not open API on tcp/7880 to the internet (got 0.0.0.0/0); name the real sources, "
        "in blocks of /8 or longer (IPv4) and /16 or longer (IPv6), also when merged"),
    ),
    "two listeners on a port": (
        {"tcp_port": 7880},
        "tcp_port: must not overlap tcp/7880 of port (got tcp/7880); move one of them",
    ),
    "SSH on the port of another": (
        {"operators": {"cidrs": ["192.0.2.0/24"], "ssh_port": 7881}},
        "operators.ssh_port: must not overlap tcp/7881 of tcp_port (got tcp/7881); move one of them",
    ),
    "media on the ports of SIP": (
        {"port_range_start": 15000, "port_range_end": 25000, "sip": {}},
        "port_range_start: must not overlap udp/10000-20000 of sip.rtp_port (got udp/15000-25000); move one of them",
    ),
    "TURN/TLS on the port of the proxy": (
        {"https": True, "turn": {**TURN, "tls_port": 443}},
        "turn.tls_port: must not overlap tcp/443 of https (got tcp/443); move one of them",
    ),
    "plugNmeet and a key of its server": (
        {"plugnmeet": True, "tcp_port": 7882},
        ("tcp_port: must not be set together with plugnmeet; "
        "livekit_config names a livekit.yaml, plugnmeet.path an installation's folder"),
    ),
    "a folder of plugNmeet that is not there": (
        {"plugnmeet": {"path": "no-such-folder"}, "ingress": {"rtmp_port": 1936}},
        ("no-such-folder/livekit.yaml: cannot be read (got No such file or directory); "
        "check the path and its permissions\n"
        "  - no-such-folder/ingress.yaml: cannot be read (got No such file or directory); "
        "check the path and its permissions"),
    ),
    "a source that is a number": (
        {"clients": {"cidrs": ["10.0.0.0/8", 5]}},
        "clients.cidrs[1]: must be a text such as 203.0.113.0/24 or 2001:db8::/32 (got 5)",
    ),
    "plugNmeet that is a number": (
        {"plugnmeet": 1},
        "plugnmeet: must be true, a folder, or a mapping with path, sip, rtmp and whip (got 1)",
    ),
    "an empty path": ({"livekit_config": ""}, "livekit_config: must be a text that is not empty (got '')"),
    "an empty folder": (
        {"plugnmeet": ""},
        "plugnmeet: must be true, a folder, or a mapping with path, sip, rtmp and whip (got '')",
    ),
    "a file that is not there": (
        {"livekit_config": "no-such.yaml"},
        "no-such.yaml: cannot be read (got No such file or directory); check the path and its permissions",
    ),
    "a number for a name": (
        {"gcp": {"project": 5}},
        "gcp.project: must be a text that is not empty, or an output of another resource (got 5)",
    ),
    "rules below zero": (
        {"aws": {"vpc_id": "v", "existing_rules": -1}},
        "aws.existing_rules: must be a number of rules, 0 or more (got -1)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ONE)
def test_a_mistake_is_one_problem_with_its_remedy(case: str) -> None:
    given, expected = ONE[case]
    assert refused(given).partition(":\n  - ")[2] == expected


def test_no_target_is_a_problem_where_one_is_needed() -> None:
    message = refused({}, needs_target=True)
    assert message.splitlines()[1] == (
        f"  - (arguments): must name at least one target: {', '.join(CLOUDS)} or host; "
        'host: {path: "firewall.nft"} needs no account'
    )
    assert read_deployment({}, HERE).targets == {}
    assert list(read_deployment({"host": {}}, HERE, needs_target=True).targets) == ["host"]


EVERYTHING: dict[str, Any] = {
    "tcp_prot": 7881,
    "port": 0,
    "tcp_port": 65536,
    "udp_port": "7882-7882",
    "port_range_start": 50000,
    "port_range_end": 40000,
    "turn": {"enabled": "yes", "udp_prot": 3478, "tls_port": 5349},
    "prometheus": {"prot": 1},
    "sip": {"rtp_port": "20000-10000", "tls": {"port": "5061"}},
    "ingress": {"rtmp_port": 70000, "rtc_config": {"port_range_start": 2000, "tcp_prot": 1}},
    "https": {"acme": 1},
    "clients": {"cidrs": []},
    "load_balancer": {"cidrs": ["10.0.0.1/24", "10.0.0.1", "x", 5], "passthru": True},
    "trunks": [{"name": "a", "signaling": ["198.51.100.0/33"]}, {"media": []}],
    "operators": {"cidrs": ["2001:db8::/32"], "ssh_port": -1},
    "cluster": {"services": ["postgres"]},
    "ipv6": False,
    "aws": {"vpc": "vpc-1", "egress": "yes"},
    "gcp": {"all_instances": "yes"},
    "digitalocean": "droplet",
    "azure": {"tags": ["a"]},
    "hetzner": {"private_load_balancer": "yes", "label_selector": "app=lk"},
    "host": {"apply": 1},
}


def test_one_error_has_all_problems_of_the_arguments(golden: Golden) -> None:
    golden("errors", "everything-at-once", refused(EVERYTHING, needs_target=True))


FILES = {
    "livekit.yaml": """\
port: 78800
rtc:
  port_range_start: 60000
  port_range_end: 50000
  udp_port: 7882-7880
turn:
  enabled: true
  tls_port: 443
  relay_range_start: 30000
keys:
  API: s3cr3t-canary
""",
    "sip.yaml": "sip_port: 5060\n\ttls: {}\n",
    "ingress.yaml": "rtmp_port: 1935\nrtc_config: [1, 2]\nrtmp_port: 1936\n",
    "egress.yaml": "- template_port: 7980\n",
}


def test_one_error_has_all_problems_of_the_files(golden: Golden, tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    given = {f"{name.partition('.')[0]}_config": name for name in FILES}
    given["clients"] = {"cidrs": ["0.0.0.0"]}  # type: ignore[assignment]
    message = refused(given, tmp_path)
    golden("errors", "files", message)
    assert "canary" not in message


def test_a_key_in_arguments_and_in_the_file_is_an_error_and_another_key_is_not(golden: Golden, tmp_path: Path) -> None:
    (tmp_path / "livekit.yaml").write_text("port: 7880\nrtc: {tcp_port: 7881}\nturn: {enabled: false}\n")
    (tmp_path / "sip.yaml").write_text("sip_port: 5060\n")
    twice = {
        "livekit_config": "livekit.yaml",
        "sip_config": "sip.yaml",
        "port": 7880,
        "tcp_port": 7890,
        "turn": {"enabled": True, "udp_port": 3478},
        "sip": {"sip_port": 5061},
    }
    golden("errors", "argument-and-file", refused(twice, tmp_path))
    beside = {"livekit_config": "livekit.yaml", "udp_port": 7882, "prometheus": {"port": 6789}}
    listeners = read_deployment(beside, tmp_path).listeners
    assert {(str(one.ports), one.key) for one in listeners} == {
        ("tcp/7880", "port"),
        ("tcp/7881", "rtc.tcp_port"),
        ("udp/7882", "udp_port"),
        ("tcp/6789", "prometheus.port"),
    }


def test_a_section_of_livekit_yaml_is_not_the_argument_of_that_name(tmp_path: Path) -> None:
    """`sip:` and `ingress:` of livekit.yaml configure addresses; no such service runs on this node because of them."""
    (tmp_path / "livekit.yaml").write_text("sip: {inbound_trunks: []}\ningress: {rtmp_base_url: rtmp://x:1935/y}\n")
    listeners = read_deployment({"livekit_config": "livekit.yaml"}, tmp_path).listeners
    assert {str(one.ports) for one in listeners} == {"tcp/7880", "udp/50000-60000", "tcp/7881"}


def test_paths_start_from_the_folder_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    (tmp_path / "livekit.yaml").write_text("port: 7000\n")
    for path in ("livekit.yaml", str(tmp_path / "livekit.yaml")):
        (api, *_) = read_deployment({"livekit_config": path}, tmp_path).listeners
        assert str(api.ports) == "tcp/7000"
        assert api.place == Place("port", path, 1, 1)


def test_numbers_that_arrive_as_floats_are_the_numbers() -> None:
    floats = {"tcp_port": 7890.0, "udp_port": 7882.0, "operators": {"cidrs": ["192.0.2.0/24"], "ssh_port": 2222.0}}
    whole = {"tcp_port": 7890, "udp_port": 7882, "operators": {"cidrs": ["192.0.2.0/24"], "ssh_port": 2222}}
    assert read_deployment(floats, HERE).rules == read_deployment(whole, HERE).rules


def test_the_form_in_which_a_stack_or_another_language_hands_arguments_over_means_the_same() -> None:
    plain = {"https": True, "udp_port": 7882, "sip": {}, "trunks": ["198.51.100.0/24"], "livekit_config": "1"}
    texts = {
        f"livekit-firewall:{key}": value if isinstance(value, str) else json.dumps(value)
        for key, value in plain.items()
    }
    texts |= {"aws:region": "eu-central-1", "livekit-firewall-other:port": "1"}
    assert arguments_from(texts) == plain
    assert arguments_from({"livekit-firewall:udp_port": "7882-7892"}) == {"udp_port": "7882-7892"}
    assert arguments_from({"livekit-firewall:udp_port": "[" * 200_000}) == {"udp_port": "[" * 200_000}


def test_absent_and_none_are_the_default() -> None:
    nothing = read_deployment({}, HERE)
    given = dict.fromkeys(["port", "turn", "sip", "https", "clients", "trunks", "aws", "cluster", "livekit_config"])
    assert read_deployment(given, HERE).rules == nothing.rules
    assert [str(rule.ports) for rule in nothing.rules] == ["udp/50000-60000", "tcp/7881"]


def test_findings_are_listed_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "livekit.yaml").write_text("zzz: 1\nport: 7880\nrtc:\n  aaa: 1\n  udp_port: 0\n")
    findings = read_deployment({"livekit_config": "livekit.yaml"}, tmp_path).findings
    assert [str(finding) for finding in findings] == [
        (
            "error: livekit.yaml:1:1: zzz: livekit-server 1.13.11 (by its source, not run here) "
            "does not know this key and refuses to start; "
            "correct its spelling, or remove it [unknown-key]"
        ),
        (
            "warning: livekit.yaml:2:1: port: API on tcp/7880 opens to the load balancer only, and none is named, "
            "so clients cannot reach it from another machine; name it in load_balancer (--load-balancer), "
            "or say that a TLS proxy runs on the node: https (--https) [no-load-balancer]"
        ),
        (
            "error: livekit.yaml:4:3: rtc.aaa: livekit-server 1.13.11 (by its source, not run here) "
            "does not know this key and refuses to start; "
            "correct its spelling, or remove it [unknown-key]"
        ),
        (
            "error: livekit.yaml:5:3: rtc.udp_port: livekit-server ignores 0 here, and takes the port range; "
            "write a port or a range such as 7882-7892, or remove the key [udp-port-ignored]"
        ),
    ]


CANARY = "s3cr3t-canary"
SECRETS: dict[str, Any] = {
    "keys": {"API": CANARY, CANARY + "-key": 5},
    "redis": {"password": CANARY, "address": CANARY, "sentinel_password": CANARY},
    "webhook": {"api_key": CANARY},
    "api_key": CANARY,
    "api_secret": CANARY,
    "rtc": {"turn_servers": [{"host": "a", "credential": CANARY, "username": CANARY}]},
    "prometheus": {"username": CANARY, "password": CANARY},
    "key_file": CANARY,
}


@pytest.mark.parametrize("service", ["livekit", "sip", "ingress", "egress"])
def test_no_secret_of_a_file_is_in_a_message(service: str, tmp_path: Path) -> None:
    wrong = {
        "livekit": {"port": 0},
        "sip": {"rtp_port": 5},
        "ingress": {"rtmp_port": "x"},
        "egress": {"health_port": -1},
    }
    for content in (SECRETS, {**SECRETS, **wrong[service]}):
        (tmp_path / "own.yaml").write_text(json.dumps(content))
        given = {f"{service}_config": "own.yaml"}
        try:
            message = [
                str(one) for one in read_deployment({"livekit": service == "livekit", **given}, tmp_path).findings
            ]
        except ConfigurationError as error:
            message = [str(error)]
        assert message
        assert CANARY not in "".join(message)


@pytest.mark.parametrize(
    "text",
    [
        f"keys: {{API: {CANARY}, API: {CANARY}}}\n",
        f"keys:\n  API: {CANARY}: {CANARY}\n",
        f"keys:\n\tAPI: {CANARY}\n",
        f"keys: [{CANARY}\n",
        f"keys: '{CANARY}\n",
        f"keys: {CANARY}\x00\n",
        f"keys: !!int {CANARY}\n",
        f"api_secret: !!float {CANARY}\n",
        f"- {CANARY}\n",
        f"{CANARY}\n",
    ],
)
def test_no_secret_of_a_broken_file_is_in_a_message(text: str, tmp_path: Path) -> None:
    (tmp_path / "livekit.yaml").write_text(text)
    assert CANARY not in refused({"livekit_config": "livekit.yaml"}, tmp_path)


def test_a_secret_among_the_arguments_is_not_shown() -> None:
    given = {"keys": {"API": CANARY}, "sip": {"api_secret": CANARY}, "redis": CANARY, "aws": {"secret_key": CANARY}}
    assert CANARY not in refused(given)


def test_errors_hold_their_problems_once_and_in_order() -> None:
    one, other = Problem(Place("a"), "1", "must be 2"), Problem(Place("b"), "", "must be there", "write it")
    error = ConfigurationError([one, other, one])
    assert error.problems == (one, other)
    assert str(error) == (
        "2 problems in the configuration, nothing was created:\n"
        "  - a: must be 2 (got 1)\n"
        "  - b: must be there; write it"
    )
    assert str(RenderError("gcp", [one])) == "1 problem for gcp, nothing was created:\n  - a: must be 2 (got 1)"
    assert isinstance(error, FirewallError)


def test_a_source_that_one_target_alone_can_match_uses_its_blocks_on_the_others() -> None:
    given = {
        "aws": {"vpc_id": "v", "load_balancer_security_group_ids": ["sg"]},
        "host": {},
        "load_balancer": {"cidrs": ["10.0.0.0/24"]},
        "cluster": {"same_group": True, "cidrs": ["192.0.2.0/29"]},
    }
    deployment = read_deployment(given, HERE)
    of_api = {
        name: [str(rule.peer) for rule in deployment.rules_for(target) if str(rule.service) == "api"]
        for name, target in deployment.targets.items()
    }
    assert of_api == {
        "aws": ["10.0.0.0/24", "192.0.2.0/29", "load-balancer", "same-group"],
        "host": ["10.0.0.0/24", "192.0.2.0/29"],
    }


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"aws": {"vpc_id": "v", "load_balancer_security_group_ids": ["sg"]}},
            (
                "load_balancer.cidrs: must name the load-balancer by address for host, which cannot name it otherwise; "
                "add load_balancer.cidrs"
            ),
        ),
        (
            {"cluster": {"same_group": True}},
            (
                "cluster.cidrs: must name the same-group by address for host, which cannot name it otherwise; "
                "add cluster.cidrs"
            ),
        ),
    ],
)
def test_a_target_that_cannot_name_a_source_says_which_argument_does(given: dict[str, Any], message: str) -> None:
    deployment = read_deployment({**given, "host": {}}, HERE)
    with pytest.raises(ConfigurationError) as caught:
        deployment.rules_for(deployment.targets["host"])
    assert [str(problem) for problem in caught.value.problems] == [message]


@pytest.mark.parametrize(
    "given",
    [
        {"plugnmeet": True, "sip": {}},
        {"plugnmeet": {"sip": False}, "sip": {}},
        {"plugnmeet": {"sip": True}},
    ],
)
def test_sip_that_the_arguments_name_is_in_use_beside_plugnmeet(given: dict[str, object]) -> None:
    deployment = read_deployment({**given, "trunks": ["198.51.100.0/24"]}, Path())
    services = {str(rule.service) for rule in deployment.rules.ingress if "198.51.100.0/24" in str(rule.peer)}
    assert services == {"sip", "sip-rtp"}

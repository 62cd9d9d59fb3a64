"""`lint`: every finding can be raised, and none is raised on a good file."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec.structs import replace

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.model.errors import INVALID, ConfigurationError, Finding, Report
from livekit_firewall.model.findings import remedy
from livekit_firewall.reports.lint import CATALOGUE, LintOptions, lint, lint_refused
from livekit_firewall.reports.lint.page import page
from livekit_firewall.settings.given import read_given
from livekit_firewall.settings.networks import Network
from livekit_firewall.settings.schemas import NAMES

from ..lint_examples import EXAMPLES, TURN, Example
from ..sources import nodes, parsed

ROOT = Path(__file__).resolve().parents[3]
SHAPES = Path(__file__).parents[1] / "configurations"
SEVERITIES = ("error", "warning", "note")
Golden = Callable[[str, str, Any], None]


def linted(example: Example, folder: Path) -> tuple[Finding, ...]:
    given = example.written(folder)
    env_files = ["variables.env"] if example.env is not None else []
    for file in env_files:
        (folder / file).write_text(f"{example.env}\n")
    report = Report()
    running = read_given(example.sets, env_files, {}, folder, report)
    networks = {service: Network(service) for service in NAMES} if example.is_docker else {}
    running = replace(running, networks=networks, findings=tuple(report.findings))
    given_server = (example.livekit, example.helm, example.compose)
    is_server = any(one is not None for one in given_server) or "plugnmeet" in example.given or running.is_known
    try:
        deployment = read_deployment({"livekit": is_server, **given, **example.given}, folder, running=running)
    except ConfigurationError as error:
        return lint_refused(error)
    return lint(deployment, example.options)


def grave(findings: Iterable[Finding]) -> list[str]:
    """Errors and warnings, as `severity file:line id`."""
    return [f"{one.severity} {one.place.file}:{one.place.line} {one.id}" for one in findings if one.severity != "note"]


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_each_finding_of_the_catalogue_is_raised_by_its_example(name: str, tmp_path: Path) -> None:
    raised = [finding for finding in linted(EXAMPLES[name], tmp_path) if finding.id == name]
    assert raised
    worst = SEVERITIES.index(CATALOGUE[name].severity)
    assert min(SEVERITIES.index(finding.severity) for finding in raised) == worst


def test_the_texts_of_all_findings(tmp_path: Path, golden: Golden) -> None:
    lines = []
    for name in CATALOGUE:
        lines += [str(finding) for finding in linted(EXAMPLES[name], tmp_path) if finding.id == name][:1]
        for file in tmp_path.iterdir():
            file.unlink()
    golden("lint", "findings", "\n".join(lines) + "\n")


def test_every_id_raised_anywhere_is_in_the_catalogue_and_none_besides() -> None:
    """The first text given to whatever makes a finding, and the id of a problem, in all of the package."""
    raised = {INVALID}
    for path in (ROOT / "components" / "livekit_firewall").rglob("*.py"):
        for node in nodes(parsed(path)):
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in ("problem", "Problem", "expects"):
                named = [one.value for one in node.keywords if one.arg == "id"]
                raised |= {one.value for one in named if isinstance(one, ast.Constant)}
            if node.args and isinstance(node.args[0], ast.Constant):
                makers = {"finding", "Finding", "_Unreachable", *(("found",) if path.parent.name == "lint" else ())}
                if called in makers:
                    raised.add(node.args[0].value)
    assert raised == set(CATALOGUE)
    assert list(EXAMPLES) == list(CATALOGUE)


def test_a_remedy_stands_once_in_the_catalogue() -> None:
    """It comes from there by the finding's id. One that is handed over is made of the facts, and no fixed text."""
    package, fixed = ROOT / "components" / "livekit_firewall", []
    for path in package.rglob("*.py"):
        for node in nodes(parsed(path)):
            if isinstance(node, ast.Call) and _makes_a_finding(node):
                given = [*node.args[4:5], *(one.value for one in node.keywords if one.arg == "fix")]
                fixed += [(path.name, ast.unparse(one)) for one in given if isinstance(one, ast.Constant)]
    assert fixed == []


def _makes_a_finding(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name in ("finding", "found")


def test_every_finding_says_what_to_do(tmp_path: Path) -> None:
    for name in ("newer-key", "binds-nothing"):
        (finding, *_) = [one for one in linted(EXAMPLES[name], tmp_path) if one.id == name]
        assert finding.fix == remedy(name)


def test_every_entry_says_what_happens_to_users_and_what_to_do() -> None:
    for entry in CATALOGUE.values():
        assert entry.severity in SEVERITIES
        assert entry.users.endswith(".")
        assert entry.fix.endswith(".")
        assert not entry.title.endswith(".")
        assert entry.source


def test_the_page_of_findings_is_written_from_the_catalogue() -> None:
    assert (ROOT / "docs" / "findings.md").read_text(encoding="utf-8") == page()


# signal_relay.enabled: livekit-server 1.5.2 was the last to know it
SIGNAL_RELAY_8, SIGNAL_RELAY_35 = (f"error livekit.yaml:{line} unknown-key" for line in (8, 35))


@pytest.mark.parametrize(
    ("shape", "given", "expected"),
    [
        (
            "generator",
            {"livekit_config": "livekit.yaml", "ingress_config": "ingress.yaml", "https": True},
            [SIGNAL_RELAY_35],
        ),
        ("generator", {"livekit": False, "egress_config": "egress.yaml"}, []),
        (
            "helm",
            {
                "livekit_config": "livekit.yaml",
                "ingress_config": "ingress.yaml",
                "load_balancer": {"cidrs": ["10.0.0.0/16"]},
            },
            [],
        ),
        # HAProxy's header is the installer's own fault
        ("plugnmeet", {"plugnmeet": "."}, [SIGNAL_RELAY_8, "warning livekit.yaml:11 haproxy-proxy-header"]),
        (
            "plugnmeet",
            {"plugnmeet": {"path": ".", "sip": True, "whip": True}, "trunks": ["198.51.100.0/24"]},
            [
                "warning ingress.yaml:None private-media-address",
                SIGNAL_RELAY_8,
                "warning livekit.yaml:11 haproxy-proxy-header",
                "warning sip.yaml:None private-media-address",
                "warning sip.yaml:6 unknown-key",  # log_level, which no release of SIP has
            ],
        ),
    ],
)
def test_lint_is_quiet_on_what_people_run_unless_something_is_wrong(
    shape: str, given: dict[str, Any], expected: list[str]
) -> None:
    findings = lint(read_deployment(given, SHAPES / shape), LintOptions(kubernetes=shape == "helm", participants=500))
    assert grave(findings) == expected


def test_lint_finds_no_certificate_in_a_file_whose_tls_nothing_ends() -> None:
    given = {
        "livekit_config": "livekit.yaml",
        "sip_config": "sip.yaml",
        "load_balancer": {"cidrs": ["10.0.0.0/24"]},
        "trunks": ["198.51.100.0/28"],
    }
    found = grave(lint(read_deployment(given, SHAPES / "distributed")))
    assert set(found) <= {"error livekit.yaml:14 turn-no-certificate"}


@pytest.mark.parametrize(
    "text",
    [
        # config-sample.yaml of livekit-server, what is not commented out
        (
            "port: 7880\nredis: {address: redis.host:6379}\n"
            "rtc: {port_range_start: 50000, port_range_end: 60000, tcp_port: 7881, use_external_ip: true}\n"
            "keys: {key1: canary1, key2: canary2}\n"
        ),
        (
            "port: 7880\nrtc: {udp_port: 7882-7885, tcp_port: 7881, use_external_ip: true}\n"
            "turn: {enabled: true, domain: turn.example.com, tls_port: 5349, udp_port: 443, external_tls: true}\n"
            "webhook: {urls: ['https://example.com'], api_key: key1}\n"
            "prometheus: {port: 6789, username: a, password: b}\n"
            "keys: {key1: canary1}\n"
        ),
        "rtc: {node_ip: '203.0.113.5,2001:db8::5'}\nkeys: {key1: canary1}\n",
    ],
)
def test_lint_is_quiet_on_typical_files_behind_a_proxy(text: str, tmp_path: Path) -> None:
    example = Example(text, given={"https": True}, options=LintOptions(participants=5000, cpus=4))
    assert grave(linted(example, tmp_path)) == []


def test_arguments_are_not_blamed_for_keys_that_they_cannot_hold(tmp_path: Path) -> None:
    example = Example(given={"livekit": True, "https": True, "aws": {"vpc_id": "vpc-1"}})
    deployment = read_deployment(example.given, tmp_path)
    assert lint(deployment) == ()


def test_the_same_place_is_not_reported_twice(tmp_path: Path) -> None:
    for example in EXAMPLES.values():
        places = [(finding.id, finding.place, finding.text) for finding in linted(example, tmp_path)]
        assert len(places) == len(set(places))


@pytest.mark.parametrize(("participants", "is_enough"), [(500, True), (501, False)])
def test_each_participant_takes_two_ports(participants: int, is_enough: bool, tmp_path: Path) -> None:
    example = Example("rtc: {port_range_start: 50000, port_range_end: 50999}", options=LintOptions(participants))
    assert ("range-too-small" not in {one.id for one in linted(example, tmp_path)}) is is_enough


def test_a_mux_has_room_for_all(tmp_path: Path) -> None:
    example = Example("rtc: {udp_port: 7882}", is_docker=True, options=LintOptions(participants=100_000, max_ports=10))
    assert {one.id for one in linted(example, tmp_path)} == {
        "no-load-balancer",
        "no-way-on-443",
        "private-address-announced",
    }


ODD = (None, 5, -1, 1.5, True, "text", "", [], ["x", 5, None], {}, {"a": "b"}, {5: None}, "2001:db8::5", "a,b,c")
RAW = (
    "webhook.urls",
    "webhook.api_key",
    "keys",
    "prometheus.username",
    "rtc.node_ip",
    "turn.deny_peer_cidrs",
    "turn.allow_restricted_peer_cidrs",
    "turn.proxy_protocol",
    "turn.cert_file",
)


@pytest.mark.parametrize("key", RAW)
def test_no_value_of_a_key_that_is_read_unchecked_breaks_a_check(key: str, tmp_path: Path) -> None:
    for value in ODD:
        section, _, last = key.partition(".")
        file: dict[str, Any] = {
            "rtc": {"use_external_ip": True},
            "turn": {"enabled": True, "domain": "turn.example.com", "tls_port": 443, "udp_port": 3478},
            "webhook": {"urls": ["https://example.com"], "api_key": "name"},
            "keys": {"name": "canary"},
            "prometheus": {"port": 6789},
        }
        file[section] = {**file[section], last: value} if last else value
        assert linted(Example(yaml.safe_dump(file), sip="redis: 5", ingress="rtc_config: {}"), tmp_path)
        refused = {**file, "debug_handler": {"port": 70000}}
        refused_sip = "redis: 5\nrtp_port: 15000"
        assert linted(Example(yaml.safe_dump(refused), sip=refused_sip, ingress="rtmp_port: 70000"), tmp_path)


@pytest.mark.parametrize("name", ["prometheus-half-credentials", "webhook-no-key"])
def test_a_finding_about_credentials_does_not_show_them(name: str, tmp_path: Path) -> None:
    assert "canary" not in " ".join(str(finding) for finding in linted(EXAMPLES[name], tmp_path))


def test_a_file_that_the_server_refuses_shows_its_other_findings_too(tmp_path: Path) -> None:
    text = (
        "rtc: {udp_port: 7882, port_range_start: 50000, port_range_end: 60000}\nturn: {enabled: true, tls_port: 443}\n"
    )
    (tmp_path / "livekit.yaml").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        read_deployment({"livekit_config": "livekit.yaml"}, tmp_path)
    assert [finding.id for finding in lint_refused(caught.value)] == [
        "both-ice-modes",
        "turn-no-certificate",
        "turn-no-domain",
    ]


def test_sip_and_ingress_are_told_what_keeps_them_from_starting_beside_what_they_refuse(tmp_path: Path) -> None:
    example = Example(sip="rtp_port: 15000", ingress="rtc_config: {udp_port: 7892-7882}")
    assert {one.id for one in linted(example, tmp_path)} >= {"sip-no-redis", "ingress-no-redis"}


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "::1"])
def test_an_address_that_only_this_machine_reaches_is_a_warning(address: str, tmp_path: Path) -> None:
    found = linted(Example(f"rtc: {{node_ip: '{address}'}}"), tmp_path)
    assert [one.severity for one in found if one.id == "private-address-announced"] == ["warning"]


ANNOUNCED = "private-address-announced"
PREFIX_LISTS = {"clients": {"offices": {"id": "pl-0123456789abcdef0", "max_entries": 5}}}
NAMED_BLOCKS = {"cidrs": ["10.0.0.0/8", "192.168.5.0/24", "fd00::/8"]}


@pytest.mark.parametrize(
    ("node_ip", "clients", "said"),
    [
        ("10.0.0.12", None, "clients are told 10.0.0.12, which is private, and clients lets in the whole internet"),
        ("100.64.3.4", None, "clients are told 100.64.3.4, which is private, and clients lets in the whole internet"),
        ("fd00::5", None, "clients are told fd00::5, which is private, and clients lets in the whole internet"),
        ("10.0.0.12,2001:db8::5", None, "clients are told 10.0.0.12, which is private, and clients lets in the whole"),
        ("10.0.0.12", ["10.0.0.0/8", "203.0.113.0/24"], "which is private, and clients.cidrs lets in 203.0.113.0/24"),
        ("10.0.0.12", ["10.0.0.0/7"], "which is private, and clients.cidrs lets in 10.0.0.0/7"),
    ],
)
def test_a_private_address_for_clients_outside_is_a_warning(
    node_ip: str, clients: list[str] | None, said: str, tmp_path: Path
) -> None:
    given = {"clients": {"cidrs": clients}} if clients else {}
    found = linted(Example(f"rtc:\n  node_ip: '{node_ip}'", given=given), tmp_path)
    (one,) = [one for one in found if one.id == ANNOUNCED]
    assert (one.severity, one.place.path, one.place.line) == ("warning", "rtc.node_ip", 2)
    assert said in one.text
    assert "clients.cidrs" in one.fix


@pytest.mark.parametrize(
    ("livekit", "given"),
    [
        ("rtc: {node_ip: 10.0.0.12}", {"clients": NAMED_BLOCKS}),
        ("rtc: {node_ip: 10.0.0.12}", {"clients": NAMED_BLOCKS, "aws": {"vpc_id": "vpc-1"}}),
        ("rtc: {node_ip: 10.0.0.12}", {"clients": {"cidrs": ["fd00::/8", "2001:db8::/32"]}}),
        ("rtc: {node_ip: 10.0.0.12, use_external_ip: true}", {}),
        ("rtc: {node_ip: 203.0.113.5}", {}),
        ("rtc: {node_ip: 'fd00::5'}", {"ipv6": False}),
        ("port: 7880", {"clients": NAMED_BLOCKS, "aws": {"vpc_id": "vpc-1"}}),
        ("port: 7880", {"clients": NAMED_BLOCKS}),
    ],
)
def test_no_address_is_wrong_that_all_clients_reach(livekit: str, given: dict[str, Any], tmp_path: Path) -> None:
    """STUN overwrites a `node_ip`; in a network of their own clients reach a private one."""
    assert [one.text for one in linted(Example(livekit, given=given), tmp_path) if one.id == ANNOUNCED] == []


@pytest.mark.parametrize(
    ("livekit", "given"),
    [
        ("rtc: {node_ip: '203.0.113.5,fd00::5'}", {}),  # IPv4 gets everybody in
        ("rtc: {node_ip: 10.0.0.12}\n" + TURN + "tls_port: 443, cert_file: a, key_file: b, "
         "allow_restricted_peer_cidrs: [10.0.0.0/8]}", {}),
        ("rtc: {node_ip: 10.0.0.12, turn_servers: [{host: turn.example.com, port: 443, secret: x}]}", {}),
        ("rtc: {node_ip: 10.0.0.12}", {"aws": {"vpc_id": "vpc-1", "prefix_lists": PREFIX_LISTS}}),
    ],
)  # fmt: skip
def test_a_private_address_that_may_be_right_is_a_note(livekit: str, given: dict[str, Any], tmp_path: Path) -> None:
    found = linted(Example(livekit, given=given), tmp_path)
    assert [one.severity for one in found if one.id == ANNOUNCED] == ["note"]


LOOPBACK = 'bind_addresses: ["127.0.0.1"]'


@pytest.mark.parametrize(
    ("livekit", "given", "found"),
    [
        (LOOPBACK, {}, ["warning no-load-balancer bind_addresses"]),
        (LOOPBACK, {"load_balancer": {"cidrs": ["10.0.0.0/24"]}}, ["warning no-common-family bind_addresses"]),
        (LOOPBACK, {"https": True}, []),
        (LOOPBACK, {"plugnmeet": True, "livekit": True}, []),
        ('bind_addresses: ["127.0.0.1", "10.0.0.5"]', {"load_balancer": {"cidrs": ["10.0.0.0/24"]}}, []),
        ("development: true", {}, []),
    ],
)
def test_an_api_that_nobody_hands_on_is_a_warning(
    livekit: str, given: dict[str, Any], found: list[str], tmp_path: Path
) -> None:
    told = linted(Example(livekit, given=given), tmp_path)
    ids = ("no-load-balancer", "no-common-family")
    assert [f"{one.severity} {one.id} {one.place.path}" for one in told if one.id in ids] == found


def test_of_a_container_or_a_proxy_in_the_compose_file_other_findings_tell(tmp_path: Path) -> None:
    bridged = linted(Example(LOOPBACK, is_docker=True), tmp_path)
    assert [one.id for one in bridged if one.id == "no-load-balancer"] == []
    compose = (
        "services:\n  livekit: {image: livekit/livekit-server, network_mode: host}\n"
        "  caddy: {image: caddy, network_mode: host}"
    )
    told = linted(Example(LOOPBACK, compose=compose), tmp_path)
    assert [one.id for one in told if one.id in ("no-load-balancer", "compose-proxy")] == ["compose-proxy"]

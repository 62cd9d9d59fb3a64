"""Cases in which we once read a configuration otherwise than livekit-server does.

They run on machines that cannot start the server; tests/e2e/livekit_server checks the same against the server itself.
"""

from pathlib import Path

import pytest

from livekit_firewall.deployment.derive import Deployment, read_deployment
from livekit_firewall.inputs.numbers import go_number
from livekit_firewall.model.errors import ConfigurationError
from livekit_firewall.model.services import Service


def read(tmp_path: Path, text: str) -> Deployment:
    (tmp_path / "livekit.yaml").write_text(text, encoding="utf-8")
    return read_deployment({"livekit_config": "livekit.yaml"}, tmp_path)


def families(deployment: Deployment, service: Service) -> set[str] | None:
    """The families in which a service listens, None if it does not listen at all."""
    found = [one.families for one in deployment.listeners if one.service is service]
    return {str(family) for family in frozenset().union(*found)} if found else None


REFUSED = {
    "bind_addresses: [0.0.0.0, 192.0.2.1]": (
        "bind_addresses: must not hold a wildcard beside other addresses (got '0.0.0.0'); "
        "a wildcard takes the port of every other address; keep it or the others"
    ),
    'bind_addresses: ["2001:db8::1", ""]': (
        "bind_addresses: must not hold a wildcard beside other addresses (got ''); "
        "a wildcard takes the port of every other address; keep it or the others"
    ),
    "bind_addresses: [localhost, 127.0.0.1]": (
        "bind_addresses: must not hold an address twice (got 'localhost'); the second cannot be bound"
    ),
    'bind_addresses: ["2001:db8::1", "2001:db8:0::1"]': (
        "bind_addresses: must not hold an address twice (got '2001:db8::1'); the second cannot be bound"
    ),
    'bind_addresses: ["[::1]"]': (
        "bind_addresses: must hold addresses without brackets (got '[::1]'); remove the brackets"
    ),
    **{
        f'bind_addresses: ["{text}"]': (
            f"bind_addresses: must hold addresses or names of hosts (got '{text}'); "
            "write each address as an entry of its own, without a port, a length, a scheme or typographic quotes"
        )
        for text in ("192.0.2.1,2001:db8::1", "192.0.2.1:7880", "192.0.2.0/24", "017", "127.0.0.01", "*", " 127.0.0.1")
    },
    "development: true\nbind_addresses: [sfu.example.com, 192.0.2.1]": (
        "bind_addresses: must hold addresses only in development (got 'sfu.example.com'); "
        "without keys livekit-server takes it for an address; set keys, or write an address"
    ),
    "rtc: {node_ip: sfu.example.com}": (
        'rtc.node_ip: must be an address, or one of each family such as "203.0.113.1,2001:db8::1" '
        "(got 'sfu.example.com'); livekit-server does not start with it"
    ),
    "rtc: {node_ip: 'fe80::1%eth0'}": (
        'rtc.node_ip: must be an address, or one of each family such as "203.0.113.1,2001:db8::1" '
        "(got 'fe80::1%eth0'); livekit-server does not start with it"
    ),
    "rtc: {node_ip: '192.0.2.1, ::ffff:192.0.2.2'}": (
        "rtc.node_ip: must hold one address of each family at most (got '192.0.2.1, ::ffff:192.0.2.2'); "
        "keep the one to be announced"
    ),
    "rtc: {ips: {excludes: [10.0.0.0/8, 192.0.2.1]}}": (
        "rtc.ips.excludes: must hold blocks such as 203.0.113.0/24 (got '192.0.2.1'); "
        "write the length too: 203.0.113.1/32"
    ),
    "rtc: {udp_port: 7882.0}": "rtc.udp_port: must be a port or a range such as 7882-7892 (got 7882.0)",
    "rtc: {udp_port: 788e1}": "rtc.udp_port: must be a port or a range such as 7882-7892 (got 7880.0)",
    "rtc: {use_external_ip: true, port_range_start: 50000, port_range_end: 50000}": (
        "rtc.port_range_end: must be > rtc.port_range_start (got 50000 = 50000); "
        "livekit-server falls over a range of one port while use_external_ip is true"
    ),
    "turn: {enabled: true, udp_port: 3478, bind_addresses: []}": (
        "turn.bind_addresses: must hold an address (got []); remove it for 0.0.0.0, which listens in both families"
    ),
    "turn: {enabled: true, tls_port: 443, domain: localhost, cert_file: a, key_file: b}": (
        "turn.domain: must be a domain name such as turn.example.com (got 'localhost')"
    ),
    "port: 2:11:20": "port: must be an integer from 1 to 65535 (got '2:11:20')",
    "room: [auto_create]": (
        "room: must be a mapping of keys to values (got a list); livekit-server does not start with anything else there"
    ),
    "keys: devkey": (
        "keys: must be a mapping of keys to values (got a value that is not shown); "
        "livekit-server does not start with anything else there"
    ),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_the_server_refuses_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, text)
    (problem,) = caught.value.problems
    place, _, message = str(problem).partition(": ")
    assert place.startswith("livekit.yaml:")
    assert message == REFUSED[text]


TURN = "turn: {enabled: true, domain: turn.example.com"
FLAGGED = {
    f"{TURN}, udp_port: 3478, bind_addresses: ['::']}}": (
        "'::' needs an IPv6 address in rtc.node_ip to relay from; without it livekit-server does not start"
    ),
    f"rtc: {{node_ip: '2001:db8::1'}}\n{TURN}, udp_port: 3478}}": (
        "'0.0.0.0' needs an IPv4 address in rtc.node_ip to relay from; without it livekit-server does not start"
    ),
    f"{TURN}, udp_port: 3478, bind_addresses: [localhost]}}": (
        "'localhost' needs an IPv6 address in rtc.node_ip to relay from; without it livekit-server does not start"
    ),
    "bind_addresses: []": (
        "an empty list: livekit-server starts, and its API, metrics and debugging listen nowhere"
    ),
    "rtc: {port_range_end: 50200}\ndevelopment: true": (
        "without rtc.port_range_start livekit-server ignores it, and uses 7882"
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", FLAGGED)
def test_what_the_server_refuses_on_some_machines_is_an_error_finding(text: str, tmp_path: Path) -> None:
    assert [one.text for one in read(tmp_path, text).findings if one.severity == "error"] == [FLAGGED[text]]


@pytest.mark.parametrize(
    ("more", "is_reported"),
    [
        ("", True),
        (", cert_file: turn.pem", True),
        (", cert_file: turn.pem, key_file: turn.key", False),
        (", external_tls: true", False),
        (", secretName: turn", False),
    ],
)
def test_tls_without_a_certificate_is_reported(more: str, is_reported: bool, tmp_path: Path) -> None:
    findings = read(tmp_path, f"{TURN}, tls_port: 443{more}}}").findings
    assert ("turn-no-certificate" in {finding.id for finding in findings}) == is_reported


SEVERAL = "rtc: {node_ip: '192.0.2.1,2001:db8::1'}"


@pytest.mark.parametrize(
    "text",
    [
        f"{SEVERAL}\n{TURN}, udp_port: 3478, bind_addresses: ['::']}}",
        f"{TURN}, udp_port: 3478, bind_addresses: [192.0.2.1]}}",
        f"rtc: {{node_ip: '2001:db8::1', use_external_ip: true}}\n{TURN}, udp_port: 3478}}",
        "bind_addresses: [192.0.2.1, 127.0.0.1, '::1']",
        "rtc: {node_ip: ''}",
        "rtc: {ips: {includes: [192.0.2.1/24]}}",
        "keys:\nroom:\nlimit: {}",
        "rtc: {use_external_ip: true, port_range_start: 50000, port_range_end: 50001}",
    ],
)
def test_what_the_server_starts_with_is_no_error(text: str, tmp_path: Path) -> None:
    assert [one for one in read(tmp_path, text).findings if one.severity == "error"] == []


BOTH = {"ipv4", "ipv6"}


@pytest.mark.parametrize(
    ("text", "api", "media"),
    [
        ("keys: {}\ndevelopment: true", set(), BOTH),
        ("key_file: keys.yaml\ndevelopment: true", set(), BOTH),
        ("keys: {a: b}\ndevelopment: true", BOTH, BOTH),
        ("development: true\nbind_addresses: [192.0.2.1]", {"ipv4"}, {"ipv4"}),
        ("development: true\nbind_addresses: ['2001:db8::1']", {"ipv6"}, {"ipv6"}),
        ("development: true\nbind_addresses: [127.0.0.1]", set(), BOTH),
        ("development: true\nbind_addresses: [0.0.0.0]", BOTH, BOTH),
        ("keys: {a: b}\ndevelopment: true\nbind_addresses: [192.0.2.1]", {"ipv4"}, BOTH),
        ("rtc: {ips: {excludes: ['::/0', 10.0.0.0/8]}}", BOTH, {"ipv4"}),
        ("rtc: {ips: {excludes: [0.0.0.0/0]}}", BOTH, {"ipv6"}),
        ("rtc: {ips: {includes: [10.0.0.0/8], excludes: [0.0.0.0/0]}}", BOTH, {"ipv4"}),
        ("bind_addresses: []", None, BOTH),
    ],
)
def test_it_listens_in_the_families_of_the_server(
    text: str, api: set[str] | None, media: set[str], tmp_path: Path
) -> None:
    deployment = read(tmp_path, text)
    assert families(deployment, Service.API) == api
    assert families(deployment, Service.ICE_UDP) == media


def test_without_an_address_metrics_and_debugging_listen_nowhere_either(tmp_path: Path) -> None:
    text = "bind_addresses: []\nprometheus: {port: 6789}\ndebug_handler: {port: 6060}"
    assert {one.service for one in read(tmp_path, text).listeners} == {Service.ICE_TCP, Service.ICE_UDP}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("8880", 8880),
        ("8_880", 8880),
        ("+8880", 8880),
        ("-1", -1),
        ("0", 0),
        ("021260", 8880),
        ("0o21260", 8880),
        ("0x22B0", 8880),
        ("0b1010", 10),
        ("08880", 8880.0),
        ("888e1", 8880.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("2:28:00", None),
        ("1:2.5", None),
        ("0x_", None),
        ("_1", None),
        ("1-2", None),
        (".", None),
        ("e5", None),
        ("", None),
        ("1" * 41, None),
    ],
)
def test_a_scalar_is_the_number_that_it_is_to_go(text: str, number: float | None) -> None:
    assert go_number(text) == number


@pytest.mark.parametrize("written", ["y", "Yes", "ON", '"yes"', "true"])
def test_a_switch_is_on_as_go_has_it(written: str, tmp_path: Path) -> None:
    configured = read(tmp_path, f"development: {written}").settings.server
    assert configured is not None
    assert configured.own.development is True


@pytest.mark.parametrize("written", ["yEs", '"true"', "1"])
def test_what_is_no_switch_to_go_is_refused(written: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="must be true or false"):
        read(tmp_path, f"development: {written}")


def test_a_text_is_no_switch_among_arguments(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="must be true or false"):
        read_deployment({"turn": {"enabled": "yes"}}, tmp_path)

"""Files checked against keys and types of the running release; tests/e2e/livekit_server checks the same servers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from livekit_firewall.deployment.derive import Deployment, read_deployment
from livekit_firewall.deployment.outbound import reach_out
from livekit_firewall.inputs.record_types import alternatives, fields_of, is_record
from livekit_firewall.model.errors import ConfigurationError, Finding
from livekit_firewall.reports.lint import LintOptions, lint, lint_refused
from livekit_firewall.settings.go_types import fits, phrase
from livekit_firewall.settings.ingress import Egress, Ingress
from livekit_firewall.settings.schemas import schema_of
from livekit_firewall.settings.server import Server
from livekit_firewall.settings.sip import Sip

KEYS = '\nkeys: {app: "abcdefghijabcdefghijabcdefghijabcdef"}\n'
KNOWN_NOT = "livekit-server 1.13.11 (by its source, not run here) does not know this key and refuses to start"


def deployment(folder: Path, service: str, text: str, **given: Any) -> Deployment:
    (folder / f"{service}.yaml").write_text(text, encoding="utf-8")
    arguments = {"livekit": service == "livekit", f"{service}_config": f"{service}.yaml", "https": True, **given}
    return read_deployment(arguments, folder)


def findings(folder: Path, service: str, text: str, **given: Any) -> tuple[Finding, ...]:
    try:
        return lint(deployment(folder, service, text, **given))
    except ConfigurationError as error:
        return lint_refused(error)


def grave(folder: Path, service: str, text: str, **given: Any) -> list[str]:
    """The errors and warnings, each as `severity line key id`."""
    reported = findings(folder, service, text, **given)
    return [f"{one.severity} {one.place.line} {one.place.path} {one.id}" for one in reported if one.severity != "note"]


REFUSED = {
    "a key of the last level": (
        "port: 7880\nroom: {max_video_publishers: 10}\nvideo: {dynacast: true}",
        ["error 2 room.max_video_publishers unknown-key", "error 3 video.dynacast unknown-key"],
    ),
    "a key of older releases": (
        "port: 7880\nsignal_relay: {enabled: true}",
        ["error 2 signal_relay.enabled unknown-key"],
    ),
    "a key that older servers had": (
        "port: 7880\nenvironment: production",
        ["error 2 environment unknown-key"],
    ),
    "types at every depth": (
        (
            "port: 7880\nrtc:\n  udp_port: 7882\n  interfaces: {includes: eth0}\n  stun_servers: stun.example:3478\n"
            "room: {empty_timeout: 60s}\nlogging: {format: json}"
        ),
        [
            "error 4 rtc.interfaces.includes invalid-value",
            "error 5 rtc.stun_servers invalid-value",
            "error 6 room.empty_timeout invalid-value",
            "error 7 logging.format unknown-key",
        ],
    ),
    "a text for a list, of which nothing else is said": (
        'port: 7880\nbind_addresses: "203.0.113.9"\nrtc:\n  ips: {includes: "203.0.113.9/32"}',
        ["error 2 bind_addresses bind-addresses-invalid", "error 4 rtc.ips.includes invalid-value"],
    ),
    "a number for a duration": (
        "room: {create_room_timeout: 10}\nrtc: {pli_throttle: {low_quality: 500}}",
        ["error 1 room.create_room_timeout invalid-value", "error 2 rtc.pli_throttle.low_quality invalid-value"],
    ),
    "what is too large for its type": ("audio: {active_level: 256}", ["error 1 audio.active_level invalid-value"]),
    "a quoted switch": ('room: {auto_create: "true"}', ["error 1 room.auto_create invalid-value"]),
    "a key within a list": (
        "rtc: {turn_servers: [{host: a, port: 443, secret: b, user: c}]}",
        ["error 1 rtc.turn_servers[0].user unknown-key"],
    ),
    "a type within a list": (
        "rtc: {turn_servers: [{host: a, port: https, secret: b}]}",
        ["error 1 rtc.turn_servers[0].port invalid-value"],
    ),
    "a quoted number as the key of a mapping": (
        'video: {stream_tracker_manager: {video: {bitrate_report_interval: {"0": 1s}}}}',
        ["error 1 video.stream_tracker_manager.video.bitrate_report_interval invalid-value"],
    ),
    "a key of a protobuf message": (
        "room: {room_configurations: {lobby: {emptyTimeout: 5, max_participants: '7', nothing: 1}}}",
        ["error 1 room.room_configurations.lobby.nothing unknown-key"],
    ),
    "another switch than protobuf's": (
        "room: {room_configurations: {lobby: {sync_streams: on}}, sync_streams: on}",
        ["error 1 room.room_configurations.lobby.sync_streams invalid-value"],
    ),
    "a key of a section that has none": ("sip: {enabled: true}", ["error 1 sip.enabled unknown-key"]),
    "a secret that is a list": ("keys: {app: [a]}", ["error 1 keys invalid-value"]),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_livekit_server_refuses_at_whatever_depth_is_an_error(case: str, tmp_path: Path) -> None:
    text, expected = REFUSED[case]
    assert grave(tmp_path, "livekit", text + ("" if "keys:" in text else KEYS)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "room: {empty_timeout: 5.0, auto_create: 'yes', room_configurations: {a: {sync_streams: true}}}",
        "rtc: {packet_buffer_size: 0x1F4, stun_servers: ['stun.example.org:3478'], congestion_control: {enabled: On}}",
        "video: {stream_tracker_manager: {video: {bitrate_report_interval: {0: 1s}, frame_tracker: {1: {}}}}}",
        "redis: {tls: ~, address: ~, sentinel_addresses: ~}\nnode_selector: {kind: any, sort_by: 5}",
        "logging: {component_levels: {a: b}}\nroom: ~\nlimit: {subscribe_pace_shadow_rates: [0.5, 1]}",
        "sip: {}\nroom: {room_configurations: {a: {egress: {room: {layout: grid}}}}}",
        "metric: {timestamper_config: {one_way_delay_estimator_min_interval: 1h2m3.5s}}",
    ],
)
def test_what_livekit_server_takes_is_no_error(text: str, tmp_path: Path) -> None:
    assert grave(tmp_path, "livekit", text + KEYS) == []


def test_a_finding_names_the_version_and_the_releases_that_have_the_key(tmp_path: Path) -> None:
    def texts(text: str, version: str | None) -> list[str]:
        reported = findings(tmp_path, "livekit", text + KEYS, versions={"livekit": version})
        return [f"{one.text}; {one.fix}" for one in reported if one.id == "unknown-key"]

    old = "signal_relay: {enabled: true}"
    gone = f"{KNOWN_NOT}; removed in 1.5.3; remove it, or give --server-version if another version runs"
    assert texts(old, None) == [gone]
    assert texts(old, "v1.5.2") == []
    message = "livekit-server 1.9.11 does not know this key and refuses to start"
    assert texts("turn: {bind_addresses: [10.0.0.1]}", "1.9.11") == [f"{message}; known since 1.10.1; remove it"]
    assert texts("room: {maxparticipants: 5}", "1.9.11") == [
        f"{message}; did you mean max_participants? correct its spelling, or remove it"
    ]


def test_without_a_version_a_key_that_only_the_newest_know_is_a_note(tmp_path: Path) -> None:
    text = "turn: {proxy_protocol: true}\nrtc: {flexfec: {upstream_enabled: true}}" + KEYS
    reported = [str(one) for one in findings(tmp_path, "livekit", text) if one.id == "newer-key"]
    assert [one.split(": ")[2] + " " + one.split(" needs ")[1].split(" or ")[0] for one in reported] == [
        "turn.proxy_protocol livekit-server 1.13.7",
        "rtc.flexfec livekit-server 1.13.11",
    ]
    assert [one.id for one in findings(tmp_path, "livekit", text, versions={"livekit": "1.13.11"})].count(
        "newer-key"
    ) == 0


def test_in_kubernetes_an_unknown_key_passes_unless_protobuf_reads_it(tmp_path: Path) -> None:
    made = deployment(tmp_path, "livekit", "nothing: 1\nroom: {room_configurations: {a: {nothing: 1}}}" + KEYS)
    reported = [one for one in lint(made, LintOptions(kubernetes=True)) if one.id == "unknown-key"]
    assert [(one.severity, one.place.line) for one in reported] == [("note", 1), ("error", 2)]


IGNORED = {
    "sip": ("redis: {address: localhost}\nlog_level: debug\nsip_prot: 1", ["logging.level", "sip_port"]),
    "ingress": (
        "redis: {address: localhost}\nlog_level: debug\nrtc_config: {udp_prot: 1}",
        ["logging.level", "udp_port"],
    ),
    "egress": (
        "log_level: debug\ns3: {bucket: a}\nbackup_storage: /a\nhealth_prot: 1\nstorage: {s3: {bukket: a}}",
        ["logging.level", "storage.s3", "backup", "health_port", "bucket"],
    ),
}


@pytest.mark.parametrize("service", IGNORED)
def test_a_key_that_a_service_ignores_is_a_warning_with_a_similar_one(service: str, tmp_path: Path) -> None:
    text, near = IGNORED[service]
    reported = [one for one in findings(tmp_path, service, text) if one.id == "unknown-key"]
    assert [one.severity for one in reported] == ["warning"] * len(near)
    assert [one.fix.partition("?")[0].removeprefix("did you mean ") for one in reported] == near


@pytest.mark.parametrize(
    ("service", "text"),
    [
        (
            "egress",
            (
                "redis: {address: '127.0.0.1:6379'}\nstorage: {s3: {bucket: a}}\nbackup: {s3: {bucket: b}}\n"
                "enable_sync_engine: true\nio_workers: 4\naudio_tempo_controller: {enabled: true}"
            ),
        ),
        ("ingress", "redis: {address: '127.0.0.1:6379'}\nenable_stream_latency_reduction: true"),
        ("sip", "redis: {address: '127.0.0.1:6379'}\nmax_active_calls: 5\ntcp: {dial_port: 5000-5010}"),
    ],
)
def test_keys_that_a_service_has_are_known(service: str, text: str, tmp_path: Path) -> None:
    assert [one for one in findings(tmp_path, service, text) if one.id == "unknown-key"] == []


def test_a_key_that_a_release_does_not_have_decides_nothing(tmp_path: Path) -> None:
    def ports(service: str, text: str, version: str) -> list[str]:
        made = deployment(tmp_path, service, text, versions={service: version}, https=False)
        return [str(one.ports) for one in made.listeners]

    tls = "redis: {address: redis.example.org}\ntls: {certs: [{cert_file: a}]}\nsip_port_listen: 5070"
    assert ports("sip", tls, "0.7.0") == ["tcp/5060", "udp/5060", "udp/10000-20000"]
    assert ports("sip", tls, "0.9.0") == ["tcp/5070", "udp/5070", "tcp/5061", "udp/10000-20000"]
    debug = "debug_handler: {port: 6060}" + KEYS
    assert "tcp/6060" not in ports("livekit", debug, "1.13.1")
    assert "tcp/6060" in ports("livekit", debug, "1.13.2")


def test_turn_listens_in_ipv4_alone_before_turn_bind_addresses(tmp_path: Path) -> None:
    text = "turn: {enabled: true, udp_port: 3478}" + KEYS
    for version, count in (("1.10.0", 1), ("1.10.1", 2)):
        made = deployment(tmp_path, "livekit", text, versions={"livekit": version})
        assert [len(one.families) for one in made.listeners if str(one.ports) == "udp/3478"] == [count]


@pytest.mark.parametrize(
    ("versions", "message"),
    [
        (
            {"livekit": "1.9.5"},
            (
                "versions.livekit: must be a release of livekit-server that is known: 1.9.4 or 1.9.6 (got '1.9.5'); "
                "write the nearest one; the newest is 1.13.11"
            ),
        ),
        (
            {"livekit": "latest"},
            (
                "versions.livekit: must be a release of livekit-server that is known: 1.13.11 (got 'latest'); "
                "write the nearest one"
            ),
        ),
        ({"livekt": "1.9.4"}, "versions.livekt: unknown key; did you mean livekit?"),
        ({"livekit": 1.9}, "versions.livekit: must be a text that is not empty (got 1.9)"),
    ],
)
def test_an_unknown_version_is_a_problem(versions: dict[str, Any], message: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as raised:
        deployment(tmp_path, "livekit", "port: 7880", versions=versions)
    assert [str(problem) for problem in raised.value.problems] == [message]


def test_arguments_are_checked_against_their_release_too(tmp_path: Path) -> None:
    given = {"turn": {"enabled": True, "udp_port": 3478, "bind_addresses": ["10.0.0.1"]}}
    assert read_deployment(given, tmp_path).settings.server
    with pytest.raises(ConfigurationError, match=r"a key that livekit-server 1\.9\.11 knows; known since 1\.10\.1"):
        read_deployment({**given, "versions": {"livekit": "1.9.11"}}, tmp_path)


DEFAULTS: list[tuple[str, type[Struct]]] = [("livekit", Server), ("sip", Sip), ("ingress", Ingress), ("egress", Egress)]
# what the records have otherwise, and why
APART = {
    ("sip", "rtp_port"): "rtp_range reads None as 10000-20000",
    ("sip", "sip_port_listen"): "listens_on reads None as sip_port",
    ("sip", "tls.port_listen"): "the listener reads None as tls.port",
    ("sip", "listen_ip"): "empty is the wildcard",
    ("ingress", "rtc_config.udp_port"): "whip_media knows when 7885 holds",
    ("ingress", "rtc_config.tcp_port"): "read_ingress puts livekit-server's 7881 away",
}


@pytest.mark.parametrize(("service", "record"), DEFAULTS)
def test_the_records_have_the_defaults_of_every_release(service: str, record: type[Struct]) -> None:
    for version in schema_of(service).versions:
        schema = schema_of(service, version)
        for path, default in walked(record):
            if path in schema.keys and (service, path) not in APART:
                own = list(default) if isinstance(default, tuple) else default
                assert (own or None) == (schema.keys[path].default or None), (version, path)


def walked(record: type[Struct], prefix: str = "") -> list[tuple[str, Any]]:
    found = []
    for name, field in fields_of(record).items():
        below = next((kind for kind in alternatives(field.type) if is_record(kind)), None)
        found += walked(below, f"{prefix}{name}.") if below else [(prefix + name, field.default)]
    return found


@pytest.mark.parametrize(
    ("file", "entries"),
    [
        ("stun.example.org", []),
        ("stun:stun.example.org:3478", []),
        ("stun.example.org:5349", ["udp/5349 stun.example.org"]),
        ("'[2001:db8::1]:3478'", ["udp/3478 2001:db8::1"]),
    ],
)
@pytest.mark.parametrize("asks", ["true", "false"])
def test_a_stun_server_needs_a_port_and_no_scheme(file: str, entries: list[str], asks: str, tmp_path: Path) -> None:
    text = f"rtc: {{udp_port: 7882, use_external_ip: {asks}, stun_servers: [{file}]}}" + KEYS
    reported = [one.id for one in findings(tmp_path, "livekit", text) if one.severity == "error"]
    assert reported == ([] if entries else ["stun-server-invalid"])
    needs = reach_out(deployment(tmp_path, "livekit", text).settings)
    assert [f"{one.ports} {one.to}" for one in needs if "STUN" in one.purpose] == entries


def test_no_value_in_typographic_quotes_is_shown_below_keys(tmp_path: Path) -> None:
    reported = findings(tmp_path, "livekit", "keys: {“name”: “canary”}\nwebhook: {urls: [“https://a.example”]}\n")
    assert [one.place.path for one in reported if one.id == "typographic-quotes"] == ["keys", "webhook.urls[0]"]
    assert "canary" not in " ".join(map(str, reported))


@pytest.mark.parametrize(
    ("kind", "taken", "refused"),
    [
        ("int", [0, -(2**63), 2**63 - 1, 1.5, -1e30], [2**63, "5", True, 1e30, float("nan"), float("inf")]),
        ("int32", [-(2**31), 2147483647.9], [2**31, -1e30, -float("inf"), 10**400]),
        ("uint8", [0, 255, -0.5], [256, -1, "7"]),
        ("uint64", [2**64 - 1, -1.5], [2**64 + 5000, -1]),
        ("float64", [1, 0.5, float("inf"), float("nan")], ["0.5", True]),
        ("bool", [True, "yes", "NO", "Off", "y"], ["true", 1, "yEs", "enabled"]),
        ("string", ["", 5, 0.5, True], [[], {}]),
        ("duration", ["5s", "1h2m3.5s", "0", "-.5ms", "+1us"], [5, 0, "5", "1d", "5 s", "s", "", ".s", "999999999h"]),
        ("list<string>", [[], ["a"]], ["a", {}, 5]),
        ("map<string,string>", [{}], [[], "a"]),
        ("object", [{}], [[], "", 5]),
    ],
)
def test_the_types_are_those_of_yaml_v3(kind: str, taken: list[Any], refused: list[Any]) -> None:
    assert [value for value in taken if not fits(kind, value)] == []
    assert [value for value in refused if fits(kind, value)] == []
    assert fits(kind, None)
    assert phrase(kind)

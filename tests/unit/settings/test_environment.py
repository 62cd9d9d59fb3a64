"""Variables and flags, by key and with the precedence that the services' own code has."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.inputs.compose.model import Entry
from livekit_firewall.inputs.document import Document
from livekit_firewall.model.errors import Place, Report
from livekit_firewall.settings.environment import overrides_of, readers_of, variables_of
from livekit_firewall.settings.given import read_given
from livekit_firewall.settings.overrides import overridden
from livekit_firewall.settings.schemas import NAMES, schema_of

from ..strategies import few_examples

SCHEMA = schema_of("livekit")
BASE = {flag.flag for flag in SCHEMA.base_flags}
GENERATED = sorted(
    (key.variable, key.flag, key.path) for key in SCHEMA.keys.values()
    if key.variable and key.flag and key.variable not in {one.variable for one in SCHEMA.base_flags}
    and SCHEMA.variables[key.variable] == key.path
)  # fmt: skip
VALUES = {"bool": ("true", True), "string": ("text", "text"), "float64": ("1.5", 1.5), "float32": ("1.5", 1.5)}


def entry(name: str, text: str | None) -> Entry:
    return Entry(text, Place(name, "a.env", 1))


def read(variables: dict[str, str], flags: list[tuple[str, str]] | None = None, version: str | None = None,
         service: str = "livekit") -> tuple[dict[str, object], Report]:  # fmt: skip
    report = Report()
    found = overrides_of(
        schema_of(service, version),
        {name: entry(name, text) for name, text in variables.items()},
        [(flag, entry(flag, text)) for flag, text in flags or ()],
        report,
    )
    return {key: one.value for key, one in found.items()}, report


@few_examples
@given(st.sampled_from(GENERATED))
def test_each_variable_and_flag_of_the_tables_sets_its_key(names: tuple[str, str, str]) -> None:
    variable, flag, key = names
    text, value = VALUES.get(SCHEMA.keys[key].type, ("7", 7))
    assert read({variable: text})[0] == {key: value}
    other = {"bool": ("false", False), "string": ("other", "other")}.get(SCHEMA.keys[key].type, ("8", 8))
    assert read({variable: text}, [(flag, other[0])])[0] == {key: other[1]}


@pytest.mark.parametrize(
    ("variables", "flags", "expected"),
    [
        ({"UDP_PORT": "7882"}, [], {"rtc.udp_port": "7882"}),
        ({"UDP_PORT": "7882-7890"}, [("--udp-port", "7881")], {"rtc.udp_port": "7881"}),
        ({"LIVEKIT_RTC_UDP_PORT_START": "7000", "LIVEKIT_RTC_UDP_PORT_END": "7010"}, [], {"rtc.udp_port": "7000-7010"}),
        ({"LIVEKIT_RTC_UDP_PORT_START": "7000", "UDP_PORT": "7882"}, [], {"rtc.udp_port": "7882"}),
        ({"LIVEKIT_RTC_UDP_PORT_END": "7010"}, [], {}),
        ({"LIVEKIT_RTC_NODE_IP_IPV4": "203.0.113.7", "LIVEKIT_RTC_NODE_IP_IPV6": "2001:db8::7"}, [],
         {"rtc.node_ip": "203.0.113.7,2001:db8::7"}),
        ({"LIVEKIT_KEYS": "a: b\nc: d"}, [], {"keys": {"a": "b", "c": "d"}}),
        ({"LIVEKIT_PORT": "0x1ec8"}, [], {"port": 7880}),
        ({"LIVEKIT_PORT": "017310"}, [], {"port": 7880}),
        ({}, [("--bind", "127.0.0.1,::1")], {"bind_addresses": ["127.0.0.1", "::1"]}),
        ({}, [("--dev", "true")], {"development": True}),
        ({"SOMETHING": "else"}, [], {}),
    ],
)  # fmt: skip
def test_values_of_variables_and_flags(
    variables: dict[str, str], flags: list[tuple[str, str]], expected: dict[str, object]
) -> None:
    found, report = read(variables, flags)
    assert (found, report.problems, report.findings) == (expected, [], [])


def test_an_empty_number_is_zero_since_urfave_cli_v3() -> None:
    assert read({"LIVEKIT_RTC_TCP_PORT": ""})[0] == {"rtc.tcp_port": 0}
    assert read({"LIVEKIT_RTC_TCP_PORT": ""}, version="1.9.0")[0] == {}


@pytest.mark.parametrize("text", ["x", "1.5", "5s", "1e3"])
def test_a_text_that_is_no_number_is_a_problem(text: str) -> None:
    found, report = read({"LIVEKIT_RTC_TCP_PORT": text})
    assert (found, [one.expected for one in report.problems]) == ({}, ["must be an integer"])
    assert str(report.problems[0].place) == "a.env:1: rtc.tcp_port (variable LIVEKIT_RTC_TCP_PORT)"


@pytest.mark.parametrize(("name", "text"), [("UDP_PORT", "7x"), ("NODE_IP", "node.example.com"), ("NODE_IP", "1,2,3")])
def test_a_value_that_a_base_flag_cannot_read_is_dropped_and_reported(name: str, text: str) -> None:
    found, report = read({name: text})
    assert (found, report.problems, [one.id for one in report.findings]) == ({}, [], ["override-dropped"])


def test_the_file_wins_over_the_variables_of_sip() -> None:
    report = Report()
    variables = {name: entry(name, "given") for name in ("LIVEKIT_API_KEY", "LIVEKIT_WS_URL")}
    found = overrides_of(schema_of("sip"), variables, (), report)
    document = overridden(Document("sip.yaml", {"api_key": "own", "ws_url": ""}), found)
    assert document.value == {"api_key": "own", "ws_url": "given"}


def test_the_services_that_read_a_variable() -> None:
    assert readers_of("UDP_PORT") == ("livekit",)
    assert readers_of("LIVEKIT_WS_URL") == ("sip", "ingress", "egress")
    assert readers_of("PATH") == ()
    assert all(
        name in variables_of(schema_of(one))
        for one, name in (("sip", "SIP_CONFIG_BODY"), ("egress", "EGRESS_CONFIG_FILE"))
    )


class TestEnvFile:
    """`--env-file` identifies the running services by the variables that only one service reads."""

    @pytest.mark.parametrize(
        ("text", "prefix", "services"),
        [
            ("UDP_PORT=7882\nPATH=/bin\n", "", {"livekit"}),
            ('SIP_CONFIG_BODY="sip_port: 5070"\nUDP_PORT=7882\n', "", {"livekit", "sip"}),
            ("LIVEKIT_WS_URL=ws://x\n", "egress:", {"egress"}),
        ],
    )
    def test_services_that_a_file_of_variables_identifies(
        self, tmp_path: Path, text: str, prefix: str, services: set[str]
    ) -> None:
        (tmp_path / "a.env").write_text(text, encoding="utf-8")
        report = Report()
        running = read_given((), [f"{prefix}a.env"], {}, tmp_path, report)
        assert report.problems == []
        assert {one for one in NAMES if running.has(one)} == services

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("PATH=/bin\n", "must hold a variable that only one service reads"),
            ("SIP_CONFIG_FILE=/etc/sip.yaml\n", "give that file by --sip"),
            ("A B=1\n", "a name must not hold a space"),
            ("UDP_PORT='7882\n", "a quoted value must end with its quote"),
        ],
    )
    def test_what_is_refused(self, tmp_path: Path, text: str, message: str) -> None:
        (tmp_path / "a.env").write_text(text, encoding="utf-8")
        report = Report()
        read_given((), ["a.env"], {}, tmp_path, report)
        assert [message in str(problem) for problem in report.problems] == [True]

    def test_a_file_for_a_service_that_reads_none_of_it_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "a.env").write_text("PATH=/bin\n", encoding="utf-8")
        report = Report()
        read_given((), ["livekit:a.env"], {}, tmp_path, report)
        assert [one.expected for one in report.problems] == ["must hold a variable that livekit-server reads"]

    def test_set_wins_over_a_file_of_variables(self, tmp_path: Path) -> None:
        (tmp_path / "a.env").write_text("UDP_PORT=7882\nNODE_IP=203.0.113.7\n", encoding="utf-8")
        running = read_given(["UDP_PORT=7883", "rtc.node_ip=203.0.113.8"], ["a.env"], {}, tmp_path, Report())
        assert {key: one.value for key, one in running.overrides["livekit"].items()} == {
            "rtc.udp_port": "7883",
            "rtc.node_ip": "203.0.113.8",
        }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("LIVEKIT_RTC_UDP_PORT=7882", "did you mean UDP_PORT, which is --set rtc.udp_port=VALUE?"),
        ("LIVEKIT_BIND_ADDRESSES=::", "bind_addresses has none: --set bind_addresses=VALUE, as the file has it"),
        ("sip:UDP_PORT=7882", "must be a variable that livekit-sip reads; livekit-server does: livekit:UDP_PORT=VALUE"),
    ],
)
def test_an_unread_variable_is_reported_with_a_similar_one(tmp_path: Path, text: str, message: str) -> None:
    report = Report()
    read_given([text], [], {}, tmp_path, report)
    assert [message in str(one) for one in report.problems] == [True]


def test_a_variable_named_after_its_key_is_reported_with_the_real_one(tmp_path: Path) -> None:
    text = "LIVEKIT_RTC_UDP_PORT=7882\nLIVEKIT_PORT=7880\nLIVEKIT_RTC_STUN_SERVERS=a.example:3478\nLIVEKIT_AGENTS=3\n"
    (tmp_path / "a.env").write_text(text, encoding="utf-8")
    report = Report()
    read_given([], ["a.env"], {}, tmp_path, report)
    assert [(one.id, one.fix) for one in report.findings] == [
        ("variable-unknown", "did you mean UDP_PORT?"),
        ("variable-unknown", "it has none: set rtc.stun_servers in the configuration"),
    ]

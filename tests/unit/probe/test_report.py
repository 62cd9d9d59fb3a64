"""What a person and a program read after a run: the verdict first, ranges folded, nothing unprintable."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given

from livekit_firewall.model.addresses import Family
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.services import Service
from livekit_firewall.probe.results.advice import Advice, advise
from livekit_firewall.probe.results.report import PORT_VERDICTS, VERDICTS, as_json, as_text, exit_code
from livekit_firewall.probe.results.verdict import PortVerdict, ServiceAnswer, Traffic, Verdict

from ..strategies import few_examples
from .outcomes import (
    ADDRESSES,
    BEFORE,
    BY_PROBE,
    ICE_TCP,
    MARIADB,
    MEDIA,
    NATS,
    OPEN,
    REDIS,
    UNTESTED,
    beside,
    only_ends,
    outcome,
    outcomes,
    rows,
)

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[3] / "docs" / "schemas" / "probe-check.json").read_text(encoding="utf-8")
)
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
FINE = outcome(
    rows(ICE_TCP, OPEN),
    rows(MEDIA, BY_PROBE),
    rows(MARIADB, BEFORE, wanted=False),
    rows(NATS, BEFORE, wanted=False),
    rows(REDIS, BEFORE, wanted=False),
    answers=(ServiceAnswer(Service.TURN_UDP, PortRange.udp(3478), Family.IPV4, True, "seen as 198.51.100.7"),),
)
TWO_PORTS = outcome(
    rows(ICE_TCP, OPEN),
    rows(MEDIA, only_ends),
    rows(REDIS, OPEN, wanted=False, families=[Family.IPV6]),
    rows(REDIS, BEFORE, wanted=False, families=[Family.IPV4]),
    answers=(ServiceAnswer(Service.TURN_TLS, PortRange.tcp(5349), Family.IPV4, False, "certificate expired"),),
    traffic=Traffic(20010, 1.6),
    notes=("IPv6 was slow",),
)


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines()]


def test_a_run_that_is_as_wanted_says_so_in_one_line_and_then_folds_what_it_found():
    assert as_text(FINE, ()) == (
        "as wanted: 10,002 ports reachable, 3 closed, on livekit.example.org (203.0.113.1, 2001:db8::1); "
        "10,380 packets in 0.11 s\n"
        "\n"
        "As wanted\n"
        "  7881/tcp reachable over IPv4 and IPv6: ICE/TCP, rtc.tcp_port\n"
        "  50000-60000/udp reachable (10,001 of 10,001) over IPv4 and IPv6: "
        "ICE/UDP, rtc.port_range_start, rtc.port_range_end\n"
        "  closed, as they must be: 3306/tcp, 4222/tcp, 6379/tcp (blocked before the host, over IPv4 and IPv6)\n"
        "  TURN/UDP on 3478/udp answers over IPv4: seen as 198.51.100.7"
    )


def test_what_is_wrong_stands_first_then_what_is_right_then_notes_then_advice():
    assert as_text(TWO_PORTS, (Advice("open the range", "azure"),)) == (
        "not as wanted: 9,999 of 10,002 wanted ports blocked, 1 of 1 open that must be closed, 1 of 1 answer wrong, "
        "on livekit.example.org (203.0.113.1, 2001:db8::1); 20,010 packets in 1.60 s\n"
        "\n"
        "Not as wanted\n"
        "  50001-59999/udp blocked before the host (9,999 of 10,001) over IPv4 and IPv6: "
        "ICE/UDP, rtc.port_range_start, rtc.port_range_end\n"
        "  6379/tcp reachable, but must be closed, over IPv6: Redis, plugnmeet\n"
        "  TURN/TLS on 5349/tcp does not answer as it should over IPv4: certificate expired\n"
        "\n"
        "As wanted\n"
        "  7881/tcp reachable over IPv4 and IPv6: ICE/TCP, rtc.tcp_port\n"
        "  50000/udp, 60000/udp reachable (2 of 10,001) over IPv4 and IPv6: "
        "ICE/UDP, rtc.port_range_start, rtc.port_range_end\n"
        "  closed, as they must be: 6379/tcp (blocked before the host, over IPv4)\n"
        "\n"
        "Notes\n"
        "  IPv6 was slow\n"
        "\n"
        "What to change\n"
        "  Azure: open the range"
    )


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (
            outcome(rows(ICE_TCP, BEFORE), addresses={Family.IPV4: "203.0.113.1"}, host="203.0.113.1"),
            "not as wanted: 1 of 1 wanted port blocked, on 203.0.113.1; 10,380 packets in 0.11 s",
        ),
        (
            outcome(rows(ICE_TCP, PortVerdict(Verdict.NOBODY_LISTENS)), rows(REDIS, UNTESTED, wanted=False)),
            "not as wanted: 1 of 1 wanted port open, but nobody listens, 1 of 2 not tested, ",
        ),
        (
            outcome(rows(ICE_TCP, OPEN), rows(MEDIA, UNTESTED), rows(REDIS, UNTESTED, wanted=False)),
            "could not test: 10,001 of 10,002 wanted ports and 1 of 1 that must be closed, ",
        ),
        (outcome(rows(MEDIA, PortVerdict(Verdict.UNREACHABLE_HOST))), "could not test: unreachable host, on livekit"),
        (outcome(traffic=Traffic(1, 0)), "could not test: no port was tried, on livekit.example.org "),
    ],
    ids=["blocked", "nobody listens", "untested", "unreachable", "nothing"],
)
def test_the_first_line_counts_what_became_of_the_ports(run, expected):
    assert as_text(run, ()).startswith(expected)


def test_a_port_that_is_wrong_in_one_family_counts_once_and_as_wrong():
    run = outcome(rows(ICE_TCP, OPEN, families=[Family.IPV4]), rows(ICE_TCP, BEFORE, families=[Family.IPV6]))
    assert as_text(run, ()).startswith("not as wanted: 1 of 1 wanted port blocked, on")
    assert lines(as_text(run, ()))[2:] == [
        "Not as wanted",
        "7881/tcp blocked before the host over IPv6: ICE/TCP, rtc.tcp_port",
        "",
        "As wanted",
        "7881/tcp reachable over IPv4: ICE/TCP, rtc.tcp_port",
    ]


def test_a_range_stays_whole_where_a_call_holds_some_of_its_ports():
    run = outcome(rows(MEDIA, lambda port: OPEN if port % 1000 == 5 else BY_PROBE))
    assert len(run.rows) == 42
    assert lines(as_text(run, ()))[3].startswith("50000-60000/udp reachable (10,001 of 10,001) over IPv4 and IPv6:")


def test_tcp_says_that_no_service_listens_yet_if_the_checker_does():
    yet = PortVerdict(Verdict.REACHABLE, "no service is listening yet", by_probe=True)
    expected = "7881/tcp reachable over IPv4 and IPv6: ICE/TCP, rtc.tcp_port (no service is listening yet)"
    assert lines(as_text(outcome(rows(ICE_TCP, yet)), ()))[3] == expected


def test_closed_ports_have_a_line_for_each_way_of_being_closed():
    run = outcome(
        rows(MARIADB, BEFORE, wanted=False),
        rows(REDIS, PortVerdict(Verdict.BLOCKED_ON_HOST, "a rule"), wanted=False),
        rows(NATS, PortVerdict(Verdict.NOBODY_LISTENS), wanted=False),
        beside(PortRange.udp(60001), BEFORE),
    )
    assert lines(as_text(run, ()))[3:] == [
        "closed, as they must be: 3306/tcp, 60001/udp (blocked before the host, over IPv4 and IPv6)",
        "closed, as they must be: 6379/tcp (blocked on the host, over IPv4 and IPv6)",
        "closed, though only because nobody listens: 4222/tcp (open, but nobody listens, over IPv4 and IPv6)",
    ]


def test_ports_without_a_service_say_why_they_were_tried():
    line = lines(as_text(outcome(beside(PortRange.udp(60001), OPEN)), ()))[3]
    assert line == (
        "60001/udp reachable, but must be closed, over IPv4 and IPv6: "
        "just outside udp/50000-60000, rtc.port_range_start, rtc.port_range_end"
    )


def test_thousands_of_scattered_ports_are_a_line_that_says_how_many_more():
    run = outcome(rows(MEDIA, lambda port: BEFORE if port % 3 == 0 else BY_PROBE))
    text = as_text(run, ())
    assert len(run.rows) == 2 * 6668
    assert len(text) < 2000
    assert lines(text)[3] == (
        "50001/udp, 50004/udp, 50007/udp, 50010/udp, 50013/udp, 50016/udp, 50019/udp, 50022/udp, 50025/udp, 50028/udp, "
        "50031/udp, 50034/udp, 50037/udp, 50040/udp, 50043/udp, 50046/udp, 50049/udp, 50052/udp, 50055/udp, 50058/udp, "
        "and 3,314 more (--json lists all): blocked before the host (3,334 of 10,001) over IPv4 and IPv6: "
        "ICE/UDP, rtc.port_range_start, rtc.port_range_end"
    )
    assert len(as_json(run, ())["ports"]) == 2 * 6668


@pytest.mark.parametrize(("last", "expected"), [(39, "10039/udp blocked"), (41, "10039/udp, and 1 more (--json")])
def test_twenty_ranges_are_all_shown_and_of_one_more_the_number(last, expected):
    what = (PortRange.udp(10000, 10000 + last), Service.SIP_RTP, "rtp_port")
    text = as_text(outcome(rows(what, lambda port: BEFORE if port % 2 else BY_PROBE)), ())
    assert expected in text


def test_a_range_of_two_ports_is_a_range():
    run = outcome(rows((PortRange.udp(7882, 7883), Service.ICE_UDP, "rtc.udp_port"), BY_PROBE))
    expected = "7882-7883/udp reachable (2 of 2) over IPv4 and IPv6: ICE/UDP, rtc.udp_port"
    assert lines(as_text(run, ()))[3] == expected


def test_a_target_of_very_many_causes_has_twenty_lines():
    run = outcome(
        rows(MEDIA, lambda port: PortVerdict(Verdict.BLOCKED_ON_HOST, f"rule {port % 500}"), families=[Family.IPV4])
    )
    found = lines(as_text(run, ()))[3:]
    assert len(found) == 21
    assert found[20] == "and 480 more; --json lists all"


def test_a_run_without_a_listener_says_what_it_cannot_know_and_what_to_do():
    what_to_do = (
        "Run `livekit-firewall probe listen` on the server, and here the command that it prints; "
        "if it runs already, its own report names the layer."
    )
    untested = outcome(rows(ICE_TCP, OPEN), rows(MEDIA, UNTESTED), has_listener=False, notes=("first",))
    assert as_json(untested, ())["notes"] == [
        "first",
        f"No listener answered, so UDP ports are not tested, and the layer that blocks is not known. {what_to_do}",
    ]
    assert lines(as_text(untested, ()))[-1] == as_json(untested, ())["notes"][1]
    blocked = outcome(rows(MEDIA, PortVerdict(Verdict.BLOCKED)), has_listener=False)
    assert as_json(blocked, ())["notes"] == [
        f"No listener answered, so the layer that blocks is not known. {what_to_do}"
    ]


def test_on_a_terminal_words_wrap_and_ranges_do_not(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    for columns in range(60, 100):
        monkeypatch.setenv("COLUMNS", str(columns))
        coloured = as_text(TWO_PORTS, advise(TWO_PORTS, None), terminal=True)
        plain = ESCAPE.sub("", coloured)
        assert max(map(len, plain.splitlines())) <= columns
        assert "\x1b[1;31mnot as wanted:" in coloured
        assert plain.split() == as_text(TWO_PORTS, advise(TWO_PORTS, None)).split()


def test_what_goes_to_a_file_has_no_colour():
    assert "\x1b" not in as_text(TWO_PORTS, advise(TWO_PORTS, None))


def test_hostile_texts_reach_no_terminal_unescaped(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    hostile = "x\x1b[2Jy\u202ez\x07\r\n[red]w[/red]\ud800"
    run = outcome(
        rows(
            (PortRange.tcp(7881), Service.ICE_TCP, hostile),
            PortVerdict(Verdict.BLOCKED_ON_HOST, hostile),
            reason=hostile,
        ),
        beside(PortRange.udp(1), OPEN, hostile),
        answers=tuple(
            ServiceAnswer(Service.SIP, PortRange.udp(5060), Family.IPV4, ok, hostile) for ok in (True, False)
        ),
        notes=(hostile,),
        host=hostile,
        addresses=dict.fromkeys(ADDRESSES, hostile),
    )
    for terminal in (False, True):
        text = ESCAPE.sub("", as_text(run, advise(run, None), terminal=terminal))
        assert all(line.isprintable() for line in text.split("\n"))
        assert "[red]w[/red]" in text
        assert "[2J" in text


@few_examples
@given(outcomes())
def test_whatever_a_run_says_is_printable_and_agrees_with_its_exit_code(run):
    text = as_text(run, advise(run, None))
    assert all(line.isprintable() for line in text.split("\n"))
    code = exit_code(run)
    assert text.startswith({0: "as wanted: ", 1: "not as wanted: ", 2: "could not test: "}[code])
    assert ("Not as wanted" in text.split("\n")) == (code == 1)


@pytest.mark.parametrize(
    ("run", "code", "verdict"),
    [
        (FINE, 0, "as-wanted"),
        (TWO_PORTS, 1, "not-as-wanted"),
        (outcome(rows(ICE_TCP, OPEN), rows(MEDIA, UNTESTED)), 2, "could-not-test"),
        (outcome(), 2, "could-not-test"),
    ],
    ids=["as wanted", "not as wanted", "in part", "nothing"],
)
def test_the_exit_code_is_the_verdict(run, code, verdict):
    assert (exit_code(run), as_json(run, ())["verdict"]) == (code, verdict)


def test_the_json_has_every_row_as_it_is():
    value = as_json(TWO_PORTS, (Advice("open the range", "azure", "rtc.port_range_start"),))
    assert {key: value[key] for key in value if key not in ("ports", "answers")} == {
        "version": 1,
        "verdict": "not-as-wanted",
        "host": "livekit.example.org",
        "addresses": {"ipv4": "203.0.113.1", "ipv6": "2001:db8::1"},
        "listener": True,
        "advice": [{"text": "open the range", "platform": "azure", "key": "rtc.port_range_start"}],
        "notes": ["IPv6 was slow"],
        "packets": 20010,
        "seconds": 1.6,
    }
    assert [(row["first"], row["last"], row["count"], row["verdict"], row["as_wanted"]) for row in value["ports"]][
        2:5
    ] == [
        (50000, 50000, 1, "reachable", True),
        (50001, 59999, 9999, "blocked-before-host", False),
        (60000, 60000, 1, "reachable", True),
    ]
    assert value["ports"][-2] == {
        "protocol": "tcp",
        "first": 6379,
        "last": 6379,
        "count": 1,
        "family": "ipv6",
        "wanted": "closed",
        "verdict": "reachable",
        "as_wanted": False,
        "by_probe": False,
        "service": "redis",
        "key": "plugnmeet",
        "reason": "",
        "detail": "",
    }
    assert value["answers"] == [
        {
            "service": "turn-tls",
            "protocol": "tcp",
            "port": 5349,
            "family": "ipv4",
            "ok": False,
            "says": "certificate expired",
        }
    ]


class TestTheSchema:
    validator = jsonschema.Draft202012Validator(SCHEMA)

    @pytest.mark.parametrize("run", [FINE, TWO_PORTS, outcome()], ids=["fine", "two ports", "nothing"])
    def test_is_what_a_run_prints(self, run):
        self.validator.validate(json.loads(json.dumps(as_json(run, advise(run, None)))))

    def test_refuses_what_is_not_documented(self):
        value = as_json(TWO_PORTS, advise(TWO_PORTS, None))
        parts = [value, value["ports"][0], value["answers"][0], value["advice"][0]]
        for part in parts:
            for key in list(part):
                kept = part.pop(key)
                assert not self.validator.is_valid(value), key
                part[key] = kept
            part["more"] = 1
            assert not self.validator.is_valid(value)
            del part["more"]
        assert self.validator.is_valid(value)

    def test_has_the_words_of_the_code(self):
        row = SCHEMA["properties"]["ports"]["items"]["properties"]
        assert set(PORT_VERDICTS) == set(Verdict)
        assert row["verdict"]["enum"] == list(PORT_VERDICTS.values())
        assert SCHEMA["properties"]["verdict"]["enum"] == list(VERDICTS.values())
        assert SCHEMA["$defs"]["service"]["enum"] == [str(service) for service in Service]

    def test_is_a_schema_of_its_own(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)
        assert SCHEMA["$id"] == "urn:livekit-firewall:probe-check:1"

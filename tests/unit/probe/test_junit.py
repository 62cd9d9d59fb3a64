"""The run as JUnit XML: what CI shows as red, grey and green, and that it is XML whatever texts are in it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given

from livekit_firewall.model.addresses import Family
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.services import Service
from livekit_firewall.probe.results.advice import Advice, advise
from livekit_firewall.probe.results.junit import as_junit
from livekit_firewall.probe.results.report import exit_code
from livekit_firewall.probe.results.verdict import Outcome, PortVerdict, ServiceAnswer, Traffic, Verdict

from ..strategies import few_examples
from .outcomes import (
    BEFORE,
    BY_PROBE,
    ICE_TCP,
    MEDIA,
    OPEN,
    RANGE_KEYS,
    REDIS,
    UNTESTED,
    only_ends,
    outcome,
    outcomes,
    rows,
)

IPV4 = [Family.IPV4]
RUN = outcome(
    rows(MEDIA, only_ends, families=IPV4),
    rows(ICE_TCP, OPEN, families=IPV4),
    rows(REDIS, UNTESTED, wanted=False, families=IPV4),
    answers=(ServiceAnswer(Service.TURN_UDP, PortRange.udp(3478), Family.IPV4, True, "seen as 198.51.100.7"),),
    traffic=Traffic(20010, 1.6),
    addresses={Family.IPV4: "203.0.113.1"},
)


def suite(run: Outcome, advice: tuple[Advice, ...] = ()) -> ET.Element:
    root = ET.fromstring(as_junit(run, advice).encode("ascii"))  # noqa: S314 (our own document)
    assert root.tag == "testsuites"
    (only,) = root
    return only


def ended(run: Outcome) -> dict[str | None, str]:
    """By test case, what it says besides its output."""
    kinds = ("failure", "error", "skipped")
    return {
        case.get("name"): " ".join(part.tag for part in case if part.tag in kinds)
        for case in suite(run).iter("testcase")
    }


def test_a_run_is_a_suite_with_a_case_for_each_target_and_answer():
    line = f"50001-59999/udp blocked before the host (9,999 of 10,001) over IPv4: ICE/UDP, {RANGE_KEYS}"
    assert as_junit(RUN, (Advice("open the range", "azure"),)) == (
        f"""\
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="livekit-firewall probe" tests="4" failures="1" errors="0" skipped="1" time="1.600">
  <testsuite name="livekit-firewall probe" tests="4" failures="1" errors="0" skipped="1" time="1.600" \
hostname="livekit.example.org">
    <properties>
      <property name="IPv4" value="203.0.113.1" />
      <property name="listener" value="yes" />
      <property name="packets" value="20010" />
      <property name="seconds" value="1.600" />
    </properties>
    <testcase classname="livekit-firewall.probe.ice-udp" name="udp/50000-60000 reachable over IPv4" time="0">
      <failure message="{line}">{line}
50000/udp, 60000/udp reachable (2 of 10,001) over IPv4: ICE/UDP, {RANGE_KEYS}</failure>
    </testcase>
    <testcase classname="livekit-firewall.probe.ice-tcp" name="tcp/7881 reachable over IPv4" time="0">
      <system-out>7881/tcp reachable over IPv4: ICE/TCP, rtc.tcp_port</system-out>
    </testcase>
    <testcase classname="livekit-firewall.probe.redis" name="tcp/6379 closed over IPv4" time="0">
      <skipped message="6379/tcp not tested over IPv4: Redis, plugnmeet">6379/tcp not tested over IPv4: Redis, \
plugnmeet</skipped>
    </testcase>
    <testcase classname="livekit-firewall.probe.turn-udp" name="TURN/UDP on udp/3478 answers over IPv4" time="0">
      <system-out>TURN/UDP on 3478/udp answers over IPv4: seen as 198.51.100.7</system-out>
    </testcase>
    <system-out>not as wanted: 9,999 of 10,002 wanted ports blocked, 1 of 10,003 not tested, on livekit.example.org \
(203.0.113.1); 20,010 packets in 1.60 s
Azure: open the range</system-out>
  </testsuite>
</testsuites>
"""
    )


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (BY_PROBE, ""),
        (BEFORE, "failure"),
        (PortVerdict(Verdict.BLOCKED), "failure"),
        (PortVerdict(Verdict.NOBODY_LISTENS), "skipped"),  # a media range is bound on demand
        (UNTESTED, "skipped"),
        (PortVerdict(Verdict.UNREACHABLE_HOST), "error"),
        (lambda port: UNTESTED if port == 50000 else BEFORE, "failure"),
        (lambda port: UNTESTED if port == 50000 else BY_PROBE, "skipped"),
    ],
    ids=["reachable", "blocked", "some layer", "nobody", "untested", "unreachable", "both", "in part"],
)
def test_a_case_ends_as_the_worst_of_its_ports(seen, expected):
    assert ended(outcome(rows(MEDIA, seen, families=IPV4))) == {"udp/50000-60000 reachable over IPv4": expected}


def test_a_closed_port_that_is_open_and_a_wrong_answer_fail():
    wrong = ServiceAnswer(Service.SIP, PortRange.udp(5060), Family.IPV6, False, "no answer")
    assert ended(outcome(rows(REDIS, OPEN, wanted=False, families=IPV4), answers=(wrong,))) == {
        "tcp/6379 closed over IPv4": "failure",
        "SIP on udp/5060 answers over IPv6": "failure",
    }


def test_a_run_that_tried_nothing_is_not_green():
    assert ended(outcome()) == {"some port is tried": "error"}
    assert suite(outcome()).get("errors") == "1"


def test_markup_and_control_characters_are_text():
    hostile = 'x<a b="c">&amp;]]>\x00\x1b[2J\ufffe\ud800\u202e\r\n'
    shown = 'x<a b="c">&amp;]]>\\x00\\x1b[2J\\ufffe\\ud800\\u202e\\r\\n'
    run = outcome(
        rows((PortRange.tcp(7881), Service.ICE_TCP, hostile), PortVerdict(Verdict.BLOCKED_ON_HOST, hostile)),
        answers=(ServiceAnswer(Service.SIP, PortRange.udp(5060), Family.IPV4, False, hostile),),
        notes=(hostile,),
        host=hostile,
        addresses={Family.IPV4: hostile},
    )
    found = suite(run, (Advice(hostile),))
    assert found.get("hostname") == shown
    failures = [one.text for one in found.iter("failure")]
    assert failures[0] == f"7881/tcp blocked on the host over IPv4: ICE/TCP, {shown} ({shown})"
    assert failures[2] == f"SIP on 5060/udp does not answer as it should over IPv4: {shown}"
    assert found.findtext("system-out", "").split("\n")[1:] == [shown, shown]


@few_examples
@given(outcomes())
def test_whatever_a_run_says_is_xml_whose_counts_are_right_and_red_as_the_exit_code(run):
    found = suite(run, advise(run, None))
    kinds = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    assert {name: int(found.get(name, "")) for name in kinds} == {
        name: len(list(found.iter(kind))) for name, kind in kinds.items()
    }
    assert int(found.get("tests", "")) == len(list(found.iter("testcase")))
    assert (found.get("failures") != "0") == (exit_code(run) == 1)
    assert (exit_code(run) == 0) == all(found.get(name) == "0" for name in kinds)

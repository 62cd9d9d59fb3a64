"""What the listener says of its checkers."""

from __future__ import annotations

from typing import Any

import pytest

from livekit_firewall.probe.listener.report import (
    MOST_LINES,
    WORDS,
    CheckerReport,
    ReportedRange,
    as_json,
    as_text,
    reported_ranges,
)
from livekit_firewall.probe.wire.messages import Fate

RULE = "inet filter input: drop"


def heard(**what: Any) -> CheckerReport:
    usual: dict[str, Any] = {
        "family": 4,
        "source": "198.51.100.7",
        "wanted_udp": (),
        "wanted_tcp": (),
        "udp": {},
        "tcp": {},
        "in_use": frozenset(),
        "rules": {},
        "sees_arrivals": True,
        "sees_tcp": True,
    }
    return CheckerReport(**usual | what)


UDP = [
    (Fate.RECEIVED, False, True, "answered", ""),
    (Fate.RECEIVED, True, True, "answered", ""),
    (Fate.ARRIVED, True, True, "dropped-here", RULE),
    (Fate.ARRIVED, False, True, "dropped-here", ""),
    (Fate.UNTESTABLE, True, True, "untestable", ""),
    (Fate.NOTHING, False, True, "not-arrived", ""),
    (None, False, True, "not-arrived", ""),
    (None, False, False, "not-seen", ""),
    (Fate.NOTHING, True, False, "not-seen", ""),
]


@pytest.mark.parametrize(("fate", "ruled", "sees", "said", "rule"), UDP)
def test_a_udp_port(fate: Fate | None, ruled: bool, sees: bool, said: str, rule: str) -> None:
    one = heard(
        wanted_udp=(50000,),
        udp={} if fate is None else {50000: fate},
        rules={(True, 50000): RULE, (False, 50000): "another"} if ruled else {(False, 50000): "another"},
        sees_arrivals=sees,
    )

    assert reported_ranges(one) == [ReportedRange("udp", 50000, 50000, said, rule)]


TCP = [
    (Fate.RECEIVED, False, False, True, "answered", ""),
    (Fate.RECEIVED, True, False, False, "answered", ""),
    (Fate.ARRIVED, False, False, True, "dropped-here", ""),
    (Fate.ARRIVED, True, False, True, "in-use", ""),
    (Fate.RECEIVED, False, True, True, "answered", ""),
    (Fate.ARRIVED, False, True, True, "dropped-here", RULE),
    (Fate.ARRIVED, True, True, True, "dropped-here", RULE),
    (Fate.UNTESTABLE, False, False, True, "untestable", ""),
    (None, True, False, True, "not-arrived", ""),
    (None, True, False, False, "in-use", ""),
    (None, False, False, False, "not-seen", ""),
]


@pytest.mark.parametrize(("fate", "used", "ruled", "sees", "said", "rule"), TCP)
def test_a_tcp_port(fate: Fate | None, used: bool, ruled: bool, sees: bool, said: str, rule: str) -> None:
    one = heard(
        wanted_tcp=(443,),
        tcp={} if fate is None else {443: fate},
        in_use=frozenset({443} if used else ()),
        rules={(False, 443): RULE} if ruled else {(True, 443): RULE},
        sees_tcp=sees,
    )

    assert reported_ranges(one) == [ReportedRange("tcp", 443, 443, said, rule)]


def test_ports_in_a_row_that_fared_alike_are_one_stretch() -> None:
    one = heard(
        wanted_udp=(3478, *range(50000, 50006), 50010),
        wanted_tcp=(50000, 50001),
        udp={3478: Fate.RECEIVED, 50000: Fate.RECEIVED, 50001: Fate.RECEIVED}
        | dict.fromkeys((50002, 50003, 50004), Fate.ARRIVED),
        rules={(True, 50002): RULE, (True, 50004): "another"},
        tcp={50001: Fate.RECEIVED},
    )

    assert reported_ranges(one) == [
        ReportedRange("udp", 3478, 3478, "answered"),
        ReportedRange("udp", 50000, 50001, "answered"),
        ReportedRange("udp", 50002, 50003, "dropped-here", RULE),  # the rule of the first is that of the row
        ReportedRange("udp", 50004, 50004, "dropped-here", "another"),
        ReportedRange("udp", 50005, 50005, "not-arrived"),
        ReportedRange("udp", 50010, 50010, "not-arrived"),
        ReportedRange("tcp", 50000, 50000, "not-arrived"),
        ReportedRange("tcp", 50001, 50001, "answered"),
    ]


def test_the_text_names_checker_ports_fate_and_rule() -> None:
    one = heard(wanted_udp=(50000, 50001), wanted_tcp=(7881,), tcp={7881: Fate.ARRIVED}, rules={(False, 7881): RULE})
    two = heard(family=6, source="2001:db8::7", udp={1: Fate.RECEIVED, 2: Fate.ARRIVED})

    assert as_text([one, two]).splitlines() == [
        "from 198.51.100.7 over IPv4:",
        "  50000-50001/udp: did not arrive: stopped before this host, by the cloud's firewall or a router",
        "  7881/tcp: arrived, and this host dropped it (inet filter input: drop)",
        "from 2001:db8::7 over IPv6:",
        "  2 UDP ports arrived; which were wanted it did not say",
    ]


def test_the_text_of_nobody_says_what_that_may_mean() -> None:
    assert as_text([]) == (
        "nothing arrived: either no check was run, or it was stopped before this host, or it went elsewhere"
    )


def test_a_long_text_is_cut_and_says_where_the_rest_is() -> None:
    lines = as_text([heard(wanted_udp=tuple(range(1, 2 * (MOST_LINES + 5), 2)))]).splitlines()

    assert len(lines) == MOST_LINES + 2
    assert lines[-1] == "  and 5 more; --json lists all"


def test_the_json_has_every_stretch() -> None:
    one = heard(family=6, source="2001:db8::7", wanted_udp=(50000, 50001), udp={50001: Fate.RECEIVED})

    assert as_json([one], ["a limit"]) == {
        "version": 1,
        "checkers": [
            {
                "family": "ipv6",
                "address": "2001:db8::7",
                "ports": [
                    {"protocol": "udp", "first": 50000, "last": 50000, "fate": "not-arrived", "rule": ""},
                    {"protocol": "udp", "first": 50001, "last": 50001, "fate": "answered", "rule": ""},
                ],
            }
        ],
        "limits": ["a limit"],
    }


def test_every_fate_has_words() -> None:
    assert {row[-2] for row in (*UDP, *TCP)} == set(WORDS)

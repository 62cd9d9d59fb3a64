"""A review for a terminal: each risk once, with where it is."""

from __future__ import annotations

from livekit_firewall.reports.review.text import text

from .test_attached import GROUP, INSTANCE, To, reviewed

MEDIA = {"protocol": "udp", "fromPort": 50000, "toPort": 60000, "cidrBlocks": ["0.0.0.0/0"]}
WHY = "; passwords and keys are tried there within minutes; name the operators: operators.cidrs"


def ssh(port: int = 22) -> tuple[str, object]:
    rules = [{"protocol": "tcp", "fromPort": port, "toPort": port, "cidrBlocks": ["0.0.0.0/0"]}]
    return GROUP, {"ingress": rules}


def test_one_risk_in_many_places_is_one_line_and_what_to_do_stands_there_once() -> None:
    groups = {name: ssh() for name in "abcde"}
    machine = {"m": (INSTANCE, {"vpcSecurityGroupIds": [To("a")]})}
    lines = [line for line in text(reviewed({}, {**groups, **machine})).splitlines() if "[ssh-public]" in line]
    assert lines == [f"  warning: a, b, c and 2 more: SSH on tcp/22 is open to the internet{WHY} [ssh-public]"]


def test_what_to_do_is_not_repeated_for_another_risk_of_its_kind() -> None:
    before = {"g": (GROUP, {"ingress": [MEDIA, {**MEDIA, "protocol": "tcp", "fromPort": 7881, "toPort": 7881}]})}
    after = {"g": (GROUP, {"ingress": [{**MEDIA, "cidrBlocks": ["10.0.0.0/8"]}]})}
    lines = [line for line in text(reviewed(before, after)).splitlines() if "[call-interrupted]" in line]
    assert [line.count(";") for line in lines] == [3, 0]
    assert lines[1].startswith("  warning: g: calls on ICE/")

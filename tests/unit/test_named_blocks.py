"""Blocks that are outputs, with Pulumi's mocks: what is unknown at a preview, what is judged, what waits, what is told.

Not proved here: what the engine does with them, see tests/engine/test_named_blocks.py.
"""

from __future__ import annotations

import re
from typing import Any

import pulumi
import pytest

from livekit_firewall.firewall import LiveKitFirewall
from livekit_firewall.platforms.running import InvalidArguments

from .engine_mocks import UNKNOWN, unknown

INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
TOKEN = "livekit:index:LiveKitFirewall"


def out(block: object) -> pulumi.Output[Any]:
    return pulumi.Output.from_input(block)


def secret(block: object) -> pulumi.Output[Any]:
    return pulumi.Output.secret(block)


def made(engine: Any, arguments: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The inputs of the rules for ingress, by key."""
    found = engine.run(lambda: LiveKitFirewall("lk", {"aws": {"vpc_id": "vpc-0"}, **arguments}))
    return {name.removeprefix("lk-aws-"): one.inputs for (token, name), one in found.items() if token == INGRESS}


def told(engine: Any, make: Any) -> list[str]:
    """The problems that a program ends with; `make` gives the arguments, as outputs need a running program."""
    with pytest.raises(InvalidArguments) as caught:
        engine.run(lambda: LiveKitFirewall("lk", {"aws": {"vpc_id": "vpc-0"}, **make()}))
    return [str(problem) for problem in caught.value.problems]


def sent(engine: Any) -> list[str]:
    return [one.name.removeprefix("lk-aws-") for one in engine.requests if one.type == INGRESS]


class TestAPreview:
    def test_has_the_rule_with_both_families_open_and_what_waits_for_it_as_it_is(self, preview_engine):
        arguments = {"load_balancer": {"cidrs": {"nlb-a": unknown(), "office": "192.0.2.0/24"}}}
        found = made(preview_engine, arguments)
        api = found["tcp-7880-cidrs.nlb-a"]
        assert [api[key] for key in ("cidrIpv4", "cidrIpv6", "ipProtocol", "fromPort")] == [
            UNKNOWN,
            UNKNOWN,
            "tcp",
            7880,
        ]
        plain = found["tcp-7880-192.0.2.0-24"]
        assert [plain.get(key) for key in ("cidrIpv4", "cidrIpv6", "ipProtocol")] == ["192.0.2.0/24", None, "tcp"]

    def test_judges_what_is_known_already(self, preview_engine):
        def make():
            return {"load_balancer": {"cidrs": {"nlb-a": unknown(), "wide": out("0.0.0.0/0")}}}

        (problem,) = told(preview_engine, make)
        told_of = "load_balancer.cidrs.wide: must not open API on tcp/7880 to the internet (got 0.0.0.0/0)"
        assert problem.startswith(told_of)
        assert [name for name in sent(preview_engine) if "7880" in name] == []


class TestOnceKnown:
    def test_a_block_is_in_its_family_in_the_form_that_platforms_write(self, engine):
        blocks = {"four": out("198.51.100.0/24"), "six": out("2001:DB8:0::/48")}
        found = made(engine, {"operators": {"cidrs": blocks}})
        ends = {name: (one.get("cidrIpv4"), one.get("cidrIpv6")) for name, one in found.items() if "cidrs." in name}
        assert ends == {
            "tcp-22-cidrs.four": ("198.51.100.0/24", None),
            "tcp-22-cidrs.six": (None, "2001:db8::/48"),
        }

    def test_another_one_makes_the_rule_anew_and_no_other_input_does(self, engine):
        blocks = {"four": out("198.51.100.0/24"), "plain": "192.0.2.0/24"}
        resources = engine.run(
            lambda: LiveKitFirewall("lk", {"aws": {"vpc_id": "vpc-0"}, "operators": {"cidrs": blocks}})
        )
        on = {name: list(one.request.replaceOnChanges) for (token, name), one in resources.items() if token == INGRESS}
        assert on["lk-aws-tcp-22-cidrs.four"] == ["cidrIpv4", "cidrIpv6"]
        assert on["lk-aws-tcp-22-192.0.2.0-24"] == []

    def test_the_outputs_name_the_blocks(self, engine):
        made(engine, {"operators": {"cidrs": {"four": out("198.51.100.0/24")}}})
        peers = [rule["peer"] for rule in engine.outputs[TOKEN, "lk"]["rules"] if rule["service"] == "ssh"]
        assert peers == ["198.51.100.0/24"]


WRONG = {
    "the internet in two halves": (
        {"load_balancer": {"cidrs": {"a": "0.0.0.0/1", "b": "128.0.0.0/1"}}}, "7880",
        ["load_balancer.cidrs: must not open API on tcp/7880 to the internet (got 0.0.0.0/0)"],
    ),
    "no block, twice": (
        {"operators": {"cidrs": {"a": "198.51.100.7/24", "b": 7}}}, "22",
        ["operators.cidrs.a: must have no host bits set (got '198.51.100.7/24')",
         "operators.cidrs.b: must be a text such as 203.0.113.0/24"],
    ),
    "IPv6 where it is closed": (
        {"ipv6": False, "operators": {"cidrs": {"a": "2001:db8::/32"}}}, "22",
        ["operators.cidrs.a: must be an IPv4 block while ipv6 is false (got '2001:db8::/32')"],
    ),
    "IPv6 where nothing listens": (
        {"turn": {"enabled": True, "udp_port": 3478, "relay_range_start": 30000, "relay_range_end": 30100},
         "cluster": {"cidrs": {"a": "2001:db8::/32"}}}, "30000",
        ["cluster.cidrs.a: must be a block of the other family, in which TURN relay listens on udp/30000-30100"],
    ),
    "two names of one block": (
        {"operators": {"cidrs": {"a": "198.51.100.0/24", "b": "198.51.100.0/24"}}}, "22",
        ["operators.cidrs.b: must not be the same block as operators.cidrs.a"],
    ),
    "one name of two blocks": (
        {"operators": {"cidrs": {"a": "198.51.100.0/24"}}, "load_balancer": {"cidrs": {"a": "192.0.2.0/24"}}}, "22",
        ["operators.cidrs.a: must not be another block than load_balancer.cidrs.a"],
    ),
    "a plain block as well": (
        {"load_balancer": {"cidrs": {"a": "10.0.0.0/24"}}, "cluster": {"cidrs": ["10.0.0.0/24"]}}, "7880",
        ["load_balancer.cidrs.a: must not be a block that may reach tcp/7880 already, as a plain value"],
    ),
}  # fmt: skip


def as_outputs(given: Any, kind: Any) -> Any:
    """The blocks under names as outputs."""
    return {
        key: {**one, "cidrs": {name: kind(block) for name, block in one["cidrs"].items()}}
        if isinstance(one, dict) and isinstance(one.get("cidrs"), dict)
        else one
        for key, one in given.items()
    }


@pytest.mark.parametrize(("arguments", "port", "expected"), WRONG.values(), ids=WRONG)
class TestWhatMayNotBe:
    def test_is_told_and_nothing_on_its_port_is_sent(self, engine, arguments, port, expected):
        found = told(engine, lambda: as_outputs(arguments, out))
        assert [one[: len(start)] for one, start in zip(found, expected, strict=True)] == expected
        assert [name for name in sent(engine) if f"-{port}" in name] == []

    def test_is_not_shown_where_it_is_a_secret(self, engine, arguments, port, expected):
        found = told(engine, lambda: as_outputs(arguments, secret))
        assert [one.partition(":")[0] for one in found] == [one.partition(":")[0] for one in expected]
        shown = [re.sub(r"such as \S+( or \S+)?", "", one) for one in found]
        assert [one for one in shown if re.search(r"\d+\.\d+\.\d+|2001:|::", one)] == []
        assert [name for name in sent(engine) if f"-{port}" in name] == []


def test_a_finding_about_secret_blocks_does_not_show_them(engine, monkeypatch):
    warned: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, resource=None, **_: warned.append(text))
    made(engine, {"operators": {"cidrs": {"a": secret("0.0.0.0/2"), "b": secret("64.0.0.0/2")}}})
    assert [text for text in warned if re.search(r"\d+\.\d+\.\d+", text)] == []
    assert [text for text in warned if "[ssh-public]" in text]

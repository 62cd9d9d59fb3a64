"""Blocks in lists and in mappings: what is read, and every mistake with its own text."""

from __future__ import annotations

from collections import OrderedDict
from ipaddress import IPv4Network, IPv6Network
from types import MappingProxyType
from typing import Any

import pytest

from livekit_firewall.deployment.blocks import BlockReader, Blocks
from livekit_firewall.model.addresses import Cidr, NamedBlock
from livekit_firewall.model.errors import Report

from ..reports.test_not_known import Later

KEY = "operators.cidrs"


def read(
    given: Any, known: dict[str, object] | None = None, ipv6: bool = True
) -> tuple[Blocks, list[str], BlockReader]:
    report = Report()
    reader = BlockReader(ipv6, report, known)
    found = reader.read(KEY, given)
    return found, [str(problem) for problem in report.problems], reader


def parsed(*texts: str) -> tuple[Cidr, ...]:
    return tuple(map(Cidr.parse, texts))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, ()),
        (["10.0.0.0/8", "2001:db8::/32"], ("10.0.0.0/8", "2001:db8::/32")),
        (("10.0.0.0/8", "10.0.0.0/8"), ("10.0.0.0/8",)),
        ([IPv4Network("10.0.0.0/8"), IPv6Network("2001:db8::/32")], ("10.0.0.0/8", "2001:db8::/32")),
        ({"a": "10.0.0.0/8", "b": IPv6Network("2001:db8::/32")}, ("10.0.0.0/8", "2001:db8::/32")),
        ({"Office": "10.0.0.0/8", "Berlin": "192.0.2.0/24"}, ("10.0.0.0/8", "192.0.2.0/24")),
        ({"a": "10.0.0.0/8", "b": "10.0.0.0/8"}, ("10.0.0.0/8",)),
        (MappingProxyType({"0": "10.0.0.0/8"}), ("10.0.0.0/8",)),
        (OrderedDict(a_b="10.0.0.0/8"), ("10.0.0.0/8",)),
        ({"a" * 63: "10.0.0.0/8"}, ("10.0.0.0/8",)),
    ],
)
def test_plain_blocks_are_the_same_in_a_list_and_in_a_mapping(given: Any, expected: tuple[str, ...]) -> None:
    found, problems, reader = read(given)
    assert (found, problems, reader.named) == (Blocks(parsed(*expected)), [], {})
    assert bool(found) is bool(expected)


TEXT = "must be a text such as 203.0.113.0/24 or 2001:db8::/32"
NAME = "must have a name of up to 63 letters, digits, hyphens and underscores; rename it"
NONE = "must name at least one block"
OUT = "leave the key out for its default; an empty list could mean nobody or everybody"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], [f"{KEY}: {NONE} (got []); {OUT}"]),
        ((), [f"{KEY}: {NONE} (got []); {OUT}"]),
        ({}, [f"{KEY}: {NONE} (got {{}}); {OUT}"]),
        ([5], [f"{KEY}[0]: {TEXT} (got 5)"]),
        ([None], [f"{KEY}[0]: {TEXT} (got None)"]),
        ([{"a": "10.0.0.0/8"}], [f"{KEY}[0]: {TEXT}"]),
        ([["10.0.0.0/8"]], [f"{KEY}[0]: {TEXT}"]),
        (["10.0.0.0/8", "office"], [f"{KEY}[1]: {TEXT} (got 'office')"]),
        (["10.0.0.1/8"], [
            (f"{KEY}[0]: must have no host bits set (got '10.0.0.1/8'); "
            "write 10.0.0.0/8 for the block or 10.0.0.1/32 for that one address")
        ]),
        ({"a": "10.0.0.1"}, [
            f"{KEY}.a: must have a prefix length (got '10.0.0.1'); write 10.0.0.1/32 for that one address"
        ]),
        ({"a": None}, [f"{KEY}.a: {TEXT}"]),
        ({"a": 5}, [f"{KEY}.a: {TEXT}"]),
        ({"a": b"10.0.0.0/8"}, [f"{KEY}.a: {TEXT}"]),
        ({"a": {"b": "10.0.0.0/8"}}, [f"{KEY}.a: {TEXT}"]),
        ({"a": ["10.0.0.0/8"]}, [f"{KEY}.a: {TEXT}"]),
        ({"password": "hunter2"}, [f"{KEY}.password: {TEXT}"]),
        ({"a": "s3cret"}, [f"{KEY}.a: {TEXT}"]),
        ({"": "10.0.0.0/8"}, [f"{KEY}.(a key that is no name): {NAME}"]),
        ({"a.b": "10.0.0.0/8"}, [f"{KEY}.a.b: {NAME}"]),
        ({"-a": "10.0.0.0/8"}, [f"{KEY}.(a key that is no name): {NAME}"]),
        ({"a b": "10.0.0.0/8"}, [f"{KEY}.(a key that is no name): {NAME}"]),
        ({"b\u00fcro": "10.0.0.0/8"}, [f"{KEY}.(a key that is no name): {NAME}"]),
        ({"a" * 64: "10.0.0.0/8"}, [f"{KEY}.(a key that is no name): {NAME}"]),
        ({5: "10.0.0.0/8"}, [f"{KEY}.(a key that is no text): {NAME}"]),
        ({None: "10.0.0.0/8"}, [f"{KEY}.None: {NAME}"]),
        ({"a b": Later()}, [f"{KEY}.(a key that is no name): {NAME}"]),
        ({"a": "x", "b": "10.0.0.1"}, [
            f"{KEY}.a: {TEXT}",
            f"{KEY}.b: must have a prefix length (got '10.0.0.1'); write 10.0.0.1/32 for that one address",
        ]),
    ],
)  # fmt: skip
def test_a_mistake_is_one_problem_at_its_place(given: Any, expected: list[str]) -> None:
    assert read(given)[1] == expected


@pytest.mark.parametrize("given", [["2001:db8::/32"], {"0": "2001:db8::/32"}, {"0": IPv6Network("2001:db8::/32")}])
def test_a_block_of_ipv6_though_ipv6_is_false(given: Any) -> None:
    place = f"{KEY}[0]" if isinstance(given, list) else f"{KEY}.0"
    expected = "must be an IPv4 block while ipv6 is false (got '2001:db8::/32'); remove the block, or ipv6: false"
    assert read(given, ipv6=False)[1] == [f"{place}: {expected}"]


class TestAnOutput:
    def test_has_a_name_until_it_is_known(self) -> None:
        found, problems, reader = read({"plain": "10.0.0.0/8", "Office": Later(), "Berlin": Later()})
        assert problems == []
        assert found == Blocks(parsed("10.0.0.0/8"), (NamedBlock("Office"), NamedBlock("Berlin")))
        assert list(reader.named) == [f"{KEY}.Office", f"{KEY}.Berlin"]
        assert bool(Blocks(named=(NamedBlock("a"),)))

    @pytest.mark.parametrize("value", ["198.51.100.0/24", IPv4Network("198.51.100.0/24")])
    def test_is_a_block_like_others_once_it_is(self, value: object) -> None:
        found, problems, reader = read({"office": Later()}, {f"{KEY}.office": value})
        assert (found, problems, reader.named) == (Blocks(parsed("198.51.100.0/24")), [], {})

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("subnet-0a1b", f"{TEXT} (got 'subnet-0a1b')"),
            ("", f"{TEXT} (got '')"),
            (None, f"{TEXT} (got None)"),
            (["10.0.0.0/8"], TEXT),
            ({"a": 1}, TEXT),
            ("10.0.0.1", "must have a prefix length (got '10.0.0.1'); write 10.0.0.1/32 for that one address"),
        ],
    )
    def test_that_turns_out_to_be_no_block(self, value: object, expected: str) -> None:
        assert read({"office": Later()}, {f"{KEY}.office": value})[1] == [f"{KEY}.office: {expected}"]

    def test_of_ipv6_though_ipv6_is_false(self) -> None:
        _, (found,), _ = read({"office": Later()}, {f"{KEY}.office": "2001:db8::/32"}, ipv6=False)
        assert found.startswith(f"{KEY}.office: must be an IPv4 block while ipv6 is false (got '2001:db8::/32')")

    def test_has_one_name_and_a_name_is_of_one(self) -> None:
        known = {f"{KEY}.a": "10.0.0.0/8", f"{KEY}.b": "10.0.0.0/8", f"{KEY}.c": "10.0.1.0/24"}
        _, problems, _ = read({name: Later() for name in "abc"}, known)
        assert problems == [f"{KEY}.b: must not be the same block as {KEY}.a (got 10.0.0.0/8); give them the same name"]

    def test_of_one_name_in_two_arguments(self) -> None:
        report = Report()
        reader = BlockReader(ipv6=True, report=report, known={"a.nlb": "10.0.0.0/8", "b.nlb": "10.1.0.0/16"})
        for key in ("a", "b"):
            reader.read(key, {"nlb": Later()})
        assert [str(problem) for problem in report.problems] == [
            "b.nlb: must not be another block than a.nlb (got 10.1.0.0/16); give each block a name of its own"
        ]
        same = BlockReader(ipv6=True, report=Report(), known={"a.nlb": "10.0.0.0/8", "b.nlb": "10.0.0.0/8"})
        assert [same.read(key, {"nlb": Later()}) for key in ("a", "b")] == [Blocks(parsed("10.0.0.0/8"))] * 2
        assert same.report.problems == []

    def test_together_they_have_each_once(self) -> None:
        one, other = Blocks(parsed("10.0.0.0/8"), (NamedBlock("a"),)), Blocks((), (NamedBlock("a"), NamedBlock("b")))
        assert one + other == Blocks(parsed("10.0.0.0/8"), (NamedBlock("a"), NamedBlock("b")))

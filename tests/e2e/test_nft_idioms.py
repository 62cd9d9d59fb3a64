"""Hundreds of rulesets, loaded into the kernel and listed by nft, against what becomes of packets: a certain answer
is what the packet meets.

Not proved here: other kernels and versions of nft; statements that this kernel cannot load (queue, flow offload).
"""

from __future__ import annotations

import itertools
import json
import random
import time

import pytest
from hypothesis import settings

from livekit_firewall.effective.evaluate import Selection
from livekit_firewall.platforms.nftables.from_cli import read
from tests.e2e.host.answers import answers
from tests.e2e.host.judged import judged
from tests.e2e.host.nft_idioms import combined, idioms

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns")

PORTS = [
    "tcp/22",
    "tcp/80",
    "tcp/443",
    "tcp/7880",
    "tcp/7881",
    "tcp/9999",
    "udp/53",
    "udp/443",
    "udp/50000",
    "udp/60001",
]
SOURCES = ["203.0.113.50", "10.0.0.7", "198.51.100.9", "2001:db8:113::50", "fd00::5"]
PAIRS = list(itertools.product(SOURCES, PORTS))
IDIOMS = idioms()
Tried = dict[str, tuple[object, set[tuple[str, str]]]]


def tried_with_packets(rulesets: dict[str, str]) -> Tried:
    """What nft lists of each ruleset, and what gets through."""
    listing = (["nft", "-j", "list", "ruleset"], "")
    trials = [[(["nft", "-f", "-"], f"flush ruleset\n{text}"), listing] for text in rulesets.values()]
    fates = judged(PORTS, SOURCES, trials)
    return {name: (json.loads(printed), admitted) for name, (printed, admitted) in zip(rulesets, fates, strict=True)}


@pytest.fixture(scope="module")
def tried() -> Tried:
    return tried_with_packets(IDIOMS)


def read_as(ruleset: object) -> dict[tuple[str, str], bool | None]:
    return answers(read(ruleset, Selection()), PAIRS)


def wrong(listed: object, admitted: set[tuple[str, str]]) -> dict[tuple[str, str], bool]:
    """The certain answers that differ."""
    return {
        pair: answer
        for pair, answer in read_as(listed).items()
        if answer is not None and answer is not (pair in admitted)
    }


@pytest.mark.parametrize("name", IDIOMS)
def test_a_certain_answer_is_what_becomes_of_the_packet(tried, name):
    assert not wrong(*tried[name]), f"{IDIOMS[name]}\n{json.dumps(tried[name][0])}"


def test_and_so_is_it_where_lines_meet_in_any_order():
    """As many rulesets as the profile has examples: 25, or 2,000 at length."""
    chosen = random.Random(time.time_ns())
    rulesets = {text: text for text in (combined(chosen) for _ in range(settings.default.max_examples))}
    for text, found in tried_with_packets(rulesets).items():
        assert not wrong(*found), f"{text}\n{json.dumps(found[0])}"


def test_the_judge_is_not_vacuous(tried):
    fates = {name: len(admitted) for name, (_, admitted) in tried.items()}
    assert (fates["nothing at all"], fates["accept: tcp dport 443 reject"]) == (len(PAIRS), len(PAIRS) - len(SOURCES))
    assert fates["drop: ip saddr @banned drop"] == len(PAIRS) * 3 // len(PORTS) - 3
    known = [answer for listed, _ in tried.values() for answer in read_as(listed).values() if answer is not None]
    assert len(known) > len(IDIOMS) * len(PAIRS) * 0.8
    assert min(known.count(True), known.count(False)) > len(known) * 0.3

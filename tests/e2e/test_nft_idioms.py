"""Hundreds of rulesets, loaded into the kernel and listed by nft, against what becomes of packets: a certain answer
is what the packet meets.

Not proved here: other kernels and versions of nft; statements that this kernel cannot load (queue, flow offload).
"""

from __future__ import annotations

import ipaddress
import itertools
import json
import subprocess
import sys
from pathlib import Path

import pytest

from livekit_firewall.effective.evaluate import Selection
from livekit_firewall.model.ports import Protocol
from livekit_firewall.platforms.nftables.from_cli import read
from tests.e2e.host.nft_idioms import idioms

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns")

FATES = Path(__file__).parent / "host" / "fates.py"
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


@pytest.fixture(scope="module")
def tried() -> dict[str, tuple[object, set[tuple[str, str]]]]:
    """What nft lists of each ruleset, and what gets through."""
    trials = [
        [[["nft", "-f", "-"], f"flush ruleset\n{text}"], [["nft", "-j", "list", "ruleset"], ""]]
        for text in IDIOMS.values()
    ]
    asked = json.dumps({"ports": PORTS, "sources": SOURCES, "trials": trials})
    ran = subprocess.run([sys.executable, "-I", str(FATES)], input=asked, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    found = map(json.loads, ran.stdout.splitlines())
    return {
        name: (json.loads(one["printed"]), set(map(tuple, one["admitted"])))
        for name, one in zip(IDIOMS, found, strict=True)
    }


def answers(ruleset: object) -> dict[tuple[str, str], bool | None]:
    """What is read of a ruleset: admitted, denied, or None where that is not known."""
    found = read(ruleset, Selection())

    def answer(source: str, port: str) -> bool | None:
        protocol, _, number = port.partition("/")
        packet = ipaddress.ip_address(source), Protocol(protocol), int(number)
        if found.unknown.holds(*packet) or found.partly.holds(*packet):
            return None
        return found.admitted.holds(*packet)

    return {pair: answer(*pair) for pair in PAIRS}


@pytest.mark.parametrize("name", IDIOMS)
def test_a_certain_answer_is_what_becomes_of_the_packet(tried, name):
    listed, admitted = tried[name]
    wrong = {
        pair: answer
        for pair, answer in answers(listed).items()
        if answer is not None and answer is not (pair in admitted)
    }
    assert not wrong, f"{IDIOMS[name]}\n{json.dumps(listed)}"

"""Set-ups of iptables and ufw, loaded into the kernel and printed by iptables-save, against what becomes of packets: a
certain answer is what the packet meets.

Not proved here: other kernels and versions of iptables; ipset and extensions that are no part of the kernel.
"""

from __future__ import annotations

import itertools

import pytest

from livekit_firewall.effective.evaluate import Selection
from livekit_firewall.platforms.nftables.iptables.read import read
from tests.e2e.host.answers import answers
from tests.e2e.host.iptables_setups import Setup, setups
from tests.e2e.host.judged import judged

pytestmark = pytest.mark.needs("linux", "root", "iptables", "netns")

PORTS = [
    "tcp/22", "tcp/80", "tcp/443", "tcp/7880", "tcp/7881", "tcp/9999", "udp/53", "udp/68", "udp/443", "udp/5060",
    "udp/50000", "udp/60001",
]  # fmt: skip
SOURCES = ["203.0.113.50", "10.0.0.7", "198.51.100.9", "2001:db8:113::50", "fd00::5"]
PAIRS = list(itertools.product(SOURCES, PORTS))
SETUPS = setups()
TOOLS = ("iptables", "ip6tables")
HOOKS = {
    "raw": ["PREROUTING"], "mangle": ["PREROUTING", "INPUT"], "nat": ["PREROUTING"], "filter": ["INPUT"],
    "security": ["INPUT"],
}  # fmt: skip


def _with_all_tables(text: str) -> str:
    """What iptables-legacy has loaded stays, but for the tables of the text."""
    return text + "".join(
        "\n".join([f"*{table}", *(f":{hook} ACCEPT [0:0]" for hook in hooks), "COMMIT", ""])
        for table, hooks in HOOKS.items()
        if f"*{table}" not in text
    )


def loading(one: Setup) -> list[tuple[list[str], str]]:
    """The commands that load it in place of all that is loaded; the last prints it."""
    commands = [(["nft", "flush", "ruleset"], "")]
    for tool in TOOLS:
        text = getattr(one, tool)
        if one.variant == "legacy":
            text = _with_all_tables(text)
        # all network namespaces share one lock
        commands += [([f"{tool}-{one.variant}-restore", "--wait"], text)] if text else []
    saves = "; ".join(f"{tool}-{one.variant}-save" for tool in TOOLS)
    if one.beside:
        commands.append((["iptables-legacy-restore", "--wait"], _with_all_tables(one.beside)))
        saves += "; iptables-legacy-save"
    return [*commands, (["sh", "-c", saves], "")]


@pytest.fixture(scope="module")
def tried() -> dict[str, tuple[str, set[tuple[str, str]]]]:
    """What iptables-save prints of each set-up, and what gets through."""
    fates = judged(PORTS, SOURCES, [loading(one) for one in SETUPS.values()])
    return dict(zip(SETUPS, fates, strict=True))


def read_as(text: str) -> dict[tuple[str, str], bool | None]:
    return answers(read([("saved", text)], Selection()), PAIRS)


@pytest.mark.parametrize("name", SETUPS)
def test_a_certain_answer_is_what_becomes_of_the_packet(tried, name):
    text, admitted = tried[name]
    wrong = {
        pair: answer
        for pair, answer in read_as(text).items()
        if answer is not None and answer is not (pair in admitted)
    }
    assert not wrong, text

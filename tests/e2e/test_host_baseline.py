"""Each line of the host ruleset's baseline is needed: taken out, something that works before fails.

So is each type of ICMP in it. Errors about flows that connection tracking knows are part of these flows, so that
those lines are for packets that another table exempts from it (`notrack`).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from livekit_firewall.model.rules import RuleSet
from livekit_firewall.platforms.nftables import render as nftables
from tests.e2e.probe.lab import CLIENT, CLIENT6, INSIDE, PEERS, SERVER, SERVER6, Lab

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns")

ON_LINK = Path(__file__).with_name("on_link.py")
NEIGHBOUR, NEIGHBOUR6 = (one.partition("/")[0] for one in INSIDE[1])
NO_TRACKING = """\
table inet raw {
    chain prerouting { type filter hook prerouting priority raw; udp dport 40000 notrack; }
    chain output { type filter hook output priority raw; udp dport 40000 notrack; }
}
"""
FULL = nftables.render(RuleSet())

Sees = Callable[[Lab], bool]


# What is seen


def on_link(lab: Lab, space: str, *words: object) -> str:
    return lab.run(space, sys.executable, str(ON_LINK), *map(str, words)).strip()


def talks_to_itself(lab: Lab) -> bool:
    with lab.serve("tcp/6379"):
        asked = '[["127.0.0.1", "127.0.0.1", "tcp", 6379]]'
        return "true" in lab.run(lab.server, sys.executable, str(PEERS), "try", stdin=asked)


def asks_outward(lab: Lab, here: str = SERVER, there: str = CLIENT) -> bool:
    echo = lab.start(lab.client, sys.executable, str(PEERS), "serve", "udp/9")
    try:
        echo.until(lambda: "ready" in echo.stdout)
        asked = f'[["{here}", "{there}", "udp", 9]]'
        return "true" in lab.run(lab.server, sys.executable, str(PEERS), "try", stdin=asked)
    finally:
        echo.kill()


def answers_ping(lab: Lab, here: str, there: str) -> bool:
    return "true" in lab.run(lab.client, sys.executable, str(PEERS), "ping", here, there)


def admits(lab: Lab, protocol: str, port: int) -> bool:
    with lab.serve(f"{protocol}/{port}"):
        return lab.attempts([(SERVER, protocol, port)]) == [True]


def learns_of_error(lab: Lab, target: str, kind: int, code: int) -> bool:
    """A datagram of the server's meets a router that cannot pass it on; both are unknown to connection tracking."""
    lab.nft(lab.server, NO_TRACKING)
    there = NEIGHBOUR6 if ":" in target else NEIGHBOUR
    # Or the neighbour itself would say that nobody listens there.
    silent = lab.start(lab.middle, sys.executable, str(PEERS), "serve", "udp/40000")
    silent.until(lambda: "ready" in silent.stdout)
    sender = lab.start(lab.server, sys.executable, str(ON_LINK), "sends", there, "40000")
    try:
        sender.process.stdin.write(b"\n")
        sender.process.stdin.flush()
        sender.until(lambda: "sent" in sender.stdout)
        on_link(lab, lab.middle, "error", target, kind, code)
        sender.until(lambda: len(sender.stdout.split("\n")) > 2)
        return "none" not in sender.stdout
    finally:
        sender.kill()
        silent.kill()


def is_found(lab: Lab) -> bool:
    """By a neighbour that does not know its link address."""
    lab.run(None, "ip", "-n", lab.middle, "neigh", "flush", "all")
    knows(lab, lab.server, "wire", NEIGHBOUR6, link_address(lab, lab.middle, "inside"))
    return answers_ping(lab, CLIENT6, SERVER6)


def finds(lab: Lab) -> bool:
    """A neighbour whose link address it does not know, and which has no reason to ask for its own."""
    lab.run(None, "ip", "-n", lab.server, "neigh", "flush", "all")
    knows(lab, lab.middle, "inside", SERVER6, link_address(lab, lab.server, "wire"))
    return asks_outward(lab, SERVER6, CLIENT6)


def knows(lab: Lab, space: str, link: str, neighbour: str, where: str) -> None:
    entry = [neighbour, "lladdr", where, "dev", link, "nud", "reachable"]
    lab.run(None, "ip", "-n", space, "neigh", "replace", *entry)


def learns_of_router(lab: Lab) -> bool:
    lab.run(None, "ip", "-n", lab.server, "-6", "route", "flush", "proto", "ra")
    on_link(lab, lab.middle, "router", "inside")
    return "via" in lab.run(None, "ip", "-n", lab.server, "-6", "route", "show", "default", "proto", "ra")


def tells_its_groups(lab: Lab) -> bool:
    return on_link(lab, lab.middle, "mld", "inside") == "true"


def gets_address(lab: Lab) -> bool:
    client = lab.start(lab.server, sys.executable, str(ON_LINK), "dhcp", "wire")
    try:
        client.until(lambda: "ready" in client.stdout)
        on_link(lab, lab.middle, "answer", "inside", link_local(lab, lab.server, "wire"))
        lab.run(lab.server, "sleep", "0.3")
        return "547" in client.stdout
    finally:
        client.kill()


def link_address(lab: Lab, space: str, link: str) -> str:
    found = re.search(r"link/ether (\S+)", lab.run(None, "ip", "-n", space, "link", "show", "dev", link))
    assert found
    return found[1]


def link_local(lab: Lab, space: str, link: str) -> str:
    found = re.search(r"inet6 (fe80::\S+)/", lab.run(None, "ip", "-n", space, "addr", "show", "dev", link))
    assert found
    return found[1]


# What is taken out of the ruleset, and what is then missed

LINES: dict[str, Sees] = {
    "ct state established,related accept": asks_outward,
    'iifname "lo" accept': talks_to_itself,
    "ip6 saddr fe80::/10 udp sport 547 udp dport 546 accept": gets_address,
    "meta l4proto tcp ct original proto-dst 22 accept": partial(admits, protocol="tcp", port=22),
}
TYPES: dict[str, dict[str, Sees]] = {
    "icmp": {
        "destination-unreachable": partial(learns_of_error, target=SERVER, kind=3, code=4),
        "time-exceeded": partial(learns_of_error, target=SERVER, kind=11, code=0),
        "parameter-problem": partial(learns_of_error, target=SERVER, kind=12, code=0),
        "echo-request": partial(answers_ping, here=CLIENT, there=SERVER),
    },
    "icmpv6": {
        "destination-unreachable": partial(learns_of_error, target=SERVER6, kind=1, code=0),
        "packet-too-big": partial(learns_of_error, target=SERVER6, kind=2, code=0),
        "time-exceeded": partial(learns_of_error, target=SERVER6, kind=3, code=0),
        "parameter-problem": partial(learns_of_error, target=SERVER6, kind=4, code=0),
        "echo-request": partial(answers_ping, here=CLIENT6, there=SERVER6),
        "nd-router-advert": learns_of_router,
        "nd-neighbor-solicit": is_found,
        "nd-neighbor-advert": finds,
        "mld-listener-query": tells_its_groups,
    },
}
FOR_ROUTERS = {"mld-listener-report", "mld-listener-done", "mld2-listener-report"}
"""What hosts say of their groups, to routers; RFC 4890, 4.4.1, wants them let in. No host does anything with them."""
NOT_NEEDED = {"ct state invalid drop"}
"""Such packets have no `ct original`, so that no rule below admits them; the policy drops them."""


@pytest.fixture(scope="module")
def shared() -> Iterator[Lab]:
    with Lab() as made:
        yield made


@pytest.fixture
def lab(shared: Lab) -> Lab:
    shared.reset()
    return shared


def baseline() -> list[str]:
    return [line.strip().partition(' comment "baseline: ')[0] for line in FULL.splitlines() if '"baseline: ' in line]


def types_of(line: str) -> tuple[str, set[str]] | None:
    """("icmp", {"echo-request"}) of a line that admits types."""
    found = re.fullmatch(r"(icmp|icmpv6) type \{ (.*) \} accept", line)
    return (found[1], set(found[2].split(", "))) if found else None


def test_every_line_and_every_type_is_tried():
    typed = [found for line in baseline() if (found := types_of(line))]
    assert {line for line in baseline() if not types_of(line)} == set(LINES) | NOT_NEEDED
    assert {(name, one) for name, some in typed for one in some} == {
        *((name, one) for name, some in TYPES.items() for one in some),
        *(("icmpv6", one) for one in FOR_ROUTERS),
    }


@pytest.mark.parametrize("line", LINES)
def test_without_the_line_something_breaks(lab, line):
    lab.host(FULL)
    assert LINES[line](lab)
    without = "\n".join(one for one in FULL.splitlines() if line not in one)
    assert without != FULL.rstrip("\n")
    lab.host(without)
    assert not LINES[line](lab)


@pytest.mark.parametrize(("name", "kind"), [(name, kind) for name, some in TYPES.items() for kind in some])
def test_without_the_type_something_breaks(lab, name, kind):
    sees = TYPES[name][kind]
    lab.host(FULL)
    assert sees(lab)
    lab.host("\n".join(taken_out(line, name, kind) for line in FULL.splitlines()))
    assert not sees(lab)


def test_what_is_invalid_matches_no_rule_below_anyway(lab):
    """Of the one line that nothing needs: without it, such a packet to an open port gets to the end of the chain."""
    (line,) = NOT_NEEDED
    lines = [one for one in FULL.splitlines() if line not in one]
    last = next(at for at, one in enumerate(lines) if "SSH from anywhere" in one)
    lab.host("\n".join([*lines[: last + 1], "ct state invalid counter", *lines[last + 1 :]]))
    on_link(lab, lab.middle, "nonsense", SERVER, 22)
    assert "ct state invalid counter packets 1 " in lab.run(lab.server, "nft", "list", "ruleset")


def taken_out(line: str, name: str, kind: str) -> str:
    if f"{name} type" not in line or not re.search(rf"\b{kind}\b", line):
        return line
    return re.sub(rf"(\{{ {kind}, |, {kind}\b)", lambda cut: "{ " if cut[0].startswith("{") else "", line)

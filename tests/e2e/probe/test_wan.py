"""Bad wires: a long way, a slow one, one that loses packets or changes their order, and the largest sweep there is.

What is lost is lost at random, so that a verdict must survive other numbers each time. Nothing here is timed:
`make bench` does that.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.sampling import is_soak

from .found import expected, foreign, verdicts
from .lab import SERVER, SERVER6, Lab
from .program import Checked

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns")

RANGE = "udp/50000-60000"
ALL = "udp/1-65535"
TALK = "udp/443"
PATIENCE = 180.0
"""Seconds for one check on a busy machine."""


@pytest.fixture
def far(lab: Lab) -> Lab:
    """100 ms there and back, 20 Mbit/s, and of a hundred packets each direction loses one."""
    lab.delay(50)
    lab.rate(20)
    lab.loss(1)
    return lab


def probe(lab: Lab, *ports: str, hosts: tuple[str, ...] = (SERVER,)) -> Checked:
    options = [word for port in ports for word in ("--port", port)]
    with lab.listen(*options) as listening:
        return lab.check(*hosts, "--token", listening.token, *options, patience=PATIENCE)


def wrong(found: dict[tuple[str, str], str], right: dict[tuple[str, str], str]) -> dict[tuple[str, str], str]:
    """The verdicts that are not right, with what is missing: short enough to be read when there are ten thousand."""
    return {key: f"{found.get(key)}, not {right.get(key)}" for key in found | right if found.get(key) != right.get(key)}


def half_blocked(lab: Lab) -> dict[tuple[str, str], str]:
    """A range of which the cloud shuts the last quarter and the host the quarter before; the verdicts due."""
    lab.cloud([TALK, "udp/50000-57500"])
    lab.host(foreign("udp dport 55001-60000 drop", [""]))
    parts = {
        "reachable": [TALK, "udp/50000-55000"],
        "blocked-on-host": ["udp/55001-57500"],
        "blocked-before-host": ["udp/57501-60000"],
    }
    return {key: word for word, ports in parts.items() for key in expected(ports, ipv4=word)}


def test_far_away_every_port_of_an_open_range_is_reachable_in_both_families(far):
    far.cloud([RANGE])
    checked = probe(far, RANGE, hosts=(SERVER, SERVER6))
    assert wrong(verdicts(checked), expected([RANGE], ipv4="reachable", ipv6="reachable")) == {}
    assert {row["verdict"] for row in checked.found["ports"] if row["wanted"] == "closed"} == {"blocked-before-host"}
    assert checked.code == 0


def test_far_away_two_ports_open_of_ten_thousand_are_exactly_these_two(far):
    far.cloud(["udp/50000", "udp/60000"])
    checked = probe(far, RANGE)
    found = verdicts(checked)
    assert Counter(found.values()) == {"reachable": 2, "blocked-before-host": 9_999}
    assert [key for key, word in found.items() if word == "reachable"] == [("ipv4", "udp/50000"), ("ipv4", "udp/60000")]
    assert checked.code == 1


def test_far_away_each_part_of_a_range_has_the_verdict_of_its_layer(far):
    right = half_blocked(far)
    checked = probe(far, TALK, RANGE)
    assert wrong(verdicts(checked), right) == {}
    assert checked.code == 1


@pytest.mark.parametrize("run", range(3 if is_soak() else 1))
def test_no_verdict_is_wrong_where_each_direction_loses_five_of_a_hundred(far, run):
    far.loss(5)
    right = half_blocked(far)
    checked = probe(far, TALK, RANGE)
    assert wrong(verdicts(checked), right) == {}
    closed = {row["verdict"] for row in checked.found["ports"] if row["wanted"] == "closed"}
    assert closed == {"blocked-before-host"}


def test_packets_that_overtake_each_other_change_no_verdict(lab):
    """One in ten waits in a slow queue of the middle box, in both directions, for up to a tenth of a second."""
    right = half_blocked(lab)
    for link in ("inside", "outside"):
        for step in (
            ("qdisc", "replace", "dev", link, "root", "handle", "1:", "htb"),  # what has no class waits for nobody
            ("class", "add", "dev", link, "parent", "1:", "classid", "1:2", "htb", "rate", "2mbit"),
            ("qdisc", "add", "dev", link, "parent", "1:2", "pfifo", "limit", "300"),
        ):
            lab.run(None, "tc", "-n", lab.middle, *step)
    chain = "type filter hook forward priority mangle;\nnumgen random mod 10 == 0 counter meta priority set 1:2"
    lab.nft(lab.middle, f"table inet late {{\nchain forward {{\n{chain}\n}}\n}}")
    try:
        checked = probe(lab, TALK, RANGE)
        delayed = lab.run(None, "tc", "-s", "-n", lab.middle, "qdisc", "show", "dev", "inside", "parent", "1:2")
    finally:
        lab.nft(lab.middle, "delete table inet late")
        for link in ("inside", "outside"):
            lab.run(None, "tc", "-n", lab.middle, "qdisc", "delete", "dev", link, "root")
    assert wrong(verdicts(checked), right) == {}
    assert int(delayed.partition(" pkt")[0].split()[-1]) > 500, f"nothing was delayed: {delayed}"


def test_all_the_udp_ports_that_there_are_can_be_open(lab):
    lab.cloud([ALL])
    checked = probe(lab, ALL)
    assert wrong(verdicts(checked), expected([ALL], ipv4="reachable")) == {}
    [row] = [row for row in checked.found["ports"] if row["wanted"] == "open"]
    assert (row["first"], row["last"], row["count"]) == (1, 65_535, 65_535)
    assert checked.code == 0


@pytest.mark.parametrize("layer", ["cloud", "host"] if is_soak() else ["cloud"])
def test_all_the_udp_ports_that_there_are_can_be_shut(lab, layer):
    """But for one, through which the two can talk."""
    if layer == "cloud":
        lab.cloud([TALK])
    else:
        lab.host(foreign("udp dport != 443 drop", [""]))
    shut = expected([ALL], ipv4="blocked-before-host" if layer == "cloud" else "blocked-on-host")
    checked = probe(lab, TALK, ALL)
    assert wrong(verdicts(checked), shut | expected([TALK], ipv4="reachable")) == {}
    assert checked.code == 1

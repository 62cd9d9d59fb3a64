"""Ways that take small packets only, as tunnels do: a healthy listener is never said not to be there."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest

from .found import expected, foreign, verdicts
from .lab import SERVER, SERVER6, Lab
from .program import Checked

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns")

PORTS = ("udp/443", "udp/50000-50031", "tcp/7881")
OPTIONS = tuple(itertools.chain.from_iterable(("--port", port) for port in PORTS))
SILENT_ROUTERS = (
    "type filter hook output priority filter;\nicmp type destination-unreachable drop\nicmpv6 type packet-too-big drop"
)
"""Routers that drop what is too large and do not say so, as many do."""


@pytest.fixture
def lab() -> Iterator[Lab]:
    """Of each test, since a link whose MTU was below 1280 has lost its addresses of IPv6."""
    with Lab() as made:
        yield made
        assert made.leftovers() == []


def narrow(lab: Lab, mtu: int, *, told: bool, link: str = "inside") -> None:
    """The middle box sends no larger packets to the server or to the client."""
    if not told:
        lab.nft(lab.middle, f"table inet silent {{\nchain output {{\n{SILENT_ROUTERS}\n}}\n}}")
    lab.run(None, "ip", "-n", lab.middle, "link", "set", link, "mtu", str(mtu))


def check(lab: Lab, *hosts: str) -> Checked:
    with lab.listen(*OPTIONS) as listening:
        return lab.check(*hosts, "--token", listening.token, *OPTIONS)


@pytest.mark.parametrize("told", [True, False], ids=["told", "silent"])
@pytest.mark.parametrize("link", ["inside", "outside"], ids=["on the way there", "on the way back"])
@pytest.mark.parametrize("mtu", [1200, 900, 600, 576])
def test_down_to_576_bytes_all_is_known(lab, mtu, link, told):
    lab.cloud(["udp/443", "udp/50000-50015", "tcp/7881"])
    lab.host(foreign("udp dport 50003 drop", [""]))
    narrow(lab, mtu, told=told, link=link)
    found = check(lab, SERVER)
    right = expected(["udp/443", "udp/50000-50015", "tcp/7881"], ipv4="reachable")
    right |= expected(["udp/50016-50031"], ipv4="blocked-before-host") | {("ipv4", "udp/50003"): "blocked-on-host"}
    assert verdicts(found) == right
    assert found.found["listener"] is True


@pytest.mark.parametrize("told", [True, False], ids=["told", "silent"])
def test_over_ipv6_1280_bytes_are_enough(lab, told):
    lab.cloud(PORTS)
    narrow(lab, 1280, told=told)
    found = check(lab, SERVER6)
    assert (found.code, verdicts(found)) == (0, expected(PORTS, ipv6="reachable"))


@pytest.mark.parametrize(
    ("link", "told"),
    [("inside", True), ("inside", False), ("outside", False)],
    ids=["told on the way there", "silent on the way there", "silent on the way back"],
)
@pytest.mark.parametrize("mtu", [575, 400, 128])
def test_below_that_silence_is_not_known_and_the_mtu_is_named(lab, mtu, link, told):
    """What answers is reachable all the same; nothing is said to be closed, nor a service not to listen."""
    lab.cloud(["udp/443", "udp/50000-50015", "tcp/7881"])
    narrow(lab, mtu, told=told, link=link)
    with lab.listen(*OPTIONS) as listening:
        found = lab.check(SERVER, "--token", listening.token, *OPTIONS)
        listening.stop()
    assert found.code == 2
    assert found.found["verdict"] == "could-not-test"
    # by small packets TCP and probes are judged all the same; what is refused, a listener may answer for
    for row in found.found["ports"]:
        is_open = row["wanted"] == "open" and row["last"] <= 50015
        may_be = {
            ("udp", True): {"reachable"}, ("udp", False): {"not-tested"},
            # a listener that was heard, though not its answer, accepts
            ("tcp", True): {"not-tested", "reachable"}, ("tcp", False): {"blocked"},
        }  # fmt: skip
        assert row["verdict"] in may_be[row["protocol"], is_open], row
    assert "this host dropped it" not in listening.stdout
    (note,) = [one for one in found.found["notes"] if "MTU" in one]
    assert "needs 576" in note
    named = int(re.search(r"takes packets of (\d+) bytes at most", note)[1])  # type: ignore[index]
    assert mtu - (0 if told else 4) <= named <= mtu


def test_below_that_a_host_that_drops_everything_is_not_called_without_a_listener(lab):
    lab.host(foreign("meta l4proto {{ tcp, udp }} drop", [""]))
    narrow(lab, 500, told=False)
    found = check(lab, SERVER)
    assert any("MTU" in one for one in found.found["notes"])
    assert not any("no listener answered" in one for one in found.found["notes"])


def test_this_machines_own_mtu_is_named(lab):
    lab.cloud(PORTS)
    lab.run(None, "ip", "-n", lab.client, "link", "set", "wire", "mtu", "500")
    found = check(lab, SERVER)
    assert found.code == 2
    assert any("takes packets of 500 bytes at most" in one for one in found.found["notes"])

"""Ways that take small packets only, as tunnels do: a healthy listener is never said not to be there.

A check that is not answered waits, so several are made at once, each in a laboratory of its own: a link whose MTU was
below 1280 has lost its addresses of IPv6.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import astuple, dataclass

import pytest

from tests.sampling import sample

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


AT_ONCE = 8


@dataclass(frozen=True)
class Way:
    """What becomes of the middle box and of the host before a check, and whom it asks."""

    mtu: int
    told: bool = True
    link: str = "inside"
    host: str = SERVER
    cloud: tuple[str, ...] | None = ("udp/443", "udp/50000-50015", "tcp/7881")
    drops: str = ""


@dataclass(frozen=True)
class Outcome:
    checked: Checked
    listened: str


def narrow(lab: Lab, mtu: int, *, told: bool, link: str = "inside") -> None:
    """The middle box sends no larger packets to the server or to the client."""
    if not told:
        lab.nft(lab.middle, f"table inet silent {{\nchain output {{\n{SILENT_ROUTERS}\n}}\n}}")
    lab.run(None, "ip", "-n", lab.middle, "link", "set", link, "mtu", str(mtu))


def checked(way: Way) -> Outcome:
    with Lab() as lab:
        if way.cloud is not None:
            lab.cloud(way.cloud)
        if way.drops:
            lab.host(foreign(way.drops, [""]))
        if way.link == "wire":
            lab.run(None, "ip", "-n", lab.client, "link", "set", "wire", "mtu", str(way.mtu))
        else:
            narrow(lab, way.mtu, told=way.told, link=way.link)
        with lab.listen(*OPTIONS) as listening:
            found = lab.check(way.host, "--token", listening.token, *OPTIONS)
            listening.stop()
        assert lab.leftovers() == []
        return Outcome(found, listening.stdout)


LINKS = {"inside": "on the way there", "outside": "on the way back"}


def ways(*some: Way) -> pytest.MarkDecorator:
    names = [f"{one.mtu}-{'told' if one.told else 'silent'} {LINKS[one.link]}" for one in some]
    return pytest.mark.parametrize("way", some, ids=names)


@pytest.fixture(scope="module")
def running(request: pytest.FixtureRequest) -> Iterator[Mapping[Way, Future[Outcome]]]:
    """Of the tests of this run; what is not answered takes longest, and is begun first."""
    items = [item for item in request.session.items if item.path == request.path]
    wanted: list[Way] = [item.callspec.params["way"] for item in items]  # type: ignore[attr-defined]
    with ExitStack() as stack:
        pool = ThreadPoolExecutor(AT_ONCE)
        stack.callback(pool.shutdown, cancel_futures=True)
        yield {way: pool.submit(checked, way) for way in sorted(wanted, key=lambda way: way.mtu)}


@pytest.fixture
def outcome(running: Mapping[Way, Future[Outcome]], way: Way) -> Outcome:
    return running[way].result()


NARROW = [
    Way(mtu, told, link, drops="udp dport 50003 drop")
    for mtu in (1200, 900, 600, 576)
    for link in LINKS
    for told in (True, False)
]


@ways(*sample(NARROW, lambda one: (one.mtu, (one.link, one.told))))
def test_down_to_576_bytes_all_is_known(outcome):
    right = expected(["udp/443", "udp/50000-50015", "tcp/7881"], ipv4="reachable")
    right |= expected(["udp/50016-50031"], ipv4="blocked-before-host") | {("ipv4", "udp/50003"): "blocked-on-host"}
    assert verdicts(outcome.checked) == right
    assert outcome.checked.found["listener"] is True


@ways(*(Way(1280, told, host=SERVER6, cloud=PORTS) for told in (True, False)))
def test_over_ipv6_1280_bytes_are_enough(outcome):
    assert (outcome.checked.code, verdicts(outcome.checked)) == (0, expected(PORTS, ipv6="reachable"))


BELOW = [("inside", True), ("inside", False), ("outside", False)]


@ways(*sample([Way(mtu, told, link) for mtu in (575, 400, 128) for link, told in BELOW], astuple))
def test_below_that_silence_is_not_known_and_the_mtu_is_named(outcome, way):
    """What answers is reachable all the same; nothing is said to be closed, nor a service not to listen."""
    found = outcome.checked
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
    assert "this host dropped it" not in outcome.listened
    (note,) = [one for one in found.found["notes"] if "MTU" in one]
    assert "need 576" in note
    named = int(re.search(r"takes packets of (\d+) bytes at most", note)[1])  # type: ignore[index]
    assert way.mtu - (0 if way.told else 4) <= named <= way.mtu


@ways(Way(500, told=False, cloud=None, drops="meta l4proto {{ tcp, udp }} drop"))
def test_below_that_a_host_that_drops_everything_is_not_called_without_a_listener(outcome):
    assert any("MTU" in one for one in outcome.checked.found["notes"])
    assert not any("no listener answered" in one for one in outcome.checked.found["notes"])


@pytest.mark.parametrize("way", [Way(500, link="wire", cloud=PORTS)], ids=["500"])
def test_this_machines_own_mtu_is_named(outcome):
    assert outcome.checked.code == 2
    assert any("takes packets of 500 bytes at most" in one for one in outcome.checked.found["notes"])

"""What the probe does where something is missing: nft, root, IPv6, a route, a way out, a listener."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from .found import expected, foreign, rows, verdicts
from .lab import SERVER, SERVER6, Lab
from .lab import probe as command
from .program import Checked, Listening

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns")

PORTS = ("udp/443", "udp/50000-50031", "tcp/7881")
OPTIONS = tuple(itertools.chain.from_iterable(("--port", port) for port in PORTS))
NOWHERE, NO_NEIGHBOUR = "192.0.2.9", "2001:db8:113::77"

WITHOUT_NFT = (
    "unshare", "--mount", "sh", "-c",
    'for one in $(which -a nft); do mount --bind /dev/null "$one"; done; exec "$@"', "sh",
)  # fmt: skip
WITHOUT_RIGHT = ("setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin")
AS_NOBODY = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all")
AS_STRANGER = ("unshare", "--user")


@contextmanager
def listen(lab: Lab, *prefix: str) -> Iterator[Listening]:
    listening = lab.start(lab.server, *prefix, *command("listen", *OPTIONS), kind=Listening)
    try:
        listening.until(lambda: listening.command_to_copy)
        yield listening
    finally:
        listening.stop()


@pytest.mark.parametrize(
    ("prefix", "why"),
    [
        pytest.param(WITHOUT_NFT, "nft is not installed (package nftables)", id="no nft"),
        pytest.param(WITHOUT_RIGHT, "transparent sockets need root (CAP_NET_ADMIN)", id="no right to use it"),
    ],
)
def test_root_without_nft_binds_the_free_ports_and_still_names_the_layer(lab, prefix, why):
    """The packet socket sees what arrives before the host's firewall judges it."""
    lab.cloud(["udp/443", "udp/50000-50015", "tcp/7881"])
    lab.host(foreign("meta nfproto {0} udp dport 50003 drop", ["ipv4", "ipv6"]))
    with lab.serve("udp/50005"), listen(lab, *prefix) as listening:
        found = lab.check(SERVER, SERVER6, "--token", listening.token, *OPTIONS)
        listening.stop()
    by_port = {"udp/50003": "blocked-on-host", "udp/50005": "not-tested"}
    right = expected(["udp/443", "udp/50000-50015", "tcp/7881"], ipv4="reachable", ipv6="reachable")
    right |= expected(["udp/50016-50031"], ipv4="blocked-before-host", ipv6="blocked-before-host")
    right |= {(family, port): one for port, one in by_port.items() for family in ("ipv4", "ipv6")}
    assert verdicts(found) == right
    assert found.code == 1
    assert f"not tested: nothing is diverted: {why}" in listening.stderr
    assert "1 udp port, 50005 first: a service has them bound" in listening.stderr
    for line in (
        "50003/udp: arrived, and this host dropped it",
        "50005/udp: not tested: a service has it bound",
        "50016-50031/udp: did not arrive: stopped before this host",
        "7881/tcp: arrived and answered",
    ):
        assert listening.stdout.count(line) == 2, listening.stdout
    # bound by the listener itself, so no service
    assert {row["by_probe"] for row in rows(found, "tcp/7881").values()} == {True}


@pytest.mark.parametrize("prefix", [AS_NOBODY, AS_STRANGER], ids=["nobody", "another user namespace"])
def test_without_root_the_layer_is_not_named_and_it_says_what_it_could_not_test(lab, prefix):
    lab.cloud(["udp/443", "udp/50000-50015", "tcp/7881"])
    lab.host(foreign("meta nfproto {0} udp dport 50003 drop", ["ipv4"]))
    with listen(lab, *prefix) as listening:
        found = lab.check(SERVER, "--token", listening.token, *OPTIONS)
        listening.stop()
    right = expected(["udp/50000-50015", "tcp/7881"], ipv4="reachable")
    right |= expected(["udp/50003", "udp/50016-50031"], ipv4="blocked")
    assert verdicts(found) == right | expected(["udp/443"], ipv4="not-tested")
    assert found.code == 1
    for limit in (
        "nothing is diverted: transparent sockets need root (CAP_NET_ADMIN)",
        "3 udp ports, 442 first: this user may not bind them",
        "which layer blocks: that needs root",
    ):
        assert limit in listening.stderr
    assert "50016-50031/udp: not seen: stopped before this host or by its own firewall" in listening.stdout
    assert "did not arrive" not in listening.stdout


def test_a_host_whose_connection_table_is_nearly_full_is_left_alone(lab, tmp_path):
    """Each UDP port that is tried takes an entry, and a call would not get one."""
    (tmp_path / "max").write_text("70\n")
    place = "/proc/sys/net/netfilter/nf_conntrack_max"
    small = ("unshare", "--mount", "sh", "-c", f'mount --bind {tmp_path}/max {place}; exec "$@"', "sh")
    refused = lab.start(lab.server, *small, *command("listen", *OPTIONS))
    assert refused.wait() == 2
    assert "the host's connection table has room for" in refused.stderr
    assert refused.stdout == ""


def test_a_client_without_ipv6_tests_ipv4_and_says_so():
    with Lab() as lab:  # its own, since the addresses do not come back
        lab.cloud(PORTS)
        lab.run(lab.client, "sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6")
        with lab.listen(*OPTIONS) as listening:
            both = lab.check(SERVER, SERVER6, "--token", listening.token, *OPTIONS)
            alone = lab.check(SERVER, "--token", listening.token, *OPTIONS)
        one_sided = lab.check(SERVER6, *OPTIONS)
        assert lab.leftovers() == []
    assert both.code == 2
    assert "IPv6 was not tested: this machine has no route to it over IPv6" in both.found["notes"]
    assert {(row["family"], row["verdict"]) for row in both.found["ports"] if row["wanted"] == "open"} == {
        ("ipv4", "reachable"),
        ("ipv6", "not-tested"),
    }
    assert alone.code == 0
    assert one_sided.code == 2
    assert "IPv6 was not tested: this machine has no route to it over IPv6" in one_sided.found["notes"]


@pytest.mark.parametrize("rule", ["udp dport 50003 drop", "meta l4proto udp reject", "meta l4proto udp drop"])
def test_a_client_whose_own_firewall_keeps_packets_in_blames_nobody_else(lab, rule):
    lab.cloud(PORTS)
    chain = f"chain output {{\ntype filter hook output priority filter;\n{rule}\n}}"
    lab.nft(lab.client, f"table inet own {{\n{chain}\n}}")
    try:
        with lab.listen(*OPTIONS) as listening:
            found = lab.check(SERVER, "--token", listening.token, *OPTIONS)
    finally:
        lab.nft(lab.client, "delete table inet own")
    assert found.code == 2
    assert "IPv4 was not tested: this machine's own firewall does not let the packets out" in found.found["notes"]
    assert {row["verdict"] for row in found.found["ports"] if row["protocol"] == "udp"} == {"not-tested"}
    assert found.found["advice"] == []


NOT_THERE = {
    f"{how}-{why}": (address, token)
    for how, token in (("with a token", True), ("one-sided", False))
    for why, address in (("no route on the way", NOWHERE), ("no such neighbour", NO_NEIGHBOUR))
}


def check_what_is_not_there(address: str, token: bool) -> Checked:
    with Lab() as lab:
        with lab.listen(*OPTIONS) as listening:
            secret = ["--token", listening.token] if token else []
        found = lab.check(address, *secret, *OPTIONS)
        assert lab.leftovers() == []
        return found


@pytest.fixture(scope="module")
def not_there() -> Iterator[Mapping[str, Future[Checked]]]:
    """All at once, for they wait; each has a laboratory of its own, since a kernel limits its ICMP errors."""
    with ThreadPoolExecutor(len(NOT_THERE)) as pool:
        yield {name: pool.submit(check_what_is_not_there, *given) for name, given in NOT_THERE.items()}


@pytest.mark.parametrize("name", NOT_THERE)
def test_a_host_that_is_not_there_is_unreachable_and_not_blocked(not_there, name):
    found = not_there[name].result()
    assert found.code == 2
    assert {row["verdict"] for row in found.found["ports"]} == {"unreachable-host"}
    assert found.found["verdict"] == "could-not-test"


def test_a_name_that_is_nobodys_is_reported_before_anything_is_sent(lab):
    found = lab.check("nobody.invalid", *OPTIONS)
    assert found.code == 2
    assert "there is no host called 'nobody.invalid'" in found.stderr


def test_one_sided_it_says_what_can_be_known_and_no_more(lab):
    """Services that answer are there; refusals come from somebody; silence over UDP is nothing."""
    lab.host(foreign("udp dport 50031 drop\ntcp dport 7882 drop\nudp dport 443 drop", [""]))
    options = ("--port", "tcp/7883", "--port", "tcp/7882", *OPTIONS)
    with lab.serve("udp/50000", "tcp/7881"):
        found = lab.check(SERVER, *options)
    assert found.found["listener"] is False
    # by the kernel's limit of ICMP errors, some of the sampled ports are refused and the others silent
    seen = verdicts(found, "udp/50001-50030")
    assert set(seen.values()) == {"nobody-listens", "not-tested"}
    assert verdicts(found, "udp/50000", "udp/50031", "udp/443", "tcp/7881-7883") == {
        ("ipv4", "udp/50000"): "reachable",
        ("ipv4", "udp/50031"): "not-tested",
        ("ipv4", "udp/443"): "not-tested",
        ("ipv4", "tcp/7881"): "reachable",
        ("ipv4", "tcp/7882"): "blocked",
        ("ipv4", "tcp/7883"): "nobody-listens",
    }
    assert found.code == 1
    assert not {"blocked-on-host", "blocked-before-host"} & {row["verdict"] for row in found.found["ports"]}
    closed = [row for row in found.found["ports"] if row["wanted"] == "closed"]
    assert {row["protocol"] for row in closed} == {"tcp"}, "of UDP beside a range, silence would prove nothing"
    assert {row["verdict"] for row in closed} == {"nobody-listens"}

"""A container in Docker's bridge and the host's ruleset: what is published passes it by, and the container's own
packets to the host do not, unless its subnet is named. DOCKER-USER closes what is published (docs/docker.md).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from livekit_firewall.model.addresses import Cidr, Peer
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.nftables import render as nftables
from tests.e2e.probe.lab import PEERS, SERVER, Lab

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns", "iptables")

SUBNET, GATEWAY, CONTAINER = "172.28.0.0/24", "172.28.0.1", "172.28.0.2"
DOCKER = f"""\
*nat
:DOCKER - [0:0]
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A DOCKER ! -i bridge0 -p tcp -m tcp --dport 6379 -j DNAT --to-destination {CONTAINER}:6379
-A DOCKER ! -i bridge0 -p tcp -m tcp --dport 6380 -j DNAT --to-destination {CONTAINER}:6381
COMMIT
*filter
:FORWARD DROP [0:0]
:DOCKER-USER - [0:0]
-A FORWARD -j DOCKER-USER
-A FORWARD -o bridge0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A FORWARD -i bridge0 ! -o bridge0 -j ACCEPT
-A FORWARD -d {CONTAINER}/32 ! -i bridge0 -o bridge0 -p tcp -m tcp -m multiport --dports 6379,6381 -j ACCEPT
COMMIT
"""
"""As dockerd writes them for `ports: ["6379:6379", "6380:6381"]`."""
PAGE = Path(__file__).parents[2] / "docs/docker.md"


@pytest.fixture
def container(lab: Lab) -> Iterator[str]:
    """The namespace of a container behind `bridge0` of the server, whose ports the host forwards."""
    space = f"{lab.server}-ct"
    lab.run(None, "ip", "netns", "add", space)
    try:
        for line in (
            "link add bridge0 type bridge", f"addr add {GATEWAY}/24 dev bridge0", "link set bridge0 up",
            f"link add port type veth peer name eth0 netns {space}", "link set port master bridge0 up",
        ):  # fmt: skip
            lab.run(None, "ip", "-n", lab.server, *line.split())
        for line in (
            "link set lo up", f"addr add {CONTAINER}/24 dev eth0", "link set eth0 up",
            f"route add default via {GATEWAY}",
        ):  # fmt: skip
            lab.run(None, "ip", "-n", space, *line.split())
        lab.run(lab.server, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
        yield space
    finally:
        lab.host()
        lab.run(None, "ip", "-n", lab.server, "link", "delete", "bridge0")
        lab.run(None, "ip", "netns", "delete", space)


@pytest.fixture
def lab() -> Iterator[Lab]:
    with Lab() as one:
        yield one


def ruleset(*blocks: str) -> str:
    peers = (Peer.of(Cidr.parse(block)) for block in blocks)
    return nftables.render(RuleSet.of(Rule(PortRange.tcp(7880), peer, Service.API) for peer in peers))


def reaches_host(lab: Lab, container: str) -> bool:
    asked = json.dumps([[CONTAINER, GATEWAY, "tcp", 7880]])
    with lab.serve("tcp/7880"):
        found: list[bool] = json.loads(lab.run(container, sys.executable, str(PEERS), "try", stdin=asked))
    return found == [True]


def published(lab: Lab, container: str) -> list[bool]:
    inside = lab.start(container, sys.executable, str(PEERS), "serve", "tcp/6379 tcp/6381")
    try:
        inside.until(lambda: "ready" in inside.stdout)
        return lab.attempts([(SERVER, "tcp", 6379), (SERVER, "tcp", 6380)])
    finally:
        inside.kill()


def close(lab: Lab, port: int) -> None:
    """The page's own command, for the lab's link and another port of the host."""
    [line] = [one for one in PAGE.read_text(encoding="utf-8").splitlines() if one.startswith("sudo iptables ")]
    words = line.removeprefix("sudo iptables ").replace("-i eth0", "-i wire").replace("6379", str(port))
    lab.run(lab.server, "iptables-nft", *words.split())


def test_the_proxy_in_a_bridge_is_shut_out_unless_its_subnet_is_named(lab: Lab, container: str) -> None:
    assert reaches_host(lab, container)
    lab.host(ruleset())
    assert not reaches_host(lab, container)
    lab.host(ruleset("172.17.0.0/16"))
    assert not reaches_host(lab, container)
    lab.host(ruleset(SUBNET))
    assert reaches_host(lab, container)
    with lab.serve("tcp/7880"):
        assert lab.attempts([(SERVER, "tcp", 7880)]) == [False]


def test_what_is_published_passes_the_ruleset_by_and_docker_user_closes_it(lab: Lab, container: str) -> None:
    lab.host(ruleset())
    lab.run(lab.server, "iptables-nft-restore", "--noflush", stdin=DOCKER)
    assert published(lab, container) == [True, True]
    close(lab, 6379)
    assert published(lab, container) == [False, True]
    # by the host's port, not by the container's
    close(lab, 6380)
    assert published(lab, container) == [False, False]

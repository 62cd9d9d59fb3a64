"""What else is on a server: live services, containers behind translated ports, other people's chains, a load balancer.

None of them notices the probe, and none of them makes a verdict wrong.
"""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .found import FAMILIES, expected, foreign, rows, verdicts
from .lab import CLIENT, PEERS, SERVER, SERVER6, Lab
from .test_safety import PACKETS

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns")

PORTS = ("udp/443", "udp/50000-50031", "tcp/7881")
OPTIONS = tuple(itertools.chain.from_iterable(("--port", port) for port in PORTS))
CONTAINER = "172.17.0.2"


@contextmanager
def container(lab: Lab) -> Iterator[str]:
    """A namespace behind the server, which forwards, as Docker's bridge does."""
    space = f"{lab.server}-container"
    lab.run(None, "ip", "netns", "add", space)
    try:
        lab.run(None, "ip", "-n", lab.server, "link", "add", "docker", "type", "veth", "peer", "eth0", "netns", space)
        for where, link, address in ((lab.server, "docker", "172.17.0.1/16"), (space, "eth0", f"{CONTAINER}/16")):
            lab.run(None, "ip", "-n", where, "link", "set", link, "addrgenmode", "none", "up")
            lab.run(None, "ip", "-n", where, "addr", "add", address, "dev", link)
        lab.run(None, "ip", "-n", space, "route", "add", "default", "via", "172.17.0.1")
        lab.run(lab.server, "sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward")
        yield space
    finally:
        lab.run(lab.server, "sh", "-c", "echo 0 > /proc/sys/net/ipv4/ip_forward")
        lab.run(None, "ip", "-n", lab.server, "link", "delete", "docker")
        lab.run(None, "ip", "netns", "delete", space)


@pytest.mark.parametrize("address", [SERVER, SERVER6], ids=FAMILIES)
def test_a_service_on_a_port_of_the_range_loses_nothing_and_never_sees_a_probe(lab, address):
    service = lab.start(lab.server, sys.executable, "-I", "-S", PACKETS, "log", "50005")
    service.until(lambda: "ready" in service.stdout)
    client = lab.start(lab.client, sys.executable, "-I", "-S", PACKETS, "stream", address, "50005")
    client.until(lambda: "ready" in client.stdout)
    before = service.stdout.count("\n")
    with lab.listen(*OPTIONS) as listening:
        for _ in range(3):
            found = lab.check(SERVER, SERVER6, "--token", listening.token, *OPTIONS)
            assert verdicts(found) == expected(PORTS, ipv4="reachable", ipv6="reachable")
            assert {row["by_probe"] for row in rows(found, "udp/50005").values()} == {True}
        during = service.stdout.count("\n")
    assert client.code is None
    client.process.stdin.close()
    assert client.wait() == 0, client.stderr
    service.kill()
    sent = int(client.stdout.split()[-1])
    assert during > before, "the stream did not stand still meanwhile"
    assert service.stdout.split()[1:] == [str(number).encode().hex() for number in range(sent)]


def test_a_tcp_port_in_use_answers_itself(lab):
    with lab.serve("tcp/7881"), lab.listen(*OPTIONS) as listening:
        found = lab.check(SERVER, SERVER6, "--token", listening.token, *OPTIONS)
        assert lab.attempts([(SERVER, "tcp", 7881), (SERVER6, "tcp", 7881)]) == [True, True]
        listening.stop()
    for row in rows(found, "tcp/7881").values():
        assert (row["verdict"], row["by_probe"], row["detail"]) == ("reachable", False, "")
    assert listening.stdout.count("7881/tcp: left to the service that listens there") == 2


TRANSLATED = f"""
table ip nat {{ chain prerouting {{
    type nat hook prerouting priority dstnat;
    udp dport 50000-50015 dnat to {CONTAINER}
    udp dport 50016-50019 dnat to {CONTAINER}:50003
    udp dport 443 redirect to :4443
    tcp dport {{ 7881, 7882, 7883, 6379 }} dnat to {CONTAINER}
    tcp dport 7884 dnat to {CONTAINER}:9999
}}
}}
table inet filter {{ chain input {{
    type filter hook input priority filter; policy drop;
    ct state established,related accept
    meta l4proto ipv6-icmp accept
    udp dport 50020-50025 accept
}}
}}
"""


def test_ports_that_are_translated_to_a_container_get_no_wrong_verdict(lab):
    """As Docker publishes them: they pass the host's input chain by, and what is behind is not the probe's to take."""
    options = (*OPTIONS, *("--port", "tcp/7882", "--port", "tcp/7883", "--port", "tcp/7884"))
    with container(lab) as space:
        lab.host(TRANSLATED)
        drops = "type filter hook input priority filter;\ntcp dport 7883 drop"
        lab.nft(space, f"table ip filter {{\nchain input {{\n{drops}\n}}\n}}")
        services = lab.start(space, sys.executable, str(PEERS), "serve", "tcp/7881 tcp/6379 udp/50003 udp/50005")
        services.until(lambda: "ready" in services.stdout)
        with lab.listen(*options) as listening:
            found = lab.check(SERVER, "--token", listening.token, *options)
            assert lab.attempts([(SERVER, "udp", 50005), (SERVER, "udp", 50017), (SERVER, "tcp", 7881)]) == [True] * 3
        services.kill()
    assert verdicts(found) == {
        **expected(["udp/443", "udp/50000-50019"], ipv4="not-tested"),
        **expected(["udp/50020-50025", "tcp/7881"], ipv4="reachable"),
        **expected(["udp/50026-50031", "tcp/7883"], ipv4="blocked-on-host"),
        **expected(["tcp/7882", "tcp/7884"], ipv4="nobody-listens"),
    }
    assert {row["detail"] for row in rows(found, "tcp/7882", "tcp/7884").values()} == {
        "the host forwards it elsewhere, and there it is refused"
    }
    untested = rows(found, "udp/443", "udp/50000-50019").values()
    assert all("forwarded elsewhere" in row["detail"] for row in untested)
    # a database that Docker publishes is open, whatever the host's input chain says
    assert verdicts(found, "tcp/6379", wanted="closed") == {("ipv4", "tcp/6379"): "reachable"}
    assert found.code == 1


def test_a_forward_in_front_of_the_host_that_changes_the_port_is_reported(lab):
    nat = "type nat hook prerouting priority dstnat;\n" + "\n".join(
        [f"ip daddr {SERVER} udp dport 50000 dnat to {SERVER}:50010", f"ip daddr {SERVER} tcp dport 7881 dnat to :7882"]
    )
    lab.nft(lab.middle, f"table ip forward {{\nchain prerouting {{\n{nat}\n}}\n}}")
    try:
        with lab.listen(*OPTIONS) as listening:
            found = lab.check(SERVER, "--token", listening.token, *OPTIONS)
            listening.stop()
    finally:
        lab.nft(lab.middle, "delete table ip forward")
    moved = rows(found, "udp/50000")["ipv4", "udp/50000"]
    assert (moved["verdict"], moved["detail"]) == (
        "blocked-before-host",
        "it is forwarded: it arrives at udp/50010 of the host instead",
    )
    lost = rows(found, "tcp/7881")["ipv4", "tcp/7881"]
    assert lost["verdict"] == "blocked-before-host"
    assert "it did not arrive at this port" in lost["detail"]
    assert verdicts(found, "udp/50001-50031") == expected(["udp/50001-50031"], ipv4="reachable")
    assert "50000/udp: did not arrive" in listening.stdout


@pytest.mark.parametrize(
    "limit",
    ["ct count over 20 drop", "limit rate over 100/second burst 30 packets drop"],
    ids=["a full table", "a rate"],
)
def test_what_limits_new_flows_on_the_way_is_not_taken_for_a_firewall(lab, limit):
    """A home router's table, or a guard against floods: the beacons of a sweep are of flows that are open."""
    rule = f"meta l4proto udp ct state new {limit}"
    lab.nft(lab.middle, f"table inet few {{\nchain forward {{\ntype filter hook forward priority -5;\n{rule}\n}}\n}}")
    try:
        with lab.listen("--port", "udp/50000-50199") as listening:
            found = lab.check(SERVER, "--token", listening.token, "--port", "udp/50000-50199")
    finally:
        lab.nft(lab.middle, "delete table inet few")
    assert set(verdicts(found, "udp/50000-50199").values()) == {"reachable", "not-tested"}
    assert found.code == 1, "nothing else filters here, so that what must be closed is open"
    assert any("use --rate" in note for note in found.found["notes"])


def test_what_an_earlier_check_met_is_not_reported_of_a_later_one(lab):
    """People mend one layer, and try again while the same listener runs."""
    lab.host(foreign("meta nfproto {0} udp dport 50000-50031 drop", ["ipv4"]))
    with lab.listen(*OPTIONS) as listening:
        first = lab.check(SERVER, "--token", listening.token, *OPTIONS)
        lab.host("")
        lab.cloud(["udp/443", "tcp/7881"])
        time.sleep(1.1)  # nft tells whole seconds
        second = lab.check(SERVER, "--token", listening.token, *OPTIONS)
    assert set(verdicts(first, "udp/50000-50031").values()) == {"blocked-on-host"}
    assert set(verdicts(second, "udp/50000-50031").values()) == {"blocked-before-host"}


UFW = """
table ip filter {
    chain ufw-before-input {
        iifname "lo" counter accept
        ct state related,established counter accept
    }
    chain ufw-user-input {
        udp dport 443 counter accept
        udp dport 50000-50015 counter accept
    }
    chain ufw-reject-input {
        counter drop
    }
    chain INPUT {
        type filter hook input priority filter; policy drop;
        counter jump ufw-before-input
        counter jump ufw-user-input
        limit rate 3/minute burst 10 packets counter log prefix "[UFW BLOCK] "
        counter jump ufw-reject-input
    }
}
"""
FIREWALLD = """
table inet firewalld {
    chain filter_IN_public_allow {
        udp dport 443 ct state new,untracked accept
        udp dport 50000-50015 ct state new,untracked accept
    }
    chain filter_IN_public {
        jump filter_IN_public_allow
        meta l4proto { icmp, ipv6-icmp } accept
        reject with icmpx admin-prohibited
    }
    chain filter_INPUT {
        type filter hook input priority filter + 10; policy accept;
        ct state { established, related } accept
        ct status dnat accept
        iifname "lo" accept
        ct state invalid drop
        goto filter_IN_public
    }
}
"""


@pytest.mark.parametrize(
    ("text", "rule", "remedy"),
    [
        pytest.param(UFW, "ip filter ufw-reject-input: drop", "ufw allow 50000:50031/udp", id="ufw"),
        pytest.param(
            FIREWALLD,
            "inet firewalld filter_IN_public: reject with icmpx admin-prohibited",
            "firewall-cmd",
            id="firewalld",
        ),
    ],
)
def test_the_rule_is_found_in_other_peoples_chains_and_the_remedy_is_theirs(lab, text, rule, remedy):
    lab.host(text)
    with lab.listen(*OPTIONS) as listening:
        found = lab.check(SERVER, "--token", listening.token, *OPTIONS)
        listening.stop()
    assert verdicts(found) == {
        **expected(["udp/443", "udp/50000-50015"], ipv4="reachable"),
        **expected(["udp/50016-50031", "tcp/7881"], ipv4="blocked-on-host"),
    }
    assert {row["detail"] for row in rows(found, "udp/50016-50031", "tcp/7881").values()} == {rule}
    assert any(remedy in advice["text"] for advice in found.found["advice"]), found.found["advice"]
    # of what must be closed nobody asks which rule closes it
    assert "no rule of nftables" not in str(found.found)
    assert f"50016-50031/udp: arrived, and this host dropped it ({rule})" in listening.stdout


def test_a_reload_of_the_hosts_firewall_does_not_end_the_run(lab):
    """`nft flush ruleset`, as the unit of Debian's nftables does: a table with an owner stays."""
    with lab.listen(*OPTIONS) as listening:
        lab.host(foreign("meta nfproto {0} udp dport 50003 drop", FAMILIES))
        found = lab.check(SERVER, SERVER6, "--token", listening.token, *OPTIONS)
        shut = expected(["udp/50003"], ipv4="blocked-on-host", ipv6="blocked-on-host")
        assert verdicts(found) == expected(PORTS, ipv4="reachable", ipv6="reachable") | shut


@pytest.mark.parametrize(
    ("block", "opened", "wish", "code"),
    [
        ("198.51.100.0/24", True, "open", 0),
        ("198.51.100.0/24", False, "open", 1),
        ("192.0.2.0/24", True, "closed", 1),
        ("192.0.2.0/24", False, "closed", 0),
    ],
)
def test_what_the_checker_may_reach_depends_on_where_it_stands(lab, tmp_path: Path, block, opened, wish, code):
    """The API is for the load balancer alone: a checker among its addresses must reach it, and nobody else may."""
    (tmp_path / "livekit.yaml").write_text(
        "port: 7880\nkeys: {a: b}\nrtc:\n  tcp_port: 7881\n  port_range_start: 50000\n  port_range_end: 50031\n"
    )
    lab.cloud(["udp/50000-50031", "tcp/7881", *(["tcp/7880"] if opened else [])])
    given = ("--livekit", str(tmp_path / "livekit.yaml"), "--no-ipv6", "--load-balancer", block)
    with lab.listen(*given) as listening:
        found = lab.check(SERVER, "--token", listening.token, *given)
    reached = "reachable" if opened else "blocked-before-host"
    assert verdicts(found, "tcp/7880", wanted=wish) == {("ipv4", "tcp/7880"): reached}, CLIENT
    assert found.code == code

"""Which layer blocks: a cloud's firewall and the host's own, open and shut, in both families, and what is said of it.

One port stays open throughout, UDP 443, through which the checker and the listener talk; what happens when nothing
at all gets through is tested apart.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable

import pytest

from livekit_firewall.model.addresses import Peer
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.nftables import render as nftables
from tests.sampling import is_soak

from .found import FAMILIES, expected, foreign, rows, verdicts
from .lab import SERVER, SERVER6, Lab
from .program import Checked

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns")

MEDIA = ("udp/50000-50063", "tcp/7881")
TALK = "udp/443"

# Foreign chains of a host, which judge by `dport`: {0} is a family, as nft names it.
DROPS = 'meta nfproto {0} udp dport 50000-50063 drop comment "no media"\nmeta nfproto {0} tcp dport 7881 drop'
REJECTS = "meta nfproto {0} udp dport 50000-50063 reject\nmeta nfproto {0} tcp dport 7881 reject with tcp reset"
OURS = RuleSet.of([
    Rule(PortRange.udp(443), Peer.anywhere(), Service.TURN_UDP),
    Rule(PortRange.udp(50000, 50063), Peer.anywhere(), Service.ICE_UDP),
    Rule(PortRange.tcp(7881), Peer.anywhere(), Service.ICE_TCP),
])  # fmt: skip
OURS_SHUT = RuleSet.of([Rule(PortRange.udp(443), Peer.anywhere(), Service.TURN_UDP)])


def probe(lab: Lab, *ports: str, hosts: Iterable[str] = (SERVER, SERVER6)) -> Checked:
    options = list(itertools.chain.from_iterable(("--port", port) for port in ports))
    with lab.listen(*options) as listening:
        return lab.check(*hosts, "--token", listening.token, *options)


SHUT = list(itertools.product([False, True], repeat=2))
"""Whether the cloud is, and whether the host."""

# in `make soak` all with all; otherwise each in each family, beside another in the other one
BOTH = list(itertools.product(SHUT, SHUT) if is_soak() else zip(SHUT, SHUT[1:] + SHUT[:1], strict=True))


@pytest.mark.parametrize(("ipv4", "ipv6"), BOTH, ids=str)
def test_the_layer_that_blocks_is_named_in_each_family_by_itself(lab, ipv4, ipv6):
    shut = {"ipv4": ipv4, "ipv6": ipv6}
    lab.cloud(**{family: [TALK, *([] if cloud else MEDIA)] for family, (cloud, _) in shut.items()})
    lab.host(foreign(DROPS, [family for family, (_, host) in shut.items() if host]))
    # What the cloud drops never gets to the host, so the host's rules are not to blame, nor known.
    by_layer = {(True, True): "blocked-before-host", (True, False): "blocked-before-host",
                (False, True): "blocked-on-host", (False, False): "reachable"}  # fmt: skip
    wanted = {family: by_layer[layers] for family, layers in shut.items()}

    checked = probe(lab, TALK, *MEDIA)

    assert verdicts(checked) == expected(MEDIA, **wanted) | expected([TALK], ipv4="reachable", ipv6="reachable")
    all_open = set(wanted.values()) == {"reachable"}
    assert checked.code == (0 if all_open else 1)
    assert bool(checked.found["advice"]) is not all_open
    assert checked.found["listener"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        pytest.param(foreign(DROPS, FAMILIES), "udp dport 50000-50063 drop", id="a rule drops"),
        pytest.param(foreign(REJECTS, FAMILIES), "udp dport 50000-50063 reject", id="a rule rejects"),
        pytest.param(nftables.render(OURS_SHUT), "policy drop", id="the policy of our own chain"),
        pytest.param(
            "table ip filter {\nchain INPUT {\ntype filter hook input priority filter; policy accept;\n"
            "udp dport 50000-50063 counter drop\ntcp dport 7881 counter drop\n}\n}\n"
            "table ip6 filter {\nchain INPUT {\ntype filter hook input priority filter; policy accept;\n"
            "udp dport 50000-50063 counter drop\ntcp dport 7881 counter drop\n}\n}\n",
            "udp dport 50000-50063",
            id="as iptables-nft writes it",
        ),
    ],
)
def test_the_rule_of_the_host_that_blocks_is_named(lab, text, rule):
    lab.host(text)
    checked = probe(lab, TALK, *MEDIA)
    assert checked.code == 1
    assert verdicts(checked, *MEDIA) == expected(MEDIA, ipv4="blocked-on-host", ipv6="blocked-on-host")
    details = {row["detail"] for row in rows(checked, MEDIA[0]).values()}
    assert details, "one rule, one detail"
    assert all(rule in detail for detail in details), details


def test_the_hosts_own_chain_judges_the_port_that_was_tried(lab):
    """A responder behind a plain redirect would be judged at its own port, in both directions."""
    lab.host(nftables.render(OURS))
    checked = probe(lab, TALK, *MEDIA)
    assert verdicts(checked) == expected([TALK, *MEDIA], ipv4="reachable", ipv6="reachable")
    assert checked.code == 0
    only = "udp dport 50007 drop\nudp dport 50000-50063 accept"
    lab.host(foreign(only, [""]))
    media = expected(MEDIA[:1], ipv4="reachable", ipv6="reachable")
    shut = expected(["udp/50007"], ipv4="blocked-on-host", ipv6="blocked-on-host")
    assert verdicts(probe(lab, TALK, *MEDIA), MEDIA[0]) == media | shut


def test_if_nothing_gets_through_check_does_not_name_a_layer_and_listen_does(lab):
    lab.cloud([])
    options = ("--port", "udp/50000-50063")
    with lab.listen(*options) as listening:
        checked = lab.check(SERVER, "--token", listening.token, *options)
        listening.stop()
        report = listening.stdout
    assert set(verdicts(checked).values()) == {"blocked"}
    assert checked.code == 1
    assert not checked.found["listener"]
    assert "stopped before this host" in report


def test_a_host_that_shuts_everything_is_named_all_the_same(lab):
    """The listener sees packets before the host's firewall judges them, and says so."""
    lab.host(nftables.render(RuleSet()))
    checked = probe(lab, *MEDIA)
    assert verdicts(checked) == expected(MEDIA, ipv4="blocked-on-host", ipv6="blocked-on-host")
    assert checked.code == 1


def test_two_ports_open_of_ten_thousand_are_exactly_these_two(lab):
    """Seen in practice: the range's ends written as two ports."""
    lab.cloud(["udp/50000", "udp/60000"])
    checked = probe(lab, "udp/50000-60000")
    found = verdicts(checked)
    ends = expected(["udp/50000", "udp/60000"], ipv4="reachable", ipv6="reachable")
    between = expected(["udp/50001-59999"], ipv4="blocked-before-host", ipv6="blocked-before-host")
    assert Counter(found.values()) == {"reachable": 4, "blocked-before-host": 2 * 9_999}
    assert found == ends | between
    assert len([row for row in checked.found["ports"] if row["wanted"] == "open"]) == 6, "folded: three per family"
    assert checked.code == 1


@pytest.mark.parametrize("bound", [True, False], ids=["served", "nobody there yet"])
def test_a_port_that_must_be_closed_and_is_not_fails_the_run(lab, bound):
    """Also if nothing listens on it now: the firewall is what is tested, and Redis may start tomorrow."""
    lab.cloud([TALK, *MEDIA, "tcp/6379"])
    with lab.serve(*(["tcp/6379"] if bound else [])):
        checked = probe(lab, TALK, *MEDIA)
    assert verdicts(checked, "tcp/6379", wanted="closed") == expected(["tcp/6379"], ipv4="reachable", ipv6="reachable")
    assert verdicts(checked) == expected([TALK, *MEDIA], ipv4="reachable", ipv6="reachable")
    assert checked.code == 1
    assert {row["as_wanted"] for row in rows(checked, "tcp/6379", wanted="closed").values()} == {False}


def test_a_port_that_must_be_closed_and_is_open_in_one_family_alone_fails_the_run(lab):
    lab.cloud([TALK, *MEDIA], ipv6=[TALK, *MEDIA, "tcp/6379"])
    checked = probe(lab, TALK, *MEDIA)
    assert verdicts(checked, "tcp/6379", wanted="closed")["ipv6", "tcp/6379"] == "reachable"
    assert rows(checked, "tcp/6379", wanted="closed")["ipv4", "tcp/6379"]["as_wanted"] is True
    assert checked.code == 1


def test_a_range_that_was_opened_one_too_wide_fails_the_run(lab):
    lab.cloud([TALK, "udp/49999-50064", "tcp/7881"])
    checked = probe(lab, TALK, *MEDIA)
    outside = ["udp/49999", "udp/50064"]
    assert verdicts(checked, *outside, wanted="closed") == expected(outside, ipv4="reachable", ipv6="reachable")
    assert checked.code == 1


def test_the_samples_just_outside_a_range_are_closed_where_the_firewall_is_right(lab):
    lab.cloud([TALK, *MEDIA])
    checked = probe(lab, TALK, *MEDIA)
    assert checked.code == 0
    closed = rows(checked, wanted="closed")
    assert {(family, port) for family in FAMILIES for port in ("udp/49999", "udp/50064", "tcp/6379")} <= set(closed)
    assert {row["as_wanted"] for row in closed.values()} == {True}


def test_one_family_is_tried_alone_if_one_address_is_named(lab):
    checked = probe(lab, TALK, *MEDIA, hosts=[SERVER6])
    assert {family for family, _ in rows(checked)} == {"ipv6"}
    assert verdicts(checked) == expected([TALK, *MEDIA], ipv6="reachable")


def test_a_service_in_use_answers_itself_and_is_not_disturbed(lab):
    with lab.serve("tcp/7881", "udp/50005"):
        checked = probe(lab, TALK, *MEDIA)
        assert lab.attempts([(SERVER, "tcp", 7881), (SERVER6, "udp", 50005)]) == [True, True]
    assert verdicts(checked) == expected([TALK, *MEDIA], ipv4="reachable", ipv6="reachable")
    assert checked.code == 1, "no firewall at all: what must be closed is open"

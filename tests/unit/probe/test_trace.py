"""The rule that dropped a packet, out of what `nft monitor trace` says.

traces/nft-1.0.6.txt is what nft 1.0.6 said of traces/rules.nft in a network namespace, while datagrams went to the
UDP ports and SYNs to the TCP ports of loopback that its rules name, and a reply left UDP port 50040.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.probe.listener.trace import dropped_by

OURS = "livekit_probe_4242_0a1b2c3d"
SAID = Path(__file__).with_name("traces").joinpath("nft-1.0.6.txt").read_text(encoding="utf-8")

IP4 = 'iif "eth0" ether saddr 02:00:00:00:00:01 ip saddr 198.51.100.2 ip daddr 203.0.113.1 ip ttl 64 ip protocol'
IP6 = 'iif "eth0" ether saddr 02:00:00:00:00:01 ip6 saddr 2001:db8::2 ip6 daddr 2001:db8::1 ip6 nexthdr'


def packet(to: int, *, trace: str = "a1", of: str = "inet filter input", protocol: str = "udp", ip: str = IP4) -> str:
    return f"trace id {trace} {of} packet: {ip} {protocol} {protocol} sport 40000 {protocol} dport {to} length 48 "


def rule(text: str, verdict: str = "drop", *, trace: str = "a1", chain: str = "inet filter input") -> str:
    return f"trace id {trace} {chain} rule {text} (verdict {verdict})"


def test_what_nft_says_names_every_rule_and_policy_that_ended_a_packet_and_no_other():
    assert dropped_by(SAID, OURS) == {
        (True, 50001): "inet filter input: udp dport 50001-50009 drop",
        (True, 50010): "inet filter input: udp dport 50010 reject",
        (True, 50011): "inet filter input: udp dport 50011 reject with icmpx admin-prohibited",
        (True, 50020): 'inet filter early: udp dport 50020 drop comment "jumped to"',
        (True, 50021): "inet filter early2: udp dport 50021 reject",
        (True, 50033): 'inet filter input: udp dport 50033 drop comment "a (verdict accept) b"',
        (True, 50035): 'inet filter input: udp dport 50035 reject comment "(verdict drop) reject"',
        (True, 50040): "inet filter out: udp sport 50040 drop",
        (True, 50060): "ip6 filter6 INPUT: udp dport 50060 drop",
        (True, 50062): "ip6 filter6 INPUT: policy drop",
        (True, 50070): "ip policy4 INPUT: policy drop",
        (False, 7000): "inet filter input: tcp dport 7000 reject with tcp reset",
        (False, 7001): 'inet filter input: tcp dport 7001 drop comment "no media"',
        (False, 7002): "ip filter4 INPUT: tcp dport 7002 drop",
        (False, 7004): "ip policy4 INPUT: policy drop",
    }


def test_what_our_own_table_dropped_is_not_the_hosts_rule():
    name = f"inet {OURS} divert: udp dport 50050 drop"
    assert dropped_by(SAID)[True, 50050] == name
    assert (True, 50050) not in dropped_by(SAID, OURS)
    assert dropped_by(SAID, "livekit_probe_4242_0a1b2c3") == dropped_by(SAID), "another run's table is not ours"


def test_the_same_packet_in_two_families_is_named_by_its_own_table():
    four = [line for line in SAID.splitlines(keepends=True) if "ip6" not in line]
    assert dropped_by("".join(four), OURS)[True, 50060] == "ip filter4 INPUT: udp dport 50060 drop"


@pytest.mark.parametrize("chain", ["inet filter output", "ip filter OUTPUT", "inet fw2 out", "inet fw mangle_output"])
def test_a_reply_of_ours_that_is_dropped_on_its_way_out_is_named_by_the_port_that_it_leaves(chain):
    """Whatever the chain is called: what leaves has an outgoing interface and no incoming one."""
    leaves = 'oif "eth0" ip saddr 203.0.113.1 ip daddr 198.51.100.2 ip protocol udp udp sport 50001 udp dport 40000 '
    text = "\n".join([
        f"trace id b2 inet {OURS} answer packet: {leaves}",
        f"trace id b2 inet {OURS} answer rule meta nftrace set 1 (verdict continue)",
        f"trace id b2 {chain} packet: {leaves}",
        rule("udp sport 50000-50063 drop", trace="b2", chain=chain), "",
    ])  # fmt: skip
    assert dropped_by(text, OURS) == {(True, 50001): f"{chain}: udp sport 50000-50063 drop"}


def test_a_chain_that_is_called_output_and_judges_arrivals_is_named_by_the_port_they_came_to():
    text = packet(50001, of="inet odd output") + "\n" + rule("drop", chain="inet odd output") + "\n"
    assert dropped_by(text) == {(True, 50001): "inet odd output: drop"}


@pytest.mark.parametrize("ip", [IP4, IP6], ids=["ipv4", "ipv6"])
@pytest.mark.parametrize("chain", ["inet filter input", "ip filter INPUT", "ip6 filter ufw6-user-input"])
def test_the_names_of_tables_and_chains_are_kept(chain, ip):
    text = "\n".join([packet(7881, protocol="tcp", ip=ip), rule("tcp dport 7881 drop", chain=chain), ""])
    assert dropped_by(text, OURS) == {(False, 7881): f"{chain}: tcp dport 7881 drop"}


@pytest.mark.parametrize(
    "line",
    [
        rule('udp dport 50001 accept comment "(verdict drop)"', "accept"),
        rule('udp dport 50001 accept comment "x (verdict reject)"', "accept"),
        rule('udp dport 50001 accept comment "do not reject"', "accept"),
        rule('udp dport 50001 log prefix "reject " accept', "accept"),
        rule('log prefix "policy drop"', "continue"),
        rule("udp dport 50001 jump drop", "jump drop"),
        rule("udp dport 50001 goto reject", "goto reject"),
        "trace id a1 inet filter input policy accept ",
        "trace id a1 inet filter input verdict continue ",
        'trace id a1 inet filter input rule udp dport 50001 comment "reject"',
    ],
)
def test_a_rule_that_only_talks_of_dropping_is_not_named(line):
    assert dropped_by(f"{packet(50001)}\n{line}\n") == {}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (rule("udp dport 50001 counter packets 7 bytes 9 drop"), "udp dport 50001 drop"),
        (rule("counter packets 18446744073709551615 bytes 1 drop"), "drop"),
        (rule('udp dport 50001 drop comment "(verdict accept)"'), 'udp dport 50001 drop comment "(verdict accept)"'),
        (rule("udp dport 50001 reject", "reject"), "udp dport 50001 reject"),
        ("trace id a1 inet filter input rule udp dport 50001 reject", "udp dport 50001 reject"),
        ("trace id a1 inet filter input verdict continue policy drop ", "policy drop"),
    ],
)
def test_a_rule_is_shown_as_it_was_written_and_without_its_counters(line, told):
    assert dropped_by(f"{packet(50001)}\n{line}\n") == {(True, 50001): f"inet filter input: {told}"}


def test_verdicts_belong_to_the_packet_whose_id_they_bear():
    text = "\n".join([
        packet(50001, trace="a1"), packet(50002, trace="b2"), packet(7881, trace="c3", protocol="tcp"),
        rule("second", trace="b2"), rule("third", trace="c3"), rule("nobody", trace="d4"), rule("first", trace="a1"),
        "",
    ])  # fmt: skip
    assert {key: found.partition(": ")[2] for key, found in dropped_by(text).items()} == {
        (True, 50001): "first",
        (True, 50002): "second",
        (False, 7881): "third",
    }


def test_a_text_that_begins_or_ends_in_the_middle_of_a_line_says_what_is_whole():
    """Or `goto reject` would be a rejection for as long as the rest is on its way."""
    text = packet(50001) + "\n" + rule("udp dport 50001 reject") + "\n"
    whole = {(True, 50001): "inet filter input: udp dport 50001 reject"}
    assert dropped_by(text) == whole
    assert all(dropped_by(text[:at]) == {} for at in range(len(text)))
    assert all(dropped_by(text[at:]) == {} for at in range(1, len(text)))
    assert dropped_by("ceid 7 drop)\n" + text) == whole


PIECES = st.sampled_from([
    "trace id ", "a1 ", "inet filter input ", "packet: ", "rule ", "(verdict drop)", "policy drop", "reject ", "\n",
    "udp sport 1 ", "udp dport 50001 ", "tcp dport ", "99999999999999999999 ", '"', " ", "\u2028", "\x1b[31m", "\0",
])  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join))
def test_any_text_is_read_without_an_exception(text):
    for (is_udp, port), said in dropped_by(text, OURS).items():
        assert isinstance(is_udp, bool)
        assert port >= 0
        assert said in text.replace(" rule ", ": ").replace(" policy", ": policy") or ": " in said


@pytest.mark.parametrize("piece", ["packet: iif udp sport 1 ", "reject (verdict ", " rule ", "policy drop ", '"'])
@pytest.mark.parametrize("start", ["x y z packet: ", "x y z rule ", ""])
def test_a_line_that_is_longer_than_any_trace_is_left_out(start, piece):
    """Or patterns that look for one thing after another would take the square of its length."""
    text = f"{packet(50001)}\ntrace id a1 {start}{piece * 50_000}\n{rule('drop')}\n"
    assert dropped_by(text) == {(True, 50001): "inet filter input: drop"}

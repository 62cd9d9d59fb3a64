"""nft's JSON as it is printed, as commands, and as what it is not: read right or refused, never an empty firewall."""

from __future__ import annotations

from typing import Any

import pytest

from livekit_firewall.effective.evaluate import Selection
from livekit_firewall.effective.syntax import NotAFirewall
from livekit_firewall.model.packets import PacketSet, everything
from livekit_firewall.platforms.nftables.from_cli import read
from livekit_firewall.platforms.nftables.nft_text import text_of
from livekit_firewall.platforms.nftables.nft_values import OF_IPV4, OF_IPV6

METAINFO = {"metainfo": {"version": "1.0.9", "json_schema_version": 1}}
TABLE = {"family": "inet", "name": "t"}
BASE = {"family": "inet", "table": "t", "name": "i", "type": "filter", "hook": "input", "prio": 0, "policy": "drop"}
DPORT = {"payload": {"protocol": "tcp", "field": "dport"}}
SADDR = {"payload": {"protocol": "ip", "field": "saddr"}}


def match(left: Any, right: Any, op: str = "==") -> dict[str, Any]:
    return {"match": {"op": op, "left": left, "right": right}}


def rule(*expr: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"family": "inet", "table": "t", "chain": "i", "expr": list(expr), **more}


HTTPS = rule(match(DPORT, 443), {"accept": None})


def admitted(*objects: dict[str, Any]) -> list[str]:
    found = read({"nftables": list(objects)}, Selection())
    assert not found.unknown, found.unread
    return [str(ports) for ports, _ in found.admitted.parts()]


def test_a_host_without_a_base_chain_is_open():
    assert read({"nftables": [METAINFO]}, Selection()).admitted == everything()
    objects = [METAINFO, {"table": TABLE}, {"chain": {**TABLE, "table": "t", "name": "c"}}]
    assert read({"nftables": objects}, Selection()).admitted == everything()
    sets = [{"table": TABLE}, {"set": {"family": "inet", "table": "t", "name": "s", "type": "mark", "elem": [1]}}]
    assert read({"nftables": [METAINFO, *sets]}, Selection()).admitted == everything()


LISTED = {
    "list chains": [{"chain": BASE}],
    "list chain inet t i": [{"chain": BASE}, {"rule": HTTPS}],
    "list sets": [{"set": {"family": "inet", "table": "t", "name": "s", "type": "ipv4_addr", "elem": ["192.0.2.1"]}}],
    "list maps": [{"map": {"family": "inet", "table": "t", "name": "m", "type": "mark", "map": "verdict"}}],
    "list counters": [{"counter": {"family": "inet", "table": "t", "name": "c", "packets": 0, "bytes": 0}}],
    "list flowtables": [{"flowtable": {"family": "inet", "table": "t", "name": "f", "hook": "ingress", "prio": 0}}],
    "reset rules": [{"rule": HTTPS}],
}


@pytest.mark.parametrize("command", LISTED)
def test_a_part_of_the_ruleset_is_refused(command):
    """Without rules a chain is closed, and without chains a host is open: neither is what it admits."""
    kind = next(iter(LISTED[command][0]))
    with pytest.raises(NotAFirewall) as refused:
        read({"nftables": [METAINFO, *LISTED[command]]}, Selection())
    assert str(refused.value) == (
        f"nftables[1].{kind}: must be in a table that is listed too (got 'inet t'); give what `nft -j list ruleset` "
        "prints: a part of it does not say what the host admits"
    )


@pytest.mark.parametrize("announcing", [
    {"ct helper": "sip-5060"}, {"ct expectation": "e"}, {"xt": {"type": "target", "name": "CT"}},
])  # fmt: skip
@pytest.mark.parametrize("related", [
    {"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": ["established", "related"]}},
    match({"ct": {"key": "state"}}, {"set": ["established", "related"]}),
    match({"ct": {"key": "status"}}, "expected", "in"),
])  # fmt: skip
def test_what_a_helper_announces_may_be_related(announcing, related):
    of_sip = {
        "rule": {**rule(match({"payload": {"protocol": "udp", "field": "dport"}}, 5060), announcing), "chain": "h"}
    }
    chain = {"chain": {**BASE, "name": "h", "hook": "prerouting", "policy": "accept"}}
    objects = [{"chain": BASE}, chain, {"rule": HTTPS}, {"rule": rule(related, {"accept": None}, handle=7)}]
    assert admitted(*objects) == ["tcp/443"]
    found = read({"nftables": [*objects, of_sip]}, Selection())
    assert [str(ports) for ports, _ in found.admitted.parts()] == ["tcp/443"]
    assert found.unknown == everything() - found.admitted
    assert "which depends on what a helper of connection tracking announces; it may" in str(found.unread[0])


@pytest.mark.parametrize("kind", ["netbios-ns", "snmp"])
def test_answers_to_what_the_host_broadcasts_are_no_flows_from_the_network(kind):
    """firewalld gives netbios-ns to what its service samba-client lets in, which is in the zones home and internal."""
    helper = {"ct helper": {"family": "inet", "table": "t", "name": "h", "type": kind, "protocol": "udp"}}
    given = rule(match({"payload": {"protocol": "udp", "field": "dport"}}, 137), {"ct helper": "h"})
    related = rule(match({"ct": {"key": "state"}}, ["established", "related"], "in"), {"accept": None})
    assert admitted(helper, {"chain": BASE}, {"rule": given}, {"rule": related}, {"rule": HTTPS}) == ["tcp/443"]


def test_a_rule_that_admits_is_named_before_the_policies_that_let_it_come_so_far():
    early = [{"chain": {**BASE, "name": name, "hook": "prerouting", "policy": "accept"}} for name in "ab"]
    found = read({"nftables": [*early, {"chain": BASE}, {"rule": {**HTTPS, "handle": 7}}]}, Selection())
    names = [one.name for one in found.allow_rules]
    assert names == ["inet t i #7", "policy of inet t b", "policy of inet t a"]


@pytest.mark.parametrize(("kinds", "dropped", "doubted"), [
    ({"set": ["broadcast", "multicast"]}, "", ""),
    ("unicast", "0.0.0.0/0", "::/0"),
    ("local", "", "::/0"),
])  # fmt: skip
def test_the_type_of_a_source_is_known_without_routes_on_ipv4(kinds, dropped, doubted):
    of_source = match({"fib": {"result": "type", "flags": ["saddr"]}}, kinds)
    found = read(
        {"nftables": [{"chain": {**BASE, "policy": "accept"}}, {"rule": rule(of_source, {"drop": None})}]}, Selection()
    )
    blocks = {"0.0.0.0/0": OF_IPV4, "::/0": OF_IPV6, "": PacketSet()}
    assert found.unknown == blocks[doubted]
    assert found.admitted == everything() - blocks[dropped] - blocks[doubted]


def test_sets_that_may_be_left_out_by_terse_output_are_noted():
    sets = [{"set": {"family": "inet", "table": "t", "name": name, "type": "ipv4_addr"}} for name in "abcd"]
    expected = "no set has an element (inet t a, inet t b, inet t c and 1 more): if nft was run with -t, run it without"
    assert read({"nftables": [*sets, {"chain": BASE}]}, Selection()).notes == (expected,)
    filled = {"set": {**sets[0]["set"], "elem": ["192.0.2.1"]}}
    assert read({"nftables": [*sets[1:], filled, {"chain": BASE}]}, Selection()).notes == ()


def test_a_comment_of_iptables_matches_every_packet():
    noted = rule({"xt": {"type": "match", "name": "comment"}}, match(DPORT, 443), {"accept": None})
    assert admitted({"chain": BASE}, {"rule": noted}) == ["tcp/443"]


def test_what_connection_tracking_may_not_see_may_pass_a_chain_of_nat():
    """Linux registers it for a `ct` expression or a translation, not for the chain (net/netfilter/nft_chain_nat.c)."""
    nat = {"chain": {**BASE, "type": "nat", "hook": "prerouting", "prio": -100, "policy": "accept"}}
    found = read({"nftables": [nat, {"rule": rule(match(DPORT, 443), {"drop": None})}]}, Selection())
    assert [str(ports) for ports, _ in found.unknown.parts()] == ["tcp/443"]
    (doubt,) = map(str, found.unread)
    assert doubt == (
        "inet t i: is passed by some packets only, which depends on whether connection tracking sees them; "
        "it may deny some of what is needed"
    )


def test_commands_that_add_are_read_as_the_ruleset_that_they_make():
    plain = admitted(METAINFO, {"table": TABLE}, {"chain": BASE}, {"rule": HTTPS})
    assert plain == ["tcp/443"]
    assert admitted({"add": {"table": TABLE}}, {"add": {"chain": BASE}}, {"add": {"rule": HTTPS}}) == plain
    flushed = [{"flush": {"ruleset": None}}, METAINFO, {"create": {"chain": BASE}}, {"add": {"rule": HTTPS}}]
    assert admitted(*flushed) == plain


def test_elements_that_are_added_later_belong_to_their_set():
    of = {"family": "inet", "table": "t", "name": "s"}
    added = {"add": {"element": {**of, "elem": [80, {"range": [90, 99]}]}}}
    served = rule(match(DPORT, "@s"), {"accept": None})
    assert admitted({"add": {"set": {**of, "type": "inet_service", "elem": [22]}}}, {"add": {"chain": BASE}}, added,
                    {"add": {"rule": served}}) == ["tcp/22", "tcp/80", "tcp/90-99"]  # fmt: skip


@pytest.mark.parametrize(("objects", "said"), [
    ([], "nftables: must be what nft prints (got an empty list); an empty ruleset still has `metainfo`"),
    ([{"table": TABLE}], "nftables: must hold the chains of the tables (got tables without any chain)"),
    ([{"insert": {"rule": HTTPS}}], "nftables[0]: must be an object or `add`: what else it changes is not in it"),
    ([METAINFO, {"flush": {"ruleset": None}}], "nftables[1]: must be an object or `add`"),
    ([{"delete": {"table": TABLE}}], "nftables[0]: must be an object or `add`"),
    ([{"chain": BASE}, {"add": {"rule": {**HTTPS, "index": 0}}}], "nftables[1].add.rule: must come after all rules"),
    ([{"rule": HTTPS}], "nftables: must hold the chain of each of its rules (got 'inet t i')"),
    ([{"chain": BASE}, {"ruleset": {}}], "nftables[1]: must be an object of nftables"),
    ([{"chain": BASE}, {}], "nftables[1]: must be an object of nftables"),
    ([{"add": {"table": TABLE, "chain": BASE}}], "nftables[0].add: must be an object of nftables"),
    ([{"chain": {"family": "inet", "name": "i"}}], "nftables[0].chain: is not as this platform writes it"),
    ([{"chain": {**BASE, "policy": "maybe"}}], "nftables[0].chain: is not as this platform writes it"),
    ([{"chain": {**BASE, "type": ""}}], "nftables[0].chain: must have a type, as every chain with a hook"),
    ([{"chain": BASE}, {"rule": {**HTTPS, "expr": "accept"}}], "nftables[1].rule: is not as this platform writes it"),
    ([{"add": {"element": {"family": "ip", "table": "t", "name": "s", "elem": []}}}],
     "nftables[0].add.element: must be for a set that is added before (got 's')"),
    ([{"chain": BASE}, {"rule": rule({"jump": {}})}], "nftables: must name the chain of a jump"),
    ([{"chain": BASE}, {"rule": rule({"jump": {"target": "i"}})}], "must not jump deeper than 16 chains"),
])  # fmt: skip
def test_what_cannot_be_read_is_refused_with_its_place(objects, said):
    with pytest.raises(NotAFirewall) as refused:
        read({"nftables": objects}, Selection())
    assert said in str(refused.value)


@pytest.mark.parametrize(("objects", "doubt"), [
    ([{"rule": rule({"tunnel": {"id": 1}}, handle=7)}],
     "inet t i #7: decides by `{\"tunnel\":{\"id\":1}}`, which depends on what is not understood"),
    ([{"rule": rule(match(SADDR, "@gone"), {"accept": None}, handle=7)}],
     "accepts by `ip saddr @gone`, which depends on the set @gone, which is not there"),
    ([{"rule": rule({"jump": {"target": "gone"}}, handle=7)}], "inet t i #7: leads to the chain inet t gone"),
    ([{"rule": rule({"xt": None}, handle=7, comment="fail2ban")}],
     "inet t i #7 (fail2ban): decides by `xt`, which depends on what only iptables-save tells"),
    ([{"rule": rule(match({"frob": {"a": 1}}, 3), {"accept": None}, handle=7)}],
     "accepts by `{\"frob\":{\"a\":1}} 3`, which depends on `{\"frob\":{\"a\":1}}`"),
    ([{"table": {**TABLE, "flags": ["frozen"]}}], "i: is passed by some packets only, which depends on the table's"),
    ([{"chain": {**BASE, "name": "x", "hook": "sideways"}}], "x: is passed by some packets only, which depends on a"),
    ([{"rule": rule({"vmap": {"key": DPORT, "data": "@gone"}}, handle=7)}], "decides by `tcp dport vmap @gone`"),
    ([{"rule": rule({"queue": {"num": 3}}, handle=7)}], "decides by `queue to 3`, which depends on the program that"),
])  # fmt: skip
def test_what_is_not_understood_makes_packets_unknown_in_words_of_nft(objects, doubt):
    is_drop = any("chain" in one or "table" in one or "accept" in str(one) for one in objects)
    policy = "drop" if is_drop and "sideways" not in str(objects) else "accept"
    chain = {"chain": {**BASE, "policy": policy}}
    found = read({"nftables": [METAINFO, {"table": TABLE}, chain, *objects]}, Selection())
    assert found.unknown
    assert [str(one) for one in found.unread if doubt in str(one)], found.unread


def test_what_the_host_sends_to_itself_is_no_packet_from_the_network():
    own = rule(match(SADDR, {"prefix": {"addr": "127.0.0.0", "len": 8}}), {"accept": None})
    assert admitted({"chain": BASE}, {"rule": own}, {"rule": HTTPS}) == ["tcp/443"]
    spoofed = rule(match(SADDR, {"set": ["127.0.0.1", {"prefix": {"addr": "224.0.0.0", "len": 4}}]}), {"drop": None})
    found = read({"nftables": [{"chain": {**BASE, "policy": "accept"}}, {"rule": spoofed}]}, Selection())
    assert found.admitted == everything()


def test_hostile_names_are_told_as_one_printable_line():
    hostile = match({"meta": {"key": "\x1b[31m\n"}}, "@\x1b[2J")
    table = {"table": {**TABLE, "flags": "\x1b[31m"}}
    objects = [table, {"chain": BASE}, {"rule": rule(hostile, {"accept": None}, comment="\x1b[31m")}]
    found = read({"nftables": objects}, Selection())
    assert len(found.unread) == 2
    assert all(str(one).isprintable() for one in found.unread)


def test_what_is_kept_from_connection_tracking_has_no_state_that_is_known():
    raw = {"chain": {**BASE, "name": "raw", "hook": "prerouting", "prio": -300, "policy": "accept"}}
    kept = {"rule": {**rule(match(DPORT, 443), {"notrack": None}), "chain": "raw"}}
    by_state = {"rule": rule(match({"ct": {"key": "state"}}, "new", "in"), {"accept": None})}
    found = read({"nftables": [{"chain": BASE}, raw, kept, by_state]}, Selection())
    assert [str(ports) for ports, _ in found.unknown.parts()] == ["tcp/443"]
    assert found.admitted == everything() - found.unknown


def test_a_table_that_sleeps_and_an_ingress_of_loopback_do_nothing():
    sleeping = {"table": {**TABLE, "flags": "dormant"}}
    assert read({"nftables": [METAINFO, sleeping, {"chain": BASE}]}, Selection()).admitted == everything()
    guard = {"family": "netdev", "table": "g", "name": "i", "type": "filter", "hook": "ingress", "prio": 0, "dev": "lo"}
    table = {"table": {"family": "netdev", "name": "g"}}
    assert read({"nftables": [table, {"chain": {**guard, "policy": "drop"}}]}, Selection()).admitted == everything()
    wired = {"chain": {**guard, "policy": "drop", "dev": "eth0"}}
    found = read({"nftables": [table, wired]}, Selection())
    assert (found.admitted, found.unknown) == (PacketSet(), everything())


@pytest.mark.parametrize(("statements", "said"), [
    ([match(SADDR, "@banned"), match(DPORT, 443), {"limit": {"rate": 1, "per": "hour", "burst": 5}}],
     "ip saddr @banned tcp dport 443 limit rate 1/hour"),
    ([match({"&": [{"payload": {"protocol": "tcp", "field": "flags"}}, ["fin", "syn"]]}, ["fin", "syn"])],
     "tcp flags & fin,syn == fin,syn"),
    ([match({"fib": {"result": "oif", "flags": ["saddr", "iif"]}}, False)], "fib saddr . iif oif missing"),
    ([match({"meta": {"key": "iifname"}}, {"set": ["eth0", "wg0"]}, "!=")], 'iifname != { "eth0", "wg0" }'),
    ([match({"concat": [SADDR, DPORT]}, {"set": [{"concat": ["192.0.2.1", 22]}]})],
     "ip saddr . tcp dport { 192.0.2.1 . 22 }"),
    ([match(DPORT, {"set": list(range(1, 10))})], "tcp dport { 1, 2, 3, 4, 5, 6, and 3 more }"),
    ([match({"ct": {"key": "proto-dst", "dir": "original"}}, {"range": [1, 9]})], "ct original proto-dst 1-9"),
    ([match({"exthdr": {"name": "frag"}}, True), {"xt": {"type": "target", "name": "LOG"}}],
     'exthdr frag exists xt target "LOG"'),
    ([{"quota": {"val": 5, "val_unit": "mbytes", "inv": True}}, {"ct count": {"val": 3, "inv": True}}],
     "quota over 5 mbytes ct count over 3"),
    ([{"limit": "slow"}, {"counter": None}, {"log": {"prefix": "x"}}], 'limit name "slow"'),
    ([{"dnat": {"family": "ip", "addr": "192.0.2.1", "port": 80}}], "dnat ip to 192.0.2.1:80"),
    ([{"vmap": {"key": DPORT, "data": {"set": [[22, {"accept": None}], [80, {"jump": {"target": "c"}}]]}}}],
     "tcp dport vmap { 22 : accept, 80 : jump c }"),
    ([{"mangle": {"key": {"meta": {"key": "mark"}}, "value": 1}}], "meta mark set 1"),
    ([match({"payload": {"base": "nh", "offset": 0, "len": 8}}, 69)], "@nh,0,8 69"),
    ([{"match": 3}], '{"match":3}'),
    ([{"limit": {"rate": "\x1b[31m", "per": "\n"}}], "limit rate \\x1b[31m/\\n"),
])  # fmt: skip
def test_statements_are_told_in_the_words_of_nft(statements, said):
    assert text_of(statements) == said

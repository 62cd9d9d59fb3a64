"""One rule of nft's JSON before the policy of its chain: what becomes of four packets, exactly."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest

from livekit_firewall.effective.evaluate import EffectiveRules, Selection
from livekit_firewall.model.ports import Protocol
from livekit_firewall.platforms.nftables.from_cli import read

STRANGER, SIX = "203.0.113.7", "2001:db8::7"
PACKETS = ((STRANGER, "tcp", 443), (STRANGER, "udp", 443), (SIX, "tcp", 443), (STRANGER, "tcp", 22))
HOME = {"family": "inet", "table": "t"}
DPORT = {"payload": {"protocol": "tcp", "field": "dport"}}
SADDR = {"payload": {"protocol": "ip", "field": "saddr"}}
DADDR = {"payload": {"protocol": "ip", "field": "daddr"}}
IIF, MARK = {"meta": {"key": "iifname"}}, {"meta": {"key": "mark"}}
FLAGS, STATE = {"payload": {"protocol": "tcp", "field": "flags"}}, {"ct": {"key": "state"}}
ACCEPT, DROP = {"accept": None}, {"drop": None}
RATE = {"limit": {"rate": 1, "per": "hour"}}


def on(left: Any, right: Any, op: str = "==") -> dict[str, Any]:
    return {"match": {"op": op, "left": left, "right": right}}


def chain(name: str, hook: str, policy: str = "accept", prio: int = 0) -> dict[str, Any]:
    return {"chain": {**HOME, "name": name, "type": "filter", "hook": hook, "prio": prio, "policy": policy}}


def rule(*statements: dict[str, Any], where: str = "i") -> dict[str, Any]:
    return {"rule": {**HOME, "chain": where, "expr": list(statements)}}


def named(kind: str, **more: Any) -> dict[str, Any]:
    return {kind: {**HOME, "name": "s", "type": "ipv4_addr", **more}}


def fate(found: EffectiveRules, packet: tuple[str, str, int]) -> str:
    source, protocol, port = packet
    where = ipaddress.ip_address(source), Protocol(protocol), port
    words = {"open": found.admitted, "unknown": found.unknown, "by source port": found.partly}
    return " and ".join(word for word, region in words.items() if region.holds(*where)) or "closed"


def fates(*objects: dict[str, Any], policy: str = "accept") -> str:
    """Of tcp/443, of udp/443, of tcp/443 over IPv6, of tcp/22."""
    found = read(
        {"nftables": [{"table": {"family": "inet", "name": "t"}}, chain("i", "input", policy), *objects]}, ASKED
    )
    return ", ".join(fate(found, one) for one in PACKETS)


ASKED = Selection()
OPEN, CLOSED, UNKNOWN = (", ".join([word] * 4) for word in ("open", "closed", "unknown"))
OF_TCP, MAYBE_TCP = "closed, open, closed, closed", "unknown, open, unknown, unknown"
OF_443, MAYBE_443 = "closed, open, closed, open", "unknown, open, unknown, open"
OF_IPV4, MAYBE_IPV4 = "closed, closed, open, closed", "unknown, unknown, open, unknown"


def vmap(*pairs: Any) -> dict[str, Any]:
    return {"vmap": {"key": DPORT, "data": {"set": list(pairs)}}}


# what stands in a rule before the policy accepts
DROPPING: dict[str, tuple[list[dict[str, Any]], str]] = {
    "what only counts": ([{"counter": {"packets": 1, "bytes": 2}}, {"log": None}, DROP], CLOSED),
    "a rate": ([RATE, DROP], UNKNOWN),
    "a rate that accepts": ([RATE, ACCEPT], OPEN),
    "a program": ([{"queue": {"num": 1}}], UNKNOWN),
    "a program, then a drop": ([{"queue": {"num": 1}}, DROP], UNKNOWN),
    "a proxy, then a drop": ([{"synproxy": None}, DROP], UNKNOWN),
    "a word of tomorrow, then a drop": ([{"frobnicate": None}, DROP], UNKNOWN),
    "another address": ([{"dnat": {"family": "ip", "addr": "10.0.0.1"}}], MAYBE_IPV4),
    "another port": ([on(DPORT, 443), {"redirect": {"port": 5}}], MAYBE_443),
    "a sender that is written": ([{"mangle": {"key": SADDR, "value": "10.0.0.1"}}], MAYBE_IPV4),
    "a destination that is written": ([{"mangle": {"key": DADDR, "value": "10.0.0.1"}}], MAYBE_IPV4),
    "a mark that is written": ([{"mangle": {"key": MARK, "value": 1}}, DROP], CLOSED),
    "a kind that is written": ([{"mangle": {"key": {"meta": {"key": "l4proto"}}, "value": 6}}], UNKNOWN),
    "a match of iptables": ([{"xt": {"type": "match", "name": "addrtype"}}, DROP], UNKNOWN),
    "a reject of iptables": ([{"xt": {"type": "target", "name": "REJECT"}}], CLOSED),
    "a queue of iptables": ([{"xt": {"type": "target", "name": "NFQUEUE"}}], UNKNOWN),
    "a log of iptables": ([{"xt": {"type": "target", "name": "LOG"}}, DROP], CLOSED),
    "a reject of one family": ([{"reject": {"type": "icmp", "expr": "port-unreachable"}}], OF_IPV4),
    "a reset": ([{"reject": {"type": "tcp reset"}}], OF_TCP),
    "a port": ([on(DPORT, 443), DROP], OF_443),
    "all but a port": ([on(DPORT, 443, "!="), DROP], "open, open, open, closed"),
    "below a port": ([on(DPORT, 443, "<"), DROP], "open, open, open, closed"),
    "above a port": ([on(DPORT, 443, ">"), DROP], OPEN),
    "from a port on": ([on(DPORT, 443, ">="), DROP], OF_443),
    "up to a port": ([on(DPORT, 443, "<="), DROP], OF_TCP),
    "what is seen before": ([on(STATE, ["established", "related"], "in"), DROP], OPEN),
    "what is new": ([on(STATE, "new", "in"), DROP], CLOSED),
    "a first packet": ([on({"&": [FLAGS, ["fin", "syn", "rst", "ack"]]}, "syn"), DROP], OF_TCP),
    "a first packet without a word of congestion": ([on(FLAGS, "syn"), DROP], MAYBE_TCP),
    "loopback": ([on(IIF, "lo"), DROP], OPEN),
    "all but loopback": ([on(IIF, "lo", "!="), DROP], CLOSED),
    "an interface": ([on(IIF, "eth0"), DROP], UNKNOWN),
    "loopback or an interface": ([on(IIF, {"set": ["lo", "eth0"]}), DROP], UNKNOWN),
    "a mark": ([on(MARK, 0), DROP], UNKNOWN),
    "an address of the host": ([on(DADDR, "203.0.113.1"), DROP], MAYBE_IPV4),
    "private addresses of the host": ([on(DADDR, {"prefix": {"addr": "10.0.0.0", "len": 8}}), DROP], MAYBE_IPV4),
    "no address of the host": ([on(DADDR, {"prefix": {"addr": "169.254.0.0", "len": 16}}), DROP], OPEN),
    "a port that it comes from": (
        [on({"payload": {"protocol": "udp", "field": "sport"}}, 53), DROP], "open, unknown, open, open"),
    "a map": ([vmap([443, DROP], [22, ACCEPT])], OF_443),
    "a map, and the rest": ([vmap([443, ACCEPT], ["*", DROP])], "open, open, open, closed"),
    "a map that goes on, and the rest": ([vmap([443, {"continue": None}], ["*", DROP])], "open, open, open, closed"),
    "a map that goes on to a drop": ([vmap([443, {"continue": None}]), DROP], OF_443),
    "a map without the port": ([vmap([80, {"continue": None}]), DROP], OPEN),
    "an element of a map that may be gone": ([vmap([{"elem": {"val": 443, "timeout": 60}}, DROP])], MAYBE_443),
}  # fmt: skip


@pytest.mark.parametrize("name", DROPPING)
def test_one_rule_before_a_policy_that_accepts(name):
    statements, expected = DROPPING[name]
    assert fates(rule(*statements)) == expected


BANNED = [on(SADDR, "@s"), DROP]
SETS: dict[str, tuple[list[dict[str, Any]], str]] = {
    "that lasts": ([named("set", elem=[STRANGER]), rule(*BANNED)], OF_IPV4),
    "of others": ([named("set", elem=["192.0.2.1"]), rule(*BANNED)], OPEN),
    "whose elements go": ([named("set", elem=[STRANGER], timeout=60), rule(*BANNED)], MAYBE_IPV4),
    "with an element that goes": (
        [named("set", elem=[{"elem": {"val": STRANGER, "timeout": 60, "expires": 5}}]), rule(*BANNED)], MAYBE_IPV4),
    "with an element that has a rate": (
        [named("set", elem=[{"elem": {"val": STRANGER, **RATE}}]), rule(*BANNED)], MAYBE_IPV4),
    "whose elements have a rate": ([named("set", elem=[STRANGER], stmt=[RATE]), rule(*BANNED)], MAYBE_IPV4),
    "whose elements count": (
        [named("set", elem=[STRANGER], stmt=[{"counter": {"packets": 0, "bytes": 0}}]), rule(*BANNED)], OF_IPV4),
    "that a rule adds to": (
        [named("set"), rule({"set": {"op": "add", "elem": SADDR, "set": "@s"}}), rule(*BANNED)], MAYBE_IPV4),
    "that is not there": ([rule(*BANNED)], MAYBE_IPV4),
    "as a map whose elements go": (
        [named("map", map="verdict", elem=[[STRANGER, DROP]], timeout=60),
         rule({"vmap": {"key": SADDR, "data": "@s"}})], MAYBE_IPV4),
    "as a map that a rule adds to": (
        [named("map", map="verdict"), rule({"map": {"op": "add", "elem": SADDR, "data": DROP, "map": "@s"}}),
         rule({"vmap": {"key": SADDR, "data": "@s"}})], MAYBE_IPV4),
}  # fmt: skip


@pytest.mark.parametrize("name", SETS)
def test_a_set(name):
    objects, expected = SETS[name]
    assert fates(*objects) == expected


def test_what_is_kept_from_tracking_may_have_no_state():
    of_udp = on({"meta": {"key": "l4proto"}}, "udp")
    raw = [chain("early", "prerouting", prio=-300), rule(of_udp, {"notrack": None}, where="early")]
    new = rule(on(STATE, "new", "in"), ACCEPT)
    assert fates(new, policy="drop") == OPEN
    assert fates(*raw, new, policy="drop") == "open, unknown, open, open"


def test_a_chain_that_names_no_policy_accepts():
    bare = {"chain": {**HOME, "name": "z", "type": "filter", "hook": "input", "prio": 5}}
    assert fates(bare, rule(on(DPORT, 22), DROP, where="z")) == "open, open, open, closed"

"""What is read of `nft -j list ruleset`, against a judge that follows one packet at a time."""

from __future__ import annotations

import ipaddress
import itertools
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.effective.evaluate import Selection
from livekit_firewall.model.ports import Protocol
from livekit_firewall.platforms.nftables.from_cli import read
from tests.sampling import sample

from ..readers.nft_json import Host
from ..strategies import pick

SOURCES = ("10.0.0.7", "203.0.113.7", "2001:db8::7", "fd00::5")
PORTS = (22, 80, 443, 50000)
CHAINS = ("input", "early", "a", "b", "c", "z")


def on(left: str, right: Any, op: str = "==") -> dict[str, Any]:
    return {"match": {"op": op, "left": expression(left), "right": right}}


def expression(text: str) -> dict[str, Any]:
    """`tcp dport`, `meta mark`, `ct state`, `fib daddr type` as JSON."""
    kind, *words = text.split()
    if kind in ("meta", "ct", "socket"):
        if words[0] == "original":
            return {kind: {"key": " ".join(words[1:]), "dir": "original"}}
        return {kind: {"key": words[0]}}
    if kind == "fib":
        return {"fib": {"result": words[-1], "flags": [one for one in words[:-1] if one != "."]}}
    return {"payload": {"protocol": kind, "field": words[0]}}


PORT_VALUES = [22, 80, 443, 50000, {"range": [1, 100]}, {"range": [400, 60000]}]
V4 = [
    "10.0.0.7", {"prefix": {"addr": "10.0.0.0", "len": 8}}, {"range": ["203.0.113.1", "203.0.113.9"]}, "192.0.2.1",
]  # fmt: skip
V6 = ["fd00::5", {"prefix": {"addr": "2001:db8::", "len": 32}}, {"prefix": {"addr": "fd00::", "len": 8}}]
SUBJECTS: dict[str, list[Any]] = {
    "tcp dport": PORT_VALUES,
    "udp dport": PORT_VALUES,
    "th dport": PORT_VALUES,
    "ip saddr": V4,
    "ip6 saddr": V6,
    "ct original ip saddr": V4,
    "meta l4proto": ["tcp", "udp", "icmp", "vrrp", 6, 47],
    "ip protocol": ["tcp", "udp", "udplite", 17],
    "ct protocol": ["tcp", "udp"],
    "meta nfproto": ["ipv4", "ipv6"],
    "meta protocol": ["ip", "ip6", "arp"],
    "ct direction": ["original", "reply"],
    "meta pkttype": ["host", "broadcast"],
    "fib daddr type": ["local", "broadcast", "multicast"],
    "fib saddr . iif oif": [False, "0"],
    "meta iifname": ["lo", "eth0", "wg*"],
    "ip daddr": ["127.0.0.1", {"prefix": {"addr": "224.0.0.0", "len": 4}}, "203.0.113.1"],
    "meta mark": [0, 1],
    "ip dscp": ["cs1"],
    "icmp type": ["echo-request"],
    "sctp dport": PORT_VALUES,
    "frob nicate": [1],
    "socket mark": [1],
}
STATES = ["new", "established", "invalid", ["established", "related"], ["new", "untracked"]]
TCP = ["fin", "syn", "ack", ["fin", "syn"], ["fin", "syn", "rst", "ack"]]
NAMED_SETS = {
    "v4": ("ip saddr", ["10.0.0.7", "192.0.2.1"], {}),
    "v4none": ("ip saddr", [], {}),
    "v4going": ("ip saddr", ["10.0.0.7"], {"timeout": 60}),
    "v4filled": ("ip saddr", ["203.0.113.7"], {}),
    "ports": ("th dport", [22, {"range": [400, 500]}], {}),
}
NAMED_MAPS = {
    "fates": [[22, {"accept": None}], [80, {"jump": {"target": "z"}}]],
    "filled": [["10.0.0.7", {"drop": None}]],
}
PAIR = {"concat": [expression("meta l4proto"), expression("th dport")]}


@st.composite
def matches(draw: st.DrawFn) -> dict[str, Any]:
    kind = pick(draw, ["field"] * 6 + ["set", "named", "state", "flags", "order", "concat", "status"])
    op = pick(draw, ["==", "!="])
    if kind == "named":
        name, (left, _, _) = pick(draw, sorted(NAMED_SETS.items(), key=str))
        return on(left, f"@{name}", op)
    if kind == "state":
        return on("ct state", pick(draw, STATES), pick(draw, ["in", "==", "!="]))
    if kind == "status":
        return on("ct status", pick(draw, ["dnat", "snat", "assured"]), pick(draw, ["in", "!="]))
    if kind == "flags":
        if draw(st.booleans()):
            return on("tcp flags", pick(draw, TCP), pick(draw, ["in", "!", "=="]))
        left = {"&": [expression("tcp flags"), pick(draw, TCP)]}
        return {"match": {"op": op, "left": left, "right": pick(draw, [*TCP, 0])}}
    if kind == "order":
        left = pick(draw, ["tcp dport", "th dport"])
        return on(left, pick(draw, [80, 443]), pick(draw, ["<", ">", "<=", ">="]))
    if kind == "concat":
        values = st.tuples(*map(st.sampled_from, (SUBJECTS["meta l4proto"], PORT_VALUES))).map(
            lambda pair: {"concat": list(pair)}
        )
        return {"match": {"op": op, "left": PAIR, "right": {"set": draw(st.lists(values, min_size=1, max_size=3))}}}
    left = pick(draw, sorted(SUBJECTS))
    values = st.sampled_from(SUBJECTS[left])
    return on(left, draw(values) if kind == "field" else {"set": draw(st.lists(values, min_size=1, max_size=3))}, op)


SLOW = {"limit": {"rate": 1, "per": "day"}}
STATEMENTS: list[dict[str, Any]] = [
    {"counter": {"packets": 0, "bytes": 0}}, {"log": {"prefix": "x"}}, {"limit": {"rate": 1, "per": "hour"}},
    {"quota": {"val": 5, "val_unit": "mbytes", "inv": True}}, {"ct count": {"val": 3}}, {"notrack": None},
    {"set": {"op": "add", "elem": expression("ip saddr"), "set": "@v4filled"}},
    {"set": {"op": "add", "elem": expression("ip saddr"), "set": "@v4going", "stmt": [SLOW]}},
    {"set": {"op": "update", "elem": expression("ip saddr"), "set": "@v4going"}},
    {"mangle": {"key": expression("meta mark"), "value": 1}}, {"xt": None}, {"frobnicate": {"a": 1}},
    {"xt": {"type": "match", "name": "addrtype"}}, {"xt": {"type": "target", "name": "FROB"}},
    {"xt": {"type": "target", "name": "REJECT"}}, {"meter": {"key": expression("ip saddr"), "stmt": SLOW, "name": "m"}},
]  # fmt: skip


@st.composite
def verdicts(draw: st.DrawFn, deeper: tuple[str, ...], redirects: bool) -> dict[str, Any]:
    kinds = ["accept", "accept", "drop", "reject", "return"] + ["jump", "goto"] * bool(deeper)
    kind = pick(draw, [*kinds, "redirect"] if redirects else kinds)
    if kind in ("jump", "goto"):
        return {kind: {"target": pick(draw, deeper)}}
    if kind == "reject":
        return {kind: pick(draw, [None, {"type": "icmp", "expr": "x"}, {"type": "icmpv6", "expr": "x"}])}
    return {kind: {"port": 80} if kind == "redirect" else None}


MAP_KEYS: list[tuple[str, list[Any]]] = [
    ("tcp dport", [22, 443, {"range": [50000, 60000]}, "*"]), ("ip saddr", ["10.0.0.7", "203.0.113.7", "*"]),
    ("meta l4proto", ["tcp", "icmp", "*"]), ("ct state", ["new", "established"]), ("meta iifname", ["lo", "eth0"]),
    ("meta mark", [1, "*"]),
]  # fmt: skip


@st.composite
def verdict_maps(draw: st.DrawFn, deeper: tuple[str, ...], is_last: bool) -> dict[str, Any]:
    if draw(st.integers(0, 3)) == 0 and not is_last:
        left, data = pick(draw, [("th dport", "@fates"), ("ip saddr", "@filled")])
        return {"vmap": {"key": expression(left), "data": data}}
    ends = st.sampled_from([
        {"accept": None}, {"drop": None}, {"continue": None}, {"return": None}, {"queue": None},
        *({kind: {"target": name}} for kind in ("jump", "goto") for name in deeper),
    ])  # fmt: skip
    left, keys = pick(draw, MAP_KEYS)
    chosen = draw(st.lists(st.sampled_from(keys), min_size=1, max_size=3, unique_by=str))
    return {"vmap": {"key": expression(left), "data": {"set": [[key, draw(ends)] for key in chosen]}}}


@st.composite
def rulesets(draw: st.DrawFn) -> list[dict[str, Any]]:
    family = pick(draw, ["inet", "inet", "ip", "ip6"])
    flags = pick(draw, [{}, {}, {}, {"flags": ["dormant"]}])
    objects: list[dict[str, Any]] = [{"table": {"family": family, "name": "t", **flags}}]
    table = {"family": family, "table": "t"}
    objects += [
        {"set": {**table, "name": name, "type": "x", "elem": elements, **more}}
        for name, (_, elements, more) in NAMED_SETS.items()
    ]
    objects += [
        {"map": {**table, "name": name, "type": "x", "map": "verdict", "elem": elements}}
        for name, elements in NAMED_MAPS.items()
    ]
    hooks = {
        "input": ("input", 0),
        "early": pick(draw, [("prerouting", -300), ("prerouting", -150), ("input", 5)]),
    }
    for name in CHAINS:
        about = {}
        if name in hooks:
            hook, priority = hooks[name]
            policy = pick(draw, ["accept", "drop"])
            about = {"type": "filter", "hook": hook, "prio": priority, "policy": policy}
        objects.append({"chain": {**table, "name": name, **about}})
    for name in CHAINS:
        deeper = {"input": ("a", "b"), "early": ("b", "c"), "a": ("b", "c"), "b": ("c", "z"), "c": ("z",)}.get(name, ())
        for _ in range(draw(st.integers(0, 3))):
            parts = draw(st.lists(st.one_of(matches(), matches(), st.sampled_from(STATEMENTS)), max_size=3))
            end = draw(st.one_of(verdicts(deeper, name == "early"), verdict_maps(deeper, name == "z"), st.none()))
            objects.append({"rule": {**table, "chain": name, "expr": [*parts, *([end] if end else [])]}})
    if draw(st.booleans()):
        fill = {"map": {"op": "add", "elem": expression("ip saddr"), "data": {"drop": None}, "map": "@filled"}}
        objects.append({"rule": {**table, "chain": "c", "expr": [on("tcp dport", 1), fill]}})
    return objects


def disagreements(objects: list[dict[str, Any]]) -> list[object]:
    """The packets on which the reader and the judge differ."""
    found, host = read({"nftables": objects}, Selection()), Host(objects)
    differ: list[object] = []
    for source, protocol, port in itertools.product(SOURCES, Protocol, PORTS):
        fates = host.fates(source, str(protocol), port)
        packet = ipaddress.ip_address(source), protocol, port
        answer = found.admitted.holds(*packet), found.unknown.holds(*packet)
        if answer != (fates == {"accept"}, len(fates) == 2):
            differ.append((source, str(protocol), port, fates, answer))
    return differ


@given(rulesets())
def test_each_packet_is_what_every_reading_of_the_ruleset_says(objects):
    assert not disagreements(objects)


def every_match() -> Iterator[dict[str, Any]]:
    for left, values in SUBJECTS.items():
        for op in ("==", "!="):
            yield from (on(left, value, op) for value in values)
            yield on(left, {"set": values[:2]}, op)
    for op, left in itertools.product(("==", "!="), NAMED_SETS):
        yield on(NAMED_SETS[left][0], f"@{left}", op)
    for op, state in itertools.product(("in", "==", "!="), STATES):
        yield on("ct state", state, op)
    for op, flags in itertools.product(("in", "!", "==", "!="), TCP):
        yield on("tcp flags", flags, op)
    for mask, flags, op in itertools.product(TCP, [*TCP, 0], ("==", "!=")):
        yield {"match": {"op": op, "left": {"&": [expression("tcp flags"), mask]}, "right": flags}}
    for op, port in itertools.product(("<", ">", "<=", ">="), (80, 443)):
        yield on("th dport", port, op)
    for op, values in itertools.product(("==", "!="), (["tcp", 443], [17, {"range": [1, 80]}])):
        yield {"match": {"op": op, "left": PAIR, "right": {"set": [{"concat": values}]}}}


END = {"accept": {"drop": None}, "drop": {"accept": None}}
FILL = {"set": {"op": "add", "elem": expression("ip saddr"), "set": "@v4filled"}}


def alone(policy: str, *expr: dict[str, Any]) -> list[dict[str, Any]]:
    """One rule in a chain of the input hook, beside the sets and the chains that it may name."""
    table = {"family": "inet", "table": "t"}
    base = {**table, "name": "input", "type": "filter", "hook": "input", "prio": 0, "policy": policy}
    sets = [
        {"set": {**table, "name": name, "type": "x", "elem": elements, **more}}
        for name, (_, elements, more) in NAMED_SETS.items()
    ]
    maps = [{"map": {**table, "name": name, "map": "verdict", "elem": some}} for name, some in NAMED_MAPS.items()]
    inner = {"rule": {**table, "chain": "z", "expr": [on("tcp dport", 80), END[policy]]}}
    chains = [{"chain": base}, {"chain": {**table, "name": "z"}}, {"chain": {**table, "name": "idle"}}]
    filled = {"rule": {**table, "chain": "idle", "expr": [FILL]}}
    return [*sets, *maps, *chains, inner, filled, {"rule": {**table, "chain": "input", "expr": list(expr)}}]


def test_each_match_alone_matches_what_the_judge_says():
    for policy, match in sample(itertools.product(END, every_match()), lambda row: (row[0], repr(row[1]))):
        assert not disagreements(alone(policy, match, END[policy])), (policy, match)


ENDS: list[dict[str, Any]] = [
    *({kind: None} for kind in ("accept", "drop", "reject", "return", "continue", "queue")),
    *({"reject": {"type": kind}} for kind in ("icmp", "icmpv6", "icmpx")),
    *({kind: {"target": "z"}} for kind in ("jump", "goto")),
]


def test_each_statement_and_verdict_does_what_the_judge_says():
    each = lambda row: map(repr, row)  # noqa: E731
    for policy, statement, end in sample(itertools.product(END, STATEMENTS, ENDS), each):
        assert not disagreements(alone(policy, statement, end)), (policy, statement, end)
    given = [(left, key) for left, keys in MAP_KEYS for key in keys]
    for policy, (left, key), end in sample(itertools.product(END, given, ENDS[:2] + ENDS[3:5] + ENDS[-2:]), each):
        data = {"set": [[key, end], *([["*", END[policy]]] if key != "*" else [])]}
        rule = [{"vmap": {"key": expression(left), "data": data}}, END[policy]]
        assert not disagreements(alone(policy, *rule)), (policy, rule)

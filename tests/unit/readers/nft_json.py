"""nft's JSON read for one packet at a time, in three values: the judge of `platforms/nftables/from_cli`.

Written from nft(8) and libnftables-json(5), without the product's code. A packet is a table of what its fields are;
what is not known of it is absent from the table, and what it does not have is `NONE`. Every end that a packet may
come to is followed.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

NONE = object()
"""A packet that has no such field ends a rule that asks for it."""
Fields = Mapping[str, Any]
Key = tuple[str, str, str]
"""Family, table, chain."""
Answer = tuple[set[Any], bool | None]

FLAGS = {"fin": 1, "syn": 2, "rst": 4, "psh": 8, "ack": 16, "urg": 32, "ecn": 64, "cwr": 128}
STATES = {"invalid": 1, "established": 2, "related": 4, "new": 8, "untracked": 64}
STATUS = {"expected": 1, "seen-reply": 2, "assured": 4, "confirmed": 8, "snat": 16, "dnat": 32, "dying": 512}
NAMED_BITS = {"tcp flags": FLAGS, "ct state": STATES, "ct status": STATUS}
PROTOCOLS = {"tcp": 6, "udp": 17, "icmp": 1, "gre": 47, "sctp": 132, "udplite": 136, "vrrp": 112}
GO_ON = {"counter", "log", "notrack", "dup", "last", "comment", "continue", "ct helper"}
ENDS = {"accept": "accept", "drop": "drop", "return": "return"}


def packet(source: str, protocol: str, port: int) -> dict[str, Any]:
    """The first packet of a flow to one of the host's own addresses."""
    address = ipaddress.ip_address(source)
    own, other = ("ip", "ip6") if address.version == 4 else ("ip6", "ip")
    fields: dict[str, Any] = {
        "meta l4proto": PROTOCOLS[protocol], "ct protocol": PROTOCOLS[protocol], "th dport": port,
        "meta nfproto": "ipv4" if own == "ip" else "ipv6", "meta protocol": own,
        f"{own} saddr": address, f"{other} saddr": NONE, f"{other} daddr": NONE,
        "ip protocol": PROTOCOLS[protocol] if own == "ip" else NONE, "icmp type": NONE, "sctp dport": NONE,
        "ct state": (8, 0x5F), "ct status": (0, 0xFFFF), "ct direction": "original", "meta pkttype": "host",
        "fib daddr type": "local", "ct original ip saddr": address if own == "ip" else NONE,
    }  # fmt: skip
    if own == "ip6":
        fields["ip dscp"] = NONE
    for name in ("tcp", "udp"):
        fields[f"{name} dport"] = port if name == protocol else NONE
        if name != protocol:
            fields[f"{name} sport"] = NONE
    fields["tcp flags"] = (2, 0x3F) if protocol == "tcp" else NONE
    return fields


class Host:
    """A ruleset as a list of objects."""

    def __init__(self, objects: list[dict[str, Any]]) -> None:
        of = {kind: [one[kind] for one in objects if kind in one] for kind in ("table", "chain", "rule", "set", "map")}
        self.flags = {(one["family"], one["name"]): one.get("flags", []) for one in of["table"]}
        self.chains, self.rules = of["chain"], dict[Key, list[Any]]()
        for one in of["rule"]:
            self.rules.setdefault((one["family"], one["table"], one["chain"]), []).append(one["expr"])
        self.sets = {(one["family"], one["table"], one["name"]): one for one in (*of["set"], *of["map"])}
        self.early, self.unknown = set[Any](), dict[str, Any]()
        self.filled = {
            about[kind] for one in of["rule"] for statement in one["expr"]
            for kind, about in statement.items() if kind in ("set", "map")
        }  # fmt: skip

    def fates(self, source: str, protocol: str, port: int) -> set[str]:
        """`accept`, `drop`, or both where that is not known."""
        fields = packet(source, protocol, port)
        family = "ip" if ":" not in source else "ip6"
        order = {"prerouting": 0, "input": 1}
        base = sorted(
            (one for one in self.chains if one.get("hook") in order and one["family"] in (family, "inet")),
            key=lambda one: (order[one["hook"]], one["prio"]),
        )
        early = [one for one in base if one["hook"] == "prerouting" and not self._sleeps(one) and one["prio"] <= -200]
        unknown = {name: value for name, value in fields.items() if not name.startswith("ct ")}
        # what comes before connection tracking may be led to from behind it too
        before: set[Any] = set()
        is_untracked = [self._untracks((one["family"], one["table"], one["name"]), unknown, before) for one in early]
        if any(is_untracked):
            fields = unknown
        self.early, self.unknown = before, unknown
        found: set[str] = set()
        for one in base:
            if self._sleeps(one):
                continue
            ends = self._chain((one["family"], one["table"], one["name"]), fields)
            ends = {one.get("policy", "accept") if end == "return" else end for end in ends}
            if "divert" in ends:
                return {"accept", "drop"}
            found |= ends & {"drop"}
            if "accept" not in ends:
                return {"drop"}
        return found | {"accept"}

    def _sleeps(self, chain: Any) -> bool:
        return "dormant" in self.flags.get((chain["family"], chain["table"]), [])

    def _untracks(self, key: Key, fields: Fields, seen: set[Any]) -> bool:
        """Whether a rule may keep the packet from connection tracking, whatever leads to it."""
        if key in seen:
            return False
        seen.add(key)
        found = False
        for rule in self.rules.get(key, ()):
            for end in self._rule(key, rule, fields, want="untracked"):
                found |= end == "untracked"
                if isinstance(end, tuple):
                    found |= self._untracks((*key[:2], end[1]), fields, seen)
        return found

    def _chain(self, key: Key, fields: Fields) -> set[str]:
        found: set[str] = set()
        for rule in self.rules.get(key, ()):
            ends = self._rule(key, rule, self.unknown if key in self.early else fields)
            goes_on = None in ends
            for end in ends - {None}:
                if isinstance(end, tuple):
                    inner = self._chain((*key[:2], end[1]), fields)
                    if end[0] == "jump" and "return" in inner:
                        goes_on, inner = True, inner - {"return"}
                    found |= inner
                else:
                    found.add(end)
            if not goes_on:
                return found
        return found | {"return"}

    def _rule(self, key: Key, rule: list[Any], fields: Fields, want: str = "") -> set[Any]:
        """Every end of a rule; None where the packet goes on to the next."""
        found: set[Any] = set()
        for at, statement in enumerate(rule):
            ((kind, about),) = statement.items()
            if want and kind in ("notrack", "xt", "frobnicate"):
                found.add(want)
            ends, goes_on = self._statement(key, kind, about, fields, rule[at + 1 :])
            found |= ends
            if goes_on is False:
                return found
        return found | {None}

    def _statement(self, key: Key, kind: str, about: Any, fields: Fields, rest: list[Any]) -> Answer:
        """The ends that a statement may lead to, and whether the rule goes on after it."""
        if kind in ENDS:
            return {ENDS[kind]}, False
        if kind in ("jump", "goto"):
            return {(kind, about["target"])}, False
        if kind == "reject":
            only = {"icmp": "ipv4", "icmpv6": "ipv6"}.get((about or {}).get("type", ""))
            return ({"drop"}, False) if only in (None, fields["meta nfproto"]) else (set(), True)
        if kind in ("dnat", "redirect"):
            return {"divert"}, False
        if kind == "vmap":
            return self._verdict_map(key, about, fields)
        if kind == "xt" and about and about["type"] == "target":
            return ({"drop"}, False) if about["name"] == "REJECT" else ({"accept", "drop"}, None)
        if kind in GO_ON or kind == "mangle":
            return set(), True
        matches = self._matches(key, kind, about, fields, rest)
        if matches == "anything":
            return {"accept", "drop", None}, None
        return (set() if matches else {None}), matches

    def _matches(self, key: Key, kind: str, about: Any, fields: Fields, rest: list[Any]) -> Any:
        """Whether the rule goes on after a statement that ends it for other packets."""
        if kind == "match":
            return self._match(key, about, fields)
        if kind == "set":
            return None if about.get("stmt") else self._value(about["elem"], fields) is not NONE
        is_before_an_end = any(set(one) & {"accept", "drop", "return", "jump", "goto", "reject", "xt"} for one in rest)
        if kind in ("limit", "quota", "ct count", "meter") or (kind == "xt" and (about or is_before_an_end)):
            return None
        return "anything"

    def _verdict_map(self, key: Key, about: Any, fields: Fields) -> Answer:
        data = about["data"]
        pairs = self.sets[(*key[:2], data[1:])].get("elem", []) if isinstance(data, str) else data["set"]
        if self._value(about["key"], fields) is NONE:
            return {None}, False
        answers = [
            self._match(key, {"op": "==", "left": about["key"], "right": wanted}, fields)
            for wanted, _ in pairs
            if wanted != "*"
        ]
        rest = False if True in answers else None if None in answers else True
        every = [(verdict, rest if wanted == "*" else answers.pop(0)) for wanted, verdict in pairs]
        if isinstance(data, str) and data in self.filled:
            every = [(verdict, answer and None) for verdict, answer in every]
        certain = [(verdict, answer) for verdict, answer in every if answer]
        found: set[Any] = set() if certain else {None}
        goes_on: bool | None = False
        if isinstance(data, str) and data in self.filled:
            found, goes_on = {"accept", "drop", None}, None
        for verdict, answer in certain or every:
            if answer is not False:
                ((kind, target),) = verdict.items()
                found |= self._statement(key, kind, target, fields, [])[0]
                goes_on = (True if answer else None) if kind == "continue" else goes_on
        return found, goes_on

    def _match(self, key: Key, about: Any, fields: Fields) -> bool | None:
        left, op = about["left"], about["op"]
        value = self._value(left, fields)
        if value is NONE:
            return False
        is_it = self._is(key, left, value, op, about["right"], fields)
        return is_it if op not in ("!=", "!") or is_it is None else not is_it

    def _is(self, key: Key, left: Any, value: Any, op: str, right: Any, fields: Fields) -> bool | None:
        wanted, may_be_more, may_go = self._elements(key, right)
        if op in ("<", ">", "<=", ">="):
            if not isinstance(value, int) or not isinstance(right, int):
                return None
            return {"<": value < right, ">": value > right, "<=": value <= right, ">=": value >= right}[op]
        answers = [self._one(left, value, op, one, fields) for one in wanted]
        is_it = True if True in answers else None if None in answers else False
        if may_go and is_it:
            return None
        return None if may_be_more and not is_it else is_it

    def _elements(self, key: Key, right: Any) -> tuple[list[Any], bool, bool]:
        if isinstance(right, str) and right.startswith("@"):
            one = self.sets[(*key[:2], right[1:])]
            is_filled = right in self.filled
            return one.get("elem", []), is_filled, is_filled or "timeout" in one
        if isinstance(right, dict) and "set" in right:
            return right["set"], False, False
        return [right], False, False

    def _value(self, left: Any, fields: Fields) -> Any:
        """A field, None if it is not known, NONE if there is none."""
        ((kind, about),) = left.items()
        if kind == "concat":
            parts = [self._value(one, fields) for one in about]
            return NONE if NONE in parts else parts
        if kind == "&":
            return self._value(about[0], fields)
        if kind == "fib":
            return fields.get(f"fib {' . '.join(about['flags'])} {about['result']}")
        name = f"{about['protocol']} {about['field']}" if kind == "payload" else f"{kind} {about['key']}"
        name = f"ct original {about['key']}" if kind == "ct" and "dir" in about else name
        return fields.get(name)

    def _one(self, left: Any, value: Any, op: str, wanted: Any, fields: Fields) -> bool | None:
        ((kind, about),) = left.items()
        if wanted == "*":
            return True
        if kind == "concat":
            parts = [
                self._one(one, part, "==", want, fields)
                for one, part, want in zip(about, value, wanted["concat"], strict=True)
            ]
            return False if False in parts else None if None in parts else True
        bits = about[0] if kind == "&" else left
        ((inner, what),) = bits.items()
        names = (
            NAMED_BITS.get(f"{what.get('protocol', inner)} {what.get('field', what.get('key'))}")
            if isinstance(what, dict)
            else None
        )
        if names and value is not None:
            mask = number(about[1], names) if kind == "&" else 0xFF if names is FLAGS else None
            return of_bits(value, mask, op, number(wanted, names))
        return compared(name_of(left), value, wanted)


def number(value: Any, names: Mapping[str, int]) -> int:
    if isinstance(value, int):
        return value
    return names[value] if isinstance(value, str) else sum(number(one, names) for one in value)


def of_bits(known: tuple[int, int], mask: int | None, op: str, wanted: int) -> bool | None:
    value, sure = known
    if op in ("in", "!"):
        return True if value & wanted else None if wanted & ~sure else False
    mask = sure if mask is None else mask
    if (value ^ wanted) & sure & mask or wanted & ~mask:
        return False
    return None if mask & ~sure else True


def name_of(left: Any) -> str:
    ((kind, about),) = left.items()
    return f"{kind} {about.get('field', about.get('key', about.get('result')))}" if isinstance(about, dict) else kind


def compared(name: str, value: Any, wanted: Any) -> bool | None:
    if name in ("meta iifname", "meta iif"):
        return False if wanted == "lo" else None
    if name == "payload daddr":
        net = network(wanted)
        return False if net.is_loopback or net.is_multicast or net.is_link_local else None
    if value is None:
        return None
    if name.endswith(("l4proto", "protocol")) and isinstance(value, int):
        return value == (wanted if isinstance(wanted, int) else PROTOCOLS[wanted])
    if isinstance(value, ipaddress.IPv4Address | ipaddress.IPv6Address):
        if isinstance(wanted, dict) and "range" in wanted:
            return ipaddress.ip_address(wanted["range"][0]) <= value <= ipaddress.ip_address(wanted["range"][1])
        return value in network(wanted)
    if isinstance(wanted, dict) and "range" in wanted:
        return bool(wanted["range"][0] <= value <= wanted["range"][1])
    return bool(value == wanted)


def network(wanted: Any) -> Any:
    about = wanted["prefix"] if isinstance(wanted, dict) else {"addr": wanted, "len": 32 if "." in wanted else 128}
    return ipaddress.ip_network(f"{about['addr']}/{about['len']}")

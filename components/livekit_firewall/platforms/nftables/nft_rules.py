"""A rule of nft's JSON as steps of a chain: which packets come to each verdict, and what is in doubt.

A statement that is not known surely to let a packet go on may do anything with what comes to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...effective.syntax import refuse
from ...model.text import quoted
from .chains import Step, Verdict
from .network_sources import are_of_loopback
from .nft_match import Matches
from .nft_sets import COMES_AND_GOES, REST, Elements, Entry, is_harmless
from .nft_text import expression, text_of
from .nft_values import OF_IPV4, OF_IPV6, OF_TCP
from .reach import ALWAYS, EVERYTHING, NEVER, Reach, either, exactly, perhaps

Statement = Mapping[str, Any]

NOT_UNDERSTOOD = "what is not understood"
OF_IPTABLES = "what only iptables-save tells"
REDIRECTED = "where a packet is sent to instead"

VERDICTS: Mapping[str, Verdict] = {
    "accept": Verdict.ACCEPT,
    "drop": Verdict.DROP,
    "reject": Verdict.DROP,
    "fwd": Verdict.DROP,
    "return": Verdict.RETURN,
    "jump": Verdict.JUMP,
    "goto": Verdict.GOTO,
}
DIVERTS = ("dnat", "redirect", "snat", "masquerade", "tproxy")
DECIDED_ELSEWHERE = {"queue": "the program that packets are queued to", "synproxy": "the handshake of a proxy"}
GOES_ON = {"counter", "log", "comment", "continue", "notrack", "last", "dup", "flow", "secmark"} | {
    f"ct {one}" for one in ("helper", "timeout", "expectation")
}
"""Statements that surely let a packet go on; those that name an object by a map (`counter name tcp dport map {…}`) only
the packets that it has an element for."""
COUNTS = {
    "limit": "a rate",
    "quota": "a quota",
    "ct count": "how many connections there are",
    "meter": "a rate, a count or a quota",
}

REWRITES_NOTHING: Mapping[str, frozenset[str]] = {
    "meta": frozenset({"mark", "priority", "nftrace", "secmark"}),
    "ct": frozenset({"mark", "label", "zone", "event", "secmark"}),
    "ip": frozenset({"dscp", "ecn", "ttl", "id"}),
    "ip6": frozenset({"dscp", "ecn", "hoplimit", "flowlabel"}),
}
"""What a rule may set in a packet without changing who it is from and where it goes. Marks that decide anything later
are doubts there."""

XT_GOES_ON = {
    "AUDIT", "CHECKSUM", "CLASSIFY", "CONNMARK", "CONNSECMARK", "DSCP", "ECN", "HL", "IDLETIMER", "LED", "LOG", "MARK",
    "NFLOG", "NOTRACK", "CT", "RATEEST", "SECMARK", "SET", "TCPMSS", "TCPOPTSTRIP", "TEE", "TOS", "TRACE", "TTL",
    "ULOG",
}  # fmt: skip
XT_DIVERTS = {"DNAT", "REDIRECT", "NETMAP", "TPROXY", "SNAT", "MASQUERADE"}
UNTRACKS = {"notrack", "xt"}
"""Statements after which connection tracking may not know a packet."""


class Rule:
    """Reads the statements of one rule, in order.

    Args:
        name: for people.
        chains: the prefix of the keys of the table's chains.
    """

    def __init__(self, name: str, chains: str, statements: Sequence[Statement], matches: Matches) -> None:
        self.name, self.chains, self.statements, self.matches = name, chains, statements, matches
        self.reach, self.untracked = ALWAYS, list[Reach]()

    def steps(self) -> Iterator[Step]:
        """Each verdict that packets may come to."""
        for at, statement in enumerate(self.statements):
            if not self.reach.may:
                return
            kind = next(iter(statement), "") if len(statement) == 1 else ""
            if kind in UNTRACKS:
                self.untracked.append(self.reach)
            about = statement.get(kind)
            if kind == "match":
                self.reach &= self.matches.of(about)
            elif kind in VERDICTS:
                reach = self.reach & _rejected(kind, about)
                if kind != "accept" or not are_of_loopback(reach.may):
                    yield self._step(VERDICTS[kind], at, reach, _target(kind, about))
                self.reach &= ~_rejected(kind, about)
            elif kind in GOES_ON or kind in COUNTS or kind in ("set", "map", "mangle", "reset"):
                yield from self._goes_on(kind, about, at)
            else:
                yield from self._decides(kind, about, at)

    def _step(self, verdict: Verdict, shown: int, reach: Reach, target: str = "", why: str = "") -> Step:
        match = text_of(self.statements[:shown]) if why or reach.why else ""
        return Step(self.name, verdict, reach, match, f"{self.chains} {target}" if target else "", why)

    def _goes_on(self, kind: str, about: Any, at: int) -> Iterator[Step]:
        """Statements after which a rule goes on, for all packets or for some."""
        if isinstance(about, dict) and "map" in about and kind not in ("set", "map", "mangle"):
            self.reach &= self._looked_up(about["map"])
        if kind in COUNTS:
            self.reach &= perhaps(COUNTS[kind])
        elif kind in ("set", "map"):
            given = about if isinstance(about, dict) else {}
            is_plain = is_harmless(given.get("stmt")) and self.matches.sets.takes(given.get(kind))
            self.reach &= exactly(self.matches.bound(given.get("elem"))) if is_plain else perhaps(COUNTS["meter"])
        elif kind == "reset":
            self.reach &= exactly(OF_TCP)
        elif kind == "mangle":
            yield from self._rewrites(about, at)

    def _rewrites(self, about: Any, at: int) -> Iterator[Step]:
        key = about.get("key") if isinstance(about, dict) else None
        kind, what = next(iter(key.items()), ("", None)) if isinstance(key, dict) else ("", None)
        group, field = _field(kind, what)
        self.reach &= exactly(self.matches.bound(key))
        if kind == "tcp option":
            self.reach &= perhaps("the options of a packet")
        elif field not in REWRITES_NOTHING.get(group, ()):
            yield self._step(Verdict.DIVERT, at + 1, self.reach, why="what a packet is changed to")
        self.reach &= self._computed(about.get("value") if isinstance(about, dict) else None)

    def _computed(self, value: Any) -> Reach:
        """The packets for which a value can be computed."""
        if isinstance(value, str | int | list):
            return ALWAYS
        if isinstance(value, dict) and set(value) == {"map"}:
            return self._looked_up(value["map"])
        return self.matches.computes(value) if _is_of_marks(value) else perhaps(f"`{expression(value)}`")

    def _has_target(self, about: Any) -> Reach:
        """`dnat to tcp dport map { … }` ends the rule for a key without an element."""
        found = ALWAYS
        for value in about.values() if isinstance(about, dict) else ():
            if isinstance(value, dict) and set(value) == {"map"}:
                found &= self._looked_up(value["map"])
        return found

    def _looked_up(self, about: Any) -> Reach:
        """The packets that a map has an element for."""
        found = self.matches.sets.entries(about.get("data")) if isinstance(about, dict) else None
        if found is None:
            return perhaps(f"the map {expression(about)}")
        entries, why = found
        keys = [self._keyed(about.get("key"), entry) for entry in entries if entry.key != REST]
        rest = [self._rest(about.get("key"), entry, keys) for entry in entries if entry.key == REST]
        others = [perhaps(why, self.matches.bound(about.get("key")))] if why else []
        return either([*keys, *rest, *others] or [NEVER])

    def _keyed(self, key: Any, entry: Entry) -> Reach:
        found = self.matches.compares(key, "==", Elements((entry.key,)))
        return found if entry.is_certain else found & perhaps(COMES_AND_GOES)

    def _rest(self, key: Any, entry: Entry, others: list[Reach]) -> Reach:
        found = (~either(others) if others else ALWAYS) & exactly(self.matches.bound(key))
        return found if entry.is_certain else found & perhaps(COMES_AND_GOES)

    def _decides(self, kind: str, about: Any, at: int) -> Iterator[Step]:
        """Statements that end a rule, or may."""
        if kind == "vmap":
            yield from self._verdict_map(about, at)
        elif kind == "xt":
            yield from self._xt(about, at)
        elif kind in DIVERTS:
            self.reach &= self._has_target(about)
            yield self._step(Verdict.DIVERT, at + 1, self.reach & exactly(_family(about)), why=REDIRECTED)
            self.reach &= perhaps(REDIRECTED)
        elif kind in DECIDED_ELSEWHERE:
            reach = self.reach & perhaps(DECIDED_ELSEWHERE[kind], OF_TCP if kind == "synproxy" else EVERYTHING)
            yield self._step(Verdict.UNKNOWN, at + 1, reach)
            self.reach &= perhaps(DECIDED_ELSEWHERE[kind])
        else:
            self.untracked.append(self.reach)
            yield from self._not_understood(at)

    def _not_understood(self, at: int, why: str = NOT_UNDERSTOOD) -> Iterator[Step]:
        yield self._step(Verdict.UNKNOWN, at + 1, self.reach & perhaps(why))
        self.reach &= perhaps(why)

    def _verdict_map(self, about: Any, at: int) -> Iterator[Step]:
        """`vmap { 22 : accept, * : drop }`: a key without an element ends the rule."""
        key = about.get("key") if isinstance(about, dict) else None
        found = self.matches.sets.entries(about.get("data")) if isinstance(about, dict) else None
        if found is None:
            yield from self._not_understood(at)
            return
        entries, why = found
        others = [perhaps(why, self.matches.bound(key))] if why else []
        for other in others:
            yield self._step(Verdict.EITHER, at + 1, self.reach & other)
        keyed = [(entry, self._keyed(key, entry)) for entry in entries if entry.key != REST]
        keyed += [(entry, self._rest(key, entry, [one for _, one in keyed])) for entry in entries if entry.key == REST]
        on = others
        for entry, reach in keyed:
            kind = next(iter(entry.value), "") if isinstance(entry.value, dict) else ""
            if kind == "continue":
                on.append(reach)
            elif kind in VERDICTS and kind not in ("reject", "fwd"):
                yield self._step(VERDICTS[kind], at + 1, self.reach & reach, _target(kind, entry.value[kind]))
            else:
                yield self._step(Verdict.UNKNOWN, at + 1, self.reach & reach, why=NOT_UNDERSTOOD)
        self.reach &= either(on or [NEVER])

    def _xt(self, about: Any, at: int) -> Iterator[Step]:
        """What iptables-nft writes: matches first, then at most one target, or a verdict of nft's in its place."""
        kind, name = (about.get("type"), about.get("name")) if isinstance(about, dict) else (None, None)
        rest = self.statements[at + 1 :]
        if (kind, name) == ("match", "comment"):
            return
        is_match = kind == "match" or (kind is None and any(set(one) & {*VERDICTS, *DIVERTS, "xt"} for one in rest))
        if is_match:
            self.reach &= perhaps(OF_IPTABLES)
        elif kind == "target" and name == "REJECT":
            yield self._step(Verdict.DROP, at + 1, self.reach)
            self.reach = NEVER
        elif kind == "target" and name in XT_DIVERTS:
            yield self._step(Verdict.DIVERT, at + 1, self.reach & perhaps(REDIRECTED))
        elif kind != "target" or name not in XT_GOES_ON:
            yield from self._not_understood(at, OF_IPTABLES)


def _target(kind: str, about: Any) -> str:
    if kind not in ("jump", "goto"):
        return ""
    if not isinstance(about, dict) or not isinstance(about.get("target"), str):
        raise refuse("nftables", quoted(about, 120), "must name the chain of a jump")
    return str(about["target"])


def _rejected(kind: str, about: Any) -> Reach:
    """What a reject is for: an ICMP error of one family, or a TCP reset."""
    what = about.get("type") if kind == "reject" and isinstance(about, dict) else None
    return {"icmp": exactly(OF_IPV4), "icmpv6": exactly(OF_IPV6), "tcp reset": exactly(OF_TCP)}.get(str(what), ALWAYS)


def _family(about: Any) -> Any:
    family = about.get("family") if isinstance(about, dict) else None
    return {"ip": OF_IPV4, "ip6": OF_IPV6}.get(str(family), ALWAYS.may)


def _field(kind: str, what: Any) -> tuple[str, str]:
    if not isinstance(what, dict):
        return "", ""
    return (str(what.get("protocol")), str(what.get("field"))) if kind == "payload" else (kind, str(what.get("key")))


def _is_of_marks(value: Any) -> bool:
    """A computation with marks and constants, which every packet has."""
    if isinstance(value, str | int):
        return True
    ((kind, about),) = value.items() if isinstance(value, dict) and len(value) == 1 else (("", None),)
    if kind in ("&", "|", "^", "<<", ">>"):
        return isinstance(about, list) and all(map(_is_of_marks, about))
    return kind in ("meta", "ct") and isinstance(about, dict) and about.get("key") == "mark"

"""A host's ruleset as `nft -j list ruleset` prints it -> what it admits.

Shape: libnftables-json(5). A packet must pass every base chain of the input hook; an accept in one of them
does not save it from the next. Only what opens a TCP or UDP flow over the network counts: ICMP, `lo` and
established flows are passed over. What is not known to narrow a rule makes it unread.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from ...effective.evaluate import MAY_ADMIT, MAY_DENY, EffectiveRules, ParsedRule, Selection, Unread
from ...effective.syntax import refuse, shaped
from ...model.packets import ALL_PORTS, EVERYBODY, PacketSet, everything
from ...model.text import quoted
from .nft_match import SOURCE_PORT, Reach, reach

MAX_RULES = 2_000
MAX_JUMPS = 16  # NFT_JUMP_STACK_SIZE of the kernel
FAMILIES = {"ip": EVERYBODY[:1], "ip6": EVERYBODY[1:], "inet": EVERYBODY}


class _ChainRule(Struct):
    table: str
    chain: str
    family: str
    handle: int = 0
    comment: str = ""
    expr: list[dict[str, Any]] = []

    @property
    def name(self) -> str:
        return f"{self.family} {self.table} {self.chain} #{self.handle}"


class _Chain(Struct):
    name: str
    table: str
    family: str
    hook: str = ""
    prio: int = 0
    policy: str = "accept"
    type: str = "filter"


class _Set(Struct):
    name: str
    table: str
    family: str
    elem: list[Any] = []


class _Ruleset(Struct):
    nftables: list[dict[str, Any]]


def recognises(value: object) -> bool:
    return isinstance(value, dict) and "nftables" in value


def read(value: object, asked: Selection) -> EffectiveRules:
    """What the host admits over the network.

    Raises:
        NotAFirewall: another shape; more rules than can be read; a chain that jumps to itself.
    """
    if asked.groups:  # tags may be those of another target of the same deployment
        raise refuse("--group", "", "means nothing to a host, all of whose tables count")
    objects = shaped(value, _Ruleset, "nftables").nftables
    host = _Host(
        [shaped(one["chain"], _Chain, "chain") for one in objects if "chain" in one],
        [shaped(one["rule"], _ChainRule, "rule") for one in objects if "rule" in one],
        [shaped(one["set"], _Set, "set") for one in objects if "set" in one],
    )
    admitted = everything()
    for chain in list(host.base_chains()):
        admitted &= host.passes(chain)
    return EffectiveRules(
        name="the host",
        admitted=admitted,
        partly=PacketSet.union(host.partly),
        allow_rules=tuple(host.allow_rules),
        unread=tuple(dict.fromkeys(host.unread)),
    )


class _Host:
    """Evaluates the chains, and collects what is not understood."""

    def __init__(self, chains: list[_Chain], rules: list[_ChainRule], sets: list[_Set]) -> None:
        if len(rules) > MAX_RULES:
            raise refuse("nftables", f"{len(rules):,} rules", f"must hold at most {MAX_RULES:,} rules")
        self.chains = {(one.family, one.table, one.name): one for one in chains}
        self.sets = {(one.family, one.table, one.name): one.elem for one in sets}
        self.rules: dict[tuple[str, str, str], list[_ChainRule]] = {}
        for rule in rules:
            self.rules.setdefault((rule.family, rule.table, rule.chain), []).append(rule)
        self.unread: list[Unread] = []
        self.allow_rules: list[ParsedRule] = []
        self.partly: list[PacketSet] = []
        self.steps = 0

    def base_chains(self) -> Iterator[_Chain]:
        """Those of the input hook. Earlier chains may drop or redirect packets: with rules they count as unread."""
        for key, chain in self.chains.items():
            if chain.hook == "input" and chain.family in FAMILIES and chain.type == "filter":
                yield chain
            elif chain.hook in ("prerouting", "ingress", "input") and self.rules.get(key):
                why = f"runs at {chain.hook} and may drop packets or change their port; {MAY_DENY}"
                self.unread.append(Unread(f"{chain.family} {chain.table} {chain.name}", why))

    def passes(self, chain: _Chain) -> PacketSet:
        """What a base chain lets pass; packets of a family that it does not filter pass as well."""
        seen = everything() & PacketSet.box(ALL_PORTS, FAMILIES[chain.family])
        accepted, rest = self._walk((chain.family, chain.table, chain.name), seen, 0)
        through = accepted | (rest if chain.policy == "accept" else PacketSet()) | (everything() - seen)
        if chain.policy == "accept" and rest:
            self.allow_rules.append(ParsedRule(f"policy of {chain.family} {chain.table} {chain.name}", True, rest))
        return through

    def _walk(self, key: tuple[str, str, str], incoming: PacketSet, depth: int) -> tuple[PacketSet, PacketSet]:
        """What the chain accepts of the incoming packets, and what returns to its caller."""
        if depth > MAX_JUMPS:
            raise refuse("nftables", " ".join(key), f"must not jump deeper than {MAX_JUMPS} chains")
        accepted, returned = list[PacketSet](), PacketSet()
        for rule in self.rules.get(key, ()):
            self.steps += 1
            if self.steps > MAX_RULES * 10:
                raise refuse("nftables", "", f"must be walked in {MAX_RULES * 10:,} steps", "it jumps too often")
            for verdict, matched, why in self._verdicts(rule, incoming):
                if not matched:
                    continue
                kind, target = next(iter(verdict.items()))
                if why:
                    self._doubt(rule, kind, matched, why)
                elif kind == "accept":
                    accepted.append(matched)
                    self.allow_rules.append(ParsedRule(_about(rule), True, matched))
                    incoming -= matched
                elif kind in ("drop", "reject"):
                    incoming -= matched
                elif kind == "return":
                    returned |= matched
                    incoming -= matched
                elif kind in ("jump", "goto"):
                    inner, rest = self._walk((key[0], key[1], _target(target)), matched, depth + 1)
                    accepted.append(inner)
                    incoming -= matched
                    if kind == "jump":
                        incoming |= rest
                    else:
                        returned |= rest
                elif kind == "queue":
                    self.unread.append(Unread(_about(rule), f"hands packets to a program; {MAY_ADMIT}"))
        return PacketSet.union(accepted), incoming | returned

    def _doubt(self, rule: _ChainRule, kind: str, matched: PacketSet, why: str) -> None:
        if why == SOURCE_PORT and kind == "accept":
            self.partly.append(matched)
            self.allow_rules.append(ParsedRule(_about(rule), True, matched, partly=True))
            return
        may = MAY_DENY if kind in ("drop", "reject", "return") else MAY_ADMIT
        self.unread.append(Unread(_about(rule), f"{kind}s by {why}, which is not understood; {may}"))

    def _verdicts(self, rule: _ChainRule, incoming: PacketSet) -> Iterator[tuple[Mapping[str, Any], PacketSet, str]]:
        """Each verdict of a rule, the packets that it matches, and why it may match fewer."""
        matched, why = incoming, ""
        sets = {
            name: elem
            for (family, table, name), elem in self.sets.items()
            if (family, table) == (rule.family, rule.table)
        }
        for expression in rule.expr:
            kind = next(iter(expression), "")
            if kind in VERDICTS:
                yield expression, matched, why
                return
            if kind in HARMLESS:
                continue
            if kind == "vmap":
                for verdict, one in _choices(expression["vmap"], sets):
                    yield verdict, _narrowed(matched, one), _worse(why, one.unknown)
                continue
            one = reach(expression, sets)
            matched, why = _narrowed(matched, one), _worse(why, one.unknown)


VERDICTS = ("accept", "drop", "reject", "jump", "goto", "return", "queue")
HARMLESS = ("counter", "log", "comment", "continue", "mangle", "set", "notrack", "meter", "ct helper", "quota")


def _worse(why: str, other: str) -> str:
    """The graver of two reasons: a source port can be spoofed; anything else is not known at all."""
    return other if other and why in ("", SOURCE_PORT) else why


def _narrowed(region: PacketSet, one: Reach) -> PacketSet:
    return region if one.region is None else region & one.region


def _choices(vmap: Any, sets: Mapping[str, list[Any]]) -> Iterator[tuple[Mapping[str, Any], Reach]]:
    """`ct state vmap { established : accept, invalid : drop }` as matches with a verdict each."""
    data = vmap.get("data") if isinstance(vmap, dict) else None
    pairs = data.get("set") if isinstance(data, dict) else None
    if not isinstance(pairs, list) or not isinstance(vmap, dict):
        yield {"accept": None}, Reach(unknown="a verdict map")
        return
    for pair in pairs:
        if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[1], dict) or not pair[1]:
            yield {"accept": None}, Reach(unknown="a verdict map")
            continue
        yield pair[1], reach({"match": {"op": "==", "left": vmap.get("key"), "right": pair[0]}}, sets)


def _target(value: object) -> str:
    if not isinstance(value, dict) or not isinstance(value.get("target"), str):
        raise refuse("nftables", quoted(value, 120), "must name the chain of a jump")
    return str(value["target"])


def _about(rule: _ChainRule) -> str:
    return f"{rule.name} ({rule.comment})" if rule.comment else rule.name

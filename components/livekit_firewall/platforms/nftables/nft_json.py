"""The objects of nft's JSON: what `nft -j list ruleset` prints, or commands that add to an empty ruleset.

Shape: libnftables-json(5). `{"nftables": [OBJECT, …]}`, each object `{KIND: {…}}`; in what `nft -j -f` loads also
`{"add": OBJECT}`. What else a command does (insert, delete, flush, …) depends on what is in the kernel: refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from ...effective.syntax import refuse, shaped
from ...model.text import quoted
from .nft_sets import NamedSet

MAX_RULES = 2_000
Table = tuple[str, str]
"""Family and name."""

ANSWERED = {"netbios-ns", "snmp"}
"""Helpers that announce only answers to what the host itself broadcasts (net/netfilter/nf_conntrack_broadcast.c)."""

OTHERS = {
    "flowtable", "counter", "quota", "limit", "synproxy", "secmark", "tunnel",
    "ct helper", "ct timeout", "ct expectation",
}  # fmt: skip
"""Objects that do nothing but in a rule that names them."""
WHOLE = "give what `nft -j list ruleset` prints: a part of it does not say what the host admits"
COMMANDS = {"add", "create", "insert", "replace", "delete", "destroy", "list", "reset", "flush", "rename"}


class NftTable(Struct):
    family: str
    name: str
    flags: str | list[str] = []


class NftChain(Struct):
    family: str
    table: str
    name: str
    type: str = ""
    hook: str = ""
    prio: int = 0
    policy: Literal["accept", "drop"] = "accept"
    dev: str | list[str] = ""

    @property
    def key(self) -> str:
        return f"{self.family} {self.table} {self.name}"


class NftRule(Struct):
    family: str
    table: str
    chain: str
    expr: list[dict[str, Any]]
    handle: int = 0
    comment: str = ""
    index: int | None = None

    @property
    def key(self) -> str:
        return f"{self.family} {self.table} {self.chain}"

    @property
    def title(self) -> str:
        name = f"{self.key} #{self.handle}"
        return f"{name} ({self.comment})" if self.comment else name


class _InTable(Struct):
    """What every object has that nft lists, but tables and `metainfo`."""

    family: str
    table: str


class _Element(Struct):
    family: str
    table: str
    name: str
    elem: Any


class _Helper(Struct):
    """`ct helper`: of the tracking of connections."""

    family: str
    table: str
    name: str
    type: str = ""


class _Document(Struct):
    nftables: list[dict[str, Any]]


class Ruleset(Struct):
    """All tables of a host.

    Attributes:
        tables: each with its flags.
        chains: in the order of the JSON.
        rules: by the key of their chain, in order.
        sets: sets and maps of each table, by name.
        quiet: the table and name of each `ct helper` that announces no flow from the network.
    """

    tables: dict[Table, frozenset[str]] = {}
    chains: list[NftChain] = []
    rules: dict[str, list[NftRule]] = {}
    sets: dict[Table, dict[str, NamedSet]] = {}
    quiet: set[tuple[Table, str]] = set()

    def flags(self, chain: NftChain) -> frozenset[str]:
        """Those of a chain's table."""
        return self.tables.get((chain.family, chain.table), frozenset())


def ruleset(value: object) -> Ruleset:
    """The objects of the JSON.

    Raises:
        NotAFirewall: another shape; a command other than `add`; an object that is not known, or whose table or chain
            is not there; no object at all; more rules than can be read.
    """
    objects = shaped(value, _Document, "nftables").nftables
    if not objects:
        raise refuse("nftables", "an empty list", "must be what nft prints", "an empty ruleset still has `metainfo`")
    found = _Reader()
    for at, one in enumerate(objects):
        if at == 0 and one == {"flush": {"ruleset": None}}:
            continue
        found.take(one, f"nftables[{at}]")
    return found.ruleset()


class _Reader:
    def __init__(self) -> None:
        self.tables: dict[Table, frozenset[str]] = {}
        self.chains: dict[str, NftChain] = {}
        self.rules: dict[str, list[NftRule]] = {}
        self.sets: dict[Table, dict[str, NamedSet]] = {}
        self.count = 0
        self.quiet: set[tuple[Table, str]] = set()
        self.is_listed = False
        self.inside: dict[Table, str] = {}

    def take(self, one: Mapping[str, Any], where: str) -> None:
        kind, about = next(iter(one.items())) if len(one) == 1 else ("", None)
        if kind not in COMMANDS:
            self._place(kind, about, where)
            return self._object(kind, about, where)
        if kind not in ("add", "create"):
            hint = "give what `nft -j list ruleset` prints"
            raise refuse(where, quoted(kind, 20), "must be an object or `add`: what else it changes is not in it", hint)
        added, what = next(iter(about.items())) if isinstance(about, dict) and len(about) == 1 else ("", None)
        if added == "rule" and isinstance(what, dict) and not {"handle", "index"}.isdisjoint(what):
            raise refuse(f"{where}.add.rule", "", "must come after all rules of its chain, without `handle` or `index`")
        return self._object(added, what, f"{where}.{kind}")

    def _place(self, kind: str, about: Any, where: str) -> None:
        """Notes the table of what nft lists: `list chains` and others list no tables, and no rules or no sets."""
        if kind == "metainfo":
            self.is_listed = True
        elif kind in ("chain", "rule", "set", "map", *OTHERS):
            inside = shaped(about, _InTable, f"{where}.{kind}")
            self.inside.setdefault((inside.family, inside.table), f"{where}.{kind}")

    def _object(self, kind: str, about: Any, where: str) -> None:
        place = f"{where}.{kind}"
        if kind == "table":
            table = shaped(about, NftTable, place)
            flags = [table.flags] if isinstance(table.flags, str) else table.flags
            self.tables[table.family, table.name] = frozenset(flags)
        elif kind == "chain":
            chain = shaped(about, NftChain, place)
            if chain.hook and not chain.type:
                raise refuse(place, "", "must have a type, as every chain with a hook")
            self.chains[chain.key] = chain
        elif kind == "rule":
            rule = shaped(about, NftRule, place)
            listed = self.rules.setdefault(rule.key, [])
            self.count += 1
            listed.append(rule if rule.handle else replace(rule, handle=len(listed) + 1))
        elif kind in ("set", "map"):
            named = shaped(about, NamedSet, place)
            self.sets.setdefault((named.family, named.table), {})[named.name] = named
        elif kind == "ct helper":
            helper = shaped(about, _Helper, place)
            if helper.type in ANSWERED:
                self.quiet.add(((helper.family, helper.table), helper.name))
        elif kind == "element":
            self._elements(shaped(about, _Element, place), place)
        elif kind != "metainfo" and kind not in OTHERS:
            expected = "must be an object of nftables, such as table, chain, rule or set"
            raise refuse(where, quoted(kind, 40), expected, WHOLE)

    def _elements(self, added: _Element, place: str) -> None:
        named = self.sets.get((added.family, added.table), {}).get(added.name)
        if named is None:
            raise refuse(place, quoted(added.name, 40), "must be for a set that is added before")
        more = added.elem if isinstance(added.elem, list) else [added.elem]
        named.elem = [*(named.elem or ()), *more]

    def ruleset(self) -> Ruleset:
        if self.count > MAX_RULES:
            raise refuse("nftables", f"{self.count:,} rules", f"must hold at most {MAX_RULES:,} rules")
        if self.tables and not self.chains and not self.inside:
            raise refuse("nftables", "tables without any chain", "must hold the chains of the tables", WHOLE)
        for table, place in self.inside.items():
            if self.is_listed and table not in self.tables:
                raise refuse(place, quoted(" ".join(table), 120), "must be in a table that is listed too", WHOLE)
        listed = {(one.family, one.table) for one in self.chains.values()} | set(self.sets)
        for family, name in listed:
            self.tables.setdefault((family, name), frozenset())
        for key in self.rules:
            if key not in self.chains:
                raise refuse("nftables", quoted(key, 120), "must hold the chain of each of its rules")
        return Ruleset(self.tables, list(self.chains.values()), self.rules, self.sets, self.quiet)

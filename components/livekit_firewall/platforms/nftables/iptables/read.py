"""`iptables-save` and `ip6tables-save` of a host -> what it admits.

A packet to the node passes the chains of `WAY`. A family whose command was not given is not known, and neither is what
iptables-save says that it does not print.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from ....effective.evaluate import EffectiveRules, Selection
from ....effective.syntax import refuse
from ....model.addresses import ANY, Family
from ....model.packets import ALL_PORTS, PacketSet
from ....model.text import printable
from ..chains import MAX_STEPS, BaseChain, Step, Verdict, walked
from ..reach import NEVER, either, exactly
from . import saved
from .conditions import FirstPackets
from .matches import reach
from .saved import COMMANDS, Saved, Table, wrong
from .states import Connections
from .targets import End, end, leaves_tracking
from .words import Words, parsed

recognises = saved.recognises

WAY = (
    ("raw", "PREROUTING"),
    ("mangle", "PREROUTING"),
    ("nat", "PREROUTING"),
    ("mangle", "INPUT"),
    ("filter", "INPUT"),
    ("security", "INPUT"),
    ("nat", "INPUT"),
)
"""Of a packet to the node, in this order (include/uapi/linux/netfilter_ipv4.h)."""

OF_FAMILY = {family: exactly(PacketSet.box(ALL_PORTS, [block])) for family, block in ANY.items()}


def read(files: Sequence[tuple[str, str]], selection: Selection) -> EffectiveRules:
    """What the host admits over the network.

    Args:
        files: the name and the text of each.

    Raises:
        NotAFirewall: see `saved.read`; more lines than can be read; chains that jump too deep.
    """
    if selection.groups:  # tags may be those of another target of the same deployment
        raise refuse("--group", "", "means nothing to a host, all of whose tables count")
    given = saved.read(files)
    ways = [_Way(family, given) for family in Family]
    chains = {key: steps for way in ways for key, steps in way.chains.items()}
    return walked("the host's iptables", chains, [base for way in ways for base in way.base])


class _Rule(Struct, frozen=True):
    """A line that packets to the node may come to."""

    table: Table
    chain: str
    number: int
    words: Words
    end: End | None


class _Way:
    """The chains that packets of a family pass, as steps."""

    def __init__(self, family: Family, given: Saved) -> None:
        self.family, self.given = family, given
        self.tables = [table for table in given.tables if table.family is family]
        self.chains: dict[str, list[Step]] = {}
        self.base: list[BaseChain] = []
        rules = {id(table): _rules(table) for table in self.tables}
        self.connections = Connections(
            untracked=self._untracked(rules),
            are_announced=any(table.name == "raw" and table.names_helper for table in self.tables),
        )
        self._add_what_is_not_given()
        for table in self.tables:
            for name, lines in rules[id(table)].items():
                self.chains[self._key(table, name)] = self._steps(table, lines)
        for at, hook in WAY:
            for table in self.tables:
                key, chain = self._key(table, hook), table.chains.get(hook)
                if table.name == at and chain and (self.chains[key] or chain.policy == "DROP" or at == "filter"):
                    self._add_base(key, accepts=chain.policy == "ACCEPT")

    def _add_base(self, key: str, *, accepts: bool = True) -> None:
        self.base.append(BaseChain(key, key, accepts, OF_FAMILY[self.family]))

    def _key(self, table: Table, chain: str) -> str:
        """As texts name it. What iptables-legacy and iptables-nft hold are different tables."""
        is_legacy = table.backend == "" and any(one.backend for one in self.tables)
        return f"{COMMANDS[self.family].removesuffix('-save')}{'-legacy' if is_legacy else ''} {table.name} {chain}"

    def _add_what_is_not_given(self) -> None:
        command, label = COMMANDS[self.family], self.family.label
        if not self.tables:
            why = f"what {command} prints, which is not given"
        elif not any(table.name == "filter" for table in self.tables):
            why = f"the table filter, which is not in what {command} printed"
        else:
            why = ""
        if why:
            self._add_doubt(label, Step(label, Verdict.UNKNOWN, why=why))
        for beside in self.given.beside:
            is_here = "legacy" in beside.text and any(table.backend == "" for table in self.tables)
            if beside.family in (None, self.family) and not is_here:
                name = f"{beside.file}:{beside.line}"
                why = f"rules that {command} does not print ({printable(beside.text)})"
                self._add_doubt(name, Step(name, Verdict.UNKNOWN, why=why))

    def _add_doubt(self, name: str, step: Step) -> None:
        key = f"{self.family.label} {name}"
        self.chains[key] = [step]
        self._add_base(key)

    def _untracked(self, rules: Mapping[int, Mapping[str, Iterable[_Rule]]]) -> PacketSet:
        """All that lines of the table raw take out of tracking, however packets come to them."""
        packets = FirstPackets(self.family, Connections(are_tracked=False))
        return PacketSet.union(
            reach(rule.words, packets).may & OF_FAMILY[self.family].may
            for table in self.tables
            if table.name == "raw"
            for lines in rules[id(table)].values()
            for rule in lines
            if leaves_tracking(rule.words)
        )

    def _steps(self, table: Table, rules: Iterable[_Rule]) -> list[Step]:
        packets = FirstPackets(self.family, replace(self.connections, are_tracked=table.name != "raw"))
        steps = []
        for rule in rules:
            if rule.end is None:
                continue
            matched = reach(rule.words, packets)
            if matched is NEVER:
                continue
            comment = f" ({rule.words.comment})" if rule.words.comment else ""
            name = f"{self._key(table, rule.chain)}, line {rule.number}{comment}"
            match = "" if matched.is_exact else str(rule.words)
            chain = self._key(table, rule.end.chain) if rule.end.chain else ""
            steps.append(Step(name, rule.end.verdict, matched, match, chain, rule.end.why))
        return list(_folded(steps))


def _folded(steps: Iterable[Step]) -> Iterator[Step]:
    """Lines after each other that surely drop are one step: lists of blocked addresses have thousands."""
    for is_drop, some in groupby(steps, key=lambda step: step.verdict is Verdict.DROP and step.reach.is_exact):
        if is_drop:
            yield Step("", Verdict.DROP, either(step.reach for step in some))
        else:
            yield from some


def _rules(table: Table) -> dict[str, list[_Rule]]:
    """The lines of the chains that packets to the node may come to; all others are not looked at."""
    found: dict[str, list[_Rule]] = {}
    to_read = [hook for name, hook in WAY if name == table.name and hook in table.chains]
    lines = 0
    while to_read:
        name = to_read.pop()
        if name in found:
            continue
        found[name] = []
        lines += len(table.chains[name].lines)
        if lines > MAX_STEPS:
            raise wrong(table.file, table.line, "", f"must lead packets to the node past at most {MAX_STEPS:,} lines")
        for line in table.chains[name].lines:
            words = parsed(line.text)
            if words is None:
                raise wrong(table.file, line.number, line.text, "must close its quotes")
            rule = _Rule(table, name, line.number, words, end(words, table.chains))
            found[name].append(rule)
            if rule.end and rule.end.chain:
                to_read.append(rule.end.chain)
    return found

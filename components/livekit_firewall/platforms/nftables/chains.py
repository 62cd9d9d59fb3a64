"""Chains of a host's firewall, and what becomes of a packet that opens a flow: admitted, denied or unknown.

    chains = {"input": (Step("#1", Verdict.ACCEPT, exactly(region), "tcp dport 443"),)}
    walked("the host", chains, [BaseChain("input", "filter input", accepts=False)])

The readers of the formats (`nft -j`, `iptables-save`) make the steps. A packet must pass every base chain on its way;
an accept in one of them does not save it from the next. The walk keeps the packets that may still be undecided: a step
that surely matches them takes them out, a step that may match them decides them and leaves them in. A packet for
which both ends are possible is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from ...effective.evaluate import MAY_ADMIT, MAY_DENY, EffectiveRules, ParsedRule, Unread
from ...effective.syntax import refuse
from ...model.packets import PacketSet
from ...model.text import printable
from ...model.text_enum import TextEnum
from .network_sources import as_from_network
from .reach import ALWAYS, EVERYTHING, SOURCE_PORT, Reach

MAX_JUMPS = 16  # NFT_JUMP_STACK_SIZE of the kernel
MAX_STEPS = 20_000
MAY_EITHER = "it may admit or deny more than is shown"
ANOTHER_PORT = f"accepts by {SOURCE_PORT}, as a chain before it does, which may ask for another one"


class Verdict(TextEnum):
    """What a step does with the packets that it matches; the value is what is said of it in a text.

    DIVERT sends a packet to another port or address: the chains after it judge a packet that is not known.
    EITHER may accept it and may drop it; UNKNOWN may do anything with it, DIVERT included.
    """

    ACCEPT = "accepts"
    DROP = "drops"
    RETURN = "returns"
    JUMP = "jumps"
    GOTO = "goes"
    DIVERT = "redirects"
    EITHER = "accepts or drops"
    UNKNOWN = "decides"


class Step(Struct, frozen=True):
    """A verdict on the packets that a rule matches.

    Attributes:
        name: of the rule, for people.
        reach: the packets that it matches.
        match: the rule's match in the words of its format (`tcp dport 443 limit rate 1/hour`).
        chain: the key of the chain that JUMP and GOTO lead to; one that is missing may accept and drop.
        why: what the end of a packet depends on, for DIVERT, EITHER and UNKNOWN.
    """

    name: str
    verdict: Verdict
    reach: Reach = ALWAYS
    match: str = ""
    chain: str = ""
    why: str = ""


class BaseChain(Struct, frozen=True):
    """A chain that packets pass on their way to the host.

    Attributes:
        key: among the chains.
        name: for people.
        accepts: its policy.
        sees: the packets that pass it, and those that may.
    """

    key: str
    name: str
    accepts: bool = True
    sees: Reach = ALWAYS


def walked(name: str, chains: Mapping[str, Sequence[Step]], base: Iterable[BaseChain]) -> EffectiveRules:
    """What a host admits over the network.

    Args:
        base: the chains on a packet's way, in their order.

    Raises:
        NotAFirewall: chains that jump too deep or too often.
    """
    passing, denied, partly, ambiguous = EVERYTHING, list[PacketSet](), PacketSet(), PacketSet()
    walk = _Walk(chains)
    for chain in base:
        accepted, dropped, by_port = walk.passes(chain, passing)
        only_by_port = by_port - accepted
        denied.append(dropped - only_by_port)
        if both := partly & only_by_port:
            ambiguous |= both
            walk.doubts.append((Unread(chain.name, f"{ANOTHER_PORT}; {MAY_DENY}"), both))
        partly |= only_by_port
        passing = accepted | only_by_port
    denies, diverted = PacketSet.union(denied), PacketSet.union(walk.diverted)
    unsure = denies | ambiguous | diverted
    admitted = as_from_network(passing - unsure - partly)
    unknown = as_from_network((passing & unsure) | diverted) - admitted
    return EffectiveRules(
        name=name,
        admitted=admitted,
        unknown=unknown,
        partly=as_from_network(passing & partly - unsure),
        allow_rules=(*walk.allow_rules, *reversed(walk.policies)),  # what says most of a packet first
        unread=tuple(dict.fromkeys(doubt for doubt, region in walk.doubts if region & unknown)),
    )


class _Walk:
    """Follows packets through the chains, and collects what may become of them."""

    def __init__(self, chains: Mapping[str, Sequence[Step]]) -> None:
        self.chains, self.steps = chains, 0
        self.allow_rules: list[ParsedRule] = []
        self.policies: list[ParsedRule] = []
        self.doubts: list[tuple[Unread, PacketSet]] = []
        self.diverted: list[PacketSet] = []
        self._clear()

    def _clear(self) -> None:
        self.accepted, self.dropped, self.by_port = list[PacketSet](), list[PacketSet](), list[PacketSet]()

    def passes(self, chain: BaseChain, incoming: PacketSet) -> tuple[PacketSet, PacketSet, PacketSet]:
        """The packets that a base chain may accept, may drop, and surely accepts from some source ports."""
        self._clear()
        seen = incoming & chain.sees.may
        rest = self._follow(chain.key, seen, seen, 0)
        (self.accepted if chain.accepts else self.dropped).append(rest)
        if chain.accepts and rest:
            self.policies.append(ParsedRule(f"policy of {chain.name}", True, rest))
        dropped = PacketSet.union(self.dropped)
        if not chain.sees.is_exact:
            why = f"is passed by some packets only, which depends on {_all(chain.sees.why)}; {MAY_DENY}"
            self.doubts.append((Unread(chain.name, why), dropped))
        return PacketSet.union([incoming - chain.sees.sure, *self.accepted]), dropped, PacketSet.union(self.by_port)

    def _follow(self, key: str, incoming: PacketSet, here: PacketSet, depth: int) -> PacketSet:
        """The packets that may leave a chain undecided.

        Args:
            incoming: those that may come to it.
            here: those of them that surely come to it, if they are not decided before.
        """
        if depth > MAX_JUMPS:
            raise refuse("", printable(key), f"must not jump deeper than {MAX_JUMPS} chains")
        left = list[PacketSet]()
        for step in self.chains[key]:
            self.steps += 1
            if self.steps > MAX_STEPS:
                raise refuse("", "", f"must be walked in {MAX_STEPS:,} steps", "it jumps too often")
            reach = step.reach
            matched = reach.may if incoming is EVERYTHING else incoming & reach.may
            if not matched:
                continue
            surely = matched if reach.is_exact else matched & reach.sure
            incoming -= surely
            if not _is_by_port(step):  # where that is a doubt, one before it made it so, and is told
                self._doubt(step, matched if step.why else matched - surely)
            if step.verdict in (Verdict.JUMP, Verdict.GOTO):
                back = self._enter(step, matched, here if reach.is_exact else here & reach.sure, depth)
                if step.verdict is Verdict.JUMP:
                    incoming |= back
                    continue
                left.append(back)
            elif step.verdict is Verdict.RETURN:
                left.append(matched)
            else:
                self._decide(step, matched, surely, here)
                continue
            here = here if reach.is_exact else here - matched
        return PacketSet.union([incoming, *left])

    def _enter(self, step: Step, matched: PacketSet, here: PacketSet, depth: int) -> PacketSet:
        if step.chain in self.chains:
            return self._follow(step.chain, matched, here, depth + 1)
        why = f"leads to the chain {printable(step.chain)}, which is not there; {MAY_EITHER}"
        self.doubts.append((Unread(step.name, why), matched))
        self.accepted.append(matched)
        self.dropped.append(matched)
        return matched

    def _decide(self, step: Step, matched: PacketSet, surely: PacketSet, here: PacketSet) -> None:
        if _is_by_port(step):
            # known where a packet surely comes to this step
            decided = PacketSet.union([*self.accepted, *self.dropped, *self.diverted])
            by_port = (matched - surely) & here - decided
            self.by_port.append(by_port)
            self.accepted.append(matched - by_port)
            self.allow_rules.append(ParsedRule(step.name, True, matched, partly=True))
            return
        if step.verdict is not Verdict.DROP:
            self.accepted.append(matched)
        if step.verdict in (Verdict.DROP, Verdict.EITHER):
            self.dropped.append(matched)
        if step.verdict in (Verdict.DIVERT, Verdict.UNKNOWN):
            self.diverted.append(matched)
        if step.verdict is Verdict.ACCEPT and step.reach.is_exact:
            self.allow_rules.append(ParsedRule(step.name, True, matched))

    def _doubt(self, step: Step, region: PacketSet) -> None:
        why = tuple(dict.fromkeys((*step.reach.why, *([step.why] if step.why else []))))
        if not why or not region:
            return
        may = {Verdict.ACCEPT: MAY_ADMIT, Verdict.DROP: MAY_DENY}.get(step.verdict, MAY_EITHER)
        does = f"{step.verdict} to {printable(step.chain.rpartition(' ')[2])}" if step.chain else str(step.verdict)
        match = f" by `{printable(step.match)}`" if step.match else ""
        self.doubts.append((Unread(step.name, f"{does}{match}, which depends on {_all(why)}; {may}"), region))


def _is_by_port(step: Step) -> bool:
    """Whether it lets in whoever chooses the right source port."""
    return step.verdict is Verdict.ACCEPT and step.reach.why == (SOURCE_PORT,)


def _all(reasons: Iterable[str]) -> str:
    return printable(" and ".join(reasons))

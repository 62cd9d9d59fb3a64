"""A host's ruleset as `nft -j list ruleset` prints it -> what it admits, in three values.

Shape: libnftables-json(5). A packet passes the base chains of ingress, prerouting and input on its way, and each of
them must accept it. Only what opens a TCP or UDP flow over the network counts: ICMP, ARP, `lo` and established flows
are passed over, and so is what an answer meets on its way out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from ...effective.evaluate import EffectiveRules, Selection
from ...effective.syntax import refuse
from ...model.addresses import ANY_IPV4, ANY_IPV6
from ...model.packets import PacketSet
from ...model.text import printable
from .chains import BaseChain, Step, walked
from .nft_json import NftChain, NftRule, Ruleset, ruleset
from .nft_match import Matches
from .nft_rules import Rule
from .nft_sets import Sets, updates
from .nft_values import INTERFACE, NOBODY, packets
from .reach import ALWAYS, EVERYTHING, Reach, exactly, perhaps

FAMILIES = {"ip": exactly(packets(blocks=[ANY_IPV4])), "ip6": exactly(packets(blocks=[ANY_IPV6])), "inet": ALWAYS}
HOOKS = {"ingress": 0, "prerouting": 1, "input": 2}
"""Those on a packet's way to the host, in their order."""
TRACKING = -200
"""The priority at prerouting from which on connection tracking knows a packet (NF_IP_PRI_CONNTRACK)."""
ELSEWHERE = {"forward", "output", "postrouting", "egress"}


def recognises(value: object) -> bool:
    return isinstance(value, dict) and "nftables" in value


def read(value: object, selection: Selection) -> EffectiveRules:
    """What the host admits over the network.

    Raises:
        NotAFirewall: another shape; more rules than can be read; chains that jump too deep.
    """
    if selection.groups:  # tags may be those of another target of the same deployment
        raise refuse("--group", "", "means nothing to a host, all of whose tables count")
    given = ruleset(value)
    base = [chain for chain in given.chains if chain.hook and _is_on_the_way(chain)]
    base.sort(key=lambda chain: (HOOKS.get(chain.hook, 1), chain.prio))
    chains = _Tables(given, _tracking(given, base)).chains()
    found = walked("the host", chains, [_base(chain, given) for chain in base])
    return replace(found, notes=tuple(_notes(given)))


def _notes(given: Ruleset) -> Iterator[str]:
    """What `nft -t` prints does not differ from a ruleset all of whose sets are empty."""
    named = [one for sets in given.sets.values() for one in sets.values()]
    if named and not any(one.elem for one in named):
        names = ", ".join(printable(f"{one.family} {one.table} {one.name}") for one in named[:3])
        more = f" and {len(named) - 3} more" if len(named) > 3 else ""
        yield f"no set has an element ({names}{more}): if nft was run with -t, run it without"


def _is_on_the_way(chain: NftChain) -> bool:
    return chain.family != "arp" and chain.hook not in ELSEWHERE


def _base(chain: NftChain, given: Ruleset) -> BaseChain:
    return BaseChain(chain.key, chain.key, chain.policy == "accept", _seen(chain, given.flags(chain)))


def _seen(chain: NftChain, flags: frozenset[str]) -> Reach:
    """The packets that pass a chain."""
    if "dormant" in flags or chain.dev in ("lo", ["lo"]):
        return exactly(NOBODY)
    seen = FAMILIES.get(chain.family, ALWAYS)
    if chain.hook == "ingress" or chain.family == "netdev":
        seen &= perhaps(INTERFACE)
    elif chain.family == "bridge":
        seen &= perhaps("whether packets come by a bridge")
    elif chain.type == "nat":  # not untracked ones, and none at all as long as nothing makes the kernel track
        seen &= perhaps("whether connection tracking sees them")
    elif chain.family not in FAMILIES or chain.hook not in HOOKS or chain.type != "filter":
        seen &= perhaps("a kind of chain that is not understood")
    if flags - {"owner", "persist"}:
        seen &= perhaps(f"the table's flags ({', '.join(sorted(flags))})")
    return seen


class _Tracking(Struct, frozen=True):
    """What comes before connection tracking, where nothing is known of a packet's `ct`.

    Attributes:
        early: the chains that packets pass before it.
        untracked: packets that a rule there may keep from it.
    """

    early: frozenset[str]
    untracked: PacketSet


def _is_before_tracking(chain: NftChain) -> bool:
    if chain.family == "bridge" or HOOKS.get(chain.hook, 0) < HOOKS["prerouting"]:
        return True
    return chain.hook == "prerouting" and chain.prio <= TRACKING


def _tracking(given: Ruleset, base: Iterable[NftChain]) -> _Tracking:
    entered = [(chain.key, _seen(chain, given.flags(chain)).may) for chain in base if _is_before_tracking(chain)]
    tables = _Tables(given, _Tracking(frozenset(chain.key for chain in given.chains), NOBODY))
    found, reached = list[PacketSet](), dict[str, PacketSet]()
    while entered:
        key, packets = entered.pop()
        packets -= reached.get(key, NOBODY)
        if not packets:
            continue
        reached[key] = reached.get(key, NOBODY) | packets
        for one in given.rules.get(key, ()):
            rule = tables.rule(one)
            entered += [(step.chain, packets & step.reach.may) for step in rule.steps() if step.chain]
            found += [packets & reach.may for reach in rule.untracked]
    return _Tracking(frozenset(reached), PacketSet.union(found))


class _Tables:
    """The rules of all tables as steps."""

    def __init__(self, given: Ruleset, tracking: _Tracking) -> None:
        self.given, self.tracking = given, tracking
        updated: dict[tuple[str, str], set[tuple[str, bool]]] = {}
        for rules in given.rules.values():
            for rule in rules:
                for statement in rule.expr:
                    updated.setdefault((rule.family, rule.table), set()).update(updates(statement))
        are_announced = any(_announces(rule, given) for rules in given.rules.values() for rule in rules)
        self.matches = {
            (*table, is_early): Matches(
                Sets(
                    given.sets.get(table, {}),
                    frozenset(name for name, _ in updated.get(table, ())),
                    frozenset(name for name, is_rated in updated.get(table, ()) if is_rated),
                ),
                EVERYTHING if is_early else tracking.untracked,
                are_announced,
            )
            for table in given.tables
            for is_early in (True, False)
        }

    def chains(self) -> Mapping[str, tuple[Step, ...]]:
        return {chain.key: tuple(self._steps(chain.key)) for chain in self.given.chains}

    def _steps(self, key: str) -> Iterator[Step]:
        for one in self.given.rules.get(key, ()):
            yield from self.rule(one).steps()

    def rule(self, one: NftRule) -> Rule:
        matches = self.matches[one.family, one.table, one.key in self.tracking.early]
        return Rule(one.title, f"{one.family} {one.table}", one.expr, matches)


def _announces(rule: NftRule, given: Ruleset) -> bool:
    """Whether it gives flows a helper, or an expectation: other flows are RELATED to them."""
    for one in rule.expr:
        xt, helper = one.get("xt"), one.get("ct helper")
        if helper is not None and ((rule.family, rule.table), helper) not in given.quiet:
            return True
        if "ct expectation" in one or (isinstance(xt, dict) and xt.get("name") == "CT"):
            return True
    return False

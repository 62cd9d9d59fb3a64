"""Which ports share a rule of blocks: those of one purpose with the same sources, each port in exactly one rule.

That each port is in one rule is what makes an update safe. A rule's name holds its ports, so that one that keeps its
name has another list of blocks for the same ports, and no other rule has these before, after or in between: what it no
longer admits, nothing is to admit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from ...model.addresses import Cidr, Family, Identity
from ...model.ports import PortRange, Protocol, joined
from ...model.rules import Rule
from ...model.services import Service

Use = tuple[Service, PortRange]
Sources = tuple[frozenset[Cidr], frozenset[Identity]]
Grain = Callable[[Use], str]

GRAINS: tuple[Grain, ...] = (
    lambda use: use[0].record.group.partition("/")[0],
    lambda use: use[0].record.group.replace("/", "-"),
    lambda use: str(use[0]),
    lambda use: f"{use[0]}-{use[1].protocol}-{use[1].ports}",
)
"""Names for a rule, from coarse to fine: whom it is for, purpose, service, ports. A use is alone in the finest."""

FORMER_GRAINS = GRAINS[1:]
"""Those up to version 0.1."""


@dataclass(frozen=True, slots=True)
class Part:
    """Ports that share a rule.

    Attributes:
        purpose: its name among the parts of one family.
        ports: in as few ranges as possible.
        uses: the services with their own ranges that have any of the ports, for people.
        blocks: the sources, sorted.
        identities: who else reaches the ports, by rules of their own.
        was: names that rules of blocks had up to version 0.1, if this one admits all that they did.
    """

    purpose: str
    ports: tuple[PortRange, ...]
    uses: frozenset[Use]
    blocks: tuple[Cidr, ...]
    identities: frozenset[Identity]
    was: tuple[str, ...]


def use_of(rule: Rule) -> Use:
    return rule.service, rule.ports


def blocks_of(rule: Rule, family: Family) -> list[Cidr]:
    return [block for block in rule.peer.blocks if block.family is family]


def parts(rules: Iterable[Rule], family: Family) -> Iterator[Part]:
    """The ports that blocks of addresses reach and not everybody does, by purpose and sources."""
    blocks: dict[Use, set[Cidr]] = defaultdict(set)
    identities: dict[Use, set[Identity]] = defaultdict(set)
    for rule in rules:
        blocks[use_of(rule)].update(blocks_of(rule, family))
        identities[use_of(rule)].update(filter(None, [rule.peer.identity]))
    sources: dict[Use, Sources] = {}
    users: dict[Use, list[Use]] = {}
    for ports, having in _pieces(blocks):
        reach = frozenset[Cidr]().union(*(blocks[use] for use in having))
        if reach and not any(block.is_any for block in reach):
            mine = sorted((use for use in having if blocks[use]), key=lambda use: use[0].order)
            piece = mine[0][0], ports
            sources[piece] = reach, frozenset[Identity]().union(*(identities[use] for use in having))
            users[piece] = mine
    former = _former(blocks)
    for purpose, pieces in _with_equal_sources(sources, GRAINS):
        reach, others = sources[pieces[0]]
        ports_of = joined(ports for _, ports in pieces)
        yield Part(
            purpose,
            ports_of,
            frozenset(use for piece in pieces for use in users[piece]),
            tuple(sorted(reach, key=lambda block: block.order)),
            others,
            tuple(name for name, had in former.items() if _hold(ports_of, had)),
        )


def _pieces(uses: Iterable[Use]) -> Iterator[tuple[PortRange, list[Use]]]:
    """The ports of all uses, cut wherever one begins or ends, and the uses that have them."""
    given = list(uses)
    for protocol in Protocol:
        starting: dict[int, list[Use]] = defaultdict(list)
        edges = set()
        for use in given:
            if use[1].protocol is protocol:
                starting[use[1].first].append(use)
                edges |= {use[1].first, use[1].last + 1}
        here: list[Use] = []
        for first, after in pairwise(sorted(edges)):
            here = [*(use for use in here if use[1].last >= first), *starting[first]]
            if here:
                yield PortRange(protocol, first, after - 1), here


def _former(blocks: Mapping[Use, Iterable[Cidr]]) -> dict[str, tuple[PortRange, ...]]:
    """The rules of blocks that these sources made up to version 0.1, by name, and their ports."""
    fixed = {use: frozenset(block for block in some if not block.is_any) for use, some in blocks.items()}
    found = _with_equal_sources({use: some for use, some in fixed.items() if some}, FORMER_GRAINS)
    return dict(sorted((name, joined(ports for _, ports in uses)) for name, uses in found))


def _hold(ports: Iterable[PortRange], others: Iterable[PortRange]) -> bool:
    given = tuple(ports)
    return all(
        any(one.overlaps(other) and one.first <= other.first and other.last <= one.last for one in given)
        for other in others
    )


Value = TypeVar("Value")


def _with_equal_sources(sources: Mapping[Use, Value], grains: tuple[Grain, ...]) -> Iterator[tuple[str, list[Use]]]:
    """Parts by the coarsest grain at which all of a part have the same sources."""
    found: dict[str, list[Use]] = defaultdict(list)
    for use in sources:
        found[grains[0](use)].append(use)
    for grain, uses in found.items():
        if len({sources[use] for use in uses}) == 1:
            yield grain, uses
        else:
            yield from _with_equal_sources({use: sources[use] for use in uses}, grains[1:])

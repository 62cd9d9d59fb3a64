"""Which ports share a rule of blocks, and what a rule's name says of it: those of one purpose with the same sources.

An update writes rules in any order and deletes last. A rule that keeps its name has the same ports as before, and
other blocks at most; if it shares none of its ports with another rule, then no rule that is still to be written admits
what it no longer does. So a name holds the ports, and the blocks too while another rule has any of the ports.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

from ...model.ports import PortRange
from ...model.services import Service

Use = tuple[Service, PortRange]
Grain = Callable[[Use], str]

GRAINS: tuple[Grain, ...] = (
    lambda use: use[0].record.group.partition("/")[0],
    lambda use: use[0].record.group.replace("/", "-"),
    lambda use: str(use[0]),
    lambda use: f"{use[0]}-{use[1].protocol}-{use[1].ports}",
)
"""Names for a rule, from coarse to fine: whom it is for, purpose, service, ports. A use is alone in the finest."""


def with_equal_sources(
    sources: Mapping[Use, frozenset[Hashable]], grains: tuple[Grain, ...] = GRAINS
) -> Iterator[tuple[str, list[Use]]]:
    """Parts by the coarsest grain at which all of a part have the same sources."""
    parts: dict[str, list[Use]] = defaultdict(list)
    for use in sources:
        parts[grains[0](use)].append(use)
    for grain, uses in parts.items():
        if len({sources[use] for use in uses}) == 1:
            yield grain, uses
        else:
            yield from with_equal_sources({use: sources[use] for use in uses}, grains[1:])


def former_names(name: str, uses: Iterable[Use]) -> list[str]:
    """What a part of that name was up to version 0.1, which lacked the coarsest grain: one or more."""
    coarsest, then, *_ = GRAINS
    return sorted({then(use) if coarsest(use) == name else name for use in uses})


def sharing(ports: Mapping[str, Iterable[PortRange]]) -> set[str]:
    """The keys that have a port which another one has too."""
    found: set[str] = set()
    here: list[tuple[PortRange, str]] = []
    for one, key in sorted((one, key) for key, several in ports.items() for one in several):
        here = [(other, its) for other, its in here if other.overlaps(one)]
        others = {its for _, its in here} - {key}
        found |= others | ({key} if others else set())
        here.append((one, key))
    return found


def digest(words: Iterable[str]) -> str:
    from hashlib import sha256  # takes as long to load as the platform's record

    return sha256("; ".join(words).encode()).hexdigest()[:8]

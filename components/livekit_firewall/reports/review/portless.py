"""Protocols without ports (ICMP, ESP): who is let in with them that was not, and the other way round.

Blocks are compared as the addresses that they hold, names as they are; what is let in with every protocol is let in
with each. In which order denies and allows stand is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from ...effective.native_rule import DENIED, EVERY
from ...effective.syntax import NotAFirewall, block_of
from ...model.addresses import ANY_IPV4, ANY_IPV6, Direction
from ...model.packets import EVERYBODY, PacketSet
from ...model.ports import PortRange
from .change import Change, ChangedAccess

PORT = PortRange.tcp(1)
"""The packets that represent a protocol without ports in a set."""

WORDS = {"*": EVERYBODY, "any": EVERYBODY, "internet": EVERYBODY}


class _Sources(Struct):
    region: PacketSet = PacketSet()
    names: frozenset[str] = frozenset()


def portless(
    firewall: str,
    way: Direction,
    before: Iterable[tuple[str, str]],
    after: Iterable[tuple[str, str]],
    shown: Mapping[str, str],
) -> Iterator[Change]:
    """The lines of one firewall and direction, of pairs of a protocol and whom it is let in from. A deny that goes is
    a gain.
    """
    sides = tuple(before), tuple(after)
    allows = [_by_word(one for one in side if not one[0].startswith(DENIED)) for side in sides]
    denies = [
        _by_word((word.removeprefix(DENIED), who) for word, who in side if word.startswith(DENIED)) for side in sides
    ]
    yield from _lines(firewall, way, allows[0], allows[1], shown)
    yield from _lines(firewall, way, _let_in(denies[1], allows[0]), _let_in(denies[0], allows[1]), shown)


def _let_in(denies: Mapping[str, _Sources], allows: Mapping[str, _Sources]) -> dict[str, _Sources]:
    """Whom a deny takes something from: those who would be let in."""
    found: dict[str, _Sources] = {}
    for word, people in denies.items():
        words = allows if word == EVERY else [one for one in _wider(word) if one in allows]
        region = people.region & PacketSet.union([allows[one].region for one in words])
        names = people.names & frozenset(name for one in words for name in allows[one].names)
        if region or names:
            found[word] = _Sources(region, names)
    return found


def _lines(
    firewall: str,
    way: Direction,
    old: Mapping[str, _Sources],
    new: Mapping[str, _Sources],
    shown: Mapping[str, str],
) -> Iterator[Change]:
    for gained, one, other in ((True, new, old), (False, old, new)):
        words: dict[tuple[str, ...], list[str]] = {}
        for word in sorted(one):
            if people := tuple(_left(word, one, other, shown)):
                words.setdefault(people, []).append(word)
        for people, protocols in words.items():
            reach = ChangedAccess((), (), people, ", ".join(protocols))
            kind = "added" if gained else "removed"
            yield Change(kind, (firewall,), way, None, "", reach if gained else None, None if gained else reach)


def _by_word(given: Iterable[tuple[str, str]]) -> dict[str, _Sources]:
    found: dict[str, _Sources] = {}
    for word, who in given:
        people = found.setdefault(word, _Sources())
        try:
            people.region |= PacketSet.box([PORT], WORDS.get(who.lower()) or (block_of(who, ""),))
        except NotAFirewall:
            people.names |= {who}
    return found


def _left(
    word: str, one: Mapping[str, _Sources], other: Mapping[str, _Sources], shown: Mapping[str, str]
) -> Iterator[str]:
    """Who is let in on one side with this protocol, and on the other with neither it nor what holds it."""
    there = [other[wider] for wider in _wider(word) if wider in other]
    elsewhere = PacketSet.union([people.region for people in there])
    for _, blocks in (one[word].region - elsewhere).parts():
        yield from map(str, blocks)
    if not PacketSet.box([PORT], (ANY_IPV4, ANY_IPV6)) - elsewhere:
        return  # everybody is
    names = one[word].names.difference(*(people.names for people in there))
    yield from dict.fromkeys(shown.get(name, name) for name in sorted(names))


def _wider(word: str) -> tuple[str, ...]:
    """`icmp 3/4` -> itself, each code of its type, each type, every protocol."""
    protocol, _, kind = word.partition(" ")
    return (word, f"{protocol} {kind.partition('/')[0]}/-1", protocol, EVERY)

"""What becomes of blocks that were outputs, once they are known."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from msgspec.structs import replace

from ..model.addresses import Cidr, Family, Peer
from ..model.errors import Place, Problem, ProblemsError, Report
from ..model.internet import internet_blocks
from ..model.rules import Rule, RuleSet
from .derive import Deployment


def refuse_unfit(before: Deployment, after: Deployment, known: Mapping[str, object]) -> None:
    """Refuse blocks for which a rule was made that the deployment has none of: its port listens in the other family
    only. A rule is made before its block is known, so that it cannot be left out. So for one that is there already, of
    a plain block.

    Args:
        before: with the names of the blocks.
        after: with those that are known.
        known: the blocks by argument, valid ones.

    Raises:
        ConfigurationError: with each of them.
    """
    places = {named.name: place for place, named in before.access.named.items() if place in known}
    report = Report()
    plain = defaultdict[Peer, list[Rule]](list)
    for rule in before.rules:
        plain[rule.peer].append(rule)
    for rule in before.rules:
        name = rule.peer.named.name if rule.peer.named else None
        if name is None or name not in places:
            continue
        block = Cidr.parse(known[places[name]])
        if list(RuleSet((replace(rule, peer=Peer.of(block)),)).subtract(after.rules)):
            report.problems.append(_unheard(rule, block, places[name]))
        for other in plain[Peer.of(block)]:
            if other.ports.overlaps(rule.ports):
                report.problems.append(_given_twice(rule, other, block, places[name]))
                break
    report.stop_if_any()


def _unheard(rule: Rule, block: Cidr, place: str) -> Problem:
    expected = (
        f"must be a block of the other family, in which {rule.service.label} listens on {rule.ports} ({rule.key})"
    )
    hint = f"give a block of {block.family.label} as a plain value, which makes rules only where something listens"
    return Problem(Place(place), str(block), expected, hint)


def _given_twice(rule: Rule, other: Rule, block: Cidr, place: str) -> Problem:
    expected = f"must not be a block that may reach {rule.ports} already, as a plain value ({other.reason})"
    hint = "remove one of the two: a firewall may refuse the same rule twice"
    return Problem(Place(place), str(block), expected, hint)


class UnfitBlocksError(ProblemsError):
    """Blocks that were outputs, and may not be what they turn out to be."""

    title = "{count} problem{s} with blocks that are outputs, no rule on a port of theirs was written"


@contextmanager
def about_blocks(known: Mapping[str, object], secrets: Mapping[str, object]) -> Iterator[None]:
    """Raise the problems of a deployment whose blocks have become known as theirs, without those that are secret.

    Args:
        known: the values by argument.
        secrets: those of them that are secret.
    """
    try:
        yield
    except ProblemsError as error:
        problems = [_without(secrets, _named(known, one)) for one in error.problems]
        raise UnfitBlocksError(problems) from None


def _named(known: Mapping[str, object], problem: Problem) -> Problem:
    """The problem at the name of the block that alone makes it, where it is told of all blocks of an argument."""
    alone = (place for place, value in known.items() if place.rpartition(".")[0] == problem.path)
    place = next((place for place in alone if problem.got and _as_internet(known[place]) == problem.got), None)
    return replace(problem, place=Place(place)) if place else problem


CANONICAL = "must be a block such as 203.0.113.0/24 or 2001:db8::/32, without host bits; it is a secret and not shown"

_BLOCK = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f.]*){2,})(?:/\d+)?")


def hidden(text: str, secrets: Mapping[str, object]) -> str:
    """A text without the blocks that secret ones are a part of, or are made of; secret ones of IPv6 hide all, as they
    may hold blocks of IPv4.
    """
    blocks = [block for value in secrets.values() if (block := _block(value))]
    return _BLOCK.sub(lambda found: "a secret" if _tells(found[0], blocks) else found[0], text)


def _without(secrets: Mapping[str, object], problem: Problem) -> Problem:
    if problem.path in secrets and not _block(secrets[problem.path]):
        return replace(problem, got="", expected=CANONICAL, hint="")
    return replace(problem, got=hidden(problem.got, secrets))


def _tells(text: str, secrets: Iterable[Cidr]) -> bool:
    shown = _block(text)
    return any(shown is None or one.family is Family.IPV6 or one.network.overlaps(shown.network) for one in secrets)


def _as_internet(value: object) -> str:
    """A block that is the internet, as problems show it; "" for any other value."""
    block = _block(value)
    return ", ".join(internet_blocks([block])) if block else ""


def _block(value: object) -> Cidr | None:
    try:
        return Cidr.parse(value)
    except ValueError:
        return None

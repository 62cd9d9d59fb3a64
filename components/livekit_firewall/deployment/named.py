"""What becomes of blocks that were outputs, once they are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from msgspec.structs import replace

from ..model.addresses import Cidr, Peer
from ..model.errors import Place, Problem, ProblemsError, Report
from ..model.rules import Rule, RuleSet
from .derive import Deployment


def refuse_wider(before: Deployment, after: Deployment, known: Mapping[str, object]) -> None:
    """Refuse blocks for which a rule was made that the deployment has none of: its port listens in the other family
    only. A rule is made before its block is known, so that it cannot be left out.

    Args:
        before: with the names of the blocks.
        after: with those that are known.
        known: the blocks by argument, valid ones.

    Raises:
        ConfigurationError: with each of them.
    """
    places = {named.name: place for place, named in before.access.named.items() if place in known}
    report = Report()
    for rule in before.rules:
        name = rule.peer.named.name if rule.peer.named else None
        if name is None or name not in places:
            continue
        block = Cidr.parse(known[places[name]])
        if list(RuleSet((replace(rule, peer=Peer.of(block)),)).subtract(after.rules)):
            report.problems.append(_unheard(rule, block, places[name]))
    report.stop_if_any()


def _unheard(rule: Rule, block: Cidr, place: str) -> Problem:
    expected = (
        f"must be a block of the other family, in which {rule.service.label} listens on {rule.ports} ({rule.key})"
    )
    hint = f"give a block of {block.family.label} as a plain value, which makes rules only where something listens"
    return Problem(Place(place), str(block), expected, hint)


class UnfitBlocksError(ProblemsError):
    """Blocks that were outputs, and may not be what they turn out to be."""

    title = "{count} problem{s} with blocks that are outputs, no rule on a port of theirs was written"


@contextmanager
def about_blocks(secrets: Iterable[object]) -> Iterator[None]:
    """Raise the problems of a deployment whose blocks have become known as theirs, without those that are secret."""
    words = sorted(filter(None, map(str, secrets)), key=len, reverse=True)
    try:
        yield
    except ProblemsError as error:
        raise UnfitBlocksError([_without(words, one) for one in error.problems]) from None


def _without(words: Iterable[str], problem: Problem) -> Problem:
    texts = {name: getattr(problem, name) for name in ("got", "expected", "hint")}
    for word in words:
        texts = {name: text.replace(word, "(a secret)") for name, text in texts.items()}
    return replace(problem, **texts)

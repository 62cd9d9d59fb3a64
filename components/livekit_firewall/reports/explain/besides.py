"""What the targets of a deployment let in besides its rules: their baselines, as far as a question is about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress

from msgspec.structs import replace

from ...deployment.derive import Deployment
from ...model.addresses import Peer
from ...model.errors import ProblemsError
from ...model.rules import RuleSet
from ...platforms.facts import Baseline
from ...platforms.registry import PLATFORMS
from .possible import overlap


def baselines_of(deployment: Deployment) -> Mapping[str, tuple[Baseline, ...]]:
    """What each target lets in besides the rules, by target; without a target, what the host's ruleset does."""
    found = deployment.baselines
    if not deployment.targets:
        with suppress(ProblemsError):  # no ruleset is printed then either
            for one in (one for one in PLATFORMS if one.is_on_node):
                items = deployment.baseline_of(one.argument, one.placeholder)
                found[one.argument] = (*items, *found.get(one.argument, ()))
    return found


def besides_of(items: tuple[Baseline, ...], wanted: RuleSet) -> tuple[Baseline, ...]:
    """Those items of a baseline that let a part of what is wanted in, or do not filter it."""
    return tuple(
        item
        for item in items
        if any(overlap(rule, wanted) for rule in (*item.rules, *item.unfiltered_rules))
        or len(unfiltered_of([item], wanted))
    )


def unfiltered_of(items: Iterable[Baseline], wanted: RuleSet) -> RuleSet:
    """What is asked by peers of whom nobody is filtered, if they come by the way that is not. A question that is about
    others as well, such as anywhere, is about those.
    """
    items = tuple(items)
    blocks = tuple(block for item in items if not item.ports for block in item.unfiltered)
    passes = RuleSet.of(replace(rule, peer=Peer.of(block)) for rule in wanted for block in blocks)
    whole = (rule for rule in wanted if not len(RuleSet.of([rule]).subtract(passes)))
    return RuleSet.of((*whole, *(rule for item in items for rule in item.unfiltered_rules)))


def rules_of(items: Iterable[Baseline]) -> RuleSet:
    return RuleSet.of(rule for item in items for rule in item.rules)

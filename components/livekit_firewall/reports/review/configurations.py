"""Two deployments, old and new -> the part of a page that says what changes between them, without any preview.

Where both name what the rules are attached to, the platforms' own rules are compared, as `review` does it. Where one
does not, as a server's own file never does, the rule sets are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec.structs import replace

from ...deployment.derive import Deployment
from ...deployment.rendering import planned
from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ...effective.snapshot import Snapshot, of_rules
from ...effective.update import Outcome, between, renamed
from ...model.errors import Problem, ProblemsError
from ...model.rules import Rule, RuleSet
from ...model.text import code
from ...platforms.registry import BY_NAME
from .change import ReviewPart, Risk
from .difference import StackContext
from .intent import Intent, intent_for
from .midway import outcome_of
from .pairs import pairs
from .risk_facts import RiskFacts
from .risk_texts import risk
from .stack import assembled, snapshots

NODE = "node"


def compare_deployments(name: str, old: Deployment | None, new: Deployment | None) -> ReviewPart:
    """What changes for who can reach the node; None where there is no deployment on that side.

    Args:
        name: what the part is called.
    """
    sides = [one for one in (old, new) if one]
    before, after = _planned(old), _planned(new)
    if all(one.targets for one in sides) and not before.refused and not after.refused:
        there = renamed(before.resources, after.resources)
        names = ResourceNames(there, after.resources)
        found = list(pairs(snapshots(there, names), _counted(snapshots(after.resources, names), new)))
        outcome, shown = outcome_of(tuple(between(there, after.resources)), names), names.shown
    else:
        found, shown, outcome = list(pairs(_neutral(old), _neutral(new))), {}, Outcome()
    intents = [intent_for(one) for one in reversed(sides)]
    context = StackContext(tuple(label for one in intents for label in one.labels), shown)
    part = assembled(name, RiskFacts(found, (), (), intents[0] if new else Intent(), context, outcome))
    refused = list(after.refused)
    if old and new and old.targets and not new.targets:
        refused.append(_refusal("(arguments)", "it names no target any more", "name what the rules are attached to"))
    return replace(part, risks=(*refused, *part.risks), notes=tuple(code(one, 300) for one in outcome.notes))


class _Planned(NamedTuple):
    """What a deployment would make, and what `pulumi up` would stop at instead."""

    resources: tuple[Resource, ...] = ()
    refused: tuple[Risk, ...] = ()


def _planned(deployment: Deployment | None) -> _Planned:
    if deployment is None:
        return _Planned()
    resources: list[Resource] = []
    refused: list[Risk] = []
    for target in deployment.targets:
        try:
            resources += planned(deployment, target)
        except ProblemsError as error:
            refused += [_refused(target, problem) for problem in error.problems]
    return _Planned(tuple(resources), tuple(refused))


def _counted(found: Iterable[Snapshot], deployment: Deployment | None) -> Iterator[Snapshot]:
    """With what an existing firewall holds besides."""
    for one in found:
        platform = BY_NAME[one.platform]
        target = deployment.targets.get(platform.argument) if deployment else None
        more = platform.besides(target) if target else 0
        yield replace(one, sizes=tuple(replace(size, count=size.count + more) for size in one.sizes))


def _neutral(deployment: Deployment | None) -> list[Snapshot]:
    if deployment is None:
        return []
    return [of_rules(RuleSet.of([*deployment.rules, *_besides(deployment)]), NODE, NODE)]


def _besides(deployment: Deployment) -> Iterator[Rule]:
    """What services are let in besides: SSH on the host, unless a rule says who may use it."""
    for items in deployment.baselines.values():
        yield from (rule for item in items if item.service for rule in item.rules)


def _refused(target: str, problem: Problem) -> Risk:
    got = f" (got {problem.got})" if problem.got else ""
    return _refusal(target, f"{problem.expected}{got}", problem.hint)


def _refusal(target: str, text: str, fix: str) -> Risk:
    found = risk("refused", target, text)
    return replace(found, fix=fix or found.fix)

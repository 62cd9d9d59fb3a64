"""What is right before a component registers anything: its arguments, their files, what each target can express."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pulumi

from .deployment.access import Access
from .deployment.arguments import parse_arguments
from .deployment.derive import Deployment, read_deployment
from .inputs.outputs import MISUSE
from .model.errors import ConfigurationError, Finding, Place, Problem, ProblemsError, Report
from .model.rules import RuleSet
from .model.text import quoted
from .platforms.facts import Component
from .platforms.platform import Native, Options, Target
from .platforms.registry import BY_ARGUMENT, PLATFORMS
from .platforms.resource_options import OPTIONS, misused
from .platforms.running import as_outputs, plugin

PACKAGES = tuple(one.package for one in PLATFORMS if one.sdk)


def joined(args: object, more: Mapping[str, object]) -> tuple[object, list[Problem]]:
    """The mapping and the keywords as one mapping, with the problems of doing so. A value that is no mapping stays.

    The problems are keys that both have, and resource options, which are no arguments.
    """
    if not isinstance(args, Mapping):
        return as_outputs(args), []
    expected = "must be given once, not both in the mapping and as a keyword"
    problems = [Problem(Place(key), "", expected, "remove one of the two") for key in more if key in args]
    given = {**args, **more}
    for option in sorted(OPTIONS.intersection(given)):
        hint = f"it is a resource option: opts=pulumi.ResourceOptions({option}=...)"
        problems.append(Problem(Place(option), "", "unknown key", hint))
        del given[option]
    return as_outputs(given), problems


def check(
    name: str,
    args: object,
    before: Iterable[Problem] = (),
    known: Mapping[str, object] | None = None,
    base: Path | None = None,
    opts: pulumi.ResourceOptions | None = None,
) -> tuple[Deployment, dict[str, RuleSet]]:
    """The deployment and the rule set of each target, all of them known to be expressible there.

    Args:
        before: problems that are told with those that are found.
        known: the values of blocks that are outputs, by argument; None before the component is registered.
        base: of relative paths; by default the working directory.
        opts: of the component.

    Raises:
        ConfigurationError: with the problems of the arguments, their files and every target together.
    """
    problems = list(before)
    findings: tuple[Finding, ...] = ()
    rule_sets: dict[str, RuleSet] = {}
    try:
        deployment = read_deployment(args, base or Path.cwd(), needs_target=True, known=known)
    except ConfigurationError as error:
        problems += error.problems
        findings = error.findings
        deployment = None
    # without a deployment the targets are judged by an empty rule set, so that theirs are told too
    targets = deployment.targets if deployment else parse_arguments(args, Report()).targets
    outputs = {problem.path.partition(".")[0] for problem in problems if problem.id == MISUSE}
    for key, target in targets.items():
        if key in outputs:  # it lacks what was given as an output
            continue
        access = deployment.access if deployment else Access()
        rule_sets[key], native = RuleSet(), None
        with _collected(problems):
            rule_sets[key] = deployment.rules_for(target) if deployment else RuleSet()
        with _collected(problems):
            options = Options(f"{name}-{key}", access.ssh_port, access.ipv6)
            native = BY_ARGUMENT[key].render(rule_sets[key], target, options)
        if known is not None:  # what follows speaks of what is registered by then
            continue
        with _collected(problems):
            _require(key, target, f"'{name}-{key}' in {quoted(name, 200)}", native)
    problems += misused(opts, [package for key in targets if (package := BY_ARGUMENT[key].package)], PACKAGES)
    if problems or deployment is None:
        raise ConfigurationError(problems, findings or (deployment.findings if deployment else ()))
    return deployment, rule_sets


@contextmanager
def _collected(problems: list[Problem]) -> Iterator[None]:
    try:
        yield
    except ProblemsError as error:
        problems += error.problems


def _require(key: str, target: Target, me: str, native: Native | None) -> None:
    """What the target's component would find missing only after this one is registered."""
    platform = BY_ARGUMENT[key]
    if platform.sdk:
        plugin(platform)
    if platform.component.refuses:
        module(platform.component).refuse(target, me, native)


def module(component: Component) -> ModuleType:
    return import_module(component.module, __package__)

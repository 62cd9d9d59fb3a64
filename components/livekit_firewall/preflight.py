"""What is right before a component registers anything: its arguments, their files, what each target can express."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType

from .deployment.access import Access
from .deployment.arguments import parse_arguments
from .deployment.derive import Deployment, read_deployment
from .model.errors import ConfigurationError, Finding, Place, Problem, ProblemsError, Report
from .model.rules import RuleSet
from .model.text import quoted
from .platforms.platform import Component, Native, Options, Target
from .platforms.registry import BY_ARGUMENT
from .platforms.running import plugin


def joined(args: object, more: Mapping[str, object]) -> tuple[object, list[Problem]]:
    """The mapping and the keywords as one mapping, and the keys that both have. A value that is no mapping stays."""
    if not isinstance(args, Mapping):
        return args, []
    expected = "must be given once, not both in the mapping and as a keyword"
    twice = [Problem(Place(key), "", expected, "remove one of the two") for key in more if key in args]
    return {**args, **more}, twice


def check(name: str, args: object, known: Iterable[Problem] = ()) -> tuple[Deployment, dict[str, RuleSet]]:
    """The deployment and the rule set of each target, all of them known to be expressible there.

    Args:
        known: problems that are told with those that are found.

    Raises:
        ConfigurationError: with the problems of the arguments, their files and every target together.
    """
    problems = list(known)
    findings: tuple[Finding, ...] = ()
    rule_sets: dict[str, RuleSet] = {}
    try:
        deployment = read_deployment(args, Path.cwd(), needs_target=True)
    except ConfigurationError as error:
        problems += error.problems
        findings = error.findings
        deployment = None
    # without a deployment the targets are judged by an empty rule set, so that theirs are told too
    targets = deployment.targets if deployment else parse_arguments(args, Report()).targets
    for key, target in targets.items():
        access = deployment.access if deployment else Access()
        rule_sets[key], native = RuleSet(), None
        with _collected(problems):
            rule_sets[key] = deployment.rules_for(target) if deployment else RuleSet()
        with _collected(problems):
            options = Options(f"{name}-{key}", access.ssh_port, access.ipv6)
            native = BY_ARGUMENT[key].render(rule_sets[key], target, options)
        with _collected(problems):
            _require(key, target, f"'{name}-{key}' in {quoted(name, 200)}", native)
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

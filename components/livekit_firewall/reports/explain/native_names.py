"""What the platforms call the rules of a deployment, and which rules are behind such a name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress

from msgspec.structs import replace

from ...deployment.derive import Deployment
from ...deployment.rendering import render_for
from ...effective.native_rule import NativeRule
from ...model.addresses import Peer
from ...model.errors import ProblemsError
from ...model.ports import Protocol
from ...model.rules import Rule, RuleSet
from ...platforms.registry import PLATFORMS, AnyPlatform
from .besides import baselines_of, rules_of


def explain_rule(deployment: Deployment, text: str) -> tuple[Rule, ...]:
    """The rules behind a native rule, by its key, name or description as a console shows it. Pulumi may have
    put the component's name before it and a suffix behind it.
    """
    natives = [native for platform in PLATFORMS for native in _natives(deployment, platform)]
    plain = " ".join(text.lower().split())
    found = [native for native in natives if plain == " ".join(native.line.lower().split())]
    if not found:
        named = set(_named(plain, [native.name.lower() for native in natives]))
        found = [native for native in natives if native.name.lower() in named]
    said = _flows(plain)
    found = [native for native in found if not said or said & _flows(" ".join(native.flow_names))]
    past = deployment.forwarded
    besides = [item for items in baselines_of(deployment).values() for item in items if item not in past]
    rules = (*deployment.rules.ingress, *rules_of(besides))
    kept = [rule for rule in rules if any(native.is_for(rule) for native in found)]
    return tuple(rule for rule in kept if not said or str(rule.ports.protocol) in said)


def _flows(text: str) -> set[str]:
    """The protocols that a text names: one that is asked for over TCP is not answered with UDP."""
    return {str(one) for one in Protocol if re.search(rf"(?<![^\W_]){one}(?![^\W_])", text)}


def _named(asked: str, names: Iterable[str]) -> list[str]:
    """Those asked for: the same, else the longest in what is asked, else those that hold it."""
    names = list(names)
    if not asked or asked in names:
        return [asked]
    inside = [name for name in names if re.search(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", asked)]
    if inside:
        longest = max(map(len, inside))
        return [name for name in inside if len(name) == longest]
    return [name for name in names if asked in name]


def _natives(deployment: Deployment, platform: AnyPlatform) -> tuple[NativeRule, ...]:
    """The native rules of the whole rule set, or of each rule by itself where the platform cannot hold all."""
    try:
        return platform.native_rules(render_for(deployment, platform))
    except ProblemsError:
        parts: list[NativeRule] = []
        for rule in deployment.rules.ingress:
            with suppress(ProblemsError):
                parts += platform.native_rules(render_for(deployment, platform, frozenset([rule]).__contains__))
        return tuple(dict.fromkeys(parts))


def names_of(deployment: Deployment, platform: AnyPlatform, rules: tuple[Rule, ...], asked: RuleSet) -> tuple[str, ...]:
    """What a platform calls the rules that let a part of what is asked through."""
    try:
        natives = _rendered(deployment, platform, rules)
    except ProblemsError as error:
        return tuple(dict.fromkeys(_CANNOT + problem.expected for problem in error.problems))
    # whoever has no addresses here is admitted by rules for everybody
    met = [
        one for rule in asked for one in (rule, *([] if rule.peer.blocks else [replace(rule, peer=Peer.anywhere())]))
    ]
    touched = [one for one in natives if any(one.touches(rule) for rule in met)]
    return tuple(one.name for one in touched if any(one.is_for(rule) for rule in rules))


_CANNOT = "cannot be expressed: "


def _rendered(deployment: Deployment, platform: AnyPlatform, rules: tuple[Rule, ...]) -> tuple[NativeRule, ...]:
    """The native rules of the whole rule set, or of these rules where the platform cannot hold all.

    Names depend on what else is there: services that share ports share a rule.
    """
    try:
        return platform.native_rules(render_for(deployment, platform))
    except ProblemsError:
        return platform.native_rules(render_for(deployment, platform, frozenset(rules).__contains__))

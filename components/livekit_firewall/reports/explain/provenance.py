"""Why a stack has a rule: from its state to the configuration, and whether both still agree.

answer = trace(deployment, state, "sgr-0a1b2c3d4e5f60718")
answer.text()
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct

from ...deployment.derive import Deployment
from ...deployment.rendering import render_for
from ...effective.native_rule import NativeRule
from ...model.addresses import Direction
from ...model.rules import Rule
from ...model.text import escaped, few, printable
from ...model.text_enum import TextEnum
from ...platforms.registry import BY_NAME
from .stack_rules import StackState, StateRule

MOST = 1000
"""Characters of a line of the text; the JSON has all."""

MOST_LISTED = 20
"""Protocols with their ports, and sources, that a line names."""


class RuleStatus(TextEnum):
    """What the configuration says of a rule that the state has."""

    NEEDED = "needed"
    CHANGED = "changed"
    BASELINE = "baseline"
    NOT_NEEDED = "not-needed"
    FOREIGN = "foreign"


SENTENCES = {
    RuleStatus.CHANGED: "the stack's state has it so, this configuration says otherwise",
    RuleStatus.BASELINE: "no service asks for it: it is what the platform needs besides the rules",
    RuleStatus.NOT_NEEDED: "the stack's state has it, this configuration does not need it any more",
    RuleStatus.FOREIGN: "livekit-firewall did not make it",
}


HOLDS_NONE = "holds no rule itself"
NOT_READ = "what it lets in, if it decides that, is not known: resources of this kind are not read"
REFUSED = "its last update was refused, so that the cloud may have another: pulumi up --refresh tells"


class TracedRule(Struct, frozen=True):
    """One rule of the state.

    Attributes:
        held: the rule.
        standing: what the configuration says of it.
        rules: the rules behind it.
        wanted: what the configuration has in its place; None if nothing.
    """

    held: StateRule
    standing: RuleStatus
    rules: tuple[Rule, ...] = ()
    wanted: NativeRule | None = None

    def lines(self) -> list[str]:
        resource, native = self.held.resource, self.held.native
        entry = f" {native.name}" if native and native.name != resource.name else ""
        lines = [f"{resource.id or '(no id yet)'}{entry}", f"  {resource.type} {resource.name}"]
        if native:
            lines.append(f"  says {_reach(native, self.held.peers)}")
            lines += [f"  not understood: {native.why}"] * bool(native.why)
        else:
            lines.append(f"  {HOLDS_NONE if self.held.is_read else NOT_READ}")
        lines += [f"  {REFUSED}"] * resource.is_refused
        if native and native.description not in ("", native.name):
            lines.append(f"  described as {native.description}")
        lines += [
            f"  for {rule.service.label} on {rule.ports} from {rule.peer}: {rule.reason}; key {rule.key}"
            for rule in self.rules
        ]
        if self.standing is not RuleStatus.NEEDED:
            lines.append(f"  {SENTENCES[self.standing]}")
        if self.standing is RuleStatus.CHANGED and self.wanted:
            lines.append(f"  the configuration says {_reach(self.wanted)}")
        return [printable(line, MOST) for line in lines]

    def as_json(self) -> dict[str, Any]:
        resource, native = self.held.resource, self.held.native
        return {
            "platform": self.held.platform or None,
            "type": escaped(resource.type),
            "name": escaped(resource.name),
            "id": escaped(resource.id),
            "entry": escaped(native.name) if native and native.name != resource.name else None,
            "ports": [escaped(name) for name in native.flow_names] if native else [],
            "peers": [escaped(one) for one in self.held.peers or [source.shown for source in native.sources]]
            if native
            else [],
            "description": escaped(native.description) if native else "",
            "direction": str(native.direction) if native else None,
            "standing": str(self.standing),
            "read": self.held.is_read,
            "rules": [rule.as_json() for rule in self.rules],
        }


def _reach(native: NativeRule, peers: tuple[str, ...] = ()) -> str:
    flows = few(native.flow_names, MOST_LISTED, room=400) or "nothing"
    sources = few(peers or [source.shown for source in native.sources], MOST_LISTED, room=400)
    way = "to" if native.direction is Direction.EGRESS else "from"
    return f"{flows} {way} {sources}" if sources else flows


class Provenance(Struct, frozen=True):
    """The rules of the state with the name that was asked for, in its order."""

    found: tuple[TracedRule, ...]

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules behind all of them, each once."""
        return tuple(dict.fromkeys(rule for one in self.found for rule in one.rules))

    def text(self) -> str:
        return "\n".join(line for one in self.found for line in one.lines())

    def as_json(self) -> dict[str, Any]:
        return {
            "version": 1,
            "rules": [rule.as_json() for rule in self.rules],
            "state": [one.as_json() for one in self.found],
        }


def trace(deployment: Deployment, state: StackState, asked: str) -> Provenance:
    """The rules of the stack with that name, and why it has them.

    Raises:
        ConfigurationError, RenderError: the configuration cannot be rendered for a platform that has such a rule.
    """
    held = state.named(asked)
    wanted = {one.platform: _wanted(deployment, one.platform) for one in held if one.component and one.platform}
    return Provenance(tuple(_traced(deployment, one, wanted.get(one.platform, ())) for one in held))


def _wanted(deployment: Deployment, name: str) -> tuple[NativeRule, ...]:
    """The rules that the configuration makes on that platform; none if it names other targets only."""
    platform = BY_NAME[name]
    if deployment.targets and platform.argument not in deployment.targets:
        return ()
    return platform.native_rules(render_for(deployment, platform))


def _traced(deployment: Deployment, held: StateRule, wanted: Iterable[NativeRule]) -> TracedRule:
    if held.native is None or not held.component:
        return TracedRule(held, RuleStatus.FOREIGN)
    successor = None if held.is_leaving else _successor(held, tuple(wanted))
    if successor is None:
        return TracedRule(held, RuleStatus.NOT_NEEDED)
    rules = tuple(rule for rule in deployment.rules.ingress if successor.is_for(rule))
    if not BY_NAME[held.platform].names_say_all and successor.admitted != held.native.admitted:
        return TracedRule(held, RuleStatus.CHANGED, rules, successor)
    return TracedRule(held, RuleStatus.NEEDED if rules else RuleStatus.BASELINE, rules, successor)


def _successor(held: StateRule, wanted: tuple[NativeRule, ...]) -> NativeRule | None:
    """What the configuration has in place of the state's rule: under its name, or with the same content, which
    is all that stays where another service takes over its ports. Comments of a host's ruleset are not unique: the
    likest goes first.
    """
    native = held.native
    if native is None:
        return None
    own = {str(ports.protocol) for ports in native.ranges}

    def likeness(one: NativeRule) -> tuple[bool, int, int]:
        flows = {*one.flow_names} & {*native.flow_names}
        return one.admitted == native.admitted, len(one.admitted & native.admitted), len(flows)

    def is_of_protocol(one: NativeRule) -> bool:
        theirs = {str(ports.protocol) for ports in one.ranges}
        return bool(own & theirs) or not own or not theirs

    platform = BY_NAME[held.platform]
    likest = sorted(filter(is_of_protocol, wanted), key=likeness)
    ways: tuple[Callable[[NativeRule], bool], ...] = (
        lambda one: platform.is_called(native.name, held.component, one.name),
        lambda one: bool(native.admitted) and one.admitted == native.admitted,
    )
    return next((one for way in ways for one in reversed(likest) if way(one)), None)

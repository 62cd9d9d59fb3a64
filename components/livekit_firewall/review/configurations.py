"""Two deployments, old and new -> the part of a page that says what changes between them, without any preview.

Where both name what the rules are attached to, the platforms' own rules are compared, as `review` does it. Where one
does not, as a server's own file never does, the rule sets are.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ..admission import Admission, of_rules
from ..deployment import Deployment
from ..errors import ProblemsError
from ..net import ANY_IPV4, Peer, PortRange
from ..resources import Names, Resource
from ..rules import Reason, Rule, RuleSet
from ..services import Service
from .change import Part, Risk
from .difference import Context
from .intent import Intent, intent_for
from .pairs import pairs
from .planned import planned
from .risks import RISKS, Facts
from .stack import admissions, assembled

NODE = "node"


def compare_deployments(name: str, old: Deployment | None, new: Deployment | None) -> Part:
    """What changes for who can reach the node; None where there is no deployment on that side.

    Args:
        name: what the part is called.
    """
    sides = [one for one in (old, new) if one]
    refused = list(_refused(new)) if new else []
    if all(one.targets for one in sides) and not any(_fails(one) for one in sides):
        before, after = _resources(old), _resources(new)
        names = Names(before, after)
        found = list(pairs(admissions(before, names), admissions(after, names)))
        shown = names.shown
    else:
        found, shown = list(pairs(_neutral(old), _neutral(new))), {}
    intents = [intent_for(one) for one in reversed(sides)]
    context = Context(tuple(label for one in intents for label in one.labels), shown)
    part = assembled(name, Facts(found, (), (), intents[0] if new else Intent(), context))
    if old and new and old.targets and not new.targets:
        refused.append(_refusal("(arguments)", "it names no target any more", "name what the rules are attached to"))
    return replace(part, risks=(*refused, *part.risks))


def _resources(deployment: Deployment | None) -> tuple[Resource, ...]:
    if deployment is None:
        return ()
    return tuple(one for target in deployment.targets for one in planned(deployment, target))


def _fails(deployment: Deployment) -> bool:
    return next(_refused(deployment), None) is not None


def _neutral(deployment: Deployment | None) -> list[Admission]:
    if deployment is None:
        return []
    return [of_rules(RuleSet.of([*deployment.rules, *_ssh(deployment)]), NODE, NODE)]


def _ssh(deployment: Deployment) -> Iterator[Rule]:
    """What the host's ruleset admits besides: SSH, unless a rule says who may use it."""
    access = deployment.access
    if "host" in deployment.targets and not any(rule.service is Service.SSH for rule in deployment.rules):
        peer = Peer.anywhere() if access.ipv6 else Peer.of(ANY_IPV4)
        reason = Reason("operators.ssh_port", "the host never locks its operator out")
        yield Rule(PortRange.tcp(access.ssh_port), peer, Service.SSH, (reason,))


def _refused(deployment: Deployment) -> Iterator[Risk]:
    """What `pulumi up` would stop at."""
    for target in deployment.targets:
        try:
            planned(deployment, target)
        except ProblemsError as error:
            for problem in error.problems:
                got = f" (got {problem.got})" if problem.got else ""
                yield _refusal(target, f"{problem.expected}{got}", problem.hint)


def _refusal(target: str, text: str, fix: str) -> Risk:
    about = RISKS["refused"]
    return Risk("refused", about.severity, target, text, about.why, fix or about.fix)

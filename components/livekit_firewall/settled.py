"""The deployment of a component whose blocks are outputs, once they are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pulumi
from msgspec.structs import replace

from .deployment.derive import Deployment
from .deployment.named import about_blocks, hidden, refuse_unfit
from .model.errors import Finding, graver
from .platforms.judged import judged
from .platforms.running import pulumi_errors
from .preflight import check


def verdict(component: pulumi.Resource, name: str, given: object, before: Deployment) -> pulumi.Output[Deployment]:
    """The deployment with the blocks that are known by then; `before` itself without any that are outputs.

    It fails, and with it whatever waits for it, if the deployment may not be so.

    Args:
        given: the arguments of the component.
        before: with the names of the blocks.
    """
    base = Path.cwd()

    def judge(known: Mapping[str, object], secrets: Mapping[str, object]) -> Deployment:
        if not known:
            return before
        with pulumi_errors(name), about_blocks(known, secrets):
            deployment, _ = check(name, given, known=known, base=base)
            refuse_unfit(before, deployment, known)
        found = [one for one in deployment.findings if one not in before.findings]
        warn(component, [replace(one, text=hidden(one.text, secrets)) for one in found])
        return deployment

    if before.access.named:
        return judged(before.access.named, judge)
    return pulumi.Output.from_input(None).apply(lambda _: before)


def warn(component: pulumi.Resource, findings: Iterable[Finding]) -> None:
    """Show what the user should know. An error of Pulumi's would end the update, which no finding does."""
    for finding in graver(findings):
        grave = "error: " if finding.severity == "error" else ""
        pulumi.log.warn(grave + finding.message, component)

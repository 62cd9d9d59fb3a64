"""Whether the sources of an argument can all change at once: new rules are made before old ones are deleted, so that
both count towards the quota while the update runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ...deployment.rendering import sizes_of
from ...effective.snapshot import Size
from ...model.errors import Finding, Place, ProblemsError
from ...model.rules import Rule
from ...model.services import Audience, Service
from ...platforms.platform import Target
from ...platforms.registry import BY_ARGUMENT, AnyPlatform
from .context import Context, found

ARGUMENTS = {
    None: "clients",
    Audience.TRUNK: "trunks",
    Audience.LOAD_BALANCER: "load_balancer",
    Audience.CLUSTER: "cluster",
    Audience.OPERATOR: "operators",
}


def check_room(context: Context) -> Iterator[Finding]:
    for name in context.deployment.targets:
        platform = BY_ARGUMENT[name]
        if not platform.rules_are_resources:
            continue
        try:
            yield from _of(context, platform)
        except ProblemsError:
            continue  # another check says what does not fit


def _of(context: Context, platform: AnyPlatform) -> Iterator[Finding]:
    target = context.deployment.targets[platform.argument]
    whole = sizes_of(context.deployment, platform)
    for audience, argument in ARGUMENTS.items():
        others = {size.what: size for size in sizes_of(context.deployment, platform, partial(_is_of_others, audience))}
        for size in whole:
            changing = size.count - (others[size.what].count if size.what in others else 0)
            if size.count + changing > size.limit:
                yield _finding(platform, target, argument, size, changing)
                break


def _is_of_others(audience: Audience | None, rule: Rule) -> bool:
    is_extra = rule.service is Service.EXTRA  # each has sources of its own
    return rule.service.record.reached_by is not audience or rule.peer.is_anywhere or is_extra


def _finding(platform: AnyPlatform, target: Target, argument: str, size: Size, changing: int) -> Finding:
    text = (
        f"{size.count} {size.what} of {size.limit} on {platform.title}, {changing} of them for {argument}: where all "
        f"of these change in one update, {size.count + changing} are there at once, and it stops half way"
    )
    spare = size.limit - size.count
    ways = [f"change at most {spare} of these rules in one update"] if spare else []
    ways += filter(None, [platform.more_room(target)])
    fix = ", or ".join((*ways, "name fewer, larger blocks")) if ways else ""
    return found("no-room-to-change", Place(argument), text, fix=fix)

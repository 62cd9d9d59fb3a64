"""Blocks that are outputs: judged when they are known, before any rule that they could make too wide is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import pulumi
from msgspec.structs import replace

from ..model.addresses import NamedBlock, Peer
from ..model.rules import RuleSet

Judged = TypeVar("Judged")


def judged(
    named: Mapping[str, NamedBlock], judge: Callable[[dict[str, Any], list[Any]], Judged]
) -> pulumi.Output[Judged]:
    """What `judge` makes of the blocks once all of them are known, or at a preview of those that are.

    It is known at a preview, so that what waits for it is. What raises, fails every resource that waits for it.

    Args:
        named: the blocks by argument.
        judge: called with the values that are known, by argument, and with those of them that are secret.
    """
    outputs = {place: pulumi.Output.from_input(one.value) for place, one in named.items()}

    async def verdict() -> Judged:
        known, secrets = {}, []
        for place, output in outputs.items():
            value = await output.future()
            if await output.is_known():
                known[place] = value
                if await output.is_secret():
                    secrets.append(value)
        return judge(known, secrets)

    return _known(verdict(), outputs.values())


def after(value: Judged, blocks: Iterable[NamedBlock]) -> pulumi.Input[Judged]:
    """A value that is known, sent once these blocks are judged; itself without any."""
    outputs = [pulumi.Output.from_input(one.value) for one in blocks]
    if not outputs:
        return value

    async def waited() -> Judged:
        for output in outputs:
            await output.future()
        return value

    return _known(waited(), outputs, is_secret=False)


def _known(value: Any, outputs: Iterable[pulumi.Output[Any]], is_secret: bool | None = None) -> pulumi.Output[Any]:
    """An output that is known whether those that it waits for are or not, with their resources."""
    outputs = tuple(outputs)

    async def resources() -> set[pulumi.Resource]:
        return set().union(*[await one.resources() for one in outputs])

    async def secret() -> bool:
        return any([await one.is_secret() for one in outputs]) if is_secret is None else is_secret

    async def known() -> bool:
        return True

    made = [asyncio.ensure_future(one) for one in (resources(), value, known(), secret())]
    return pulumi.Output(*made)


def with_values(rules: RuleSet, verdict: pulumi.Output[Any]) -> RuleSet:
    """The rules, whose named blocks have their values once the verdict is there."""

    def waiting(one: NamedBlock) -> NamedBlock:
        return NamedBlock(one.name, pulumi.Output.all(one.value, verdict).apply(lambda both: both[0]))

    blocks = {one: waiting(one) for one in rules.named}
    if not blocks:
        return rules
    return RuleSet(
        tuple(
            replace(rule, peer=Peer.of(blocks[rule.peer.named])) if rule.peer.named in blocks else rule
            for rule in rules
        )
    )

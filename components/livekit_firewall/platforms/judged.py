"""Blocks that are outputs: judged when they are known, before any rule that they could make too wide is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar, cast

import pulumi
from msgspec.structs import replace

from ..model.addresses import Cidr, Family, NamedBlock, Peer
from ..model.errors import Place, Problem
from ..model.rules import RuleSet
from .running import checked

Judged = TypeVar("Judged")


def judged(
    named: Mapping[str, NamedBlock], judge: Callable[[dict[str, Any], dict[str, Any]], Judged]
) -> pulumi.Output[Judged]:
    """What `judge` makes of the blocks once all of them are known, or at a preview of those that are.

    It is known at a preview, so that what waits for it is. What raises, fails every resource that waits for it.

    Args:
        named: the blocks by argument.
        judge: called with the values that are known, and with those of them that are secret, by argument.
    """
    outputs = {place: pulumi.Output.from_input(one.value) for place, one in named.items()}

    async def verdict() -> Judged:
        known, secrets = dict[str, Any](), dict[str, Any]()
        for place, output in outputs.items():
            value = await output.future()
            if await output.is_known():
                known[place] = value
                if await output.is_secret():
                    secrets[place] = value
        return judge(known, secrets)

    return _known(verdict(), outputs.values())


def after(value: Judged, blocks: Iterable[NamedBlock]) -> pulumi.Input[Judged]:
    """A value that is known, sent once these blocks are judged; itself without any. It is neither made of them nor of
    their resources, so that it depends on none.
    """
    outputs = [pulumi.Output.from_input(one.value) for one in blocks]
    if not outputs:
        return value

    async def waited() -> Judged:
        for output in outputs:
            await _end(output)
        return value

    return _known(waited(), ())


def if_told(output: pulumi.Output[Any], made: Callable[[Any], Judged], otherwise: Judged) -> pulumi.Output[Judged]:
    """What is made of a value once it is known and is no secret, else something else; never unknown or secret."""

    async def found() -> Judged:
        value = await output.future()
        return made(value) if await output.is_known() and not await output.is_secret() else otherwise

    return _known(found(), ())


async def _end(output: pulumi.Output[Any]) -> None:
    try:
        await output.future()
    except Exception as error:  # noqa: BLE001
        # one error is raised for every resource: its traceback would grow, and Pulumi formats it each time
        raise error.with_traceback(None) from None


def in_family(block: NamedBlock, family: Family) -> pulumi.Output[str | None]:
    """A sound block, if it is of the family, else None; unknown as long as the block is."""

    def of_family(text: Any) -> str | None:
        return str(text) if Cidr.parse(text).family is family else None

    return pulumi.Output.from_input(block.value).apply(of_family)


def _known(value: Any, outputs: Iterable[pulumi.Output[Any]]) -> pulumi.Output[Any]:
    """An output that is known whether others are or not. It has their resources, and is a secret if one of them is."""
    outputs = tuple(outputs)

    async def resources() -> set[pulumi.Resource]:
        return set().union(*[await one.resources() for one in outputs])

    async def secret() -> bool:
        return any([await one.is_secret() for one in outputs])

    async def known() -> bool:
        return True

    return _output(resources(), value, known(), secret())


def _output(*parts: Any) -> pulumi.Output[Any]:
    """An output of coroutines, each of which has an end whether the others fail or not."""
    return pulumi.Output(*map(asyncio.ensure_future, parts))


def _waiting(value: Any, verdict: pulumi.Output[Any]) -> pulumi.Output[Any]:
    """The value once the verdict is there, without the verdict's resources and secrets, which are of all blocks."""
    output = pulumi.Output.from_input(value)

    async def waited() -> Any:
        await _end(verdict)
        return await output.future(with_unknowns=True)

    return _output(output.resources(), waited(), output.is_known(), output.is_secret())


def with_values(rules: RuleSet, verdict: pulumi.Output[Any]) -> RuleSet:
    """The rules, whose named blocks have their values once the verdict is there."""
    return _with_blocks(rules, lambda one: _waiting(one.value, verdict))


def with_sound_blocks(
    rules: RuleSet, ipv6: bool, problems: Callable[[str, Cidr], Iterable[Problem]] = lambda _, __: ()
) -> RuleSet:
    """The rules, whose named blocks are canonical texts, and stop what waits for them if they are none: a provider may
    take what is empty for every address.

    Args:
        problems: of a block by its name that the platform does not take so.
    """

    def found(one: NamedBlock, value: object) -> Iterator[Problem]:
        try:
            block = Cidr.parse(value)
        except ValueError:
            yield Problem(Place(str(one)), "an output with another value", "must be a block such as 203.0.113.0/24")
            return
        if block.family is Family.IPV6 and not ipv6:
            yield Problem(Place(str(one)), "a block of IPv6", "must be an IPv4 block while ipv6 is false")
        yield from problems(str(one), block)

    def sound(one: NamedBlock) -> pulumi.Output[str]:
        value = checked(pulumi.Output.from_input(one.value), lambda known: found(one, known))
        return cast("pulumi.Output[str]", value.apply(lambda known: str(Cidr.parse(known))))

    return _with_blocks(rules, sound)


def _with_blocks(rules: RuleSet, value: Callable[[NamedBlock], pulumi.Output[Any]]) -> RuleSet:
    blocks = {one: NamedBlock(one.name, value(one)) for one in rules.named}
    if not blocks:
        return rules
    return RuleSet(
        tuple(
            replace(rule, peer=Peer.of(blocks[rule.peer.named])) if rule.peer.named in blocks else rule
            for rule in rules
        )
    )

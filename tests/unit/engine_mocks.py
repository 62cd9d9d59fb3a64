"""A Pulumi engine for one test: records what a program registers, creates nothing.

    def test_...(engine):
        resources = engine.run(lambda: AwsFirewall("lk", rules, target))
        resources["aws:ec2/securityGroup:SecurityGroup", "lk-security-group"].inputs == {...}

What this does not prove: that a cloud accepts the resource, the engine's order of operations, URN
collisions (compare the keys of `resources`), transforms. Those are the engine tier's.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pulumi
import pytest
from google.protobuf.json_format import MessageToDict
from pulumi.runtime.mocks import MockMonitor, Mocks, set_mocks
from pulumi.runtime.proto.source_pb2 import StackTrace
from pulumi.runtime.rpc import UNKNOWN

# as the language host does: of a program that fails, not every future has somebody who waits for it
logging.getLogger("asyncio").setLevel(logging.CRITICAL)

STACK = "pulumi:pulumi:Stack"


class _Cloud(Mocks):
    """Echoes every resource's inputs as its state; knows no data sources."""

    def __init__(self, preview: bool) -> None:
        self.preview = preview

    def new_resource(self, args: Any) -> tuple[str, dict[str, Any]]:
        # An empty id is how a preview says "known only after creation".
        # A resource that is read has the id that was asked for.
        return "" if self.preview else args.resource_id or f"{args.name}-id", dict(args.inputs)

    def call(self, args: Any) -> Any:
        raise NotImplementedError(f"a data source was asked for, which no component may do: {args.token}")


@dataclass(frozen=True)
class Registered:
    """One resource as the engine was told of it.

    Attributes:
        inputs: as on the wire: camelCase keys, numbers as floats, unknowns the text `UNKNOWN`.
        parent: (type, name) of the parent.
        request: the whole request, for `ignoreChanges`, `aliases`, `provider`, `protect`, ...
    """

    type: str
    name: str
    parent: tuple[str, str]
    inputs: dict[str, Any]
    request: Any


class Engine(MockMonitor):
    """The recorder. One per test: it belongs to the event loop that the fixture made."""

    def __init__(self, preview: bool) -> None:
        super().__init__(_Cloud(preview))
        self.requests: list[Any] = []
        self.loops: set[asyncio.AbstractEventLoop] = set()
        self.outputs: dict[tuple[str, str], dict[str, Any]] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 (gRPC's name)
        self.requests.append(request)
        answer = super().RegisterResource(request)
        if request.type != STACK:
            # MockMonitor makes an event loop in the thread it runs in and leaves it open, which pytest
            # reports as an error.
            self.loops.add(asyncio.get_event_loop())
        return answer

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 (gRPC's name)
        self.outputs[_type_and_name(request.urn)] = MessageToDict(request.outputs)
        return super().RegisterResourceOutputs(request)

    def run(self, program: Callable[[], object]) -> dict[tuple[str, str], Registered]:
        """Run a program to its end, every Output included, and return what it registered, the stack left
        out, by (type, name). An assertion inside an `apply` of the program fails the test.

        Raises AssertionError if two resources share type and name: the real engine refuses that.
        """

        def quiet() -> None:
            program()  # its result is not awaited: a component is not an Output

        pulumi.runtime.test(quiet)()
        made = [
            Registered(
                type=request.type,
                name=request.name,
                parent=_type_and_name(request.parent),
                inputs=MessageToDict(request.object),
                request=request,
            )
            for request in self.requests
            if request.type != STACK
        ]
        resources = {(one.type, one.name): one for one in sorted(made, key=lambda one: (one.type, one.name))}
        assert len(resources) == len(made), "two resources share type and name"
        return resources


def _type_and_name(urn: str) -> tuple[str, str]:
    if not urn:
        return "", ""
    _, _, types, name = urn.removeprefix("urn:pulumi:").split("::", 3)
    return types.split("$")[-1], name


def unknown() -> pulumi.Output[Any]:
    """An output that is known only after creation, as another resource's id is at preview."""

    async def value(it: object) -> Any:
        return it

    future = asyncio.ensure_future
    return pulumi.Output(set(), future(value(UNKNOWN)), future(value(False)))


def _engine(preview: bool) -> Iterator[Engine]:
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    pulumi.runtime.settings.reset_options(project="livekit", stack="dev")  # clears the root stack
    pulumi.runtime.set_all_config({}, [])
    monitor = Engine(preview)
    set_mocks(monitor.mocks, project="livekit", stack="dev", preview=preview, monitor=monitor)
    with pytest.MonkeyPatch.context() as patch:
        # of where in the program each resource is made, which a mock has no use for: below pytest that is deep
        patch.setattr(pulumi.runtime.resource, "_get_stack_trace", StackTrace)
        yield monitor
    left = asyncio.all_tasks(loop)  # of a program that has failed
    for task in left:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_default_executor())
    for one in {loop, *monitor.loops}:
        one.close()
    asyncio.set_event_loop(None)


@pytest.fixture
def engine() -> Iterator[Engine]:
    """`pulumi up`: ids are `{name}-id`."""
    yield from _engine(preview=False)


@pytest.fixture
def preview_engine() -> Iterator[Engine]:
    """`pulumi preview`: ids are unknown; on the wire they are the text `UNKNOWN`."""
    yield from _engine(preview=True)

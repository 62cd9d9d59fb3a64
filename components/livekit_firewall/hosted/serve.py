"""The provider of the package: it makes the component when the engine asks for one, and serves the schema.

It stands below Pulumi's experimental host of components, which does less than a program in Python gets: it drops
unknown keys, fails where an Output is, gives 7881 as 7881.0, and shows errors with frames of the stack.
"""
# ruff: noqa: N802 - the protocol names the methods

from __future__ import annotations

import asyncio
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

import grpc
import grpc.aio
import msgspec
import pulumi
from google.protobuf import empty_pb2
from google.protobuf.struct_pb2 import Struct
from pulumi.provider import ConstructResult, Provider
from pulumi.provider.server import ProviderServicer
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import provider_pb2_grpc

from ..firewall import LiveKitFirewall
from ..model.errors import Place
from ..model.text import escaped
from ..platforms.running import HOSTED_FOR, InvalidArguments, pulumi_errors
from ..preflight import check
from .names import camel, sent, spoken
from .wire import Unreadable, read, secrets


class _Package(msgspec.Struct):
    """What is read of the schema."""

    version: str
    resources: dict[str, Any]


SCHEMA = files(__package__).joinpath("schema.json").read_text(encoding="utf-8")
PACKAGE = msgspec.json.decode(SCHEMA, type=_Package)
FOLDER = Path(__file__).parents[1]


MOST_TOLD = 40_000
"""Bytes of an answer's problems: they travel in a header, of which the engine takes a megabyte and more."""


class LiveKit(Provider):
    """The package: one component."""

    def __init__(self) -> None:
        super().__init__(PACKAGE.version, SCHEMA)

    def construct(
        self, name: str, resource_type: str, inputs: Any, options: pulumi.ResourceOptions | None = None
    ) -> ConstructResult:
        """The component and its outputs, with the names of the schema.

        Args:
            inputs: what `wire.read` returns.

        Raises:
            InvalidArguments: of its problems, those that were read here have paths as they were sent.
        """
        if resource_type not in PACKAGE.resources:
            raise pulumi.RunError(f"this package has no {resource_type}, only {', '.join(PACKAGE.resources)}")
        arguments, problems = inputs
        if problems:
            with pulumi_errors():
                check(name, arguments, problems)  # which raises, and says what else is wrong
        made = LiveKitFirewall(name, arguments, options)
        return ConstructResult(made.urn, {camel(output): value for output, value in made.outputs().items()})


class _Program:
    """Stands for one that asks for components."""


class Servicer(ProviderServicer):
    """The service that the engine calls."""

    def __init__(self, engine: str) -> None:
        super().__init__(LiveKit(), [], engine)
        self._programs: dict[str, _Program] = {}

    async def Construct(self, request: Any, context: Any) -> Any:
        """Make the component. What goes wrong is told in an answer, as whatever is raised is shown with its frames."""
        # a preview and the update after it are two, each with a monitor of its own
        HOSTED_FOR.set(self._programs.setdefault(request.monitorEndpoint, _Program()))
        try:
            return await self._construct(request, context)
        except InvalidArguments as error:
            told = list(_told(error, tuple(secrets(request.inputs.fields))))
            status = self.create_grpc_invalid_properties_status(_title(error), told)
            await context.abort_with_status(status)
        except Exception as error:  # noqa: BLE001
            if isinstance(error, pulumi.RunError) or _is_of_engine(error):
                await context.abort(grpc.StatusCode.UNKNOWN, str(error))
            await context.abort(grpc.StatusCode.INTERNAL, _unexpected(error))

    @staticmethod
    async def _construct_inputs(inputs: Struct, input_dependencies: Any) -> Any:
        return read(inputs, {name: one.urns for name, one in input_dependencies.items()})

    async def Attach(self, request: Any, context: Any) -> Any:  # noqa: ARG002
        """The engine has found this by PULUMI_DEBUG_PROVIDERS."""
        self.engine_address = request.address
        return empty_pb2.Empty()


def _title(error: InvalidArguments) -> str:
    count = len(error.problems)
    found = ["also found:", *(f"  - {finding}" for finding in error.findings)] if error.findings else []
    return "\n".join([error.title.format(count=count, s="" if count == 1 else "s"), *found])


def _told(error: InvalidArguments, secret: Sequence[str]) -> Iterator[Any]:
    """Each problem where it was sent, or in a file.

    Args:
        secret: paths of what the engine must not show, as it shows what it finds at the path of a problem.
    """
    room = MOST_TOLD
    for problem in error.problems:
        reason = str(msgspec.structs.replace(problem, place=Place(""))).removeprefix(": ")
        path = problem.path
        if problem.place.file is not None:
            path = str(problem.place)
        elif not isinstance(problem, Unreadable):
            path, reason = sent(path) or path, spoken(reason)
        if any(one.startswith(path) or path.startswith(one) for one in secret):
            path += " (secret)"  # where nothing is found
        room -= len(path.encode()) + len(reason.encode())
        if room < 0:
            yield {"property_path": "(arguments)", "reason": "there are more problems than can be told at once"}
            return
        yield {"property_path": path, "reason": reason}


def _is_of_engine(error: BaseException | None) -> bool:
    """Whether the engine refused a resource, of which it has told the reason by then."""
    return error is not None and (
        isinstance(error, grpc.RpcError) or _is_of_engine(error.__cause__ or error.__context__)
    )


def _unexpected(error: Exception) -> str:
    """One line with what a report needs: neither the frames, nor what the arguments hold."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(FOLDER)]
    where = f" at {Path(ours[-1].filename).relative_to(FOLDER)}:{ours[-1].lineno}" if ours else ""
    return escaped(
        f"livekit-firewall {PACKAGE.version} failed{where} ({type(error).__name__}: {error}); "
        "which is a mistake of ours: please report this line, with the arguments"
    )


def main(arguments: Sequence[str] = tuple(sys.argv[1:])) -> None:
    """Serve until the engine ends this process; the first line of standard output is the port.

    Args:
        arguments: options of the engine's, and its address.
    """
    if not arguments:
        sys.exit("This is a plugin, which Pulumi starts by itself: see docs/languages.md")
    engine = arguments[-1]

    async def serve() -> None:
        # of a refused resource the SDK leaves the errors of those that wait for it, and asyncio would show their frames
        asyncio.get_running_loop().set_exception_handler(lambda *_: None)
        server = grpc.aio.server(options=_GRPC_CHANNEL_OPTIONS)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(Servicer(engine), server)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        print(port, flush=True)
        await server.wait_for_termination()

    with suppress(KeyboardInterrupt):
        asyncio.run(serve())

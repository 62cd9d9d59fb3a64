"""The package as the engine has it: the executable in an environment of its own, a monitor that records what is
registered, and requests as they are on the wire.

    with started(folder) as plugin:
        plugin.construct({"tcpPort": 7890, "aws": {"vpcId": output(None, on=["urn:..."])}})
        plugin.registered
"""
# ruff: noqa: N802 - the protocol names the methods

from __future__ import annotations

import re
import shutil
import subprocess
import venv
from collections.abc import Iterator, Mapping, Sequence
from concurrent import futures
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2
from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import (
    engine_pb2_grpc,
    errors_pb2,
    provider_pb2,
    provider_pb2_grpc,
    resource_pb2,
    resource_pb2_grpc,
    status_pb2,
)

from livekit_firewall.hosted.wire import OUTPUT, RESOURCE, SECRET, SIGNATURE

ROOT = Path(__file__).resolve().parents[3]
TOKEN = "livekit:index:LiveKitFirewall"

Json = Mapping[str, Any]


def output(value: Any, *, on: Sequence[str] = (), secret: bool = False) -> Json:
    """An Output with a value; one of None is not known yet."""
    known = {} if value is None else {"value": value}
    return {SIGNATURE: OUTPUT, **known, "secret": secret, "dependencies": list(on)}


def secret(value: Any) -> Json:
    return {SIGNATURE: SECRET, "value": value}


def resource(urn: str) -> Json:
    return {SIGNATURE: RESOURCE, "urn": urn, "id": "vpc-1"}


class Refused(Exception):
    """What the engine was told.

    Attributes:
        errors: (path, reason) of each property.
    """

    def __init__(self, error: grpc.RpcError) -> None:
        self.code, self.message = error.code(), error.details()
        details = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin")
        self.errors: list[tuple[str, str]] = []
        for one in status_pb2.Status.FromString(details).details if details else ():
            found = errors_pb2.InputPropertiesError()
            assert one.Unpack(found)
            self.errors += [(entry.property_path, entry.reason) for entry in found.errors]
        super().__init__(self.message, self.errors)


class Monitor(resource_pb2_grpc.ResourceMonitorServicer, engine_pb2_grpc.EngineServicer):
    """An engine in which everything is made at once, with its inputs as its state; ids are unknown in a preview."""

    def __init__(self) -> None:
        self.registered: list[Any] = []
        self.outputs: dict[str, Any] = {}
        self.logged: list[str] = []
        self.is_preview = False
        self.refuses = ""
        self.component = ""  # of which what is registered is recorded: what was refused may go on for a while

    def SupportsFeature(self, request: Any, context: Any) -> Any:
        return resource_pb2.SupportsFeatureResponse(hasSupport=True)

    def GetDeploymentInfo(self, request: Any, context: Any) -> Any:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, "as of an engine that is asked for each of its features")

    def RegisterResource(self, request: Any, context: Any) -> Any:
        if request.name.split("-")[0] == self.component:
            self.registered.append(request)
        if self.refuses and self.refuses in request.name:
            context.abort(grpc.StatusCode.UNKNOWN, "the cloud has no room")
        above = request.parent.split("::")[2] + "$" if request.parent else ""
        urn = f"urn:pulumi:dev::livekit::{above}{request.type}::{request.name}"
        made = "" if self.is_preview or not request.custom else f"{request.name}-id"
        return resource_pb2.RegisterResourceResponse(urn=urn, id=made, object=request.object)

    def RegisterResourceOutputs(self, request: Any, context: Any) -> Any:
        self.outputs[request.urn] = MessageToDict(request.outputs)
        return empty_pb2.Empty()

    def Log(self, request: Any, context: Any) -> Any:
        self.logged.append(request.message)
        return empty_pb2.Empty()


class Plugin:
    """The plugin that runs. What is recorded is of the last request alone."""

    def __init__(self, address: str, engine: str, monitor: Monitor) -> None:
        self._asked = 0
        # as the engine's client, which takes headers of 16 MiB
        self._channel = grpc.insecure_channel(address, options=[("grpc.max_metadata_size", 2**24)])
        self.provider = provider_pb2_grpc.ResourceProviderStub(self._channel)
        self.monitor = monitor
        self._engine = engine

    def close(self) -> None:
        self._channel.close()

    def construct(
        self, inputs: Json | Struct, *, on: Mapping[str, Sequence[str]] = {}, another: bool = True, **options: Any
    ) -> Any:
        """
        Args:
            on: what each argument depends on, by URN.
            another: whether it is of another program than the one before.

        Raises:
            Refused: by the plugin.
        """
        self.monitor.registered, self.monitor.logged, self.monitor.outputs = [], [], {}
        self.monitor.is_preview = options.get("dryRun", False)
        if not isinstance(inputs, Struct):
            struct = Struct()
            struct.update(inputs)
            inputs = struct
        dependencies = {key: provider_pb2.ConstructRequest.PropertyDependencies(urns=urns) for key, urns in on.items()}
        options = {"type": TOKEN, "name": "lk", **options}
        self.monitor.component = options["name"].split("-")[0]
        self._asked += another
        monitor = "ipv4:" + ",".join([self._engine] * self._asked)  # the same, and another name of it
        request = provider_pb2.ConstructRequest(
            project="livekit", stack="dev", monitorEndpoint=monitor, inputs=inputs,
            inputDependencies=dependencies, accepts_output_values=True, **options,
        )  # fmt: skip
        try:
            return self.provider.Construct(request, timeout=30)
        except grpc.RpcError as error:
            raise Refused(error) from None

    def refusal(self, inputs: Json | Struct, **more: Any) -> Refused:
        try:
            made = self.construct(inputs, **more)
        except Refused as refused:
            assert self.monitor.refuses or not self.monitor.registered
            return refused
        raise AssertionError(f"not refused: {made}")

    def made(self, kind: str) -> list[Any]:
        """The requests for resources whose type ends so."""
        return [one for one in self.monitor.registered if one.type.endswith(kind)]


def package(folder: Path) -> Path:
    """A copy of the package with an environment that holds what its requirements.txt names, and nothing else."""
    for name in ("__main__.py", "pulumi-resource-livekit", "requirements.txt", "PulumiPlugin.yaml"):
        shutil.copy(ROOT / "components" / name, folder)
    (folder / "livekit_firewall").symlink_to(ROOT / "components" / "livekit_firewall")
    return folder


def furnish(folder: Path) -> Path:
    """Its environment, as `pulumi package add` makes it; the distributions are those of the tests."""
    environment = folder / "venv"
    venv.create(environment, with_pip=False)
    site = next((environment / "lib").glob("python*/site-packages"))
    named = re.findall(r"^([A-Za-z0-9._-]+)==", (folder / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    for name in named:
        files = distribution(name).files or []
        for top in {file.parts[0] for file in files} - {"..", "bin", "__pycache__"}:
            source = Path(str(distribution(name).locate_file(top)))
            if not (site / top).exists():  # several have a part of one that they share
                (site / top).symlink_to(source)
    return environment


@contextmanager
def started(folder: Path) -> Iterator[Plugin]:
    """The executable of a package, run as the engine does."""
    monitor = Monitor()
    server = grpc.server(futures.ThreadPoolExecutor(8))
    resource_pb2_grpc.add_ResourceMonitorServicer_to_server(monitor, server)
    engine_pb2_grpc.add_EngineServicer_to_server(monitor, server)
    engine = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    command = [folder / "pulumi-resource-livekit", engine]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder) as process:
        assert process.stdout
        assert process.stderr
        try:
            plugin = Plugin(f"127.0.0.1:{int(process.stdout.readline())}", engine, monitor)
            yield plugin
            plugin.close()
        finally:
            process.terminate()
            server.stop(None)
            said = process.stderr.read()
        assert said == ""  # nothing is told but in answers

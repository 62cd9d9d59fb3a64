"""A project's program and the plugins of its clouds in one process that stays from command to command.

To start Python and to load Pulumi's SDK, for the program and for each plugin anew, takes longer than the engine does.
So one process loads all of it, and is forked for each project.

    python -m tests.engine.running      reads folders and environments, and prints the ports of each as JSON
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import runpy
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any, NoReturn
from unittest import mock

import grpc
import pulumi
from google.protobuf import empty_pb2

ROOT = Path(__file__).resolve().parents[2]
CLOUDS = {
    "aws": "aws",
    "azure-native": "azure",
    "command": "command",
    "digitalocean": "digitalocean",
    "gcp": "gcp",
    "hcloud": "hetzner",
}
"""The module in `fakes` of each plugin."""
DYNAMIC = "pulumi-python"
"""The plugin of dynamic providers, which is Pulumi's own."""

PRINTED = ".printed"
"""The file of a project's folder with what program and plugins print, which an engine would pass on to the user."""

TURN = Lock()


@dataclass(frozen=True)
class Running:
    """The process, seen from a test.

    Attributes:
        environment: what it was started with.
        program: the address at which the engine asks for the program.
        plugins: as PULUMI_DEBUG_PROVIDERS names them.
    """

    pid: int
    environment: Mapping[str, str]
    program: str
    plugins: str

    @classmethod
    def start(cls, folder: Path, environment: Mapping[str, str], within: int = 0) -> Running:
        """`within`: a process of a machine, with whose network, processes and mounts it is to run."""
        asked = json.dumps({"folder": str(folder), "environment": dict(environment), "within": within})
        with TURN:
            forking = _forking()
            assert forking.stdin
            assert forking.stdout
            forking.stdin.write(asked + "\n")
            forking.stdin.flush()
            ports: dict[str, int] = json.loads(forking.stdout.readline())
        pid, program = ports.pop("pid"), ports.pop("program")
        plugins = ",".join(f"{name}:{port}" for name, port in ports.items())
        return cls(pid, dict(environment), f"127.0.0.1:{program}", plugins)

    def stop(self) -> None:
        os.kill(self.pid, signal.SIGTERM)


@cache
def _forking() -> subprocess.Popen[str]:
    """What is forked; it ends with this process, and what was forked with it."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "components")])
    return subprocess.Popen(
        [sys.executable, "-m", __name__], env={**os.environ, "PYTHONPATH": path}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip


def main() -> None:
    for module in ("livekit_firewall", "pulumi.automation._server", *map(_module, CLOUDS)):
        import_module(module)
    _load()
    # it tells the engine some four times of each resource, for `--debug`, what nobody here asks for
    pulumi.log.debug = lambda *_, **__: None
    forked = []
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _serve(**json.loads(line))
        forked.append(pid)
    for pid in forked:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)


def _load() -> None:
    """What a program or a plugin would load at its first call, a second for each cloud."""
    import boto3
    import pulumi_aws
    import pulumi_azure_native
    import pulumi_digitalocean
    import pulumi_gcp
    import pulumi_hcloud

    _ = (
        pulumi_aws.ec2.SecurityGroup,
        pulumi_aws.vpc.SecurityGroupIngressRule,
        pulumi_azure_native.network.NetworkSecurityGroup,
        pulumi_digitalocean.Firewall,
        pulumi_gcp.compute.Firewall,
        pulumi_hcloud.Firewall,
    )
    boto3.client("ec2", "eu-central-1")  # whose description of the service all clients of a process share
    _dynamic()
    gc.freeze()


def _module(package: str) -> str:
    return f"{__package__ or 'tests.engine'}.fakes.{CLOUDS[package]}"


def _serve(folder: str, environment: dict[str, str], within: int) -> NoReturn:
    from pulumi.automation._server import LanguageServer
    from pulumi.runtime.proto import language_pb2_grpc, provider_pb2_grpc

    pid = _enter(within) if within else os.getpid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:0] = [folder, *environment.get("PYTHONPATH", "").split(os.pathsep)]
    servers, ports = [], {"pid": pid}
    for name in ("program", *CLOUDS, DYNAMIC):
        server = grpc.server(ThreadPoolExecutor(100))  # calls that are held each take one
        if name == "program":
            language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageServer(_program), server)  # type: ignore[no-untyped-call]
        else:
            provider_pb2_grpc.add_ResourceProviderServicer_to_server(_attached(name), server)  # type: ignore[no-untyped-call]
        ports[name] = server.add_insecure_port("127.0.0.1:0")
        server.start()
        servers.append(server)  # one that nobody holds ends
    print(json.dumps(ports), flush=True)
    printed = os.open(PRINTED, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for stream in (1, 2):
        os.dup2(printed, stream)
    servers[0].wait_for_termination()
    os._exit(0)


def _enter(process: int) -> int:
    """Go on in a child that is one of that process's machine, whose /proc has it. Its id, outside."""
    spaces = [os.open(f"/proc/{process}/ns/{kind}", os.O_RDONLY) for kind in ("net", "pid", "mnt")]
    for space in spaces:  # os.setns came with Python 3.12
        if ctypes.CDLL(None, use_errno=True).setns(space, 0):
            raise OSError(ctypes.get_errno(), f"cannot enter the namespaces of process {process}")
    told, tell = os.pipe()
    if pid := os.fork():
        os.write(tell, str(pid).encode())
        os.waitpid(pid, 0)
        os._exit(0)
    return int(os.read(told, 20))


def _program() -> None:
    runpy.run_path("__main__.py", run_name="__main__")


def _attached(package: str) -> Any:
    """A plugin for every engine that connects, as each starts one for itself."""
    from pulumi.runtime.proto import provider_pb2_grpc

    of_each = defaultdict[str, Any](_dynamic() if package == DYNAMIC else lambda: _fake(package))

    def passed_on(method: str) -> Callable[..., Any]:
        return lambda _, request, context: getattr(of_each[context.peer()], method)(request, context)

    base = provider_pb2_grpc.ResourceProviderServicer
    methods = {name: passed_on(name) for name in vars(base) if name[0].isupper()}
    return type("Attached", (base,), {**methods, "Attach": lambda *_: empty_pb2.Empty()})()


def _fake(package: str) -> Any:
    from .fakes import servicer
    from .fakes.store import Store

    return servicer.Provider(package, import_module(_module(package)), Store.from_environment(package))


@cache
def _dynamic() -> Callable[[], Any]:
    """What serves dynamic providers. Its module is a program, which serves as soon as it is loaded."""
    adds = "pulumi.runtime.proto.provider_pb2_grpc.add_ResourceProviderServicer_to_server"
    with (
        mock.patch("grpc.server"),
        mock.patch(adds, side_effect=KeyboardInterrupt) as served,
        suppress(KeyboardInterrupt),
    ):
        runpy.run_module("pulumi.dynamic.__main__")
    return type(served.call_args.args[0])


if __name__ == "__main__":
    main()

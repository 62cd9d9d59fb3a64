"""A project whose program runs in the test's own process, so that a command costs the engine's time alone; and whose
CLI may be killed by one of its plugins."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

import grpc
import pulumi
from pulumi.automation._server import LanguageServer
from pulumi.runtime.config import CONFIG
from pulumi.runtime.proto import language_pb2_grpc

from livekit_firewall import LiveKitFirewall
from livekit_firewall.inputs.stack_config import arguments_from

from .project import Project, Run

KILLED = -signal.SIGKILL


def program() -> None:
    """That of this repository."""
    for name, value in LiveKitFirewall("livekit", arguments_from(CONFIG.get())).outputs().items():
        pulumi.export(name, value)


@contextmanager
def served() -> Iterator[str]:
    """The address at which the engine asks for the program."""
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageServer(program), server)  # type: ignore[no-untyped-call]
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(0)


class Inline(Project):
    """A project that runs this repository's program here."""

    def attempt(self, command: str, *more: str) -> Run:
        """Run a command of the CLI to whatever end. What a killed one leaves running is ended."""
        flags = ("--non-interactive", "--color", "never")
        with TemporaryFile("w+", encoding="utf-8") as output, served() as address:
            client = (f"--client={address}",) if command in ("up", "preview") else ()
            # a file: what a killed CLI leaves running would hold a pipe open
            with subprocess.Popen(
                ["pulumi", command, *client, *more, *flags], cwd=self.folder, env=self.environment,
                stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            ) as process:  # fmt: skip
                code = process.wait(timeout=120)
            if code == KILLED:
                _end_session(process.pid)
            output.seek(0)
            return Run(code, output.read())

    def run(self, *arguments: str, fails: bool = False) -> Run:
        done = self.attempt(*arguments)
        assert (done.code != 0) == fails, f"{' '.join(arguments)}: exit {done.code}\n{done.output}"
        return done


def _end_session(leader: int) -> None:
    """The engine starts its plugins in groups of their own, but in its session."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            session = int(stat.read_text(encoding="utf-8").rpartition(")")[2].split()[3])
            if session == leader:
                os.kill(int(stat.parent.name), signal.SIGKILL)
        except OSError:  # it has ended by itself
            continue

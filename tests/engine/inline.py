"""A project whose CLI may be killed by one of its plugins, and the program in a process that stays in a laboratory's
namespaces, where `running.py` does not reach.

    python -m tests.engine.inline       prints the address at which an engine asks for the program, and serves it
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent import futures
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from .project import ROOT, Project, Run

KILLED = -signal.SIGKILL


@contextmanager
def served(within: Sequence[str]) -> Iterator[str]:
    """The address of this repository's program, run by the words of a laboratory."""
    path = os.pathsep.join([str(ROOT / "components"), str(ROOT)])
    with subprocess.Popen(
        [*within, sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": path}, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        yield process.stdout.readline().strip()
        process.stdin.close()  # which ends it


class Inline(Project):
    """A project whose CLI may be killed, and which may stand in the namespaces of a laboratory.

    Attributes:
        within: the words before a command that runs it there.
        program: where the engine asks for the program there.
    """

    within: Sequence[str] = ()
    program = ""

    def attempt(self, command: str, *more: str) -> Run:
        """Run a command of the CLI to whatever end; what a killed one leaves running is ended."""
        options, environment = self.beside(command)
        if self.program and command in ("up", "preview"):
            options = [f"--client={self.program}"]
        words = ["pulumi", command, *options, *more, "--non-interactive", "--color", "never"]
        # a file for the output: what a killed CLI leaves running would hold a pipe open
        with TemporaryFile("w+", encoding="utf-8") as output:
            with subprocess.Popen(
                [*self.within, *words], cwd=self.folder, env=environment, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True,
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


def main() -> None:
    """Serve until standard input ends."""
    import grpc
    import pulumi
    from pulumi.automation._server import LanguageServer
    from pulumi.runtime.config import CONFIG
    from pulumi.runtime.proto import language_pb2_grpc

    from livekit_firewall import LiveKitFirewall
    from livekit_firewall.inputs.stack_config import arguments_from

    def program() -> None:
        for name, value in LiveKitFirewall("livekit", arguments_from(CONFIG.get())).outputs().items():
            pulumi.export(name, value)

    server = grpc.server(futures.ThreadPoolExecutor())
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageServer(program), server)  # type: ignore[no-untyped-call]
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(f"127.0.0.1:{port}", flush=True)
    sys.stdin.read()
    os._exit(0)  # what an engine that was killed has begun never ends


if __name__ == "__main__":
    main()

"""The policy pack as the engine sees it: a process that it starts and speaks gRPC with.

    with started([sys.executable, "policy/__main__.py"]) as pack:
        pack.check([made(...)], {"livekit-sip-from-trunks": {"trunks": ["198.51.100.0/24"]}})

The calls, their order and what is in them are those of the engine (pulumi/pulumi, pkg/v3.259.0:
resource/plugin/analyzer_plugin.go, resource/deploy/step_generator.go and analyze_snapshot.go).
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import analyzer_pb2 as proto
from pulumi.runtime.proto import analyzer_pb2_grpc

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "policy"

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
"""What marks a secret on the wire, beside its `value`."""


@dataclass(frozen=True)
class Made:
    """A resource as the engine knows it once it is planned.

    Attributes:
        outputs: the inputs, if nothing else is said.
        depends: for an input, the URNs that it comes from.
    """

    urn: str
    type: str
    inputs: Mapping[str, Any] = field(default_factory=dict)
    outputs: Mapping[str, Any] | None = None
    parent: str = ""
    depends: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Violation:
    policy: str
    level: str
    urn: str
    message: str


@dataclass(frozen=True)
class Answer:
    """What a pack said of one stack; `skipped` are the policies that did not apply, with their reasons."""

    violations: tuple[Violation, ...]
    skipped: Mapping[str, str]

    def of(self, *policies: str) -> list[Violation]:
        return [one for one in self.violations if one.policy in policies]

    @property
    def policies(self) -> dict[str, str]:
        """The policies that are violated, each with its level."""
        return {one.policy: one.level for one in self.violations}


class Pack:
    def __init__(self, stub: analyzer_pb2_grpc.AnalyzerStub) -> None:
        self._stub = stub
        self.info = stub.GetAnalyzerInfo(empty_pb2.Empty())

    def check(
        self,
        resources: Iterable[Made],
        config: Mapping[str, Mapping[str, Any]] | None = None,
        registered: bool = True,
    ) -> Answer:
        """Register the resources one by one, then have the stack judged.

        Args:
            config: properties by policy, and `enforcementLevel`.
            registered: False leaves out the first, as for resources that `--target` leaves alone.
        """
        self._configure(config or {})
        given = list(resources)
        said, skipped = [], {}
        for one in given if registered else ():
            answer = self._stub.Analyze(
                proto.AnalyzeRequest(urn=one.urn, type=one.type, name=_name(one), properties=_struct(one.inputs))
            )
            said += [_violation(found, one.urn) for found in answer.diagnostics]
        answer = self._stub.AnalyzeStack(proto.AnalyzeStackRequest(resources=[_resource(one) for one in given]))
        said += [_violation(found, "") for found in answer.diagnostics]
        skipped = {one.policy_name: one.reason for one in answer.not_applicable}
        return Answer(tuple(said), skipped)

    def _configure(self, config: Mapping[str, Mapping[str, Any]]) -> None:
        """The engine always sends every policy's level and properties."""
        sent = {}
        for policy in self.info.policies:
            mine = dict(config.get(policy.name, {}))
            level = mine.pop("enforcementLevel", "")
            sent[policy.name] = proto.PolicyConfig(
                enforcementLevel=proto.EnforcementLevel.Value(level.upper()) if level else policy.enforcementLevel,
                properties=_struct(mine),
            )
        self._stub.Configure(proto.ConfigureAnalyzerRequest(policyConfig=sent))


@contextmanager
def started(command: Sequence[str], cwd: Path = ROOT, environment: Mapping[str, str] | None = None) -> Iterator[Pack]:
    """The pack, started as the engine starts a plugin: the first line that it prints is its port."""
    with subprocess.Popen(command, cwd=cwd, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            port = int(process.stdout.readline() or b"0")
            assert port, f"{command} ended with {process.wait()}"
            options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
            with grpc.insecure_channel(f"127.0.0.1:{port}", options=options) as channel:
                yield Pack(analyzer_pb2_grpc.AnalyzerStub(channel))
        finally:
            process.kill()


def _name(one: Made) -> str:
    return one.urn.rpartition("::")[2]


def _resource(one: Made) -> proto.AnalyzerResource:
    return proto.AnalyzerResource(
        urn=one.urn,
        type=one.type,
        name=_name(one),
        properties=_struct(one.inputs if one.outputs is None else one.outputs),
        parent=one.parent,
        propertyDependencies={
            key: proto.AnalyzerPropertyDependencies(urns=urns) for key, urns in one.depends.items() if urns
        },
    )


def _struct(given: Mapping[str, Any]) -> struct_pb2.Struct:
    struct = struct_pb2.Struct()
    struct.update(given)
    return struct


def _violation(found: proto.AnalyzeDiagnostic, urn: str) -> Violation:
    level = proto.EnforcementLevel.Name(found.enforcementLevel).lower()
    return Violation(found.policyName, level, found.urn or urn, found.message)

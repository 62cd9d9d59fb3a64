from typing import Any

import pulumi
from livekit_firewall import LiveKitFirewall
from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs, Mocks, set_mocks


class Recorder(Mocks):
    """Takes every resource, and remembers it."""

    def __init__(self) -> None:
        self.made: list[MockResourceArgs] = []

    def new_resource(self, args: MockResourceArgs) -> tuple[str | None, dict[Any, Any]]:
        self.made.append(args)
        return f"{args.name}-id", dict(args.inputs)

    def call(self, args: MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        raise NotImplementedError(args.token)


def program() -> None:  # or the function of yours that makes it
    LiveKitFirewall("livekit", load_balancer={"cidrs": ["10.20.0.0/24"]}, aws={"vpc_id": "vpc-1"})


def test_the_api_is_open_to_the_load_balancer_alone() -> None:
    recorder = Recorder()
    set_mocks(recorder)
    pulumi.runtime.test(program)()  # type: ignore[no-untyped-call]
    rules = [one.inputs for one in recorder.made if one.typ.endswith(":SecurityGroupIngressRule")]
    assert {rule["cidrIpv4"] for rule in rules if rule["fromPort"] == 7880} == {"10.20.0.0/24"}

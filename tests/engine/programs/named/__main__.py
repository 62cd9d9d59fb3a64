"""Blocks that are outputs. The arguments are in the stack's configuration, where `{output: TEXT}` is a block that is
not known before the VPC is there, and `{secret: TEXT}` one that is a secret as well.
"""

from typing import Any

import pulumi
import pulumi_aws as aws  # noqa: TID253 - a program of somebody who uses it

from livekit_firewall import LiveKitFirewall

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")


def with_outputs(given: Any) -> Any:
    if not isinstance(given, dict):
        return given
    if given.keys() <= {"output", "secret"}:
        (marker, text), *_ = given.items()
        value = vpc.id.apply(lambda _: text)
        return pulumi.Output.secret(value) if marker == "secret" else value
    return {key: with_outputs(one) for key, one in given.items()}


arguments = with_outputs(pulumi.Config().require_object("arguments"))
arguments["aws"] = {"vpc_id": vpc.id, **arguments.get("aws", {})}
firewall = LiveKitFirewall("lk", arguments)
for name, value in firewall.outputs().items():
    pulumi.export(name, value)

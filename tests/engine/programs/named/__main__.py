"""Blocks that are outputs. The arguments are in the stack's configuration, where `{output: TEXT}` stands for an output
that is not known before the VPC is there, and `{secret: TEXT}` for one that is a secret as well.
"""

from typing import Any

import pulumi
import pulumi_aws as aws  # noqa: TID253 - a user's program

from livekit_firewall import LiveKitFirewall

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")


def with_outputs(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    for marker, hidden in (("output", False), ("secret", True)):
        if value.keys() == {marker}:
            known = vpc.id.apply(lambda _: value[marker])
            return pulumi.Output.secret(known) if hidden else known
    return {key: with_outputs(one) for key, one in value.items()}


arguments = with_outputs(pulumi.Config().require_object("arguments"))
firewall = LiveKitFirewall("lk", arguments, aws={"vpc_id": vpc.id})
for name, output in firewall.outputs().items():
    pulumi.export(name, output)

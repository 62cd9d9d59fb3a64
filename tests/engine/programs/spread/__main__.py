"""A node that has all groups of its firewall; or the only one, where the environment says so."""

import os

import pulumi
import pulumi_aws as aws  # noqa: TID253 - a program of somebody who uses it
from pulumi.runtime.config import CONFIG

from livekit_firewall import LiveKitFirewall
from livekit_firewall.inputs.stack_config import arguments_from

firewall = LiveKitFirewall("media", arguments_from(CONFIG.get()))
groups = [firewall.aws_security_group_id] if "ALONE" in os.environ else firewall.aws_security_group_ids
aws.ec2.NetworkInterface("node", subnet_id=os.environ["SUBNET"], security_groups=groups)
for name, value in firewall.outputs().items():
    pulumi.export(name, value)

"""LiveKit and Caddy on one machine of AWS. The README says what it makes, what it costs and how to change it."""

import ipaddress
import json
from pathlib import Path

import pulumi
import pulumi_aws as aws

from livekit_firewall import LiveKitFirewall

HERE = Path(__file__).parent
IMAGE = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"

config = pulumi.Config()
tags = {"Name": "livekit"}

vpc = aws.ec2.Vpc(
    "livekit",
    cidr_block="10.20.0.0/16",
    assign_generated_ipv6_cidr_block=True,
    enable_dns_hostnames=True,
    tags=tags,
)
subnet = aws.ec2.Subnet(
    "livekit",
    vpc_id=vpc.id,
    cidr_block="10.20.0.0/24",
    ipv6_cidr_block=vpc.ipv6_cidr_block.apply(
        lambda block: str(next(ipaddress.ip_network(block).subnets(new_prefix=64)))
    ),
    tags=tags,
)
gateway = aws.ec2.InternetGateway("livekit", vpc_id=vpc.id, tags=tags)
routes = aws.ec2.RouteTable(
    "livekit",
    vpc_id=vpc.id,
    routes=[
        {"cidr_block": "0.0.0.0/0", "gateway_id": gateway.id},
        {"ipv6_cidr_block": "::/0", "gateway_id": gateway.id},
    ],
    tags=tags,
)
routed = aws.ec2.RouteTableAssociation("livekit", subnet_id=subnet.id, route_table_id=routes.id)

firewall = LiveKitFirewall(
    "livekit",
    livekit_config=str(HERE / "livekit.yaml"),
    https=True,
    aws={"vpc_id": vpc.id, "tags": tags},
)

# The addresses belong to the interface, so that they stay when the machine is replaced, and are there when it boots.
interface = aws.ec2.NetworkInterface(
    "livekit", subnet_id=subnet.id, security_groups=[firewall.aws_security_group_id], ipv6_address_count=1, tags=tags
)
address = aws.ec2.Eip(
    "livekit",
    domain="vpc",
    network_interface=interface.id,
    tags=tags,
    opts=pulumi.ResourceOptions(depends_on=[gateway, routed]),
)

# The machine fetches the key from Parameter Store, where it is encrypted: user data is open to whoever may describe it.
key = aws.ssm.Parameter(
    "livekit-keys",
    type="SecureString",
    value=pulumi.Output.format("{0}: {1}", config.require("apiKey"), config.require_secret("apiSecret")),
)
role = aws.iam.Role(
    "livekit",
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}}
            ],
        }
    ),
)
# A shell by Session Manager, in place of SSH: what its guide has for "an IAM role with minimal Session Manager
# permissions". AmazonSSMManagedInstanceCore would let the machine read every parameter there is.
SESSIONS = [
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
]
policy = aws.iam.RolePolicy(
    "livekit",
    role=role.id,
    policy=pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": key.arn},
                {"Effect": "Allow", "Action": SESSIONS, "Resource": "*"},
            ],
        }
    ),
)
profile = aws.iam.InstanceProfile("livekit", role=role.name)


def cloud_config(parameter: str, region: str) -> str:
    names = ("livekit.yaml", "caddy.yaml", "compose.yaml", "start.sh")
    files = [{"path": f"/etc/livekit/{name}", "content": (HERE / name).read_text(encoding="utf-8")} for name in names]
    start = f"#!/bin/sh\nexec sh /etc/livekit/start.sh {parameter} {region}\n"
    files.append({"path": "/var/lib/cloud/scripts/per-boot/livekit", "content": start, "permissions": "0700"})
    document = {
        "package_update": True,
        "packages": ["docker.io", "docker-compose-v2"],
        "snap": {"commands": [["snap", "install", "aws-cli", "--classic"]]},
        "write_files": files,
    }
    return "#cloud-config\n" + json.dumps(document, indent=1)


node = aws.ec2.Instance(
    "livekit",
    ami=aws.ssm.get_parameter_output(name=IMAGE).insecure_value,
    instance_type=config.get("instanceType") or "c7i.xlarge",
    iam_instance_profile=profile.name,
    primary_network_interface={"network_interface_id": interface.id},
    metadata_options={"http_tokens": "required", "http_put_response_hop_limit": 1},
    root_block_device={"volume_type": "gp3", "volume_size": 20, "encrypted": True},
    user_data=pulumi.Output.all(key.name, key.region).apply(lambda given: cloud_config(*given)),
    user_data_replace_on_change=True,
    tags=tags,
    # The interface is free only when the old machine is gone. A newer image alone is no reason to replace it.
    opts=pulumi.ResourceOptions(delete_before_replace=True, ignore_changes=["ami"], depends_on=[address, policy]),
)

pulumi.export("address", address.public_ip)
pulumi.export("ipv6_address", interface.ipv6_addresses[0])
pulumi.export("shell", pulumi.Output.concat("aws ssm start-session --target ", node.id))
pulumi.export("exposure", firewall.exposure)

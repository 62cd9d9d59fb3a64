"""Three nodes of LiveKit on AWS behind network load balancers. The README says what it makes, what it costs and how to
change it.
"""

import ipaddress
import json
from pathlib import Path

import pulumi
import pulumi_aws as aws

from livekit_firewall import LiveKitFirewall

HERE = Path(__file__).parent
IMAGE = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"
LETTERS = "abc"
"""The availability zones, one node in each."""

config = pulumi.Config()
region = pulumi.Config("aws").require("region")
keeps_addresses = config.get_bool("keepClientAddresses") or False
tags = {"Name": "livekit"}

# --- the network: for each zone a subnet for its node, a small one for the load balancers, and one for Redis

vpc = aws.ec2.Vpc(
    "livekit",
    cidr_block="10.20.0.0/16",
    assign_generated_ipv6_cidr_block=True,
    enable_dns_hostnames=True,
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


def ipv6_block(block: str, number: int) -> str:
    """The `number`th /64 of the VPC's block."""
    return str(list(ipaddress.ip_network(block).subnets(new_prefix=64))[number])


def public_subnet(name: str, letter: str, block: str, number: int) -> aws.ec2.Subnet:
    subnet = aws.ec2.Subnet(
        f"{name}-{letter}",
        vpc_id=vpc.id,
        availability_zone=f"{region}{letter}",
        cidr_block=block,
        ipv6_cidr_block=vpc.ipv6_cidr_block.apply(lambda whole: ipv6_block(whole, number)),
        tags={"Name": f"livekit-{name}-{letter}"},
    )
    aws.ec2.RouteTableAssociation(f"{name}-{letter}", subnet_id=subnet.id, route_table_id=routes.id)
    return subnet


node_subnets = {letter: public_subnet("node", letter, f"10.20.{at}.0/24", at) for at, letter in enumerate(LETTERS)}
edge_subnets = {
    letter: public_subnet("edge", letter, f"10.20.10.{16 * at}/28", 10 + at) for at, letter in enumerate(LETTERS)
}
redis_subnets = [
    aws.ec2.Subnet(
        f"redis-{letter}",
        vpc_id=vpc.id,
        availability_zone=f"{region}{letter}",
        cidr_block=f"10.20.11.{16 * at}/28",
        tags={"Name": f"livekit-redis-{letter}"},
    )
    for at, letter in enumerate(LETTERS)
]

# --- the firewall. Nodes relay to each other's public addresses, so these are the cluster's blocks.

addresses = {letter: aws.ec2.Eip(letter, domain="vpc", tags={"Name": f"livekit-{letter}"}) for letter in LETTERS}
firewall = LiveKitFirewall(
    "livekit",
    livekit_config=str(HERE / "livekit.yaml"),
    load_balancer={
        "cidrs": {f"edge-{letter}": subnet.cidr_block for letter, subnet in edge_subnets.items()},
        "passthrough": keeps_addresses,
    },
    cluster={
        "cidrs": {f"node-{letter}": pulumi.Output.concat(one.public_ip, "/32") for letter, one in addresses.items()}
    },
    aws={"vpc_id": vpc.id, "tags": tags},
)

# --- Redis, for the nodes alone

password = config.require_secret("redisPassword")
redis_group = aws.ec2.SecurityGroup(
    "redis", vpc_id=vpc.id, description="Redis of LiveKit", tags={"Name": "livekit-redis"}
)
aws.vpc.SecurityGroupIngressRule(
    "redis-from-nodes",
    security_group_id=redis_group.id,
    referenced_security_group_id=firewall.aws_security_group_id,
    ip_protocol="tcp",
    from_port=6379,
    to_port=6379,
    description="Redis from the nodes",
)
redis = aws.elasticache.ReplicationGroup(
    "livekit",
    description="Redis of LiveKit",
    engine="redis",
    engine_version="7.1",
    node_type="cache.t4g.small",
    num_cache_clusters=2,
    automatic_failover_enabled=True,
    multi_az_enabled=True,
    at_rest_encryption_enabled=True,
    transit_encryption_enabled=True,
    auth_token=password,
    subnet_group_name=aws.elasticache.SubnetGroup("livekit", subnet_ids=[one.id for one in redis_subnets]).name,
    security_group_ids=[redis_group.id],
)

# --- the secrets: the nodes fetch them from Parameter Store. User data is open to whoever may describe a machine. They
# have a key of their own: AWS's (aws/ssm) decrypts for everybody in the account who may read parameters.

encryption = aws.kms.Key("livekit", description="Secrets of LiveKit's nodes", deletion_window_in_days=7)


def secret(name: str, value: pulumi.Input[str], tier: str = "Standard") -> aws.ssm.Parameter:
    return aws.ssm.Parameter(f"livekit-{name}", type="SecureString", key_id=encryption.arn, value=value, tier=tier)


# In the order of the arguments of start.sh. A chain may be longer than what Standard holds, 4 KB.
secrets = [
    secret("keys", pulumi.Output.format("{0}: {1}", config.require("apiKey"), config.require_secret("apiSecret"))),
    secret("redis", password),
    secret("turn-certificate", config.require("turnCertificate"), "Intelligent-Tiering"),
    secret("turn-key", config.require_secret("turnKey")),
]
parameters = [one.arn for one in secrets]
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
                {"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": parameters},
                {
                    "Effect": "Allow",
                    "Action": "kms:Decrypt",
                    "Resource": encryption.arn,
                    "Condition": {
                        "StringEquals": {
                            "kms:ViaService": f"ssm.{region}.amazonaws.com",
                            "kms:EncryptionContext:PARAMETER_ARN": parameters,
                        }
                    },
                },
                {"Effect": "Allow", "Action": SESSIONS, "Resource": "*"},
            ],
        }
    ),
)
profile = aws.iam.InstanceProfile("livekit", role=role.name)


def cloud_config(*arguments: str) -> str:
    names = ("livekit.yaml", "compose.yaml", "start.sh")
    files = [{"path": f"/etc/livekit/{name}", "content": (HERE / name).read_text(encoding="utf-8")} for name in names]
    start = f"#!/bin/sh\nexec sh /etc/livekit/start.sh {' '.join(arguments)}\n"
    files.append({"path": "/var/lib/cloud/scripts/per-boot/livekit", "content": start, "permissions": "0700"})
    document = {
        "package_update": True,
        "packages": ["docker.io", "docker-compose-v2"],
        "snap": {"commands": [["snap", "install", "aws-cli", "--classic"]]},
        "write_files": files,
    }
    return "#cloud-config\n" + json.dumps(document, indent=1)


# --- the nodes. An address belongs to an interface, so that it stays when the machine is replaced.

redis_address = pulumi.Output.concat(redis.primary_endpoint_address, ":6379")
user_data = pulumi.Output.all(region, redis_address, *(one.name for one in secrets)).apply(
    lambda given: cloud_config(*given)
)
image = aws.ssm.get_parameter_output(name=IMAGE).insecure_value
interfaces: dict[str, aws.ec2.NetworkInterface] = {}
instances: dict[str, aws.ec2.Instance] = {}
before: list[pulumi.Resource] = [policy]
for letter, subnet in node_subnets.items():
    interfaces[letter] = aws.ec2.NetworkInterface(
        letter,
        subnet_id=subnet.id,
        security_groups=[firewall.aws_security_group_id],
        ipv6_address_count=1,
        tags={"Name": f"livekit-{letter}"},
    )
    associated = aws.ec2.EipAssociation(
        letter, allocation_id=addresses[letter].allocation_id, network_interface_id=interfaces[letter].id
    )
    instances[letter] = aws.ec2.Instance(
        letter,
        ami=image,
        instance_type=config.get("instanceType") or "c7i.xlarge",
        iam_instance_profile=profile.name,
        primary_network_interface={"network_interface_id": interfaces[letter].id},
        metadata_options={"http_tokens": "required", "http_put_response_hop_limit": 1},
        root_block_device={"volume_type": "gp3", "volume_size": 20, "encrypted": True},
        user_data=user_data,
        user_data_replace_on_change=True,
        tags={"Name": f"livekit-{letter}"},
        # The interface is free only when the old machine is gone. A newer image alone is no reason to replace it.
        opts=pulumi.ResourceOptions(
            delete_before_replace=True, ignore_changes=["ami"], depends_on=[associated, *before]
        ),
    )
    before = [instances[letter]]  # one after the other, also when all are replaced

# --- the load balancers, since one cannot tell names apart: `signalling` ends TLS, `turn` passes it on to the nodes


def balancer(name: str, port: int, *, certificate: str | None, keeps: bool) -> aws.lb.LoadBalancer:
    """One that ends TLS with the certificate, or passes on what comes on 443."""
    made = aws.lb.LoadBalancer(
        f"livekit-{name}",
        load_balancer_type="network",
        ip_address_type="dualstack",
        subnets=[subnet.id for subnet in edge_subnets.values()],
        opts=pulumi.ResourceOptions(depends_on=[gateway]),
    )
    group = aws.lb.TargetGroup(
        f"livekit-{name}",
        vpc_id=vpc.id,
        port=port,
        protocol="TCP",
        target_type="ip",
        preserve_client_ip=str(keeps).lower(),
        # of 5349 too: livekit-server does not start without it, and logs an error for each connection without TLS
        health_check={"protocol": "HTTP", "port": "7880", "path": "/"},
    )
    aws.lb.Listener(
        f"livekit-{name}",
        load_balancer_arn=made.arn,
        port=443,
        protocol="TLS" if certificate else "TCP",
        ssl_policy="ELBSecurityPolicy-TLS13-1-2-2021-06" if certificate else None,
        certificate_arn=certificate,
        default_actions=[{"type": "forward", "target_group_arn": group.arn}],
    )
    for letter, one in interfaces.items():
        aws.lb.TargetGroupAttachment(f"{name}-{letter}", target_group_arn=group.arn, target_id=one.private_ip)
    return made


certificate = config.require("certificateArn")
signalling = balancer("signalling", 7880, certificate=certificate, keeps=False)
turn = balancer("turn", 5349, certificate=None, keeps=keeps_addresses)

pulumi.export("signalling", signalling.dns_name)
pulumi.export("turn", turn.dns_name)
pulumi.export("addresses", {letter: one.public_ip for letter, one in addresses.items()})
pulumi.export("instances", {letter: one.id for letter, one in instances.items()})
pulumi.export("exposure", firewall.exposure)
pulumi.export("rules", firewall.rules)

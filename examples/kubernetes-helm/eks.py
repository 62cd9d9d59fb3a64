"""Amazon EKS: public nodes, since LiveKit supports no private cluster. Those for media have the firewall's group."""

import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from livekit_firewall import LiveKitFirewall

POLICIES = {
    "eks": ["AmazonEKSClusterPolicy"],
    "ec2": ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly"],
}


def cluster(operators: Sequence[str], nodes: int) -> dict[str, Output[str]]:
    vpc, subnets = _network()
    balancer = _balancer(vpc)
    firewall = LiveKitFirewall(
        "eks",
        helm=["values.yaml", "livekit-server=values.eks.yaml"],
        ipv6=False,  # the subnets have none
        aws={"vpc_id": vpc.id, "load_balancer_security_group_ids": {"alb": balancer.id}},
    )

    role, attached = _role("eks")
    made = aws.eks.Cluster(
        "livekit",
        role_arn=role.arn,
        access_config={"authentication_mode": "API", "bootstrap_cluster_creator_admin_permissions": True},
        upgrade_policy={"support_type": "STANDARD"},  # extended: $0.60 an hour, not $0.10 (AWS, April 2024)
        vpc_config={
            "subnet_ids": [subnet.id for subnet in subnets],
            "endpoint_private_access": True,
            "endpoint_public_access": True,
            "public_access_cidrs": operators,
        },
        opts=ResourceOptions(depends_on=attached),
    )
    own = made.vpc_config.cluster_security_group_id  # a launch template that names groups has to name this one too
    role, attached = _role("ec2")
    for name, size, count, groups in (
        ("system", "t3.medium", 2, [own]),
        ("media", "c7i.2xlarge", nodes, [own, firewall.aws_security_group_id]),
    ):
        template = _template(name, groups)
        aws.eks.NodeGroup(
            name,
            cluster_name=made.name,
            node_role_arn=role.arn,
            subnet_ids=[subnet.id for subnet in subnets],
            instance_types=[size],
            scaling_config={"min_size": count, "desired_size": count, "max_size": count + 1},
            launch_template={"id": template.id, "version": template.latest_version.apply(str)},
            labels={"livekit": name},
            taints=[{"key": "livekit", "value": name, "effect": "NO_SCHEDULE"}] if name == "media" else [],
            opts=ResourceOptions(depends_on=attached),
        )
    return {"cluster": made.name, "exposure": firewall.exposure}


def _network() -> tuple[aws.ec2.Vpc, list[aws.ec2.Subnet]]:
    vpc = aws.ec2.Vpc("livekit", cidr_block="10.40.0.0/16", enable_dns_hostnames=True)
    gateway = aws.ec2.InternetGateway("livekit", vpc_id=vpc.id)
    routes = aws.ec2.RouteTable(
        "livekit", vpc_id=vpc.id, routes=[{"cidr_block": "0.0.0.0/0", "gateway_id": gateway.id}]
    )
    region = pulumi.Config("aws").require("region")
    subnets = []
    for number, zone in enumerate("ab"):
        subnet = aws.ec2.Subnet(
            f"livekit-{zone}",
            vpc_id=vpc.id,
            cidr_block=f"10.40.{16 * number}.0/20",
            availability_zone=f"{region}{zone}",
            map_public_ip_on_launch=True,
            tags={"kubernetes.io/role/elb": "1"},  # where the load balancer controller puts what faces the internet
        )
        aws.ec2.RouteTableAssociation(f"livekit-{zone}", subnet_id=subnet.id, route_table_id=routes.id)
        subnets.append(subnet)
    return vpc, subnets


def _balancer(vpc: aws.ec2.Vpc) -> aws.ec2.SecurityGroup:
    """The group of the load balancer, which values.eks.yaml names, so that its controller makes no rules of its own."""
    group = aws.ec2.SecurityGroup(
        "alb", vpc_id=vpc.id, description="LiveKit load balancer", tags={"Name": "livekit-alb"}
    )
    rule = {"security_group_id": group.id, "ip_protocol": "tcp"}
    aws.vpc.SecurityGroupIngressRule("alb", **rule, cidr_ipv4="0.0.0.0/0", from_port=443, to_port=443)
    aws.vpc.SecurityGroupEgressRule("alb", **rule, cidr_ipv4=vpc.cidr_block, from_port=7880, to_port=7880)
    return group


def _role(service: str) -> tuple[aws.iam.Role, list[aws.iam.RolePolicyAttachment]]:
    trust = {"Effect": "Allow", "Principal": {"Service": f"{service}.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = aws.iam.Role(service, assume_role_policy=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
    return role, [
        aws.iam.RolePolicyAttachment(policy, role=role.name, policy_arn=f"arn:aws:iam::aws:policy/{policy}")
        for policy in POLICIES[service]
    ]


def _template(name: str, groups: Sequence[pulumi.Input[str]]) -> aws.ec2.LaunchTemplate:
    return aws.ec2.LaunchTemplate(
        name,
        vpc_security_group_ids=groups,
        metadata_options={"http_tokens": "required", "http_put_response_hop_limit": 1},
        block_device_mappings=[
            {"device_name": "/dev/xvda", "ebs": {"encrypted": "true", "volume_size": 20, "volume_type": "gp3"}}
        ],
    )

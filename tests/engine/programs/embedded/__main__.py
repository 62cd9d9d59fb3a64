"""What the firewall is for is made by the same program, so that no id is known at preview."""
# ruff: noqa: TID253 - a program of somebody who uses all four

import pulumi
import pulumi_aws as aws
import pulumi_azure_native as azure
import pulumi_digitalocean as digitalocean
import pulumi_gcp as gcp

from livekit_firewall import LiveKitFirewall

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
balancer = aws.ec2.SecurityGroup("balancer", vpc_id=vpc.id)
network = gcp.compute.Network("network", auto_create_subnetworks=False)
droplet = digitalocean.Droplet("droplet", image="debian-13-x64", size="c-4", region="fra1")
tag = digitalocean.Tag("livekit")
group = azure.resources.ResourceGroup("group")

firewall = LiveKitFirewall(
    "media",
    {
        "load_balancer": {"cidrs": ["10.0.0.0/24"]},
        "aws": {
            "vpc_id": vpc.id,
            "load_balancer_security_group_ids": {"alb": balancer.id},
            "tags": {"vpc": vpc.id, "team": pulumi.Output.secret("media")},
            "rule_tags": {"vpc": vpc.id},
        },
        "gcp": {
            "network": network.id,
            "target_tags": [network.name.apply(lambda _: "livekit")],
            "priority": 900,
            "log_config": {},
        },
        "digitalocean": {"droplet_ids": [droplet.id], "tags": [tag.name]},
        "azure": {"resource_group_name": group.name, "tags": group.name.apply(lambda name: {"group": name})},
        "host": {},
    },
)
after = pulumi.ResourceOptions(
    depends_on=[firewall.aws.rules["udp-50000-60000-any-ipv4"], firewall.gcp.rules["public-ipv6"]]
)
digitalocean.Tag("after", opts=after)
for name, value in firewall.outputs().items():
    pulumi.export(name, value)

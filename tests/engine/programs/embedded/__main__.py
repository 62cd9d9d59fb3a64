"""What the firewall is for is made by the same program, so that no id is known at preview."""
# ruff: noqa: TID253 - a program of somebody who uses all of them

import pulumi
import pulumi_aws as aws
import pulumi_azure_native as azure
import pulumi_digitalocean as digitalocean
import pulumi_gcp as gcp
import pulumi_hcloud as hcloud

from livekit_firewall import LiveKitFirewall

GROUPS = "/subscriptions/0/resourceGroups/group/providers/Microsoft.Network/applicationSecurityGroups"

vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
balancer = aws.ec2.SecurityGroup("balancer", vpc_id=vpc.id)
network = gcp.compute.Network("network", auto_create_subnetworks=False)
droplet = digitalocean.Droplet("droplet", image="debian-13-x64", size="c-4", region="fra1")
tag, bastion = digitalocean.Tag("livekit"), digitalocean.Tag("bastion")
server = hcloud.Server("server", image="debian-13", server_type="cx33")
group = azure.resources.ResourceGroup("group")

block = pulumi.Config("livekit-firewall").get("nlb") or "10.0.9.0/24"
members = group.name.apply(lambda _: f"{GROUPS}/bastion")

firewall = LiveKitFirewall(
    "media",
    {
        "load_balancer": {"cidrs": {"subnet": "10.0.0.0/24", "nlb": vpc.id.apply(lambda _: block)}},
        "aws": {
            "vpc_id": vpc.id,
            "load_balancer_security_group_ids": {"alb": balancer.id},
            "tags": {"vpc": vpc.id, "team": pulumi.Output.secret("media")},
            "rule_tags": {"vpc": vpc.id},
        },
        "gcp": {
            "network": network.id,
            "target_tags": [network.name.apply(lambda _: "livekit")],
            "source_tags": {"operators": {"bastion": network.name.apply(lambda _: "bastion")}},
            "priority": 900,
            "log_config": {},
        },
        "digitalocean": {
            "droplet_ids": [droplet.id],
            "tags": [tag.name],
            "source_tags": {"operators": {"bastion": bastion.name}},
        },
        "azure": {
            "resource_group_name": group.name,
            "tags": group.name.apply(lambda name: {"group": name}),
            "service_tags": {"operators": {"network": "VirtualNetwork"}},
            "application_security_groups": {"operators": {"bastion": members}},
        },
        "hetzner": {"server_ids": [server.id], "labels": {"server": server.name}},
        "operators": {"cidrs": ["203.0.113.0/24"]},
        "host": {},
    },
)
shared = azure.network.NetworkSecurityGroup("shared", resource_group_name=group.name)
azure.network.SecurityRule(
    "theirs",
    resource_group_name=group.name,
    network_security_group_name=shared.name,
    priority=100,
    access="Allow",
    direction="Inbound",
    protocol="Tcp",
    source_address_prefix="203.0.113.0/24",
    source_port_range="*",
    destination_address_prefix="*",
    destination_port_range="22",
)
LiveKitFirewall("beside", azure={"network_security_group_id": shared.id, "first_priority": 107})
after = pulumi.ResourceOptions(
    depends_on=[firewall.aws.rules["udp-50000-60000-any-ipv4"], firewall.gcp.rules["public-ipv6"]]
)
digitalocean.Tag("after", opts=after)
for name, value in firewall.outputs().items():
    pulumi.export(name, value)

"""LiveKit on one server of Hetzner Cloud behind a load balancer. The README says what it makes, and what it costs."""

import json
from pathlib import Path

import pulumi
import pulumi_hcloud as hcloud
from pulumi import ResourceOptions

from livekit_firewall import LiveKitFirewall

HERE = Path(__file__).parent

config = pulumi.Config()
zone, location = config.require("zone"), config.require("location")
operators = config.get_object("operators")
labels = {"app": "livekit"}


def number(text: pulumi.Input[str]) -> pulumi.Output[int]:
    """An id is a text where it is made, and a number where it is named."""
    return pulumi.Output.from_input(text).apply(int)


def cloud_config() -> str:
    names = ("livekit.yaml", "compose.yaml", "start.sh")
    files = [{"path": f"/etc/livekit/{name}", "content": (HERE / name).read_text(encoding="utf-8")} for name in names]
    start = "#!/bin/sh\nexec sh /etc/livekit/start.sh\n"
    files.append({"path": "/var/lib/cloud/scripts/per-boot/livekit", "content": start, "permissions": "0700"})
    document = {"package_update": True, "packages": ["docker.io", "docker-compose-v2"], "write_files": files}
    return "#cloud-config\n" + json.dumps(document, indent=1)


network = hcloud.Network("livekit", ip_range="10.30.0.0/16", labels=labels)
subnet = hcloud.NetworkSubnet(
    "livekit", network_id=number(network.id), type="cloud", network_zone="eu-central", ip_range="10.30.0.0/24"
)

# By a label, so that the firewall is there before the server is.
firewall = LiveKitFirewall(
    "livekit",
    livekit_config=str(HERE / "livekit.yaml"),
    operators={"cidrs": operators} if operators else {},
    hetzner={"label_selectors": ["app=livekit"], "private_load_balancer": True, "labels": labels},
)

node = hcloud.Server(
    "livekit",
    server_type=config.require("serverType"),
    image="ubuntu-24.04",
    location=location,
    labels=labels,
    ssh_keys=config.get_object("sshKeys") or [],
    networks=[{"network_id": number(network.id), "ip": "10.30.0.10"}],
    user_data=cloud_config(),
    opts=ResourceOptions(depends_on=[subnet, firewall], delete_before_replace=True),
)

balancer = hcloud.LoadBalancer("livekit", load_balancer_type="lb11", location=location, labels=labels)
joined = hcloud.LoadBalancerNetwork("livekit", load_balancer_id=number(balancer.id), subnet_id=subnet.id)
hcloud.LoadBalancerTarget(
    "livekit",
    type="server",
    load_balancer_id=number(balancer.id),
    server_id=number(node.id),
    use_private_ip=True,
    opts=ResourceOptions(depends_on=[joined]),
)
certificate = hcloud.ManagedCertificate("livekit", domain_names=[f"livekit.{zone}"], labels=labels)
hcloud.LoadBalancerService(
    "livekit",
    load_balancer_id=balancer.id,
    protocol="https",
    listen_port=443,
    destination_port=7880,
    http={"certificates": [number(certificate.id)], "redirect_http": True, "timeout_idle": 120},
    health_check={"protocol": "http", "port": 7880, "interval": 15, "timeout": 10, "retries": 3, "http": {"path": "/"}},
)
for kind, address in (("A", balancer.ipv4), ("AAAA", balancer.ipv6)):
    hcloud.ZoneRrset(
        f"livekit-{kind.lower()}", zone=zone, name="livekit", type=kind, ttl=300, records=[{"value": address}]
    )

pulumi.export("url", f"wss://livekit.{zone}")
pulumi.export("address", node.ipv4_address)
pulumi.export("exposure", firewall.exposure)

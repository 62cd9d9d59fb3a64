"""LiveKit and LiveKit SIP on a machine each: one deployment, two firewalls, each for what runs there.

The SIP node reaches the other's API and Redis by private addresses, and is known to the firewall by its network tag.
Carriers reach SIP and its audio, clients reach the SFU, and nobody else reaches either machine.
"""

import pulumi
import pulumi_gcp as gcp
from machines import machine, secret
from pulumi import Output

from livekit_firewall import LiveKitFirewall

config = pulumi.Config()
zone = config.require("zone")
region = zone.rpartition("-")[0]
BY_IAP = {"iap": "35.235.240.0/20"}  # SSH through Google's Identity-Aware Proxy, for whom IAM lets in

network = gcp.compute.Network("media", auto_create_subnetworks=False)
subnet = gcp.compute.Subnetwork(
    "media",
    network=network.id,
    region=region,
    ip_cidr_range="10.30.0.0/24",
    stack_type="IPV4_IPV6",
    ipv6_access_type="EXTERNAL",
)
addresses = {name: gcp.compute.Address(name, region=region) for name in ("sfu", "sip")}

sfu = LiveKitFirewall(
    "sfu",
    livekit_config="livekit.yaml",
    https=True,
    cluster={"services": ["redis"]},  # who the cluster is besides this machine: `source_tags`
    operators={"cidrs": BY_IAP},
    gcp={"network": network.id, "target_tags": ["livekit-sfu"], "source_tags": {"cluster": {"sip": "livekit-sip"}}},
)
sip = LiveKitFirewall(
    "sip",
    livekit=False,
    sip_config="sip.yaml",
    trunks=config.require_object("trunks"),
    operators={"cidrs": BY_IAP},
    gcp={"network": network.id, "target_tags": ["livekit-sip"]},
)

secrets = {name: secret(name) for name in ("api-secret", "redis-password")}
machine("sfu", "livekit.yaml", subnet, addresses["sfu"], secrets, sfu)
machine("sip", "sip.yaml", subnet, addresses["sip"], secrets, sip)

pulumi.export("url", f"wss://{config.require('domain')}")
pulumi.export("address", addresses["sfu"].address)
pulumi.export("sipUri", Output.concat("sip:", addresses["sip"].address, ":5060"))
pulumi.export("exposure", {"sfu": sfu.exposure, "sip": sip.exposure})

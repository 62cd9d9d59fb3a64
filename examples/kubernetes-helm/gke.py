"""Google GKE: public nodes, since LiveKit supports no private cluster. Those for media have the firewall's tag."""

from collections.abc import Sequence

import pulumi
import pulumi_gcp as gcp
from pulumi import Output

from livekit_firewall import LiveKitFirewall

MEDIA = "livekit-media"
NETWORKS = {"pods": "10.52.0.0/16", "services": "10.53.0.0/20"}


def cluster(operators: Sequence[str], nodes: int) -> dict[str, Output[str]]:
    config = pulumi.Config("gcp")
    project, zone = config.require("project"), config.require("zone")
    network, subnet = _network(zone.rpartition("-")[0])
    firewall = LiveKitFirewall(
        "gke",
        helm=["values.yaml", "livekit-server=values.gke.yaml"],
        ipv6=False,  # the subnetwork has none
        gcp={"network": network.id, "target_tags": [MEDIA], "google_load_balancer": True},
    )
    gcp.compute.GlobalAddress("livekit", name="livekit")  # as values.gke.yaml has it

    account = gcp.serviceaccount.Account("nodes", account_id="livekit-nodes")
    gcp.projects.IAMMember(
        "nodes", project=project, role="roles/container.defaultNodeServiceAccount", member=account.member
    )
    made = gcp.container.Cluster(
        "livekit",
        location=zone,
        network=network.id,
        subnetwork=subnet.id,
        ip_allocation_policy={"cluster_secondary_range_name": "pods", "services_secondary_range_name": "services"},
        release_channel={"channel": "REGULAR"},
        workload_identity_config={"workload_pool": f"{project}.svc.id.goog"},
        master_authorized_networks_config={"cidr_blocks": [{"cidr_block": block} for block in operators]},
        remove_default_node_pool=True,
        initial_node_count=1,
        deletion_protection=False,  # or `pulumi destroy` refuses
    )
    for name, size, count in (("system", "e2-standard-2", 1), ("media", "c2-standard-8", nodes)):
        is_media = name == "media"
        gcp.container.NodePool(
            name,
            cluster=made.id,
            node_count=count,
            node_config={
                "machine_type": size,
                "service_account": account.email,
                "oauth_scopes": ["https://www.googleapis.com/auth/cloud-platform"],
                "tags": [MEDIA] if is_media else [],
                "labels": {"livekit": name},
                "taints": [{"key": "livekit", "value": name, "effect": "NO_SCHEDULE"}] if is_media else [],
                "shielded_instance_config": {"enable_secure_boot": True},
                "workload_metadata_config": {"mode": "GKE_METADATA"},
            },
        )
    return {"cluster": made.name, "exposure": firewall.exposure}


def _network(region: str) -> tuple[gcp.compute.Network, gcp.compute.Subnetwork]:
    network = gcp.compute.Network("livekit", auto_create_subnetworks=False)
    subnet = gcp.compute.Subnetwork(
        "livekit",
        network=network.id,
        region=region,
        ip_cidr_range="10.50.0.0/20",
        secondary_ip_ranges=[{"range_name": name, "ip_cidr_range": block} for name, block in NETWORKS.items()],
    )
    return network, subnet

"""Node pools for LiveKit's Helm chart on Amazon EKS and Google GKE, and the firewall of what it runs there."""

import eks
import gke
import pulumi

config = pulumi.Config()
CLUSTERS = {"eks": eks.cluster, "gke": gke.cluster}

for cloud in config.require_object("clouds"):
    made = CLUSTERS[cloud](config.require_object("operators"), config.require_int("nodes"))
    pulumi.export(cloud, made)

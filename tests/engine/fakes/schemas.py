"""The schemas of the fakes: what programs in YAML make beside the firewall. A property may be anything."""

from __future__ import annotations

import json
from typing import Any

MADE = {
    "aws": {
        "aws:ec2/vpc:Vpc": ["cidrBlock"],
        "aws:ec2/securityGroup:SecurityGroup": ["vpcId", "description"],
    },
    "gcp": {"gcp:compute/network:Network": ["autoCreateSubnetworks"]},
    "digitalocean": {
        "digitalocean:index/droplet:Droplet": [
            *["image", "size", "region", "ipv6", "monitoring", "tags", "userData"],
            "ipv4Address",  # an output
        ],
        "digitalocean:index/tag:Tag": ["name"],
    },
    "hcloud": {"hcloud:index/server:Server": ["serverType", "image", "location"]},
    "azure-native": {"azure-native:resources:ResourceGroup": ["resourceGroupName"]},
}


def schema(package: str, version: str) -> str:
    resources = {token: _resource(names) for token, names in MADE[package].items()}
    settings = {key: {"type": "string"} for key in ("region", "project", "location")}
    return json.dumps(
        {
            "name": package,
            "version": version,
            "provider": {"inputProperties": settings},
            "resources": resources,
        }
    )


def _resource(names: list[str]) -> dict[str, Any]:
    properties = {name: {"$ref": "pulumi.json#/Any"} for name in names}
    return {"inputProperties": properties, "properties": {**properties, "name": {"type": "string"}}}

"""What each vendor's command prints of what a fake cloud holds.

Shapes: EC2 API, SecurityGroupRule; Compute Engine API, `firewalls`; DigitalOcean API, Firewalls, as doctl prints
them; Hetzner Cloud API, Firewalls, as hcloud prints them; Azure's network security group, as `az` flattens it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .fakes import azure, digitalocean, gcp, hetzner
from .project import Project


def by_aws(amazon: Any, *groups: str) -> dict[str, Any]:
    """`aws ec2 describe-security-group-rules --filters Name=group-id,Values=...`"""
    found = amazon.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": list(groups)}])
    return {"SecurityGroupRules": found["SecurityGroupRules"]}


def by_gcloud(project: Project) -> list[dict[str, Any]]:
    """`gcloud compute firewall-rules list --format json`"""
    return [_google(id_, rule) for id_, rule in project.account("gcp").all(gcp.FIREWALL).items()]


def _google(id_: str, rule: dict[str, Any]) -> dict[str, Any]:
    lists = {"allows": "allowed", "denies": "denied"}
    traffic = {
        word: [
            {"IPProtocol": one["protocol"], **({"ports": one["ports"]} if "ports" in one else {})} for one in rule[key]
        ]
        for key, word in lists.items()
        if key in rule
    }
    words = {key: value for key, value in rule.items() if key not in (*lists, "project", "deletionPolicy")}
    project = "/".join(id_.split("/")[:2])
    network = f"{gcp.LINK}{project}/global/networks/{rule['network'].rsplit('/', 1)[-1]}"
    defaults = {"direction": "INGRESS", "priority": 1000, "disabled": False}
    return {
        "kind": "compute#firewall",
        **defaults,
        **words,
        **traffic,
        "network": network,
        "selfLink": f"{gcp.LINK}{id_}",
    }


def by_doctl(project: Project) -> list[dict[str, Any]]:
    """`doctl compute firewall list -o json`"""
    return [
        {
            "id": id_,
            "name": one["name"],
            "status": "succeeded",
            "inbound_rules": [_ocean(rule, "source") for rule in one.get("inboundRules", [])],
            "outbound_rules": [_ocean(rule, "destination") for rule in one.get("outboundRules", [])],
            "droplet_ids": one.get("dropletIds") or [],
            "tags": one.get("tags") or [],
        }
        for id_, one in project.account("digitalocean").all(digitalocean.FIREWALL).items()
    ]


def _ocean(rule: dict[str, Any], side: str) -> dict[str, Any]:
    words = {
        "Addresses": "addresses",
        "Tags": "tags",
        "DropletIds": "droplet_ids",
        "LoadBalancerUids": "load_balancer_uids",
    }
    peers = {word: rule[f"{side}{key}"] for key, word in words.items() if f"{side}{key}" in rule}
    return {"protocol": rule["protocol"], "ports": rule.get("portRange", "0"), f"{side}s": peers}


def by_hcloud(project: Project) -> list[dict[str, Any]]:
    """`hcloud firewall list -o json`"""
    return [
        {
            "id": int(id_),
            "name": one["name"],
            "labels": one.get("labels") or {},
            "created": "2026-01-01T00:00:00Z",
            "rules": [_hetzner(rule) for rule in one.get("rules", [])],
            "applied_to": [_applied(entry) for entry in one.get("applyTos", [])],
        }
        for id_, one in project.account("hcloud").all(hetzner.FIREWALL).items()
    ]


def _hetzner(rule: dict[str, Any]) -> dict[str, Any]:
    sides = {"source_ips": rule.get("sourceIps") or [], "destination_ips": rule.get("destinationIps") or []}
    words = {key: rule.get(key) for key in ("direction", "protocol", "port", "description")}
    return {**words, **sides}


def _applied(entry: dict[str, Any]) -> dict[str, Any]:
    if entry.get("server"):
        return {"type": "server", "server": {"id": entry["server"]}}
    selected = [{"type": "server", "server": {"id": 60310081}}]
    selector = {"selector": entry["labelSelector"]}
    return {"type": "label_selector", "label_selector": selector, "applied_to_resources": selected}


def by_az(project: Project) -> list[dict[str, Any]]:
    """`az network nsg list`"""
    return [
        {
            "id": id_,
            "name": id_.rsplit("/", 1)[-1],
            "resourceGroup": id_.split("/")[4],
            "location": one["location"],
            "securityRules": [{**rule, **azure.added(id_, rule["name"])} for rule in one.get("securityRules", [])],
            "defaultSecurityRules": [],
        }
        for id_, one in project.account("azure-native").all(azure.GROUP).items()
    ]


def write(project: Project, listing: object) -> Path:
    """The listing as a file in the project's folder."""
    path = project.folder / "listing.json"
    path.write_text(json.dumps(listing, default=str), encoding="utf-8")
    return path

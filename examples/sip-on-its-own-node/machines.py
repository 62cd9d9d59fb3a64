"""A machine of Google Cloud for one node, under an account of its own that may read the secrets named, and no more."""

from collections.abc import Mapping
from pathlib import Path

import pulumi
import pulumi_gcp as gcp
from pulumi import ResourceOptions

from livekit_firewall import LiveKitFirewall

FOLDER = Path(__file__).parent
PRIVATE = {"sfu": "10.30.0.10", "sip": "10.30.0.11"}  # the first as livekit.yaml and sip.yaml have it

config = pulumi.Config()


def secret(name: str) -> gcp.secretmanager.SecretVersion:
    """A secret of this stack's configuration in the Secret Manager: no machine has it in its metadata."""
    kept = gcp.secretmanager.Secret(name, secret_id=f"livekit-{name}-{pulumi.get_stack()}", replication={"auto": {}})
    return gcp.secretmanager.SecretVersion(name, secret=kept.id, secret_data=config.require_secret(name))


def machine(
    name: str,
    configuration: str,
    subnet: gcp.compute.Subnetwork,
    address: gcp.compute.Address,
    secrets: Mapping[str, gcp.secretmanager.SecretVersion],
    firewall: LiveKitFirewall,
) -> None:
    """`sfu` or `sip`. It is made once its firewall is there; another configuration reaches it at its next boot."""
    account = gcp.serviceaccount.Account(name, account_id=f"livekit-{name}-{pulumi.get_stack()}")
    readable = [
        gcp.secretmanager.SecretIamMember(
            f"{name}-{key}",
            secret_id=version.secret,
            role="roles/secretmanager.secretAccessor",
            member=account.member,
        )
        for key, version in secrets.items()
    ]
    gcp.compute.Instance(
        name,
        zone=config.require("zone"),
        machine_type=config.require("machineType"),
        allow_stopping_for_update=True,
        boot_disk={"initialize_params": {"image": "debian-cloud/debian-13", "size": 20, "type": "pd-balanced"}},
        network_interfaces=[
            {
                "subnetwork": subnet.id,
                "network_ip": PRIVATE[name],
                "stack_type": "IPV4_IPV6",
                "access_configs": [{"nat_ip": address.address}],
                "ipv6_access_configs": [{"network_tier": "PREMIUM"}],
            }
        ],
        tags=[f"livekit-{name}"],
        service_account={"email": account.email, "scopes": ["cloud-platform"]},
        shielded_instance_config={"enable_secure_boot": True},
        metadata={
            "enable-oslogin": "TRUE",
            "startup-script": (FOLDER / "start.sh").read_text(encoding="utf-8"),
            "livekit-node": name,
            "livekit-domain": config.require("domain"),
            "livekit-config": (FOLDER / configuration).read_text(encoding="utf-8"),
            **{f"livekit-{key}": version.name for key, version in secrets.items()},
        },
        opts=ResourceOptions(depends_on=[firewall, *readable]),
    )

"""LiveKit and Caddy on one machine of Azure. Its interface has the group that livekit.yaml asks for."""

import base64
from pathlib import Path

import pulumi
from pulumi_azure_native import compute, network, resources

from livekit_firewall import LiveKitFirewall

FOLDER = Path(__file__).parent
BLOCKS = {"IPv4": "10.60.0.0/24", "IPv6": "fd00:60::/64"}

config = pulumi.Config()
domain = config.require("domain")

group = resources.ResourceGroup("livekit")
firewall = LiveKitFirewall(
    "livekit", livekit_config="livekit.yaml", https=True, azure={"resource_group_name": group.name}
)

net = network.VirtualNetwork(
    "livekit", resource_group_name=group.name, address_space={"address_prefixes": list(BLOCKS.values())}
)
subnet = network.Subnet(
    "livekit",
    resource_group_name=group.name,
    virtual_network_name=net.name,
    address_prefixes=list(BLOCKS.values()),
)
addresses = {
    family: network.PublicIPAddress(
        family.lower(),
        resource_group_name=group.name,
        sku={"name": "Standard"},
        public_ip_address_version=family,
        public_ip_allocation_method="Static",
    )
    for family in BLOCKS
}
card = network.NetworkInterface(
    "livekit",
    resource_group_name=group.name,
    network_security_group={"id": firewall.azure_network_security_group_id},
    ip_configurations=[
        {
            "name": family.lower(),
            "primary": family == "IPv4",
            "private_ip_address_version": family,
            "subnet": {"id": subnet.id},
            "public_ip_address": {"id": address.id},
        }
        for family, address in addresses.items()
    ],
)

start = (FOLDER / "start.sh").read_text(encoding="utf-8").replace("@DOMAIN@", domain)
start = start.replace("@LIVEKIT@", (FOLDER / "livekit.yaml").read_text(encoding="utf-8").rstrip())
compute.VirtualMachine(
    "livekit",
    resource_group_name=group.name,
    hardware_profile={"vm_size": config.require("size")},
    network_profile={"network_interfaces": [{"id": card.id, "primary": True}]},
    os_profile={
        "computer_name": "livekit",
        "admin_username": "livekit",
        "custom_data": base64.b64encode(start.encode()).decode(),
        "linux_configuration": {
            "disable_password_authentication": True,
            "ssh": {
                "public_keys": [
                    {
                        "key_data": config.require("sshPublicKey"),
                        "path": "/home/livekit/.ssh/authorized_keys",
                    }
                ]
            },
        },
    },
    storage_profile={
        "image_reference": {
            "publisher": "Canonical",
            "offer": "ubuntu-24_04-lts",
            "sku": "server",
            "version": "latest",
        },
        "os_disk": {
            "create_option": "FromImage",
            "delete_option": "Delete",
            "managed_disk": {"storage_account_type": "StandardSSD_LRS"},
        },
    },
    security_profile={
        "security_type": "TrustedLaunch",
        "uefi_settings": {"secure_boot_enabled": True, "v_tpm_enabled": True},
    },
)

pulumi.export("url", f"wss://{domain}")
pulumi.export("address", addresses["IPv4"].ip_address)
pulumi.export("ipv6Address", addresses["IPv6"].ip_address)
pulumi.export("exposure", firewall.exposure)

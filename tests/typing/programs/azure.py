from typing import Any

from livekit_firewall import LiveKitFirewall
from pulumi_azure_native import network

shared = network.NetworkSecurityGroup.get(
    "shared", "/subscriptions/0/resourceGroups/media/providers/Microsoft.Network/networkSecurityGroups/shared"
)
LiveKitFirewall(
    "livekit",
    livekit_config="livekit.yaml",
    azure={"network_security_group_id": shared.id, "first_priority": 1007},
)

subnet: dict[str, Any] = {"resource_group_name": "media", "virtual_network_name": "media"}
interface: dict[str, Any] = {"resource_group_name": "media"}
firewall = LiveKitFirewall("own", azure={"resource_group_name": "media"})

network.Subnet("media", network_security_group={"id": firewall.azure_network_security_group_id}, **subnet)
network.NetworkInterface("node", network_security_group={"id": firewall.azure_network_security_group_id}, **interface)

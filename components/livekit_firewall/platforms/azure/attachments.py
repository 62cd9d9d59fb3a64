"""What has which network security groups on Azure: interfaces and subnets, and what is in them.

By the inputs of azure-native 3 (of any API version), and of the classic provider, whose associations are resources that
are replaced. An interface and a subnet are put as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ..attachments import ANYWHERE, Attachment, Reference, followed

GROUPS = r"azure-native:network(/v\w+)?:NetworkSecurityGroup|azure:network/networkSecurityGroup:.*"
INTERFACES = r"azure-native:network(/v\w+)?:NetworkInterface|azure:network/networkInterface:.*"
SUBNETS = r"azure-native:network(/v\w+)?:Subnet|azure:network/subnet:.*"
ANY = r"azure(-native)?:(?!.*(FlowLog|NetworkSecurityGroup\b|NetworkSecurityRule|:SecurityRule)).*"
"""All but groups and rules, and logs, which watch a group."""

SUBNET_GROUP = "azure:network/subnetNetworkSecurityGroupAssociation:.*"
INTERFACE_GROUP = "azure:network/networkInterfaceSecurityGroupAssociation:.*"

REFERENCES = (
    Reference(ANY, f"{ANYWHERE}.networkSecurityGroup.id", GROUPS),
    Reference(ANY, f"{ANYWHERE}.networkSecurityGroupId", GROUPS),
    Reference("azure:network/virtualNetwork:.*", "subnets.securityGroup", GROUPS),
    Reference(SUBNET_GROUP, "subnetId", SUBNETS, True),
    Reference(INTERFACE_GROUP, "networkInterfaceId", INTERFACES, True),
    Reference(ANY, f"{ANYWHERE}.networkProfile.networkInterfaces.id", INTERFACES),
    Reference(ANY, "networkInterfaceIds", INTERFACES),
    Reference(ANY, f"{ANYWHERE}.ipConfigurations.subnet.id", SUBNETS),
    Reference(ANY, f"{ANYWHERE}.ipConfigurations.subnetId", SUBNETS),
    Reference(ANY, f"{ANYWHERE}.vnetSubnetID", SUBNETS),
    Reference(ANY, f"{ANYWHERE}.vnetSubnetId", SUBNETS),
)


def attachments(resources: Sequence[Resource], names: ResourceNames) -> Iterator[Attachment]:
    return followed(REFERENCES, [one for one in resources if one.type.startswith("azure")], names.everything)

"""What has which security groups on AWS, by the inputs of pulumi-aws 7.

Any kind of resource that has network interfaces names its groups in one of a few inputs; instances and groups of them
may leave that to an interface or a launch template. Each such list is put as a whole (ModifyInstanceAttribute,
ModifyNetworkInterfaceAttribute), and an interface is never without a group.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ..attachments import ANYWHERE, Attachment, Reference, followed

GROUPS = "aws:ec2/(securityGroup|defaultSecurityGroup):.*"
ANY = "aws(-native)?:(?!.*[sS]ecurityGroup).*"
"""All but groups and rules, to which other groups are sources."""

INSTANCE = "aws:ec2/instance:Instance"
INTERFACE = "aws:ec2/networkInterface:NetworkInterface"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
INTERFACE_GROUP = "aws:ec2/networkInterfaceSecurityGroupAttachment:NetworkInterfaceSecurityGroupAttachment"
INTERFACE_OF = "aws:ec2/networkInterfaceAttachment:NetworkInterfaceAttachment"
ENDPOINT_GROUP = "aws:ec2/securityGroupAssociation:SecurityGroupAssociation"

KEYS = (
    "vpcSecurityGroupIds", "securityGroupIds", "securityGroups", "securityGroupNames", "emrManagedMasterSecurityGroup",
    "emrManagedSlaveSecurityGroup", "serviceAccessSecurityGroup", "replicationServersSecurityGroupsIds",
)  # fmt: skip

REFERENCES = (
    *(Reference(ANY, f"{ANYWHERE}.{key}", GROUPS) for key in KEYS),
    Reference(INTERFACE_GROUP, "securityGroupId", GROUPS),
    # an instance's own interface is named by an output of the instance
    Reference(INTERFACE_GROUP, "networkInterfaceId", f"{INTERFACE}|{INSTANCE}", True, ("primaryNetworkInterfaceId",)),
    Reference(ENDPOINT_GROUP, "securityGroupId", GROUPS),
    Reference(ENDPOINT_GROUP, "vpcEndpointId", "aws:ec2/vpcEndpoint:VpcEndpoint", True),
    Reference(INSTANCE, "networkInterfaces.networkInterfaceId", INTERFACE),
    Reference(INSTANCE, "primaryNetworkInterface.networkInterfaceId", INTERFACE),
    Reference(INTERFACE, "attachments.instance", INSTANCE, True),
    Reference(INTERFACE_OF, "networkInterfaceId", INTERFACE),
    Reference(INTERFACE_OF, "instanceId", INSTANCE, True),
    *(
        Reference(ANY, f"{ANYWHERE}.{path}", TEMPLATE)
        for path in (
            *("launchTemplate.id", "launchTemplate.name", "launchTemplateSpecification.id"),
            *("launchTemplateSpecification.name", "launchTemplateId", "launchTemplateName"),
        )
    ),
    Reference(ANY, "launchConfiguration", "aws:ec2/launchConfiguration:LaunchConfiguration"),
)


HOLDERS = (
    r"aws:ec2/(instance|networkInterface|networkInterfaceSecurityGroupAttachment):.*"
    r"|aws:(lb|alb|elb)/loadBalancer:.*|aws:rds/(instance|cluster):.*"
)
"""Kinds of which there is an interface as long as they are there. A template keeps no group from being deleted."""


def in_interfaces(resources: Sequence[Resource], names: ResourceNames) -> Iterator[Attachment]:
    """The groups of interfaces that are surely there."""
    return attachments([one for one in resources if re.fullmatch(HOLDERS, one.type)], names)


def attachments(resources: Sequence[Resource], names: ResourceNames) -> Iterator[Attachment]:
    return followed(REFERENCES, [one for one in resources if one.type.startswith("aws")], names.everything)

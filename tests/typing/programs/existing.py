import pulumi_aws as aws
from livekit_firewall import LiveKitFirewall

bastion = aws.ec2.SecurityGroup("bastion", vpc_id="vpc-0123456789abcdef0")

LiveKitFirewall(
    "livekit",
    sip={},
    https=True,
    aws={
        "security_group_id": "sg-0123456789abcdef0",
        "existing_rules": 4,
        "security_groups": {"operators": {"bastion": bastion.id}},
        "prefix_lists": {"trunks": {"carrier": {"id": "pl-0123456789abcdef0", "max_entries": 10}}},
    },
)

import pulumi_aws as aws
from livekit_firewall import LiveKitFirewall

firewall = LiveKitFirewall(
    "livekit",
    {
        "livekit_config": "examples/livekit.yaml",  # the file that livekit-server runs with
        "https": True,  # a TLS proxy runs on the same machine
        "operators": {"cidrs": ["203.0.113.0/24"]},  # who may use SSH
        "aws": {"vpc_id": "vpc-0123456789abcdef0"},
    },
)
aws.ec2.Instance(
    "node",
    ami="ami-0123456789abcdef0",
    instance_type="c7i.xlarge",
    vpc_security_group_ids=[firewall.aws_security_group_id],
)

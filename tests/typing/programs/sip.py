import pulumi_aws as aws
from livekit_firewall import LiveKitFirewall

vpc_id = "vpc-0123456789abcdef0"

media = LiveKitFirewall(
    "media",
    livekit_config="examples/livekit.yaml",
    https=True,
    cluster={"cidrs": ["203.0.113.16/29"], "services": ["redis"]},  # the public addresses of all nodes
    aws={"vpc_id": vpc_id},
)
sip = LiveKitFirewall(
    "sip",
    livekit=False,
    sip={},
    trunks=[{"name": "carrier", "signaling": ["198.51.100.0/24"], "media": ["198.51.101.0/24"]}],
    aws={"vpc_id": vpc_id},
)
for name, firewall in (("media", media), ("sip", sip)):
    aws.ec2.Instance(
        name,
        ami="ami-0123456789abcdef0",
        instance_type="c7i.xlarge",
        vpc_security_group_ids=[firewall.aws_security_group_id],
    )

import pulumi
from livekit_firewall import LiveKitFirewall

office = pulumi.Config().get_object("office")  # None, or a list such as ["203.0.113.0/24"]
LiveKitFirewall(
    "livekit",
    https=True,
    operators={"cidrs": office},
    aws={"vpc_id": "vpc-0123456789abcdef0"},
)

from livekit_firewall import LiveKitFirewall

GROUP = "sg-0123456789abcdef0"

LiveKitFirewall("media", {"aws": {"security_group_id": GROUP, "egress": True}})
LiveKitFirewall(
    "sip",
    {
        "livekit": False,
        "sip": {},
        "trunks": ["198.51.100.0/24"],
        "aws": {"security_group_id": GROUP, "baseline": False},
    },
)

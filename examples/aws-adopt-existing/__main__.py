"""A security group that was made by hand becomes this program's own. The README says how, step by step."""

from pathlib import Path

import pulumi
import yaml

from livekit_firewall import LiveKitFirewall

HERE = Path(__file__).parent

firewall = LiveKitFirewall("livekit", yaml.safe_load((HERE / "firewall.yaml").read_text(encoding="utf-8")))

pulumi.export("group", firewall.aws_security_group_id)
pulumi.export("exposure", firewall.exposure)

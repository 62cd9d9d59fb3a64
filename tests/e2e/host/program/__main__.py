"""The firewall of this machine, with the name and the arguments that stand in a file beside this."""

import json
from pathlib import Path

import pulumi

from livekit_firewall import LiveKitFirewall

arguments = json.loads(Path("arguments.json").read_text(encoding="utf-8"))
firewall = LiveKitFirewall(arguments.pop("name", "livekit"), arguments)
for name, value in firewall.outputs().items():
    pulumi.export(name, value)

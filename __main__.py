"""The firewall of one stack: its configuration in, one LiveKitFirewall, its outputs out."""

import sys
from pathlib import Path

# From a clone, nothing has to be installed but requirements.txt.
sys.path.insert(0, str(Path(__file__).parent / "components"))

import pulumi
from pulumi.runtime.config import CONFIG

from livekit_firewall import LiveKitFirewall
from livekit_firewall.inputs.stack_config import arguments_from

firewall = LiveKitFirewall("livekit", arguments_from(CONFIG.get()))
for name, value in firewall.outputs().items():
    pulumi.export(name, value)

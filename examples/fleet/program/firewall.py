"""What each stack of the fleet runs, here and wherever else: its file's settings in, one firewall out."""

import pulumi
from pulumi.runtime.config import CONFIG

from livekit_firewall import LiveKitFirewall
from livekit_firewall.inputs.stack_config import arguments_from


def firewall() -> None:
    made = LiveKitFirewall("livekit", arguments_from(CONFIG.get()))
    for name, value in made.outputs().items():
        pulumi.export(name, value)

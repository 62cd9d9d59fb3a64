"""Firewalls of many trunks or, told what these register, the same resources without them: the bare engine."""

import json
import os
from pathlib import Path

import pulumi


def firewalls(asked):
    from livekit_firewall import LiveKitFirewall

    for name, arguments in asked.items():
        LiveKitFirewall(name, arguments)


class Bare(pulumi.ComponentResource):
    def __init__(self, name, children):
        super().__init__("measured:index:Bare", name)
        ids = {}
        for one in children:
            inputs = {key: ids.get(value, value) if isinstance(value, str) else value for key, value in one["inputs"].items()}
            made = pulumi.CustomResource(
                one["type"], one["name"], inputs, pulumi.ResourceOptions(parent=self, version=one["version"])
            )
            ids[one["id"]] = made.id


asked = json.loads(Path(os.environ["MEASURED"]).read_text())
if isinstance(asked, list):
    Bare("bare", asked)
else:
    firewalls(asked)

"""A firewall or, told what that registers, the same resources without it: the bare engine. See bench_up.py."""

import json
from pathlib import Path

import pulumi

asked = json.loads(Path("asked.json").read_text(encoding="utf-8"))


class Bare(pulumi.ComponentResource):
    def __init__(self):
        super().__init__("measured:index:Bare", "bare")
        ids = {}
        for one in asked:
            inputs = {key: ids.get(json.dumps(value), value) for key, value in one["inputs"].items()}
            opts = pulumi.ResourceOptions(parent=self, version=one["version"])
            ids[json.dumps(one["id"])] = pulumi.CustomResource(one["type"], one["name"], inputs, opts).id


if isinstance(asked, list):
    Bare()
else:
    from livekit_firewall import LiveKitFirewall

    LiveKitFirewall("livekit", asked)

"""Firewalls of this machine, as components.json lists them; with FIRST_RELEASE, as that release made them.

Of that release the file named there holds what it pickled into a state; its resources had no owner.
"""

import gzip
import json
import os
from pathlib import Path

import pulumi
from pulumi.dynamic import dynamic

from livekit_firewall import LiveKitFirewall
from livekit_firewall.host import component

if "FIRST_RELEASE" in os.environ:
    pickled = json.loads(gzip.decompress(Path(os.environ["FIRST_RELEASE"]).read_bytes()))
    dynamic.serialize_provider = lambda provider: pickled[type(provider).__name__]
    component.owner = lambda _: None


class Group(pulumi.ComponentResource):
    """Some parent."""

    def __init__(self, name: str) -> None:
        super().__init__("test:index:Group", name)


for one in json.loads(Path("components.json").read_text(encoding="utf-8")):
    parent = Group(one["parent"]) if one.get("parent") else None
    alias = one.get("was")
    was = [pulumi.Alias(name=alias, parent=pulumi.ROOT_STACK_RESOURCE)] if alias else []
    options = pulumi.ResourceOptions(parent=parent, aliases=was)
    LiveKitFirewall(one["name"], {"https": True, "host": one["host"], **one.get("more", {})}, opts=options)

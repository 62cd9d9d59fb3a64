"""Firewalls as components.json lists them, each with its arguments, options, aliases and parents.

    {"parents": [{"name": "media", "aliases": [...]}],
     "firewalls": [{"name": "lk", "args": {...}, "parent": "media", ...}]}

An alias is {"name": ...}, {"root": true} for no parent, or both; options are those of Pulumi by their names.
"""

import json
from pathlib import Path
from typing import Any

import pulumi

from livekit_firewall import LiveKitFirewall


def alias(given: dict[str, Any]) -> pulumi.Alias:
    """The alias of a name, where no parent is meant at the root of the stack."""
    at = {"parent": pulumi.ROOT_STACK_RESOURCE} if given.get("root") else {}
    return pulumi.Alias(**{"name": given["name"]} if "name" in given else {}, **at)


def options(given: dict[str, Any]) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(
        parent=parents.get(given.get("parent", "")), aliases=[alias(one) for one in given.get("aliases", [])],
        **given.get("options", {}),
    )  # fmt: skip


class Group(pulumi.ComponentResource):
    """Some parent."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions) -> None:
        super().__init__("test:index:Group", name, None, opts)


parents: dict[str, Any] = {}
listed = json.loads(Path("components.json").read_text(encoding="utf-8"))
for one in listed.get("parents", []):
    parents[one["name"]] = Group(one["name"], options(one))
for one in listed["firewalls"]:
    LiveKitFirewall(one["name"], one["args"], options(one))

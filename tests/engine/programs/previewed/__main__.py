"""The resources that resources.json lists, made by the SDKs that people use.

    [["pulumi_gcp.compute.Firewall", "web", {"network": "default", ...}], ...]

A name that it had before may stand behind its arguments.

Among the arguments {"output": "NAME.ATTRIBUTE"} is an output of a resource above, {"number": VALUE} a number that is a
text there, {"secret": VALUE} a secret and
{"config": KEY} what the stack's configuration holds. A kind with a colon is a type token, for what no SDK has.
"""

import importlib
import json
from pathlib import Path
from typing import Any

import pulumi

made: dict[str, Any] = {}


def value(given: Any) -> Any:
    """What stands for it in the program."""
    if isinstance(given, list):
        return [value(one) for one in given]
    if not isinstance(given, dict):
        return given
    match given:
        case {"output": str(path)}:
            name, _, attribute = path.rpartition(".")
            return getattr(made[name], attribute)
        case {"number": text}:
            return pulumi.Output.from_input(value(text)).apply(int)
        case {"secret": hidden}:
            return pulumi.Output.secret(value(hidden))
        case {"config": str(key)}:
            return pulumi.Config().require_object(key)
    return {key: value(one) for key, one in given.items()}


def make(kind: str, name: str, arguments: dict[str, Any], *was: str) -> Any:
    options = pulumi.ResourceOptions(aliases=[pulumi.Alias(name=one) for one in was])
    if ":" in kind:
        return pulumi.CustomResource(kind, name, arguments, options)
    module, _, which = kind.rpartition(".")
    resource = getattr(importlib.import_module(module), which)
    given = [arguments] if which == "LiveKitFirewall" else []
    return resource(name, *given, **({} if given else arguments), opts=options)


for kind, name, arguments, *was in json.loads(Path("resources.json").read_text(encoding="utf-8")):
    made[name] = make(kind, name, value(arguments), *was)

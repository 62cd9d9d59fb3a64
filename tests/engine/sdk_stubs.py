"""Stubs of the SDKs, for the type checkers of `make check`, where no SDK is: the types and functions that
`fakes/types` has, and nothing else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from .fakes.described import LIST, of_sdk
from .project import ROOT

FOLDER = ROOT / "tests" / "typing" / "stubs"
WRITTEN = "# Written by `python -m tests.engine.sdk`.\n"
HEAD = f"""{WRITTEN}from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from typing_extensions import NotRequired, Self, TypedDict

"""
PROVIDER = """from typing import Any

import pulumi

class Provider(pulumi.ProviderResource):
    def __init__(self, resource_name: str, opts: pulumi.ResourceOptions | None = None, **settings: Any) -> None: ...

"""
OUTPUTS = {"text": "str", "int": "int", "number": "float", "bool": "bool", "map": "Mapping[str, str]", "any": "Any"}
INPUTS = {**OUTPUTS, "map": "Mapping[str, pulumi.Input[str]]"}


def python(name: str) -> str:
    """A property's name in Python."""
    name = name.replace("vCPUs", "vCpus")
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def module(package: str, token: str) -> str:
    """Where a type or a function is in its SDK."""
    inner = token.split(":")[1].split("/", maxsplit=1)[0]
    return f"pulumi_{package.replace('-', '_')}" + ("" if inner == "index" else f".{inner}")


def stubs(package: str) -> dict[str, str]:
    """The files, by their paths in `FOLDER`."""
    sdk = of_sdk(package)
    parts: dict[str, list[str]] = defaultdict(list)
    for token, one in sdk["resources"].items():
        parts[module(package, token)] += [*_objects(sdk, one["inputs"]), _resource(sdk, token, one)]
    for token, one in sdk["functions"].items():
        parts[module(package, token)].append(_function(token, one))
    root = f"pulumi_{package.replace('-', '_')}"
    inner = sorted(name.removeprefix(f"{root}.") for name in parts if name != root)
    first = WRITTEN + PROVIDER + "".join(f"from . import {name} as {name}\n" for name in inner)
    found = {f"{root}/{name}.pyi": HEAD + "\n".join(dict.fromkeys(parts[f"{root}.{name}"])) for name in inner}
    return {f"{root}/__init__.pyi": first + (HEAD + "\n".join(parts[root]) if root in parts else ""), **found}


def _objects(sdk: dict[str, Any], inputs: dict[str, str]) -> Iterator[str]:
    for kind in inputs.values():
        name = kind.removesuffix(LIST)
        if name in sdk["objects"]:
            yield from _objects(sdk, sdk["objects"][name])
            lines = [f"    {key}: {one}" for key, one in _given(sdk, sdk["objects"][name], "NotRequired[{}]")]
            yield "\n".join([f"class {name}ArgsDict(TypedDict):", *(lines or ["    pass"]), ""])


def _given(sdk: dict[str, Any], inputs: dict[str, str], optional: str) -> list[tuple[str, str]]:
    """The inputs, those that are required first, each with its type."""
    ordered = sorted(inputs.items(), key=lambda one: not one[0].endswith("!"))
    return [
        (python(name.removesuffix("!")), _type(kind) if name.endswith("!") else optional.format(_type(kind)))
        for name, kind in ordered
    ]


def _type(kind: str) -> str:
    one = INPUTS.get(kind.removesuffix(LIST)) or f"{kind.removesuffix(LIST)}ArgsDict"
    return f"pulumi.Input[Sequence[pulumi.Input[{one}]]]" if kind.endswith(LIST) else f"pulumi.Input[{one}]"


def _resource(sdk: dict[str, Any], token: str, one: dict[str, Any]) -> str:
    lines = [f"class {token.rpartition(':')[2]}(pulumi.CustomResource):", "    def __init__(", "        self,"]
    lines += ["        resource_name: str,", "        opts: pulumi.ResourceOptions | None = None,", "        *,"]
    lines += [f"        {name}: {kind}," for name, kind in _given(sdk, one["inputs"], "{} | None = None")]
    lines += ["    ) -> None: ...", "    @classmethod"]
    lines += ["    def get(cls, resource_name: str, id: pulumi.Input[str]) -> Self: ..."]
    for name, kind in one["outputs"].items():
        lines += ["    @property", f"    def {python(name)}(self) -> pulumi.Output[{_output(kind)}]: ..."]
    return "\n".join([*lines, ""])


def _output(kind: str) -> str:
    one = OUTPUTS[kind.removesuffix(LIST)]
    return f"Sequence[{one}]" if kind.endswith(LIST) else one


def _function(token: str, one: dict[str, Any]) -> str:
    name = token.rpartition(":")[2]
    result = f"{name[0].upper()}{name[1:]}Result"
    lines = [f"class {result}:"]
    for key, kind in one["outputs"].items():
        lines += ["    @property", f"    def {python(key)}(self) -> {_output(kind)}: ..."]
    lines += [f"def {python(name)}_output(", "    *,"]
    lines += [f"    {python(key)}: {_type(kind)} | None = None," for key, kind in one["inputs"].items()]
    lines += ["    opts: pulumi.InvokeOptions | pulumi.InvokeOutputOptions | None = None,"]
    return "\n".join([*lines, f") -> pulumi.Output[{result}]: ...", ""])

"""The properties of the types that `fakes/types/*.yaml` describes, written from the SDKs that are installed.

python -m tests.engine.sdk
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from inspect import Parameter, signature
from typing import Any, get_args, get_origin

from pulumi import _types

from .fakes.described import FOLDER, LIST, of_sdk, tokens
from .running import CLOUDS

PLAIN = {str: "text", int: "int", float: "number", bool: "bool"}


def main() -> None:
    for package in CLOUDS:
        if described := written(package):
            (FOLDER / f"{package}.json").write_text(described, encoding="utf-8")


def written(package: str) -> str:
    """The file of a cloud; "" for one of which no type is described."""
    objects: dict[str, Any] = {}
    resources = {token: _resource(package, token, objects) for token in tokens(package)}
    described = {"resources": resources, "objects": dict(sorted(objects.items()))}
    return json.dumps(described, indent=1) + "\n" if resources else ""


def properties(package: str, token: str) -> tuple[set[str], set[str]]:
    """The names of a type's inputs and of its outputs."""
    found = of_sdk(package)["resources"][token]
    return {name.removesuffix("!") for name in found["inputs"]}, set(found["outputs"])


def _resource(package: str, token: str, objects: dict[str, Any]) -> dict[str, Any]:
    module, name = sdk_class(package, token)
    made = getattr(module, name)
    arguments = getattr(module, f"{name}InitArgs", None) or getattr(module, f"{name}Args")
    outputs = _types.resource_types(made)
    return {
        "inputs": _inputs(arguments, objects),
        "outputs": sorted(outputs),
    }


def sdk_class(package: str, token: str) -> tuple[Any, str]:
    """The module of a type in its SDK, and its name there."""
    _, where, name = token.split(":")
    module = where.split("/")[0]
    path = f"pulumi_{package.replace('-', '_')}" + ("" if module == "index" else f".{module}")
    return import_module(path), name


def _inputs(arguments: Any, objects: dict[str, Any]) -> dict[str, str]:
    types = _types.input_type_types(arguments)
    names = _types.input_type_py_to_pulumi_names(arguments)
    required = {
        names.get(name, name)
        for name, one in signature(arguments.__init__).parameters.items()
        if one.default is Parameter.empty and name not in ("self", "__self__")
    }
    return {f"{name}!" if name in required else name: _kind(one, objects) for name, one in types.items()}


def _kind(given: Any, objects: dict[str, Any]) -> str:
    given = next(_unwrapped(given))
    origin = get_origin(given)
    if origin in (list, Sequence):
        inner = _kind(get_args(given)[0], objects)
        return "any" if inner.endswith(LIST) else inner + LIST
    if origin in (dict, Mapping):
        return "map" if next(_unwrapped(get_args(given)[1])) is str else "any"
    if given in PLAIN:
        return PLAIN[given]
    if isinstance(given, type) and _types.is_input_type(given):
        name = given.__name__.removesuffix("Args")
        if name not in objects:
            objects[name] = {}  # before what is in it, which may be of the same type
            objects[name] |= _inputs(given, objects)
        return name
    return "any"


def _unwrapped(given: Any) -> Iterator[Any]:
    """The types that a property may have beside what makes it an input, a text before the enumeration of it."""
    if type(None) in get_args(given) or (get_origin(given) is not None and str(get_origin(given)).endswith("Union")):
        for one in get_args(given):
            yield from _unwrapped(one)
    elif given is not type(None):
        yield given


if __name__ == "__main__":
    main()

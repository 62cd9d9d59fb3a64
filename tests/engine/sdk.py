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

from . import sdk_stubs
from .fakes.described import FOLDER, LIST, functions, of_sdk, tokens

PACKAGES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
PLAIN = {str: "text", int: "int", float: "number", bool: "bool"}


def main() -> None:
    for package in PACKAGES:
        (FOLDER / f"{package}.json").write_text(written(package), encoding="utf-8")
        of_sdk.cache_clear()
        for path, text in sdk_stubs.stubs(package).items():
            (sdk_stubs.FOLDER / path).parent.mkdir(parents=True, exist_ok=True)
            (sdk_stubs.FOLDER / path).write_text(text, encoding="utf-8")


def written(package: str) -> str:
    objects: dict[str, Any] = {}
    described = {
        "resources": {token: _resource(package, token, objects) for token in tokens(package)},
        "functions": {token: _function(package, token) for token in functions(package)},
    }
    return json.dumps({**described, "objects": dict(sorted(objects.items()))}, indent=1) + "\n"


def properties(package: str, token: str) -> tuple[set[str], set[str]]:
    """The names of a type's inputs and of its outputs."""
    found = of_sdk(package)["resources"][token]
    return {name.removesuffix("!") for name in found["inputs"]}, set(found["outputs"])


def _resource(package: str, token: str, objects: dict[str, Any]) -> dict[str, Any]:
    module, name = _module(package, token), token.rpartition(":")[2]
    arguments = getattr(module, f"{name}InitArgs", None) or getattr(module, f"{name}Args")
    return {"inputs": _inputs(arguments, objects), "outputs": _outputs(getattr(module, name))}


def _function(package: str, token: str) -> dict[str, Any]:
    module, name = _module(package, token), token.rpartition(":")[2]
    given = signature(getattr(module, f"{sdk_stubs.python(name)}_output")).parameters
    names = {sdk_stubs.python(key): key for key in _outputs(getattr(module, f"{name[0].upper()}{name[1:]}Result"))}
    return {
        "inputs": {names[key]: _kind(one.annotation, {}) for key, one in given.items() if key != "opts"},
        "outputs": _outputs(getattr(module, f"{name[0].upper()}{name[1:]}Result")),
    }


def _module(package: str, token: str) -> Any:
    return import_module(sdk_stubs.module(package, token))


def _outputs(made: Any) -> dict[str, str]:
    """Without what is in an object."""
    kinds = {name: _kind(one, {}) for name, one in sorted(_types.resource_types(made).items())}
    return {name: kind if kind.removesuffix(LIST) in sdk_stubs.OUTPUTS else "any" for name, kind in kinds.items()}


def _inputs(arguments: Any, objects: dict[str, Any]) -> dict[str, str]:
    types = _types.input_type_types(arguments)
    names = _types.input_type_py_to_pulumi_names(arguments)
    assert all(sdk_stubs.python(name) == python for python, name in names.items()), names
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
            objects[name] = None  # for as long as it is read: what is in it may hold one of the same type
            objects[name] = _inputs(given, objects)
        return "any" if objects[name] is None else name
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

"""A digest of `pulumi preview --json`, the same on every run and machine.

What is made the same, and nothing else:

- dropped: `created`, `modified`, `sourcePosition`, `stackTrace`; `duration` is 0.
- random names: the logical name and 7 (Azure: 8) random digits gets 0000001 (before) or 0000002 (after).
- random ids of EC2 (`sg-`, `sgr-`, `sgrule-`, ...) and UUIDs get running numbers, in the order in which they are
  met; the engine's mark of an unknown value and ids that the change itself names stay.
- the token in a host's mark, which each create makes anew, is `1`.
- the version in `default_7_51_1`, a provider's name, is 1_0_0.
- the folder of this repository and of the project is `.`.
- order: steps by URN, those that delete last, as the engine has them; diagnostics by text, the URNs of
  `propertyDependencies` too. The engine's order within is that of its threads.
- to keep two hundred files small: `__provider`, the pickled code of a dynamic provider, and the long outputs of
  our components (LONG) are `[N characters]`, N rounded up to hundreds. In states `provider` is dropped, which
  the step has too, `parent`, whose types the URN has, `dependencies`, which `propertyDependencies` tell in
  detail, properties that depend on nothing, and outputs that repeat inputs.

One step is one line, so that a change of a fixture can be read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
DROPPED = {"created", "modified", "sourcePosition", "stackTrace", "provider", "parent", "dependencies"}
LONG = {"__provider", "exposure", "exposure_json", "user_data", "host_ruleset", "ruleset"}
NAMES = {"name": 7, "networkSecurityGroupName": 8, "securityRuleName": 8, "resourceGroupName": 8}
"""Properties that hold a physical name, and how many random digits it ends in."""

UNSEEN = re.compile(r"(-network-security-group)(?!0{7}\d)[0-9a-f]{8}\b")
"""A random name of Azure in an id, where a preview that was refused does not show the group itself."""

IDS = re.compile(
    r"\b(?:(?:sg|sgr|vpc|rtb|acl)-[0-9a-f]{17}|sgrule-[0-9]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b"
)
TOKEN = re.compile(r"[0-9a-f]{16}")
PROVIDER = re.compile(r"(::default)_\d+_\d+_\d+(::|$)")
DELETIONS = {"delete", "delete-replaced"}


def normal(text: str, named: str, folders: tuple[str, ...]) -> str:
    """The digest `text`, normalised.

    Args:
        named: the change as a text; ids in it stay as they are.
        folders: local folders that may occur.
    """
    digest = json.loads(text)
    digest["duration"] = 0
    digest["steps"] = sorted((_without(step) for step in digest.get("steps") or []), key=_order)
    for name, plain in _plain_names(digest["steps"]).items():
        digest = _each_text(digest, lambda one, old=name, new=plain: one.replace(old, new))
    digest = _each_text(digest, lambda one: UNSEEN.sub(r"\g<1>00000001", one))
    if "diagnostics" in digest:
        digest["diagnostics"] = sorted(digest["diagnostics"], key=lambda one: json.dumps(one, sort_keys=True))
    for folder in folders:
        digest = _each_text(digest, lambda one, gone=folder: one.replace(gone, "."))
    digest = _each_text(digest, lambda one: PROVIDER.sub(r"\1_1_0_0\2", one))
    return _written(_each_text(digest, _Numbers(set(IDS.findall(named)))))


def _order(step: dict[str, Any]) -> tuple[bool, str, str]:
    return step["op"] in DELETIONS, step["urn"], step["op"]


def _without(value: Any, key: str = "") -> Any:
    """The value without what differs from run to run, and without what is long and tells nothing."""
    if isinstance(value, dict):
        # Of a state only: a resource may have inputs of these names, and a step has a provider.
        if "custom" not in value:
            return {name: _without(one, name) for name, one in value.items()}
        kept = {name: _without(one, name) for name, one in value.items() if name not in DROPPED}
        return kept | _sorted_urns(value) | _new_outputs(value)
    if isinstance(value, list):
        return [_without(one) for one in value]
    if key == "token" and isinstance(value, str) and TOKEN.fullmatch(value):
        return "1"
    if key in LONG and isinstance(value, str) and len(value) > 100:
        return f"[{-(-len(value) // 100) * 100} characters]"
    return value


def _sorted_urns(state: dict[str, Any]) -> dict[str, Any]:
    depends = state.get("propertyDependencies")
    if not isinstance(depends, dict):
        return {}
    return {"propertyDependencies": {key: sorted(urns) for key, urns in depends.items() if urns}}


def _new_outputs(state: dict[str, Any]) -> dict[str, Any]:
    """The outputs without those that repeat inputs."""
    outputs, inputs = state.get("outputs"), state.get("inputs")
    if not isinstance(outputs, dict) or not isinstance(inputs, dict):
        return {}
    told = {key: _without(one, key) for key, one in outputs.items() if inputs.get(key, _without) != one}
    return {"outputs": told}


def _plain_names(steps: list[dict[str, Any]]) -> dict[str, str]:
    """Each random name, and what is written for it wherever it stands: other resources may name it too."""
    plain: dict[str, str] = {}
    for step in steps:
        logical, count = step["urn"].split("::", 3)[3], 0
        for state in ("oldState", "newState"):
            inputs = (step.get(state) or {}).get("inputs") or {}
            for key, digits in NAMES.items():
                name = inputs.get(key)
                if isinstance(name, str) and name not in plain and re.fullmatch(_random(logical, digits), name):
                    count += 1
                    plain[name] = f"{name[:-digits]}{count:0{digits}}"
    return plain


def _random(logical: str, digits: int) -> str:
    dash = "-" if digits == 7 else ""
    return f"{re.escape(logical)}{dash}[0-9a-f]{{{digits}}}"


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {change(key): _each_text(one, change) for key, one in value.items()}
    if isinstance(value, list):
        return [_each_text(one, change) for one in value]
    return change(value) if isinstance(value, str) else value


class _Numbers:
    """Random ids as running numbers; the same id is the same number."""

    def __init__(self, kept: set[str]) -> None:
        self.kept = {*kept, UNKNOWN}
        self.seen: dict[str, str] = {}

    def __call__(self, text: str) -> str:
        return IDS.sub(lambda found: self._number(found[0]), text)

    def _number(self, id_: str) -> str:
        if id_ in self.kept:
            return id_
        if id_ not in self.seen:
            number = len(self.seen) + 1
            kind, _, rest = id_.partition("-")
            of_amazon = f"{kind}-{number:0{10 if kind == 'sgrule' else len(rest)}}"
            self.seen[id_] = f"{number:08}-0000-4000-8000-{number:012}" if id_.count("-") == 4 else of_amazon
        return self.seen[id_]


def _written(digest: dict[str, Any]) -> str:
    return "".join(_lines(digest))


def _lines(digest: dict[str, Any]) -> Iterator[str]:
    yield "{"
    for at, (key, value) in enumerate(digest.items()):
        yield f"{',' if at else ''}\n{json.dumps(key)}:"
        yield _list(value) if isinstance(value, list) else _compact(value)
    yield "\n}\n"


def _list(values: list[Any]) -> str:
    return "[\n" + ",\n".join(map(_compact, values)) + "\n]" if values else "[]"


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))

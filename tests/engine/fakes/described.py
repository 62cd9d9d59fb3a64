"""Types that are described by data: what stands around the firewall in a larger program.

    types/<cloud>.json    the properties of each type, written from its SDK by `python -m tests.engine.sdk`
    types/<cloud>.yaml    what no SDK tells: ids, outputs, what a property must name or look like, what functions answer

    resources:
      aws:ec2/internetGateway:InternetGateway:
        id: igw-{hex17}                                 # {hex7}, {hex17}, {n}: its number, {settings[project]}
        named: name                                     # the property that gets a name if the program gives none
        outputs: {arn: "arn:…/{id}"}                    # {input[vpcId]}; what the program sets stays
        needs: [ami, launchTemplate|instanceType]       # required, though the SDK does not say so
        must: {vpcId: "vpc-[0-9a-f]{17}"}               # the whole of a text
        refers: {vpcId: aws:ec2/vpc:Vpc}                # must exist, and stays for as long as this names it
        alone: [primaryNetworkInterface.networkInterfaceId]     # no two resources of the type name the same
        replaces: [vpcId]
        replaces_if: {userDataReplaceOnChange: [userData]}
    functions:
      aws:ssm/getParameter:getParameter:
        - {arguments: {name: /a}, answer: {value: b}}   # nothing else is answered
    shapes: [aws:ec2/vpc:Vpc]                           # types of the cloud's module, which need the properties alone

A path goes through lists: `defaultActions.targetGroupArn`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from .shapes import Field, Refusal, matches, misfits
from .store import CloudError, Store
from .wire import UNKNOWN, is_known

FOLDER = Path(__file__).with_name("types")
LIST = "[]"


@dataclass(frozen=True)
class Kind:
    """What the data says of one type; see above."""

    id: str
    named: str = ""
    outputs: dict[str, Any] = field(default_factory=dict)
    needs: list[str] = field(default_factory=list)
    must: dict[str, str] = field(default_factory=dict)
    refers: dict[str, str] = field(default_factory=dict)
    alone: list[str] = field(default_factory=list)
    replaces: list[str] = field(default_factory=list)
    replaces_if: dict[str, list[str]] = field(default_factory=dict)


@cache
def _written(package: str) -> dict[str, Any]:
    import yaml  # here, since most programs have no such type

    path = FOLDER / f"{package}.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found


@cache
def of_sdk(package: str) -> dict[str, Any]:
    path = FOLDER / f"{package}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"resources": {}}
    return found


def tokens(package: str) -> list[str]:
    """The types whose properties are written from the SDK."""
    return sorted([*_written(package).get("resources", {}), *_written(package).get("shapes", [])])


def functions(package: str) -> list[str]:
    """The functions that have an answer."""
    return sorted(_written(package).get("functions", {}))


@cache
def shape(package: str, token: str) -> dict[str, Field]:
    """The inputs of a type, as its SDK has them."""
    return _shape(of_sdk(package), of_sdk(package)["resources"][token]["inputs"])


def _shape(sdk: dict[str, Any], properties: dict[str, str]) -> dict[str, Field]:
    return {name.removesuffix("!"): _field(sdk, kind, name.endswith("!")) for name, kind in properties.items()}


def _field(sdk: dict[str, Any], kind: str, required: bool) -> Field:
    one, many = kind.removesuffix(LIST), kind.endswith(LIST)
    if one not in sdk["objects"]:
        return Field(one, many=many, required=required)
    return Field("object", many=many, required=required, shape=_shape(sdk, sdk["objects"][one]))


class Described:
    """Stands where the module of a cloud does, for the types that are described, and for its account."""

    NAMED: dict[str, tuple[str, str]]
    RETRIES = 0
    FORGOTTEN = ""

    def __init__(
        self, package: str, store: Store, settings: dict[str, str], exists: Callable[[str, str], bool]
    ) -> None:
        """`settings`: of the provider. `exists`: whether the account has what is not described here, by type and id."""
        self.settings = settings
        self.package = package
        self.store = store
        self.exists = exists
        self.kinds = {token: Kind(**given) for token, given in _written(package).get("resources", {}).items()}
        self.functions: dict[str, list[dict[str, Any]]] = _written(package).get("functions", {})
        self.NAMED = {token: (kind.named, "{name}-{hex7}") for token, kind in self.kinds.items() if kind.named}

    def answer(self, function: str, arguments: dict[str, Any]) -> dict[str, Any]:
        """What a function gives for exactly these arguments; None is one that was not given."""
        given = {key: value for key, value in arguments.items() if value is not None}
        for row in self.functions.get(function, []):
            if row["arguments"] == given:
                answer: dict[str, Any] = {**given, **row["answer"]}
                return answer
        raise CloudError(f"the fake {self.package} has no answer of {function} to {given}")

    # --- as the module of a cloud

    def defaults(self, token: str, settings: dict[str, str]) -> dict[str, Any]:
        return {}

    def refusals(self, token: str, inputs: dict[str, Any]) -> list[Refusal]:
        kind = self.kinds[token]
        found = list(misfits(shape(self.package, token), inputs))
        for names in kind.needs:
            if not any(inputs.get(name) is not None for name in names.split("|")):
                found += [(names, "missing required property")]
        for path, form in kind.must.items():
            judged = (matches(form, f"of the form {form}")(value) for value in _values(inputs, path) if is_known(value))
            found += [(path, why) for why in judged if why]
        return found

    def replaces(self, token: str, old: dict[str, Any], new: dict[str, Any], changed: set[str]) -> set[str]:
        kind = self.kinds[token]
        sometimes = {key for given, keys in kind.replaces_if.items() if new.get(given) for key in keys}
        return changed & {*kind.replaces, *sometimes, *([kind.named] if kind.named else [])}

    def deletes_before_replace(self, token: str, name: str, old: dict[str, Any]) -> bool:
        return False

    def refreshed(self, before: dict[str, Any], state: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
        return before

    def planned(self, token: str, inputs: dict[str, Any]) -> dict[str, Any]:
        """What a preview has: inside of what the program gives, what only the cloud knows is not known yet."""
        known = self.kinds[token].outputs
        return {key: _merged(_not_known(known.get(key)), value) for key, value in inputs.items()}

    # --- as its account

    def create(self, token: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        self._refuse_unknown_names(token, inputs)
        self._refuse_second(token, inputs)
        number = (self.store.get("numbers", token) or {"n": 0})["n"] + 1
        self.store.put("numbers", token, {"n": number})
        digits = hashlib.sha1(f"{token}{number}".encode(), usedforsecurity=False).hexdigest()
        words = {
            "n": number,
            "hex7": digits[:7],
            "hex8": digits[:8],
            "hex17": digits[:17],
            "input": inputs,
            "settings": self.settings,
        }
        words["id"] = self.kinds[token].id.format_map(words)
        state = _merged(_filled(self.kinds[token].outputs, words), inputs)
        self.store.put(token, words["id"], state)
        return words["id"], state

    def update(self, token: str, id_: str, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
        self._refuse_unknown_names(token, new)
        had = self.store.get(token, id_)
        if had is None:
            raise CloudError(f"{token} {id_} does not exist")
        state = {**{key: value for key, value in had.items() if key not in old}, **new}
        self.store.put(token, id_, state)
        return state

    def delete(self, token: str, id_: str, inputs: dict[str, Any]) -> None:
        if self.store.get(token, id_) is None:
            raise CloudError(f"{token} {id_} does not exist")
        self.store.drop(token, id_)

    def read(self, token: str, id_: str, inputs: dict[str, Any]) -> dict[str, Any] | None:
        return self.store.get(token, id_)

    def refuse_if_named(self, token: str, id_: str) -> None:
        """What another resource names cannot go before that one does."""
        for other, kind in self.kinds.items():
            paths = [path for path, target in kind.refers.items() if target == token]
            for user, state in self.store.all(other).items() if paths else ():
                if any(id_ in map(str, _values(state, path)) for path in paths):
                    raise CloudError(f"DependencyViolation: {other} {user} names {id_}")

    def _refuse_second(self, token: str, inputs: dict[str, Any]) -> None:
        for path in self.kinds[token].alone:
            taken = {value: id_ for id_, state in self.store.all(token).items() for value in _values(state, path)}
            for value in _values(inputs, path):
                if value in taken:
                    raise CloudError(f"InUse: {path}: {token} {taken[value]} has {value}")

    def _refuse_unknown_names(self, token: str, inputs: dict[str, Any]) -> None:
        for path, target in self.kinds[token].refers.items():
            for id_ in map(str, _values(inputs, path)):
                described = target in self.kinds
                if not (self.store.get(target, id_) is not None if described else self.exists(target, id_)):
                    raise CloudError(f"NotFound: {path}: {target} {id_} does not exist")


def _values(inside: Any, path: str) -> Iterator[Any]:
    """What stands at a path, in each item of the lists on the way."""
    if isinstance(inside, list):
        for one in inside:
            yield from _values(one, path)
    elif not path:
        yield inside
    elif isinstance(inside, dict):
        first, _, rest = path.partition(".")
        if inside.get(first) is not None:
            yield from _values(inside[first], rest)


def _not_known(value: Any) -> Any:
    return {key: _not_known(one) for key, one in value.items()} if isinstance(value, dict) else UNKNOWN


def _merged(known: Any, given: Any) -> Any:
    """What the program gives, and inside of it what only the cloud knows."""
    if isinstance(known, dict) and isinstance(given, dict):
        return {**known, **{key: _merged(known.get(key), value) for key, value in given.items()}}
    return given


def _filled(value: Any, words: dict[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(one, words) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, words) for one in value]
    return re.sub(r"\{.+?\}", lambda found: found[0].format_map(words), value) if isinstance(value, str) else value

"""What is public says what it is: each name, each of its parts, and what it raises.

Read from the source, so that nothing that is inherited, or that a library adds, counts.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, is_typeddict

import pytest

import livekit_firewall
from livekit_firewall import firewall_args
from livekit_firewall.platforms import component  # noqa: F401 - as above

from .sources import nodes, parsed

EACH_NAME = pytest.mark.parametrize("name", livekit_firewall.__all__)
FOR_PULUMI = {"self", "cls", "opts"}
"""Parameters that every Python or Pulumi program has."""
Definition = ast.ClassDef | ast.FunctionDef


def module(name: str) -> ast.Module:
    return parsed(Path(str(sys.modules[name].__file__)))


ARGUMENTS = [
    one
    for name in sorted({kind.__module__ for kind in vars(firewall_args).values() if is_typeddict(kind)})
    for one in module(name).body
    if isinstance(one, ast.ClassDef)
]

(CLOUD,) = (
    one for one in module("livekit_firewall.platforms.component").body if getattr(one, "name", "") == "CloudFirewall"
)


def source(name: str) -> Any:
    """Where a public name is defined."""
    found = getattr(livekit_firewall, name)
    (node,) = (one for one in module(found.__module__).body if getattr(one, "name", "") == found.__name__)
    return node


def text(node: Definition) -> str:
    return ast.get_docstring(node) or ""


def entries(doc: str, section: str) -> set[str]:
    """The names that a section of a docstring describes (`first, last: the ports`), and the keys of the types of
    arguments that it refers to.
    """
    found = re.search(rf"^{section}:(.*?)(?=^\S|\Z)", doc, re.MULTILINE | re.DOTALL)
    if not found:
        return set()
    named = re.findall(r"^    ([a-z0-9_]+(?:, [a-z0-9_]+)*):", found[1], re.MULTILINE)
    told = {one for names in named for one in names.split(", ")}
    for kind in re.findall(r"`firewall_args\.(\w+)`", found[1]):
        told |= described(next(one for one in ARGUMENTS if one.name == kind))
    return told


def described(kind: ast.ClassDef) -> set[str]:
    """The fields with a text below."""
    pairs = zip(kind.body, kind.body[1:], strict=False)
    return {
        one.target.id
        for one, after in pairs
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) and isinstance(after.value.value, str)
    }


def fields(kind: ast.ClassDef) -> set[str]:
    named = [one.target.id for one in kind.body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)]
    return {name for name in named if not name.startswith("_")}


def functions(kind: ast.ClassDef) -> Iterator[ast.FunctionDef]:
    yield from (one for one in kind.body if isinstance(one, ast.FunctionDef) and not one.name.startswith("_"))


def makers(node: Definition) -> list[ast.FunctionDef]:
    """What is called to have it: a function itself, or the constructor of a class, or of what the class is based on."""
    if isinstance(node, ast.FunctionDef):
        return [node]
    bases = [one.value for one in node.bases if isinstance(one, ast.Subscript)]
    kinds: list[Any] = [node, *(CLOUD for one in bases if isinstance(one, ast.Name) and one.id == CLOUD.name)]
    return [one for kind in kinds for one in kind.body if isinstance(one, ast.FunctionDef) and one.name == "__init__"]


def parameters(function: ast.FunctionDef) -> set[str]:
    given = function.args
    every = [*given.args, *given.kwonlyargs, *([given.kwarg] if given.kwarg else [])]
    return {one.arg for one in every} - FOR_PULUMI


def raised(function: ast.FunctionDef) -> set[str]:
    """The names of the errors that it raises itself."""
    found = (one.exc for one in nodes(function) if isinstance(one, ast.Raise))
    return {one.func.id for one in found if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)}


@EACH_NAME
def test_has_a_text_of_its_own(name: str) -> None:
    assert len(text(source(name))) > len(name)


@EACH_NAME
def test_describes_each_of_its_fields(name: str) -> None:
    node = source(name)
    if isinstance(node, ast.ClassDef):
        doc = text(node)
        told = described(node).union(*(entries(doc, section) for section in ("Args", "Attributes", "Outputs")))
        assert fields(node) - told == set()


@EACH_NAME
def test_describes_each_parameter_that_makes_it(name: str) -> None:
    node = source(name)
    for maker in makers(node):
        doc = text(node) + "\n" + text(maker)
        assert parameters(maker) - entries(doc, "Args") == set()


@EACH_NAME
def test_its_methods_say_what_they_are_for_and_what_they_raise(name: str) -> None:
    node = source(name)
    if isinstance(node, ast.ClassDef):
        assert [one.name for one in functions(node) if not text(one)] == []
        for one in functions(node):
            assert {error for error in raised(one) if error not in text(one)} == set(), one.name


@EACH_NAME
def test_a_component_says_what_it_raises(name: str) -> None:
    node = source(name)
    if name.endswith("Firewall") or name == "read_deployment":
        (maker,) = makers(node)
        assert re.search(r"^Raises:\n    \w+: ", text(node) + "\n" + text(maker), re.MULTILINE)


def test_every_key_of_the_arguments_is_described() -> None:
    assert [(kind.name, key) for kind in ARGUMENTS for key in fields(kind) - described(kind)] == []

"""What somebody else wrote is made harmless in one module, by the medium that shows it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.model.errors import Finding, Place, Problem
from livekit_firewall.model.text import code, escaped, inert, printable, quoted, received, visible

from ..sources import nodes, parsed
from ..strategies import few_examples

PACKAGE = Path(__file__).parents[3] / "components" / "livekit_firewall"
HOSTILE = "\x1b]0;x\x07\u202e<b>`|@here\\\n\u200b\ud800"

EXCEPTIONS = {
    "model/text.py": "the module",
    "__init__.py": "what Python says of a name that a module has not",
    "host/standalone/mark.py": "stored as text in the state of a stack, and runs without this package",
    "host/standalone/provider.py": "the same: source text within source text",
    "host/standalone/start.py": "the same: what a hash is made of",
    "host/ruleset_file.py": "the same: source text within source text",
    "inputs/yaml_builder.py": "a key that is known",
    "inputs/yaml_refusal.py": "words of the YAML parser that are taken whole or not at all",
    "inputs/revisions.py": "whether a revision is one at all",
}


def escapes(tree: ast.Module) -> Iterator[int]:
    """Lines in which a text is escaped, or looked at for what has to be."""
    for node in nodes(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("repr", "ascii"):
            yield node.lineno
        if isinstance(node, ast.FormattedValue) and node.conversion in (ord("r"), ord("a")):
            yield node.lineno
        if isinstance(node, ast.Attribute) and node.attr in ("isprintable", "Repr", "unescape"):
            yield node.lineno
        if isinstance(node, ast.Attribute) and node.attr == "escape" and ast.unparse(node.value) != "re":
            yield node.lineno
        if isinstance(node, ast.Constant) and node.value in ("unicode_escape", "unicode-escape"):
            yield node.lineno


def test_no_other_module_escapes_by_itself():
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        lines = list(escapes(parsed(path)))
        if lines:
            found[path.relative_to(PACKAGE).as_posix()] = lines
    assert {name: lines for name, lines in found.items() if name not in EXCEPTIONS} == {}
    assert set(EXCEPTIONS) <= set(found), "an exception that none needs any more"


@pytest.mark.parametrize(
    "line", ["repr(x)", "ascii(x)", "f'{x!r}'", "x.isprintable()", "html.escape(x)", "x.encode('unicode_escape')"]
)
def test_the_search_finds_what_it_is_for(line):
    assert list(escapes(ast.parse(line)))


@few_examples
@given(st.text() | st.just(HOSTILE))
def test_nothing_that_a_terminal_acts_on_is_left(text):
    assert escaped(text).isprintable()
    assert printable(text, 20).isprintable()
    assert quoted(text).isprintable()
    assert received(text.encode("utf-8", "surrogatepass")).isascii()
    assert received(text.encode("utf-8", "surrogatepass")).isprintable()
    assert str(Problem(Place("key"), text, text, text)).isprintable()
    assert str(Finding("id", "note", Place("key"), text, text)).isprintable()
    assert visible(text, lambda _: "?").isprintable()


@few_examples
@given(st.text() | st.just(HOSTILE))
def test_nothing_that_markdown_acts_on_is_left(text):
    assert inert(text).isprintable()
    assert not set("<>`|") & set(inert(text))
    assert not inert(text).startswith("@")
    assert " @" not in inert(text)
    assert code(text)[0] == code(text)[-1] == "`"
    assert not set("<>`|") & set(code(text)[1:-1])


def test_each_in_its_way():
    assert escaped("plain é") == "plain é"
    assert escaped("a\x1bé") == r"a\x1b\xe9"
    assert printable("x" * 200, 10) == "xxxxxxx..."
    assert received(b"SSH-2.0 \xc3\xa9\\\r\n") == r"SSH-2.0 \xc3\xa9\\" + r"\r\n"
    assert quoted("it's\n") == '"it\'s\\n"'
    assert len(quoted("x" * 1000)) <= 82
    assert inert("a@b <i> @c \x1b") == r"a@b \x3ci\x3e \x40c x1b"
    assert code("") == "`-`"

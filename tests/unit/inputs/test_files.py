"""One module reads files and standard input, with limits on size and on the time of waiting."""

from __future__ import annotations

import ast
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from livekit_firewall.inputs import files, on_disk

from ..sources import nodes, parsed

PACKAGE = Path(__file__).parents[3] / "components" / "livekit_firewall"

EXCEPTIONS = {
    "inputs/files.py": "the module",
    "inputs/extras.py": "what pip wrote of this package itself",
    "host/applied.py": "a module of this package, which becomes part of a resource",
    "host/ruleset_file.py": "as host/standalone: a file that it wrote itself",
    "hosted/serve.py": "the schema of this package",
    "platforms/running.py": "the version in an installed package",
    "probe/listener/tcp.py": "os.devnull, as a descriptor to spare",
    "reports/exposure/page/template.py": "templates of this package",
    "settings/schemas/__init__.py": "tables of this package",
    "settings/schemas/charts.py": "tables of this package",
}
"""Who reads by itself, and what."""

STANDALONE = "host/standalone/"
"""Stored as text in the state of a stack, and runs without this package: reads files that only root may write."""

READERS = {"read_text", "read_bytes", "fdopen", "readlines", "read_binary"}
STREAMS = ("sys.stdin", "sys.__stdin__", "fileinput.input")
ENDS = {one.rpartition(".")[2] for one in STREAMS}  # sooner compared


def reads(tree: ast.Module, imported: frozenset[str] = frozenset()) -> Iterator[int]:
    """The lines that read a file or standard input without the functions of `inputs/files.py`."""
    for node in nodes(tree):
        if isinstance(node, ast.Attribute) and node.attr in ENDS and ast.unparse(node) in STREAMS:
            yield node.lineno
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in ({"open"} | READERS) - imported:
            yield node.lineno
        if isinstance(node.func, ast.Attribute):
            name = node.func.attr
            if name in READERS or (name == "open" and _may_read(node)):
                yield node.lineno


def _may_read(call: ast.Call) -> bool:
    """Whether a call of `open` may read a file: `path.open()`, `os.open(name, flags)`, not `socket.open(kind)`."""
    owner = ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""
    if owner == "os":
        return not any("O_WRONLY" in ast.unparse(one) for one in call.args)
    if owner in ("io", "codecs", "gzip", "click"):
        return True
    modes = [one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return not call.args or any("r" in mode or "+" in mode for mode in modes)


def imported_from_files(tree: ast.Module) -> frozenset[str]:
    return frozenset(
        alias.asname or alias.name
        for node in nodes(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").rpartition(".")[2] in ("files", "document")
        for alias in node.names
    )


def test_no_other_module_reads_a_file_or_standard_input():
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = parsed(path)
        own = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        name = path.relative_to(PACKAGE).as_posix()
        lines = list(reads(tree, imported_from_files(tree) | own))
        if lines and not name.startswith(STANDALONE):
            found[name] = lines
    assert {name: lines for name, lines in found.items() if name not in EXCEPTIONS} == {}
    assert set(EXCEPTIONS) <= set(found), "an exception that none needs any more"


@pytest.mark.parametrize(
    "line",
    [
        "open(name)", "Path(name).read_text()", "path.read_bytes()", "path.open()", "path.open('rb')",
        "sys.stdin.read()", "os.open(name, os.O_RDONLY)", "os.fdopen(3)", "io.open(name)", "read_bytes(name)",
    ],
)  # fmt: skip
def test_the_search_finds_what_it_is_for(line):
    assert list(reads(ast.parse(line)))


def test_one_command_starts_git():
    """Its settings and environment keep git from running any program that the repository names."""
    starters = [
        path.relative_to(PACKAGE).as_posix()
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in nodes(parsed(path))
        if isinstance(node, ast.Constant) and node.value == "git"
    ]
    assert starters == ["inputs/git.py"]


class TestParts:
    def test_are_the_whole(self, tmp_path):
        content = os.urandom(3_000_001)
        (tmp_path / "f").write_bytes(content)
        parts = list(files.read_parts(tmp_path / "f", len(content)))
        assert b"".join(parts) == content
        assert max(map(len, parts)) <= 1 << 20

    def test_end_with_the_limit(self, tmp_path):
        (tmp_path / "f").write_bytes(b"x" * 101)
        read = []
        with pytest.raises(files.TooLargeError, match=r"must be at most 100 bytes \(101 bytes\)"):
            read.extend(files.read_parts(tmp_path / "f", 100))

    @pytest.mark.needs("linux")
    def test_close_the_file_if_the_rest_is_not_read(self, tmp_path):
        (tmp_path / "f").write_bytes(b"x" * 3_000_000)
        before = set(Path("/proc/self/fd").iterdir())
        parts = files.read_parts(tmp_path / "f", 10_000_000)
        next(parts)
        parts.close()
        assert set(Path("/proc/self/fd").iterdir()) == before


@pytest.mark.parametrize("made", [hashlib.sha1, hashlib.sha256])
def test_the_id_of_a_large_file_is_that_of_its_whole_content(made):
    content = b"ab" * 700_000
    expected = made(b"blob %d\0" % len(content) + content).hexdigest()
    assert on_disk.object_id(content, expected) == expected
    assert on_disk.id_of([content[:5], content[5:]], len(content), expected) == expected

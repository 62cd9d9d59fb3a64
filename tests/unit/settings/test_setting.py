"""Settings are looked up by fields of their records, and later stages never look one up by a string."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct

from livekit_firewall.inputs.document import Document
from livekit_firewall.inputs.record_types import alternatives, fields_of, is_record
from livekit_firewall.settings.ingress import Egress, Ingress
from livekit_firewall.settings.server import Server
from livekit_firewall.settings.setting import Configured, Key
from livekit_firewall.settings.sip import Sip, SipTls
from livekit_firewall.settings.tree import Tree

from ..sources import nodes, parsed

PACKAGE = Path(__file__).parents[3] / "components" / "livekit_firewall"


def keys(record: type[Struct], prefix: str = "") -> Iterator[str]:
    for key, field in fields_of(record).items():
        yield prefix + key
        for kind in alternatives(field.type):
            if is_record(kind):
                yield from keys(kind, f"{prefix}{key}.")


@pytest.mark.parametrize("own", [Server(), Sip(tls=SipTls()), Ingress(), Egress()], ids=lambda own: type(own).__name__)
def test_every_field_has_the_place_of_its_key_and_the_value_that_the_service_runs_with(own: Any) -> None:
    """Also fields whose names in the record and in the file may differ in the future."""
    tree = Tree({}, Document("x.yaml", {}, {}))
    configured = Configured(own, tree)
    for key in keys(type(own)):
        found = configured.at(attrgetter(key))
        assert found.place.path == key
        assert found.own == attrgetter(key)(own)
        assert not found.is_set


def test_a_setting_has_the_given_value_and_the_effective_one() -> None:
    tree = Tree({"rtc": {"tcp_port": "7000"}, "keys": {"a": "b"}}, renamed={"rtc": ""})
    configured = Configured(Server(), tree)
    port = configured.at(lambda own: own.rtc.tcp_port)
    assert (port.given, port.own, port.name, port.is_set) == ("7000", 7881, "tcp_port", True)
    assert configured.other(Key("keys")).given == {"a": "b"}


def test_a_setting_in_an_absent_section() -> None:
    found = Configured(Sip(), Tree({}, prefix="sip.")).at(lambda own: own.tls and own.tls.port)
    assert (found.own, found.name) == (None, "sip.tls.port")


def name(node: ast.expr) -> str:
    """What stands behind its last dot."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def lookups(tree: ast.Module) -> Iterator[int]:
    """The lines that look a setting up by a string: `….tree["rtc.tcp_port"]`, or a new `Key`."""
    for node in nodes(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and "." in str(node.slice.value):
            yield node.lineno
        if isinstance(node, ast.Subscript) and name(node.value) == "tree":
            yield node.lineno
        if isinstance(node, ast.Call) and name(node.func) == "Key":
            yield node.lineno
        if isinstance(node, ast.Attribute) and node.attr == "place" and name(node.value).endswith("tree"):
            yield node.lineno


def test_no_stage_after_the_settings_looks_one_up_by_a_text() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix(): list(lookups(parsed(path)))
        for folder in ("deployment", "platforms", "host", "reports", "probe", "cli")
        for path in (PACKAGE / folder).rglob("*.py")
    }
    assert {file: lines for file, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "line", ["tree['a.b']", "configured.tree[f'a.{b}']", "Key('a')", "one.tree.place('a')", "of['a.b']"]
)
def test_the_search_finds_lookups_by_text(line: str) -> None:
    assert list(lookups(ast.parse(line)))

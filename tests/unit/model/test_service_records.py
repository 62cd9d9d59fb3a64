"""What a service is stands in its own record: nothing else is a table of services, but what says what one does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from livekit_firewall.model.services import SERVICES, Service

from ..sources import nodes, parsed

ROOT = Path(__file__).parents[3]
PACKAGES = (ROOT / "components" / "livekit_firewall", ROOT / "policy")
NAMES = {one.name for one in Service}

EXCEPTIONS = {
    "model/services.py": "the records",
    "platforms/aws/render.py": "which two services hand a port to each other: a fact of a pair, and of AWS's aliases",
    "settings/local_services.py": "which key of plugNmeet's file names which service: a table of keys",
    "deployment/listeners.py": "which listeners of a proxied node plain HTTP reaches: a step of the derivation",
}


def named(node: ast.AST | None) -> str:
    is_one = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Service"
    return node.attr if is_one and node.attr in NAMES else ""


def tables(tree: ast.Module) -> Iterator[tuple[int, list[str]]]:
    """Displays that name two services or more, directly or one in each row."""
    for node in nodes(tree):
        if isinstance(node, ast.Dict | ast.Set | ast.Tuple | ast.List):
            given = node.keys if isinstance(node, ast.Dict) else node.elts
            rows = [one.elts if isinstance(one, ast.Tuple) else [one] for one in given if one is not None]
            if isinstance(node, ast.Dict):
                rows += [[one] for one in node.values]
            found = sorted({name for row in rows for one in row if (name := named(one))})
            if len(found) > 1:
                yield node.lineno, found


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted(package.rglob("*.py")):
            yield path.relative_to(package).as_posix(), path


def test_nothing_else_is_a_table_of_services():
    found = [
        f"{name}:{line}: {services}"
        for name, path in modules()
        if name not in EXCEPTIONS
        for line, services in tables(parsed(path))
    ]
    assert found == []


@pytest.mark.parametrize("name", EXCEPTIONS)
def test_every_exception_is_one(name):
    assert list(tables(parsed(PACKAGES[0] / name))) != []


@pytest.mark.parametrize(
    "text",
    [
        "PORTS = {Service.API: 7880, Service.SIP: 5060}",
        "MEDIA = frozenset({Service.SIP, Service.RTMP})",
        "if service in (Service.API, Service.WHIP): pass",
        "KNOWN = [(22, Service.SSH), (80, Service.HTTP)]",
        'DATA = {"redis": Service.REDIS, "nats": Service.NATS}',
        "ANSWERS = {(Service.SIP, 1): 2, (Service.API, 3): 4}",
    ],
)
def test_is_found(text):
    assert list(tables(ast.parse(text))) != []


def test_every_service_has_a_record_and_none_shares_its_label_or_its_band():
    assert set(SERVICES) == set(Service)
    assert len({one.label for one in Service}) == len({one.record.band for one in Service}) == len(Service)


@pytest.mark.parametrize("service", Service)
def test_a_record_does_not_contradict_itself(service):
    record = service.record
    assert not (record.is_internal and record.is_media) or service is Service.TURN_RELAY
    assert not record.is_data or record.is_internal
    assert not record.closed_port or record.is_internal
    assert record.band % 100 == 0

"""The programs of examples/fleet, as modules."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "fleet"
MODULES = ("elsewhere", "fleet", "journal", "program.firewall", "program", "table", "updates")


def loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Any]:
    """The module `fleet`, whose files are written below a folder of the test's."""
    monkeypatch.syspath_prepend(str(EXAMPLE))
    module = import_module("fleet")
    for name in ("table", "elsewhere"):
        monkeypatch.setattr(sys.modules[name], "PROJECT", tmp_path / "program")
    yield module
    for name in MODULES:
        sys.modules.pop(name, None)


def table(example: Any) -> Any:
    return example.read(EXAMPLE / "fleet.yaml")

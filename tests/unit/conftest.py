"""Fixtures of the unit tier."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .engine_mocks import engine, preview_engine

__all__ = ["engine", "golden", "preview_engine"]

GOLDEN = Path(__file__).with_name("golden")


@pytest.fixture
def golden() -> Callable[[str, str, Any], None]:
    """`golden(platform, scenario, value)`: the value, as JSON, is what `golden/PLATFORM/SCENARIO.json` holds.

    A text is compared as it is, with the file `SCENARIO.txt`. On a mismatch the value is written beside
    it as `.actual`, to be looked at and, if it is right, moved over the file.
    """

    def compare(platform: str, scenario: str, value: Any) -> None:
        is_text = isinstance(value, str)
        text = value if is_text else json.dumps(value, indent=2, ensure_ascii=False) + "\n"
        reference = GOLDEN / platform / f"{scenario}.{'txt' if is_text else 'json'}"
        actual = reference.with_name(reference.name + ".actual")
        if reference.exists() and reference.read_text(encoding="utf-8") == text:
            actual.unlink(missing_ok=True)
            return
        actual.parent.mkdir(parents=True, exist_ok=True)
        actual.write_text(text, encoding="utf-8")
        # Compared as lines: pytest then shows which ones differ.
        expected = reference.read_text(encoding="utf-8") if reference.exists() else ""
        assert text.splitlines() == expected.splitlines(), f"see {actual.name} beside {reference}"

    return compare
